//! What is signed around a message between nodes: a nonce, the receiver, the hash of the body, and in an answer also the
//! hash of what it answers.

use oplog::id::hash;
use oplog::{PublicKey, Signature};

use crate::{Node, Result};

impl Node {
    /// Signs a request: our node key, over the nonce that the receiver gave, the receiver, and the body.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_request(&self, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&request_message(nonce, to, &body_hash(body))))
    }

    /// Signs an answer to a request of `to`, whose body has the hash `asked`.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_answer(
        &self,
        nonce: &[u8; 32],
        to: PublicKey,
        asked: &[u8; 32],
        body: &[u8],
    ) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&answer_message(nonce, to, asked, &body_hash(body))))
    }

    /// A nonce for a peer to sign.
    pub fn nonce(&mut self) -> [u8; 32] {
        self.entropy.bytes()
    }
}

fn request_message(nonce: &[u8; 32], to: PublicKey, body: &[u8; 32]) -> Vec<u8> {
    [b"peygir/request/0".as_slice(), nonce, &to.to_wire(), body].concat()
}

fn answer_message(nonce: &[u8; 32], to: PublicKey, asked: &[u8; 32], body: &[u8; 32]) -> Vec<u8> {
    [b"peygir/answer/0".as_slice(), nonce, &to.to_wire(), asked, body].concat()
}

/// The hash by which a body is signed for.
#[must_use]
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    hash("", &[body])
}

/// Whether `from` signed a request to `to`, whose body has the hash `body`.
#[must_use]
pub fn request_holds(
    from: PublicKey,
    nonce: &[u8; 32],
    to: PublicKey,
    body: &[u8; 32],
    signature: &Signature,
) -> bool {
    from.verifies(&request_message(nonce, to, body), signature)
}

/// Whether `from` signed `body` as the answer to a request of `to`, whose body has the hash `asked`.
#[must_use]
pub fn answer_holds(
    from: PublicKey,
    nonce: &[u8; 32],
    to: PublicKey,
    asked: &[u8; 32],
    body: &[u8],
    signature: &Signature,
) -> bool {
    from.verifies(&answer_message(nonce, to, asked, &body_hash(body)), signature)
}

#[cfg(test)]
mod tests {
    use oplog::Secret;

    use super::*;

    #[test]
    fn an_answer_holds_for_the_request_it_answers_and_for_no_other() {
        let [us, them] = [1, 2].map(|seed| Secret::from_seed(&[seed; 32]));
        let (nonce, asked, body) = ([7; 32], body_hash(b"what do you hold?"), b"this".as_slice());
        let signature = them.sign(&answer_message(&nonce, us.public(), &asked, &body_hash(body)));
        let holds = |nonce: &[u8; 32], asked: &[u8], body: &[u8]| {
            answer_holds(them.public(), nonce, us.public(), &body_hash(asked), body, &signature)
        };
        assert!(holds(&nonce, b"what do you hold?", body));
        assert!(!holds(&nonce, b"what do you want?", body), "swapped from another request");
        assert!(!holds(&[8; 32], b"what do you hold?", body), "an old one again");
        assert!(!holds(&nonce, b"what do you hold?", b"that"), "another body");
        let not_ours = answer_holds(them.public(), &nonce, them.public(), &asked, body, &signature);
        assert!(!not_ours, "an answer to somebody else");
    }
}

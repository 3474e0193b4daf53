//! What is signed around a message between nodes: a nonce, the receiver, and the hash of the body.

use oplog::id::hash;
use oplog::{PublicKey, Signature};

use crate::{Node, Result};

impl Node {
    /// Signs a request: our node key, over the nonce that the receiver gave, the receiver, and the body.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_request(&self, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&request_message("peygir/request/0", nonce, to, &body_hash(body))))
    }

    /// Signs an answer to a request of `to`.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_answer(&self, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&request_message("peygir/answer/0", nonce, to, &body_hash(body))))
    }

    /// A nonce for a peer to sign.
    pub fn nonce(&mut self) -> [u8; 32] {
        self.entropy.bytes()
    }
}

fn request_message(domain: &str, nonce: &[u8; 32], to: PublicKey, body: &[u8; 32]) -> Vec<u8> {
    [domain.as_bytes(), nonce, &to.to_wire(), body].concat()
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
    from.verifies(&request_message("peygir/request/0", nonce, to, body), signature)
}

/// Whether `from` signed an answer to a request of `to`.
#[must_use]
pub fn answer_holds(
    from: PublicKey,
    nonce: &[u8; 32],
    to: PublicKey,
    body: &[u8],
    signature: &Signature,
) -> bool {
    from.verifies(&request_message("peygir/answer/0", nonce, to, &body_hash(body)), signature)
}

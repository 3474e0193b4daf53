//! The proof that one key signed two entries for one place: portable, about a kilobyte, checked by anyone.

use crate::bytes::Blob;
use crate::entry::{BadEntry, Entry, Unverified};
use crate::id::EntryId;
use crate::key::PublicKey;

/// Two different entries of one key with the same space and sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkProof {
    /// The public key that signed both.
    pub key: PublicKey,
    /// The entry with the smaller id, as sent.
    pub one: Blob,
    /// The other entry, as sent.
    pub two: Blob,
}

crate::wire_struct!(ForkProof { key, one, two });

impl ForkProof {
    /// The proof that `a` and `b` make, in its one order; `None` when they are no fork.
    #[must_use]
    pub fn of(key: PublicKey, a: &Entry, b: &Entry) -> Option<Self> {
        let (one, two) = if a.id() < b.id() { (a, b) } else { (b, a) };
        let proof = Self { key, one: Blob(one.raw().to_vec()), two: Blob(two.raw().to_vec()) };
        proof.check().ok().map(|_| proof)
    }

    /// Checks everything the proof claims and names its two entries.
    ///
    /// # Errors
    /// An entry that does not decode or verify, or two that do not contradict one another.
    pub fn check(&self) -> Result<[EntryId; 2], BadEntry> {
        let key = self.key.prepare().ok_or(BadEntry::Signature)?;
        let open = |raw: &Blob| Unverified::decode(&raw.0)?.verify(self.key.id(), &key);
        let (one, two) = (open(&self.one)?, open(&self.two)?);
        // Every genesis names the space of zeros, and founds another: two of one key are no fork.
        let same_place = one.space() == two.space() && one.header().seq == two.header().seq;
        if !same_place || one.id() >= two.id() {
            return Err(BadEntry::Field("two entries that do not contradict one another"));
        }
        Ok([one.id(), two.id()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Draft, Header};
    use crate::id::SpaceId;
    use crate::key::Secret;

    #[test]
    fn one_key_may_found_two_spaces_and_not_sign_twice_for_one_place() {
        let secret = Secret::from_seed(&[1; 32]);
        let sign = |space, time_ms| {
            let key = secret.public().id();
            let (deps, effect) = (Vec::new(), vec![0x80]);
            let header =
                Header { space, key, seq: 0, prev: None, deps, time_ms, kind: 1, effect, content: None };
            Draft::new(header).unwrap().sign(&secret)
        };
        let proof = |space| ForkProof::of(secret.public(), &sign(space, 1), &sign(space, 2));
        assert!(proof(SpaceId([7; 32])).is_some());
        assert_eq!(proof(SpaceId::ZERO), None);
    }
}

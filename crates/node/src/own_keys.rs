//! The keys of our own party: a new one, one that is taken back, a new guardian.

use agreement::Operation;
use agreement::operation::{Enrol, Revoke};
use oplog::id::hash;
use oplog::{EntryId, Grant, IdentityLog, KeyId, RecoverySet, Revision, Secret, SpaceId, to_bytes};

use crate::membership::{own_key_name, regressed_name};
use crate::submit::{Act, Receipt};
use crate::{Node, NodeError, Result};

impl Node {
    /// Makes and enrols a new binding key in a space, by our guardian. This is how a restored or copied folder signs
    /// again; the old key falls silent for whoever sees the enrolment.
    ///
    /// # Errors
    /// The guardian is not in the key folder, or the database fails.
    pub fn enrol(&mut self, space: SpaceId) -> Result<Receipt> {
        self.enrol_once(space, None)
    }

    /// As [`Node::enrol`]; the same request id gives the same receipt.
    ///
    /// # Errors
    /// As [`Node::enrol`], and when the request id was used for something else.
    pub fn enrol_once(&mut self, space: SpaceId, request: Option<&str>) -> Result<Receipt> {
        let body = hash("peygir/request-enrol/0", &[&space.0]);
        if let Some(receipt) = self.repeated(request, &body)? {
            // Whoever repeats it wants to sign: a crash may have come before the mark, and then it takes another key.
            return self.may_sign(space).map(|_| receipt);
        }
        // After the commit a full disk would leave a new key without a mark.
        self.mark.probe()?;
        let seat = self.seat(space)?;
        let key = self.keys.create_binding(&mut self.entropy)?;
        let introduction = self.introduction(space, seat, key)?;
        let operation = Operation::Enrol(Enrol { introduction });
        let receipt = self.transact(|node| {
            let receipt = node.sign(space, key, &operation, None)?;
            node.store.set_meta(&own_key_name(space), &key.0)?;
            node.store.set_meta(&regressed_name(space), &[0])?;
            node.note_request(request, &body, receipt.entry)?;
            Ok(receipt)
        })?;
        self.mark.adopt(true)?;
        self.raise_mark(space)?;
        Ok(receipt)
    }

    /// Takes one of our keys back behind `cut`, by our guardian.
    ///
    /// # Errors
    /// The rules refuse, or the database fails.
    pub fn revoke(&mut self, space: SpaceId, key: KeyId, cut: Option<u64>) -> Result<Receipt> {
        self.revoke_once(space, key, cut, None)
    }

    /// As [`Node::revoke`]; the same request id and key and cut give the same receipt.
    ///
    /// # Errors
    /// As [`Node::revoke`], and when the request id was used for something else.
    pub fn revoke_once(
        &mut self,
        space: SpaceId,
        key: KeyId,
        cut: Option<u64>,
        request: Option<String>,
    ) -> Result<Receipt> {
        let seat = self.seat(space)?;
        let grant = Grant::Revoke { space, key, cut };
        let signatures = grant.sign(&self.identity, &[self.keys.guardian()?]);
        let identity = self.identity.clone();
        let operation = Operation::Revoke(Revoke { seat, identity, key, cut, signatures });
        self.submit(Act { space, operation, content: None, request })
    }

    /// Writes a new revision of our identity log with a fresh guardian: by the guardian that is here, or by the recovery
    /// secret. Other parties learn of it with the next key we enrol.
    ///
    /// # Errors
    /// The secret is not the one the log names, or a file cannot be written.
    pub fn renew_guardian(&mut self, recovery: Option<&Secret>) -> Result<zeroize::Zeroizing<[u8; 32]>> {
        let set = |secret: &Secret| RecoverySet { keys: [secret.public()].into(), threshold: 1 };
        let (guardian, next) =
            (Secret::from_seed(&self.entropy.bytes()), Secret::from_seed(&self.entropy.bytes()));
        let newest = self.identity.newest();
        let revision = Revision {
            number: newest.number + 1,
            prev: Some(EntryId(newest.hash())),
            guardians: set(&guardian),
            next: Some(EntryId(set(&next).hash())),
        };
        let signed = match recovery {
            Some(secret) => revision.sign(&[secret], Some(set(secret))),
            None => revision.sign(&[self.keys.guardian()?], None),
        };
        let longer: IdentityLog =
            self.identity.extended(signed).map_err(|why| NodeError::Keys(why.to_string()))?;
        self.keys.set_guardian(guardian, &mut self.entropy)?;
        self.transact(|node| Ok(node.store.set_meta(crate::META_IDENTITY, &to_bytes(&longer))?))?;
        self.identity = longer;
        Ok(next.seed())
    }
}

//! `revoke` takes a binding key back behind a cut, by the guardians' grant.

use oplog::{Grant, IdentityLog, KeyId, PartyId, PublicKey, Signature, wire_struct};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::Space;
use crate::standing::By;

/// A key of the seat counts no more behind `cut`. Of several cuts the smallest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoke {
    /// The seat.
    pub seat: PartyId,
    /// The identity log whose guardians signed.
    pub identity: IdentityLog,
    /// The key.
    pub key: KeyId,
    /// The last place that counts; `None`: none does.
    pub cut: Option<u64>,
    /// Guardians' signatures.
    pub signatures: Vec<(PublicKey, Signature)>,
}

wire_struct!(Revoke { seat, identity, key, cut, signatures });

impl Revoke {
    pub(crate) fn decide(&self, space: &Space, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        space.check_identity(self.seat, &self.identity)?;
        let grant = Grant::Revoke { space: space.id, key: self.key, cut: self.cut };
        self.identity
            .granted(&grant, &self.signatures)
            .map_err(|_| Refusal::Identity("the guardians' signatures on the revocation"))?;
        if by.party != self.seat || space.keys.get(&self.key).is_none_or(|key| key.seat != self.seat) {
            return Err(Refusal::Space("a party revokes keys of its own"));
        }
        Ok(vec![Change::KeyRevoked(self.key, by.entry, self.cut)])
    }
}

//! Who a party is: a linear, self-certifying log of guardians, and what guardians grant.
//!
//! Guardians are keys kept away from daily work. They name a party's binding keys and take them back. A revision
//! is signed by a threshold of the guardians before it, or by the recovery set whose hash the revision before it
//! named. A threshold is over half, so two rival revisions expose a common double signer.

use std::collections::BTreeSet;

use crate::bytes::{BadBytes, Blob, Wire, from_bytes, to_bytes};
use crate::id::{EntryId, KeyId, PartyId, SpaceId, hash};
use crate::key::{PublicKey, Secret, Signature};
use crate::remembered;

/// The most guardians of one party.
pub const GUARDIANS_MAX: usize = 16;
/// The most revisions of one identity log.
pub const REVISIONS_MAX: usize = 32;

const REVISION_DOMAIN: &str = "peygir/revision/0";
const RECOVERY_DOMAIN: &str = "peygir/recovery/0";
const GRANT_DOMAIN: &str = "peygir/grant/0";

/// Why an identity log or a grant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadIdentity {
    /// Bytes that do not decode.
    Bytes(BadBytes),
    /// A rule is broken; says which.
    Rule(&'static str),
}

impl From<BadBytes> for BadIdentity {
    fn from(why: BadBytes) -> Self {
        Self::Bytes(why)
    }
}

impl std::fmt::Display for BadIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(why) => write!(f, "identity: {why}"),
            Self::Rule(rule) => write!(f, "identity: {rule}"),
        }
    }
}

impl std::error::Error for BadIdentity {}

/// A set of keys and how many of them must sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoverySet {
    /// The keys.
    pub keys: BTreeSet<PublicKey>,
    /// How many must sign: over half, at most all.
    pub threshold: u64,
}

crate::wire_struct!(RecoverySet { keys, threshold });

impl RecoverySet {
    /// The hash under which a revision names it without showing it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(RECOVERY_DOMAIN, &[&to_bytes(self)])
    }

    fn check(&self) -> Result<(), BadIdentity> {
        let keys = self.keys.len();
        let threshold = usize::try_from(self.threshold).unwrap_or(usize::MAX);
        if keys == 0 || keys > GUARDIANS_MAX {
            return Err(BadIdentity::Rule("between 1 and 16 keys"));
        }
        if threshold * 2 <= keys || threshold > keys {
            return Err(BadIdentity::Rule("the threshold must be over half of the keys and at most all"));
        }
        Ok(())
    }

    fn signed(&self, message: &[u8], signatures: &[(PublicKey, Signature)]) -> Result<(), BadIdentity> {
        let signers: BTreeSet<_> = signatures
            .iter()
            .filter(|(key, signature)| {
                self.keys.contains(key) && remembered::verifies(key, message, signature)
            })
            .map(|(key, _)| *key)
            .collect();
        if signers.len() as u64 >= self.threshold {
            Ok(())
        } else {
            Err(BadIdentity::Rule("fewer signatures of guardians than the threshold"))
        }
    }
}

/// One state of a party's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number, from 0.
    pub number: u64,
    /// The hash of the revision before; `None` at 0.
    pub prev: Option<EntryId>,
    /// The guardians from here on.
    pub guardians: RecoverySet,
    /// The hash of the recovery set that may write the next revision without them.
    pub next: Option<EntryId>,
}

crate::wire_struct!(Revision { number, prev, guardians, next });

impl Revision {
    /// The hash by which the next revision names this one. Of revision 0 it is the party's id.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(REVISION_DOMAIN, &[&to_bytes(self)])
    }

    fn message(&self) -> Vec<u8> {
        [REVISION_DOMAIN.as_bytes(), &to_bytes(self)].concat()
    }

    /// Signs with `secrets`; if `recovery` is given, they are its keys.
    #[must_use]
    pub fn sign(self, secrets: &[&Secret], recovery: Option<RecoverySet>) -> SignedRevision {
        let message = self.message();
        SignedRevision { recovery, signatures: sign_all(&message, secrets), revision: self }
    }
}

fn sign_all(message: &[u8], secrets: &[&Secret]) -> Vec<(PublicKey, Signature)> {
    let mut signatures: Vec<_> =
        secrets.iter().map(|secret| (secret.public(), secret.sign(message))).collect();
    signatures.sort_by_key(|(key, _)| *key);
    signatures
}

/// A revision with the signatures that make it count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRevision {
    /// What it says.
    pub revision: Revision,
    /// The recovery set, shown when it and not the guardians signed.
    pub recovery: Option<RecoverySet>,
    /// Signatures, by key.
    pub signatures: Vec<(PublicKey, Signature)>,
}

crate::wire_struct!(SignedRevision { revision, recovery, signatures });

/// A whole, checked identity log. Reading one from bytes checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityLog(Vec<SignedRevision>);

impl IdentityLog {
    /// Checks revisions from 0 on: numbers, links, thresholds and signatures.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn new(revisions: Vec<SignedRevision>) -> Result<Self, BadIdentity> {
        if revisions.is_empty() || revisions.len() > REVISIONS_MAX {
            return Err(BadIdentity::Rule("between 1 and 32 revisions"));
        }
        let mut before: Option<&Revision> = None;
        for (number, signed) in revisions.iter().enumerate() {
            let revision = &signed.revision;
            revision.guardians.check()?;
            let links = revision.number == number as u64
                && revision.prev == before.map(|before| EntryId(before.hash()));
            if !links {
                return Err(BadIdentity::Rule("a revision must name the one before it"));
            }
            let message = revision.message();
            match (&signed.recovery, before) {
                (Some(set), Some(before)) => {
                    set.check()?;
                    if before.next != Some(EntryId(set.hash())) {
                        return Err(BadIdentity::Rule(
                            "a recovery set that the revision before did not name",
                        ));
                    }
                    set.signed(&message, &signed.signatures)?;
                }
                (None, Some(before)) => before.guardians.signed(&message, &signed.signatures)?,
                (None, None) => revision.guardians.signed(&message, &signed.signatures)?,
                (Some(_), None) => return Err(BadIdentity::Rule("revision 0 has no recovery")),
            }
            before = Some(revision);
        }
        Ok(Self(revisions))
    }

    /// The log of `bytes`.
    ///
    /// # Errors
    /// Bytes that do not decode, or a log that does not hold.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadIdentity> {
        Self::new(from_bytes(bytes)?)
    }

    /// The party.
    #[must_use]
    pub fn party(&self) -> PartyId {
        PartyId(self.0[0].revision.hash())
    }

    /// The newest revision.
    ///
    /// # Panics
    /// Never: a log holds at least one revision.
    #[must_use]
    pub fn newest(&self) -> &Revision {
        &self.0.last().expect("a log holds at least one revision").revision
    }

    /// The revisions, from 0.
    #[must_use]
    pub fn revisions(&self) -> &[SignedRevision] {
        &self.0
    }

    /// The hashes of all revisions, from 0.
    #[must_use]
    pub fn hashes(&self) -> Vec<EntryId> {
        self.0.iter().map(|signed| EntryId(signed.revision.hash())).collect()
    }

    /// This log with one more revision.
    ///
    /// # Errors
    /// The revision does not follow.
    pub fn extended(&self, revision: SignedRevision) -> Result<Self, BadIdentity> {
        Self::new(self.0.iter().cloned().chain([revision]).collect())
    }

    /// Checks a grant against the newest revision's guardians.
    ///
    /// # Errors
    /// Too few of them signed it.
    pub fn granted(&self, grant: &Grant, signatures: &[(PublicKey, Signature)]) -> Result<(), BadIdentity> {
        self.newest().guardians.signed(&grant.message(self), signatures)
    }
}

impl Wire for IdentityLog {
    fn write(&self, to: &mut crate::Writer) {
        to.put(&self.0);
    }
    fn read(from: &mut crate::Reader<'_>) -> Result<Self, BadBytes> {
        Self::new(from.get()?).map_err(|why| match why {
            BadIdentity::Bytes(why) => why,
            BadIdentity::Rule(rule) => BadBytes::Malformed(rule),
        })
    }
}

/// What guardians sign besides revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// `key` signs for `seat` in `space` (zeros: in the space that it founds); `node` signs its requests.
    Bind {
        /// The space, zeros for a founder's key.
        space: SpaceId,
        /// The seat that it takes or speaks for: the party's own, or that of a party which it succeeds.
        seat: PartyId,
        /// The new binding key.
        key: PublicKey,
        /// The node's key.
        node: PublicKey,
    },
    /// `key` signs no more in `space` beyond `cut`, the last sequence number that counts (`None`: none does).
    Revoke {
        /// The space.
        space: SpaceId,
        /// The key that is taken back.
        key: KeyId,
        /// The last place that counts.
        cut: Option<u64>,
    },
}

impl Grant {
    /// The signed bytes: the domain, the newest revision's hash, and the grant.
    fn message(&self, log: &IdentityLog) -> Vec<u8> {
        let revision = Blob(log.newest().hash().to_vec());
        let body = match self {
            Self::Bind { space, seat, key, node } => {
                to_bytes(&((1_u64, revision), ((*space, *seat), (*key, *node))))
            }
            Self::Revoke { space, key, cut } => to_bytes(&((2_u64, revision), (*space, (*key, *cut)))),
        };
        [GRANT_DOMAIN.as_bytes(), &body].concat()
    }

    /// Whether one of `signatures` is `key`'s own.
    #[must_use]
    pub fn signed_by(
        &self,
        log: &IdentityLog,
        key: PublicKey,
        signatures: &[(PublicKey, Signature)],
    ) -> bool {
        let message = self.message(log);
        signatures
            .iter()
            .any(|(signer, signature)| *signer == key && remembered::verifies(&key, &message, signature))
    }

    /// Signs with guardians' secrets and, for a new key, its own.
    #[must_use]
    pub fn sign(&self, log: &IdentityLog, secrets: &[&Secret]) -> Vec<(PublicKey, Signature)> {
        sign_all(&self.message(log), secrets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(seed: u8) -> Secret {
        Secret::from_seed(&[seed; 32])
    }

    fn set(seeds: &[u8], threshold: u64) -> RecoverySet {
        RecoverySet { keys: seeds.iter().map(|seed| secret(*seed).public()).collect(), threshold }
    }

    fn first(seeds: &[u8], threshold: u64, next: Option<&RecoverySet>) -> Revision {
        let next = next.map(|next| EntryId(next.hash()));
        Revision { number: 0, prev: None, guardians: set(seeds, threshold), next }
    }

    fn sign(revision: Revision, seeds: &[u8], recovery: Option<RecoverySet>) -> SignedRevision {
        let secrets: Vec<_> = seeds.iter().map(|seed| secret(*seed)).collect();
        revision.sign(&secrets.iter().collect::<Vec<_>>(), recovery)
    }

    #[test]
    fn a_threshold_of_guardians_writes_the_next_revision() {
        let log = IdentityLog::new(vec![sign(first(&[1, 2, 3], 2, None), &[1, 3], None)]).unwrap();
        let prev = Some(EntryId(log.newest().hash()));
        let second = Revision { number: 1, prev, guardians: set(&[4], 1), next: None };
        assert!(log.extended(sign(second.clone(), &[1], None)).is_err());
        assert!(log.extended(sign(second.clone(), &[1, 4], None)).is_err());
        let longer = log.extended(sign(second, &[2, 3], None)).unwrap();
        assert_eq!(longer.party(), log.party());
        assert!(longer.hashes().starts_with(&log.hashes()));
    }

    #[test]
    fn half_is_no_threshold() {
        let refused = IdentityLog::new(vec![sign(first(&[1, 2], 1, None), &[1, 2], None)]);
        assert!(matches!(refused, Err(BadIdentity::Rule(_))));
    }

    #[test]
    fn the_named_recovery_set_and_no_other_takes_over() {
        let (right, wrong) = (set(&[8], 1), set(&[9], 1));
        let log = IdentityLog::new(vec![sign(first(&[1], 1, Some(&right)), &[1], None)]).unwrap();
        let prev = Some(EntryId(log.newest().hash()));
        let second = Revision { number: 1, prev, guardians: set(&[4], 1), next: None };
        assert!(log.extended(sign(second.clone(), &[9], Some(wrong))).is_err());
        assert!(log.extended(sign(second, &[8], Some(right))).is_ok());
    }

    #[test]
    fn a_grant_holds_for_its_words_and_its_revision_alone() {
        let log = IdentityLog::new(vec![sign(first(&[1], 1, None), &[1], None)]).unwrap();
        let bind =
            |space, seat| Grant::Bind { space, seat, key: secret(6).public(), node: secret(7).public() };
        let (here, elsewhere) = (SpaceId([5; 32]), SpaceId([4; 32]));
        let grant = bind(here, log.party());
        let signatures = grant.sign(&log, &[&secret(1)]);
        assert!(log.granted(&grant, &signatures).is_ok());
        assert!(log.granted(&bind(elsewhere, log.party()), &signatures).is_err());
        assert!(log.granted(&bind(here, PartyId([9; 32])), &signatures).is_err());
        let prev = Some(EntryId(log.newest().hash()));
        let second = Revision { number: 1, prev, guardians: set(&[1], 1), next: None };
        let longer = log.extended(sign(second, &[1], None)).unwrap();
        assert!(longer.granted(&grant, &signatures).is_err());
    }
}

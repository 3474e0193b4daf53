//! A party whose keys sign whatever a schedule wants: it has no node, so no rule holds its hand.

use std::collections::{BTreeMap, BTreeSet};

use agreement::{Content, Introduction, Operation};
use node::Invitation;
use oplog::sync::{Frame, Head, Heads, Item, Join};
use oplog::{
    Draft, Entry, EntryId, Grant, Header, IdentityLog, KeyId, PartyId, PublicKey, RecoverySet, Revision,
    Secret, SpaceId, Unverified, bytes::Blob, to_bytes,
};

use crate::chance::Chance;
use crate::fault::{Fault, Step};

/// One branch of a chain: what its next entry follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tip {
    pub(crate) key: usize,
    pub(crate) seq: u64,
    pub(crate) prev: Option<EntryId>,
}

/// A hostile party.
pub(crate) struct Puppet {
    guardian: Secret,
    node: Secret,
    identity: IdentityLog,
    keys: Vec<Secret>,
    /// Branches that it goes on with; more than one of a key is a fork.
    pub(crate) tips: Vec<Tip>,
    /// Ends of the others' chains, as far as it has heard: key, then place and entry.
    heard: BTreeMap<KeyId, (u64, EntryId)>,
    /// The first entries that it heard of: what an entry names that pretends to be old.
    pub(crate) old: Vec<EntryId>,
    /// Signed and not shown to anyone yet.
    pub(crate) withheld: Vec<Item>,
    /// Its own offers, to be withdrawn.
    pub(crate) offers: BTreeSet<EntryId>,
}

impl Puppet {
    pub(crate) fn new(chance: &mut Chance) -> Step<Self> {
        let mut secret = || Secret::from_seed(&chance.bytes());
        let (guardian, node, binding) = (secret(), secret(), secret());
        let guardians = RecoverySet { keys: [guardian.public()].into(), threshold: 1 };
        let revision = Revision { number: 0, prev: None, guardians, next: None };
        let identity = IdentityLog::new(vec![revision.sign(&[&guardian], None)])?;
        Ok(Self {
            guardian,
            node,
            identity,
            keys: vec![binding],
            tips: vec![Tip { key: 0, seq: 0, prev: None }],
            heard: BTreeMap::new(),
            old: Vec::new(),
            withheld: Vec::new(),
            offers: BTreeSet::new(),
        })
    }

    pub(crate) fn party(&self) -> PartyId {
        self.identity.party()
    }

    pub(crate) fn node_key(&self) -> PublicKey {
        self.node.public()
    }

    pub(crate) fn key(&self, at: usize) -> KeyId {
        self.keys[at].public().id()
    }

    /// The grant of a key for the space, as its guardian signs it.
    pub(crate) fn introduction(&self, space: SpaceId, seat: PartyId, key: usize) -> Introduction {
        let (guardians, node) = ([&self.guardian], self.node.public());
        Introduction::sign(space, seat, &self.identity, &guardians, &self.keys[key], node)
    }

    /// Signatures of its guardian that take a key back.
    pub(crate) fn revocation(
        &self,
        space: SpaceId,
        key: KeyId,
        cut: Option<u64>,
    ) -> agreement::operation::Revoke {
        let signatures = Grant::Revoke { space, key, cut }.sign(&self.identity, &[&self.guardian]);
        let (seat, identity) = (self.party(), self.identity.clone());
        agreement::operation::Revoke { seat, identity, key, cut, signatures }
    }

    pub(crate) fn join(&self, invitation: &Invitation) -> Join {
        let introduction = self.introduction(invitation.space, self.party(), 0);
        Join {
            space: invitation.space,
            secret: Blob(invitation.secret.clone()),
            introduction: Blob(to_bytes(&introduction)),
            name: "Hostile".to_owned(),
            url: String::new(),
        }
    }

    /// Makes one more binding key and gives its number.
    pub(crate) fn new_key(&mut self, chance: &mut Chance) -> usize {
        self.keys.push(Secret::from_seed(&chance.bytes()));
        self.keys.len() - 1
    }

    /// What it asks a node for: all that it has not heard of.
    pub(crate) fn question(&self, space: SpaceId) -> Vec<Frame> {
        let heads = self
            .heard
            .iter()
            .map(|(key, (seq, id))| Head { key: Head::hint(*key), seq: *seq, id: *id })
            .collect();
        vec![Frame::Hello(self.node_key()), Frame::Heads(Heads { space, heads, between: None })]
    }

    /// Takes note of what a node answered.
    pub(crate) fn hear(&mut self, frames: &[Frame]) -> Step {
        for frame in frames {
            let Frame::Entries(entries) = frame else { continue };
            for item in &entries.items {
                let entry = Unverified::decode(&item.raw.0)?;
                let (key, seq, id) = (entry.header().key, entry.header().seq, entry.id());
                if self.keys.iter().any(|own| own.public().id() == key) {
                    continue;
                }
                let place = self.heard.entry(key).or_insert((seq, id));
                if seq > place.0 {
                    *place = (seq, id);
                }
                if self.old.len() < 4 {
                    self.old.push(id);
                }
            }
        }
        Ok(())
    }

    /// The ends of all chains that it has heard of.
    pub(crate) fn heads(&self) -> Vec<EntryId> {
        let mut heads: Vec<_> = self.heard.values().map(|(_, id)| *id).collect();
        heads.truncate(oplog::entry::DEPS_MAX);
        heads.sort();
        heads
    }

    /// Signs an entry after `tip`, and does not move it.
    pub(crate) fn sign(
        &self,
        space: SpaceId,
        tip: Tip,
        deps: Vec<EntryId>,
        time_ms: u64,
        (kind, effect): (u64, Vec<u8>),
        content: Option<&[u8]>,
    ) -> Step<Entry> {
        let secret = self.keys.get(tip.key).ok_or_else(|| Fault("a key that a puppet has".to_owned()))?;
        let header = Header {
            space,
            key: secret.public().id(),
            seq: tip.seq,
            prev: tip.prev,
            deps,
            time_ms,
            kind,
            effect,
            content: content.map(Content::reference),
        };
        Ok(Draft::new(header)?.sign(secret))
    }
}

/// An operation as kind and effect.
pub(crate) fn spelled(operation: &Operation) -> (u64, Vec<u8>) {
    (operation.kind(), operation.effect())
}

/// An entry on its way.
pub(crate) fn item(entry: &Entry, content: Option<Vec<u8>>) -> Item {
    Item { raw: Blob(entry.raw().to_vec()), content: content.map(Blob) }
}

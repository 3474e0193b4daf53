//! A space that grows entry by entry: who signs next has seen everything.

use std::collections::{BTreeMap, BTreeSet};

use agreement::{Content, Operation};
use oplog::{Draft, Entry, EntryId, Header, SpaceId, TermsHash};

use crate::cast::Party;

/// When the first entry claims to be signed; each later one claims a minute more.
const START_MS: u64 = 1_790_000_000_000;
const STEP_MS: u64 = 60_000;

/// A binding key of a party.
pub(crate) type Signer = (Party, u8);

/// A signed entry with what it was made of.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) signer: Signer,
    pub(crate) operation: Operation,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) entry: Entry,
}

impl Made {
    /// The hash of the terms that it puts on the table.
    pub(crate) fn terms_hash(&self) -> Option<TermsHash> {
        let content = self.entry.header().content.map(|content| content.hash);
        if let Operation::Counter(counter) = &self.operation {
            return Some(counter.terms.hash(content));
        }
        if let Operation::Offer(offer) = &self.operation { Some(offer.terms.hash(content)) } else { None }
    }
}

/// All entries so far.
#[derive(Clone, Default)]
pub(crate) struct History {
    pub(crate) made: Vec<Made>,
    /// The last entry of each key, with its number.
    heads: BTreeMap<Signer, (u64, EntryId)>,
    /// What each key has named or signed.
    named: BTreeMap<Signer, BTreeSet<EntryId>>,
}

impl History {
    /// The space; zeros before the genesis.
    pub(crate) fn space(&self) -> SpaceId {
        self.made.first().map_or(SpaceId::ZERO, |made| made.entry.id().into())
    }

    /// The header of an entry that `signer` would sign now.
    pub(crate) fn header(&self, signer: Signer, kind: u64, effect: Vec<u8>) -> Header {
        let (space, own) = (self.space(), self.heads.get(&signer));
        let named = self.named.get(&signer);
        let others = self.heads.iter().filter(|(other, _)| **other != signer).map(|(_, (_, id))| *id);
        let mut deps: Vec<_> = others.filter(|id| named.is_none_or(|named| !named.contains(id))).collect();
        deps.sort();
        Header {
            space,
            key: signer.0.binding(signer.1).public().id(),
            seq: own.map_or(0, |(seq, _)| seq + 1),
            prev: own.map(|(_, id)| *id),
            deps,
            time_ms: START_MS + STEP_MS * self.made.len() as u64,
            kind,
            effect,
            content: None,
        }
    }

    /// Signs an operation without a content.
    pub(crate) fn sign(&mut self, name: &str, signer: Signer, operation: impl Into<Operation>) -> EntryId {
        self.sign_with(name, signer, operation, None)
    }

    /// Signs an operation.
    pub(crate) fn sign_with(
        &mut self,
        name: &str,
        signer: Signer,
        operation: impl Into<Operation>,
        content: Option<&Content>,
    ) -> EntryId {
        let (operation, content) = (operation.into(), content.map(Content::to_bytes));
        let mut header = self.header(signer, operation.kind(), operation.effect());
        header.content = content.as_deref().map(Content::reference);
        let named = self.named.entry(signer).or_default();
        named.extend(&header.deps);
        let entry = Draft::new(header).unwrap().sign(&signer.0.binding(signer.1));
        named.insert(entry.id());
        let id = entry.id();
        self.heads.insert(signer, (entry.header().seq, id));
        self.made.push(Made { name: name.to_owned(), signer, operation, content, entry });
        id
    }

    /// The hash of the terms that an entry put on the table.
    pub(crate) fn terms_of(&self, id: EntryId) -> TermsHash {
        let made = self.made.iter().find(|made| made.entry.id() == id).unwrap();
        made.terms_hash().unwrap()
    }

    /// The entry of a name.
    pub(crate) fn named(&self, name: &str) -> &Made {
        self.made.iter().find(|made| made.name == name).unwrap()
    }

    /// All entries as they are sent.
    pub(crate) fn raw(&self) -> Vec<&[u8]> {
        self.made.iter().map(|made| made.entry.raw()).collect()
    }
}

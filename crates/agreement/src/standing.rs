//! Who speaks, and how much their word counts.

use oplog::{ContentHash, EntryId, KeyId, PartyId};

/// How much an entry counts. Being stored and forwarded never depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As signed.
    Full,
    /// Its key was taken back or forked before it, but another party relied on it first: it binds its author.
    Relied,
    /// Not at all; says why.
    Void(&'static str),
}

/// The author of an operation that is being decided.
pub struct By<'a> {
    /// The entry.
    pub entry: EntryId,
    /// The seat for which its key signs.
    pub party: PartyId,
    /// The key.
    pub key: KeyId,
    /// How much it counts.
    pub standing: Standing,
    /// The hash of its content.
    pub content: Option<ContentHash>,
    /// Whether an entry is in its causal past, itself included.
    pub sees: &'a dyn Fn(EntryId) -> bool,
}

/// What the graph knows about an entry, from which a space tells its standing.
pub struct Authorship<'a> {
    /// The entry.
    pub entry: EntryId,
    /// The signing key.
    pub key: KeyId,
    /// The seat that the introduction in its chain's past names.
    pub seat: PartyId,
    /// Its place in the key's chain.
    pub seq: u64,
    /// Whether it is known that the author had seen its key introduced, and won the ballot that this took.
    pub admitted: bool,
    /// Whether an entry of another seat in its past had seen the key's enrolment.
    pub noticed: bool,
    /// Whether a revocation of the key cuts it off, by all revocations that are known.
    pub cut: bool,
    /// Whether it stands at or after a fork of its key.
    pub forked: bool,
    /// Whether an entry of another seat names it, without a revocation of the key (or both branches) in its past.
    pub relied: bool,
    /// Whether an entry is in its causal past.
    pub sees: &'a dyn Fn(EntryId) -> bool,
}

//! Entries that wait for what they name: bounded, and forgotten when they wait too long.

use std::collections::{BTreeMap, BTreeSet};

use oplog::{ContentHash, Entry, EntryId, Header, SpaceId, Unverified};

/// The most entries that wait.
pub(crate) const PENDING_MAX: usize = 1_000;
/// The most bytes that wait.
pub(crate) const PENDING_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long an entry waits.
pub(crate) const PENDING_MS_MAX: u64 = 3_600_000;

/// An entry on its way in, as far as it could be checked.
pub(crate) enum Form {
    /// Its bytes, which may be none of an entry.
    Raw(Vec<u8>),
    /// Taken apart: it has just arrived, or what introduces its key has not.
    Decoded(Box<Unverified>),
    /// Verified, so that waiting for what it names costs no second look at the signature.
    Verified(Box<Entry>),
}

/// An entry on its way in, with its content if that came along.
pub(crate) struct Arriving {
    pub(crate) form: Form,
    pub(crate) content: Option<Vec<u8>>,
}

/// An entry that waits for others.
pub(crate) type Early = (EntryId, Arriving);

/// What came of looking at an entry's bytes.
pub(crate) enum Checked {
    Known,
    Good(Box<Entry>),
    /// Its key is not known yet: what introduces it has not arrived.
    Early(EntryId, Box<Unverified>),
}

struct Parked {
    space: SpaceId,
    arriving: Arriving,
    since_ms: u64,
}

/// The entries that wait. They can be asked for again, so losing them loses nothing.
#[derive(Default)]
pub(crate) struct Pending {
    parked: BTreeMap<EntryId, Parked>,
    bytes: usize,
    /// By space, the content that was last asked for in vain: the next to be asked for come after it.
    asked: BTreeMap<SpaceId, ContentHash>,
    /// By space, from where on heads are told next, when not all fit into a message.
    pages: BTreeMap<SpaceId, EntryId>,
}

impl Pending {
    /// Parks an entry; whatever is over a limit is dropped, the oldest first.
    pub(crate) fn park(&mut self, id: EntryId, space: SpaceId, arriving: Arriving, now_ms: u64) {
        let parked = Parked { space, arriving, since_ms: now_ms };
        self.bytes += parked.size();
        if let Some(before) = self.parked.insert(id, parked) {
            self.bytes -= before.size();
        }
        let over = |pending: &Self| pending.parked.len() > PENDING_MAX || pending.bytes > PENDING_BYTES_MAX;
        while over(self) || self.oldest().is_some_and(|(_, since)| since + PENDING_MS_MAX < now_ms) {
            let Some((oldest, _)) = self.oldest() else { break };
            self.drop(oldest);
        }
    }

    fn oldest(&self) -> Option<(EntryId, u64)> {
        self.parked.iter().map(|(id, parked)| (*id, parked.since_ms)).min_by_key(|(_, since)| *since)
    }

    fn drop(&mut self, id: EntryId) {
        if let Some(parked) = self.parked.remove(&id) {
            self.bytes -= parked.size();
        }
    }

    /// Takes all that waits in a space, to be tried again.
    pub(crate) fn take(&mut self, space: SpaceId) -> Vec<Arriving> {
        let ids: Vec<_> =
            self.parked.iter().filter(|(_, parked)| parked.space == space).map(|(id, _)| *id).collect();
        ids.into_iter()
            .filter_map(|id| {
                let parked = self.parked.remove(&id)?;
                self.bytes -= parked.size();
                Some(parked.arriving)
            })
            .collect()
    }

    /// Notes that a peer does not hand out a content, so that others have their turn.
    pub(crate) fn pass_over(&mut self, space: SpaceId, hash: ContentHash) {
        self.asked.insert(space, hash);
    }

    /// After which content those to be asked for come.
    pub(crate) fn passed_over(&self, space: SpaceId) -> ContentHash {
        self.asked.get(&space).copied().unwrap_or(ContentHash::ZERO)
    }

    /// From where on heads are told next.
    pub(crate) fn page(&self, space: SpaceId) -> EntryId {
        self.pages.get(&space).copied().unwrap_or(EntryId([0; 32]))
    }

    /// Notes from where on heads are told next.
    pub(crate) fn turn_page(&mut self, space: SpaceId, from: EntryId) {
        self.pages.insert(space, from);
    }

    /// How many entries wait in a space.
    pub(crate) fn count(&self, space: SpaceId) -> usize {
        self.parked.values().filter(|parked| parked.space == space).count()
    }

    /// What the entries that wait in a space name.
    pub(crate) fn named(&self, space: SpaceId) -> BTreeSet<EntryId> {
        let waiting = self.parked.values().filter(|parked| parked.space == space);
        waiting.flat_map(|parked| parked.arriving.form.names()).collect()
    }

    /// Whether this entry waits.
    pub(crate) fn holds(&self, id: EntryId) -> bool {
        self.parked.contains_key(&id)
    }
}

impl Form {
    /// Bytes that have just arrived.
    pub(crate) fn of(raw: &[u8]) -> Self {
        Unverified::decode(raw)
            .map_or_else(|_| Self::Raw(raw.to_vec()), |entry| Self::Decoded(Box::new(entry)))
    }

    /// The entries that this one names.
    fn names(&self) -> Vec<EntryId> {
        let named = |header: &Header| header.prev.iter().chain(&header.deps).copied().collect();
        match self {
            Self::Verified(entry) => named(entry.header()),
            Self::Decoded(entry) => named(entry.header()),
            Self::Raw(_) => Vec::new(),
        }
    }
}

impl Parked {
    fn size(&self) -> usize {
        let Arriving { form, content } = &self.arriving;
        let raw = match form {
            Form::Raw(raw) => raw,
            Form::Decoded(entry) => entry.raw(),
            Form::Verified(entry) => entry.raw(),
        };
        raw.len() + content.as_ref().map_or(0, Vec::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_pushes_the_oldest_out_and_stays_bounded() {
        let mut pending = Pending::default();
        for number in 0..2_000_u64 {
            let id = EntryId(oplog::id::hash("test", &[&number.to_be_bytes()]));
            let arriving = Arriving { form: Form::Raw(vec![0; 100]), content: None };
            pending.park(id, SpaceId::ZERO, arriving, number);
        }
        assert_eq!(pending.parked.len(), PENDING_MAX);
        assert_eq!(pending.bytes, PENDING_MAX * 100);
        assert_eq!(pending.take(SpaceId::ZERO).len(), PENDING_MAX);
        assert_eq!(pending.bytes, 0);
    }
}

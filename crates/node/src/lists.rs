//! From an object to the rows behind lists. They follow from the object and its content alone.

use std::collections::BTreeSet;

use agreement::{Content, FieldTag, Phase, Record};
use oplog::{EntryId, ObjectId, SpaceId, Unverified};
use store::lists::{CommitmentRow, Listed, Voice};

use crate::live::Held;
use crate::{Node, Result};

/// The number of a phase in the database.
pub(crate) fn phase_no(phase: Phase) -> i64 {
    Phase::ALL.iter().zip(0_i64..).find(|((known, _), _)| *known == phase).map_or(-1, |(_, no)| no)
}

/// The phase of a number in the database.
pub(crate) fn phase_of(no: i64) -> Option<Phase> {
    usize::try_from(no).ok().and_then(|no| Phase::ALL.get(no)).map(|(phase, _)| *phase)
}

/// The entry whose terms lists show of an object, if it is a commitment.
pub(crate) fn shown_in(record: &Record) -> Option<EntryId> {
    let Record::Commitment(commitment) = record else { return None };
    commitment.shown().map(|shown| shown.entry)
}

/// What lists show of an object, under `title`, with the entry whose terms these are.
pub(crate) fn listing(
    space: i64,
    object: ObjectId,
    record: &Record,
    title: String,
) -> Option<(EntryId, Listed)> {
    let Record::Commitment(commitment) = record else { return None };
    let shown = commitment.shown()?;
    let terms = &shown.terms;
    let row = CommitmentRow {
        object,
        space,
        debtor: terms.debtor,
        phase: phase_no(commitment.phase()),
        due: i64::from(terms.due.day),
        title,
    };
    let mut voices = BTreeSet::from([(terms.debtor, Voice::Owes)]);
    voices.extend(commitment.creditors_left(terms).into_iter().map(|party| (party, Voice::Owed)));
    voices.extend(commitment.waits_on().into_iter().map(|party| (party, Voice::Waited)));
    Some((shown.entry, Listed { row, voices }))
}

impl Node {
    /// What lists should show of an object that has changed.
    pub(crate) fn list(
        &self,
        space: i64,
        object: ObjectId,
        held: &Held,
    ) -> Result<Option<(EntryId, Listed)>> {
        let Some(record) = &held.record else { return Ok(None) };
        let Some(shown) = shown_in(record) else { return Ok(None) };
        // A text that was read stays what it is until it is erased.
        let known = held
            .listed
            .as_ref()
            .filter(|(entry, listed)| !held.reread && *entry == shown && !listed.row.title.is_empty());
        let title = match known {
            Some((_, listed)) => Some(listed.row.title.clone()),
            None => self
                .content_of(shown)?
                .and_then(|content| content.text(FieldTag::Title, "").map(str::to_owned)),
        };
        Ok(listing(space, object, record, title.unwrap_or_default()))
    }

    /// The content of an entry, when it is here and reads.
    pub(crate) fn content_of(&self, entry: EntryId) -> Result<Option<Content>> {
        let bytes = self.store.content_behind(entry)?;
        Ok(bytes.and_then(|bytes| Content::from_bytes(&bytes).ok()))
    }

    /// Has an object listed again after a content of it has arrived, when the transaction settles.
    pub(crate) fn relist(&mut self, space: SpaceId, object: ObjectId) -> Result<()> {
        let live = self.spaces.get_mut(&space).ok_or(crate::NodeError::NoSuchSpace)?;
        let held = live.hold(&self.store, object)?;
        held.reread = true;
        if held.record.is_some() {
            live.changed.insert(object);
        }
        Ok(())
    }

    /// The header of a stored entry.
    pub(crate) fn header_of(&self, entry: EntryId) -> Result<Option<oplog::Header>> {
        let row = self.store.entry(entry)?;
        Ok(row.map(|row| Unverified::decode(&row.raw)).transpose()?.map(|entry| entry.header().clone()))
    }
}

//! From an object to the rows behind lists. They follow from the object and its content alone.

use std::collections::BTreeSet;

use agreement::{Content, FieldTag, Phase, Record};
use oplog::{ObjectId, SpaceId, Unverified};
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

impl Node {
    /// Keeps the list rows of an object.
    pub(crate) fn list(&self, no: i64, object: ObjectId, held: &mut Held) -> Result<()> {
        let Some(Record::Commitment(commitment)) = &held.record else { return Ok(()) };
        let Some(shown) = commitment.shown() else { return Ok(()) };
        let terms = &shown.terms;
        // A text that was read stays what it is until an erasure, which forgets what was listed.
        let known = held
            .listed
            .as_ref()
            .filter(|(entry, listed)| *entry == shown.entry && !listed.row.title.is_empty());
        let title = match known {
            Some((_, listed)) => Some(listed.row.title.clone()),
            None => self
                .content_of(shown.entry)?
                .and_then(|content| content.text(FieldTag::Title, "").map(str::to_owned)),
        };
        let row = CommitmentRow {
            object,
            space: no,
            debtor: terms.debtor,
            phase: phase_no(commitment.phase()),
            due: i64::from(terms.due.day),
            title: title.unwrap_or_default(),
        };
        let mut voices = BTreeSet::from([(terms.debtor, Voice::Owes)]);
        voices.extend(commitment.creditors_left(terms).into_iter().map(|party| (party, Voice::Owed)));
        voices.extend(commitment.waits_on().into_iter().map(|party| (party, Voice::Waited)));
        let now = Listed { row, voices };
        self.store.set_commitment(&now, held.listed.as_ref().map(|(_, listed)| listed))?;
        held.listed = Some((shown.entry, now));
        Ok(())
    }

    /// The content of an entry, when it is here and reads.
    pub(crate) fn content_of(&self, entry: oplog::EntryId) -> Result<Option<Content>> {
        let bytes = self.store.content_behind(entry)?;
        Ok(bytes.and_then(|bytes| Content::from_bytes(&bytes).ok()))
    }

    /// Lists an object again after a content of it has arrived.
    pub(crate) fn relist(&mut self, space: SpaceId, object: ObjectId) -> Result<()> {
        let live = self.spaces.get_mut(&space).ok_or(crate::NodeError::NoSuchSpace)?;
        let no = live.no;
        let mut held = live.hold(&self.store, object)?.clone();
        held.listed = None;
        self.list(no, object, &mut held)?;
        self.live_mut(space)?.objects.insert(object, held);
        Ok(())
    }

    /// The header of a stored entry.
    pub(crate) fn header_of(&self, entry: oplog::EntryId) -> Result<Option<oplog::Header>> {
        let row = self.store.entry(entry)?;
        Ok(row.map(|row| Unverified::decode(&row.raw)).transpose()?.map(|entry| entry.header().clone()))
    }
}

//! From an object to the rows behind lists. They follow from the object and its content alone.

use std::collections::BTreeSet;

use agreement::{AgreementPhase, Commitment, Content, FieldTag, MeetingPhase, Phase, Record};
use oplog::{EntryId, ObjectId, SpaceId, Unverified};
use store::lists::{CommitmentRow, Listed, Listing, Voice};
use store::papers::{ListedPaper, Paper, Sort};

use crate::ask::described;
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

/// The number of an agreement's phase in the database.
fn agreement_phase_no(phase: AgreementPhase) -> i64 {
    AgreementPhase::ALL.iter().zip(0_i64..).find(|((known, _), _)| *known == phase).map_or(-1, |(_, no)| no)
}

/// The phase of an agreement of a number in the database.
pub(crate) fn agreement_phase_of(no: i64) -> Option<AgreementPhase> {
    usize::try_from(no).ok().and_then(|no| AgreementPhase::ALL.get(no)).map(|(phase, _)| *phase)
}

fn meeting_phase_no(phase: MeetingPhase) -> i64 {
    MeetingPhase::ALL.iter().zip(0_i64..).find(|((known, _), _)| *known == phase).map_or(-1, |(_, no)| no)
}

/// The phase of a meeting of a number in the database.
pub(crate) fn meeting_phase_of(no: i64) -> Option<MeetingPhase> {
    usize::try_from(no).ok().and_then(|no| MeetingPhase::ALL.get(no)).map(|(phase, _)| *phase)
}

/// The entry whose texts lists show of an object, if they show it.
pub(crate) fn shown_in(record: &Record) -> Option<EntryId> {
    match record {
        Record::Commitment(commitment) => commitment.shown().map(|shown| shown.entry),
        Record::Agreement(agreement) => agreement.text().map(|shown| shown.entry),
        Record::Meeting(meeting) => described(meeting),
        Record::Space(_) | Record::Transcript(_) | Record::Note(_) => None,
    }
}

/// What lists show of an object, under `title`, with the entry whose texts these are.
pub(crate) fn listing(
    space: i64,
    object: ObjectId,
    record: &Record,
    title: String,
) -> Option<(EntryId, Listing)> {
    let shown = shown_in(record)?;
    let listing = match record {
        Record::Commitment(commitment) => commitment_listing(space, object, commitment, title)?,
        Record::Agreement(agreement) => {
            let (sort, phase) = (Sort::Agreement, agreement_phase_no(agreement.phase()));
            let row = Paper { object, space, sort, phase, day: 0, title };
            Listing::Paper(ListedPaper { row, awaited: agreement.waits_on() })
        }
        Record::Meeting(meeting) => {
            let day = meeting.day().map_or(0, |due| i64::from(due.day));
            let (sort, phase) = (Sort::Meeting, meeting_phase_no(meeting.phase()));
            let row = Paper { object, space, sort, phase, day, title };
            Listing::Paper(ListedPaper { row, awaited: meeting.waits_on() })
        }
        Record::Space(_) | Record::Transcript(_) | Record::Note(_) => return None,
    };
    Some((shown, listing))
}

fn commitment_listing(
    space: i64,
    object: ObjectId,
    commitment: &Commitment,
    title: String,
) -> Option<Listing> {
    let terms = &commitment.shown()?.terms;
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
    Some(Listing::Commitment(Listed { row, voices, under: terms.clause.map(|(agreement, _)| agreement) }))
}

impl Node {
    /// What lists should show of an object that has changed.
    pub(crate) fn list(
        &self,
        space: i64,
        object: ObjectId,
        held: &Held,
    ) -> Result<Option<(EntryId, Listing)>> {
        let Some(record) = &held.record else { return Ok(None) };
        let Some(shown) = shown_in(record) else { return Ok(None) };
        // A text that was read stays what it is until it is erased.
        let known = held
            .listed
            .as_ref()
            .filter(|(entry, listed)| !held.reread && *entry == shown && !listed.title().is_empty());
        let title = match known {
            Some((_, listed)) => Some(listed.title().to_owned()),
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

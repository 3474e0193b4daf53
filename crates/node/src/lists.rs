//! From an object to the rows behind lists. They follow from the object and its content alone.

use std::collections::BTreeSet;

use agreement::{AgreementPhase, Commitment, Content, FieldTag, Phase, Record};
use oplog::{EntryId, ObjectId, SpaceId, Unverified};
use store::lists::{CommitmentRow, Listed, Listing, Voice};
use store::papers::{ListedPaper, Paper, Sort};

use crate::live::{Held, Live};
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

/// The entry whose texts lists show of an object, if they show it.
fn shown_in(record: &Record) -> Option<EntryId> {
    match record {
        Record::Commitment(commitment) => commitment.shown().map(|shown| shown.entry),
        Record::Agreement(agreement) => agreement.text().map(|shown| shown.entry),
        Record::Space(_) | Record::Transcript(_) | Record::Note(_) | Record::Declaration(_) => None,
    }
}

/// What lists show of an object, with the entry whose texts these are; `title` gives the title in such an entry.
pub(crate) fn listing(
    space: i64,
    object: ObjectId,
    record: &Record,
    title: impl FnOnce(EntryId) -> Result<String>,
) -> Result<Option<(EntryId, Listing)>> {
    let Some(shown) = shown_in(record) else { return Ok(None) };
    let title = title(shown)?;
    let listing = match record {
        Record::Commitment(commitment) => commitment_listing(space, object, commitment, title),
        Record::Agreement(agreement) => {
            let (sort, phase) = (Sort::Agreement, agreement_phase_no(agreement.phase()));
            let row = Paper { object, space, sort, phase, day: 0, title };
            Some(Listing::Paper(ListedPaper { row, awaited: agreement.waits_on() }))
        }
        Record::Space(_) | Record::Transcript(_) | Record::Note(_) | Record::Declaration(_) => None,
    };
    Ok(listing.map(|listing| (shown, listing)))
}

/// A commitment of which nothing can come any more is in no party's list.
fn commitment_listing(
    space: i64,
    object: ObjectId,
    commitment: &Commitment,
    title: String,
) -> Option<Listing> {
    let (terms, phase) = (&commitment.shown()?.terms, commitment.phase());
    let row = CommitmentRow {
        object,
        space,
        debtor: terms.debtor,
        phase: phase_no(phase),
        due: i64::from(terms.due.day),
        title,
    };
    let mut voices = BTreeSet::new();
    if !phase.is_over() {
        voices.insert((terms.debtor, Voice::Owes));
        voices.extend(commitment.creditors_left(terms).into_iter().map(|party| (party, Voice::Owed)));
        voices.extend(commitment.waits_on().into_iter().map(|party| (party, Voice::Waited)));
    }
    Some(Listing::Commitment(Listed { row, voices, under: terms.clause.map(|(agreement, _)| agreement) }))
}

/// The title in the bytes of a content; empty where there is none.
pub(crate) fn title_in(bytes: &[u8]) -> String {
    let content = Content::from_bytes(bytes).ok();
    content.and_then(|content| content.text(FieldTag::Title, "").map(str::to_owned)).unwrap_or_default()
}

impl Node {
    /// What lists should show of an object that has changed.
    pub(crate) fn list(
        &self,
        live: &Live,
        object: ObjectId,
        held: &Held,
    ) -> Result<Option<(EntryId, Listing)>> {
        let Some(record) = &held.record else { return Ok(None) };
        listing(live.no, object, record, |shown| {
            if held.reread {
                return self.title_of(shown);
            }
            // A text that was read stays what it is until it is erased.
            match &held.listed {
                Some((entry, listed)) if *entry == shown && !listed.title().is_empty() => {
                    Ok(listed.title().to_owned())
                }
                _ => live.titles.get(&shown).map_or_else(|| self.title_of(shown), |title| Ok(title.clone())),
            }
        })
    }

    fn title_of(&self, entry: EntryId) -> Result<String> {
        Ok(self.store.content_behind(entry)?.map(|bytes| title_in(&bytes)).unwrap_or_default())
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

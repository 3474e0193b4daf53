//! From an object to the rows behind lists. They follow from the object and its content alone.

use std::collections::BTreeSet;

use agreement::content::{FIELDS_BYTES_MAX, SALT_BYTES};
use agreement::{AgreementPhase, Commitment, Content, FieldCode, FieldTag, Phase, Record};
use oplog::{EntryId, ObjectId, PartyId, SpaceId, Unverified};
use store::concerns::Place;
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

/// How a commitment concerns our party now, if something can still come of it.
pub(crate) fn place_of(commitment: &Commitment, own: PartyId) -> Option<Place> {
    let shown = commitment.shown()?;
    let (owes, phase) = (shown.terms.debtor == own, commitment.phase());
    if phase.is_over() {
        return None;
    }
    if commitment.waits_on().contains(&own)
        && (commitment.open_slot().is_some_and(|(_, slot)| slot.awaited().contains(&own))
            || phase == Phase::Reported)
    {
        return Some(Place::Answer);
    }
    let owed = commitment.creditors_left(&shown.terms).contains(&own);
    match phase {
        Phase::Offered => commitment.ballot.base().contains(&own).then_some(Place::Sent),
        Phase::Conditional if owes => Some(Place::OweLater),
        Phase::Conditional if owed => Some(Place::OwedLater),
        Phase::Conditional
        | Phase::Detached
        | Phase::Reported
        | Phase::Disputed
        | Phase::NotAgreed
        | Phase::Confirmed
        | Phase::Released
        | Phase::Cancelled
        | Phase::Ended => match (owes, owed) {
            (true, _) => Some(Place::Owe),
            (false, true) => Some(Place::Owed),
            (false, false) => None,
        },
    }
}

/// The number of a field's group in the database, by the field's code; 0 for what is in no list.
pub(crate) fn field_no(code: &str) -> i64 {
    let place = FieldCode::of_code(code).map(|field| field.group().place());
    place.and_then(|place| i64::try_from(place + 1).ok()).unwrap_or(0)
}

/// The group of fields of a number in the database.
pub(crate) fn field_of(no: i64) -> Option<FieldCode> {
    usize::try_from(no).ok()?.checked_sub(1).and_then(FieldCode::at)
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

/// What lists show of an object, with the entry whose texts these are; `heading` gives what lists take from such an entry.
pub(crate) fn listing(
    space: i64,
    object: ObjectId,
    record: &Record,
    heading: impl FnOnce(EntryId) -> Result<Heading>,
) -> Result<Option<(EntryId, Listing)>> {
    let Some(shown) = shown_in(record) else { return Ok(None) };
    let heading = heading(shown)?;
    let listing = match record {
        Record::Commitment(commitment) => commitment_listing(space, object, commitment, heading),
        Record::Agreement(agreement) => {
            let (sort, phase) = (Sort::Agreement, agreement_phase_no(agreement.phase()));
            let row = Paper { object, space, sort, phase, day: 0, title: heading.title };
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
    heading: Heading,
) -> Option<Listing> {
    let (terms, phase) = (&commitment.shown()?.terms, commitment.phase());
    let row = CommitmentRow {
        object,
        space,
        debtor: terms.debtor,
        phase: phase_no(phase),
        due: i64::from(terms.due.day),
        title: heading.title,
    };
    let mut voices = BTreeSet::new();
    if !phase.is_over() {
        voices.insert((terms.debtor, Voice::Owes));
        voices.extend(commitment.creditors_left(terms).into_iter().map(|party| (party, Voice::Owed)));
        voices.extend(commitment.waits_on().into_iter().map(|party| (party, Voice::Waited)));
    }
    let under = terms.clause.map(|(agreement, _)| agreement);
    let (creditors, field) = (terms.creditors.clone(), heading.field);
    Some(Listing::Commitment(Listed { under, creditors, field, ..Listed::new(row, voices) }))
}

/// What lists take from the texts of an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heading {
    /// The title in its first language; empty where there is none.
    pub(crate) title: String,
    /// The number of the field; 0 where there is none.
    pub(crate) field: i64,
}

impl Heading {
    fn of(content: &Content) -> Self {
        let text = |tag| content.text(tag, "");
        let title = text(FieldTag::Title).unwrap_or_default().to_owned();
        Self { title, field: text(FieldTag::FieldCode).map_or(0, field_no) }
    }

    /// Of the bytes of a content; nothing, where they do not read.
    pub(crate) fn in_bytes(bytes: &[u8]) -> Self {
        Content::from_bytes(bytes).ok().map(|content| Self::of(&content)).unwrap_or_default()
    }
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
        let mut listed = listing(live.no, object, record, |shown| {
            if held.reread {
                return self.heading_of(shown);
            }
            // A text that was read stays what it is until it is erased.
            match &held.listed {
                Some((entry, listed)) if *entry == shown && !listed.title().is_empty() => {
                    let field = listed.commitment().map_or(0, |held| held.field);
                    Ok(Heading { title: listed.title().to_owned(), field })
                }
                _ => live.headings.get(&shown).map_or_else(|| self.heading_of(shown), |it| Ok(it.clone())),
            }
        })?;
        if let Some((_, Listing::Commitment(listed))) = &mut listed {
            listed.place = self.place(record, held.last_n)?;
        }
        Ok(listed)
    }

    fn heading_of(&self, entry: EntryId) -> Result<Heading> {
        Ok(self.content_of(entry)?.map(|content| Heading::of(&content)).unwrap_or_default())
    }

    /// How a commitment whose last entry is number `last` concerns our party, and where in the order it stands: by the
    /// minute since which somebody waits, or at which its due day ends.
    fn place(&self, record: &Record, last: i64) -> Result<Option<(Place, i64)>> {
        const MINUTE_MS: u64 = 60_000;
        let Record::Commitment(commitment) = record else { return Ok(None) };
        let Some(place) = place_of(commitment, self.party()) else { return Ok(None) };
        let at = if matches!(place, Place::Answer | Place::Sent) {
            let arrived_ms = self.store.arrived_ms(last)?.unwrap_or(0);
            i64::try_from(arrived_ms / MINUTE_MS).unwrap_or(i64::MAX)
        } else {
            let due = commitment.shown().map(|shown| &shown.terms.due);
            let end = due.and_then(|due| crate::Clock::day_end_min(due.civil()?, &due.zone));
            end.unwrap_or(i64::MAX)
        };
        Ok(Some((place, at)))
    }

    /// The texts of the content of an entry, when it is here and reads. A file behind them is left out.
    pub(crate) fn content_of(&self, entry: EntryId) -> Result<Option<Content>> {
        Ok(self.texts_of(entry)?.map(|(content, _)| content))
    }

    /// The texts of the content of an entry, and the length of the file behind them.
    pub(crate) fn texts_of(&self, entry: EntryId) -> Result<Option<(Content, u64)>> {
        // A text may begin before the limit and end after it, which the decoder then refuses.
        const HEAD_BYTES_MAX: usize = SALT_BYTES + 2 * FIELDS_BYTES_MAX;
        let Some((head, whole)) = self.store.content_part_behind(entry, 0, HEAD_BYTES_MAX)? else {
            return Ok(None);
        };
        let Ok(content) = Content::from_bytes(&head) else { return Ok(None) };
        let texts = head.len().saturating_sub(content.attachment.len()) as u64;
        let content = Content { attachment: Vec::new(), ..content };
        Ok(Some((content, whole.saturating_sub(texts))))
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

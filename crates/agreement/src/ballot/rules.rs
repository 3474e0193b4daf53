//! The rules of a ballot: what each of its operations changes, or the rule it breaks.

use std::collections::BTreeSet;

use oplog::{EntryId, PartyId, TermsHash};

use super::{Ballot, BallotTerms, Balloted, OFFERS_MAX, Offered, Outcome, SLOTS_MAX, Slot, Step, Vote};
use crate::change::Change;
use crate::refusal::Refusal;
use crate::standing::By;

type Changes = Result<Vec<Change>, Refusal>;

/// The terms as they come on the table, when the author may put them there.
fn table<T: BallotTerms>(
    ballot: &Ballot<T>,
    base: &BTreeSet<PartyId>,
    terms: &T,
    by: &By<'_>,
) -> Result<Offered<T>, Refusal> {
    terms.check()?;
    let before: Vec<_> = ballot.won_slots().map(|(_, offered)| &offered.terms).collect();
    terms.check_after(&before)?;
    let named = if base.is_empty() {
        terms.named().any(|party| *party == by.party)
    } else {
        base.contains(&by.party)
    };
    if !named {
        return Err(Refusal::NotNamed);
    }
    let hash = terms.clone().into_terms().hash(by.content);
    Ok(Offered { entry: by.entry, by: by.party, hash, terms: terms.clone() })
}

fn put<T: BallotTerms>(slot: u64, offered: Offered<T>) -> [Change; 2] {
    let vote = Step::Voted(slot, offered.by, offered.entry, Vote::For(offered.hash));
    [T::change(Step::TermsOffered(slot, Box::new(offered))), T::change(vote)]
}

/// The ballot of an object that an offer founds, before the offer is on its table, and what the offer then changes.
pub(crate) fn found<T: BallotTerms>(
    number: u64,
    terms: &T,
    by: &By<'_>,
) -> Result<(Ballot<T>, [Change; 2]), Refusal> {
    if number != 0 {
        return Err(Refusal::NoSuchSlot);
    }
    let slots = vec![Slot::of(terms.named().copied().collect())];
    let ballot = Ballot { slots, ..Ballot::default() };
    let offered = table(&ballot, &BTreeSet::new(), terms, by)?;
    Ok((ballot, put(0, offered)))
}

/// What an offer of `terms` in slot `number` changes. A counter uses it for its second half.
pub(crate) fn offer<R: Balloted>(record: &R, number: u64, terms: &R::Terms, by: &By<'_>) -> Changes {
    let seen = record.seen_by(by);
    if seen.is_closed() {
        return Err(Refusal::Closed);
    }
    let base = seen.base();
    let (seen, ballot) = (seen.ballot(), record.ballot());
    let at = usize::try_from(number).unwrap_or(usize::MAX);
    if let Some(slot) = seen.slots.get(at) {
        slot.may_vote(by)?;
        return Err(Refusal::AnswerFirst);
    }
    let last = seen.slots.last();
    if at != seen.slots.len() || (last.is_none() && !record.opens()) {
        return Err(Refusal::NoSuchSlot);
    }
    if last.is_some_and(|last| last.outcome() == Outcome::Open) {
        return Err(Refusal::AnswerFirst);
    }
    if at >= SLOTS_MAX {
        return Err(Refusal::Limit("the number of rounds"));
    }
    // Passes are kept with the slot, or ahead of it while nobody has offered in it.
    let held = ballot.slots.get(at);
    let passes = held.map(|slot| &slot.passes).or(ballot.passes_ahead.get(&number));
    match last.and_then(|last| last.turn_after(at, passes, by)) {
        Some(owner) if owner != by.party => return Err(Refusal::NotYourTurn(owner)),
        _ => {}
    }
    record.check_offer(terms, by)?;
    let offered = table(seen, &base, terms, by)?;
    match held {
        // Offers that did not know of one another: all stand as votes, and the slot decides.
        Some(slot) if slot.offers.len() >= OFFERS_MAX => {
            Err(Refusal::Limit("the number of offers in a round"))
        }
        Some(_) => Ok(put(number, offered).into()),
        None => {
            let opened = R::Terms::change(Step::SlotOpened(base));
            Ok([opened].into_iter().chain(put(number, offered)).collect())
        }
    }
}

/// What a vote for the terms with this hash changes.
pub(crate) fn accept<R: Balloted>(record: &R, number: u64, terms: TermsHash, by: &By<'_>) -> Changes {
    let seen = record.seen_by(by);
    if seen.is_closed() {
        return Err(Refusal::Closed);
    }
    let slot = seen.ballot().slot_at(number).ok_or(Refusal::NoSuchSlot)?;
    let offered = slot.offered(terms).ok_or(Refusal::NoSuchTerms)?;
    if !slot.roster(&offered.terms).contains(&by.party) {
        return Err(Refusal::NotNamed);
    }
    slot.may_vote(by)?;
    Ok(vec![voted::<R>(number, by, Vote::For(terms))])
}

/// What a vote against all that is on the table changes.
pub(crate) fn decline<R: Balloted>(record: &R, number: u64, by: &By<'_>) -> Changes {
    let seen = record.seen_by(by);
    if seen.is_closed() {
        return Err(Refusal::Closed);
    }
    seen.ballot().slot_at(number).ok_or(Refusal::NoSuchSlot)?.may_decline(by)?;
    Ok(vec![voted::<R>(number, by, Vote::Decline)])
}

/// What a vote against in slot `number` with other terms for the one after it changes.
pub(crate) fn counter<R: Balloted>(record: &R, number: u64, terms: &R::Terms, by: &By<'_>) -> Changes {
    record.seen_by(by).ballot().slot_at(number).ok_or(Refusal::NoSuchSlot)?.may_decline(by)?;
    let mut declined = record.clone();
    declined.ballot_mut().absorb(Step::Voted(number, by.party, by.entry, Vote::Decline));
    let offered = offer(&declined, number + 1, terms, by)?;
    Ok([voted::<R>(number, by, Vote::Decline)].into_iter().chain(offered).collect())
}

/// What a withdrawal of the author's offer changes.
pub(crate) fn lapse<R: Balloted>(record: &R, number: u64, by: &By<'_>) -> Changes {
    let slot = record.ballot().slot_at(number).ok_or(Refusal::NoSuchSlot)?;
    if !slot.offers.iter().any(|offered| offered.by == by.party && (by.sees)(offered.entry)) {
        return Err(Refusal::OnlyAuthor);
    }
    if slot.lapses.iter().any(|(entry, party)| *party == by.party && (by.sees)(*entry)) {
        return Err(Refusal::AlreadyVoted);
    }
    Ok(vec![R::Terms::change(Step::LapseSigned(number, by.entry, by.party))])
}

/// What giving up a turn changes.
pub(crate) fn pass<R: Balloted>(record: &R, number: u64, by: &By<'_>) -> Changes {
    let seen = record.seen_by(by);
    if seen.is_closed() {
        return Err(Refusal::Closed);
    }
    if !seen.base().contains(&by.party) {
        return Err(Refusal::NotNamed);
    }
    if number >= SLOTS_MAX as u64 {
        return Err(Refusal::NoSuchSlot);
    }
    Ok(vec![R::Terms::change(Step::Passed(number, by.entry, by.party))])
}

/// What it changes that `by` here first saw the entry `lapse`, which withdraws an offer.
pub(crate) fn sight<R: Balloted>(record: &R, lapse: EntryId, by: &By<'_>) -> Vec<Change> {
    let slots = record.ballot().slots.iter().zip(0..);
    slots
        .filter(|(slot, _)| slot.lapses.contains_key(&lapse) && slot.may_vote(by).is_ok())
        .filter(|(slot, _)| {
            let mut seen = slot.offers.iter().filter(|offered| (by.sees)(offered.entry));
            seen.any(|offered| slot.roster(&offered.terms).contains(&by.party))
        })
        .map(|(_, number)| voted::<R>(number, by, Vote::SawLapse))
        .collect()
}

fn voted<R: Balloted>(number: u64, by: &By<'_>, vote: Vote) -> Change {
    let party: PartyId = by.party;
    R::Terms::change(Step::Voted(number, party, by.entry, vote))
}

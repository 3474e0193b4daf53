//! How terms come into force, whatever they are about: numbered slots of single-shot votes, one mechanism for all.
//!
//! A record whose terms come into force so is [`Balloted`] and holds a [`Ballot`]; the rules of `offer`, `accept`,
//! `decline`, `counter`, `lapse` and `pass` are in `ballot/rules.rs`, once.

mod rules;
mod slot;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use oplog::{BadBytes, EntryId, PartyId, Reader, TermsHash, Wire, Writer};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::Terms;

pub(crate) use rules::{accept, counter, decline, found, lapse, offer, pass, sight};
pub use slot::{Offered, Outcome, Slot, Vote};

/// The most slots of one object.
pub const SLOTS_MAX: usize = 256;
/// The most offers in one slot; a party beyond it has to answer one that is there.
pub const OFFERS_MAX: usize = 256;

/// Terms that come into force by a ballot.
pub trait BallotTerms: Wire + Clone + std::fmt::Debug + PartialEq + Eq {
    /// The parties named, in no order and perhaps more than once.
    fn named(&self) -> impl Iterator<Item = &PartyId>;

    /// Checks what holds whatever was agreed before.
    ///
    /// # Errors
    /// The rule that the terms break.
    fn check(&self) -> Result<(), Refusal>;

    /// Checks the terms against all that came into force before, oldest first.
    ///
    /// # Errors
    /// The rule that the change breaks.
    fn check_after(&self, before: &[&Self]) -> Result<(), Refusal>;

    /// The same among the terms of all sorts.
    fn into_terms(self) -> Terms;

    /// A step of a ballot over such terms among the steps of all sorts.
    fn change(step: Step<Self>) -> Change;
}

/// A record whose terms come into force by a ballot.
pub trait Balloted: Clone {
    /// Its terms.
    type Terms: BallotTerms;

    /// Its ballot.
    fn ballot(&self) -> &Ballot<Self::Terms>;

    /// The same, to be changed.
    fn ballot_mut(&mut self) -> &mut Ballot<Self::Terms>;

    /// The record as far as the author of an operation had seen it. The rules look at this, so that what others
    /// signed without the author's knowledge never decides whether the operation stands.
    fn seen_by(&self, by: &By<'_>) -> Cow<'_, Self>;

    /// Whether no more can come of it.
    fn is_closed(&self) -> bool;

    /// The parties that must vote on whatever comes next.
    fn base(&self) -> BTreeSet<PartyId> {
        self.ballot().base()
    }

    /// Whether an offer may open the first slot of a record that has none.
    fn opens(&self) -> bool {
        false
    }

    /// Checks terms against what else the record says.
    ///
    /// # Errors
    /// The rule that the terms break.
    fn check_offer(&self, _terms: &Self::Terms, _by: &By<'_>) -> Result<(), Refusal> {
        Ok(())
    }
}

/// The rounds of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot<T> {
    /// The rounds, in order.
    pub slots: Vec<Slot<T>>,
    /// Parties that passed ahead, in slots that are not open yet.
    pub passes_ahead: BTreeMap<u64, BTreeMap<EntryId, PartyId>>,
}

impl<T> Default for Ballot<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), passes_ahead: BTreeMap::new() }
    }
}

/// A step that a ballot takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// A slot opens, with the parties whose votes whatever is offered in it needs.
    SlotOpened(BTreeSet<PartyId>),
    /// Terms come on the table of a slot.
    TermsOffered(u64, Box<Offered<T>>),
    /// A vote in a slot.
    Voted(u64, PartyId, EntryId, Vote),
    /// An offer is withdrawn, on notice.
    LapseSigned(u64, EntryId, PartyId),
    /// A turn is given up.
    Passed(u64, EntryId, PartyId),
}

impl<T: BallotTerms> Ballot<T> {
    /// Writes the two fields that a ballot has in the record it belongs to.
    pub(crate) fn write_fields(&self, to: &mut Writer) {
        to.put(&self.slots).put(&self.passes_ahead);
    }

    /// Reads the two fields that a ballot has in the record it belongs to.
    pub(crate) fn read_fields(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Ok(Self { slots: from.get()?, passes_ahead: from.get()? })
    }

    /// The last terms that came into force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Offered<T>> {
        self.won_slots().next_back().map(|(_, offered)| offered)
    }

    /// The slots in which terms came into force, with those terms, oldest first.
    #[must_use]
    pub fn won_slots(&self) -> impl DoubleEndedIterator<Item = (u64, &Offered<T>)> {
        self.slots.iter().enumerate().filter_map(|(number, slot)| match slot.outcome() {
            Outcome::Won(hash) => slot.offered(hash).map(|offered| (number as u64, offered)),
            Outcome::Open | Outcome::Failed => None,
        })
    }

    /// The terms a reader wants to see: those in force, or else the newest on the table.
    #[must_use]
    pub fn shown(&self) -> Option<&Offered<T>> {
        self.in_force().or_else(|| self.slots.iter().rev().find_map(|slot| slot.offers.last()))
    }

    /// The slot in which something can still win.
    #[must_use]
    pub fn open_slot(&self) -> Option<(u64, &Slot<T>)> {
        let last = self.slots.last()?;
        (last.outcome() == Outcome::Open).then_some((self.slots.len() as u64 - 1, last))
    }

    /// The offer of these terms, in any slot.
    #[must_use]
    pub fn offered(&self, hash: TermsHash) -> Option<&Offered<T>> {
        self.slots.iter().find_map(|slot| slot.offered(hash))
    }

    /// The parties that must vote on whatever comes next: of the terms in force, or of the founding offer.
    #[must_use]
    pub fn base(&self) -> BTreeSet<PartyId> {
        self.in_force().or_else(|| self.founding()).map(Offered::parties).unwrap_or_default()
    }

    fn founding(&self) -> Option<&Offered<T>> {
        self.slots.first().and_then(|slot| slot.offers.first())
    }

    /// The entries of all offers, votes, lapses and passes.
    pub(crate) fn entries(&self) -> impl Iterator<Item = EntryId> {
        self.slots.iter().flat_map(|slot| {
            let offers = slot.offers.iter().map(|offered| offered.entry);
            let votes = slot.votes.values().flat_map(BTreeMap::keys);
            offers.chain(votes.chain(slot.lapses.keys()).chain(slot.passes.keys()).copied())
        })
    }

    /// Leaves what `sees` says.
    pub(crate) fn cut_to(&mut self, sees: &dyn Fn(EntryId) -> bool) {
        for slot in &mut self.slots {
            slot.offers.retain(|offered| sees(offered.entry));
            slot.votes.values_mut().for_each(|votes| votes.retain(|entry, _| sees(*entry)));
            slot.votes.retain(|_, votes| !votes.is_empty());
            slot.lapses.retain(|entry, _| sees(*entry));
            slot.passes.retain(|entry, _| sees(*entry));
        }
        while self.slots.last().is_some_and(|slot| slot.offers.is_empty()) {
            self.slots.pop();
        }
        self.rebase();
    }

    /// Gives every slot its base anew: the parties of the terms in force before it, or of the founding offer. Not as
    /// the slot's first offer saw it: a party whose votes in an earlier slot contradict one another can make some see
    /// that slot won and others see it failed, and whoever was named in it must not be passed over.
    fn rebase(&mut self) {
        let Some(mut base) = self.founding().map(Offered::parties) else { return };
        for slot in &mut self.slots {
            slot.base.clone_from(&base);
            if let Outcome::Won(hash) = slot.outcome() {
                base = slot.offered(hash).map(Offered::parties).unwrap_or(base);
            }
        }
    }

    /// Whether `party` has voted in the open slot for terms of which `hands_on` is true, beside those in force: the
    /// others may be relying on that.
    pub(crate) fn has_open_vote(&self, party: PartyId, hands_on: impl Fn(&T, &T) -> bool) -> bool {
        let (Some((_, slot)), Some(held)) = (self.open_slot(), self.in_force()) else { return false };
        let votes = slot.voted(party);
        slot.offers
            .iter()
            .any(|offered| votes.contains(&Vote::For(offered.hash)) && hands_on(&held.terms, &offered.terms))
    }

    /// Takes one step.
    ///
    /// # Panics
    /// If the step names a slot that is not there, which only our own bug can cause.
    pub(crate) fn absorb(&mut self, step: Step<T>) {
        match step {
            Step::SlotOpened(base) => {
                let passes = self.passes_ahead.remove(&(self.slots.len() as u64)).unwrap_or_default();
                self.slots.push(Slot { passes, ..Slot::of(base) });
            }
            Step::TermsOffered(slot, offered) => self.slot(slot).offers.push(*offered),
            Step::Voted(slot, party, entry, vote) => {
                self.slot(slot).votes.entry(party).or_default().insert(entry, vote);
                self.rebase();
            }
            Step::LapseSigned(slot, entry, party) => {
                self.slot(slot).lapses.insert(entry, party);
            }
            Step::Passed(slot, entry, party) if slot >= self.slots.len() as u64 => {
                self.passes_ahead.entry(slot).or_default().insert(entry, party);
            }
            Step::Passed(slot, entry, party) => {
                self.slot(slot).passes.insert(entry, party);
            }
        }
    }

    fn slot(&mut self, number: u64) -> &mut Slot<T> {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        self.slots.get_mut(number).expect("decide names a slot that is open")
    }

    fn slot_at(&self, number: u64) -> Option<&Slot<T>> {
        self.slots.get(usize::try_from(number).unwrap_or(usize::MAX))
    }
}

impl<T: BallotTerms> Offered<T> {
    /// The parties that the terms name.
    #[must_use]
    pub fn parties(&self) -> BTreeSet<PartyId> {
        self.terms.named().copied().collect()
    }
}

//! One numbered round of single-shot votes.
//!
//! A party votes once in a slot, for terms or against; no one withdraws a vote. What a slot has come to is a function
//! of the *set* of votes, so the order of arrival cannot matter. An equivocator may have several votes: terms
//! win when everyone named has a vote for them and at least one party of the base has exactly one vote, so two rival
//! terms would need an honest party to have voted twice.

use std::collections::{BTreeMap, BTreeSet};

use oplog::{BadBytes, EntryId, PartyId, Reader, TermsHash, Wire, Writer};

use super::BallotTerms;
use crate::refusal::Refusal;
use crate::standing::By;

/// What a party's first event in a slot was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vote {
    /// For these terms: an offer or an accept.
    For(TermsHash),
    /// Against whatever is on the table: a decline or a counter.
    Decline,
    /// It saw the offer withdrawn before it voted.
    SawLapse,
}

impl Wire for Vote {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::For(terms) => to.array(2).uint(1).put(terms),
            Self::Decline => to.array(1).uint(2),
            Self::SawLapse => to.array(1).uint(3),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let len = from.array()?;
        match (from.uint()?, len) {
            (1, 2) => from.get().map(Self::For),
            (2, 1) => Ok(Self::Decline),
            (3, 1) => Ok(Self::SawLapse),
            _ => Err(BadBytes::Malformed("vote")),
        }
    }
}

/// Terms on the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered<T> {
    /// The offer or counter.
    pub entry: EntryId,
    /// Who offered.
    pub by: PartyId,
    /// What one consents to.
    pub hash: TermsHash,
    /// The terms.
    pub terms: T,
}

impl<T: Wire> Wire for Offered<T> {
    fn write(&self, to: &mut Writer) {
        to.array(4).put(&self.entry).put(&self.by).put(&self.hash).put(&self.terms);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(4)?;
        Ok(Self { entry: from.get()?, by: from.get()?, hash: from.get()?, terms: from.get()? })
    }
}

/// What a slot has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Some terms can still win.
    Open,
    /// These came into force.
    Won(TermsHash),
    /// None can win any more.
    Failed,
}

/// One round of a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot<T> {
    /// The parties of the terms in force before this slot, or of the founding offer. It follows from the slots before.
    pub base: BTreeSet<PartyId>,
    /// What was put on the table; more than one if offers crossed.
    pub offers: Vec<Offered<T>>,
    /// Votes by party, by the entry that cast them.
    pub votes: BTreeMap<PartyId, BTreeMap<EntryId, Vote>>,
    /// Withdrawals, by entry.
    pub lapses: BTreeMap<EntryId, PartyId>,
    /// Parties that gave up their turn to offer in this slot, by entry.
    pub passes: BTreeMap<EntryId, PartyId>,
}

impl<T: Wire> Wire for Slot<T> {
    fn write(&self, to: &mut Writer) {
        to.array(5).put(&self.base).put(&self.offers).put(&self.votes).put(&self.lapses).put(&self.passes);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(5)?;
        Ok(Self {
            base: from.get()?,
            offers: from.get()?,
            votes: from.get()?,
            lapses: from.get()?,
            passes: from.get()?,
        })
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            base: BTreeSet::new(),
            offers: Vec::new(),
            votes: BTreeMap::new(),
            lapses: BTreeMap::new(),
            passes: BTreeMap::new(),
        }
    }
}

impl<T: BallotTerms> Slot<T> {
    /// A slot in which nothing was offered yet, with the parties whose votes whatever comes needs.
    #[must_use]
    pub fn of(base: BTreeSet<PartyId>) -> Self {
        Self { base, ..Self::default() }
    }

    /// The parties whose votes these terms need.
    #[must_use]
    pub fn roster(&self, terms: &T) -> BTreeSet<PartyId> {
        self.named(terms).copied().collect()
    }

    /// The different votes of a party.
    #[must_use]
    pub fn voted(&self, party: PartyId) -> BTreeSet<Vote> {
        self.votes.get(&party).map(|votes| votes.values().copied().collect()).unwrap_or_default()
    }

    /// As [`Slot::roster`], in no order and some more than once.
    fn named<'a>(&'a self, terms: &'a T) -> impl Iterator<Item = &'a PartyId> {
        self.base.iter().chain(terms.named())
    }

    fn votes_of(&self, party: &PartyId) -> impl Iterator<Item = Vote> {
        self.votes.get(party).into_iter().flat_map(BTreeMap::values).copied()
    }

    /// Whether every party of `offered`'s roster has a vote for it, one of the base no other vote.
    fn won(&self, offered: &Offered<T>) -> bool {
        let wanted = Vote::For(offered.hash);
        self.named(&offered.terms).all(|party| self.votes_of(party).any(|vote| vote == wanted))
            && self.base.iter().any(|party| self.votes_of(party).all(|vote| vote == wanted))
    }

    /// Whether the roster could still give every vote for `offered` that is missing.
    fn possible(&self, offered: &Offered<T>) -> bool {
        let wanted = Vote::For(offered.hash);
        let silent = |party: &PartyId| self.votes_of(party).next().is_none();
        self.named(&offered.terms)
            .all(|party| silent(party) || self.votes_of(party).any(|vote| vote == wanted))
            && self.named(&offered.terms).any(silent)
    }

    /// What the votes have come to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if let Some(winner) = self.offers.iter().find(|offered| self.won(offered)) {
            return Outcome::Won(winner.hash);
        }
        let open = self.offers.is_empty() || self.offers.iter().any(|offered| self.possible(offered));
        if open { Outcome::Open } else { Outcome::Failed }
    }

    /// The offer of these terms.
    #[must_use]
    pub fn offered(&self, hash: TermsHash) -> Option<&Offered<T>> {
        self.offers.iter().find(|offered| offered.hash == hash)
    }

    /// The parties whose vote some terms that can still win are waiting for.
    #[must_use]
    pub fn awaited(&self) -> BTreeSet<PartyId> {
        if self.outcome() != Outcome::Open {
            return BTreeSet::new();
        }
        let open = self.offers.iter().filter(|offered| self.possible(offered));
        open.flat_map(|offered| self.roster(&offered.terms))
            .filter(|party| self.voted(*party).is_empty())
            .collect()
    }

    /// A party votes once: refuses when a vote of its own is in the author's past.
    ///
    /// # Errors
    /// The party has voted, or had seen the offer withdrawn.
    pub(crate) fn may_vote(&self, by: &By<'_>) -> Result<(), Refusal> {
        let own = self.votes.get(&by.party).into_iter().flatten();
        let seen = own.filter(|(entry, _)| (by.sees)(**entry)).map(|(_, vote)| *vote).next();
        match seen {
            None => Ok(()),
            Some(Vote::SawLapse) => Err(Refusal::Lapsed),
            Some(Vote::For(_) | Vote::Decline) => Err(Refusal::AlreadyVoted),
        }
    }

    /// Whether `by` may vote against what is offered here.
    ///
    /// # Errors
    /// No terms here name its party, or it may not vote.
    pub(crate) fn may_decline(&self, by: &By<'_>) -> Result<(), Refusal> {
        if !self.offers.iter().any(|offered| self.roster(&offered.terms).contains(&by.party)) {
            return Err(Refusal::NotNamed);
        }
        self.may_vote(by)
    }

    /// The party whose turn it is to offer in slot `next` after the offers here crossed, as far as `by` had seen:
    /// the roster's party number `next` mod its size, until it passes. `passes` are those of slot `next`. `None`: anyone's.
    pub(crate) fn turn_after(
        &self,
        next: usize,
        passes: Option<&BTreeMap<EntryId, PartyId>>,
        by: &By<'_>,
    ) -> Option<PartyId> {
        let seen: BTreeSet<_> = self
            .offers
            .iter()
            .filter(|offered| (by.sees)(offered.entry))
            .map(|offered| offered.hash)
            .collect();
        if seen.len() < 2 {
            return None;
        }
        let owner = *self.base.iter().nth(next % self.base.len().max(1))?;
        let passed = passes
            .is_some_and(|passes| passes.iter().any(|(entry, party)| *party == owner && (by.sees)(*entry)));
        (!passed).then_some(owner)
    }
}

#[cfg(test)]
mod tests {
    use oplog::{from_bytes, to_bytes};

    use super::*;

    #[test]
    fn every_vote_reads_as_it_was_written() {
        for vote in [Vote::For(TermsHash([7; 32])), Vote::Decline, Vote::SawLapse] {
            assert_eq!(from_bytes(&to_bytes(&vote)), Ok(vote));
        }
    }
}

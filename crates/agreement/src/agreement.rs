//! An agreement: a text with numbered clauses, from the first offer to its end.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use oplog::{BadBytes, EntryId, PartyId, Reader, Wire, Writer};

use crate::ballot::{Ballot, Balloted, Offered};
use crate::standing::By;
use crate::terms::{AgreementTag, AgreementTerms};

/// The state of one agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// How its terms come into force. There is at least one slot.
    pub ballot: Ballot<AgreementTerms>,
    /// Withdrawals by party, by the entry that declared them, with the number of the slot whose terms its author saw in
    /// force; more than one entry when two keys of a party signed without knowledge of each other.
    pub withdrawn: BTreeMap<PartyId, BTreeMap<EntryId, u64>>,
    /// Entries whose content was erased.
    pub erased: BTreeSet<EntryId>,
}

impl Wire for Agreement {
    fn write(&self, to: &mut Writer) {
        self.ballot.write_fields(to.array(4));
        to.put(&self.withdrawn).put(&self.erased);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(4)?;
        Ok(Self { ballot: Ballot::read_fields(from)?, withdrawn: from.get()?, erased: from.get()? })
    }
}

/// Where an agreement stands. Whether the notice of a withdrawal has run is not here: that depends on the civil day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgreementPhase {
    /// On the table.
    Offered,
    /// The last offer failed, and nothing is in force.
    NotAgreed,
    /// Every party has signed the same text.
    InForce,
    /// Fewer than two parties have not withdrawn: it ends when their notice has run.
    Withdrawn,
    /// Ended by consent.
    Terminated,
}

impl AgreementPhase {
    /// Every phase, with the name it has on pages, in the CLI and in the database.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Offered, "offered"),
        (Self::NotAgreed, "not-agreed"),
        (Self::InForce, "in-force"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Terminated, "terminated"),
    ];

    /// The phase's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(phase, _)| *phase == self).map_or("", |(_, name)| name)
    }
}

impl Balloted for Agreement {
    type Terms = AgreementTerms;

    fn ballot(&self) -> &Ballot<AgreementTerms> {
        &self.ballot
    }

    fn ballot_mut(&mut self) -> &mut Ballot<AgreementTerms> {
        &mut self.ballot
    }

    fn seen_by(&self, by: &By<'_>) -> Cow<'_, Self> {
        let withdrawals = self.withdrawn.values().flat_map(BTreeMap::keys).copied();
        if self.ballot.entries().chain(withdrawals).all(|entry| (by.sees)(entry)) {
            return Cow::Borrowed(self);
        }
        let mut seen = self.clone();
        seen.withdrawn.values_mut().for_each(|held| held.retain(|entry, _| (by.sees)(*entry)));
        seen.withdrawn.retain(|_, held| !held.is_empty());
        seen.ballot.cut_to(by.sees);
        Cow::Owned(seen)
    }

    fn is_closed(&self) -> bool {
        matches!(self.phase(), AgreementPhase::Withdrawn | AgreementPhase::Terminated)
    }
}

impl Agreement {
    /// An agreement with this ballot, from which nobody has withdrawn.
    #[must_use]
    pub fn of(ballot: Ballot<AgreementTerms>) -> Self {
        Self { ballot, withdrawn: BTreeMap::new(), erased: BTreeSet::new() }
    }

    /// The last terms that came into force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Offered<AgreementTerms>> {
        self.ballot.in_force()
    }

    /// The offer whose content holds the texts that a reader wants to see: the newest that came into force, or else the
    /// newest on the table. An agreement that was ended has the texts that it had.
    #[must_use]
    pub fn text(&self) -> Option<&Offered<AgreementTerms>> {
        let mut won = self.ballot.won_slots().map(|(_, offered)| offered);
        won.rfind(|offered| offered.terms.tag != AgreementTag::Terminate).or_else(|| self.ballot.shown())
    }

    /// The parties of the terms in force that have withdrawn from them. Who signs later terms that name it is bound anew.
    #[must_use]
    pub fn leaving(&self) -> BTreeSet<PartyId> {
        let Some((number, held)) = self.ballot.won_slots().next_back() else { return BTreeSet::new() };
        let leaves = |party: &PartyId| {
            self.withdrawn.get(party).is_some_and(|held| held.values().any(|slot| *slot >= number))
        };
        held.terms.parties.iter().copied().filter(leaves).collect()
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> AgreementPhase {
        match self.in_force() {
            None if self.ballot.open_slot().is_some() => AgreementPhase::Offered,
            None => AgreementPhase::NotAgreed,
            Some(held) if held.terms.tag == AgreementTag::Terminate => AgreementPhase::Terminated,
            Some(held) if held.terms.parties.len() < self.leaving().len() + 2 => AgreementPhase::Withdrawn,
            Some(_) => AgreementPhase::InForce,
        }
    }

    /// The parties whose vote it waits for.
    #[must_use]
    pub fn waits_on(&self) -> BTreeSet<PartyId> {
        if self.is_closed() {
            return BTreeSet::new();
        }
        self.ballot.open_slot().map(|(_, slot)| slot.awaited()).unwrap_or_default()
    }
}

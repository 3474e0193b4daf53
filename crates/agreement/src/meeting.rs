//! A meeting: who was invited to what day, and the minutes that all of them adopt.

use std::borrow::Cow;
use std::collections::BTreeSet;

use oplog::{BadBytes, EntryId, PartyId, Reader, Wire, Writer, wire_struct};

use crate::ballot::{Ballot, Balloted, Offered};
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::{Due, MinutesTerms};

/// The most corrections of when and where a meeting is.
pub const CONVENED_MAX: usize = 1_024;

/// When a meeting is, as its convener said in one entry; its title, place and agenda stand in the entry's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convened {
    /// The entry.
    pub entry: EntryId,
    /// The day, in its zone; `None` when it was called off.
    pub day: Option<Due>,
}

wire_struct!(Convened { entry, day });

/// The state of one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Who convened it, and alone says when and where it is.
    pub convener: PartyId,
    /// Who was invited: the signature of each adopts the minutes. It does not change.
    pub invited: BTreeSet<PartyId>,
    /// What the convener said, in fold order; the last holds.
    pub convened: Vec<Convened>,
    /// How minutes are adopted.
    pub ballot: Ballot<MinutesTerms>,
    /// Entries whose content was erased.
    pub erased: BTreeSet<EntryId>,
}

impl Wire for Meeting {
    fn write(&self, to: &mut Writer) {
        to.array(6).put(&self.convener).put(&self.invited).put(&self.convened);
        self.ballot.write_fields(to);
        to.put(&self.erased);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(6)?;
        Ok(Self {
            convener: from.get()?,
            invited: from.get()?,
            convened: from.get()?,
            ballot: Ballot::read_fields(from)?,
            erased: from.get()?,
        })
    }
}

/// Where a meeting stands. Whether its day is over is not here: that depends on the civil day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingPhase {
    /// Convened, and no minutes offered.
    Convened,
    /// Called off, and no minutes offered.
    CalledOff,
    /// Minutes wait for signatures.
    Offered,
    /// The last minutes failed, and none are adopted.
    NotAdopted,
    /// All that were invited have signed the same minutes.
    Adopted,
}

impl MeetingPhase {
    /// Every phase, with the name it has on pages, in the CLI and in the database.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Convened, "convened"),
        (Self::CalledOff, "called-off"),
        (Self::Offered, "offered"),
        (Self::NotAdopted, "not-adopted"),
        (Self::Adopted, "adopted"),
    ];

    /// The phase's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(phase, _)| *phase == self).map_or("", |(_, name)| name)
    }
}

impl Balloted for Meeting {
    type Terms = MinutesTerms;

    fn ballot(&self) -> &Ballot<MinutesTerms> {
        &self.ballot
    }

    fn ballot_mut(&mut self) -> &mut Ballot<MinutesTerms> {
        &mut self.ballot
    }

    fn seen_by(&self, by: &By<'_>) -> Cow<'_, Self> {
        if self.ballot.entries().all(|entry| (by.sees)(entry)) {
            return Cow::Borrowed(self);
        }
        let mut seen = self.clone();
        seen.ballot.cut_to(by.sees);
        Cow::Owned(seen)
    }

    fn is_closed(&self) -> bool {
        false
    }

    fn base(&self) -> BTreeSet<PartyId> {
        self.invited.clone()
    }

    fn opens(&self) -> bool {
        true
    }

    fn check_offer(&self, terms: &MinutesTerms, by: &By<'_>) -> Result<(), Refusal> {
        if !self.convened.first().is_some_and(|first| (by.sees)(first.entry)) {
            return Err(Refusal::NoSuchObject);
        }
        if terms.parties != self.invited {
            return Err(Refusal::Terms("the parties that were invited to the meeting"));
        }
        if terms.outcomes.iter().any(|(_, object)| !(by.sees)((*object).into())) {
            return Err(Refusal::Terms("outcomes that the author has seen"));
        }
        Ok(())
    }
}

impl Meeting {
    /// A meeting that was just convened.
    #[must_use]
    pub fn of(convener: PartyId, invited: BTreeSet<PartyId>, first: Convened) -> Self {
        Self { convener, invited, convened: vec![first], ballot: Ballot::default(), erased: BTreeSet::new() }
    }

    /// The minutes that all have signed last.
    #[must_use]
    pub fn adopted(&self) -> Option<&Offered<MinutesTerms>> {
        self.ballot.in_force()
    }

    /// When it is, or was before it was called off.
    #[must_use]
    pub fn day(&self) -> Option<&Due> {
        self.convened.iter().rev().find_map(|convened| convened.day.as_ref())
    }

    /// Whether the convener called it off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.convened.last().is_some_and(|convened| convened.day.is_none())
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> MeetingPhase {
        match self.ballot.slots.last() {
            _ if self.adopted().is_some() => MeetingPhase::Adopted,
            None if self.is_off() => MeetingPhase::CalledOff,
            None => MeetingPhase::Convened,
            Some(_) if self.ballot.open_slot().is_some() => MeetingPhase::Offered,
            Some(_) => MeetingPhase::NotAdopted,
        }
    }

    /// The parties whose vote minutes wait for.
    #[must_use]
    pub fn waits_on(&self) -> BTreeSet<PartyId> {
        self.ballot.open_slot().map(|(_, slot)| slot.awaited()).unwrap_or_default()
    }
}

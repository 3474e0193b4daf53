//! The terms of a meeting's minutes: who was there, and what came of which item. Their words stand in the content.

use std::collections::BTreeSet;

use oplog::{ObjectId, PartyId, wire_struct};

use super::{CLAUSE_NUMBER_MAX, Terms};
use crate::ballot::{BallotTerms, Step};
use crate::change::Change;
use crate::refusal::Refusal;

/// The most outcomes of one meeting.
pub const OUTCOMES_MAX: usize = 256;

/// The minutes of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinutesTerms {
    /// Whose signature adopts them: all that were invited.
    pub parties: BTreeSet<PartyId>,
    /// Who was there.
    pub present: BTreeSet<PartyId>,
    /// What was made or taken up: the number of an agenda item, and the object.
    pub outcomes: BTreeSet<(u64, ObjectId)>,
    /// The civil day from which the offer may be let lapse.
    pub reply_by: Option<i32>,
}

wire_struct!(MinutesTerms { parties, present, outcomes, reply_by });

impl BallotTerms for MinutesTerms {
    fn named(&self) -> impl Iterator<Item = &PartyId> {
        self.parties.iter()
    }

    fn check(&self) -> Result<(), Refusal> {
        let rules = [
            (self.present.is_subset(&self.parties), "present parties from among the invited"),
            (self.outcomes.len() <= OUTCOMES_MAX, "at most 256 outcomes"),
            (
                self.outcomes.iter().all(|(item, _)| *item <= CLAUSE_NUMBER_MAX),
                "agenda items numbered up to 9999",
            ),
        ];
        rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(Refusal::Terms(rule)))
    }

    fn check_after(&self, _: &[&Self]) -> Result<(), Refusal> {
        Ok(())
    }

    fn into_terms(self) -> Terms {
        Terms::Minutes(self)
    }

    fn change(step: Step<Self>) -> Change {
        Change::Minutes(step)
    }
}

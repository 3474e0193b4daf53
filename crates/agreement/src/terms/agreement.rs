//! The terms of an agreement: who is bound, which clauses it has, and how a party may leave it. Its title and the texts
//! of its clauses stand in the content, which the hash covers.

use std::collections::BTreeSet;

use oplog::{BadBytes, PartyId, Reader, Wire, Writer, wire_code, wire_struct};

use super::Terms;
use crate::ballot::{BallotTerms, Step};
use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::PARTIES_MAX;

/// The most clauses of one agreement.
pub const CLAUSES_MAX: usize = 256;
/// The greatest number of a clause.
pub const CLAUSE_NUMBER_MAX: u64 = 9_999;
/// The longest notice of a withdrawal: ten years.
pub const NOTICE_DAYS_MAX: u64 = 3_650;

/// What kind of change the terms of an agreement make; checked against what they do change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgreementTag {
    /// The first terms, or a counter before any are in force.
    New,
    /// Any change of parties, clauses or texts.
    Amend,
    /// Nothing changes but that the agreement ends by consent.
    Terminate,
}

wire_code!(AgreementTag { New = 0, Amend = 1, Terminate = 2 });

/// How a party may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withdrawal {
    /// Not at all while the agreement lasts: also an amendment keeps every party.
    Never,
    /// By its own act, which takes effect so many days after another party is known to have received it.
    Notice(u64),
    /// By an amendment that all sign, the leaving party too.
    Consent,
}

impl Wire for Withdrawal {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Never => to.array(1).uint(0),
            Self::Notice(days) => to.array(2).uint(1).uint(*days),
            Self::Consent => to.array(1).uint(2),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let len = from.array()?;
        match (from.uint()?, len) {
            (0, 1) => Ok(Self::Never),
            (1, 2) => from.uint().map(Self::Notice),
            (2, 1) => Ok(Self::Consent),
            _ => Err(BadBytes::Malformed("withdrawal")),
        }
    }
}

/// The terms of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementTerms {
    /// What kind of change this is.
    pub tag: AgreementTag,
    /// Who is bound.
    pub parties: BTreeSet<PartyId>,
    /// The numbers of the clauses. A number means one clause for ever: one that was dropped does not come back.
    pub clauses: BTreeSet<u64>,
    /// How a party may leave.
    pub withdrawal: Withdrawal,
    /// The civil day from which the offer may be let lapse.
    pub reply_by: Option<i32>,
}

wire_struct!(AgreementTerms { tag, parties, clauses, withdrawal, reply_by });

impl AgreementTerms {
    fn amends(&self, old: &Self, before: &[&Self]) -> Result<(), Refusal> {
        if old.withdrawal == Withdrawal::Never && !self.parties.is_superset(&old.parties) {
            return Err(Refusal::Terms("all parties of the agreement, which says that none may withdraw"));
        }
        let dropped = |number: &u64| {
            !old.clauses.contains(number) && before.iter().any(|terms| terms.clauses.contains(number))
        };
        if self.clauses.iter().any(dropped) {
            return Err(Refusal::Terms("new numbers for new clauses, as a dropped one is not used again"));
        }
        Ok(())
    }
}

impl BallotTerms for AgreementTerms {
    fn named(&self) -> impl Iterator<Item = &PartyId> {
        self.parties.iter()
    }

    fn check(&self) -> Result<(), Refusal> {
        let numbers = 1..=CLAUSE_NUMBER_MAX;
        let rules = [
            ((2..=PARTIES_MAX).contains(&self.parties.len()), "between 2 and 200 parties"),
            ((1..=CLAUSES_MAX).contains(&self.clauses.len()), "between 1 and 256 clauses"),
            (
                self.clauses.iter().all(|number| numbers.contains(number)),
                "clauses numbered between 1 and 9999",
            ),
            (
                match self.withdrawal {
                    Withdrawal::Notice(days) => (1..=NOTICE_DAYS_MAX).contains(&days),
                    Withdrawal::Never | Withdrawal::Consent => true,
                },
                "a notice between 1 and 3650 days",
            ),
        ];
        rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(Refusal::Terms(rule)))
    }

    fn check_after(&self, before: &[&Self]) -> Result<(), Refusal> {
        let Some(old) = before.last() else {
            return if self.tag == AgreementTag::New {
                Ok(())
            } else {
                Err(Refusal::Terms("tag new, as nothing is in force"))
            };
        };
        let as_old = Self { tag: old.tag, reply_by: old.reply_by, ..self.clone() };
        match self.tag {
            AgreementTag::Amend => self.amends(old, before),
            AgreementTag::Terminate if as_old == **old => Ok(()),
            AgreementTag::New | AgreementTag::Terminate => {
                Err(Refusal::Terms("a tag that says what changes, and nothing more"))
            }
        }
    }

    fn into_terms(self) -> Terms {
        Terms::Agreement(self)
    }

    fn change(step: Step<Self>) -> Change {
        Change::Agreement(step)
    }
}

#[cfg(test)]
mod tests {
    use oplog::{from_bytes, to_bytes};

    use super::*;

    #[test]
    fn every_way_to_leave_reads_as_it_was_written() {
        for withdrawal in [Withdrawal::Never, Withdrawal::Notice(90), Withdrawal::Consent] {
            assert_eq!(from_bytes(&to_bytes(&withdrawal)), Ok(withdrawal));
        }
    }
}

//! What an offer puts on the table. Consent is always to a terms hash, which covers the content as well.

mod agreement;
mod minutes;

use std::collections::BTreeSet;

use calendar::CivilDay;
use oplog::{
    BadBytes, ContentHash, ObjectId, PartyId, Reader, TermsHash, Wire, Writer, id::hash, to_bytes, wire_code,
    wire_struct,
};

use crate::ballot::{BallotTerms, Step};
use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::Introduction;

pub use agreement::{
    AgreementTag, AgreementTerms, CLAUSE_NUMBER_MAX, CLAUSES_MAX, NOTICE_DAYS_MAX, Withdrawal,
};

pub use minutes::{MinutesTerms, OUTCOMES_MAX};

/// The most creditors of one commitment.
pub const CREDITORS_MAX: usize = 200;
/// The most bytes of a time zone's name.
pub const ZONE_BYTES_MAX: usize = 64;

/// What kind of change the terms make, so that a reader need not compare; checked against what they do change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// The first terms, or a counter before any are in force.
    New,
    /// Any change.
    Amend,
    /// The due day alone moves.
    Reschedule,
    /// The debtor alone changes.
    Delegate,
    /// The creditors alone change.
    Assign,
    /// Nothing changes but that the commitment ends by consent.
    MutualEnd,
}

wire_code!(Tag { New = 0, Amend = 1, Reschedule = 2, Delegate = 3, Assign = 4, MutualEnd = 5 });

/// Whose confirmation closes the commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closure {
    /// Every creditor that has not released.
    All,
    /// Any one creditor.
    Any,
    /// The first creditor in the list that has not released.
    Lead,
}

wire_code!(Closure { All = 0, Any = 1, Lead = 2 });

/// A due day in a zone: the commitment is due at the end of that day there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Days since 1970-01-01.
    pub day: i32,
    /// An IANA time zone name, such as `Asia/Tehran`.
    pub zone: String,
}

wire_struct!(Due { day, zone });

impl Due {
    /// The day, when it lies in the calendar's range.
    #[must_use]
    pub fn civil(&self) -> Option<CivilDay> {
        CivilDay::from_days(self.day).ok()
    }

    /// Checks that it is a day, and a zone's name.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.civil().is_none() {
            return Err(Refusal::Terms("a due day in the calendar's range"));
        }
        let named = !self.zone.is_empty()
            && self.zone.len() <= ZONE_BYTES_MAX
            && self.zone.bytes().all(|byte| byte.is_ascii_graphic());
        if named { Ok(()) } else { Err(Refusal::Terms("a time zone's name")) }
    }
}

/// What must hold before the commitment binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Another commitment is fulfilled; derived, never signed.
    Fulfilled(ObjectId),
    /// A text in the content, under this number; the debtor signs that it holds. A changed text needs a new number.
    Text(u64),
}

impl Wire for Condition {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Fulfilled(object) => to.array(2).uint(1).put(object),
            Self::Text(number) => to.array(2).uint(2).uint(*number),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(2)?;
        match from.uint()? {
            1 => from.get().map(Self::Fulfilled),
            2 => from.get().map(Self::Text),
            _ => Err(BadBytes::Malformed("condition")),
        }
    }
}

/// The terms of a commitment. Titles and texts stand in the content beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentTerms {
    /// What kind of change this is.
    pub tag: Tag,
    /// Who owes.
    pub debtor: PartyId,
    /// To whom, the lead first, without doubles.
    pub creditors: Vec<PartyId>,
    /// Whose confirmation closes it.
    pub closure: Closure,
    /// By when.
    pub due: Due,
    /// What must hold before.
    pub condition: Option<Condition>,
    /// The agreement and the number of the clause that it carries out.
    pub clause: Option<(ObjectId, u64)>,
    /// The civil day from which the offer may be let lapse.
    pub reply_by: Option<i32>,
}

wire_struct!(CommitmentTerms { tag, debtor, creditors, closure, due, condition, clause, reply_by });

impl CommitmentTerms {
    /// All parties named.
    #[must_use]
    pub fn parties(&self) -> BTreeSet<PartyId> {
        self.creditors.iter().copied().chain([self.debtor]).collect()
    }

    /// Checks that the tag tells the truth about the change from the terms in force.
    ///
    /// # Errors
    /// The tag does not fit.
    pub fn check_change(&self, in_force: Option<&Self>) -> Result<(), Refusal> {
        let Some(old) = in_force else {
            return if self.tag == Tag::New {
                Ok(())
            } else {
                Err(Refusal::Terms("tag new, as nothing is in force"))
            };
        };
        let as_old = Self { tag: old.tag, reply_by: old.reply_by, ..self.clone() };
        let fits = match self.tag {
            Tag::New => false,
            // The words may change alone: they are in the content, and in the hash that consent is to.
            Tag::Amend => true,
            Tag::Reschedule => self.due != old.due && Self { due: old.due.clone(), ..as_old } == *old,
            Tag::Delegate => self.debtor != old.debtor && Self { debtor: old.debtor, ..as_old } == *old,
            Tag::Assign => {
                self.creditors != old.creditors && Self { creditors: old.creditors.clone(), ..as_old } == *old
            }
            Tag::MutualEnd => as_old == *old,
        };
        if fits { Ok(()) } else { Err(Refusal::Terms("a tag that says what changes, and nothing more")) }
    }
}

impl BallotTerms for CommitmentTerms {
    fn named(&self) -> impl Iterator<Item = &PartyId> {
        self.creditors.iter().chain([&self.debtor])
    }

    fn check(&self) -> Result<(), Refusal> {
        let named = self.parties().len();
        let rules = [
            (
                !self.creditors.is_empty() && self.creditors.len() <= CREDITORS_MAX,
                "between 1 and 200 creditors",
            ),
            (named == self.creditors.len() + 1, "each party once, and the debtor not among the creditors"),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(Refusal::Terms(rule)),
            None => self.due.check(),
        }
    }

    fn check_after(&self, before: &[&Self]) -> Result<(), Refusal> {
        self.check_change(before.last().copied())
    }

    fn into_terms(self) -> Terms {
        Terms::Commitment(self)
    }

    fn change(step: Step<Self>) -> Change {
        Change::Commitment(step)
    }
}

/// The terms of a ballot over the space itself. The voters stand in the terms, so that the ballot can be
/// counted from its own entries alone: they are the members that the offer had seen, without its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceTerms {
    /// Lets a party in.
    Admit {
        /// Who votes.
        voters: BTreeSet<PartyId>,
        /// The party and its keys.
        introduction: Introduction,
    },
    /// Shows a party the door.
    Expel {
        /// Who votes.
        voters: BTreeSet<PartyId>,
        /// The party.
        seat: PartyId,
    },
    /// A new identity takes over a party's seat, after total loss or for a successor state.
    Succeed {
        /// Who votes.
        voters: BTreeSet<PartyId>,
        /// The new holder, and the seat.
        introduction: Introduction,
    },
    /// Raises the rules level.
    Level {
        /// Who votes: every member.
        voters: BTreeSet<PartyId>,
        /// The new level.
        level: u64,
    },
}

impl SpaceTerms {
    /// Who votes.
    #[must_use]
    pub fn voters(&self) -> &BTreeSet<PartyId> {
        match self {
            Self::Admit { voters, .. }
            | Self::Expel { voters, .. }
            | Self::Succeed { voters, .. }
            | Self::Level { voters, .. } => voters,
        }
    }

    /// The member that has no vote because the ballot is about it.
    #[must_use]
    pub fn subject(&self) -> Option<PartyId> {
        match self {
            Self::Expel { seat, .. } => Some(*seat),
            Self::Succeed { introduction, .. } => Some(introduction.seat),
            Self::Admit { .. } | Self::Level { .. } => None,
        }
    }
}

impl Wire for SpaceTerms {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Admit { voters, introduction } => to.array(3).uint(1).put(voters).put(introduction),
            Self::Expel { voters, seat } => to.array(3).uint(2).put(voters).put(seat),
            Self::Succeed { voters, introduction } => to.array(3).uint(3).put(voters).put(introduction),
            Self::Level { voters, level } => to.array(3).uint(4).put(voters).uint(*level),
        };
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let len = from.array()?;
        match (from.uint()?, len) {
            (1, 3) => Ok(Self::Admit { voters: from.get()?, introduction: from.get()? }),
            (2, 3) => Ok(Self::Expel { voters: from.get()?, seat: from.get()? }),
            (3, 3) => Ok(Self::Succeed { voters: from.get()?, introduction: from.get()? }),
            (4, 3) => Ok(Self::Level { voters: from.get()?, level: from.get()? }),
            _ => Err(BadBytes::Malformed("space terms")),
        }
    }
}

/// What an offer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terms {
    /// A commitment.
    Commitment(CommitmentTerms),
    /// The space.
    Space(SpaceTerms),
    /// An agreement.
    Agreement(AgreementTerms),
    /// The minutes of a meeting.
    Minutes(MinutesTerms),
}

impl Wire for Terms {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Commitment(terms) => to.array(2).uint(1).put(terms),
            Self::Space(terms) => to.array(2).uint(2).put(terms),
            Self::Agreement(terms) => to.array(2).uint(3).put(terms),
            Self::Minutes(terms) => to.array(2).uint(4).put(terms),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(2)?;
        match from.uint()? {
            1 => from.get().map(Self::Commitment),
            2 => from.get().map(Self::Space),
            3 => from.get().map(Self::Agreement),
            4 => from.get().map(Self::Minutes),
            _ => Err(BadBytes::Malformed("terms")),
        }
    }
}

impl Terms {
    /// The hash to which parties consent: `peygir/terms/0`, the encoded terms, and the content's hash (zeros if none).
    #[must_use]
    pub fn hash(&self, content: Option<ContentHash>) -> TermsHash {
        let content = content.unwrap_or(ContentHash::ZERO);
        TermsHash(hash("peygir/terms/0", &[&to_bytes(self), &content.0]))
    }
}

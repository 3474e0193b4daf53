//! Who may do what: one table. Only this file makes an [`Authorized`], and whatever acts for people demands one.

use agreement::operation::{Accept, Decline, Subject};
use agreement::{Operation, Terms};

use crate::people::{Person, PersonId};
use crate::{NodeError, Result};

/// What one of the party's people is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Heads the party's side: whatever there is.
    Head,
    /// The point of contact: the daily business, and the people who do it.
    FocalPoint,
    /// Does the daily business.
    Officer,
    /// Reads.
    Reader,
    /// From outside the party: reads the shared record for a while.
    Guest,
}

/// What a person may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Read the shared record; see and end one's own sessions.
    Read,
    /// See the party's own side: its inbox.
    Desk,
    /// Comment and attach.
    Comment,
    /// Offer, answer, report: whatever is signed about a commitment.
    Commit,
    /// Sign what concerns a whole space: ballots, membership.
    Vote,
    /// Invite people, give and take roles.
    People,
    /// Enrol and revoke keys.
    Keys,
}

/// The table: a row for each role, a column for each right, in the order of [`Role::ALL`] and [`Right::ALL`].
const TABLE: [[bool; 7]; 5] = [
    // read, desk, comment, commit, vote, people, keys
    [true, true, true, true, true, true, true],
    [true, true, true, true, false, true, false],
    [true, true, true, true, false, false, false],
    [true, true, false, false, false, false, false],
    [true, false, false, false, false, false, false],
];

impl Right {
    /// Every right.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Desk, Self::Comment, Self::Commit, Self::Vote, Self::People, Self::Keys];

    /// What it takes to sign an operation.
    #[must_use]
    pub fn to_sign(operation: &Operation) -> Self {
        match operation {
            Operation::Accept(Accept { subject, .. }) | Operation::Decline(Decline { subject, .. }) => {
                if *subject == Subject::Space {
                    Self::Vote
                } else {
                    Self::Commit
                }
            }
            Operation::Comment(_) | Operation::Attach(_) => Self::Comment,
            Operation::Offer(offer) if matches!(offer.terms, Terms::Space(_)) => Self::Vote,
            Operation::Offer(_)
            | Operation::Counter(_)
            | Operation::Lapse(_)
            | Operation::Pass(_)
            | Operation::Satisfy(_)
            | Operation::Report(_)
            | Operation::Confirm(_)
            | Operation::Dispute(_)
            | Operation::Release(_)
            | Operation::Cancel(_)
            | Operation::Withdraw(_)
            | Operation::Convene(_)
            | Operation::Transcribe(_) => Self::Commit,
            Operation::Genesis(_) | Operation::Admit(_) | Operation::Leave(_) | Operation::Erase(_) => {
                Self::Vote
            }
            // A node writes its receipts by itself; a person has no business with them.
            Operation::Enrol(_) | Operation::Revoke(_) | Operation::Ack(_) => Self::Keys,
        }
    }
}

impl Role {
    /// Every role, from the one that may do most.
    pub const ALL: [Self; 5] = [Self::Head, Self::FocalPoint, Self::Officer, Self::Reader, Self::Guest];

    /// Its code, as the record, the database and the command line write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::FocalPoint => "focal-point",
            Self::Officer => "officer",
            Self::Reader => "reader",
            Self::Guest => "guest",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether the table grants a right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        let (role, right) = (Self::ALL.iter().position(|held| *held == self), right as usize);
        role.and_then(|role| TABLE.get(role)).and_then(|row| row.get(right)).copied().unwrap_or(false)
    }

    /// Whether whoever has this role may give or take `other`: a head any, another only those that may do less.
    #[must_use]
    pub fn governs(self, other: Self) -> bool {
        self.may(Right::People) && (self == Self::Head || self < other)
    }
}

/// By whom something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs the node: has the folder, and so the keys.
    Operator,
    /// One of the party's people, in a role.
    Person(PersonId, Role),
}

/// Managing people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagePeople;

/// An action, and the proof that whoever does it may. There is no way to make one but by the table, or as the operator.
#[derive(Clone, Debug)]
#[must_use]
pub struct Authorized<A> {
    action: A,
    by: Actor,
}

impl<A> Authorized<A> {
    /// What the operator does at the command line, who needs no role. Never for what comes from a page.
    pub fn by_operator(action: A) -> Self {
        Self { action, by: Actor::Operator }
    }

    /// What a person does, if the person's role allows what it takes.
    ///
    /// # Errors
    /// The role does not allow it.
    pub(crate) fn by_person(person: &Person, right: Right, action: A) -> Result<Self> {
        if person.role.may(right) {
            Ok(Self { action, by: Actor::Person(person.id, person.role) })
        } else {
            Err(NodeError::NotAllowed)
        }
    }

    /// By whom.
    pub(crate) fn by(&self) -> Actor {
        self.by
    }

    /// What is done, and by whom.
    pub(crate) fn parts(self) -> (A, Actor) {
        (self.action, self.by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_after_it_may_and_nobody_without_a_role_anything() {
        for pair in Role::ALL.windows(2) {
            for right in Right::ALL {
                assert!(pair[0].may(right) || !pair[1].may(right), "{pair:?} {right:?}");
            }
        }
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(role));
        }
        assert_eq!(Role::of_code(""), None);
        assert_eq!(Right::ALL.map(|right| right as usize), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn the_table_says_what_the_decision_says() {
        let who = |right| Role::ALL.into_iter().filter(|role| role.may(right)).count();
        assert_eq!(Right::ALL.map(who), [5, 4, 3, 3, 1, 2, 1]);
        assert!(Role::Head.governs(Role::Head) && Role::FocalPoint.governs(Role::Officer));
        assert!(!Role::FocalPoint.governs(Role::FocalPoint) && !Role::FocalPoint.governs(Role::Head));
        assert!(!Role::Officer.governs(Role::Guest));
    }
}

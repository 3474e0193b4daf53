//! Why a programme cannot be reckoned with, said so that its author can mend it.

use crate::{COMMITMENTS_MAX, CommitmentId, LAG_DAYS_MAX, LENGTH_DAYS_MAX, LINKS_MAX};
use calendar::CivilDay;
use core::fmt;

/// The most faults that are told of one programme.
pub const ERRORS_MAX: usize = 100;
/// The most commitments of a path that are written out.
const PATH_SHOWN_MAX: usize = 20;

/// One fault of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// More than [`COMMITMENTS_MAX`].
    TooManyCommitments {
        /// How many there are.
        found: usize,
    },
    /// More than [`LINKS_MAX`].
    TooManyLinks {
        /// How many there are.
        found: usize,
    },
    /// Two commitments bear one id.
    DuplicateId {
        /// That id.
        id: CommitmentId,
    },
    /// A link names a commitment that the programme does not have.
    UnknownCommitment {
        /// The name that nobody bears.
        id: CommitmentId,
        /// Which link, counted from 0.
        link: usize,
    },
    /// A length below 1 day or above [`LENGTH_DAYS_MAX`]; what takes no time is a milestone.
    BadLength {
        /// Of which commitment.
        id: CommitmentId,
        /// The length given.
        days: i32,
    },
    /// A lag beyond [`LAG_DAYS_MAX`] in either direction.
    BadLag {
        /// The link's first commitment.
        from: CommitmentId,
        /// The link's second commitment.
        to: CommitmentId,
        /// The lag given.
        days: i32,
    },
    /// A day by which something is to be done has passed before the programme starts.
    AlreadyPast {
        /// Of which commitment.
        id: CommitmentId,
        /// The day that has passed.
        by: CivilDay,
        /// When the programme starts.
        start: CivilDay,
    },
    /// Commitments wait for each other.
    Cycle {
        /// Each waits for the one before it, and the first for the last.
        path: Vec<CommitmentId>,
    },
    /// A "must finish by" that cannot be met.
    ImpossibleBound {
        /// What must be done by then, in the order in which it is waited for; the last bears the bound.
        path: Vec<CommitmentId>,
        /// The bound.
        by: CivilDay,
        /// How many days too late the last is done at the earliest.
        late_days: i32,
    },
    /// The programme ends after the last day that the calendar knows.
    BeyondCalendar {
        /// What leads there, in the order in which it is waited for.
        path: Vec<CommitmentId>,
    },
}

impl fmt::Display for NetworkError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyCommitments { found } => {
                write!(to, "{found} commitments, at most {COMMITMENTS_MAX} are reckoned with")
            }
            Self::TooManyLinks { found } => {
                write!(to, "{found} links, at most {LINKS_MAX} are reckoned with")
            }
            Self::DuplicateId { id } => write!(to, "two commitments are called {id}"),
            Self::UnknownCommitment { id, link } => {
                write!(to, "link {link} names commitment {id}, which the programme does not have")
            }
            Self::BadLength { id, days } => {
                write!(to, "commitment {id} takes {days} days, it must be 1 to {LENGTH_DAYS_MAX}")
            }
            Self::BadLag { from, to: second, days } => write!(
                to,
                "the link from {from} to {second} has a lag of {days} days, at most {LAG_DAYS_MAX} are allowed"
            ),
            Self::AlreadyPast { id, by, start } => {
                write!(to, "commitment {id} is to be done by {by}, but the programme starts on {start}")
            }
            Self::Cycle { path } => {
                write!(to, "commitments wait for each other: {} > {}", Path(path), path[0])
            }
            Self::ImpossibleBound { path, by, late_days } => {
                write!(to, "{} must be done by {by}, which is {late_days} days too early", Path(path))
            }
            Self::BeyondCalendar { path } => {
                write!(to, "{} ends after {}", Path(path), CivilDay::LAST)
            }
        }
    }
}

impl core::error::Error for NetworkError {}

/// A path as people read it, the middle left out when it is long.
struct Path<'a>(&'a [CommitmentId]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out = self.0.len().saturating_sub(PATH_SHOWN_MAX);
        let half = PATH_SHOWN_MAX / 2;
        for (at, id) in self.0.iter().enumerate() {
            if left_out > 0 && at == half {
                write!(to, " > ({left_out} more)")?;
            }
            if at >= half && at < half + left_out {
                continue;
            }
            let arrow = if at == 0 { "" } else { " > " };
            write!(to, "{arrow}{id}")?;
        }
        Ok(())
    }
}

//! What people plan: commitments with a length and bounds, and the links between them.

use calendar::CivilDay;
use core::fmt;

/// The most commitments in one programme.
pub const COMMITMENTS_MAX: usize = 1 << 20;
/// The most links in one programme.
pub const LINKS_MAX: usize = 1 << 22;
/// The longest that one commitment may take, in days.
pub const LENGTH_DAYS_MAX: i32 = 36_500;
/// The longest lag of a link, forwards or backwards, in days.
pub const LAG_DAYS_MAX: i32 = 36_500;

/// Names a commitment for good: it stays the same when the programme around it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitmentId(pub u64);

impl fmt::Display for CommitmentId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}", self.0)
    }
}

/// Names the party that owes a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(pub u32);

/// How long a commitment takes once begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Takes no time: a point that is reached.
    Milestone,
    /// Whole days, from 1 to [`LENGTH_DAYS_MAX`].
    Days(i32),
}

/// What the calendar allows a commitment. A day that is past when the programme starts binds nothing as a "not
/// before", and is an error as a "by".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// It begins on this day or later.
    pub start_not_before: Option<CivilDay>,
    /// It is done on this day or later.
    pub finish_not_before: Option<CivilDay>,
    /// It is done on this day at the latest; a programme that cannot do so is refused.
    pub must_finish_by: Option<CivilDay>,
    /// It should be done by this day; a programme that cannot do so shows it as negative float.
    pub deadline: Option<CivilDay>,
}

/// One promise, as the timetable sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Its name.
    pub id: CommitmentId,
    /// Who owes it.
    pub party: PartyId,
    /// How long it takes.
    pub length: Length,
    /// When it may happen.
    pub bounds: Bounds,
}

/// Which end of one commitment holds back which end of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// The second begins when the first is done.
    FinishStart,
    /// The second begins when the first has begun.
    StartStart,
    /// The second is done when the first is done. The second is contiguous: it begins later, it takes no longer.
    FinishFinish,
    /// The second is done when the first has begun. The second is contiguous.
    StartFinish,
}

/// One commitment waits for another, at least so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The one that is waited for.
    pub from: CommitmentId,
    /// The one that waits.
    pub to: CommitmentId,
    /// Which ends are meant.
    pub kind: LinkKind,
    /// Days between the two ends at the least; negative when they may overlap.
    pub lag_days: i32,
}

/// A set of commitments with one goal, as it stands on the day it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// The day the reckoning starts from: nothing that is still open can happen before.
    pub start: CivilDay,
    /// What is still to be done, in any order.
    pub commitments: Vec<Commitment>,
    /// What waits for what, in any order.
    pub links: Vec<Link>,
}

//! The earliest and latest days at which everything can happen, and what holds it back.

use crate::{CommitmentId, Network};
use calendar::CivilDay;

/// Held back by nothing that comes before it.
const NOTHING: u32 = u32::MAX;

/// What sets the earliest start of a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// The start of the programme.
    ProgrammeStart,
    /// Its own "not before".
    Bound,
    /// A commitment that it waits for; of several that hold it back equally, the first linked.
    Commitment(CommitmentId),
}

/// When a commitment can happen, in days from the programme's start; a finish is the end of the day before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The earliest start.
    pub early_start: i32,
    /// The earliest finish.
    pub early_finish: i32,
    /// The latest start that delays neither the end of the programme nor any bound.
    pub late_start: i32,
    /// The latest finish that does so.
    pub late_finish: i32,
    /// By how many days it can move without delaying them; negative where a deadline cannot be met.
    pub total_float: i32,
    /// By how many days it can move from its earliest start without moving anything that waits for it; where
    /// nothing waits, the total float, and never below 0.
    pub free_float: i32,
    /// What sets the earliest start.
    pub driver: Driver,
}

/// The earliest and latest times of a whole programme.
#[derive(Clone, Debug)]
pub struct CriticalPath<'a> {
    network: &'a Network,
    early: Early,
    late_starts: Vec<i32>,
    free_floats: Vec<i32>,
    length_days: i32,
}

/// The earliest starts, and through which arc each is reached.
#[derive(Clone, Debug)]
pub(crate) struct Early {
    pub(crate) starts: Vec<i32>,
    /// A rank, or [`NOTHING`].
    drivers: Vec<u32>,
}

impl Early {
    /// What leads to a commitment, in the order in which it is waited for.
    pub(crate) fn path(&self, network: &Network, rank: usize) -> Vec<CommitmentId> {
        let mut path = vec![network.ids[rank]];
        let mut driver = self.drivers[rank];
        while driver != NOTHING {
            path.push(network.ids[driver as usize]);
            driver = self.drivers[driver as usize];
        }
        path.reverse();
        path
    }
}

/// The earliest starts. Sums stop at the largest number: a programme that gets there is beyond the calendar.
pub(crate) fn early(network: &Network) -> Early {
    let mut starts = Vec::with_capacity(network.len());
    let mut drivers = Vec::with_capacity(network.len());
    for rank in 0..network.len() {
        let mut start = network.start_floors[rank].max(network.finish_floors[rank] - network.lengths[rank]);
        let mut driver = NOTHING;
        for arc in network.before.of(rank) {
            let reached = i32::saturating_add(starts[arc.other as usize], arc.weight);
            if reached > start {
                (start, driver) = (reached, arc.other);
            }
        }
        starts.push(start);
        drivers.push(driver);
    }
    Early { starts, drivers }
}

impl Network {
    /// The earliest and latest times of everything, with lengths as planned.
    #[must_use]
    pub fn critical_path(&self) -> CriticalPath<'_> {
        let early = early(self);
        let length_days =
            early.starts.iter().zip(&self.lengths).map(|(start, length)| start + length).max().unwrap_or(0);
        let mut late_starts = vec![0; self.len()];
        let mut free_floats = vec![0; self.len()];
        for rank in (0..self.len()).rev() {
            let latest_finish = length_days.min(self.must_ceilings[rank]).min(self.deadlines[rank]);
            let mut late = latest_finish - self.lengths[rank];
            let mut free = i32::MAX;
            for arc in self.after.of(rank) {
                late = late.min(late_starts[arc.other as usize] - arc.weight);
                free = free.min(early.starts[arc.other as usize] - arc.weight - early.starts[rank]);
            }
            late_starts[rank] = late;
            free_floats[rank] = if free == i32::MAX { (late - early.starts[rank]).max(0) } else { free };
        }
        CriticalPath { network: self, early, late_starts, free_floats, length_days }
    }
}

impl CriticalPath<'_> {
    /// Days from the start of the programme to its end.
    #[must_use]
    pub fn length_days(&self) -> i32 {
        self.length_days
    }

    /// The times of one commitment, unless the programme does not have it.
    #[must_use]
    pub fn times(&self, id: CommitmentId) -> Option<Times> {
        self.network.rank(id).map(|rank| self.at(rank))
    }

    /// The times of all commitments, in the order of [`Network::ids`].
    pub fn all(&self) -> impl Iterator<Item = (CommitmentId, Times)> {
        self.network.ids.iter().enumerate().map(|(rank, id)| (*id, self.at(rank)))
    }

    /// What leads to a commitment, itself last, each held back by the one before; empty if the programme does not
    /// have it.
    #[must_use]
    pub fn path_to(&self, id: CommitmentId) -> Vec<CommitmentId> {
        self.network.rank(id).map_or_else(Vec::new, |rank| self.early.path(self.network, rank))
    }

    /// What decides the end of the programme, first to last: the path to the one that is done last.
    #[must_use]
    pub fn path(&self) -> Vec<CommitmentId> {
        let last = (0..self.network.len())
            .rfind(|rank| self.early.starts[*rank] + self.network.lengths[*rank] == self.length_days);
        last.map_or_else(Vec::new, |rank| self.early.path(self.network, rank))
    }

    /// The day on which something that is done at `finish` is done; a milestone at the very start on the first.
    #[must_use]
    pub fn finish_day(&self, finish: i32) -> Option<CivilDay> {
        CivilDay::from_days(self.network.start.days().checked_add((finish - 1).max(0))?).ok()
    }

    fn at(&self, rank: usize) -> Times {
        let (early_start, late_start) = (self.early.starts[rank], self.late_starts[rank]);
        let length = self.network.lengths[rank];
        let driver = match self.early.drivers[rank] {
            NOTHING if early_start == 0 => Driver::ProgrammeStart,
            NOTHING => Driver::Bound,
            rank => Driver::Commitment(self.network.ids[rank as usize]),
        };
        Times {
            early_start,
            early_finish: early_start + length,
            late_start,
            late_finish: late_start + length,
            total_float: late_start - early_start,
            free_float: self.free_floats[rank],
            driver,
        }
    }
}

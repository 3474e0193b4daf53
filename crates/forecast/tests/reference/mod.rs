//! A slow, obvious reckoning that other tests are held against, and random programmes.

use calendar::CivilDay;
use forecast::{Bounds, Commitment, CommitmentId, Length, Link, LinkKind, PartyId, Programme};
use proptest::prelude::*;

/// So early that nothing follows from it.
const LONG_AGO: i32 = -1_000_000;

/// The day on which the programmes of tests start.
pub(crate) fn start() -> CivilDay {
    CivilDay::from_ymd(2026, 9, 1).unwrap()
}

/// Each rule as its words say it, over and over until nothing moves.
pub(crate) struct Reference<'a> {
    programme: &'a Programme,
    /// For each link, the places of its ends.
    ends: Vec<(usize, usize)>,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(programme: &'a Programme) -> Self {
        let place = |id| programme.commitments.iter().position(|it| it.id == id).unwrap();
        let ends = programme.links.iter().map(|link| (place(link.from), place(link.to))).collect();
        Self { programme, ends }
    }

    fn length(&self, at: usize) -> i32 {
        match self.programme.commitments[at].length {
            Length::Milestone => 0,
            Length::Days(days) => days,
        }
    }

    fn offset(&self, day: CivilDay) -> i32 {
        day.days() - self.programme.start.days()
    }

    /// The least starts that keep every link and bound, and do not come before those that are `held`.
    pub(crate) fn earliest(&self, held: &[(usize, i32)]) -> Vec<i32> {
        let mut starts = vec![0; self.programme.commitments.len()];
        loop {
            let before = starts.clone();
            for (at, start) in held {
                starts[*at] = starts[*at].max(*start);
            }
            for (at, commitment) in self.programme.commitments.iter().enumerate() {
                while commitment.bounds.start_not_before.is_some_and(|day| starts[at] < self.offset(day)) {
                    starts[at] += 1;
                }
                let is_done_before = |day| starts[at] + self.length(at) < self.offset(day) + 1;
                if let Some(day) = commitment.bounds.finish_not_before.filter(|day| is_done_before(*day)) {
                    starts[at] = self.offset(day) + 1 - self.length(at);
                }
            }
            self.keep_links(&mut starts);
            if starts == before {
                return starts;
            }
        }
    }

    /// Moves what waits for too early a start, once.
    fn keep_links(&self, starts: &mut [i32]) {
        for (link, (from, to)) in self.programme.links.iter().zip(&self.ends) {
            let from_finish = starts[*from] + self.length(*from);
            let least = match link.kind {
                LinkKind::FinishStart => from_finish + link.lag_days,
                LinkKind::StartStart => starts[*from] + link.lag_days,
                LinkKind::FinishFinish => from_finish + link.lag_days - self.length(*to),
                LinkKind::StartFinish => starts[*from] + link.lag_days - self.length(*to),
            };
            starts[*to] = starts[*to].max(least);
        }
    }

    /// By how many days the programme, or any bound, is late if one commitment starts at `start` and only what
    /// that leads to is looked at.
    pub(crate) fn late_by(&self, at: usize, start: i32, length_days: i32) -> i32 {
        let mut starts = vec![LONG_AGO; self.programme.commitments.len()];
        starts[at] = start;
        for _ in 0..starts.len() {
            self.keep_links(&mut starts);
        }
        let late = |at: usize| {
            let bounds = self.programme.commitments[at].bounds;
            let by = [bounds.must_finish_by, bounds.deadline].into_iter().flatten();
            let latest = by.map(|day| self.offset(day) + 1).fold(length_days, i32::min);
            starts[at] + self.length(at) - latest
        };
        (0..starts.len()).map(late).max().unwrap()
    }
}

/// Programmes without a cycle, with every kind of link and bound; ids in no order.
pub(crate) fn programmes() -> impl Strategy<Value = Programme> {
    let bounds = proptest::option::weighted(0.15, 0i32..60);
    let commitment = (0i32..12, bounds.clone(), bounds.clone(), bounds, 0u32..4);
    let commitments = proptest::collection::vec(commitment, 1..24);
    let links = proptest::collection::vec((0usize..24, 0usize..24, 0usize..4, -6i32..12), 0..50);
    (commitments, links).prop_map(|(commitments, links)| {
        let day = |days: i32| CivilDay::from_days(start().days() + days).unwrap();
        let name = |at: usize| CommitmentId((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let rows = commitments.len();
        let commitments = commitments
            .into_iter()
            .enumerate()
            .map(|(at, (days, start_from, finish_from, deadline, party))| Commitment {
                id: name(at),
                party: PartyId(party),
                length: if days == 0 { Length::Milestone } else { Length::Days(days) },
                bounds: Bounds {
                    start_not_before: start_from.map(day),
                    finish_not_before: finish_from.map(day),
                    must_finish_by: None,
                    deadline: deadline.map(day),
                },
            })
            .collect();
        let kinds =
            [LinkKind::FinishStart, LinkKind::StartStart, LinkKind::FinishFinish, LinkKind::StartFinish];
        let links = links
            .into_iter()
            .map(|(a, b, kind, lag_days)| (a % rows, b % rows, kinds[kind], lag_days))
            .filter(|(a, b, _, _)| a != b)
            .map(|(a, b, kind, lag_days)| Link { from: name(a.min(b)), to: name(a.max(b)), kind, lag_days })
            .collect();
        Programme { start: start(), commitments, links }
    })
}

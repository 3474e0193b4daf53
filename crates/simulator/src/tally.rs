//! What schedules were made of, so that a generator that has stopped making something is noticed.

use std::collections::BTreeMap;

/// How often each thing happened, and in how many schedules it happened at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Schedules in this tally.
    pub schedules: u64,
    counts: BTreeMap<&'static str, (u64, u64)>,
}

impl Tally {
    /// The tally of one schedule.
    pub(crate) fn one() -> Self {
        Self { schedules: 1, ..Self::default() }
    }

    /// Notes one more of `what`.
    pub(crate) fn add(&mut self, what: &'static str) {
        self.add_many(what, 1);
    }

    /// Notes `many` more of `what`.
    pub(crate) fn add_many(&mut self, what: &'static str, many: u64) {
        if many > 0 {
            let (count, schedules) = self.counts.entry(what).or_default();
            *count += many;
            *schedules = 1;
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Self) {
        self.schedules += other.schedules;
        for (what, (count, schedules)) in &other.counts {
            let held = self.counts.entry(what).or_default();
            held.0 += count;
            held.1 += schedules;
        }
    }

    /// How often `what` happened.
    #[must_use]
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).map_or(0, |(count, _)| *count)
    }

    /// The schedules in which `what` happened, in tenths of a percent.
    #[must_use]
    pub fn per_mille(&self, what: &str) -> u64 {
        let schedules = self.counts.get(what).map_or(0, |(_, schedules)| *schedules);
        schedules * 1_000 / self.schedules.max(1)
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} schedules", self.schedules)?;
        for (what, (count, _)) in &self.counts {
            let share = self.per_mille(what);
            writeln!(f, "{count:>10}  {:>3}.{} % of schedules  {what}", share / 10, share % 10)?;
        }
        Ok(())
    }
}

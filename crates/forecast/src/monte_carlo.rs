//! The forecast: a programme run through many times, each time with other lengths.

use crate::kernel::{BLOCK, Counts, Draw, Scratch, Ticks};
use crate::model::SAMPLES_MAX;
use crate::ticked::{Tick, Ticked, ticked};
use crate::{CommitmentId, ForecastError, Model, Network};
use std::thread;

/// The most threads that one forecast uses.
pub const THREADS_MAX: usize = 64;

/// A chance that was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The share of samples.
    pub share: f64,
    /// Its standard error, as if one sample more had gone either way: never 0.
    pub standard_error: f64,
}

impl Chance {
    fn new(count: u32, samples: u32) -> Self {
        let (count, samples) = (f64::from(count), f64::from(samples));
        let careful = (count + 1.0) / (samples + 2.0);
        Self { share: count / samples, standard_error: (careful * (1.0 - careful) / (samples + 2.0)).sqrt() }
    }
}

/// What many samples say of a programme.
#[derive(Clone, Debug)]
pub struct Forecast<'a> {
    network: &'a Network,
    tick: Tick,
    samples: u32,
    counts: Counts,
    /// The end of the programme in every sample, in order.
    ends: Vec<u16>,
}

/// Which code runs: for tests, since all give the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Best,
    #[cfg(test)]
    Plain,
    #[cfg(all(test, target_arch = "x86_64"))]
    Avx2,
}

impl Network {
    /// Runs the programme through `samples` times on `threads` threads. The result is the same for any number of
    /// threads, on any machine.
    ///
    /// # Errors
    /// A model or a number of samples that [`ForecastError`] refuses.
    pub fn forecast(
        &self,
        model: &Model,
        samples: u32,
        seed: u64,
        threads: usize,
    ) -> Result<Forecast<'_>, ForecastError> {
        if !(1..=SAMPLES_MAX).contains(&samples) {
            return Err(ForecastError::BadSamples { found: samples });
        }
        let ticked = ticked(self, model, seed)?;
        let (counts, ends) = run(&ticked, samples, threads, Level::Best)?;
        Ok(Forecast { network: self, tick: ticked.tick, samples, counts, ends })
    }
}

impl Forecast<'_> {
    /// The chance that a commitment is done by its deadline or "must finish by"; 1 where it has neither.
    #[must_use]
    pub fn on_time(&self, id: CommitmentId) -> Option<Chance> {
        Some(Chance::new(self.counts.on_time[self.network.rank(id)?], self.samples))
    }

    /// The chance that a commitment is critical: that the programme would end later if it took longer.
    #[must_use]
    pub fn critical(&self, id: CommitmentId) -> Option<Chance> {
        Some(Chance::new(self.counts.critical[self.network.rank(id)?], self.samples))
    }

    /// The mean of the days from the programme's start to a commitment's finish.
    #[must_use]
    pub fn mean_finish(&self, id: CommitmentId) -> Option<f64> {
        let sum = self.counts.sum[self.network.rank(id)?];
        Some(self.tick.days(sum as f64 / f64::from(self.samples)))
    }

    /// Days from the start to the end of the programme that a share of the samples, from 0 to 1, does not exceed.
    #[must_use]
    pub fn end_quantile(&self, share: f64) -> f64 {
        let last = self.ends.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cut to a place in the list"
        )]
        let place = (share.clamp(0.0, 1.0) * self.ends.len() as f64).ceil() as usize;
        self.tick.days(f64::from(self.ends[place.saturating_sub(1).min(last)]))
    }

    /// The mean of the days from the start to the end of the programme.
    #[must_use]
    pub fn mean_end(&self) -> f64 {
        let sum: u64 = self.ends.iter().map(|ticks| u64::from(*ticks)).sum();
        self.tick.days(sum as f64 / f64::from(self.samples))
    }
}

/// All blocks, each thread taking every so many.
pub(crate) fn run(
    ticked: &Ticked,
    samples: u32,
    threads: usize,
    level: Level,
) -> Result<(Counts, Vec<u16>), ForecastError> {
    let blocks = (samples as usize).div_ceil(BLOCK);
    let threads = threads.clamp(1, THREADS_MAX.min(blocks));
    let parts: Vec<_> = thread::scope(|scope| {
        let part = |first| move || part(ticked, samples, (first..blocks).step_by(threads), level);
        let others: Vec<_> = (1..threads).map(|first| scope.spawn(part(first))).collect();
        let own = part(0)();
        let others = others.into_iter().map(|it| it.join().expect("a block draws without panic"));
        core::iter::once(own).chain(others).collect()
    });
    let mut counts = Counts::new(ticked.rows.len());
    let mut ends = Vec::with_capacity(samples as usize);
    for (part, more) in parts {
        counts.add(&part);
        ends.extend(more);
    }
    ends.sort_unstable();
    if ends.last() == Some(&u16::MAX) { Err(ForecastError::Saturated) } else { Ok((counts, ends)) }
}

fn part(
    ticked: &Ticked,
    samples: u32,
    blocks: impl Iterator<Item = usize>,
    level: Level,
) -> (Counts, Vec<u16>) {
    let mut counts = Counts::new(ticked.rows.len());
    let mut ends = Vec::new();
    let mut scratch = Scratch::new(ticked);
    let mut finishes = vec![[0; BLOCK]; ticked.rows.len()];
    for block in blocks {
        let live = (samples as usize - block * BLOCK).min(BLOCK);
        let draw = Draw {
            ticked,
            first: u32::try_from(block * BLOCK).expect("samples are limited"),
            live,
            scratch: &mut scratch,
            finishes: &mut finishes,
            counts: &mut counts,
        };
        ends.extend_from_slice(&dispatch(draw, level)[..live]);
    }
    (counts, ends)
}

/// Runs a block with the best instructions that this machine has.
pub(crate) fn dispatch(draw: Draw<'_>, level: Level) -> Ticks {
    match level {
        Level::Best => pulp::Arch::new().dispatch(draw),
        #[cfg(test)]
        Level::Plain => pulp::Simd::vectorize(pulp::Scalar::new(), draw),
        #[cfg(all(test, target_arch = "x86_64"))]
        Level::Avx2 => match pulp::x86::V3::try_new() {
            Some(simd) => pulp::Simd::vectorize(simd, draw),
            None => pulp::Simd::vectorize(pulp::Scalar::new(), draw),
        },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Level, run};
    use crate::ticked::{Tick, ticked, with_tick};
    use crate::{
        Bounds, Commitment, CommitmentId, ForecastError, Length, Link, LinkKind, Model, PartyId, Programme,
        Spread, compile, oracle,
    };
    use calendar::CivilDay;
    use proptest::prelude::*;

    pub(crate) fn programmes() -> impl Strategy<Value = (Programme, Model)> {
        let commitment = (0i32..9, 0i32..20, proptest::option::of(1i32..60), 0usize..4);
        let commitments = proptest::collection::vec(commitment, 1..16);
        let links = proptest::collection::vec((0u64..16, 0u64..16, 0usize..4, -9i32..9), 0..32);
        (commitments, links, 0.0f32..0.5, 0.0f32..0.5).prop_map(|(rows, links, shared, party)| {
            let start = CivilDay::from_days(0).unwrap();
            let day = |days| CivilDay::from_days(days).unwrap();
            let mut model = Model { shared, party, ..Model::default() };
            let mut commitments = Vec::new();
            for (id, (length, from, deadline, kind)) in (0u64..).zip(&rows) {
                let id = CommitmentId(id);
                let spread = match kind {
                    0 => None,
                    1 => Some(Spread::Triangular { low: *length, likely: length + 2, high: length * 3 + 4 }),
                    2 => Some(Spread::Lognormal { median: length + 1, sigma: 0.6 }),
                    _ => Some(Spread::Record(vec![*length, 3, 9, 40])),
                };
                if let Some(spread) = spread {
                    model.spreads.insert(id, spread);
                }
                let bounds = Bounds {
                    start_not_before: (from % 3 == 0).then(|| day(*from)),
                    finish_not_before: (from % 5 == 0).then(|| day(*from)),
                    must_finish_by: None,
                    deadline: deadline.map(day),
                };
                let length = if *length == 0 { Length::Milestone } else { Length::Days(*length) };
                commitments.push(Commitment { id, party: PartyId(from.unsigned_abs() % 3), length, bounds });
            }
            let kinds =
                [LinkKind::FinishStart, LinkKind::StartStart, LinkKind::FinishFinish, LinkKind::StartFinish];
            let count = rows.len() as u64;
            let links = links
                .into_iter()
                .map(|(a, b, kind, lag)| (a % count, b % count, kinds[kind], lag))
                .filter(|(a, b, _, _)| a != b)
                .map(|(a, b, kind, lag_days)| Link {
                    from: CommitmentId(a.min(b)),
                    to: CommitmentId(a.max(b)),
                    kind,
                    lag_days,
                })
                .collect();
            (Programme { start, commitments, links }, model)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_instruction_set_and_number_of_threads_gives_what_the_oracle_gives(
            (programme, model) in programmes(),
            samples in 1u32..700,
            seed: u64,
        ) {
            let network = compile(&programme).unwrap();
            let ticked = ticked(&network, &model, seed).unwrap();
            let wanted = oracle::run(&ticked, samples);
            let mut levels = vec![Level::Best, Level::Plain];
            #[cfg(target_arch = "x86_64")]
            levels.push(Level::Avx2);
            for level in levels {
                for threads in [1, 2, 5] {
                    let found = run(&ticked, samples, threads, level).unwrap();
                    prop_assert_eq!(&found, &wanted, "{:?} on {} threads", level, threads);
                }
            }
        }
    }

    #[test]
    fn a_tick_that_is_too_fine_is_an_error_and_not_a_wrong_tail() {
        let spread = Spread::Triangular { low: 1_000, likely: 9_000, high: 20_000 };
        let commitments = (0..3)
            .map(|id| Commitment {
                id: CommitmentId(id),
                party: PartyId(0),
                length: Length::Days(9_000),
                bounds: Bounds::default(),
            })
            .collect();
        let chain = |to| Link {
            from: CommitmentId(to - 1),
            to: CommitmentId(to),
            kind: LinkKind::FinishStart,
            lag_days: 0,
        };
        let programme = Programme {
            start: CivilDay::from_days(0).unwrap(),
            commitments,
            links: vec![chain(1), chain(2)],
        };
        let network = compile(&programme).unwrap();
        let model = Model {
            spreads: (0..3).map(|id| (CommitmentId(id), spread.clone())).collect(),
            ..Model::default()
        };
        assert_eq!(ticked(&network, &model, 1).unwrap().tick, Tick { ticks: 1, days: 1 });
        let tables = vec![spread.knots(); 3];
        let fine = with_tick(&network, &model, &tables, 1, Tick { ticks: 3, days: 1 }).unwrap();
        assert_eq!(run(&fine, 1_000, 1, Level::Best).unwrap_err(), ForecastError::Saturated);
    }
}

//! How long a timetable takes to reckon: the critical path, and many samples of the whole programme.

use crate::chance::Chance;
use crate::cpu::{machine, spent};
use calendar::CivilDay;
use forecast::{
    Bounds, Commitment, CommitmentId, Length, Link, LinkKind, Model, Network, PartyId, Programme, Spread,
    compile,
};
use std::fmt::Write as _;

/// How many commitments are reckoned through, over and over: the time of threads is counted coarsely.
const PATH_COMMITMENTS: u64 = 20_000_000;
/// How far back in the list a commitment of a windowed programme waits.
const WINDOW: u64 = 500;
/// The largest programme whose samples are kept for changes, and how many changes are made.
const KEPT_COMMITMENTS_MAX: u64 = 10_000;
const CHANGES: u64 = 200;
const PARTIES: u64 = 20;
/// Parts of the variance, in common and by party.
const SHARES: (f32, f32) = (0.1, 0.2);
const SEED: u64 = 11;

/// Commitments that wait for one to three others each, of those before them or of the last 500 before them.
///
/// # Panics
/// Only where the calendar has no day 20,000.
#[must_use]
pub fn programme(commitments: u64, is_windowed: bool) -> (Programme, Model) {
    let mut chance = Chance::new(SEED);
    let mut model = Model { shared: SHARES.0, party: SHARES.1, ..Model::default() };
    let mut programme = Programme {
        start: CivilDay::from_days(20_000).expect("a day of the calendar"),
        commitments: Vec::new(),
        links: Vec::new(),
    };
    for id in 0..commitments {
        let small =
            |chance: &mut Chance, below| i32::try_from(chance.number() % below).expect("a small number");
        let low = 1 + small(&mut chance, 10);
        let likely = low + small(&mut chance, 10);
        let high = likely + 1 + small(&mut chance, 20);
        model.spreads.insert(CommitmentId(id), Spread::Triangular { low, likely, high });
        programme.commitments.push(Commitment {
            id: CommitmentId(id),
            party: PartyId(u32::try_from(chance.number() % PARTIES).expect("a small number")),
            length: Length::Days(likely),
            bounds: Bounds::default(),
        });
        let reach = if is_windowed { WINDOW.min(id) } else { id };
        let mut before: Vec<_> = (0..=chance.number() % 3)
            .filter(|_| reach > 0)
            .map(|_| id - 1 - chance.number() % reach)
            .collect();
        before.sort_unstable();
        before.dedup();
        programme.links.extend(before.into_iter().map(|from| Link {
            from: CommitmentId(from),
            to: CommitmentId(id),
            kind: LinkKind::FinishStart,
            lag_days: 0,
        }));
    }
    (programme, model)
}

/// CPU milliseconds per 1,000 samples and of the critical path, for programmes of up to `commitments_max`.
///
/// # Panics
/// Where a programme made here is refused.
#[must_use]
pub fn run(commitments_max: usize) -> String {
    let mut text = format!("{}\n", machine());
    for commitments in [1_000, 10_000, 100_000].into_iter().filter(|it| *it <= commitments_max as u64) {
        for is_windowed in [true, false] {
            let (programme, model) = programme(commitments, is_windowed);
            let (network, compiled) = spent(|| compile(&programme).expect("the programme is in order"));
            let repeats = PATH_COMMITMENTS / commitments;
            let paths = spent(|| (0..repeats).map(|_| network.critical_path().length_days()).sum::<i32>()).1;
            let samples = u32::try_from(100_000_000 / commitments).unwrap_or(u32::MAX).min(10_240);
            let (forecast, drawn) =
                spent(|| network.forecast(&model, samples, SEED, 1).expect("the model is in order"));
            let shape = if is_windowed { "windowed" } else { "uniform" };
            writeln!(
                text,
                "{commitments} {shape}: compile {} ms; critical path {} ms; {samples} samples on one thread {} ms, \
                 {} ms per 1,000; path {} days, mean end {:.1}, P90 {:.1}",
                compiled / 1_000_000,
                thousandths(paths / repeats / 1_000),
                drawn / 1_000_000,
                thousandths(drawn / u64::from(samples)),
                network.critical_path().length_days(),
                forecast.mean_end(),
                forecast.end_quantile(0.9),
            )
            .expect("text can be written");
            if commitments <= KEPT_COMMITMENTS_MAX {
                text.push_str(&changes(&network, &model, samples));
            }
        }
    }
    text
}

/// One change after another to samples that are kept.
fn changes(network: &Network, model: &Model, samples: u32) -> String {
    let mut kept = network.keep(model, samples, SEED).expect("the samples fit");
    let mut chance = Chance::new(SEED);
    let (moved, taken) = spent(|| {
        let mut moved = 0;
        for _ in 0..CHANGES {
            let id = CommitmentId(chance.number() % network.len() as u64);
            let spread = Spread::Triangular { low: 1, likely: 9, high: 40 };
            moved += kept.change(id, &spread).expect("the change fits its ticks");
        }
        moved
    });
    let each = thousandths(taken / CHANGES / 1_000);
    let blocks = u64::from(samples).div_ceil(128);
    let rows = moved as u64 / CHANGES / blocks;
    format!("  a change to kept samples: {each} ms, mean of {CHANGES}; {rows} commitments moved in each\n")
}

/// A programme for others to reckon: for each commitment low, likely, high, and the places of what it waits for.
///
/// # Panics
/// Only where a programme made here lacks a spread.
#[must_use]
pub fn listed(commitments: usize, is_windowed: bool) -> String {
    let (programme, model) = programme(commitments as u64, is_windowed);
    let mut before = vec![String::new(); commitments];
    for link in &programme.links {
        let place = usize::try_from(link.to.0).expect("a place in the list");
        write!(before[place], " {}", link.from).expect("text can be written");
    }
    let mut text = String::new();
    for (commitment, before) in programme.commitments.iter().zip(before) {
        let Some(Spread::Triangular { low, likely, high }) = model.spreads.get(&commitment.id) else {
            panic!("every commitment made here has a triangular spread");
        };
        writeln!(text, "{low} {likely} {high}{before}").expect("text can be written");
    }
    text
}

/// Microseconds, as people write milliseconds.
fn thousandths(us: u64) -> String {
    format!("{}.{:03}", us / 1_000, us % 1_000)
}

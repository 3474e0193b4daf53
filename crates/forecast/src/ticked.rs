//! A programme and its model in ticks: whole numbers of 16 bits, fine enough for the mean and coarse enough for the
//! worst case.

use crate::chance::{Key, Lines, Stream};
use crate::model::PARTIES_MAX;
use crate::normal::{PIECES, knots};
use crate::spread::Knots;
use crate::{CommitmentId, ForecastError, LinkKind, Model, Network, PartyId, Spread};
use std::collections::BTreeMap;

/// The finest tick, in parts of a day.
const TICKS_PER_DAY_MAX: u32 = 240;
/// The coarsest, in days.
const DAYS_PER_TICK_MAX: u32 = 64;
/// The last tick that is a time; the one after it says "too late".
pub(crate) const TICK_MAX: u16 = u16::MAX - 1;

/// So many ticks are so many days; one of them is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) ticks: u32,
    pub(crate) days: u32,
}

impl Tick {
    /// From the finest to the coarsest, without those finer than `ticks` a day.
    fn from(ticks: u32) -> impl Iterator<Item = Self> {
        let fine = (1..=ticks).rev().map(|ticks| Self { ticks, days: 1 });
        fine.chain((2..=DAYS_PER_TICK_MAX).map(|days| Self { ticks: 1, days }))
    }

    pub(crate) fn exact(self, days: f64) -> f64 {
        days * f64::from(self.ticks) / f64::from(self.days)
    }

    pub(crate) fn days(self, ticks: f64) -> f64 {
        ticks * f64::from(self.days) / f64::from(self.ticks)
    }

    /// The nearest tick, between 0 and the last.
    pub(crate) fn of(self, days: i32) -> u16 {
        let ticks = self.exact(f64::from(days)).round().clamp(0.0, f64::from(TICK_MAX));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to its range")]
        let ticks = ticks as u16;
        ticks
    }
}

/// Waiting for another row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    pub(crate) other: u32,
    pub(crate) kind: LinkKind,
    /// The lag in ticks: one of the two is 0.
    pub(crate) later: u16,
    pub(crate) earlier: u16,
}

/// How long a row takes.
#[derive(Clone, Debug)]
pub(crate) enum Span {
    Fixed(u16),
    Drawn(Box<Lines>),
}

/// One commitment.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) key: Key,
    pub(crate) span: Span,
    pub(crate) start_floor: u16,
    pub(crate) finish_floor: u16,
    /// By when it is due; the last tick when it is due at no time.
    pub(crate) due: u16,
    /// The place of its party among those drawn for.
    pub(crate) party: u32,
    pub(crate) waits: Vec<Wait>,
}

/// What the kernel runs on. Rows are in the order of ranks.
#[derive(Clone, Debug)]
pub(crate) struct Ticked {
    pub(crate) tick: Tick,
    pub(crate) rows: Vec<Row>,
    pub(crate) shared: Key,
    pub(crate) parties: Vec<Key>,
    /// The square roots of the shares of variance: all, party, own.
    pub(crate) weights: [f32; 3],
}

/// The finest tick in which even the worst case has a number.
pub(crate) fn ticked(network: &Network, model: &Model, seed: u64) -> Result<Ticked, ForecastError> {
    let tables = tables(network, model)?;
    // What is rounded up weighs less in fine ticks, so none finer than in proportion to this can do.
    let of_finest = worst(network, &tables, Tick { ticks: TICKS_PER_DAY_MAX, days: 1 });
    let share = (f64::from(TICK_MAX) / of_finest.max(1.0)).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
    let ticks = (f64::from(TICKS_PER_DAY_MAX) * share).floor() as u32;
    let finest = Tick::from(ticks).find(|tick| worst(network, &tables, *tick) <= f64::from(TICK_MAX));
    with_tick(network, model, &tables, seed, finest.ok_or(ForecastError::TooLong)?)
}

fn tables(network: &Network, model: &Model) -> Result<Vec<Option<Knots>>, ForecastError> {
    let mut tables = vec![None; network.len()];
    for (id, spread) in &model.spreads {
        let rank = network.rank(*id).ok_or(ForecastError::UnknownCommitment { id: *id })?;
        tables[rank] = Some(table(*id, spread)?);
    }
    Ok(tables)
}

pub(crate) fn table(id: CommitmentId, spread: &Spread) -> Result<Knots, ForecastError> {
    spread.knots().ok_or(ForecastError::BadSpread { id })
}

/// The end of the programme in ticks when everything takes as long as it may; rounding up costs a tick each.
fn worst(network: &Network, tables: &[Option<Knots>], tick: Tick) -> f64 {
    let mut finishes = Vec::with_capacity(network.len());
    let mut worst: f64 = 0.0;
    for (rank, table) in tables.iter().enumerate() {
        let days = table.map_or(f64::from(network.lengths[rank]), |knots| knots[PIECES]);
        let length = tick.exact(days).ceil() + 1.0;
        let floor = |days: i32| tick.exact(f64::from(days)).ceil();
        let mut finish = floor(network.finish_floors[rank]).max(floor(network.start_floors[rank]) + length);
        for arc in network.before.of(rank) {
            // A start is as late as its finish less the shortest length; taking the finish errs to the safe side.
            let from: f64 = finishes[arc.other as usize];
            let ends_with = matches!(arc.kind, LinkKind::FinishFinish | LinkKind::StartFinish);
            let reached = (from + tick.exact(f64::from(arc.lag_days)).ceil()).max(0.0);
            finish = finish.max(if ends_with { reached } else { reached + length });
        }
        worst = worst.max(finish);
        finishes.push(finish);
    }
    worst
}

pub(crate) fn with_tick(
    network: &Network,
    model: &Model,
    tables: &[Option<Knots>],
    seed: u64,
    tick: Tick,
) -> Result<Ticked, ForecastError> {
    let own = 1.0 - model.shared - model.party;
    let shares = [model.shared, model.party, own];
    if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
        return Err(ForecastError::BadShares);
    }
    let mut places = BTreeMap::new();
    for party in &network.parties {
        let next = places.len();
        places.entry(*party).or_insert(next);
    }
    if places.len() > PARTIES_MAX {
        return Err(ForecastError::TooManyParties { found: places.len() });
    }
    let mut parties = vec![Key::new(seed, Stream::Shared); places.len()];
    for (PartyId(party), place) in &places {
        parties[*place] = Key::new(seed, Stream::Party(*party));
    }
    let row = |rank: usize| Row {
        key: Key::new(seed, Stream::Commitment(network.ids[rank].0)),
        span: tables[rank]
            .map_or(Span::Fixed(tick.of(network.lengths[rank])), |knots| Span::Drawn(lines(&knots, tick))),
        start_floor: tick.of(network.start_floors[rank]),
        finish_floor: tick.of(network.finish_floors[rank]),
        due: tick.of(network.must_ceilings[rank].min(network.deadlines[rank])),
        party: u32::try_from(places[&network.parties[rank]]).expect("parties are few"),
        waits: network.before.of(rank).iter().map(|arc| wait(*arc, tick)).collect(),
    };
    Ok(Ticked {
        tick,
        rows: (0..network.len()).map(row).collect(),
        shared: Key::new(seed, Stream::Shared),
        parties,
        weights: shares.map(f32::sqrt),
    })
}

fn wait(arc: crate::network::Arc, tick: Tick) -> Wait {
    Wait {
        other: arc.other,
        kind: arc.kind,
        later: tick.of(arc.lag_days.max(0)),
        earlier: tick.of((-arc.lag_days).max(0)),
    }
}

pub(crate) fn lines(days: &Knots, tick: Tick) -> Box<Lines> {
    let z = knots();
    let mut lines = Box::new(Lines { base: [0.0; PIECES], slope: [0.0; PIECES] });
    for at in 0..PIECES {
        let (low, high) = (tick.exact(days[at]), tick.exact(days[at + 1]));
        let slope = (high - low) / (z[at + 1] - z[at]);
        #[expect(clippy::cast_possible_truncation, reason = "a float of 32 bits is what the kernel takes")]
        let (base, slope) = ((low - slope * z[at]) as f32, slope as f32);
        (lines.base[at], lines.slope[at]) = (base, slope);
    }
    lines
}

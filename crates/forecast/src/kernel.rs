//! The inner loops: one block of samples through the whole programme, written so that the compiler makes vector
//! code of them for each instruction set.

use crate::LinkKind;
use crate::chance::{Key, Lines, dither, normal};
use crate::ticked::{Row, Span, Ticked, Wait};
use pulp::{Simd, WithSimd};

/// Samples in a block: a row is a few vectors, and the rows that wait for each other stay in the cache.
pub(crate) const BLOCK: usize = 128;

/// Ticks of one commitment in every sample of a block.
pub(crate) type Ticks = [u16; BLOCK];
/// A part of the normal number, in every sample of a block.
type Part = [f32; BLOCK];

/// What is counted over all samples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// For each row: samples in which it is done by its due date, and in which it is critical; the sum of its
    /// finishes.
    pub(crate) on_time: Vec<u32>,
    pub(crate) critical: Vec<u32>,
    pub(crate) sum: Vec<u64>,
}

impl Counts {
    pub(crate) fn new(rows: usize) -> Self {
        Self { on_time: vec![0; rows], critical: vec![0; rows], sum: vec![0; rows] }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let pairs = self.on_time.iter_mut().zip(&other.on_time);
        pairs.for_each(|(sum, more)| *sum += more);
        self.critical.iter_mut().zip(&other.critical).for_each(|(sum, more)| *sum += more);
        self.sum.iter_mut().zip(&other.sum).for_each(|(sum, more)| *sum += more);
    }
}

/// Room that a thread uses for one block after another.
#[derive(Debug)]
pub(crate) struct Scratch {
    starts: Vec<Ticks>,
    critical: Vec<Ticks>,
    common: Vec<Part>,
}

impl Scratch {
    pub(crate) fn new(ticked: &Ticked) -> Self {
        let rows = ticked.rows.len();
        Self {
            starts: vec![[0; BLOCK]; rows],
            critical: vec![[0; BLOCK]; rows],
            common: vec![[0.0; BLOCK]; ticked.parties.len()],
        }
    }
}

impl Scratch {
    pub(crate) fn into_starts(self) -> Vec<Ticks> {
        self.starts
    }
}

/// Draws one block.
pub(crate) struct Draw<'a> {
    pub(crate) ticked: &'a Ticked,
    pub(crate) first: u32,
    /// How many samples of the block count.
    pub(crate) live: usize,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) finishes: &'a mut [Ticks],
    pub(crate) counts: &'a mut Counts,
}

impl WithSimd for Draw<'_> {
    /// The end of the programme in every sample.
    type Output = Ticks;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Ticks {
        let Self { ticked, first, live, scratch, finishes, counts } = self;
        let live = mask(live);
        commons(ticked, first, &mut scratch.common);
        let mut end = [0; BLOCK];
        for (rank, row) in ticked.rows.iter().enumerate() {
            let (done, rest) = finishes.split_at_mut(rank);
            let (begun, starts) = scratch.starts.split_at_mut(rank);
            let length = length(row, first, ticked.weights[2], &scratch.common[row.party as usize]);
            let finish = finish(row, &length, done, begun);
            for at in 0..BLOCK {
                // Never below 0; sums that are checked for it would not become vector code.
                starts[0][at] = finish[at].wrapping_sub(length[at]);
                end[at] = end[at].max(finish[at]);
            }
            count(rank, row.due, &live, &finish, counts);
            rest[0] = finish;
            scratch.critical[rank] = [0; BLOCK];
        }
        criticality(ticked, &live, finishes, &end, scratch, counts);
        end
    }
}

/// What all commitments of a party have in common, for every party.
#[inline(always)]
fn commons(ticked: &Ticked, first: u32, common: &mut [Part]) {
    let [shared, party, _] = ticked.weights;
    let everyone = part(ticked.shared, first, shared);
    for (row, key) in common.iter_mut().zip(&ticked.parties) {
        *row = part(*key, first, party);
        row.iter_mut().zip(&everyone).for_each(|(z, all)| *z += all);
    }
}

/// The same for one party, to the same bits.
#[inline(always)]
pub(crate) fn common_of(ticked: &Ticked, place: u32, first: u32) -> [f32; BLOCK] {
    let [shared, party, _] = ticked.weights;
    let mut row = part(ticked.parties[place as usize], first, party);
    row.iter_mut().zip(&part(ticked.shared, first, shared)).for_each(|(z, all)| *z += all);
    row
}

#[inline(always)]
fn part(key: Key, first: u32, weight: f32) -> Part {
    let mut part = [0.0; BLOCK];
    for (sample, z) in (first..).zip(&mut part) {
        *z = weight * normal(key.bits(sample));
    }
    part
}

/// How long a commitment takes in every sample.
#[inline(always)]
pub(crate) fn length(row: &Row, first: u32, own: f32, common: &Part) -> Ticks {
    match &row.span {
        Span::Fixed(ticks) => [*ticks; BLOCK],
        Span::Drawn(lines) => drawn(row.key, lines, first, own, common),
    }
}

#[inline(always)]
fn drawn(key: Key, lines: &Lines, first: u32, own: f32, common: &Part) -> Ticks {
    let mut length = [0; BLOCK];
    for at in 0..BLOCK {
        #[expect(clippy::cast_possible_truncation, reason = "a place in the block")]
        let bits = key.bits(first.wrapping_add(at as u32));
        length[at] = lines.ticks(common[at] + own * normal(bits), dither(bits));
    }
    length
}

/// When it is done in every sample; "too late" stays "too late".
#[inline(always)]
pub(crate) fn finish(row: &Row, length: &Ticks, done: &[Ticks], begun: &[Ticks]) -> Ticks {
    let mut start = [row.start_floor; BLOCK];
    let mut finish = [row.finish_floor; BLOCK];
    for wait in &row.waits {
        let other = wait.other as usize;
        match wait.kind {
            LinkKind::FinishStart => raise(&mut start, &done[other], wait),
            LinkKind::StartStart => raise(&mut start, &begun[other], wait),
            LinkKind::FinishFinish => raise(&mut finish, &done[other], wait),
            LinkKind::StartFinish => raise(&mut finish, &begun[other], wait),
        }
    }
    for at in 0..BLOCK {
        finish[at] = finish[at].max(start[at].saturating_add(length[at]));
    }
    finish
}

#[inline(always)]
fn raise(to: &mut Ticks, from: &Ticks, wait: &Wait) {
    for at in 0..BLOCK {
        to[at] = to[at].max(from[at].saturating_add(wait.later).saturating_sub(wait.earlier));
    }
}

#[inline(always)]
fn count(rank: usize, due: u16, live: &Ticks, finish: &Ticks, counts: &mut Counts) {
    let (mut on_time, mut sum) = (0u16, 0u32);
    for at in 0..BLOCK {
        on_time = on_time.wrapping_add(u16::from(finish[at] <= due) & live[at]);
        sum = sum.wrapping_add(u32::from(finish[at]).wrapping_mul(u32::from(live[at])));
    }
    counts.on_time[rank] += u32::from(on_time);
    counts.sum[rank] += u64::from(sum);
}

/// 1 for the samples of a block that count. Their sums stay far below what their numbers can hold.
#[inline(always)]
fn mask(live: usize) -> Ticks {
    let mut mask = [0; BLOCK];
    mask[..live].fill(1);
    mask
}

/// What decides the end of the programme, from the last to the first: what is critical and waits exactly as long as
/// the link says makes critical what it waits for.
#[inline(always)]
fn criticality(
    ticked: &Ticked,
    live: &Ticks,
    finishes: &[Ticks],
    end: &Ticks,
    scratch: &mut Scratch,
    counts: &mut Counts,
) {
    let Scratch { starts, critical, .. } = scratch;
    for (rank, row) in ticked.rows.iter().enumerate().rev() {
        let (before, here) = critical.split_at_mut(rank);
        let here = &mut here[0];
        for at in 0..BLOCK {
            here[at] |= u16::from(finishes[rank][at] == end[at]) & live[at];
        }
        counts.critical[rank] += u32::from(here.iter().fold(0u16, |sum, it| sum.wrapping_add(*it)));
        for wait in &row.waits {
            let other = wait.other as usize;
            let (from, to) = match wait.kind {
                LinkKind::FinishStart => (&finishes[other], &starts[rank]),
                LinkKind::StartStart => (&starts[other], &starts[rank]),
                LinkKind::FinishFinish => (&finishes[other], &finishes[rank]),
                LinkKind::StartFinish => (&starts[other], &finishes[rank]),
            };
            let row = &mut before[other];
            for at in 0..BLOCK {
                let reached = from[at].saturating_add(wait.later).saturating_sub(wait.earlier);
                row[at] |= here[at] & u16::from(reached == to[at]);
            }
        }
    }
}

//! The forecast once more, slowly: one sample and one commitment at a time, in wide whole numbers, for the fast one to
//! be held against.

use crate::LinkKind;
use crate::chance::{dither, normal};
use crate::kernel::Counts;
use crate::ticked::{Span, Ticked};

/// Start and finish of every commitment in one sample.
fn times(ticked: &Ticked, sample: u32) -> Vec<(i64, i64)> {
    let [shared, party, own] = ticked.weights;
    let everyone = shared * normal(ticked.shared.bits(sample));
    let mut times: Vec<(i64, i64)> = Vec::new();
    for row in &ticked.rows {
        let common = party * normal(ticked.parties[row.party as usize].bits(sample)) + everyone;
        let bits = row.key.bits(sample);
        let length = match &row.span {
            Span::Fixed(ticks) => *ticks,
            Span::Drawn(lines) => lines.ticks(common + own * normal(bits), dither(bits)),
        };
        let length = i64::from(length);
        let (mut start, mut finish) = (i64::from(row.start_floor), i64::from(row.finish_floor));
        for wait in &row.waits {
            let (other_start, other_finish) = times[wait.other as usize];
            let lag = i64::from(wait.later) - i64::from(wait.earlier);
            match wait.kind {
                LinkKind::FinishStart => start = start.max(other_finish + lag),
                LinkKind::StartStart => start = start.max(other_start + lag),
                LinkKind::FinishFinish => finish = finish.max(other_finish + lag),
                LinkKind::StartFinish => finish = finish.max(other_start + lag),
            }
        }
        let finish = finish.max(start + length);
        times.push((finish - length, finish));
    }
    times
}

/// Which commitments decide the end: those from which links that hold exactly lead to one that is done last.
fn critical(ticked: &Ticked, times: &[(i64, i64)], end: i64) -> Vec<bool> {
    let mut critical: Vec<_> = times.iter().map(|(_, finish)| *finish == end).collect();
    loop {
        let before = critical.clone();
        for (rank, row) in ticked.rows.iter().enumerate().filter(|(rank, _)| before[*rank]) {
            for wait in &row.waits {
                let (from, to) = (times[wait.other as usize], times[rank]);
                let (from, to) = match wait.kind {
                    LinkKind::FinishStart => (from.1, to.0),
                    LinkKind::StartStart => (from.0, to.0),
                    LinkKind::FinishFinish => (from.1, to.1),
                    LinkKind::StartFinish => (from.0, to.1),
                };
                // A way back beyond the start of the programme ends at the start.
                let reached = (from + i64::from(wait.later) - i64::from(wait.earlier)).max(0);
                critical[wait.other as usize] |= reached == to;
            }
        }
        if critical == before {
            return critical;
        }
    }
}

/// What [`run`](crate::monte_carlo::run) gives.
pub(crate) fn run(ticked: &Ticked, samples: u32) -> (Counts, Vec<u16>) {
    let mut counts = Counts::new(ticked.rows.len());
    let mut ends = Vec::new();
    for sample in 0..samples {
        let times = times(ticked, sample);
        let end = times.iter().map(|(_, finish)| *finish).max().unwrap_or(0);
        for (rank, is_critical) in critical(ticked, &times, end).into_iter().enumerate() {
            counts.critical[rank] += u32::from(is_critical);
            counts.on_time[rank] += u32::from(times[rank].1 <= i64::from(ticked.rows[rank].due));
            counts.sum[rank] += u64::try_from(times[rank].1).unwrap();
        }
        ends.push(u16::try_from(end).unwrap());
    }
    ends.sort_unstable();
    (counts, ends)
}

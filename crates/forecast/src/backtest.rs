//! What our chances would have been worth: each promise of the past judged by what was known before its due date.

use crate::{Outcome, TrackRecord};

/// The most outcomes that are judged: each due date reads all that came before it.
pub const BACKTEST_MAX: usize = 50_000;
/// So many outcomes must be known before the first is judged.
pub const KNOWN_MIN: usize = 30;
/// Chances are compared with what came true in so many classes.
const CLASSES: usize = 10;

/// How far chances were from what came true. A score is the mean squared distance (Brier 1950): lower is better.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backtest {
    /// How many promises were judged.
    pub judged: usize,
    /// The score of believing every promise.
    pub as_promised: f64,
    /// The score of the rate of all that was known, whoever promised.
    pub pool: f64,
    /// The score of [`TrackRecord::due_kept_rate`].
    pub outlook: f64,
    /// Of all that was called so likely, how far from that share came true: the mean over all promises.
    pub calibration_error: f64,
}

/// Judges every outcome at the beginning of its promised day. Nothing where fewer than [`KNOWN_MIN`] were ever known,
/// or more than [`BACKTEST_MAX`] are to be judged.
#[must_use]
pub fn backtest(outcomes: &[Outcome]) -> Option<Backtest> {
    if outcomes.len() > BACKTEST_MAX {
        return None;
    }
    let mut by_actual = outcomes.to_vec();
    by_actual.sort_by_key(|it| it.actual);
    let mut by_promised = outcomes.to_vec();
    by_promised.sort_by_key(|it| it.promised);
    let mut sums = Backtest::default();
    let mut classes = [0.0f64; CLASSES];
    for due in by_promised.chunk_by(|a, b| a.promised == b.promised) {
        let today = due[0].promised;
        let known = &by_actual[..by_actual.partition_point(|it| it.actual < today)];
        if known.len() < KNOWN_MIN {
            continue;
        }
        let record = TrackRecord::new(known, today);
        let kept = known.iter().filter(|it| it.slip_days() <= 0).count();
        let pool = (kept as f64 + 0.5) / (known.len() as f64 + 1.0);
        for outcome in due {
            let came_true = if outcome.slip_days() <= 0 { 1.0 } else { 0.0 };
            let chance = record.due_kept_rate(outcome.party, outcome.field).expected;
            sums.judged += 1;
            sums.as_promised += (1.0f64 - came_true).powi(2);
            sums.pool += (pool - came_true).powi(2);
            sums.outlook += (chance - came_true).powi(2);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to a class")]
            let class = ((chance * CLASSES as f64) as usize).min(CLASSES - 1);
            classes[class] += chance - came_true;
        }
    }
    let judged = sums.judged as f64;
    (sums.judged > 0).then(|| Backtest {
        judged: sums.judged,
        as_promised: sums.as_promised / judged,
        pool: sums.pool / judged,
        outlook: sums.outlook / judged,
        calibration_error: classes.iter().map(|sum| sum.abs()).sum::<f64>() / judged,
    })
}

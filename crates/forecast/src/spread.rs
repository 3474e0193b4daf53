//! How long something may take: a length with its uncertainty, as a table over the normal distribution.

use crate::LENGTH_DAYS_MAX;
use crate::normal::{PIECES, Z_MAX, below, density, knots, piece_chances, tail};

/// The widest lognormal: its likely range spans a factor of e² either way.
pub const SIGMA_MAX: f64 = 2.0;
/// The most lengths of one record.
pub const RECORD_MAX: usize = 100_000;

/// How long a commitment may take, in days.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// Between two ends, with the likeliest length between them.
    Triangular {
        /// The shortest.
        low: i32,
        /// The likeliest.
        likely: i32,
        /// The longest.
        high: i32,
    },
    /// A factor of the median: its logarithm is normal.
    Lognormal {
        /// As likely longer as shorter.
        median: i32,
        /// The standard deviation of the logarithm, up to [`SIGMA_MAX`].
        sigma: f64,
    },
    /// As long as similar things took, each as likely as the other.
    Record(Vec<i32>),
}

/// Days at each knot of z.
pub(crate) type Knots = [f64; PIECES + 1];

impl Spread {
    /// Days at each knot, so that the mean of what lies on and between them is the mean of the spread. Nothing where
    /// the numbers are in no order or beyond the limits.
    pub(crate) fn knots(&self) -> Option<Knots> {
        let (days, mean) = match self {
            Self::Triangular { low, likely, high } => {
                let is_ordered = 0 <= *low && low <= likely && likely <= high;
                is_ordered.then(|| triangular(f64::from(*low), f64::from(*likely), f64::from(*high)))?
            }
            Self::Lognormal { median, sigma } => {
                let is_within = *median > 0 && (0.0..=SIGMA_MAX).contains(sigma);
                let median = f64::from(*median);
                let mean = median * (sigma * sigma / 2.0).exp();
                is_within.then(|| (knots().map(|z| median * (sigma * z).exp()), mean))?
            }
            Self::Record(lengths) => record(lengths)?,
        };
        let days = with_mean(days, mean);
        (days[PIECES] <= f64::from(LENGTH_DAYS_MAX)).then_some(days)
    }
}

fn triangular(low: f64, likely: f64, high: f64) -> (Knots, f64) {
    let width = high - low;
    let turn = if width > 0.0 { (likely - low) / width } else { 0.0 };
    let at = |chance: f64| {
        if chance < turn {
            low + (chance * width * (likely - low)).sqrt()
        } else {
            high - ((1.0 - chance) * width * (high - likely)).sqrt()
        }
    };
    (below().map(at), (low + likely + high) / 3.0)
}

/// Lengths in order, each at the middle of its share of the chance, and lines between them.
fn record(lengths: &[i32]) -> Option<(Knots, f64)> {
    let is_within = (1..=RECORD_MAX).contains(&lengths.len()) && lengths.iter().all(|it| *it >= 0);
    if !is_within {
        return None;
    }
    let mut sorted: Vec<_> = lengths.iter().map(|it| f64::from(*it)).collect();
    sorted.sort_by(f64::total_cmp);
    let last = (sorted.len() - 1) as f64;
    let at = |chance: f64| {
        let place = (chance * (last + 1.0) - 0.5).clamp(0.0, last);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let low = place.floor() as usize;
        let high = sorted[(low + 1).min(sorted.len() - 1)];
        sorted[low] + (high - sorted[low]) * (place - place.floor())
    };
    Some((below().map(at), sorted.iter().sum::<f64>() / (last + 1.0)))
}

/// The mean over the normal distribution of what lies on the lines between the knots.
pub(crate) fn mean(days: &Knots) -> f64 {
    let (z, chances) = (knots(), piece_chances());
    let step = 2.0 * Z_MAX / PIECES as f64;
    let mut sum = tail() * (days[0] + days[PIECES]);
    for at in 0..PIECES {
        let slope = (days[at + 1] - days[at]) / step;
        sum += (days[at] - slope * z[at]) * chances[at] + slope * (density(z[at]) - density(z[at + 1]));
    }
    sum
}

fn with_mean(knots: Knots, wanted: f64) -> Knots {
    let found = mean(&knots);
    if found > 0.0 { knots.map(|days| days * wanted / found) } else { knots }
}

#[cfg(test)]
mod tests {
    use super::{Spread, mean};

    #[test]
    fn the_mean_of_the_table_is_the_mean_of_the_spread() {
        for (spread, wanted) in [
            (Spread::Triangular { low: 10, likely: 20, high: 60 }, 30.0),
            (Spread::Triangular { low: 7, likely: 7, high: 7 }, 7.0),
            (Spread::Lognormal { median: 100, sigma: 0.5 }, 100.0 * 0.125f64.exp()),
            (Spread::Record(vec![5, 5, 5, 45]), 15.0),
            (Spread::Record(vec![0]), 0.0),
        ] {
            let found = mean(&spread.knots().unwrap());
            assert!((found - wanted).abs() < 1e-9, "{spread:?}: {found}");
        }
    }

    #[test]
    fn numbers_in_no_order_or_beyond_the_limits_give_no_table() {
        for spread in [
            Spread::Triangular { low: 5, likely: 4, high: 9 },
            Spread::Triangular { low: -1, likely: 4, high: 9 },
            Spread::Triangular { low: 1, likely: 4, high: i32::MAX },
            Spread::Lognormal { median: 0, sigma: 0.1 },
            Spread::Lognormal { median: 10, sigma: f64::NAN },
            Spread::Lognormal { median: 36_000, sigma: 1.0 },
            Spread::Record(vec![]),
            Spread::Record(vec![3, -1]),
        ] {
            assert_eq!(spread.knots(), None, "{spread:?}");
        }
    }
}

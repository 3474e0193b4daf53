//! The standard normal distribution at the knots of duration tables: z from -4 to 4 in steps of a quarter.

use std::sync::OnceLock;

/// Pieces between knots.
pub(crate) const PIECES: usize = 32;
/// Where the table ends; what lies beyond is taken as the end.
pub(crate) const Z_MAX: f64 = 4.0;
/// Steps of Simpson's rule in each piece: the error is below 1e-10.
const STEPS: u32 = 16;

/// The z of each knot.
pub(crate) fn knots() -> [f64; PIECES + 1] {
    let mut z = -Z_MAX;
    [(); PIECES + 1].map(|()| {
        let knot = z;
        z += 2.0 * Z_MAX / PIECES as f64;
        knot
    })
}

/// The density at z.
pub(crate) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / core::f64::consts::TAU.sqrt()
}

/// The chance of each piece, by Simpson's rule; reckoned once.
pub(crate) fn piece_chances() -> &'static [f64; PIECES] {
    static CHANCES: OnceLock<[f64; PIECES]> = OnceLock::new();
    CHANCES.get_or_init(integrated)
}

fn integrated() -> [f64; PIECES] {
    let knots = knots();
    let mut at = 0;
    [(); PIECES].map(|()| {
        let (from, width) = (knots[at], knots[at + 1] - knots[at]);
        at += 1;
        let step = width / f64::from(STEPS);
        let sum: f64 = (0..=STEPS)
            .map(|it| {
                let factor = match it {
                    0 | STEPS => 1.0,
                    _ if it % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                factor * density(from + step * f64::from(it))
            })
            .sum();
        sum * step / 3.0
    })
}

/// The chance of being below the first knot, or above the last.
pub(crate) fn tail() -> f64 {
    (1.0 - piece_chances().iter().sum::<f64>()) / 2.0
}

/// The chance of being below each knot.
pub(crate) fn below() -> [f64; PIECES + 1] {
    let mut sum = tail();
    let chances = piece_chances();
    let mut at = 0;
    [(); PIECES + 1].map(|()| {
        let here = sum;
        sum += chances.get(at).copied().unwrap_or(0.0);
        at += 1;
        here
    })
}

#[cfg(test)]
mod tests {
    use super::{below, knots, tail};

    #[test]
    fn the_chances_are_those_of_printed_tables() {
        let (knots, below) = (knots(), below());
        let at = |z: f64| below[knots.iter().position(|knot| (knot - z).abs() < 1e-9).unwrap()];
        for (z, stated) in [(-4.0, 3.167_124e-5), (-1.0, 0.158_655_254), (0.0, 0.5), (2.0, 0.977_249_868)] {
            assert!((at(z) - stated).abs() < 1e-9, "{z}: {}", at(z));
        }
        assert!((tail() - 3.167_124e-5).abs() < 1e-10);
    }
}

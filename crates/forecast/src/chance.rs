//! Chance as a pure function of who, which sample and which seed: the same on every machine, in any order.
//!
//! Every sum and product here is one of IEEE 754 and none is fused, so all instruction sets give the same bits.

use crate::normal::PIECES;

/// What names one stream of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(u32, u32);

/// Whose numbers: of a commitment, of a party, or of all together.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Commitment(u64),
    Party(u32),
    Shared,
}

impl Key {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        let (kind, name) = match stream {
            Stream::Commitment(id) => (1, id),
            Stream::Party(party) => (2, u64::from(party)),
            Stream::Shared => (3, 0),
        };
        let mixed = mixed(mixed(mixed(seed) ^ kind) ^ name);
        let [a, b, c, d, e, f, g, h] = mixed.to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
    }

    /// 32 bits for a sample: two rounds of multiply and shift, one half of the key before each.
    #[inline(always)]
    pub(crate) fn bits(self, sample: u32) -> u32 {
        let mut x = sample.wrapping_mul(0x9E37_79B9) ^ self.0;
        x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
        x = (x ^ (x >> 15)).wrapping_add(self.1).wrapping_mul(0x846C_A68B);
        x ^ (x >> 16)
    }
}

/// The output of `SplitMix64` (Steele, Lea, Flood 2014).
fn mixed(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A standard normal number from 32 bits: the sum of their four bytes, bent by an odd polynomial that was fitted
/// by least squares to the exact quantiles of that sum. Quantiles from 0.1 % to 99.9 % are within 0.006.
#[inline(always)]
pub(crate) fn normal(bits: u32) -> f32 {
    let pairs = (bits & 0x00FF_00FF) + ((bits >> 8) & 0x00FF_00FF);
    let sum = (pairs & 0xFFFF) + (pairs >> 16);
    let x = (sum.cast_signed() as f32 - 510.0) * 0.006_765_875;
    let square = x * x;
    x * (0.958_836_1 + square * (0.016_677_21 + square * (-0.002_034_142_3 + square * 0.000_317_894_2)))
}

/// A number from 0 to 1 from the same bits: their product spreads them anew.
#[inline(always)]
pub(crate) fn dither(bits: u32) -> f32 {
    (bits.wrapping_mul(0x9E37_79B9) >> 8).cast_signed() as f32 * (1.0 / 16_777_216.0)
}

/// Lines between knots, in ticks: `base + slope * z` in each piece.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    pub(crate) base: [f32; PIECES],
    pub(crate) slope: [f32; PIECES],
}

/// Adding it leaves the nearest whole number in the low bits of a float.
const WHOLE: f32 = 8_388_608.0;

impl Lines {
    /// The ticks at z: rounded down or up by the dither, so that their mean is that of the line.
    #[inline(always)]
    pub(crate) fn ticks(&self, z: f32, dither: f32) -> u16 {
        let z = z.clamp(-4.0, 3.999);
        let piece = ((z * 4.0 + 15.5) + (WHOLE + PIECES as f32)).to_bits() as usize % PIECES;
        let exact = self.base[piece] + self.slope[piece] * z;
        let bits = ((exact + (dither - 0.5)).max(0.0) + WHOLE).to_bits();
        #[expect(clippy::cast_possible_truncation, reason = "the tick is chosen so that every length fits")]
        let ticks = bits as u16;
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Stream, dither, normal};

    const SAMPLES: u32 = 1_000_000;

    fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
        pairs.map(|(a, b)| a * b).sum::<f64>() / f64::from(SAMPLES)
    }

    #[test]
    fn the_normal_numbers_are_normal() {
        let key = Key::new(7, Stream::Commitment(1));
        let mut numbers: Vec<_> = (0..SAMPLES).map(|at| f64::from(normal(key.bits(at)))).collect();
        let mean = numbers.iter().sum::<f64>() / f64::from(SAMPLES);
        let variance = numbers.iter().map(|z| z * z).sum::<f64>() / f64::from(SAMPLES);
        assert!(mean.abs() < 0.004 && (variance - 1.0).abs() < 0.006, "{mean} {variance}");
        numbers.sort_by(f64::total_cmp);
        for (at, stated) in
            [(10_000, -2.326), (158_655, -1.0), (500_000, 0.0), (950_000, 1.645), (999_000, 3.09)]
        {
            assert!((numbers[at] - stated).abs() < 0.02, "{at}: {}", numbers[at]);
        }
    }

    #[test]
    fn streams_samples_and_the_dither_do_not_go_together() {
        let z = |key: Key, at| f64::from(normal(key.bits(at)));
        let key = Key::new(7, Stream::Commitment(1));
        for other in [
            Key::new(7, Stream::Commitment(2)),
            Key::new(8, Stream::Commitment(1)),
            Key::new(7, Stream::Party(1)),
        ] {
            let found = correlation((0..SAMPLES).map(|at| (z(key, at), z(other, at))));
            assert!(found.abs() < 0.004, "{found}");
        }
        let next = correlation((0..SAMPLES).map(|at| (z(key, at), z(key, at + 1))));
        let spread = |at| (f64::from(dither(key.bits(at))) - 0.5) * 12f64.sqrt();
        let with_dither = correlation((0..SAMPLES).map(|at| (z(key, at), spread(at))));
        let variance = correlation((0..SAMPLES).map(|at| (spread(at), spread(at))));
        assert!(next.abs() < 0.004 && with_dither.abs() < 0.004, "{next} {with_dither}");
        assert!((variance - 1.0).abs() < 0.006, "{variance}");
    }
}

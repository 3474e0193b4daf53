//! Repeatable chance: one seed, one run.

/// A generator of numbers (splitmix64).
pub struct Chance(u64);

impl Chance {
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        usize::try_from(self.number() % end).unwrap_or_default()
    }

    /// Words of about `len_bytes` bytes in all.
    pub fn words(&mut self, len_bytes: usize) -> String {
        const WORDS: [&str; 12] = [
            "deliver",
            "inspect",
            "gauge",
            "locomotive",
            "terminal",
            "corridor",
            "ministry",
            "by",
            "the",
            "of",
            "customs",
            "schedule",
        ];
        let mut text = String::with_capacity(len_bytes + 12);
        while text.len() < len_bytes {
            text.push_str(WORDS[self.below(WORDS.len())]);
            text.push(' ');
        }
        text
    }
}

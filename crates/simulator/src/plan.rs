//! What one schedule is made of: how many parties, how bad the network, which troubles.

use crate::chance::Chance;

/// Drawn from the seed before anything happens. Shares are percentages.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) honest: usize,
    pub(crate) hostile: usize,
    pub(crate) steps: usize,
    pub(crate) loss: usize,
    pub(crate) double: usize,
    pub(crate) cut_short: usize,
    pub(crate) partition: usize,
    pub(crate) crash: bool,
    pub(crate) restore: bool,
    pub(crate) skew: bool,
}

impl Plan {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let (honest, hostile) = match chance.below(20) {
            0..=5 => (3, 0),
            6..=7 => (4, 0),
            8 => (5, 0),
            9..=15 => (3, 1),
            16..=17 => (4, 1),
            _ => (3, 2),
        };
        let stormy = chance.percent(60);
        let trouble = chance.below(8);
        Self {
            honest,
            hostile,
            steps: 34 + chance.below(14),
            loss: if stormy { chance.below(40) } else { 0 },
            double: if stormy { chance.below(30) } else { 0 },
            cut_short: if stormy { chance.below(15) } else { 0 },
            partition: if chance.percent(40) { 12 } else { 0 },
            crash: trouble < 3 || (trouble < 6 && chance.percent(50)),
            restore: (3..6).contains(&trouble),
            skew: chance.percent(50),
        }
    }
}

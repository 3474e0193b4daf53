//! A share of voters, such as two thirds.

use oplog::wire_struct;

/// `numerator / denominator` of the voters, rounded up, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Over zero and at most the denominator.
    pub numerator: u64,
    /// At most 1,000.
    pub denominator: u64,
}

wire_struct!(Quorum { numerator, denominator });

impl Quorum {
    /// Every voter.
    pub const ALL: Self = Self { numerator: 1, denominator: 1 };
    /// Two voters in three.
    pub const TWO_THIRDS: Self = Self { numerator: 2, denominator: 3 };

    /// Whether it is over half and at most all.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self.denominator <= 1_000
            && self.numerator <= self.denominator
            && self.numerator * 2 > self.denominator
    }

    /// How many of `voters` it takes.
    #[must_use]
    pub fn of(self, voters: usize) -> usize {
        let share = |part: u64| usize::try_from(part).unwrap_or(usize::MAX);
        (voters * share(self.numerator)).div_ceil(share(self.denominator).max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thirds_of_four_is_three_and_half_is_unsound() {
        assert_eq!(Quorum::TWO_THIRDS.of(4), 3);
        assert_eq!(Quorum::ALL.of(3), 3);
        assert!(!Quorum { numerator: 1, denominator: 2 }.is_sound());
        assert!(!Quorum { numerator: 1, denominator: 0 }.is_sound());
    }
}

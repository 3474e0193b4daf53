//! The seven days of the week; which of them are working days is not said here.

use crate::Tongue;

/// A day of the week, Monday first as in ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// Every day of the week, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// How many days after Monday, 0 to 6.
    #[must_use]
    pub const fn days_from_monday(self) -> u8 {
        match self {
            Self::Monday => 0,
            Self::Tuesday => 1,
            Self::Wednesday => 2,
            Self::Thursday => 3,
            Self::Friday => 4,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }

    /// The name in a language.
    #[must_use]
    pub fn name(self, tongue: Tongue) -> &'static str {
        tongue.words().weekdays[usize::from(self.days_from_monday())]
    }

    /// The weekday of a count of days since 1970-01-01, which was a Thursday.
    pub(crate) const fn of_days(days: i32) -> Self {
        match days.rem_euclid(7) {
            0 => Self::Thursday,
            1 => Self::Friday,
            2 => Self::Saturday,
            3 => Self::Sunday,
            4 => Self::Monday,
            5 => Self::Tuesday,
            _ => Self::Wednesday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Weekday;
    use crate::{CivilDay, Tongue};
    use icu_calendar::Date;

    #[test]
    fn known_days_fall_on_their_weekdays() {
        let weekday = |year, month, day| CivilDay::from_ymd(year, month, day).unwrap().weekday();
        assert_eq!(weekday(1970, 1, 1), Weekday::Thursday);
        assert_eq!(weekday(1969, 12, 31), Weekday::Wednesday);
        assert_eq!(weekday(2026, 9, 1), Weekday::Tuesday);
    }

    #[test]
    fn every_tenth_day_of_the_range_is_as_icu_reckons_it() {
        for days in (CivilDay::FIRST.days()..=CivilDay::LAST.days()).step_by(10) {
            let day = CivilDay::from_days(days).unwrap();
            let (year, month, of_month) = day.ymd();
            let theirs = Date::try_new_gregorian(year, month, of_month).unwrap().weekday();
            assert_eq!(format!("{theirs:?}"), format!("{:?}", day.weekday()), "{day}");
        }
    }

    #[test]
    fn all_is_in_the_order_of_the_week() {
        for (at, weekday) in Weekday::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(weekday.days_from_monday()), at);
            assert_eq!(weekday.name(Tongue::English), format!("{weekday:?}"));
        }
        assert_eq!(Weekday::Friday.name(Tongue::Persian), "جمعه");
    }
}

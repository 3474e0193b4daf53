//! The two ways to name a day, which the caller chooses and nothing guesses.

use crate::{BadDay, CivilDay, Jalali, Tongue, gregorian_month_days, jalali_month_days};
use core::fmt;

/// How years, months and days of the month are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reckoning {
    /// The calendar of ISO 8601.
    Gregorian,
    /// The Solar Hijri calendar, by the 33-year rule.
    Jalali,
}

impl Reckoning {
    /// Every reckoning.
    pub const ALL: [Self; 2] = [Self::Gregorian, Self::Jalali];

    /// The year, month (1 to 12) and day of the month (from 1) of a day.
    #[must_use]
    pub fn ymd(self, day: CivilDay) -> (i32, u8, u8) {
        match self {
            Self::Gregorian => day.ymd(),
            Self::Jalali => {
                let Jalali { year, month, day } = day.into();
                (year, month, day)
            }
        }
    }

    /// The day of a year, month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    /// As [`CivilDay::from_ymd`] or [`Jalali::to_day`].
    pub fn day(self, year: i32, month: u8, day: u8) -> Result<CivilDay, BadDay> {
        match self {
            Self::Gregorian => CivilDay::from_ymd(year, month, day),
            Self::Jalali => Jalali { year, month, day }.to_day(),
        }
    }

    /// How many days a month (1 to 12) has in a year; none for a month that does not exist.
    #[must_use]
    pub const fn month_days(self, year: i32, month: u8) -> Option<u8> {
        match self {
            Self::Gregorian => gregorian_month_days(year, month),
            Self::Jalali => jalali_month_days(year, month),
        }
    }

    /// The names of the months, the first month first, in the form that stands between a day and a year.
    #[must_use]
    pub const fn month_names(self, tongue: Tongue) -> &'static [&'static str; 12] {
        let words = tongue.words();
        match self {
            Self::Gregorian => &words.gregorian_months,
            Self::Jalali => &words.jalali_months,
        }
    }
}

impl fmt::Display for Reckoning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gregorian => "Gregorian",
            Self::Jalali => "Jalali",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{CivilDay, MONTHS, Reckoning};

    #[test]
    fn a_month_is_as_long_as_the_days_that_exist_in_it() {
        for reckoning in Reckoning::ALL {
            for year in [1403, 1404, 1600, 1700, 1779].map(|year| match reckoning {
                Reckoning::Gregorian => year + 500,
                Reckoning::Jalali => year - 1,
            }) {
                for month in 1..=MONTHS {
                    let exist = (0..=99).filter(|day| reckoning.day(year, month, *day).is_ok()).count();
                    let said = reckoning.month_days(year, month).unwrap();
                    assert_eq!(exist, usize::from(said), "{reckoning} {year}-{month}");
                }
                assert_eq!(reckoning.month_days(year, 0), None);
                assert_eq!(reckoning.month_days(year, MONTHS + 1), None);
            }
        }
    }

    #[test]
    fn both_reckonings_name_the_same_day() {
        let day = CivilDay::from_ymd(2026, 9, 1).unwrap();
        assert_eq!(Reckoning::Gregorian.ymd(day), (2026, 9, 1));
        assert_eq!(Reckoning::Jalali.ymd(day), (1405, 6, 10));
        for reckoning in Reckoning::ALL {
            let (year, month, of_month) = reckoning.ymd(day);
            assert_eq!(reckoning.day(year, month, of_month), Ok(day));
        }
    }
}

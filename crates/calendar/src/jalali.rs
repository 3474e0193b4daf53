//! The Jalali (Solar Hijri) reckoning by the 33-year rule, which every node computes alike.

use crate::day::small;
use crate::{BadDay, CivilDay, MONTHS, Reckoning};

/// The first Jalali year of which any day is reckoned with.
pub const JALALI_YEAR_MIN: i32 = 978;
/// The last Jalali year of which any day is reckoned with.
pub const JALALI_YEAR_MAX: i32 = 1779;

/// Years in a cycle of the rule; 8 of them are leap years.
const CYCLE_YEARS: i32 = 33;
/// Days in a cycle of the rule.
const CYCLE_DAYS: i32 = CYCLE_YEARS * 365 + 8;
/// Days from 1 Farvardin of year 1 to 1970-01-01.
const EPOCH_DAYS: i32 = 492_268;
/// Days in the first six months, of 31 days each.
const LONG_MONTHS_DAYS: i32 = 6 * 31;

/// A date in the Jalali reckoning. The fields are as written, so they may name a day that does not exist;
/// [`Jalali::to_day`] is what finds out.
///
/// The 33-year rule gives the leap years of the official, observed calendar of Iran from 1178 to 1501 (1799 to
/// 2123), after the table of corrections in ICU4X, whose first is 1502. Outside of them it is a convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jalali {
    /// The year, [`JALALI_YEAR_MIN`] to [`JALALI_YEAR_MAX`].
    pub year: i32,
    /// The month, 1 (Farvardin) to 12 (Esfand).
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Jalali {
    /// The civil day of this date.
    ///
    /// # Errors
    /// [`BadDay::YearOutOfRange`] outside [`JALALI_YEAR_MIN`] to [`JALALI_YEAR_MAX`]; [`BadDay::NoSuchMonth`];
    /// [`BadDay::NoSuchDay`], as for 30 Esfand of a common year; [`BadDay::OutOfRange`] for the days of the first
    /// and the last year that no [`CivilDay`] has.
    pub fn to_day(self) -> Result<CivilDay, BadDay> {
        let Self { year, month, day } = self;
        let reckoning = Reckoning::Jalali;
        if !(JALALI_YEAR_MIN..=JALALI_YEAR_MAX).contains(&year) {
            let (year_min, year_max) = (JALALI_YEAR_MIN, JALALI_YEAR_MAX);
            return Err(BadDay::YearOutOfRange { reckoning, year, year_min, year_max });
        }
        let month_days = jalali_month_days(year, month).ok_or(BadDay::NoSuchMonth { month })?;
        if day == 0 || day > month_days {
            return Err(BadDay::NoSuchDay { reckoning, year, month, day, month_days });
        }
        let months_before = i32::from(month) - 1;
        let days_before = 31 * months_before - (months_before - 6).max(0);
        CivilDay::from_days(new_year_days(year) + days_before + i32::from(day) - 1)
    }
}

impl From<CivilDay> for Jalali {
    fn from(day: CivilDay) -> Self {
        let days = day.days() + EPOCH_DAYS;
        let year = 1 + (CYCLE_YEARS * days + 3).div_euclid(CYCLE_DAYS);
        let year_day = day.days() - new_year_days(year);
        let (month, of_month) = if year_day < LONG_MONTHS_DAYS {
            (year_day / 31, year_day % 31)
        } else {
            let rest = year_day - LONG_MONTHS_DAYS;
            (6 + rest / 30, rest % 30)
        };
        Self { year, month: small(month + 1), day: small(of_month + 1) }
    }
}

/// Whether a Jalali year has 30 Esfand: years 1, 5, 9, 13, 17, 22, 26 and 30 of each 33.
#[must_use]
pub const fn jalali_is_leap(year: i32) -> bool {
    matches!(year.rem_euclid(CYCLE_YEARS), 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30)
}

/// How many days a Jalali month (1 to 12) has in a year; none for a month that does not exist.
#[must_use]
pub const fn jalali_month_days(year: i32, month: u8) -> Option<u8> {
    match month {
        1..=6 => Some(31),
        7..=11 => Some(30),
        MONTHS if jalali_is_leap(year) => Some(30),
        MONTHS => Some(29),
        _ => None,
    }
}

/// Days from 1970-01-01 to 1 Farvardin of a year. Of the years before it, (8 × year + 21) / 33 were leap.
const fn new_year_days(year: i32) -> i32 {
    365 * (year - 1) + (8 * year + 21).div_euclid(CYCLE_YEARS) - EPOCH_DAYS
}

#[cfg(test)]
mod tests {
    use super::{JALALI_YEAR_MAX, JALALI_YEAR_MIN, jalali_is_leap, jalali_month_days};
    use crate::{BadDay, CivilDay, Jalali, gregorian_is_leap};
    use icu_calendar::Date;
    use icu_calendar::cal::{Gregorian, Persian};
    use proptest::prelude::*;

    fn jalali(year: i32, month: u8, day: u8) -> Jalali {
        Jalali { year, month, day }
    }

    fn oracle(day: CivilDay) -> Date<Persian> {
        let (year, month, of_month) = day.ymd();
        Date::try_new_gregorian(year, month, of_month).unwrap().to_calendar(Persian::new())
    }

    fn written(persian: &Date<Persian>) -> Jalali {
        jalali(persian.era_year().year, persian.month().ordinal, persian.day_of_month().0)
    }

    #[test]
    fn every_day_from_1900_to_2100_is_as_icu_reckons_it() {
        let first = CivilDay::from_ymd(1900, 1, 1).unwrap();
        let last = CivilDay::from_ymd(2100, 12, 31).unwrap();
        let mut oracle_days = 0;
        for days in first.days()..=last.days() {
            let day = CivilDay::from_days(days).unwrap();
            let (year, month, of_month) = day.ymd();
            let gregorian = Date::try_new_gregorian(year, month, of_month).unwrap();
            let persian = gregorian.to_calendar(Persian::new());
            let expected = jalali(persian.era_year().year, persian.month().ordinal, persian.day_of_month().0);
            assert_eq!(Jalali::from(day), expected, "{day}");
            assert_eq!(expected.to_day(), Ok(day));
            assert_eq!(jalali_is_leap(expected.year), persian.is_in_leap_year(), "{day}");
            let gregorian = persian.to_calendar(Gregorian);
            assert_eq!(gregorian_is_leap(day.ymd().0), gregorian.is_in_leap_year(), "{day}");
            oracle_days += 1;
        }
        assert_eq!(oracle_days, 73_414);
    }

    #[test]
    fn the_rule_parts_from_the_observed_calendar_at_the_end_of_1502() {
        let start = jalali(1178, 1, 1).to_day().unwrap();
        let parted = (start.days()..=CivilDay::LAST.days())
            .map(|days| CivilDay::from_days(days).unwrap())
            .find(|day| Jalali::from(*day) != written(&oracle(*day)));
        assert_eq!(parted, jalali(1502, 12, 30).to_day().ok());
    }

    #[test]
    fn every_day_of_the_range_comes_back_and_follows_the_one_before() {
        let mut before = None;
        for days in CivilDay::FIRST.days()..=CivilDay::LAST.days() {
            let day = CivilDay::from_days(days).unwrap();
            let found = Jalali::from(day);
            assert_eq!(found.to_day(), Ok(day));
            assert!(before < Some(found));
            before = Some(found);
        }
        assert_eq!(Jalali::from(CivilDay::FIRST).year, JALALI_YEAR_MIN);
        assert_eq!(Jalali::from(CivilDay::LAST).year, JALALI_YEAR_MAX);
    }

    #[test]
    fn a_known_day_has_both_names() {
        assert_eq!(Jalali::from(CivilDay::from_ymd(2026, 9, 1).unwrap()), jalali(1405, 6, 10));
        assert_eq!(jalali(1357, 11, 22).to_day(), CivilDay::from_ymd(1979, 2, 11));
    }

    #[test]
    fn the_thirtieth_of_esfand_exists_in_leap_years_only() {
        assert!(jalali_is_leap(1403) && !jalali_is_leap(1404));
        assert!(jalali(1403, 12, 30).to_day().is_ok());
        assert!(matches!(jalali(1404, 12, 30).to_day(), Err(BadDay::NoSuchDay { month_days: 29, .. })));
    }

    #[test]
    fn the_thirty_first_of_esfand_and_of_any_autumn_or_winter_month_is_refused() {
        for month in 7..=12 {
            assert!(matches!(
                jalali(1403, month, 31).to_day(),
                Err(BadDay::NoSuchDay { month_days: 30, .. })
            ));
        }
        assert!(jalali(1403, 6, 31).to_day().is_ok());
        assert!(jalali(1403, 6, 32).to_day().is_err());
        assert!(jalali(1403, 1, 0).to_day().is_err());
    }

    #[test]
    fn months_beyond_the_twelfth_are_refused() {
        for month in [0, 13, 255] {
            assert_eq!(jalali(1405, month, 1).to_day(), Err(BadDay::NoSuchMonth { month }));
        }
    }

    #[test]
    fn the_days_of_the_first_and_last_year_that_no_civil_day_has_are_refused() {
        assert!(matches!(jalali(JALALI_YEAR_MIN, 1, 1).to_day(), Err(BadDay::OutOfRange { .. })));
        assert!(matches!(jalali(JALALI_YEAR_MAX, 12, 29).to_day(), Err(BadDay::OutOfRange { .. })));
        assert!(matches!(jalali(JALALI_YEAR_MIN - 1, 1, 1).to_day(), Err(BadDay::YearOutOfRange { .. })));
        assert!(matches!(jalali(JALALI_YEAR_MAX + 1, 1, 1).to_day(), Err(BadDay::YearOutOfRange { .. })));
    }

    proptest! {
        #[test]
        fn a_date_that_is_accepted_comes_back_as_written(
            year in JALALI_YEAR_MIN + 1..JALALI_YEAR_MAX, month in 0..14_u8, day in 0..33_u8,
        ) {
            let exists = jalali_month_days(year, month).is_some_and(|last| (1..=last).contains(&day));
            match jalali(year, month, day).to_day() {
                Ok(found) => prop_assert_eq!(Jalali::from(found), jalali(year, month, day)),
                Err(bad) => prop_assert!(!exists, "{}", bad),
            }
        }

        #[test]
        fn no_numbers_panic(year: i32, month: u8, day: u8) {
            if let Ok(found) = jalali(year, month, day).to_day() {
                prop_assert_eq!(Jalali::from(found), jalali(year, month, day));
            }
        }
    }
}

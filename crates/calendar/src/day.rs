//! A civil day: one number, so that two people who write it differently mean the same day.

use crate::{BadDay, MONTHS, Reckoning, Weekday};
use core::fmt;
use core::str::FromStr;

/// The first Gregorian year reckoned with.
pub const YEAR_MIN: i32 = 1600;
/// The last Gregorian year reckoned with.
pub const YEAR_MAX: i32 = 2400;

/// Days in 400 Gregorian years.
const ERA_DAYS: i32 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i32 = 719_468;
/// Length of `2026-09-01`.
const ISO_BYTES: usize = 10;

/// A calendar day, without a time and without a zone, from [`CivilDay::FIRST`] to [`CivilDay::LAST`].
///
/// It is held as days since 1970-01-01 in the proleptic Gregorian calendar, so its order is the order of days.
/// It displays as ISO 8601, `2026-09-01`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDay(i32);

impl CivilDay {
    /// The first day reckoned with: 1 January of [`YEAR_MIN`].
    pub const FIRST: Self = Self(days_of(YEAR_MIN, 1, 1));
    /// The last day reckoned with: 31 December of [`YEAR_MAX`].
    pub const LAST: Self = Self(days_of(YEAR_MAX, 12, 31));

    /// The day that is `days` after 1970-01-01, or before it when negative.
    ///
    /// # Errors
    /// [`BadDay::OutOfRange`] before [`CivilDay::FIRST`] or after [`CivilDay::LAST`].
    pub const fn from_days(days: i32) -> Result<Self, BadDay> {
        if days < Self::FIRST.0 || days > Self::LAST.0 {
            return Err(BadDay::OutOfRange { days });
        }
        Ok(Self(days))
    }

    /// The day of a Gregorian year, month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    /// [`BadDay::YearOutOfRange`] outside [`YEAR_MIN`] to [`YEAR_MAX`], [`BadDay::NoSuchMonth`],
    /// [`BadDay::NoSuchDay`].
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Result<Self, BadDay> {
        let reckoning = Reckoning::Gregorian;
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
            return Err(BadDay::YearOutOfRange { reckoning, year, year_min: YEAR_MIN, year_max: YEAR_MAX });
        }
        let month_days = gregorian_month_days(year, month).ok_or(BadDay::NoSuchMonth { month })?;
        if day == 0 || day > month_days {
            return Err(BadDay::NoSuchDay { reckoning, year, month, day, month_days });
        }
        Ok(Self(days_of(year, month, day)))
    }

    /// Days since 1970-01-01, negative before it.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The Gregorian year, month (1 to 12) and day of the month (from 1).
    ///
    /// By the algorithm of Howard Hinnant, `civil_from_days`: years begin in March, so that the leap day is the
    /// last of a year.
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let days = self.0 + EPOCH_DAYS;
        let era = days.div_euclid(ERA_DAYS);
        let era_day = days.rem_euclid(ERA_DAYS);
        let era_year = (era_day - era_day / 1460 + era_day / 36_524 - era_day / 146_096) / 365;
        let year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
        let march_month = (5 * year_day + 2) / 153;
        let day = year_day - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = era * 400 + era_year + i32::from(month <= 2);
        (year, small(month), small(day))
    }

    /// The day of the week.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        Weekday::of_days(self.0)
    }
}

impl fmt::Display for CivilDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for CivilDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CivilDay({self})")
    }
}

impl FromStr for CivilDay {
    type Err = BadDay;

    /// Reads exactly what [`Display`](fmt::Display) writes: ISO 8601 with ASCII digits, nothing around it.
    ///
    /// For what a person types there is [`parse_day`](crate::parse_day).
    fn from_str(text: &str) -> Result<Self, BadDay> {
        let limit = crate::DAY_TEXT_BYTES_MAX;
        if text.len() > limit {
            return Err(BadDay::TooLong { bytes: text.len(), bytes_max: limit });
        }
        let is_iso = text.len() == ISO_BYTES
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_iso {
            return Err(BadDay::NotADate { text: text.to_owned() });
        }
        crate::parse_day(text, Reckoning::Gregorian)
    }
}

/// Whether a Gregorian year has 29 February.
#[must_use]
pub const fn gregorian_is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a Gregorian month (1 to 12) has in a year; none for a month that does not exist.
#[must_use]
pub const fn gregorian_month_days(year: i32, month: u8) -> Option<u8> {
    match month {
        2 if gregorian_is_leap(year) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=MONTHS => Some(31),
        _ => None,
    }
}

/// Days since 1970-01-01 of a Gregorian date that exists; by Howard Hinnant, `days_from_civil`.
const fn days_of(year: i32, month: u8, day: u8) -> i32 {
    let month = month as i32;
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let era_year = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let year_day = (153 * march_month + 2) / 5 + day as i32 - 1;
    let era_day = era_year * 365 + era_year / 4 - era_year / 100 + year_day;
    era * ERA_DAYS + era_day - EPOCH_DAYS
}

/// A month or a day of the month, which our own arithmetic keeps within 1 to 31.
pub(crate) fn small(number: i32) -> u8 {
    u8::try_from(number).expect("months and days of the month fit a byte")
}

#[cfg(test)]
mod tests {
    use super::{YEAR_MAX, YEAR_MIN};
    use crate::{BadDay, CivilDay};
    use proptest::prelude::*;

    #[test]
    fn day_zero_is_the_first_of_january_1970() {
        let day = CivilDay::from_days(0).unwrap();
        assert_eq!(day.ymd(), (1970, 1, 1));
        assert_eq!(day, CivilDay::from_ymd(1970, 1, 1).unwrap());
    }

    #[test]
    fn the_range_ends_are_days_and_the_next_ones_are_not() {
        assert_eq!(CivilDay::FIRST.to_string(), "1600-01-01");
        assert_eq!(CivilDay::LAST.to_string(), "2400-12-31");
        for days in [CivilDay::FIRST.days() - 1, CivilDay::LAST.days() + 1, i32::MIN, i32::MAX] {
            assert_eq!(CivilDay::from_days(days), Err(BadDay::OutOfRange { days }));
        }
        assert!(CivilDay::from_ymd(YEAR_MIN - 1, 12, 31).is_err());
        assert!(CivilDay::from_ymd(YEAR_MAX + 1, 1, 1).is_err());
        assert!(CivilDay::from_ymd(i32::MIN, 1, 1).is_err());
    }

    #[test]
    fn every_day_of_the_range_comes_back_and_follows_the_one_before() {
        let mut before = None;
        for days in CivilDay::FIRST.days()..=CivilDay::LAST.days() {
            let day = CivilDay::from_days(days).unwrap();
            let (year, month, of_month) = day.ymd();
            assert_eq!(CivilDay::from_ymd(year, month, of_month), Ok(day));
            assert!(before < Some(day.ymd()));
            before = Some(day.ymd());
        }
    }

    #[test]
    fn days_and_months_that_no_calendar_has_are_refused() {
        for (year, month, day) in [(2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 1, 0), (2026, 1, 32)] {
            assert!(matches!(CivilDay::from_ymd(year, month, day), Err(BadDay::NoSuchDay { .. })));
        }
        for month in [0, 13, 255] {
            assert_eq!(CivilDay::from_ymd(2026, month, 1), Err(BadDay::NoSuchMonth { month }));
        }
        assert!(CivilDay::from_ymd(2000, 2, 29).is_ok());
    }

    #[test]
    fn iso_is_read_strictly() {
        assert_eq!("2026-09-01".parse(), CivilDay::from_ymd(2026, 9, 1));
        for text in ["2026-9-1", "2026/09/01", " 2026-09-01", "2026-09-01Z", "۲۰۲۶-۰۹-۰۱", "+026-09-01", ""]
        {
            assert!(text.parse::<CivilDay>().is_err(), "{text}");
        }
        assert!(matches!("9".repeat(65).parse::<CivilDay>(), Err(BadDay::TooLong { bytes: 65, .. })));
    }

    proptest! {
        #[test]
        fn iso_text_round_trips(days in CivilDay::FIRST.days()..=CivilDay::LAST.days()) {
            let day = CivilDay::from_days(days).unwrap();
            prop_assert_eq!(day.to_string().parse(), Ok(day));
        }

        #[test]
        fn order_is_the_order_of_year_month_and_day(
            a in CivilDay::FIRST.days()..=CivilDay::LAST.days(),
            b in CivilDay::FIRST.days()..=CivilDay::LAST.days(),
        ) {
            let (a, b) = (CivilDay::from_days(a).unwrap(), CivilDay::from_days(b).unwrap());
            prop_assert_eq!(a.cmp(&b), a.ymd().cmp(&b.ymd()));
        }

        #[test]
        fn no_numbers_panic(year: i32, month: u8, day: u8) {
            if let Ok(found) = CivilDay::from_ymd(year, month, day) {
                prop_assert_eq!(found.ymd(), (year, month, day));
            }
        }
    }
}

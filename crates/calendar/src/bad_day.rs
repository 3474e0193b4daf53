//! Why something is not a day: data, so that a page can say it in any language.

use crate::{Reckoning, Tongue};
use core::fmt;

/// Why a text or a set of numbers names no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadDay {
    /// The text is longer than any date; it was not read.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The longest that is read, in bytes.
        bytes_max: usize,
    },
    /// The text is not a year, a month and a day, in this order.
    NotADate {
        /// What was read, at most [`DAY_TEXT_BYTES_MAX`](crate::DAY_TEXT_BYTES_MAX) bytes.
        text: String,
    },
    /// The year lies outside the years that are reckoned with.
    YearOutOfRange {
        /// The reckoning of the years named here.
        reckoning: Reckoning,
        /// The year asked for.
        year: i32,
        /// The first year allowed.
        year_min: i32,
        /// The last year allowed.
        year_max: i32,
    },
    /// No year has this month.
    NoSuchMonth {
        /// The month asked for.
        month: u8,
    },
    /// The month is shorter than that, or the day is 0.
    NoSuchDay {
        /// The reckoning of the numbers named here.
        reckoning: Reckoning,
        /// The year asked for.
        year: i32,
        /// The month asked for, 1 to 12.
        month: u8,
        /// The day asked for.
        day: u8,
        /// How many days this month has in this year.
        month_days: u8,
    },
    /// The count of days lies outside [`CivilDay::FIRST`](crate::CivilDay::FIRST) to
    /// [`CivilDay::LAST`](crate::CivilDay::LAST).
    OutOfRange {
        /// Days since 1970-01-01.
        days: i32,
    },
}

impl fmt::Display for BadDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes, bytes_max } => {
                write!(f, "a date of {bytes} bytes is longer than {bytes_max}")
            }
            Self::NotADate { text } => write!(f, "{text:?} is not a year, a month and a day"),
            Self::YearOutOfRange { reckoning, year, year_min, year_max } => {
                write!(f, "the {reckoning} year {year} is not in {year_min} to {year_max}")
            }
            Self::NoSuchMonth { month } => write!(f, "there is no month {month} in a year"),
            Self::NoSuchDay { reckoning, year, month, day, month_days } => {
                let names = reckoning.month_names(Tongue::English);
                let name = names.get(usize::from(*month).wrapping_sub(1)).unwrap_or(&"?");
                write!(f, "there is no {day} {name} {year}: that month has {month_days} days")
            }
            Self::OutOfRange { days } => {
                write!(f, "day {days} since 1970-01-01 is not within the years reckoned with")
            }
        }
    }
}

impl core::error::Error for BadDay {}

#[cfg(test)]
mod tests {
    use crate::{BadDay, CivilDay, Jalali, Reckoning, parse_day};

    #[test]
    fn a_missing_day_is_told_with_the_length_of_its_month() {
        let bad = Jalali { year: 1404, month: 12, day: 30 }.to_day().unwrap_err();
        assert_eq!(bad.to_string(), "there is no 30 Esfand 1404: that month has 29 days");
        let bad = CivilDay::from_ymd(2026, 2, 29).unwrap_err();
        assert_eq!(bad.to_string(), "there is no 29 February 2026: that month has 28 days");
    }

    #[test]
    fn a_year_of_the_other_reckoning_is_told_with_the_years_allowed() {
        let bad = parse_day("1405-06-10", Reckoning::Gregorian).unwrap_err();
        assert_eq!(bad.to_string(), "the Gregorian year 1405 is not in 1600 to 2400");
        let bad = parse_day("2026-09-01", Reckoning::Jalali).unwrap_err();
        assert_eq!(bad.to_string(), "the Jalali year 2026 is not in 978 to 1779");
    }

    #[test]
    fn a_text_that_is_no_date_is_quoted_and_escaped() {
        let bad = parse_day("soon\n", Reckoning::Gregorian).unwrap_err();
        assert_eq!(bad, BadDay::NotADate { text: "soon\n".to_owned() });
        assert_eq!(bad.to_string(), "\"soon\\n\" is not a year, a month and a day");
    }

    #[test]
    fn a_month_without_a_name_is_still_printed() {
        let bad =
            BadDay::NoSuchDay { reckoning: Reckoning::Jalali, year: 1404, month: 0, day: 1, month_days: 0 };
        assert_eq!(bad.to_string(), "there is no 1 ? 1404: that month has 0 days");
    }
}

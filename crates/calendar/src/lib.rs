//! Which day it is: civil days, in the Gregorian and the Jalali reckoning, read and written for people.
//!
//! Pure: nothing here reads a clock, a file or a zone, and no number is a float. A day is stored once, as a
//! [`CivilDay`]; a [`Reckoning`] is only a way to read and to write it, a [`Tongue`] the words to write it in.
//!
//! ```
//! use calendar::{Reckoning, Tongue, format_day, parse_day};
//!
//! let due = parse_day("۱۴۰۵/۰۶/۱۰", Reckoning::Jalali)?;
//! assert_eq!(due.to_string(), "2026-09-01");
//! assert_eq!(format_day(due, Reckoning::Gregorian, Tongue::English), "1 September 2026");
//! # Ok::<(), calendar::BadDay>(())
//! ```
#![deny(clippy::float_arithmetic)]

mod bad_day;
mod day;
mod digits;
mod format;
mod jalali;
mod parse;
mod reckoning;
mod tongue;
mod weekday;

pub use bad_day::BadDay;
pub use day::{CivilDay, YEAR_MAX, YEAR_MIN, gregorian_is_leap, gregorian_month_days};
pub use digits::{NUMBER_DIGITS_MAX, digit_value, parse_number, to_persian_digits};
pub use format::format_day;
pub use jalali::{JALALI_YEAR_MAX, JALALI_YEAR_MIN, Jalali, jalali_is_leap, jalali_month_days};
pub use parse::{DAY_TEXT_BYTES_MAX, parse_day};
pub use reckoning::Reckoning;
pub use tongue::Tongue;
pub use weekday::Weekday;

/// Months in a year, in either reckoning.
pub const MONTHS: u8 = 12;

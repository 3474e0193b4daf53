//! Write a day out for people: the day of the month, the month by name, the year.

use crate::{CivilDay, Reckoning, Tongue};

/// The day in words, without its weekday: `1 September 2026`, `10 Shahrivar 1405`, `۱۰ شهریور ۱۴۰۵`.
///
/// Plain text in the order that it is read; a page isolates it where it stands inside text of the other direction.
#[must_use]
pub fn format_day(day: CivilDay, reckoning: Reckoning, tongue: Tongue) -> String {
    let (year, month, of_month) = reckoning.ymd(day);
    let name = reckoning.month_names(tongue)[usize::from(month) - 1];
    tongue.digits(&format!("{of_month} {name} {year}"))
}

#[cfg(test)]
mod tests {
    use super::format_day;
    use crate::{CivilDay, Reckoning, Tongue, parse_day};
    use proptest::prelude::*;

    #[test]
    fn one_day_is_written_four_ways() {
        let day = CivilDay::from_ymd(2026, 9, 1).unwrap();
        assert_eq!(format_day(day, Reckoning::Gregorian, Tongue::English), "1 September 2026");
        assert_eq!(format_day(day, Reckoning::Jalali, Tongue::English), "10 Shahrivar 1405");
        assert_eq!(format_day(day, Reckoning::Gregorian, Tongue::Persian), "۱ سپتامبر ۲۰۲۶");
        assert_eq!(format_day(day, Reckoning::Jalali, Tongue::Persian), "۱۰ شهریور ۱۴۰۵");
    }

    #[test]
    fn the_first_and_last_months_have_their_names() {
        let day = CivilDay::from_ymd(2025, 12, 31).unwrap();
        assert_eq!(format_day(day, Reckoning::Gregorian, Tongue::English), "31 December 2025");
        let day = CivilDay::from_ymd(2027, 1, 1).unwrap();
        assert_eq!(format_day(day, Reckoning::Gregorian, Tongue::Persian), "۱ ژانویهٔ ۲۰۲۷");
        let day = parse_day("1403-12-30", Reckoning::Jalali).unwrap();
        assert_eq!(format_day(day, Reckoning::Jalali, Tongue::English), "30 Esfand 1403");
        let day = parse_day("1404-01-01", Reckoning::Jalali).unwrap();
        assert_eq!(format_day(day, Reckoning::Jalali, Tongue::Persian), "۱ فروردین ۱۴۰۴");
    }

    proptest! {
        #[test]
        fn the_words_name_the_day_they_were_written_from(
            days in CivilDay::FIRST.days()..=CivilDay::LAST.days(),
        ) {
            let day = CivilDay::from_days(days).unwrap();
            for (reckoning, tongue) in Reckoning::ALL.into_iter().flat_map(|r| Tongue::ALL.map(|t| (r, t))) {
                let text = format_day(day, reckoning, tongue);
                let parts: Vec<_> = text.split(' ').collect();
                prop_assert_eq!(parts.len(), 3);
                let names = reckoning.month_names(tongue);
                let month = names.iter().position(|name| *name == parts[1]).unwrap() + 1;
                let numbers = format!("{}-{month}-{}", parts[2], parts[0]);
                prop_assert_eq!(parse_day(&numbers, reckoning), Ok(day));
            }
        }
    }
}

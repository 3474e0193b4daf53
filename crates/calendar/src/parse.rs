//! Read a day as a person types it, in the reckoning that the person chose.

use crate::{BadDay, CivilDay, Reckoning, parse_number};

/// The longest text that [`parse_day`] reads, in bytes: a date with marks and spaces is far shorter.
pub const DAY_TEXT_BYTES_MAX: usize = 64;

const SEPARATORS: [char; 3] = ['-', '/', '.'];
const YEAR_DIGITS_MAX: usize = 4;
const MONTH_OR_DAY_DIGITS_MAX: usize = 2;

/// The day that a text names: year, month and day, joined by `-`, `/` or `.`, the same one twice.
///
/// Digits may be ASCII, Persian or Arabic-Indic. Spaces around the numbers, and the invisible marks of
/// bidirectional text that come with a copied date, are left out. The reckoning is never guessed.
///
/// # Errors
/// [`BadDay::TooLong`] over [`DAY_TEXT_BYTES_MAX`]; [`BadDay::NotADate`] when the text has another shape, a year
/// of more than 4 digits or a month or day of more than 2; then as [`CivilDay::from_ymd`] or
/// [`Jalali::to_day`](crate::Jalali::to_day).
pub fn parse_day(text: &str, reckoning: Reckoning) -> Result<CivilDay, BadDay> {
    if text.len() > DAY_TEXT_BYTES_MAX {
        return Err(BadDay::TooLong { bytes: text.len(), bytes_max: DAY_TEXT_BYTES_MAX });
    }
    let (year, month, day) = numbers(text).ok_or_else(|| BadDay::NotADate { text: text.to_owned() })?;
    reckoning.day(year, month, day)
}

/// The three numbers, whether or not they name a day.
fn numbers(text: &str) -> Option<(i32, u8, u8)> {
    let plain: String = text.chars().filter(|letter| !is_bidi_control(*letter)).collect();
    let separator = plain.chars().find(|letter| SEPARATORS.contains(letter))?;
    let mut parts = plain.split(separator).map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year = bounded_number(year, YEAR_DIGITS_MAX)?;
    let month = bounded_number(month, MONTH_OR_DAY_DIGITS_MAX)?;
    let day = bounded_number(day, MONTH_OR_DAY_DIGITS_MAX)?;
    Some((i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

fn bounded_number(text: &str, digits_max: usize) -> Option<u32> {
    parse_number(text).filter(|_| text.chars().count() <= digits_max)
}

/// The characters of Unicode's property `Bidi_Control`.
const fn is_bidi_control(letter: char) -> bool {
    matches!(
        letter,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::parse_day;
    use crate::{BadDay, CivilDay, Jalali, Reckoning, to_persian_digits};
    use proptest::prelude::*;

    fn first_of_september() -> Result<CivilDay, BadDay> {
        CivilDay::from_ymd(2026, 9, 1)
    }

    #[test]
    fn every_separator_and_script_names_the_same_day() {
        for text in ["1405-06-10", "1405/6/10", "1405.06.10", "۱۴۰۵/۰۶/۱۰", "١٤٠٥-٦-١٠", "۱۴۰۵.6.١٠"]
        {
            assert_eq!(parse_day(text, Reckoning::Jalali), first_of_september(), "{text}");
        }
        for text in ["2026-09-01", "2026/9/1", "۲۰۲۶.۹.۱"] {
            assert_eq!(parse_day(text, Reckoning::Gregorian), first_of_september(), "{text}");
        }
    }

    #[test]
    fn spaces_and_bidi_marks_of_a_copied_date_are_left_out() {
        for text in [
            "  1405 / 06 / 10\t",
            "\u{2068}1405/06/10\u{2069}",
            "\u{200f}۱۴۰۵\u{200e}/\u{61c}۰۶/۱۰\u{202c}",
            "\u{2066} \u{a0}1405-06-10 \u{2069}",
        ] {
            assert_eq!(parse_day(text, Reckoning::Jalali), first_of_september(), "{text:?}");
        }
    }

    #[test]
    fn other_shapes_are_not_dates() {
        for text in [
            "",
            "-",
            "--",
            "1405",
            "1405-06",
            "1405-06-",
            "1405-06-10-1",
            "1405-06/10",
            "14 05-06-10",
            "01405-6-10",
            "1405-006-10",
            "10-06-1405",
            "1405-xx-10",
            "-1405-06-10",
            "1405--06-10",
            "1405\u{200c}-06-10",
        ] {
            let expected = Err(BadDay::NotADate { text: text.to_owned() });
            assert_eq!(parse_day(text, Reckoning::Jalali), expected);
        }
    }

    #[test]
    fn a_date_of_the_right_shape_is_told_what_is_wrong_in_it() {
        let parse = |text| parse_day(text, Reckoning::Jalali);
        assert!(matches!(parse("05-06-10"), Err(BadDay::YearOutOfRange { year: 5, .. })));
        assert!(matches!(parse("1405-13-10"), Err(BadDay::NoSuchMonth { month: 13 })));
        assert!(matches!(parse("1404-12-30"), Err(BadDay::NoSuchDay { day: 30, month_days: 29, .. })));
    }

    #[test]
    fn a_long_text_is_not_read() {
        let text = format!("1405-06-10{}", " ".repeat(55));
        assert_eq!(parse_day(&text, Reckoning::Jalali), Err(BadDay::TooLong { bytes: 65, bytes_max: 64 }));
        assert_eq!(parse_day(&text[..64], Reckoning::Jalali), first_of_september());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            days in CivilDay::FIRST.days()..=CivilDay::LAST.days(),
            separator in prop::sample::select(vec!['-', '/', '.']),
        ) {
            let day = CivilDay::from_days(days).unwrap();
            let Jalali { year, month, day: of_month } = day.into();
            let text = format!("{year}{separator}{month}{separator}{of_month:02}");
            prop_assert_eq!(parse_day(&text, Reckoning::Jalali), Ok(day));
            prop_assert_eq!(parse_day(&to_persian_digits(&text), Reckoning::Jalali), Ok(day));
            let (year, month, of_month) = day.ymd();
            let text = format!("{year}{separator}{month:02}{separator}{of_month}");
            prop_assert_eq!(parse_day(&text, Reckoning::Gregorian), Ok(day));
        }

        #[test]
        fn no_text_panics(text in r"\PC{0,20}|[0-9۰-۹٠-٩/.\- ]{0,20}") {
            for reckoning in Reckoning::ALL {
                if let Err(bad) = parse_day(&text, reckoning) {
                    prop_assert!(!bad.to_string().is_empty());
                }
            }
        }
    }
}

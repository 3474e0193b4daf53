//! Digits of three scripts: a person types the ones the keyboard has.

/// The most digits that [`parse_number`] reads, so that every number it gives fits.
pub const NUMBER_DIGITS_MAX: usize = 9;

const PERSIAN_ZERO: char = '\u{06f0}';
const ARABIC_INDIC_ZERO: char = '\u{0660}';

/// The value of a digit, 0 to 9: ASCII, Persian ۰ to ۹ or Arabic-Indic ٠ to ٩; none for anything else.
#[must_use]
pub fn digit_value(digit: char) -> Option<u8> {
    ['0', PERSIAN_ZERO, ARABIC_INDIC_ZERO].into_iter().find_map(|zero| {
        let value = u32::from(digit).checked_sub(u32::from(zero))?;
        u8::try_from(value).ok().filter(|value| *value < 10)
    })
}

/// The whole number that 1 to [`NUMBER_DIGITS_MAX`] digits write, of any of the three scripts; none for any other
/// text, a sign or a space included.
#[must_use]
pub fn parse_number(text: &str) -> Option<u32> {
    let mut number = 0;
    let mut digits = 0;
    for digit in text.chars() {
        digits += 1;
        if digits > NUMBER_DIGITS_MAX {
            return None;
        }
        number = number * 10 + u32::from(digit_value(digit)?);
    }
    (digits > 0).then_some(number)
}

/// The text with its digits written in Persian, ۰ to ۹; everything else stays.
#[must_use]
pub fn to_persian_digits(text: &str) -> String {
    text.chars()
        .map(|letter| {
            digit_value(letter)
                .and_then(|value| char::from_u32(u32::from(PERSIAN_ZERO) + u32::from(value)))
                .unwrap_or(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{digit_value, parse_number, to_persian_digits};
    use proptest::prelude::*;

    #[test]
    fn all_three_scripts_are_read() {
        for script in ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"] {
            let values: Vec<_> = script.chars().map(digit_value).collect();
            assert_eq!(values, (0..10).map(Some).collect::<Vec<_>>(), "{script}");
        }
    }

    #[test]
    fn the_neighbours_of_the_digits_are_not_digits() {
        for letter in "/:\u{06ef}\u{06fa}\u{065f}\u{066a}०\u{10ffff}\0".chars() {
            assert_eq!(digit_value(letter), None, "{letter:?}");
        }
    }

    #[test]
    fn only_digits_are_a_number() {
        for text in ["", "-1", "+1", " 1", "1 ", "1.5", "½", "1234567890"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert_eq!(parse_number("۹۹۹۹۹۹۹۹۹"), Some(999_999_999));
        assert_eq!(parse_number("007"), Some(7));
    }

    #[test]
    fn only_digits_are_rewritten() {
        assert_eq!(to_persian_digits("MoU 12, بند ٣"), "MoU ۱۲, بند ۳");
    }

    proptest! {
        #[test]
        fn a_number_in_persian_digits_is_the_same_number(number in 0..1_000_000_000_u32) {
            let text = number.to_string();
            prop_assert_eq!(parse_number(&text), Some(number));
            prop_assert_eq!(parse_number(&to_persian_digits(&text)), Some(number));
        }

        #[test]
        fn rewriting_keeps_the_length_and_is_done_once(text: String) {
            let rewritten = to_persian_digits(&text);
            prop_assert_eq!(rewritten.chars().count(), text.chars().count());
            prop_assert_eq!(to_persian_digits(&rewritten), rewritten);
        }
    }
}

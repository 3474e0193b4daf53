//! The languages that dates are written in; a further one is one arm and one table of words.

use crate::to_persian_digits;

/// A language that dates are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    /// British English.
    English,
    /// Persian as written in Iran, with Persian digits.
    Persian,
}

/// What one language needs to write a date.
pub(crate) struct Words {
    /// January first, in the form that stands between a day and a year.
    pub(crate) gregorian_months: [&'static str; 12],
    /// Farvardin first, in the same form.
    pub(crate) jalali_months: [&'static str; 12],
    /// Monday first.
    pub(crate) weekdays: [&'static str; 7],
    /// Rewrites ASCII digits into those of the language.
    pub(crate) digits: fn(&str) -> String,
}

impl Tongue {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Persian];

    /// The text with its ASCII digits written as the language writes them; everything else stays.
    #[must_use]
    pub fn digits(self, text: &str) -> String {
        (self.words().digits)(text)
    }

    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Persian => &PERSIAN,
        }
    }
}

/// Names as in the Unicode CLDR, locale `en-GB`.
static ENGLISH: Words = Words {
    gregorian_months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    jalali_months: [
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    digits: str::to_owned,
};

/// Names as in the Unicode CLDR, locale `fa`: the Gregorian months that end in a vowel bear the ezafe.
static PERSIAN: Words = Words {
    gregorian_months: [
        "ژانویهٔ",
        "فوریهٔ",
        "مارس",
        "آوریل",
        "مهٔ",
        "ژوئن",
        "ژوئیهٔ",
        "اوت",
        "سپتامبر",
        "اکتبر",
        "نوامبر",
        "دسامبر",
    ],
    jalali_months: [
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ],
    weekdays: ["دوشنبه", "سه\u{200c}شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"],
    digits: to_persian_digits,
};

#[cfg(test)]
mod tests {
    use super::Tongue;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_months_or_weekdays_of_a_language_share_a_name() {
        for tongue in Tongue::ALL {
            let words = tongue.words();
            for names in [&words.gregorian_months[..], &words.jalali_months, &words.weekdays] {
                assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{tongue:?}");
            }
        }
    }

    #[test]
    fn persian_names_use_persian_letters_and_not_their_arabic_twins() {
        let words = Tongue::Persian.words();
        for name in words.gregorian_months.iter().chain(&words.jalali_months).chain(&words.weekdays) {
            assert!(!name.contains(['\u{064a}', '\u{0643}', '\u{0629}']), "{name}");
            assert!(
                name.chars().all(|c| ('\u{0600}'..='\u{06ff}').contains(&c) || c == '\u{200c}'),
                "{name}"
            );
        }
    }

    #[test]
    fn digits_follow_the_language() {
        assert_eq!(Tongue::English.digits("12 of 30"), "12 of 30");
        assert_eq!(Tongue::Persian.digits("12 of 30"), "۱۲ of ۳۰");
    }
}

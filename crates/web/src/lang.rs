//! The languages that pages are written in; a further one is one row here and one file of messages.

use std::str::FromStr;

use calendar::{Reckoning, Tongue};

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    English,
    /// Persian.
    Persian,
}

impl Lang {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::English, Self::Persian];

    /// Its code, as in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Persian => "fa",
        }
    }

    /// The direction in which it is written.
    pub(crate) fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
            Self::Persian => "rtl",
        }
    }

    /// What it calls itself.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Persian => "فارسی",
        }
    }

    /// The words in which its dates are written.
    pub(crate) fn tongue(self) -> Tongue {
        match self {
            Self::English => Tongue::English,
            Self::Persian => Tongue::Persian,
        }
    }

    /// The reckoning that its readers think in; the other stands beside it.
    pub(crate) fn reckoning(self) -> Reckoning {
        match self {
            Self::English => Reckoning::Gregorian,
            Self::Persian => Reckoning::Jalali,
        }
    }

    /// Its messages, in Fluent's syntax.
    pub(crate) fn messages(self) -> &'static str {
        match self {
            Self::English => include_str!("messages/en.ftl"),
            Self::Persian => include_str!("messages/fa.ftl"),
        }
    }

    /// The first of the languages that a browser asks for which we have; English if there is none.
    pub(crate) fn asked_for(accept_language: Option<&str>) -> Self {
        let ranges = accept_language.unwrap_or_default().split(',').take(LANGUAGES_ASKED_MAX);
        let primary = |range: &str| range.trim().get(..2).map(str::to_ascii_lowercase);
        ranges.filter_map(primary).find_map(|code| code.parse().ok()).unwrap_or(Self::English)
    }
}

/// How many of the languages that a browser asks for are looked at.
const LANGUAGES_ASKED_MAX: usize = 16;

/// There is no such language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchLang;

impl std::fmt::Display for NoSuchLang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no such language: en or fa")
    }
}

impl std::error::Error for NoSuchLang {}

impl FromStr for Lang {
    type Err = NoSuchLang;

    fn from_str(code: &str) -> Result<Self, NoSuchLang> {
        Self::ALL.into_iter().find(|lang| lang.code() == code).ok_or(NoSuchLang)
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_first_language_asked_for_that_we_have_is_spoken() {
        for (asked, code) in [
            (None, "en"),
            (Some("fa-IR,fa;q=0.9,en;q=0.8"), "fa"),
            (Some("be, ru;q=0.8, fa;q=0.5"), "fa"),
            (Some("EN-gb"), "en"),
            (Some(",;\u{e9},x"), "en"),
        ] {
            assert_eq!(Lang::asked_for(asked).code(), code, "{asked:?}");
        }
    }
}

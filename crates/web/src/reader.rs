//! Who reads a page: words, numbers, days and times as that person's language writes them.

use std::fmt::Display;

use calendar::{CivilDay, Reckoning, format_day};
use node::Clock;

use crate::lang::Lang;
use crate::markup::Markup;
use crate::messages::{self, Told};

/// The reader of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    /// The language.
    pub(crate) lang: Lang,
}

impl Reader {
    /// A message that is told nothing.
    pub(crate) fn say(&self, id: &str) -> String {
        messages::text(self.lang, id, &[])
    }

    /// A message that is told something.
    pub(crate) fn tell(&self, id: &str, told: &[(&str, Told<'_>)]) -> Markup {
        messages::html(self.lang, id, told)
    }

    /// A message that is told a count.
    pub(crate) fn count(&self, id: &str, count: usize) -> Markup {
        self.tell(id, &[("count", count.into())])
    }

    /// A message that is told a name.
    pub(crate) fn named(&self, id: &str, name: &str) -> Markup {
        self.tell(id, &[("name", name.into())])
    }

    /// A number in the digits of the language.
    pub(crate) fn number(&self, number: impl Display) -> String {
        self.lang.tongue().digits(&number.to_string())
    }

    /// A day in both reckonings, the reader's first; `days` since 1970-01-01.
    pub(crate) fn day(&self, days: &i32) -> Markup {
        let Ok(day) = CivilDay::from_days(*days) else { return Markup::code(&days.to_string()) };
        let [first, other] =
            self.reckonings().map(|reckoning| format_day(day, reckoning, self.lang.tongue()));
        Markup::day(&day.to_string(), &first, &other)
    }

    /// A day with the name of the day of the week in front.
    pub(crate) fn weekday(&self, days: &i32) -> Markup {
        let Ok(day) = CivilDay::from_days(*days) else { return Markup::code(&days.to_string()) };
        Markup::isolating(day.weekday().name(self.lang.tongue())).and(&self.day(days))
    }

    /// A time in a zone, to the minute, the zone named.
    pub(crate) fn moment(&self, ms: &u64, zone: &str) -> Markup {
        let Some((day, hour, minute)) = Clock::civil(*ms, zone) else {
            return Markup::code(&format!("{ms} ms"));
        };
        let time = self.number(format!("{hour:02}:{minute:02}"));
        self.day(&day.days()).and(&Markup::code(&time)).and(&Markup::code(zone))
    }

    /// The reader's reckoning, and the other.
    pub(crate) fn reckonings(&self) -> [Reckoning; 2] {
        let first = self.lang.reckoning();
        let other = if first == Reckoning::Jalali { Reckoning::Gregorian } else { Reckoning::Jalali };
        [first, other]
    }
}

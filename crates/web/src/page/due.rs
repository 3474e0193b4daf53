//! A due day as people type it: three fields, in the reckoning they chose, in any of three scripts of digits.

use calendar::{BadDay, CivilDay, Reckoning, parse_number};
use node::Clock;

use super::Fault;
use crate::fields::Fields;
use crate::markup::Markup;
use crate::messages::Told;
use crate::reader::Reader;

/// The most letters of a field that are read as a number or a zone; no day and no zone has as many.
const LETTERS_MAX: usize = 64;

/// A due day as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) reckoning: Reckoning,
    pub(super) day: String,
    pub(super) month: String,
    pub(super) year: String,
    pub(super) zone: String,
}

/// The name of a reckoning in forms.
pub(super) fn word(reckoning: Reckoning) -> &'static str {
    match reckoning {
        Reckoning::Gregorian => "gregorian",
        Reckoning::Jalali => "jalali",
    }
}

impl Typed {
    /// Nothing typed yet.
    pub(super) fn empty(reader: Reader) -> Self {
        let [reckoning, _] = reader.reckonings();
        let nothing = String::new;
        Self { reckoning, day: nothing(), month: nothing(), year: nothing(), zone: nothing() }
    }

    /// A day as the reader would type it.
    pub(super) fn of_day(reader: Reader, day: Option<CivilDay>, zone: &str) -> Self {
        let empty = Self { zone: zone.to_owned(), ..Self::empty(reader) };
        let Some(day) = day else { return empty };
        let (year, month, day) = empty.reckoning.ymd(day);
        let (day, month, year) = (reader.number(day), reader.number(month), reader.number(year));
        Self { day, month, year, ..empty }
    }

    /// What a form says.
    pub(super) fn of_fields(reader: Reader, fields: &Fields) -> Self {
        let chosen = Reckoning::ALL.into_iter().find(|held| word(*held) == fields.first("reckoning"));
        Self {
            reckoning: chosen.unwrap_or(reader.reckonings()[0]),
            day: fields.words("day"),
            month: fields.words("month"),
            year: fields.words("year"),
            zone: fields.words("zone"),
        }
    }

    /// The day alone, of whatever time; none where nothing was typed.
    pub(super) fn read_day(&self, reader: Reader) -> Result<Option<CivilDay>, Fault> {
        if self.day.is_empty() && self.month.is_empty() && self.year.is_empty() {
            return Ok(None);
        }
        self.civil(reader).map(Some)
    }

    /// The day in days since 1970-01-01, and the zone; or what is wrong with them.
    pub(super) fn read(&self, reader: Reader, clock: &Clock) -> Result<(i32, String), Vec<Fault>> {
        let mut faults = Vec::new();
        let day = self.civil(reader).map_err(|fault| faults.push(fault)).ok();
        let zone_known = self.zone.len() <= LETTERS_MAX && Clock::knows_zone(&self.zone);
        if !zone_known {
            let id = if self.zone.is_empty() { "fault-zone-missing" } else { "fault-zone" };
            faults.push(Fault { field: "zone", text: Markup::isolating(&reader.say(id)) });
        }
        // What is over in its own zone cannot be promised any more.
        if let (Some(day), true) = (day, zone_known)
            && let Some(today) = clock.today(&self.zone)
            && day < today
        {
            let told = [("today", Told::Words(self.written(reader, today).into()))];
            faults.push(Fault { field: "day", text: reader.tell("fault-due-past", &told) });
        }
        match day {
            Some(day) if faults.is_empty() => Ok((day.days(), self.zone.clone())),
            _ => Err(faults),
        }
    }

    fn written(&self, reader: Reader, day: CivilDay) -> String {
        calendar::format_day(day, self.reckoning, reader.lang.tongue())
    }

    fn civil(&self, reader: Reader) -> Result<CivilDay, Fault> {
        let fault = |field, id| Fault { field, text: Markup::isolating(&reader.say(id)) };
        if self.day.is_empty() && self.month.is_empty() && self.year.is_empty() {
            return Err(fault("day", "fault-due-missing"));
        }
        let number = |text: &str| Some(text).filter(|text| text.len() <= LETTERS_MAX).and_then(parse_number);
        let day = number(&self.day).ok_or_else(|| fault("day", "fault-day-number"))?;
        let month = number(&self.month).ok_or_else(|| fault("month", "fault-month-number"))?;
        let year = number(&self.year).and_then(|year| i32::try_from(year).ok());
        let year = year.ok_or_else(|| fault("year", "fault-year-number"))?;
        // What does not fit a byte is no month and no day of a month either.
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        self.reckoning.day(year, small(month), small(day)).map_err(|why| self.told(reader, &why))
    }

    fn told(&self, reader: Reader, why: &BadDay) -> Fault {
        let number = |number: i32| reader.number(number);
        // In the digits of the reader, whatever digits were typed.
        let typed = |text: &str| parse_number(text).map_or_else(String::new, |number| reader.number(number));
        match why {
            BadDay::NoSuchMonth { .. } => {
                let told = [("month", Told::from(typed(&self.month)))];
                Fault { field: "month", text: reader.tell("fault-no-such-month", &told) }
            }
            BadDay::NoSuchDay { reckoning, year, month, month_days, .. } => {
                let names = reckoning.month_names(reader.lang.tongue());
                let name = names.get(usize::from(*month).wrapping_sub(1)).copied().unwrap_or_default();
                let told = [
                    ("day", Told::from(typed(&self.day))),
                    ("month", name.into()),
                    ("year", number(*year).into()),
                    ("days", u64::from(*month_days).into()),
                ];
                Fault { field: "day", text: reader.tell("fault-no-such-day", &told) }
            }
            BadDay::YearOutOfRange { year_min, year_max, .. } => {
                let told = [("from", Told::from(number(*year_min))), ("to", number(*year_max).into())];
                let id = match self.reckoning {
                    Reckoning::Gregorian => "fault-year-gregorian",
                    Reckoning::Jalali => "fault-year-jalali",
                };
                Fault { field: "year", text: reader.tell(id, &told) }
            }
            BadDay::TooLong { .. } | BadDay::NotADate { .. } | BadDay::OutOfRange { .. } => {
                Fault { field: "day", text: Markup::isolating(&reader.say("fault-due-missing")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::lang::Lang;

    fn read(lang: Lang, reckoning: &str, [day, month, year]: [&str; 3]) -> Result<i32, String> {
        let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
        let reader = Reader { lang };
        let zone = "Asia/Tehran".to_owned();
        let fields = Fields::read(format!("reckoning={reckoning}").as_bytes());
        let typed = Typed { zone, ..Typed::of_fields(reader, &fields) };
        let typed = Typed { day: day.to_owned(), month: month.to_owned(), year: year.to_owned(), ..typed };
        typed.read(reader, &clock).map(|(day, _)| day).map_err(|faults| faults[0].text.to_string())
    }

    #[test]
    fn every_script_of_digits_in_either_reckoning_names_the_day() {
        let due = CivilDay::from_ymd(2027, 3, 20).unwrap().days();
        for typed in [["29", "12", "1405"], ["۲۹", "۱۲", "۱۴۰۵"], ["٢٩", "١٢", "١٤٠٥"]] {
            assert_eq!(read(Lang::Persian, "jalali", typed), Ok(due));
        }
        assert_eq!(read(Lang::English, "gregorian", ["20", "3", "2027"]), Ok(due));
        assert_eq!(
            read(Lang::Persian, "", ["29", "12", "1405"]),
            Ok(due),
            "the reader's own when none is chosen"
        );
    }

    #[test]
    fn what_is_wrong_with_a_day_is_said_in_words() {
        let plain = |text: String| text.replace("<bdi>", "").replace("</bdi>", "");
        for (reckoning, typed, said) in [
            ("gregorian", ["31", "2", "2027"], "There is no 31 February 2027: that month has 28 days."),
            ("jalali", ["30", "12", "1407"], "There is no 30 Esfand 1407: that month has 29 days."),
            ("jalali", ["999", "1", "1407"], "There is no 999 Farvardin 1407: that month has 31 days."),
            ("gregorian", ["1", "13", "2027"], "There is no month 13: months are numbered 1 to 12."),
            (
                "gregorian",
                ["1", "1", "1405"],
                "A Gregorian year lies between 1600 and 2400. Is this a Jalali year?",
            ),
            ("gregorian", ["", "", ""], "Enter the due date."),
            ("gregorian", ["first", "1", "2027"], "Enter the day as a number."),
            ("gregorian", ["1", "", "2027"], "Enter the month as a number, 1 to 12."),
            ("gregorian", ["1", "1", "-1"], "Enter the year as a number of four digits."),
        ] {
            assert_eq!(read(Lang::English, reckoning, typed).map_err(plain), Err(said.to_owned()));
        }
        let past = read(Lang::English, "gregorian", ["20", "9", "2026"]).map_err(plain).unwrap_err();
        assert!(past.contains("21 September 2026"), "{past}");
        let persian = read(Lang::Persian, "jalali", ["30", "12", "1407"]).unwrap_err();
        assert!(persian.contains("اسفند") && persian.contains("۲۹"), "{persian}");
    }

    #[test]
    fn the_same_day_is_not_over() {
        assert!(read(Lang::English, "gregorian", ["21", "9", "2026"]).is_ok());
    }
}

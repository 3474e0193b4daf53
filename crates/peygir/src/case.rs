//! A case to show: parties and what they do, by the ordinary commands, as `examples/` tells it.

use std::collections::BTreeMap;
use std::path::Path;

use calendar::CivilDay;
use serde_json::Value;

use crate::failure::{Failure, Result};

/// The name that stands for every party.
const ALL: &str = "all";

/// Something a party does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// Who; none: everyone exchanges with everyone.
    pub(crate) by: Option<usize>,
    /// Under what name its outcome is kept.
    keep: Option<String>,
    /// The command, with `$name.field` for what was kept, `@+30` for a day and `%name` for a text.
    words: Vec<String>,
}

/// Parties by their names in the record, and what they do in turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) parties: Vec<String>,
    pub(crate) acts: Vec<Act>,
    /// Texts by name, for commands that read files.
    pub(crate) texts: BTreeMap<String, String>,
}

/// What commands printed, by the names that acts gave it.
#[derive(Default)]
pub(crate) struct Kept(BTreeMap<String, Value>);

impl Case {
    /// Reads a case out of its text.
    ///
    /// # Errors
    /// A line that is none; says which.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let (mut short, mut case) = (Vec::new(), Self::default());
        let mut block = None;
        for (number, line) in text.lines().enumerate().map(|(number, line)| (number + 1, line.trim())) {
            let wrong = |what: &str| Failure::usage(format!("line {number} of the case: {what}"));
            if let Some(opened) = line.strip_prefix("```") {
                block = if block.is_some() { None } else { Some(opened) };
                continue;
            }
            match block {
                Some("parties") => {
                    let (name, full) = line.split_once(": ").ok_or_else(|| wrong("name: Full name"))?;
                    short.push(name.to_owned());
                    case.parties.push(full.to_owned());
                }
                Some("acts") => {
                    let (who, words) = line.split_once(": ").ok_or_else(|| wrong("party: command"))?;
                    let (keep, who) = who.split_once(" = ").map_or((None, who), |(to, who)| (Some(to), who));
                    let by = short.iter().position(|name| name == who);
                    if by.is_none() && (who != ALL || words != "sync") {
                        return Err(wrong("no such party"));
                    }
                    let words = split(words).ok_or_else(|| wrong("a quotation mark is missing"))?;
                    case.acts.push(Act { by, keep: keep.map(str::to_owned), words });
                }
                Some(other) => {
                    if let Some(name) = other.strip_prefix("text ") {
                        let text = case.texts.entry(name.to_owned()).or_default();
                        text.push_str(line);
                        text.push('\n');
                    }
                }
                None => {}
            }
        }
        Ok(case)
    }
}

/// Words apart by spaces; what stands in quotation marks is one word.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    line.matches('"').count().is_multiple_of(2).then_some(words)
}

impl Act {
    /// The command as it is run `today`, where the texts lie in `texts`.
    ///
    /// # Errors
    /// It names what was not kept, or a day outside the calendar.
    pub(crate) fn words(&self, kept: &Kept, today: CivilDay, texts: &Path) -> Result<Vec<String>> {
        let filled = |word: &String| match word.split_once("=%") {
            Some((language, name)) => Ok(format!("{language}={}", texts.join(name).display())),
            None => kept.filled(word, today),
        };
        self.words.iter().map(filled).collect()
    }
}

impl Kept {
    /// Keeps what an act printed, if it gave that a name.
    pub(crate) fn keep(&mut self, act: &Act, printed: Value) {
        if let Some(name) = &act.keep {
            self.0.insert(name.clone(), printed);
        }
    }

    fn filled(&self, word: &str, today: CivilDay) -> Result<String> {
        if let Some(days) = word.strip_prefix('@') {
            let day = days.parse().ok().and_then(|days: i32| CivilDay::from_days(today.days() + days).ok());
            let day = day.ok_or_else(|| Failure::usage(format!("{word} is no day")))?;
            return Ok(day.to_string());
        }
        let Some(named) = word.strip_prefix('$') else { return Ok(word.to_owned()) };
        let (named, rest) = named.split_once('/').map_or((named, None), |(named, rest)| (named, Some(rest)));
        let found = named.split_once('.').and_then(|(name, field)| self.0.get(name)?.get(field)?.as_str());
        let found = found.ok_or_else(|| Failure::usage(format!("nothing was kept as {word}")))?;
        Ok(rest.map_or_else(|| found.to_owned(), |rest| format!("{found}/{rest}")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn acts_name_what_was_kept_and_days_from_today() {
        let text = "Words.\n```text t.en\nClause 1. One.\n```\n```parties\na: A party\nb: Another\n```\n```acts\nx = a: offer --title \"Two words\" --due @+3\nall: sync\nb: accept $x.object\na: agree --text en=%t.en --clause $x.object/2\n```";
        let case = Case::read(text).unwrap();
        assert_eq!(case.parties, ["A party", "Another"]);
        let (mut kept, today) = (Kept::default(), CivilDay::from_days(20_000).unwrap());
        let words = |act: usize, kept: &Kept| case.acts[act].words(kept, today, Path::new("/texts"));
        let first = words(0, &kept).unwrap();
        assert_eq!(first, ["offer", "--title", "Two words", "--due", "2024-10-07"]);
        assert!(words(2, &kept).is_err(), "nothing is kept yet");
        kept.keep(&case.acts[0], json!({ "object": "17" }));
        assert_eq!(words(2, &kept).unwrap(), ["accept", "17"]);
        let file = words(3, &kept).unwrap();
        assert_eq!(file, ["agree", "--text", "en=/texts/t.en", "--clause", "17/2"]);
        assert_eq!(case.texts["t.en"], "Clause 1. One.\n");
        assert_eq!((case.acts[1].by, case.acts[2].by), (None, Some(1)));
    }

    #[test]
    fn a_line_that_is_none_is_told_by_its_number() {
        for (line, told) in [
            ("c: sync", "line 5 of the case: no such party"),
            ("nothing", "line 5 of the case: party: command"),
            ("a: offer --title \"open", "line 5 of the case: a quotation mark is missing"),
        ] {
            let text = format!("```parties\na: A\n```\n```acts\n{line}\n```");
            assert_eq!(Case::read(&text).unwrap_err().text, told);
        }
    }
}

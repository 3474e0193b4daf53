//! A place in one line of a story, moved on word by word.

use calendar::{Reckoning, parse_day};

/// What is left of a line.
pub(crate) struct Cursor<'a> {
    rest: &'a str,
    names: &'a [String],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(rest: &'a str, names: &'a [String]) -> Self {
        Self { rest: rest.trim(), names }
    }

    /// Takes these words if they come next, whole.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(words) else { return false };
        let is_whole = !words.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric);
        if is_whole {
            self.rest = rest.trim_start();
        }
        is_whole
    }

    /// As [`Cursor::eat`], for words that must come next.
    pub(crate) fn want(&mut self, words: &str) -> Result<(), String> {
        if self.eat(words) { Ok(()) } else { Err(format!("`{words}` is expected before `{}`", self.rest)) }
    }

    /// A party that the story names, by its number.
    pub(crate) fn party(&mut self) -> Result<usize, String> {
        self.maybe_party().ok_or_else(|| format!("a party of this story is expected before `{}`", self.rest))
    }

    pub(crate) fn maybe_party(&mut self) -> Option<usize> {
        let mut by_length: Vec<_> = self.names.iter().enumerate().collect();
        by_length.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
        by_length.into_iter().find(|(_, name)| self.eat(name)).map(|(who, _)| who)
    }

    /// Parties joined by commas and `and`.
    pub(crate) fn parties(&mut self) -> Result<Vec<usize>, String> {
        let mut parties = vec![self.party()?];
        while self.eat(",") || self.eat("and") {
            parties.push(self.party()?);
        }
        Ok(parties)
    }

    /// A name in quotation marks.
    pub(crate) fn title(&mut self) -> Result<String, String> {
        let quoted = self.rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let (title, rest) =
            quoted.ok_or_else(|| format!("a name in quotation marks is expected before `{}`", self.rest))?;
        self.rest = rest.trim_start();
        Ok(title.to_owned())
    }

    pub(crate) fn number(&mut self) -> Result<u64, String> {
        let word = self.word();
        word.parse().map_err(|_| format!("a number is expected, not `{word}`"))
    }

    /// A day such as `2027-03-20`, in days since 1970.
    pub(crate) fn day(&mut self) -> Result<i32, String> {
        let word = self.word();
        let day = parse_day(word, Reckoning::Gregorian).map_err(|why| format!("`{word}`: {why}"))?;
        Ok(day.days())
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find([' ', ';', ',', ':']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word
    }

    /// Words behind a colon, to the end of the line; none when there is no colon.
    pub(crate) fn words(&mut self) -> Option<String> {
        self.eat(":").then(|| std::mem::take(&mut self.rest).to_owned())
    }

    /// The line must be over.
    pub(crate) fn end(&self) -> Result<(), String> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("nothing is expected at `{}`", self.rest)) }
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }
}

//! The text of an agreement in one language, as people write it: a line such as `Article 2. Deliveries` begins a clause.

use std::collections::BTreeMap;

use calendar::{parse_number, to_persian_digits};

use crate::content::{Content, FieldTag};
use crate::terms::CLAUSE_NUMBER_MAX;

/// What a line that begins a clause starts with. After a word, the number is followed by a mark or by the end of the
/// line, so that a sentence about a clause begins none.
const WORDS: [&str; 13] = [
    "article",
    "clause",
    "section",
    "\u{645}\u{627}\u{62f}\u{647}\u{654}",
    "\u{645}\u{627}\u{62f}\u{647}",
    "\u{628}\u{646}\u{62f}",
    "\u{627}\u{644}\u{645}\u{627}\u{62f}\u{629}",
    "\u{441}\u{442}\u{430}\u{442}\u{44c}\u{44f}",
    "\u{43f}\u{443}\u{43d}\u{43a}\u{442}",
    "\u{430}\u{440}\u{442}\u{44b}\u{43a}\u{443}\u{43b}",
    "\u{2116}",
    "\u{a7}",
    "#",
];

/// The word with which a clause begins when the text is written out, by language.
const WRITTEN: [(&str, &str); 4] = [
    ("fa", "\u{645}\u{627}\u{62f}\u{647}"),
    ("ru", "\u{421}\u{442}\u{430}\u{442}\u{44c}\u{44f}"),
    ("be", "\u{410}\u{440}\u{442}\u{44b}\u{43a}\u{443}\u{43b}"),
    ("ar", "\u{627}\u{644}\u{645}\u{627}\u{62f}\u{629}"),
];

/// Why a text is not one with numbered clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWording {
    /// No line begins a clause.
    NoClause,
    /// Two clauses have this number.
    Twice(u64),
    /// The number of a clause is not between 1 and [`CLAUSE_NUMBER_MAX`].
    Number(u64),
}

impl std::fmt::Display for BadWording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoClause => write!(f, "no line begins a clause, as \"Article 1. Heading\" does"),
            Self::Twice(number) => write!(f, "two clauses have the number {number}"),
            Self::Number(number) => {
                write!(f, "a clause has the number {number}, which is not between 1 and {CLAUSE_NUMBER_MAX}")
            }
        }
    }
}

impl std::error::Error for BadWording {}

/// One clause in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    /// Its heading; empty if it has none.
    pub heading: String,
    /// Its text.
    pub text: String,
}

/// A whole text in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// What stands before the first clause.
    pub preamble: String,
    /// The clauses by number.
    pub clauses: BTreeMap<u64, Clause>,
}

impl Wording {
    /// Reads a text as people write it.
    ///
    /// # Errors
    /// No clause, or numbers that cannot be.
    pub fn read(typed: &str) -> Result<Self, BadWording> {
        let mut wording = Self::default();
        let mut number = None;
        for line in typed.lines() {
            let Some((found, heading)) = beginning(line) else {
                let text = match number.and_then(|number| wording.clauses.get_mut(&number)) {
                    Some(clause) => &mut clause.text,
                    None => &mut wording.preamble,
                };
                text.push_str(line.trim_end());
                text.push('\n');
                continue;
            };
            if found == 0 || found > CLAUSE_NUMBER_MAX {
                return Err(BadWording::Number(found));
            }
            let clause = Clause { heading: heading.to_owned(), text: String::new() };
            if wording.clauses.insert(found, clause).is_some() {
                return Err(BadWording::Twice(found));
            }
            number = Some(found);
        }
        if wording.clauses.is_empty() {
            return Err(BadWording::NoClause);
        }
        wording.preamble = wording.preamble.trim().to_owned();
        wording.clauses.values_mut().for_each(|clause| clause.text = clause.text.trim().to_owned());
        Ok(wording)
    }

    /// The text that a content has in `language`; empty when it has none.
    #[must_use]
    pub fn of(content: &Content, language: &str) -> Self {
        let mut wording = Self::default();
        for (number, fields) in content.parts() {
            let of_tag = |tag| {
                let found = fields.iter().find(|field| field.tag == tag && field.language == language);
                found.map(|field| field.text.clone())
            };
            let (heading, text) = (of_tag(FieldTag::Heading), of_tag(FieldTag::Text));
            match number {
                None => wording.preamble = text.unwrap_or_default(),
                Some(number) if heading.is_some() || text.is_some() => {
                    let clause =
                        Clause { heading: heading.unwrap_or_default(), text: text.unwrap_or_default() };
                    wording.clauses.insert(number, clause);
                }
                Some(_) => {}
            }
        }
        wording
    }

    /// The text written out, so that reading it again gives the same.
    #[must_use]
    pub fn written(&self, language: &str) -> String {
        let word = WRITTEN.iter().find(|(known, _)| *known == language).map_or("Article", |(_, word)| word);
        let mut parts: Vec<String> =
            Some(self.preamble.clone()).into_iter().filter(|text| !text.is_empty()).collect();
        parts.extend(self.clauses.iter().map(|(number, clause)| {
            let digits = number.to_string();
            let digits = if language == "fa" { to_persian_digits(&digits) } else { digits };
            let line = format!("{word} {digits}. {}", clause.heading);
            format!("{}\n{}", line.trim_end(), clause.text).trim_end().to_owned()
        }));
        parts.join("\n\n")
    }
}

/// The languages in which a content has headings or texts, in the order in which they come first.
#[must_use]
pub fn languages(content: &Content) -> Vec<&str> {
    let mut languages: Vec<&str> = Vec::new();
    for field in &content.fields {
        let is_text = matches!(field.tag, FieldTag::Heading | FieldTag::Text);
        if is_text && !languages.contains(&field.language.as_str()) {
            languages.push(&field.language);
        }
    }
    languages
}

/// A content with the clauses of several languages, each number with all that is said under it.
#[must_use]
pub fn content_of(titles: &[(&str, &str)], wordings: &[(&str, Wording)]) -> Content {
    let mut content = Content::default();
    for (language, title) in titles {
        content = content.with(FieldTag::Title, language, title);
    }
    for (language, wording) in wordings.iter().filter(|(_, wording)| !wording.preamble.is_empty()) {
        content = content.with(FieldTag::Text, language, &wording.preamble);
    }
    let mut numbers: Vec<_> = wordings.iter().flat_map(|(_, wording)| wording.clauses.keys()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        content = content.with(FieldTag::Number, "", &number.to_string());
        for (language, wording) in wordings {
            let Some(clause) = wording.clauses.get(number) else { continue };
            if !clause.heading.is_empty() {
                content = content.with(FieldTag::Heading, language, &clause.heading);
            }
            content = content.with(FieldTag::Text, language, &clause.text);
        }
    }
    content
}

/// The number and the heading of a line that begins a clause.
fn beginning(line: &str) -> Option<(u64, &str)> {
    let line = line.trim();
    let (word, rest) = WORDS.iter().find_map(|word| Some((*word, after(line, word)?)))?;
    let is_sign = !word.chars().all(char::is_alphabetic) && word.chars().count() == 1;
    let rest = if is_sign { rest.trim_start_matches(word) } else { rest };
    let rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{200c}');
    let end = rest.find(|letter: char| !letter.is_numeric()).unwrap_or(rest.len());
    let (digits, heading) = rest.split_at(end);
    let number = parse_number(digits).map(u64::from)?;
    let marks = ['.', ':', ')', '-', '\u{2013}', '\u{2014}', '\u{640}', '\u{60c}', '\u{2e}'];
    let marked = heading.trim_start().starts_with(marks);
    if !is_sign && !marked && !heading.trim().is_empty() {
        return None;
    }
    Some((number, heading.trim_start().trim_start_matches(marks).trim()))
}

/// What follows `word` at the beginning of a line, in capitals or not.
fn after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let mut letters = line.chars();
    for wanted in word.chars() {
        let letter = letters.next()?;
        if letter != wanted && !letter.to_lowercase().eq([wanted]) {
            return None;
        }
    }
    Some(letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: &str = "The parties,\nconvinced,\n\nArticle 1. Deliveries\nTwelve.\n\nIn two parts.\n\nARTICLE 2\nArticle 1 of this text stays.";

    #[test]
    fn a_line_with_a_word_and_a_number_begins_a_clause() {
        let wording = Wording::read(TYPED).unwrap();
        assert_eq!(wording.preamble, "The parties,\nconvinced,");
        let clause =
            |heading: &str, text: &str| Clause { heading: heading.to_owned(), text: text.to_owned() };
        assert_eq!(wording.clauses[&1], clause("Deliveries", "Twelve.\n\nIn two parts."));
        assert_eq!(wording.clauses[&2], clause("", "Article 1 of this text stays."));
        assert_eq!(wording.clauses.len(), 2);
    }

    #[test]
    fn a_clause_begins_in_every_script_and_with_any_digits() {
        for (line, heading) in [
            (
                "\u{645}\u{627}\u{62f}\u{647} \u{6f3} \u{2013} \u{645}\u{648}\u{636}\u{648}\u{639}",
                "\u{645}\u{648}\u{636}\u{648}\u{639}",
            ),
            (
                "\u{421}\u{442}\u{430}\u{442}\u{44c}\u{44f} 3. \u{421}\u{440}\u{43e}\u{43a}",
                "\u{421}\u{440}\u{43e}\u{43a}",
            ),
            ("## 3 Term", "Term"),
            ("\u{a7} 3", ""),
            ("clause 3) Term", "Term"),
        ] {
            let wording = Wording::read(line).unwrap();
            assert_eq!(wording.clauses[&3].heading, heading, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_a_text_with_clauses_is_named() {
        assert_eq!(Wording::read("no clause\n3. a list"), Err(BadWording::NoClause));
        assert_eq!(Wording::read("Article 1.\nArticle 1."), Err(BadWording::Twice(1)));
        assert_eq!(Wording::read("Article 0."), Err(BadWording::Number(0)));
        assert_eq!(Wording::read("Article 10000."), Err(BadWording::Number(10_000)));
        assert_eq!(Wording::read("Article 99999999999999999999."), Err(BadWording::NoClause));
    }

    #[test]
    fn a_text_survives_being_written_out_and_being_a_content() {
        let (english, persian) = (
            Wording::read(TYPED).unwrap(),
            Wording::read("\u{645}\u{627}\u{62f}\u{647} 2. \u{645}").unwrap(),
        );
        assert_eq!(Wording::read(&english.written("en")), Ok(english.clone()));
        assert_eq!(Wording::read(&persian.written("fa")), Ok(persian.clone()));
        let content = content_of(&[("en", "Rail")], &[("en", english.clone()), ("fa", persian.clone())]);
        assert_eq!((Wording::of(&content, "en"), Wording::of(&content, "fa")), (english, persian));
        assert_eq!(languages(&content), ["en", "fa"]);
        assert_eq!(Wording::of(&content, "be"), Wording::default());
    }
}

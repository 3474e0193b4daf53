//! What stands behind an entry: texts and evidence, salted, so that they can be erased and not be guessed.

use std::collections::BTreeMap;

use oplog::{BadBytes, ContentHash, ContentRef, Reader, Wire, Writer, id::hex};

/// The bytes of salt in front of every content.
pub const SALT_BYTES: usize = 16;
/// The most bytes of the fields of one content, an attachment not counted: an agreement of 60 clauses in four languages,
/// with four thousand bytes for each text.
pub const FIELDS_BYTES_MAX: usize = 1_048_576;
/// The most fields of one content: 256 clauses, each with its number, and heading and text in seven languages.
pub const FIELDS_MAX: usize = 4_096;

/// What a field of a content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldTag {
    /// The name by which people speak of the object.
    Title,
    /// What is to be delivered.
    Deliverable,
    /// How one sees that it is done.
    Criterion,
    /// The text of a condition.
    Condition,
    /// Why something is done.
    Reason,
    /// Free words: a report's, a comment's.
    Note,
    /// A party's or a space's name.
    Name,
    /// A field code: OECD's list, T, C or F.
    FieldCode,
    /// An attachment's file name.
    FileName,
    /// An attachment's media type.
    MediaType,
    /// Where something comes from.
    Source,
    /// A debtor as written in a transcript.
    DebtorAsWritten,
    /// A creditor as written in a transcript.
    CreditorAsWritten,
    /// A due date as written in a transcript.
    DueAsWritten,
    /// The acting person's role code.
    Role,
    /// The acting person, as a salted hash.
    Person,
    /// The number of a clause or an agenda item, in ASCII digits: the headings and texts after it, up to the next number,
    /// are that clause's.
    Number,
    /// The heading of a clause or an agenda item.
    Heading,
    /// The text of a clause, of what was said under an agenda item, or before the first number of the whole.
    Text,
    /// Where a meeting is.
    Place,
    /// A tag that a later version defines; kept as it is.
    Other(u64),
}

const TAGS: [(FieldTag, u64); 20] = [
    (FieldTag::Title, 1),
    (FieldTag::Deliverable, 2),
    (FieldTag::Criterion, 3),
    (FieldTag::Condition, 4),
    (FieldTag::Reason, 5),
    (FieldTag::Note, 6),
    (FieldTag::Name, 7),
    (FieldTag::FieldCode, 8),
    (FieldTag::FileName, 9),
    (FieldTag::MediaType, 10),
    (FieldTag::Source, 11),
    (FieldTag::DebtorAsWritten, 12),
    (FieldTag::CreditorAsWritten, 13),
    (FieldTag::DueAsWritten, 14),
    (FieldTag::Role, 15),
    (FieldTag::Person, 16),
    (FieldTag::Number, 32),
    (FieldTag::Heading, 33),
    (FieldTag::Text, 34),
    (FieldTag::Place, 35),
];

impl FieldTag {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u64 {
        if let Self::Other(code) = self {
            return code;
        }
        TAGS.iter().find(|(known, _)| *known == self).map_or(0, |(_, code)| *code)
    }

    /// The tag of a number.
    #[must_use]
    pub fn of_code(code: u64) -> Self {
        TAGS.iter().find(|(_, known)| *known == code).map_or(Self::Other(code), |(tag, _)| *tag)
    }
}

/// One text of a content: what it is, its language (BCP 47, empty when none applies) and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub tag: FieldTag,
    /// Its language.
    pub language: String,
    /// The words.
    pub text: String,
}

impl Wire for Field {
    fn write(&self, to: &mut Writer) {
        to.array(3).uint(self.tag.code()).text(&self.language).text(&self.text);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(3)?;
        Ok(Self { tag: FieldTag::of_code(from.uint()?), language: from.get()?, text: from.get()? })
    }
}

/// A whole content: salt, fields, and for evidence the file's bytes after them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The salt.
    pub salt: [u8; SALT_BYTES],
    /// The fields, in the author's order.
    pub fields: Vec<Field>,
    /// The bytes of an attached file; empty when none is.
    pub attachment: Vec<u8>,
}

impl Content {
    /// The bytes whose SHA-256 names the content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.salt[..], &oplog::to_bytes(&self.fields), &self.attachment].concat()
    }

    /// Reads a content.
    ///
    /// # Errors
    /// Too short for its salt, or fields that do not decode or are over a limit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let (salt, rest) = bytes.split_first_chunk::<SALT_BYTES>().ok_or(BadBytes::Malformed("salt"))?;
        let mut reader = Reader::new(rest);
        let fields: Vec<Field> = reader.get()?;
        if fields.len() > FIELDS_MAX || reader.position() > FIELDS_BYTES_MAX {
            return Err(BadBytes::TooLong("fields"));
        }
        if oplog::to_bytes(&fields) != rest[..reader.position()] {
            return Err(BadBytes::NotCanonical);
        }
        Ok(Self { salt: *salt, fields, attachment: rest[reader.position()..].to_vec() })
    }

    /// The name and length that an entry carries.
    #[must_use]
    pub fn reference(bytes: &[u8]) -> ContentRef {
        ContentRef { hash: ContentHash::of(bytes), len_bytes: bytes.len() as u64 }
    }

    /// The text of the first field with `tag`, in `language` if there is one.
    #[must_use]
    pub fn text(&self, tag: FieldTag, language: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|field| field.tag == tag);
        let first = found.clone().next();
        found.find(|field| field.language == language).or(first).map(|field| field.text.as_str())
    }

    /// The headings and texts under each number, in the author's order, those before the first number under `None`.
    /// A number that is none, or stands there a second time, is passed by with what follows it.
    #[must_use]
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else a field is, now or later, belongs to no number"
    )]
    pub fn parts(&self) -> BTreeMap<Option<u64>, Vec<&Field>> {
        let mut parts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut number = Some(None);
        for field in &self.fields {
            match field.tag {
                FieldTag::Number => {
                    let read = field.text.parse::<u64>().ok().filter(|read| read.to_string() == field.text);
                    number = read.map(Some).filter(|number| !parts.contains_key(number));
                    if let Some(number) = number {
                        parts.insert(number, Vec::new());
                    }
                }
                FieldTag::Heading | FieldTag::Text => {
                    if let Some(number) = number {
                        parts.entry(number).or_default().push(field);
                    }
                }
                _ => {}
            }
        }
        parts
    }

    /// This content with one more field.
    #[must_use]
    pub fn with(mut self, tag: FieldTag, language: &str, text: &str) -> Self {
        self.fields.push(Field { tag, language: language.to_owned(), text: text.to_owned() });
        self
    }
}

impl std::fmt::Display for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "content {}", hex(&ContentHash::of(&self.to_bytes()).0[..8]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_survives_its_bytes_and_an_unknown_tag_is_kept() {
        let content = Content { salt: [3; 16], attachment: b"%PDF".to_vec(), ..Content::default() }
            .with(FieldTag::FileName, "", "act.pdf")
            .with(FieldTag::Other(99), "fa", "\u{6a9}");
        assert_eq!(Content::from_bytes(&content.to_bytes()), Ok(content));
    }

    #[test]
    fn texts_belong_to_the_number_before_them() {
        let content = Content::default()
            .with(FieldTag::Text, "en", "The parties,")
            .with(FieldTag::Number, "", "2")
            .with(FieldTag::Heading, "en", "Deliveries")
            .with(FieldTag::Text, "en", "Twelve.")
            .with(FieldTag::Number, "", "02")
            .with(FieldTag::Text, "en", "of no clause")
            .with(FieldTag::Number, "", "2")
            .with(FieldTag::Text, "en", "a second time")
            .with(FieldTag::Number, "", "1");
        let texts = |part: &[&Field]| part.iter().map(|field| field.text.clone()).collect::<Vec<_>>();
        let parts: Vec<_> = content.parts().iter().map(|(number, part)| (*number, texts(part))).collect();
        let two = vec!["Deliveries".to_owned(), "Twelve.".to_owned()];
        assert_eq!(parts, [(None, vec!["The parties,".to_owned()]), (Some(1), Vec::new()), (Some(2), two)]);
    }

    #[test]
    fn the_reader_gets_its_language_or_else_the_first() {
        let content =
            Content::default().with(FieldTag::Title, "en", "Rail").with(FieldTag::Title, "fa", "\u{631}");
        assert_eq!(content.text(FieldTag::Title, "fa"), Some("\u{631}"));
        assert_eq!(content.text(FieldTag::Title, "be"), Some("Rail"));
        assert_eq!(content.text(FieldTag::Note, "fa"), None);
    }
}

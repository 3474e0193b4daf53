//! One signed entry, as threads and the log show it.

use agreement::{Content, FieldTag, Subject};
use node::ContentState;
use node::ask::EntryView;
use node::oplog::ObjectId;

use super::Row;
use super::names::Names;
use super::people::role_name;
use crate::markup::Markup;
use crate::reader::Reader;
use crate::refusal::refused;

/// One signed entry.
pub(super) struct Step {
    pub(super) n: String,
    pub(super) did: String,
    pub(super) who: Markup,
    /// Which person acted, as far as the record tells us.
    pub(super) acted: Option<Markup>,
    pub(super) claimed: Markup,
    pub(super) arrived: Markup,
    pub(super) id: Markup,
    pub(super) signed_with: Markup,
    /// The object that it is about.
    pub(super) about: Option<Markup>,
    /// Why it changes nothing.
    pub(super) refusal: Option<Markup>,
    /// What else there is to say of it.
    pub(super) remark: Option<String>,
    pub(super) texts: Vec<Row>,
    /// The text of an agreement, which is long: it is unfolded.
    pub(super) folded: Vec<Row>,
}

/// An entry of a space, its times in `zone`.
pub(super) fn step(reader: Reader, names: &Names, entry: &EntryView, zone: &str) -> Step {
    let (key, seq) = entry.key;
    let remark = match entry.content_state {
        _ if entry.relied => Some("entry-relied"),
        Some(ContentState::Missing) => Some("content-missing"),
        Some(ContentState::Withheld) => Some("content-withheld"),
        Some(ContentState::Erased) => Some("content-erased"),
        Some(ContentState::Present) | None => None,
    };
    let about = |object: ObjectId| {
        let pages = match entry.subject {
            Some(Subject::Commitment) => "commitments",
            Some(Subject::Agreement) => "agreements",
            Some(Subject::Space | Subject::Meeting) | None => return Markup::id(object),
        };
        Markup::link(&format!("/{}/{pages}/{object}", reader.lang.code()), &Markup::id(object))
    };
    Step {
        n: reader.number(entry.n),
        did: reader.say(&format!("did-{}", entry.word)),
        who: names.of(entry.party),
        acted: entry.content.as_ref().and_then(|content| names.acted(entry.party, content)),
        claimed: reader.moment(&entry.claimed_ms, zone),
        arrived: reader.moment(&entry.arrived_ms, zone),
        id: Markup::id(entry.id),
        signed_with: Markup::id(key).and(&Markup::code(&seq.to_string())),
        about: entry.object.map(about),
        refusal: entry.refusal.as_deref().map(|why| refused(reader, why)),
        remark: remark.map(|id| reader.say(id)),
        texts: entry.content.as_ref().map(|content| texts(reader, content, false)).unwrap_or_default(),
        folded: entry.content.as_ref().map(|content| texts(reader, content, true)).unwrap_or_default(),
    }
}

/// The texts of a content, each under its name: those of clauses, or the others.
fn texts(reader: Reader, content: &Content, of_clauses: bool) -> Vec<Row> {
    let row = |label, value| Row { label, value, was: None };
    let mut rows: Vec<_> = content
        .fields
        .iter()
        // A role that is known stands beside the party; the hash tells nobody but that party anything.
        .filter(|field| {
            matches!(field.tag, FieldTag::Number | FieldTag::Heading | FieldTag::Text) == of_clauses
        })
        .filter(|field| {
            field.tag != FieldTag::Person
                && (field.tag != FieldTag::Role || role_name(reader, &field.text).is_none())
        })
        .map(|field| row(reader.say(field_id(field.tag)), Markup::text(&field.text)))
        .collect();
    if !content.attachment.is_empty() && !of_clauses {
        rows.push(row(reader.say("field-attachment"), reader.count("bytes", content.attachment.len())));
    }
    rows
}

/// The message that names a field.
fn field_id(tag: FieldTag) -> &'static str {
    match tag {
        FieldTag::Title => "row-title",
        FieldTag::Deliverable => "row-deliverable",
        FieldTag::Criterion => "row-criterion",
        FieldTag::Condition => "row-condition",
        FieldTag::Reason => "row-reason",
        FieldTag::Note => "row-note",
        FieldTag::Name => "field-name",
        FieldTag::FieldCode => "field-code",
        FieldTag::FileName => "field-file-name",
        FieldTag::MediaType => "field-media-type",
        FieldTag::Source => "field-source",
        FieldTag::DebtorAsWritten => "field-debtor-as-written",
        FieldTag::CreditorAsWritten => "field-creditor-as-written",
        FieldTag::DueAsWritten => "field-due-as-written",
        FieldTag::Role => "field-role",
        FieldTag::Person => "field-person",
        FieldTag::Number => "field-number",
        FieldTag::Heading => "field-heading",
        FieldTag::Text => "field-text",
        FieldTag::Place => "field-place",
        FieldTag::Other(_) => "field-other",
    }
}

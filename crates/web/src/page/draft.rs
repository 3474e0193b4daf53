//! Terms as a person types them: kept as typed, checked field by field, and turned into what an offer signs.

use agreement::{Closure, CommitmentTerms, Condition, Content, FieldCode, FieldTag, Tag};
use node::Clock;
use node::oplog::{ObjectId, PartyId};

use super::{Fault, due};
use crate::fields::Fields;
use crate::markup::Markup;
use crate::messages::Told;
use crate::reader::Reader;

/// The most letters of a title.
pub(super) const TITLE_CHARS_MAX: usize = 300;
/// The most letters of any other text.
pub(super) const TEXT_CHARS_MAX: usize = 5_000;
/// The most bytes of all texts together: so many travel beside their entry.
pub(super) const TEXTS_BYTES_MAX: usize = 65_536;
/// Bytes that a content needs beside its texts.
pub(super) const FIELDS_BYTES_BESIDE: usize = 1_024;

/// What kind of terms a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// First terms of a new commitment.
    New,
    /// Other terms in answer to those on the table.
    Counter,
    /// A change of whatever it may be.
    Amend,
    /// Another due day alone.
    Reschedule,
    /// The end, by consent.
    End,
}

impl Kind {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::New, "new"),
        (Self::Counter, "counter"),
        (Self::Amend, "amend"),
        (Self::Reschedule, "reschedule"),
        (Self::End, "end"),
    ];

    /// The word for it in addresses and messages.
    pub(super) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind of a word, of those that change something that is there.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(kind, held)| *held == word && *kind != Self::New).map(|(kind, _)| *kind)
    }

    /// Whether who owes what to whom can be changed.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::New | Self::Counter | Self::Amend)
    }

    /// Whether the due day can be changed.
    pub(super) fn has_due(self) -> bool {
        self != Self::End
    }
}

/// What the terms begin from: nothing, those on the table, or those in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    /// Terms that are taken over where nothing else is typed.
    pub(super) terms: Option<CommitmentTerms>,
    pub(super) content: Option<Content>,
    /// Terms in force with their texts, which decide what kind of change it is.
    pub(super) in_force: Option<(CommitmentTerms, Option<Content>)>,
}

/// Terms as they were typed.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) texts: Vec<(&'static str, String)>,
    pub(super) debtor: String,
    pub(super) creditors: Vec<String>,
    pub(super) closure: String,
    /// The clause that it carries out, as the form names it; empty when it carries out none.
    pub(super) clause: String,
    pub(super) due: due::Typed,
}

/// The texts of a form: their field, what they are, and in which language.
const TEXTS: [(&str, FieldTag, &str); 7] = [
    ("title-en", FieldTag::Title, "en"),
    ("title-fa", FieldTag::Title, "fa"),
    ("deliverable", FieldTag::Deliverable, ""),
    ("criterion", FieldTag::Criterion, ""),
    ("condition", FieldTag::Condition, ""),
    ("reason", FieldTag::Reason, ""),
    ("field", FieldTag::FieldCode, ""),
];

const CLOSURES: [(&str, Closure); 3] =
    [("all", Closure::All), ("any", Closure::Any), ("lead", Closure::Lead)];

fn closure_word(closure: Closure) -> &'static str {
    CLOSURES.iter().find(|(_, held)| *held == closure).map_or("all", |(word, _)| word)
}

impl Draft {
    /// A form that nobody has typed into: empty, or with the terms that it begins from.
    pub(super) fn begin(reader: Reader, base: &Base) -> Self {
        let held = |tag, language: &str| {
            let fields = base.content.as_ref().map(|content| content.fields.as_slice()).unwrap_or_default();
            let of_tag = |field: &&agreement::Field| field.tag == tag;
            let exact = fields.iter().filter(of_tag).find(|field| field.language == language);
            // A title in no language that the form has stands in the first field.
            let first = || fields.iter().find(of_tag).filter(|field| language == "en" && !is_held(field));
            exact.or_else(first).map(|field| field.text.clone()).unwrap_or_default()
        };
        let text = |tag, language| if tag == FieldTag::Reason { String::new() } else { held(tag, language) };
        let texts = TEXTS.iter().map(|(name, tag, language)| (*name, text(*tag, language)));
        let due = match &base.terms {
            Some(terms) => due::Typed::of_day(reader, terms.due.civil(), &terms.due.zone),
            None => due::Typed::empty(reader),
        };
        let terms = base.terms.as_ref();
        Self {
            texts: texts.collect(),
            debtor: terms.map(|terms| terms.debtor.to_string()).unwrap_or_default(),
            creditors: terms
                .map(|terms| terms.creditors.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            clause: terms
                .and_then(|terms| terms.clause)
                .map(|(agreement, number)| format!("{agreement}:{number}"))
                .unwrap_or_default(),
            closure: closure_word(terms.map_or(Closure::All, |terms| terms.closure)).to_owned(),
            due,
        }
    }

    /// What a form says; where the form of this kind has no field, what was there before.
    pub(super) fn of_fields(reader: Reader, kind: Kind, base: &Base, fields: &Fields) -> Self {
        let mut draft = Self::begin(reader, base);
        for (name, text) in &mut draft.texts {
            if kind.is_whole() || *name == "reason" {
                *text = fields.words(name);
            }
        }
        if kind.has_due() {
            draft.due = due::Typed::of_fields(reader, fields);
        }
        if kind.is_whole() {
            draft.debtor = fields.words("debtor");
            draft.creditors = fields.all("creditor");
            draft.closure = fields.words("closure");
            draft.clause = fields.words("clause");
        }
        draft
    }

    /// A text by its field.
    pub(super) fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(held, _)| *held == name).map_or("", |(_, text)| text)
    }

    /// Puts a text into its field.
    pub(super) fn set(&mut self, name: &str, text: String) {
        if let Some((_, held)) = self.texts.iter_mut().find(|(held, _)| *held == name) {
            *held = text;
        }
    }

    /// What is to be signed, or everything that is wrong with it.
    pub(super) fn read(
        &self,
        reader: Reader,
        kind: Kind,
        base: &Base,
        clock: &Clock,
        (own, members): (PartyId, &[PartyId]),
        clauses: &[(String, (ObjectId, u64))],
    ) -> Result<(CommitmentTerms, Content), Vec<Fault>> {
        let mut faults = self.text_faults(reader, kind, base);
        let debtor = self.party(&self.debtor, members);
        if debtor.is_none() {
            faults.push(fault(reader, "debtor", "fault-debtor"));
        }
        let creditors = self.creditors(base, members);
        if creditors.is_empty() {
            faults.push(fault(reader, "creditor", "fault-creditors"));
        } else if debtor.is_some_and(|debtor| creditors.contains(&debtor)) {
            faults.push(fault(reader, "creditor", "fault-debtor-among"));
        } else if kind == Kind::New && debtor != Some(own) && !creditors.contains(&own) {
            faults.push(fault(reader, "debtor", "fault-not-named"));
        }
        let closure = CLOSURES.iter().find(|(word, _)| *word == self.closure).map(|(_, closure)| *closure);
        if closure.is_none() {
            faults.push(fault(reader, "closure", "fault-closure"));
        }
        let clause = clauses.iter().find(|(value, _)| *value == self.clause).map(|(_, clause)| *clause);
        if clause.is_none() && !self.clause.is_empty() {
            faults.push(fault(reader, "clause", "fault-clause"));
        }
        // An offer to end leaves the day alone, so that a day which is over does not stand in its way.
        let kept = base.terms.as_ref().filter(|_| !kind.has_due()).map(|terms| &terms.due);
        let due = match kept {
            Some(due) => Ok((due.day, due.zone.clone())),
            None => self.due.read(reader, clock),
        };
        let due = due.map_err(|more| faults.extend(more)).ok();
        let (Some(debtor), Some(closure), Some((day, zone)), true) =
            (debtor, closure, due, faults.is_empty())
        else {
            return Err(faults);
        };
        let content = self.content(base);
        let terms = CommitmentTerms {
            tag: Tag::New,
            debtor,
            creditors,
            closure,
            due: agreement::Due { day, zone },
            condition: self.condition(base),
            clause,
            reply_by: None,
        };
        let tag = tag(kind, base, &terms, &content).map_err(|id| vec![fault(reader, "reason", id)])?;
        Ok((CommitmentTerms { tag, ..terms }, content))
    }

    fn text_faults(&self, reader: Reader, kind: Kind, base: &Base) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.text("title-en").is_empty() && self.text("title-fa").is_empty() {
            faults.push(fault(reader, "title-en", "fault-title"));
        }
        // A code that the list does not have was not chosen here; terms that brought one keep it.
        let field = self.text("field");
        if !field.is_empty() && FieldCode::of_code(field).is_none() && !self.keeps_field(base) {
            faults.push(fault(reader, "field", "fault-field"));
        }
        if self.text("deliverable").is_empty() {
            faults.push(fault(reader, "deliverable", "fault-deliverable"));
        }
        let mut bytes = 0_usize;
        for (name, text) in &self.texts {
            let most = if name.starts_with("title") { TITLE_CHARS_MAX } else { TEXT_CHARS_MAX };
            let count = text.chars().count();
            bytes = bytes.saturating_add(text.len());
            if count > most {
                let told = [("count", Told::from(count)), ("most", most.into())];
                faults.push(Fault { field: name, text: reader.tell("fault-too-long", &told) });
            }
        }
        if faults.is_empty() && bytes > TEXTS_BYTES_MAX - FIELDS_BYTES_BESIDE {
            faults.push(fault(reader, "deliverable", "fault-too-long-together"));
        }
        // What cannot be typed into this form is not held against it.
        faults.retain(|fault| kind.is_whole() || fault.field == "reason");
        faults
    }

    fn keeps_field(&self, base: &Base) -> bool {
        let held = base.content.as_ref().and_then(|content| content.text(FieldTag::FieldCode, ""));
        held == Some(self.text("field"))
    }

    fn party(&self, id: &str, members: &[PartyId]) -> Option<PartyId> {
        id.parse().ok().filter(|party| members.contains(party))
    }

    /// The creditors, those that were there before in their old order, as the first of them is the lead.
    fn creditors(&self, base: &Base, members: &[PartyId]) -> Vec<PartyId> {
        let old = base.terms.as_ref().map(|terms| terms.creditors.as_slice()).unwrap_or_default();
        let named: Vec<_> = self.creditors.iter().filter_map(|id| self.party(id, members)).collect();
        let mut all: Vec<_> = old.iter().copied().filter(|party| named.contains(party)).collect();
        for party in named {
            if !all.contains(&party) {
                all.push(party);
            }
        }
        all
    }

    /// A changed text wants a new number, so that an old signature does not satisfy it.
    fn condition(&self, base: &Base) -> Option<Condition> {
        let before = base.terms.as_ref().and_then(|terms| terms.condition);
        let held = base.content.as_ref().and_then(|content| content.text(FieldTag::Condition, ""));
        let typed = self.text("condition");
        match before {
            Some(Condition::Fulfilled(_)) if typed.is_empty() => before,
            Some(Condition::Text(_)) if held == Some(typed) => before,
            _ if typed.is_empty() => None,
            Some(Condition::Text(number)) => Some(Condition::Text(number.saturating_add(1))),
            _ => Some(Condition::Text(1)),
        }
    }

    /// The texts: as typed, and beside them what the base has in languages and of kinds that the form does not show.
    fn content(&self, base: &Base) -> Content {
        let fields = base.content.as_ref().map(|content| content.fields.as_slice()).unwrap_or_default();
        let mut content = Content::default();
        for field in fields.iter().filter(|field| !is_held(field) && field.tag != FieldTag::Reason) {
            // A title that moved into a field of the form is not kept a second time.
            // Nor is who acted then; the node says who acts now.
            if !matches!(field.tag, FieldTag::Title | FieldTag::Role | FieldTag::Person) {
                content.fields.push(field.clone());
            }
        }
        for (name, tag, language) in TEXTS {
            let text = self.text(name);
            if !text.is_empty() {
                content = content.with(tag, language, text);
            }
        }
        content
    }
}

/// Whether the form has a field for it.
fn is_held(field: &agreement::Field) -> bool {
    TEXTS.iter().any(|(_, tag, language)| *tag == field.tag && *language == field.language)
}

/// A fault that one message says.
pub(super) fn fault(reader: Reader, field: &'static str, id: &str) -> Fault {
    Fault { field, text: Markup::isolating(&reader.say(id)) }
}

/// What kind of change the terms make to those in force; or the message that says why they cannot be offered.
fn tag(kind: Kind, base: &Base, terms: &CommitmentTerms, content: &Content) -> Result<Tag, &'static str> {
    let Some((old, texts)) = &base.in_force else { return Ok(Tag::New) };
    if kind == Kind::End {
        return Ok(Tag::MutualEnd);
    }
    let now = CommitmentTerms { tag: old.tag, reply_by: old.reply_by, ..terms.clone() };
    let words = |content: &Content| {
        let mut words: Vec<_> = content
            .fields
            .iter()
            .filter(|field| !matches!(field.tag, FieldTag::Reason | FieldTag::Role | FieldTag::Person))
            .collect();
        words.sort_by_key(|field| (field.tag, &field.language, &field.text));
        words.into_iter().cloned().collect::<Vec<_>>()
    };
    let same_words = texts.as_ref().is_some_and(|texts| words(texts) == words(content));
    if now == *old {
        return Err(if same_words { "fault-nothing-changed" } else { "fault-words-alone" });
    }
    // A tag that names one thing is given only where nothing else changes, words included.
    Ok(match () {
        () if !same_words => Tag::Amend,
        () if now == (CommitmentTerms { due: now.due.clone(), ..old.clone() }) => Tag::Reschedule,
        () if now == (CommitmentTerms { debtor: now.debtor, ..old.clone() }) => Tag::Delegate,
        () if now == (CommitmentTerms { creditors: now.creditors.clone(), ..old.clone() }) => Tag::Assign,
        () => Tag::Amend,
    })
}

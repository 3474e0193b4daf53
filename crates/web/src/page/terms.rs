//! Terms as facts, beside what they would change.

use agreement::{Closure, CommitmentTerms, Condition, Content, FieldTag, Tag};

use node::oplog::ObjectId;

use super::names::Names;
use super::{Row, field};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

/// Terms with their texts; `None` when the texts are not here.
pub(super) type Stated<'a> = (&'a CommitmentTerms, Option<&'a Content>);

/// The title in the reader's language, or else in any.
pub(super) fn title(reader: Reader, content: Option<&Content>) -> String {
    let title = content.and_then(|content| content.text(FieldTag::Title, reader.lang.code()));
    title.map_or_else(|| reader.say("untitled"), calm)
}

/// Terms as rows; where `old` says something else, with what it says.
pub(super) fn rows(reader: Reader, names: &Names, now: Stated<'_>, old: Option<Stated<'_>>) -> Vec<Row> {
    let facts = facts(reader, names, now);
    let before = old.map(|old| self::facts(reader, names, old)).unwrap_or_default();
    let none = Markup::isolating(&reader.say("nothing-said"));
    let row = |(at, (id, value)): (usize, (&str, Option<Markup>))| {
        let held = before.get(at).map(|(_, value)| value);
        // A reason belongs to one change and has no earlier one beside it.
        let differs = id != "row-reason" && held.is_some_and(|held| *held != value);
        let was = differs.then(|| held.cloned().flatten().unwrap_or_else(|| none.clone()));
        let value = if was.is_some() { Some(value.unwrap_or_else(|| none.clone())) } else { value };
        value.map(|value| Row { label: reader.say(id), value, was })
    };
    facts.into_iter().enumerate().filter_map(row).collect()
}

/// Every fact that terms can state, in the order of the page.
fn facts(reader: Reader, names: &Names, (terms, content): Stated<'_>) -> Vec<(&'static str, Option<Markup>)> {
    let text = |tag| {
        let fields = content.map(|content| content.fields.as_slice()).unwrap_or_default();
        let mut texts = fields.iter().filter(|field| field.tag == tag).map(|field| Markup::text(&field.text));
        let first = texts.next()?;
        Some(texts.fold(first, |all, text| all.and(&text)))
    };
    let field = content.and_then(|content| content.text(FieldTag::FieldCode, ""));
    let field = field.map(|code| field::shown(reader, code));
    let missing = content.is_none().then(|| Markup::isolating(&reader.say("text-missing")));
    let ends = (terms.tag == Tag::MutualEnd).then(|| Markup::isolating(&reader.say("tag-mutual-end")));
    let closure = match terms.closure {
        Closure::All => "closure-all",
        Closure::Any => "closure-any",
        Closure::Lead => "closure-lead",
    };
    let condition = match terms.condition {
        None => None,
        Some(Condition::Text(_)) => {
            Some(text(FieldTag::Condition).unwrap_or_else(|| Markup::isolating(&reader.say("text-missing"))))
        }
        Some(Condition::Fulfilled(object)) => {
            let to = format!("/{}/commitments/{object}", reader.lang.code());
            let words = Markup::isolating(&reader.say("condition-fulfilled"));
            Some(Markup::link(&to, &words.and(&Markup::id(object))))
        }
    };
    let due = reader.weekday(&terms.due.day).and(&reader.named("due-zone", &terms.due.zone));
    vec![
        ("row-kind", ends),
        ("row-title", text(FieldTag::Title)),
        ("row-field", field),
        ("row-text", missing),
        ("row-debtor", Some(names.of(terms.debtor))),
        ("row-creditors", Some(creditors(names, terms))),
        ("row-deliverable", text(FieldTag::Deliverable)),
        ("row-criterion", text(FieldTag::Criterion)),
        ("row-due", Some(due)),
        ("row-condition", condition),
        ("row-clause", terms.clause.map(|(agreement, number)| clause(reader, agreement, number))),
        ("row-closure", Some(Markup::isolating(&reader.say(closure)))),
        ("row-reply-by", terms.reply_by.map(|day| reader.day(&day))),
        ("row-reason", text(FieldTag::Reason)),
    ]
}

/// The clause that a commitment carries out, as a link to it.
fn clause(reader: Reader, agreement: ObjectId, number: u64) -> Markup {
    let to = format!("/{}/agreements/{agreement}#clause-{number}", reader.lang.code());
    let number = reader.number(number);
    let words = reader.tell("clause-number", &[("number", number.as_str().into())]);
    Markup::link(&to, &words.and(&Markup::id(agreement)))
}

fn creditors(names: &Names, terms: &CommitmentTerms) -> Markup {
    match terms.creditors.as_slice() {
        [one] => names.of(*one),
        several => names.listed(several.iter().copied()),
    }
}

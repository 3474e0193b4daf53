//! The terms and the text of an agreement as facts, beside what they would change.

use agreement::{
    AgreementPhase, AgreementTag, AgreementTerms, Content, FieldTag, Withdrawal, Wording, wording,
};
use node::ask::AgreementView;
use node::oplog::PartyId;

use super::Row;
use super::names::Names;
use super::standing::{Status, Turn, turn_of};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

/// Terms with their text; `None` when the text is not here.
pub(super) type Provided<'a> = (&'a AgreementTerms, Option<&'a Content>);

/// What a language is called, in the reader's language; its code when it has no name here.
pub(super) fn language(reader: Reader, code: &str) -> String {
    match code {
        "en" => reader.say("language-en"),
        "fa" => reader.say("language-fa"),
        "ru" => reader.say("language-ru"),
        "be" => reader.say("language-be"),
        "ar" => reader.say("language-ar"),
        "" => reader.say("language-none"),
        other => calm(other),
    }
}

/// A phase in words.
pub(super) fn status(reader: Reader, phase: AgreementPhase) -> Status {
    Status { class: phase.name(), words: reader.say(&format!("agreement-{}", phase.name())) }
}

/// Whose turn it is, and to do what.
pub(super) fn turn(reader: Reader, names: &Names, view: &AgreementView) -> Turn {
    let what = match view.phase {
        _ if !view.waits_on.is_empty() && view.record.in_force().is_some() => "agreement-awaits-change",
        _ if !view.waits_on.is_empty() => "agreement-awaits-signature",
        AgreementPhase::Offered => "agreement-awaits-signature",
        AgreementPhase::NotAgreed => "awaited-new-offer",
        AgreementPhase::InForce => "agreement-stands",
        AgreementPhase::Withdrawn => "agreement-is-left",
        AgreementPhase::Terminated => "agreement-is-over",
    };
    turn_of(reader, names, view.waits_on.iter().copied().collect(), what)
}

/// How a party may leave.
fn withdrawal(reader: Reader, withdrawal: Withdrawal) -> Markup {
    match withdrawal {
        Withdrawal::Never => Markup::isolating(&reader.say("withdrawal-never")),
        Withdrawal::Consent => Markup::isolating(&reader.say("withdrawal-consent")),
        Withdrawal::Notice(days) => reader.tell("withdrawal-notice-of", &[("days", days.into())]),
    }
}

/// The heading and text of a clause, in every language of the content or in the one that is asked for.
fn clause(reader: Reader, content: &Content, number: u64) -> Option<Markup> {
    let parts = content.parts();
    let fields = parts.get(&Some(number))?;
    let mut all: Option<Markup> = None;
    for field in fields.iter().filter(|field| !field.text.is_empty()) {
        let text = if field.tag == FieldTag::Heading {
            Markup::name(&calm(&field.text))
        } else {
            Markup::isolating(&language(reader, &field.language)).and(&Markup::text(&field.text))
        };
        all = Some(all.map_or(text.clone(), |all| all.and(&text)));
    }
    all
}

/// Every fact that terms can state, then every clause; label and value.
fn facts(reader: Reader, names: &Names, (terms, content): Provided<'_>) -> Vec<(String, Option<Markup>)> {
    let ends = terms.tag == AgreementTag::Terminate;
    let text = |tag| {
        let fields = content.map(|content| content.fields.as_slice()).unwrap_or_default();
        let mut texts = fields.iter().filter(|field| field.tag == tag).map(|field| Markup::text(&field.text));
        let first = texts.next()?;
        Some(texts.fold(first, |all, text| all.and(&text)))
    };
    let said = |id: &str| Markup::isolating(&reader.say(id));
    vec![
        (reader.say("row-kind"), ends.then(|| said("tag-terminate"))),
        (reader.say("row-title"), text(FieldTag::Title)),
        (reader.say("row-text"), content.is_none().then(|| said("text-missing"))),
        (reader.say("row-parties"), Some(names.listed(terms.parties.iter().copied()))),
        (reader.say("row-withdrawal"), Some(withdrawal(reader, terms.withdrawal))),
        (reader.say("row-reply-by"), terms.reply_by.map(|day| reader.day(&day))),
        (reader.say("row-reason"), text(FieldTag::Reason)),
    ]
}

fn preamble(reader: Reader, content: Option<&Content>) -> Option<Markup> {
    let content = content?;
    let of = |code: &&str| Wording::of(content, code).preamble;
    let mut texts = wording::languages(content).into_iter().map(|code| (code, of(&code)));
    let mut all: Option<Markup> = None;
    for (code, text) in texts.by_ref().filter(|(_, text)| !text.is_empty()) {
        let text = Markup::isolating(&language(reader, code)).and(&Markup::text(&text));
        all = Some(all.map_or(text.clone(), |all| all.and(&text)));
    }
    all
}

/// Terms and clauses as rows; where `old` says something else, with what it says. What a change leaves alone is not
/// shown again, but for the facts at the top.
pub(super) fn rows(reader: Reader, names: &Names, now: Provided<'_>, old: Option<Provided<'_>>) -> Vec<Row> {
    let none = Markup::isolating(&reader.say("nothing-said"));
    let before = old.map(|old| facts(reader, names, old)).unwrap_or_default();
    let mut rows = Vec::new();
    for (at, (label, value)) in facts(reader, names, now).into_iter().enumerate() {
        let held = before.get(at).map(|(_, held)| held);
        // A reason belongs to one change, and what ends an agreement says its title alone.
        let differs = label != reader.say("row-reason") && held.is_some_and(|held| *held != value);
        let was = differs.then(|| held.cloned().flatten().unwrap_or_else(|| none.clone()));
        let value = if was.is_some() { Some(value.unwrap_or_else(|| none.clone())) } else { value };
        rows.extend(value.map(|value| Row { label, value, was }));
    }
    if now.0.tag == AgreementTag::Terminate {
        return rows;
    }
    let mut changed = |label: String, value: Option<Markup>, was: Option<Option<Markup>>| match (value, was) {
        (value, Some(was)) if value != was => rows.push(Row {
            label,
            value: value.unwrap_or_else(|| none.clone()),
            was: Some(was.unwrap_or_else(|| none.clone())),
        }),
        (Some(value), None) => rows.push(Row { label, value, was: None }),
        _ => {}
    };
    let was = old.map(|(_, content)| preamble(reader, content));
    changed(reader.say("row-preamble"), preamble(reader, now.1), was);
    let mut numbers = now.0.clauses.clone();
    numbers.extend(old.into_iter().flat_map(|(terms, _)| terms.clauses.iter().copied()));
    for number in numbers {
        let of = |(_, content): Provided<'_>| content.and_then(|content| clause(reader, content, number));
        let label = reader.tell("clause-number", &[("number", reader.number(number).into())]).to_string();
        changed(plain(&label), of(now), old.map(of));
    }
    rows
}

/// A sentence without marks of isolation, for a label.
fn plain(text: &str) -> String {
    text.replace("<bdi>", "").replace("</bdi>", "")
}

/// Who has signed terms on the table and who has not.
pub(super) struct Signatures {
    pub(super) signed: Markup,
    /// Who blocks; none when all have signed.
    pub(super) missing: Option<Markup>,
}

/// Who has signed terms and who has not, by the slot that they stand in.
pub(super) fn signatures(
    names: &Names,
    view: &AgreementView,
    hash: node::oplog::TermsHash,
) -> Option<Signatures> {
    let slot = view.record.ballot.slots.iter().find(|slot| slot.offered(hash).is_some())?;
    let offered = slot.offered(hash)?;
    let wanted = agreement::ballot::Vote::For(hash);
    let (signed, missing): (Vec<PartyId>, Vec<PartyId>) =
        slot.roster(&offered.terms).into_iter().partition(|party| slot.voted(*party).contains(&wanted));
    let missing = (!missing.is_empty()).then(|| names.listed(missing));
    Some(Signatures { signed: names.listed(signed), missing })
}

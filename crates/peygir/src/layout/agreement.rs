//! Agreements laid out.

use node::agreement::{AgreementTag, AgreementTerms, Content, FieldTag, Withdrawal, Wording, wording};
use node::ask::{AgreementLine, AgreementView, EntryView, Leaving};
use serde_json::{Value, json};

use super::{Names, day, entry, entry_data, fields_data, name};
use crate::request::Done;

/// Lines of a list of agreements.
pub(crate) fn agreements(lines: &[AgreementLine]) -> Done {
    let text =
        |line: &AgreementLine| format!("{}  {:<10}  {}", line.id.short(), line.phase.name(), line.title);
    let row = |line: &AgreementLine| {
        json!({
            "id": line.id.to_string(), "space": line.space.to_string(), "title": line.title,
            "phase": line.phase.name(),
        })
    };
    Done { lines: lines.iter().map(text).collect(), data: lines.iter().map(row).collect() }
}

fn withdrawal_words(withdrawal: Withdrawal) -> String {
    match withdrawal {
        Withdrawal::Never => "nobody may leave".to_owned(),
        Withdrawal::Notice(days) => format!("with notice of {days} days"),
        Withdrawal::Consent => "only if all sign that".to_owned(),
    }
}

/// The terms and every clause in every language.
fn terms(terms: &AgreementTerms, content: Option<&Content>, names: &Names) -> Vec<String> {
    let parties: Vec<_> = terms.parties.iter().map(|party| name(names, *party)).collect();
    let mut lines = vec![
        format!("  between   {}", parties.join(", ")),
        format!("  leaving   {}", withdrawal_words(terms.withdrawal)),
    ];
    lines.extend(terms.reply_by.map(|reply_by| format!("  reply by  {}", day(reply_by))));
    if terms.tag == AgreementTag::Terminate {
        lines.push("  it ends   by consent".to_owned());
    }
    let Some(content) = content else {
        lines.push("  its text is not here yet".to_owned());
        return lines;
    };
    let titles = content.fields.iter().filter(|field| field.tag == FieldTag::Title);
    lines.extend(titles.map(|field| format!("  title     [{}] {}", field.language, field.text)));
    for language in wording::languages(content) {
        let wording = Wording::of(content, language);
        let written = wording.written(language);
        lines.push(format!("  text in {language}:"));
        lines.extend(written.lines().map(|line| format!("    {line}")));
    }
    let unwritten: Vec<_> = terms
        .clauses
        .iter()
        .filter(|number| {
            terms.tag != AgreementTag::Terminate && !content.parts().contains_key(&Some(**number))
        })
        .map(u64::to_string)
        .collect();
    if !unwritten.is_empty() {
        lines.push(format!("  WITHOUT TEXT: clauses {}", unwritten.join(", ")));
    }
    lines
}

fn leaving(leaving: &Leaving, names: &Names) -> String {
    let party = name(names, leaving.party);
    match (leaving.received, leaving.ends()) {
        (Some((by, received)), Some(ends)) => {
            let by = name(names, by);
            format!(
                "{party} has withdrawn; {by} had it on {}, so it is bound until {}",
                day(received),
                day(ends)
            )
        }
        _ => format!("{party} has withdrawn; no other party is known to have received it"),
    }
}

fn terms_data(terms: &AgreementTerms) -> Value {
    let withdrawal = match terms.withdrawal {
        Withdrawal::Never => json!({ "how": "never" }),
        Withdrawal::Notice(days) => json!({ "how": "notice", "days": days }),
        Withdrawal::Consent => json!({ "how": "consent" }),
    };
    json!({
        "parties": terms.parties.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "clauses": terms.clauses, "withdrawal": withdrawal,
        "ends": terms.tag == AgreementTag::Terminate,
    })
}

/// An agreement in full.
pub(crate) fn agreement(view: &AgreementView, notes: &[EntryView], names: &Names) -> Done {
    let waits: Vec<_> = view.waits_on.iter().map(|party| name(names, *party)).collect();
    let mut moves: Vec<_> = view.moves.iter().map(|step| step.word).collect();
    moves.dedup();
    let mut lines = vec![format!("{}  agreement, {}", view.id, view.phase.name())];
    lines.extend(terms(&view.text.terms, view.content.as_ref(), names));
    lines.push(format!("  terms     {}", view.text.hash));
    let table = view.offered.iter().filter(|offer| offer.offered.hash != view.text.hash);
    for offer in table {
        lines.push(format!("on the table in round {}: {}", offer.slot, offer.offered.hash));
        lines.extend(terms(&offer.offered.terms, offer.content.as_ref(), names));
    }
    lines.extend(view.leaving.iter().map(|left| leaving(left, names)));
    for (number, commitments) in &view.commitments {
        for line in commitments {
            let (id, phase) = (line.id.short(), line.phase.name());
            lines.push(format!("clause {number}: {id}  {phase}  {}  {}", day(line.due), line.title));
        }
    }
    let bare = view.bare();
    if !bare.is_empty() {
        let numbers: Vec<_> = bare.iter().map(u64::to_string).collect();
        lines.push(format!("NO COMMITMENT under clauses: {}", numbers.join(", ")));
    }
    lines.push(format!("waits on: {}", waits.join(", ")));
    lines.push(format!("you can: {}", moves.join(", ")));
    lines.extend(view.thread.iter().chain(notes).map(|step| entry(step, names)));
    Done { lines, data: data(view, notes, &moves) }
}

fn data(view: &AgreementView, notes: &[EntryView], moves: &[&str]) -> Value {
    let commitments: Vec<_> = view
        .commitments
        .iter()
        .flat_map(|(number, lines)| lines.iter().map(move |line| (number, line)))
        .map(|(number, line)| {
            json!({ "clause": number, "id": line.id.to_string(), "phase": line.phase.name(), "title": line.title })
        })
        .collect();
    let leaving: Vec<_> = view
        .leaving
        .iter()
        .map(|left| {
            json!({
                "party": left.party.to_string(), "notice_days": left.notice_days,
                "received": left.received.map(|(_, on)| day(on)), "bound_until": left.ends().map(day),
            })
        })
        .collect();
    let offered = |offer: &node::ask::AgreementOffer| {
        json!({
            "slot": offer.slot, "terms": offer.offered.hash.to_string(), "says": terms_data(&offer.offered.terms),
            "content": offer.content.as_ref().map(|content| fields_data(content, 0)),
        })
    };
    json!({
        "id": view.id.to_string(), "space": view.space.to_string(), "phase": view.phase.name(),
        "terms": view.text.hash.to_string(), "says": terms_data(&view.text.terms),
        "content": view.content.as_ref().map(|content| fields_data(content, 0)),
        "offered": view.offered.iter().map(offered).collect::<Vec<_>>(),
        "leaving": leaving, "commitments": commitments, "without_commitment": view.bare(),
        "waits_on": view.waits_on.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "moves": moves, "thread": view.thread.iter().map(entry_data).collect::<Vec<_>>(),
        "notes": notes.iter().map(entry_data).collect::<Vec<_>>(),
    })
}

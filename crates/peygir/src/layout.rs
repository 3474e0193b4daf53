//! Lays answers out: lines for people beside the same data for programs.

mod agreement;
mod meeting;

use std::collections::BTreeMap;

use calendar::{CivilDay, Reckoning};
use node::Node;
use node::agreement::{Closure, CommitmentTerms, Condition, Content, FieldTag};
use node::ask::{CommitmentView, EntryView, Line, SpaceView};
use node::oplog::PartyId;
use serde_json::{Value, json};

pub(crate) use self::agreement::{agreement, agreements};
pub(crate) use self::meeting::{meeting, meetings};
use crate::failure::Result;
use crate::request::Done;

pub(crate) type Names = BTreeMap<PartyId, String>;

const DAY_MS: u64 = 86_400_000;
const MINUTE_MS: u64 = 60_000;

/// A day in both reckonings: `2026-12-31 (1405/10/10)`.
pub(crate) fn day(days: i32) -> String {
    let Ok(day) = CivilDay::from_days(days) else { return format!("day {days}") };
    let (year, month, of_month) = Reckoning::Jalali.ymd(day);
    format!("{day} ({year}/{month:02}/{of_month:02})")
}

/// A time in UTC, to the minute.
pub(crate) fn time(ms: u64) -> String {
    let days = i32::try_from(ms / DAY_MS).ok().and_then(|days| CivilDay::from_days(days).ok());
    let minutes = ms % DAY_MS / MINUTE_MS;
    days.map_or_else(|| format!("{ms} ms"), |day| format!("{day} {:02}:{:02}", minutes / 60, minutes % 60))
}

/// What was no good, after a comma each.
pub(crate) fn list(bad: &[String]) -> String {
    bad.iter().map(|why| format!(", refused: {why}")).collect()
}

pub(crate) fn name(names: &Names, party: PartyId) -> String {
    names.get(&party).cloned().unwrap_or_else(|| party.short())
}

/// Lines of a list of commitments.
pub(crate) fn commitments(node: &Node, lines: Vec<Line>) -> Result<Done> {
    let (mut text, mut rows) = (Vec::new(), Vec::new());
    let mut known = BTreeMap::new();
    for line in lines {
        if let std::collections::btree_map::Entry::Vacant(place) = known.entry(line.space) {
            place.insert(node::ask::names(&node.parties(line.space)?));
        }
        let debtor = known.get(&line.space).map_or_else(String::new, |names| name(names, line.debtor));
        let phase = line.phase.name();
        text.push(format!("{}  {}  {phase:<11}  {debtor}: {}", line.id.short(), day(line.due), line.title));
        rows.push(json!({
            "id": line.id.to_string(), "space": line.space.to_string(), "title": line.title, "phase": phase,
            "debtor": line.debtor.to_string(), "due": day(line.due),
        }));
    }
    Ok(Done { lines: text, data: rows.into() })
}

/// The word that people see for a field.
fn field_word(tag: FieldTag) -> &'static str {
    match tag {
        FieldTag::Title => "title",
        FieldTag::Deliverable => "deliverable",
        FieldTag::Criterion => "criterion",
        FieldTag::Condition => "condition",
        FieldTag::Reason => "reason",
        FieldTag::Note => "note",
        FieldTag::Name => "name",
        FieldTag::FieldCode => "field",
        FieldTag::FileName => "file",
        FieldTag::MediaType => "type",
        FieldTag::Source => "source",
        FieldTag::DebtorAsWritten => "debtor as written",
        FieldTag::CreditorAsWritten => "creditor as written",
        FieldTag::DueAsWritten => "due as written",
        FieldTag::Role => "role",
        FieldTag::Person => "person",
        FieldTag::Number => "number",
        FieldTag::Heading => "heading",
        FieldTag::Text => "text",
        FieldTag::Place => "place",
        FieldTag::Other(_) => "other",
    }
}

/// The fields of a content, one line each. Control characters of others' texts do not reach the terminal.
pub(crate) fn fields(content: &Content) -> Vec<String> {
    let plain =
        |text: &str| text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = |field: &node::agreement::Field| {
        let text: String = plain(&field.text);
        let language = if field.language.is_empty() {
            String::new()
        } else {
            format!(" [{}]", plain(&field.language) as String)
        };
        format!("    {}{language}: {text}", field_word(field.tag))
    };
    let mut lines: Vec<_> = content.fields.iter().map(line).collect();
    if !content.attachment.is_empty() {
        lines.push(format!("    {} bytes attached: peygir save writes them", content.attachment.len()));
    }
    lines
}

pub(crate) fn fields_data(content: &Content) -> Value {
    let field = |field: &node::agreement::Field| json!({ "tag": field_word(field.tag), "language": field.language, "text": field.text });
    json!({ "fields": content.fields.iter().map(field).collect::<Vec<_>>(), "attached_bytes": content.attachment.len() })
}

/// One line of a log or thread.
pub(crate) fn entry(entry: &EntryView, names: &Names) -> String {
    let object = entry.object.map(|object| format!(" on {}", object.short())).unwrap_or_default();
    let refusal = entry.refusal.as_ref().map(|why| format!("  (changes nothing: {why})")).unwrap_or_default();
    let relied = if entry.relied { "  (relied on before notice)" } else { "" };
    let (key, seq) = entry.key;
    format!(
        "{:>5}  {}  {}  {}{object}  by {} {}/{seq}{refusal}{relied}",
        entry.n,
        entry.id.short(),
        time(entry.claimed_ms),
        entry.word,
        name(names, entry.party),
        key.short(),
    )
}

/// The same for programs.
pub(crate) fn entry_data(entry: &EntryView) -> Value {
    json!({
        "n": entry.n, "id": entry.id.to_string(), "word": entry.word, "party": entry.party.to_string(),
        "key": entry.key.0.to_string(), "seq": entry.key.1, "claimed_ms": entry.claimed_ms,
        "arrived_ms": entry.arrived_ms, "object": entry.object.map(|object| object.to_string()),
        "refusal": entry.refusal, "relied": entry.relied,
        "content": entry.content.as_ref().map(fields_data),
    })
}

fn closure_word(closure: Closure) -> &'static str {
    match closure {
        Closure::All => "all creditors confirm",
        Closure::Any => "any creditor confirms",
        Closure::Lead => "the first creditor confirms",
    }
}

fn terms(terms: &CommitmentTerms, names: &Names) -> Vec<String> {
    let creditors: Vec<_> = terms.creditors.iter().map(|party| name(names, *party)).collect();
    let mut lines = vec![
        format!("  debtor    {}", name(names, terms.debtor)),
        format!("  creditors {}", creditors.join(", ")),
        format!("  due       {} {}", day(terms.due.day), terms.due.zone),
        format!("  closed    when {}", closure_word(terms.closure)),
    ];
    match terms.condition {
        Some(Condition::Fulfilled(object)) => {
            lines.push(format!("  after     {} is fulfilled", object.short()))
        }
        Some(Condition::Text(number)) => lines.push(format!("  condition number {number}, in words below")),
        None => {}
    }
    lines.extend(
        terms.clause.map(|(agreement, number)| format!("  under     {}/{number}", agreement.short())),
    );
    lines.extend(terms.reply_by.map(|reply_by| format!("  reply by  {}", day(reply_by))));
    lines
}

/// A commitment in full.
pub(crate) fn commitment(view: &CommitmentView, notes: &[EntryView], names: &Names) -> Done {
    let waits: Vec<_> = view.waits_on.iter().map(|party| name(names, *party)).collect();
    let mut moves: Vec<_> = view.moves.iter().map(|step| step.word).collect();
    moves.dedup();
    let mut lines = vec![format!("{}  {}", view.id, view.phase.name())];
    lines.extend(terms(&view.terms, names));
    lines.extend(view.content.iter().flat_map(fields));
    lines.push(format!("  terms     {}", view.terms_hash));
    for (slot, hash, offered, content) in view.offered.iter().filter(|(_, hash, ..)| *hash != view.terms_hash)
    {
        lines.push(format!("on the table in round {slot}: {hash}"));
        lines.extend(terms(offered, names));
        lines.extend(content.iter().flat_map(fields));
    }
    lines.push(format!("waits on: {}", waits.join(", ")));
    lines.push(format!("you can: {}", moves.join(", ")));
    for step in view.thread.iter().chain(notes) {
        lines.push(entry(step, names));
        lines.extend(step.content.iter().flat_map(fields));
    }
    let data = json!({
        "id": view.id.to_string(), "space": view.space.to_string(), "phase": view.phase.name(),
        "terms": view.terms_hash.to_string(), "debtor": view.terms.debtor.to_string(),
        "creditors": view.terms.creditors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "clause": view.terms.clause.map(|(agreement, number)| json!({ "agreement": agreement.to_string(), "number": number })),
        "due_day": view.terms.due.day, "due": day(view.terms.due.day), "zone": view.terms.due.zone,
        "content": view.content.as_ref().map(fields_data),
        "offered": view.offered.iter().map(|(slot, hash, ..)| json!({ "slot": slot, "terms": hash.to_string() })).collect::<Vec<_>>(),
        "waits_on": view.waits_on.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "moves": moves, "thread": view.thread.iter().map(entry_data).collect::<Vec<_>>(),
        "notes": notes.iter().map(entry_data).collect::<Vec<_>>(),
    });
    Done { lines, data }
}

/// A space at a glance.
pub(crate) fn space(space: &SpaceView) -> (Vec<String>, Value) {
    let mut lines = vec![
        format!("space {}  {}", space.id.short(), space.name),
        format!("  digest {}", space.digest),
        format!("  {} parties, epoch {}, rules level {}", space.parties.len(), space.epoch, space.level),
        format!("  {} own entries not known to have reached another party", space.undelivered),
    ];
    if space.parties.is_empty() {
        // Nothing of the space is here, so the lines above would all say zero.
        lines.truncate(1);
        lines.push(
            "  waits to be let in: the other side runs peygir admit with your fingerprint, then sync"
                .to_owned(),
        );
    }
    lines.extend(space.will_not_sign.iter().map(|why| format!("  {why}")));
    lines.extend(space.forked.iter().map(|key| format!("  key {key} signed two entries for one place")));
    let mut ballots = Vec::new();
    for ballot in &space.ballots {
        let about = ballot.about.map(|party| format!(" {}", party.short())).unwrap_or_default();
        let state =
            if ballot.won { "won".to_owned() } else { format!("{} yet to vote", ballot.awaited.len()) };
        lines.push(format!("  ballot {}: {}{about}, {state}", ballot.id, ballot.what));
        ballots.push(json!({
            "id": ballot.id.to_string(), "what": ballot.what, "won": ballot.won,
            "about": ballot.about.map(|party| party.to_string()),
            "awaited": ballot.awaited.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }));
    }
    let names = node::ask::names(&space.parties);
    lines.extend(
        space
            .receipts
            .iter()
            .map(|(party, at_ms)| format!("  last receipt of {}: {}", name(&names, *party), time(*at_ms))),
    );
    let receipts: Vec<_> = space
        .receipts
        .iter()
        .map(|(party, at_ms)| json!({ "party": party.to_string(), "at_ms": at_ms }))
        .collect();
    let data = json!({
        "id": space.id.to_string(), "name": space.name, "digest": space.digest.to_string(),
        "parties": space.parties.len(), "epoch": space.epoch, "level": space.level,
        "undelivered": space.undelivered, "will_not_sign": space.will_not_sign,
        "forked": space.forked.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "ballots": ballots, "receipts": receipts,
    });
    (lines, data)
}

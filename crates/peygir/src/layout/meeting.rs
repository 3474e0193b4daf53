//! Meetings laid out.

use node::agreement::MinutesTerms;
use node::ask::{EntryView, MeetingLine, MeetingView};
use serde_json::{Value, json};

use super::{Names, day, entry, entry_data, fields, fields_data, name};
use crate::request::Done;

/// Lines of a list of meetings.
pub(crate) fn meetings(lines: &[MeetingLine]) -> Done {
    let text = |line: &MeetingLine| {
        format!("{}  {}  {:<11}  {}", line.id.short(), day(line.day), line.phase.name(), line.title)
    };
    let row = |line: &MeetingLine| {
        json!({
            "id": line.id.to_string(), "space": line.space.to_string(), "title": line.title,
            "day": day(line.day), "phase": line.phase.name(),
        })
    };
    Done { lines: lines.iter().map(text).collect(), data: lines.iter().map(row).collect() }
}

fn minutes(terms: &MinutesTerms, names: &Names) -> Vec<String> {
    let present: Vec<_> = terms.present.iter().map(|party| name(names, *party)).collect();
    let mut lines = vec![format!("  present   {}", present.join(", "))];
    let outcome =
        |(item, object): &(u64, node::oplog::ObjectId)| format!("  item {item}: {}", object.short());
    lines.extend(terms.outcomes.iter().map(outcome));
    lines
}

fn minutes_data(terms: &MinutesTerms) -> Value {
    let outcome =
        |(item, object): &(u64, node::oplog::ObjectId)| json!({ "item": item, "object": object.to_string() });
    json!({
        "present": terms.present.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "outcomes": terms.outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}

/// A meeting in full.
pub(crate) fn meeting(view: &MeetingView, notes: &[EntryView], names: &Names) -> Done {
    let list = |parties: &mut dyn Iterator<Item = node::oplog::PartyId>| {
        parties.map(|party| name(names, party)).collect::<Vec<_>>().join(", ")
    };
    let mut moves: Vec<_> = view.moves.iter().map(|step| step.word).collect();
    moves.dedup();
    let mut lines = vec![format!("{}  meeting, {}", view.id, view.phase.name())];
    if let Some(due) = view.record.day() {
        let off = if view.record.is_off() { "  CALLED OFF" } else { "" };
        lines.push(format!("  on        {} {}{off}", day(due.day), due.zone));
    }
    lines.push(format!("  convened  by {}", name(names, view.record.convener)));
    lines.push(format!("  invited   {}", list(&mut view.record.invited.iter().copied())));
    lines.extend(view.content.iter().flat_map(fields));
    if let Some((held, content)) = &view.adopted {
        lines.push(format!("adopted minutes: {}", held.hash));
        lines.extend(minutes(&held.terms, names));
        lines.extend(content.iter().flat_map(fields));
    }
    for offer in &view.offered {
        lines.push(format!("minutes on the table in round {}: {}", offer.slot, offer.offered.hash));
        lines.extend(minutes(&offer.offered.terms, names));
        lines.extend(offer.content.iter().flat_map(fields));
    }
    lines.push(format!("waits on: {}", list(&mut view.waits_on.iter().copied())));
    lines.push(format!("you can: {}", moves.join(", ")));
    lines.extend(view.thread.iter().chain(notes).map(|step| entry(step, names)));
    let offered = |offer: &node::ask::MinutesOffer| {
        json!({
            "slot": offer.slot, "terms": offer.offered.hash.to_string(), "says": minutes_data(&offer.offered.terms),
            "content": offer.content.as_ref().map(fields_data),
        })
    };
    let adopted = view.adopted.as_ref().map(|(held, content)| {
        json!({
            "terms": held.hash.to_string(), "says": minutes_data(&held.terms),
            "content": content.as_ref().map(fields_data),
        })
    });
    let data = json!({
        "id": view.id.to_string(), "space": view.space.to_string(), "phase": view.phase.name(),
        "day": view.record.day().map(|due| day(due.day)), "called_off": view.record.is_off(),
        "convener": view.record.convener.to_string(),
        "invited": view.record.invited.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "content": view.content.as_ref().map(fields_data), "adopted": adopted,
        "offered": view.offered.iter().map(offered).collect::<Vec<_>>(),
        "waits_on": view.waits_on.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "moves": moves, "thread": view.thread.iter().map(entry_data).collect::<Vec<_>>(),
        "notes": notes.iter().map(entry_data).collect::<Vec<_>>(),
    });
    Done { lines, data }
}

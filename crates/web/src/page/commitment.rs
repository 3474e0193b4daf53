//! A commitment: who owes what to whom by when, whose turn it is, what our party can do, and everything that was signed.

use agreement::{Content, FieldTag};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::agreement::Operation;
use node::ask::{CommitmentView, EntryView, Move};
use node::oplog::ObjectId;
use node::{Clock, Node, NodeError};

use super::entry::{self, Step};
use super::names::Names;
use super::standing::{self, Status, Turn};
use super::{Choice, Row, pins, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// Terms on the table, with what can be done about them.
struct Offered {
    by: Markup,
    hash: Markup,
    rows: Vec<Row>,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "page/commitment.html")]
struct Page {
    frame: Frame,
    id: Markup,
    /// This page's own address.
    here: String,
    space: String,
    space_name: String,
    status: Status,
    late: Option<Markup>,
    turn: Turn,
    rows: Vec<Row>,
    in_force: bool,
    hash: Markup,
    due_days: Vec<Markup>,
    offered: Vec<Offered>,
    choices: Vec<Choice>,
    unwilling: Option<Markup>,
    steps: Vec<Step>,
    /// Comments and files.
    beside: Vec<Step>,
    /// What our own people keep about it: who looks after it, and how many notes there are.
    private: Option<(Option<Markup>, Markup)>,
    /// For how many days nothing was signed about it.
    quiet: Option<Markup>,
}

/// `GET /{lang}/commitments/{object}`
pub(crate) async fn show(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let (view, notes, private, names, space_name, unwilling, clock, party) = visit
        .desk
        .ask(move |node: &mut Node| {
            let view = node.commitment(object)?;
            let names = Names::of_space(node, view.space, reader)?;
            let space = node.space(view.space)?;
            let notes = node.notes(view.space, object)?;
            let private = match node.see_desk(&visitor) {
                Ok(may) => Some(node.desk_of(&may, object)?),
                Err(NodeError::NotAllowed) => None,
                Err(why) => return Err(why),
            };
            Ok((
                view,
                notes,
                private,
                names,
                space.name,
                space.will_not_sign,
                node.clock(),
                node.name().to_owned(),
            ))
        })
        .await?;
    let title = terms::title(reader, view.content.as_ref());
    let in_force = view.record.in_force().is_some();
    let zone = view.terms.due.zone.as_str();
    let mut due_days: Vec<_> = view.record.won().map(|offered| offered.terms.due.day).collect();
    due_days.dedup();
    let steps = |entries: &[EntryView]| {
        entries.iter().map(|entry| entry::step(reader, &names, entry, zone)).collect()
    };
    let page = Page {
        id: Markup::id(view.id),
        here: visit.to(&format!("commitments/{}", view.id)),
        space: visit.to(&format!("spaces/{}", view.space)),
        space_name: calm(&space_name),
        status: standing::status(reader, view.phase),
        late: standing::late(reader, &clock, &view.record),
        turn: standing::turn(reader, &names, &view.record),
        rows: terms::rows(reader, &names, (&view.terms, view.content.as_ref()), None),
        in_force,
        hash: Markup::id(view.terms_hash),
        due_days: if due_days.len() > 1 {
            due_days.iter().map(|day| reader.day(day)).collect()
        } else {
            Vec::new()
        },
        offered: offered(reader, &names, &view),
        choices: choices(reader, &view),
        unwilling: unwilling.map(|why| crate::refusal::unwilling(reader, &why)),
        steps: steps(&view.thread),
        beside: steps(&notes),
        private: private.map(|desk| {
            let assignee = desk.assignee.as_ref().map(|(_, name)| Markup::name(name));
            (assignee, reader.count("private-count", desk.notes.len()))
        }),
        quiet: quiet(reader, &clock, &view, &notes),
        frame: visit.frame(title, party),
    };
    shown(&page)
}

/// For how many days nothing was signed about what somebody still has to do something about.
fn quiet(reader: Reader, clock: &Clock, view: &CommitmentView, notes: &[EntryView]) -> Option<Markup> {
    const DAY_MS: u64 = 86_400_000;
    let last_ms = view.thread.iter().chain(notes).map(|entry| entry.arrived_ms).max()?;
    let days = clock.now_ms().saturating_sub(last_ms) / DAY_MS;
    (days > 0 && !view.waits_on.is_empty()).then(|| reader.tell("quiet-days", &[("days", days.into())]))
}

/// Terms on the table that are not the ones shown as in force, beside what they would change.
fn offered(reader: Reader, names: &Names, view: &CommitmentView) -> Vec<Offered> {
    let in_force = view.record.in_force().map(|held| (&held.terms, view.content.as_ref()));
    let slot = view.record.open_slot().map(|(_, slot)| slot);
    let one = |(_, hash, terms, content): &(u64, _, _, Option<Content>)| {
        let by = slot.and_then(|slot| slot.offered(*hash)).map(|offered| names.of(offered.by));
        let about = |step: &&Move| match &step.operation {
            Some(Operation::Accept(accept)) => accept.terms == *hash,
            _ => false,
        };
        let accepts = view.moves.iter().filter(about).filter_map(|step| choice(reader, view, step));
        Offered {
            by: by.unwrap_or_default(),
            hash: Markup::id(hash),
            rows: terms::rows(reader, names, (terms, content.as_ref()), in_force),
            choices: accepts.collect(),
        }
    };
    view.offered.iter().map(one).collect()
}

/// What our party can do, apart from accepting, which stands beside the terms.
fn choices(reader: Reader, view: &CommitmentView) -> Vec<Choice> {
    let mut choices = Vec::new();
    let mut words = std::collections::BTreeSet::new();
    for step in view.moves.iter().filter(|step| step.word != "accept") {
        if !words.insert(step.word) {
            continue;
        }
        match step.word {
            "counter" => choices.push(terms_choice(reader, view, "counter", "")),
            "offer" if view.record.in_force().is_some() => {
                choices.push(terms_choice(reader, view, "reschedule", ""));
                choices.push(terms_choice(reader, view, "amend", ""));
                choices.push(terms_choice(reader, view, "end", ""));
            }
            "offer" => choices.push(terms_choice(reader, view, "amend", "first")),
            _ => choices.extend(choice(reader, view, step)),
        }
    }
    choices
}

fn terms_choice(reader: Reader, view: &CommitmentView, kind: &str, class: &'static str) -> Choice {
    Choice {
        to: format!("/{}/commitments/{}/terms/{kind}", reader.lang.code(), view.id),
        words: reader.say(&format!("do-{kind}")),
        hint: reader.say(&format!("hint-{kind}")),
        class,
    }
}

/// A step that is ready but for a note, as a link to its form.
fn choice(reader: Reader, view: &CommitmentView, step: &Move) -> Option<Choice> {
    let operation = step.operation.as_ref()?;
    let class = match step.word {
        "accept" | "report" | "confirm" | "satisfy" => "first",
        "cancel" | "release" => "grave",
        _ => "",
    };
    Some(Choice {
        to: format!(
            "/{}/commitments/{}/{}?{}",
            reader.lang.code(),
            view.id,
            step.word,
            pins::query(&pins::of(operation))
        ),
        words: reader.say(&format!("do-{}", step.word)),
        hint: reader.say(&format!("hint-{}", step.word)),
        class,
    })
}

/// The note of the report that an answer is about.
pub(super) fn report_note(view: &CommitmentView) -> Option<Markup> {
    let report = view.record.last_report()?;
    let entry = view.thread.iter().find(|entry| entry.id == report.entry)?;
    entry.content.as_ref()?.text(FieldTag::Note, "").map(Markup::text)
}

//! The inbox: what our party has to answer, owes, is owed and has sent. A row is a commitment with a reason, not an event.

use agreement::commitment::Answer;
use agreement::{AgreementTag, Commitment, Phase, Tag};
use askama::Template;
use axum::response::Response;
use node::ask::{AgreementView, CONCERNS_MAX, Concern};
use node::oplog::ObjectId;
use node::{Clock, Node, Voice};

use super::names::Names;
use super::standing::{self, Status};
use super::{provisions, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::{Told, calm};
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the day at the head of the page; each row counts in the zone of its own terms.
const ZONE: &str = "UTC";

/// Where a row belongs: in the first box that fits, so that nothing stands in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Answer,
    Overdue,
    Owe,
    Owed,
    Sent,
}

impl Place {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Answer, "answer"),
        (Self::Overdue, "overdue"),
        (Self::Owe, "owe"),
        (Self::Owed, "owed"),
        (Self::Sent, "sent"),
    ];
}

struct Line {
    place: Place,
    to: String,
    title: String,
    reason: Markup,
    /// A text to be signed has no day.
    due: Option<Markup>,
    due_day: i32,
    late: Option<Markup>,
    status: Status,
    space: String,
}

struct Heap {
    name: &'static str,
    heading: String,
    hint: String,
    lines: Vec<Line>,
    /// Whether it is left out of the page, as only another was asked for.
    hidden: bool,
}

#[derive(Template)]
#[template(path = "page/inbox.html")]
struct Page {
    frame: Frame,
    today: Markup,
    heaps: Vec<Heap>,
    only: String,
    cut: bool,
    empty: bool,
    unwilling: Vec<(String, String, Markup)>,
}

/// `GET /{lang}/inbox?box=answer`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let reader = visit.reader;
    let (mut lines, cut, party, today, unwilling) = visit.desk.ask(move |node| gather(node, reader)).await?;
    let only = visit.query.first("box").to_owned();
    let known = Place::ALL.iter().any(|(_, name)| *name == only);
    lines.sort_by_key(|line| line.due_day);
    let empty = lines.is_empty();
    let mut heaps = Vec::new();
    for (place, name) in Place::ALL {
        let (these, rest): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.place == place);
        lines = rest;
        heaps.push(Heap {
            name,
            heading: reader.say(&format!("box-{name}")),
            hint: reader.say(&format!("box-{name}-hint")),
            lines: these,
            hidden: known && only != name,
        });
    }
    let frame = visit.frame(reader.say("inbox"), party);
    shown(&Page {
        frame,
        today,
        heaps,
        only: if known { only } else { String::new() },
        cut,
        empty,
        unwilling,
    })
}

type Gathered = (Vec<Line>, bool, String, Markup, Vec<(String, String, Markup)>);

fn gather(node: &mut Node, reader: Reader) -> node::Result<Gathered> {
    let clock = node.clock();
    let mut spaces = std::collections::BTreeMap::new();
    let mut unwilling = Vec::new();
    for id in node.space_ids() {
        let view = node.space(id)?;
        let why = view.will_not_sign.as_deref().map(|why| crate::refusal::unwilling(reader, why));
        unwilling
            .extend(why.map(|why| (format!("/{}/spaces/{id}", reader.lang.code()), view.name.clone(), why)));
        spaces.insert(id, (view.name, Names::of_space(node, id, reader)?));
    }
    let mut seen = std::collections::BTreeSet::<ObjectId>::new();
    let (mut lines, mut cut) = (Vec::new(), false);
    for voice in [Voice::Waited, Voice::Owes, Voice::Owed] {
        let (concerns, more) = node.concerns(voice)?;
        cut |= more;
        for concern in concerns {
            if let Some((space, names)) = spaces.get(&concern.line.space)
                && seen.insert(concern.line.id)
            {
                lines.push(line(reader, &clock, space, names, &concern));
            }
        }
    }
    for line in node.agreements_to_answer(CONCERNS_MAX)? {
        if let Some((space, _)) = spaces.get(&line.space) {
            lines.push(paper(reader, space, &node.agreement(line.id)?));
        }
    }
    let today = clock.today(ZONE).map(|day| reader.weekday(&day.days()).and(&Markup::code(ZONE)));
    let today = today.unwrap_or_default();
    Ok((lines, cut, node.name().to_owned(), today, unwilling))
}

/// An agreement that waits for our signature.
fn paper(reader: Reader, space: &str, view: &AgreementView) -> Line {
    let ends = view.offered.iter().any(|offer| offer.offered.terms.tag == AgreementTag::Terminate);
    let id = match (view.record.in_force(), ends) {
        (None, _) => "reason-sign-agreement",
        (Some(_), true) => "reason-sign-end",
        (Some(_), false) => "reason-sign-amendment",
    };
    Line {
        place: Place::Answer,
        to: format!("/{}/agreements/{}", reader.lang.code(), view.id),
        title: terms::title(reader, view.content.as_ref()),
        reason: Markup::isolating(&reader.say(id)),
        due: None,
        due_day: i32::MIN,
        late: None,
        status: provisions::status(reader, view.phase),
        space: calm(space),
    }
}

fn line(reader: Reader, clock: &Clock, space: &str, names: &Names, concern: &Concern) -> Line {
    let record = &concern.record;
    let late = standing::late(reader, clock, record);
    let (place, id) = reason(record, names);
    let (debtor, others) = counterparts(record, names);
    let told = [("debtor", debtor.as_str().into()), ("others", Told::Names(others))];
    Line {
        place: if place != Place::Answer && late.is_some() { Place::Overdue } else { place },
        to: format!("/{}/commitments/{}", reader.lang.code(), concern.line.id),
        title: terms::title(reader, concern.content.as_ref()),
        reason: reader.tell(id, &told),
        due: Some(reader.day(&concern.line.due)),
        due_day: concern.line.due,
        late,
        status: standing::status(reader, concern.line.phase),
        space: calm(space),
    }
}

/// The debtor's name, and those of the parties waited for or else of the other side.
fn counterparts(record: &Commitment, names: &Names) -> (String, String) {
    let Some(shown) = record.shown() else { return Default::default() };
    let waits = record.waits_on();
    let debtor = names.plain(shown.terms.debtor);
    let others: Vec<_> = waits.iter().copied().filter(|party| *party != names.own).collect();
    let others = if others.is_empty() {
        shown.terms.parties().into_iter().filter(|party| *party != names.own).collect()
    } else {
        others
    };
    (debtor, names.list(others))
}

/// Why a commitment concerns our party: the box, and the message that says it.
fn reason(record: &Commitment, names: &Names) -> (Place, &'static str) {
    let own = names.own;
    let owes = record.shown().is_some_and(|shown| shown.terms.debtor == own);
    let open = record.open_slot().map(|(_, slot)| slot);
    if open.is_some_and(|slot| slot.awaited().contains(&own)) {
        let ends = open.is_some_and(|slot| slot.offers.iter().any(|offer| offer.terms.tag == Tag::MutualEnd));
        return match record.in_force() {
            None => (Place::Answer, "reason-answer-offer"),
            Some(_) if ends => (Place::Answer, "reason-answer-end"),
            Some(_) => (Place::Answer, "reason-answer-change"),
        };
    }
    let answered = record.last_report().and_then(|report| report.answer(own));
    match (record.phase(), owes) {
        (Phase::Offered | Phase::NotAgreed, _) => (Place::Sent, "reason-sent"),
        (Phase::Conditional, true) => (Place::Owe, "reason-owe-condition"),
        (Phase::Conditional, false) => (Place::Owed, "reason-owed-condition"),
        (Phase::Reported, true) => (Place::Owe, "reason-owe-reported"),
        (Phase::Reported, false) if record.waits_on().contains(&own) => {
            (Place::Answer, "reason-answer-report")
        }
        (Phase::Reported, false) => (Place::Owed, "reason-owed-reported"),
        (Phase::Disputed, true) => (Place::Owe, "reason-owe-disputed"),
        (Phase::Disputed, false) if answered == Some(Answer::Disputed) => {
            (Place::Owed, "reason-owed-disputed")
        }
        (_, true) => (Place::Owe, "reason-owe"),
        (_, false) => (Place::Owed, "reason-owed"),
    }
}

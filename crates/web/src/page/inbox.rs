//! The inbox: what our party has to answer, owes, is owed and has sent. A row is a commitment with a reason, not an event.

use std::collections::BTreeMap;

use agreement::commitment::Answer;
use agreement::{AgreementTag, Commitment, Phase, Tag};
use askama::Template;
use axum::response::Response;
use node::ask::{AgreementView, Concern, Heap, OVERDUE_COUNTED_MAX};
use node::oplog::ObjectId;
use node::{Authorized, Clock, Node, Person, PersonId, SeeDesk, Visitor};

use super::names::Names;
use super::standing::{self, Status};
use super::{provisions, shown, terms, transcripts};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::{Told, calm};
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the day at the head of the page; each row counts in the zone of its own terms.
const ZONE: &str = "UTC";

/// How many rows of each box the page of all boxes shows.
const ROWS_EACH: usize = 8;
/// How many texts that wait for a signature stand before the offers.
const PAPERS: usize = 50;
/// How many lines of the register the page shows.
const REGISTERED: usize = 5;
/// How many rows a page of one box has.
const ROWS: usize = 50;

/// The name of a heap in addresses and messages.
fn name(heap: Heap) -> &'static str {
    match heap {
        Heap::Answer => "answer",
        Heap::Overdue => "overdue",
        Heap::Owe => "owe",
        Heap::Owed => "owed",
        Heap::Sent => "sent",
    }
}

struct Line {
    object: ObjectId,
    to: String,
    title: String,
    reason: Markup,
    /// A text to be signed has no day.
    due: Option<Markup>,
    late: Option<Markup>,
    /// For how many days somebody has been waited for.
    waiting: Option<Markup>,
    status: Status,
    space: String,
    /// Who of us looks after it.
    assignee: Option<Markup>,
}

/// One box of the page.
struct Pile {
    name: &'static str,
    heading: String,
    hint: String,
    count: Markup,
    empty: bool,
    lines: Vec<Line>,
    /// Where the rest of it is.
    more: Option<String>,
    /// Whether it is left out of the page, as only another was asked for.
    hidden: bool,
    /// Whether only it was asked for.
    chosen: bool,
}

#[derive(Template)]
#[template(path = "page/inbox.html")]
struct Page {
    frame: Frame,
    today: Markup,
    piles: Vec<Pile>,
    only: &'static str,
    empty: bool,
    unwilling: Vec<(String, String, Markup)>,
    /// What the register holds that is not done, in words, and the first of it.
    register: Option<(Markup, Vec<transcripts::Line>)>,
    /// Our people, and whose things alone are shown.
    people: Vec<(PersonId, String, bool)>,
    /// The same as a query.
    whose: String,
}

/// What was asked for.
#[derive(Clone, Copy)]
struct Asked {
    only: Option<Heap>,
    after: Option<(i64, i64)>,
    who: Option<PersonId>,
}

/// A heap with as many rows as are shown, how many it has, and from where on there are more.
type Heaped = (Heap, Vec<Line>, u64, Option<(i64, i64)>);

/// `GET /{lang}/inbox?box=answer&after=…&who=…`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let query = &visit.query;
    let place = query.first("after").split_once('.');
    let asked = Asked {
        only: Heap::ALL.into_iter().find(|heap| name(*heap) == query.first("box")),
        after: place.and_then(|(at, no)| Some((at.parse().ok()?, no.parse().ok()?))),
        who: query.first("who").parse().ok(),
    };
    let gathered = visit.desk.ask(move |node| gather(node, reader, &visitor, asked)).await?;
    let whose = asked.who.map(|who| format!("&who={who}")).unwrap_or_default();
    let pile = |(heap, lines, count, more): Heaped| {
        let name = name(heap);
        let to_more = more.map(|(at, no)| match asked.only {
            Some(_) => visit.to(&format!("inbox?box={name}&after={at}.{no}{whose}")),
            None => visit.to(&format!("inbox?box={name}{whose}")),
        });
        let counted = count >= OVERDUE_COUNTED_MAX && heap == Heap::Overdue;
        Pile {
            name,
            heading: reader.say(&format!("box-{name}")),
            hint: reader.say(&format!("box-{name}-hint")),
            count: reader.tell(if counted { "count-over" } else { "count" }, &[("count", count.into())]),
            empty: count == 0,
            lines,
            more: to_more,
            hidden: asked.only.is_some_and(|only| only != heap),
            chosen: asked.only == Some(heap),
        }
    };
    let [open, late, _] = gathered.register;
    let empty = open == 0 && gathered.heaps.iter().all(|(_, _, count, _)| *count == 0);
    let told = [("count", open.into()), ("late", late.into())];
    let register = (open > 0 && asked.only.is_none() && asked.who.is_none())
        .then(|| (reader.tell("transcripts-waits", &told), gathered.registered));
    let frame = visit.frame(reader.say("inbox"), gathered.party);
    shown(&Page {
        frame,
        today: gathered.today,
        piles: gathered.heaps.into_iter().map(pile).collect(),
        only: asked.only.map(name).unwrap_or_default(),
        empty,
        unwilling: gathered.unwilling,
        register,
        people: gathered
            .people
            .into_iter()
            .map(|held| (held.id, calm(&held.name), Some(held.id) == asked.who))
            .collect(),
        whose,
    })
}

struct Gathered {
    heaps: Vec<Heaped>,
    party: String,
    today: Markup,
    unwilling: Vec<(String, String, Markup)>,
    people: Vec<Person>,
    register: [u64; 3],
    registered: Vec<transcripts::Line>,
}

fn gather(node: &mut Node, reader: Reader, visitor: &Visitor, asked: Asked) -> node::Result<Gathered> {
    let (clock, may) = (node.clock(), node.see_desk(visitor)?);
    let mut spaces = BTreeMap::new();
    let mut unwilling = Vec::new();
    for id in node.space_ids() {
        let (name, why) = (node.space_name(id)?, node.will_not_sign(id));
        let why = why.map(|why| crate::refusal::unwilling(reader, &why));
        unwilling.extend(why.map(|why| (format!("/{}/spaces/{id}", reader.lang.code()), name.clone(), why)));
        spaces.insert(id, (calm(&name), Names::of_parties(node, id, reader)?));
    }
    let mut heaps = Vec::new();
    for (heap, concerns, mut count, more) in heaped(node, &may, asked)? {
        let mut lines = Vec::new();
        if heap == Heap::Answer && asked.who.is_none() && asked.after.is_none() {
            for line in node.agreements_to_answer(PAPERS)? {
                count += 1;
                if let Some((space, _)) = spaces.get(&line.space)
                    && asked.only.is_none_or(|only| only == heap)
                {
                    lines.push(paper(reader, space, &node.agreement(line.id)?));
                }
            }
        }
        for concern in concerns {
            if let Some((space, names)) = spaces.get(&concern.line.space) {
                lines.push(line(&clock, space, names, heap, &concern));
            }
        }
        for line in &mut lines {
            line.assignee = node.assignee(&may, line.object)?.map(|(_, name)| Markup::name(&name));
        }
        heaps.push((heap, lines, count, more));
    }
    let today = clock.today(ZONE).map(|day| reader.weekday(&day.days()).and(&Markup::code(ZONE)));
    let today = today.unwrap_or_default();
    let (party, people) = (node.name().to_owned(), node.colleagues(&may)?);
    let register = node.registered_counts(&may)?;
    let (held, _) = node.registered(&may, false, None, REGISTERED)?;
    let registered = held.iter().map(|held| transcripts::line(reader, &clock, held)).collect();
    Ok(Gathered { heaps, party, today, unwilling, people, register, registered })
}

type Concerns = (Heap, Vec<Concern>, u64, Option<(i64, i64)>);

/// The heaps as they were asked for: all with their first rows, one in pages, or those of one person.
fn heaped(node: &mut Node, may: &Authorized<SeeDesk>, asked: Asked) -> node::Result<Vec<Concerns>> {
    if let Some(who) = asked.who {
        let mut heaps = Heap::ALL.map(|heap| (heap, Vec::new(), 0, None));
        for concern in node.concerns_of(may, who)? {
            let heap = node.heap_of(&concern);
            for held in heaps.iter_mut().filter(|held| Some(held.0) == heap) {
                held.1.push(concern.clone());
                held.2 += 1;
            }
        }
        return Ok(heaps.into());
    }
    let mut heaps = Vec::new();
    for (heap, count) in Heap::ALL.into_iter().zip(node.heap_counts()?) {
        let (concerns, more) = match asked.only {
            None => node.heap(heap, None, ROWS_EACH)?,
            Some(only) if only == heap => node.heap(heap, asked.after, ROWS)?,
            Some(_) => (Vec::new(), None),
        };
        heaps.push((heap, concerns, count, more));
    }
    Ok(heaps)
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
        object: view.id,
        to: format!("/{}/agreements/{}", reader.lang.code(), view.id),
        title: terms::title(reader, view.content.as_ref()),
        reason: Markup::isolating(&reader.say(id)),
        due: None,
        late: None,
        waiting: None,
        status: provisions::status(reader, view.phase),
        space: space.to_owned(),
        assignee: None,
    }
}

fn line(clock: &Clock, space: &str, names: &Names, heap: Heap, concern: &Concern) -> Line {
    let (reader, record) = (names.reader(), &concern.record);
    let id = reason(record, names);
    let (debtor, others) = counterparts(record, names);
    let told = [("debtor", debtor.as_str().into()), ("others", Told::Names(others))];
    let waits = matches!(heap, Heap::Answer | Heap::Sent);
    Line {
        object: concern.line.id,
        to: format!("/{}/commitments/{}", reader.lang.code(), concern.line.id),
        title: terms::title(reader, concern.content.as_ref()),
        reason: reader.tell(id, &told),
        due: Some(reader.day(&concern.line.due)),
        late: standing::late(reader, clock, record),
        waiting: standing::waiting(reader, clock, concern.at_min).filter(|_| waits),
        status: standing::status(reader, concern.line.phase),
        space: space.to_owned(),
        assignee: None,
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

/// The message that says why a commitment concerns our party.
fn reason(record: &Commitment, names: &Names) -> &'static str {
    let own = names.own;
    let owes = record.shown().is_some_and(|shown| shown.terms.debtor == own);
    let open = record.open_slot().map(|(_, slot)| slot);
    if open.is_some_and(|slot| slot.awaited().contains(&own)) {
        let ends = open.is_some_and(|slot| slot.offers.iter().any(|offer| offer.terms.tag == Tag::MutualEnd));
        return match record.in_force() {
            None => "reason-answer-offer",
            Some(_) if ends => "reason-answer-end",
            Some(_) => "reason-answer-change",
        };
    }
    let answered = record.last_report().and_then(|report| report.answer(own));
    match (record.phase(), owes) {
        (Phase::Offered | Phase::NotAgreed, _) => "reason-sent",
        (Phase::Conditional, true) => "reason-owe-condition",
        (Phase::Conditional, false) => "reason-owed-condition",
        (Phase::Reported, true) => "reason-owe-reported",
        (Phase::Reported, false) if record.waits_on().contains(&own) => "reason-answer-report",
        (Phase::Reported, false) => "reason-owed-reported",
        (Phase::Disputed, true) => "reason-owe-disputed",
        (Phase::Disputed, false) if answered == Some(Answer::Disputed) => "reason-owed-disputed",
        (_, true) => "reason-owe",
        (_, false) => "reason-owed",
    }
}

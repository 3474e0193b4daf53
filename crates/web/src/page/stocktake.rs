//! The stocktake: on one page, for whoever leads, how things stand, what needs a decision, what is stuck and with whom.

use std::collections::BTreeMap;

use agreement::{FieldCode, FieldTag};
use askama::Template;
use axum::response::Response;
use node::ask::{Between, Concern, LOOKED_THROUGH_MAX, Stand, Stocktake};
use node::oplog::{PartyId, SpaceId};
use node::{Authorized, Clock, Node, SeeDesk};

use super::names::Names;
use super::{shown, standing, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::{Told, calm};
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the day at the head of the page.
const ZONE: &str = "UTC";
/// How many of what needs attention are named; the inbox has the rest.
const NAMED: usize = 5;

/// One of what needs attention.
struct Item {
    to: String,
    title: String,
    /// With whom.
    who: Markup,
    /// For how long.
    long: Option<Markup>,
}

/// What needs attention in one way.
struct Heading {
    heading: String,
    /// How many there are.
    count: Markup,
    items: Vec<Item>,
    to: String,
    more: bool,
}

/// One row of a table: what it is about, and numbers.
struct Line {
    name: Markup,
    cells: Vec<Cell>,
}

/// One number, and whether it calls for attention.
struct Cell {
    number: String,
    bad: bool,
    none: bool,
}

/// A table of numbers. What there is to count by, such as agreements, is one more table.
struct Table {
    id: &'static str,
    caption: String,
    hint: String,
    columns: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "page/stocktake.html")]
struct Page {
    frame: Frame,
    today: Markup,
    spaces: Vec<(SpaceId, String, bool)>,
    /// The whole in sentences.
    sentences: Vec<Markup>,
    headings: Vec<Heading>,
    tables: Vec<Table>,
    cut: bool,
    empty: bool,
}

/// What is read of the node.
struct Read {
    taken: Stocktake,
    names: BTreeMap<SpaceId, (String, Names)>,
    party: String,
    own: PartyId,
    clock: Clock,
    /// What the register has that is not done, that is late, and that is done.
    register: [u64; 3],
    /// The same by who owes, as written.
    registered: BTreeMap<String, [u64; 3]>,
}

impl Read {
    /// A party's name, by whichever space names it.
    fn name(&self, party: PartyId) -> Markup {
        let mut known = self.names.values().map(|(_, names)| names);
        known.find(|names| names.knows(party)).map_or_else(|| Markup::id(party), |names| names.of(party))
    }
}

/// `GET /{lang}/stocktake?space=…`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let only: Option<SpaceId> = visit.query.first("space").parse().ok();
    let asked = visit.desk.ask(move |node: &mut Node| {
        let mut names = BTreeMap::new();
        for id in node.space_ids() {
            names.insert(id, (calm(&node.space_name(id)?), Names::of_parties(node, id, reader)?));
        }
        let only = only.filter(|only| names.contains_key(only));
        let taken = node.stocktake(only, NAMED)?;
        let may = node.see_desk(&visitor)?;
        let (register, registered) = (node.registered_counts(&may)?, registered(node, &may)?);
        let (party, own, clock) = (node.name().to_owned(), node.party(), node.clock());
        Ok(Read { taken, names, party, own, clock, register, registered })
    });
    let read = asked.await?;
    let today = read.clock.today(ZONE).map(|day| reader.weekday(&day.days()).and(&Markup::code(ZONE)));
    let tables = [
        between(reader, &read),
        balance(reader, &read),
        register(reader, &read),
        fields(reader, &read),
        spaces(reader, &read),
    ];
    let page = Page {
        today: today.unwrap_or_default(),
        spaces: read.names.iter().map(|(id, (name, _))| (*id, name.clone(), Some(*id) == only)).collect(),
        sentences: sentences(reader, &read),
        headings: headings(&visit, &read),
        tables: tables.into_iter().filter(|table| !table.lines.is_empty()).collect(),
        cut: read.taken.cut,
        empty: read.taken.whole.is_empty() && read.register == [0; 3],
        frame: visit.frame(reader.say("stocktake"), read.party),
    };
    shown(&page)
}

/// How things stand, in sentences that can be read aloud.
fn sentences(reader: Reader, read: &Read) -> Vec<Markup> {
    let (whole, [answer, overdue, _, _, sent]) = (&read.taken.whole, read.taken.counts);
    let tell = |id: &str, count: u64| reader.tell(id, &[("count", Told::Count(count))]);
    let all = [
        ("stock-open", whole.open),
        ("stock-overdue", overdue),
        ("stock-answer", answer),
        ("stock-sent", sent),
        ("stock-disputed", whole.disputed),
        ("stock-fulfilled", whole.fulfilled),
        ("stock-cancelled", whole.cancelled),
        ("stock-register", read.register[0]),
        ("stock-register-late", read.register[1]),
    ];
    // What there is none of is said only where that is good to know.
    let said = |(id, count): &(&str, u64)| {
        *count > 0 || matches!(*id, "stock-open" | "stock-overdue" | "stock-answer")
    };
    all.iter().filter(|one| said(one)).map(|(id, count)| tell(id, *count)).collect()
}

fn headings(visit: &Visit, read: &Read) -> Vec<Heading> {
    let (reader, [answer, overdue, _, _, sent]) = (visit.reader, read.taken.counts);
    let all = [
        ("answer", "stock-decide", answer, &read.taken.answer),
        ("overdue", "stock-late", overdue, &read.taken.overdue),
        ("sent", "stock-wait", sent, &read.taken.sent),
    ];
    let heading = |(name, id, count, concerns): (&str, &str, u64, &Vec<Concern>)| Heading {
        heading: reader.say(id),
        count: reader.tell("count", &[("count", count.into())]),
        items: concerns.iter().map(|concern| item(reader, read, concern)).collect(),
        to: visit.to(&format!("inbox?box={name}")),
        more: count > concerns.len() as u64,
    };
    all.into_iter().filter(|(_, _, count, _)| *count > 0).map(heading).collect()
}

fn item(reader: Reader, read: &Read, concern: &Concern) -> Item {
    let turn =
        read.names.get(&concern.line.space).map(|(_, names)| standing::turn(reader, names, &concern.record));
    let late = standing::late(reader, &read.clock, &concern.record);
    Item {
        to: format!("/{}/commitments/{}", reader.lang.code(), concern.line.id),
        title: terms::title(reader, concern.content.as_ref()),
        who: turn.map(|turn| turn.who).unwrap_or_default(),
        long: late.or_else(|| standing::waiting(reader, &read.clock, concern.at_min)),
    }
}

fn cell(reader: Reader, number: u64, bad: bool) -> Cell {
    Cell { number: reader.number(number), bad: bad && number > 0, none: number == 0 }
}

fn table(reader: Reader, id: &'static str, columns: &[&str], lines: Vec<Line>) -> Table {
    Table {
        id,
        caption: reader.say(&format!("table-{id}")),
        hint: reader.say(&format!("table-{id}-hint")),
        columns: columns.iter().map(|column| reader.say(column)).collect(),
        lines,
    }
}

/// With whom things are stuck.
fn between(reader: Reader, read: &Read) -> Table {
    let columns = [
        "col-counterpart",
        "col-they-owe",
        "col-late",
        "col-you-owe",
        "col-late",
        "col-on-you",
        "col-on-them",
        "col-days",
    ];
    let line = |(party, between): (&PartyId, &Between)| {
        let days = between.oldest_min.map_or(0, |since| standing::waiting_days(&read.clock, since));
        Line {
            name: read.name(*party),
            cells: vec![
                cell(reader, between.received.open, false),
                cell(reader, between.late_received, true),
                cell(reader, between.given.open, false),
                cell(reader, between.late_given, true),
                cell(reader, between.on_us, true),
                cell(reader, between.on_them, false),
                cell(reader, days, false),
            ],
        }
    };
    let mut lines: Vec<_> = read.taken.between.iter().collect();
    // The one with whom most is stuck first.
    lines.sort_by_key(|(_, between)| {
        let stuck = between.late_received + between.late_given + between.on_us + between.on_them;
        std::cmp::Reverse((stuck, between.received.open + between.given.open))
    });
    table(reader, "between", &columns, lines.into_iter().map(line).collect())
}

/// What was given and received, pair by pair; our own pairs first.
fn balance(reader: Reader, read: &Read) -> Table {
    let columns = ["col-pair", "col-fulfilled", "col-open", "col-offered", "col-ended"];
    let line = |debtor: PartyId, creditor: PartyId, stand: &Stand| Line {
        name: read.name(debtor).and(&Markup::arrow()).and(&read.name(creditor)),
        cells: vec![
            cell(reader, stand.fulfilled, false),
            cell(reader, stand.open, false),
            cell(reader, stand.offered, false),
            cell(reader, stand.ended, false),
        ],
    };
    let mut lines = Vec::new();
    for (party, between) in &read.taken.between {
        let both = [(read.own, *party, &between.given), (*party, read.own, &between.received)];
        lines.extend(
            both.iter()
                .filter(|(_, _, stand)| !stand.is_empty())
                .map(|(one, other, stand)| line(*one, *other, stand)),
        );
    }
    lines.extend(read.taken.others.iter().map(|(one, other, stand)| line(*one, *other, stand)));
    table(reader, "balance", &columns, lines)
}

/// What the register holds, by who owes as written there.
fn registered(node: &mut Node, may: &Authorized<SeeDesk>) -> node::Result<BTreeMap<String, [u64; 3]>> {
    let today = node.clock().today(ZONE).map_or(0, |day| day.days());
    let mut by_debtor = BTreeMap::<String, [u64; 3]>::new();
    for done in [false, true] {
        for held in node.registered(may, done, None, LOOKED_THROUGH_MAX)?.0 {
            let debtor = held.content.text(FieldTag::DebtorAsWritten, "").map(calm).unwrap_or_default();
            let [open, late, closed] = by_debtor.entry(debtor).or_default();
            *(if done { closed } else { open }) += 1;
            *late += u64::from(!done && held.due.is_some_and(|due| due < today));
        }
    }
    Ok(by_debtor)
}

fn register(reader: Reader, read: &Read) -> Table {
    let line = |(debtor, [open, late, done]): (&String, &[u64; 3])| Line {
        name: if debtor.is_empty() {
            Markup::isolating(&reader.say("nothing-said"))
        } else {
            Markup::name(debtor)
        },
        cells: vec![cell(reader, *open, false), cell(reader, *late, true), cell(reader, *done, false)],
    };
    let lines = read.registered.iter().map(line).collect();
    table(reader, "transcripts", &["field-debtor-as-written", "col-open", "col-late", "col-fulfilled"], lines)
}

const STAND: [&str; 5] = ["col-offered", "col-open", "col-disputed", "col-fulfilled", "col-ended"];

fn stand(reader: Reader, name: Markup, stand: &Stand) -> Line {
    let cells = vec![
        cell(reader, stand.offered, false),
        cell(reader, stand.open, false),
        cell(reader, stand.disputed, true),
        cell(reader, stand.fulfilled, false),
        cell(reader, stand.ended, false),
    ];
    Line { name, cells }
}

fn fields(reader: Reader, read: &Read) -> Table {
    let named = |field: &Option<FieldCode>| {
        let name = field.map_or_else(|| reader.say("field-none"), |field| super::field::name(reader, field));
        Markup::isolating(&name)
    };
    let lines = read.taken.fields.iter().map(|(field, held)| stand(reader, named(field), held)).collect();
    table(reader, "fields", &[&["col-field"], STAND.as_slice()].concat(), lines)
}

fn spaces(reader: Reader, read: &Read) -> Table {
    let named =
        |id: &SpaceId| read.names.get(id).map_or_else(|| Markup::id(id), |(name, _)| Markup::name(name));
    let lines = read.taken.spaces.iter().map(|(id, held)| stand(reader, named(id), held)).collect();
    table(reader, "spaces", &[&["space"], STAND.as_slice()].concat(), lines)
}

//! The register: what was promised elsewhere, typed in by us and followed up here, also while no other party has a node.

use agreement::operation::Transcribe;
use agreement::{Content, FieldTag};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use calendar::Reckoning;
use node::ask::Registered;
use node::oplog::{ObjectId, SpaceId};
use node::{Clock, Node};

use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, due, shown};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST, STEP};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// How many lines a page has.
const LINES: usize = 50;
/// The most letters of one field.
const TEXT_CHARS_MAX: usize = 2_000;
/// The zone by which a day that names none is over.
const ZONE: &str = "UTC";

/// What a line is made of: the field of the form, what it is, and whether there is no line without it.
const TEXTS: [(&str, FieldTag, bool); 5] = [
    ("title", FieldTag::Title, true),
    ("source", FieldTag::Source, true),
    ("debtor", FieldTag::DebtorAsWritten, false),
    ("creditor", FieldTag::CreditorAsWritten, false),
    ("note", FieldTag::Note, false),
];

/// A line as pages show it.
pub(super) struct Line {
    pub(super) id: ObjectId,
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    pub(super) due: Option<Markup>,
    pub(super) late: Option<Markup>,
    pub(super) done_by: Option<Markup>,
}

#[derive(Template)]
#[template(path = "page/transcripts.html")]
struct Page {
    frame: Frame,
    spaces: Vec<(SpaceId, String)>,
    lines: Vec<Line>,
    done: bool,
    counts: [Markup; 2],
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "page/transcripts_form.html")]
struct Form {
    frame: Frame,
    space: String,
    back: String,
    request: String,
    texts: Vec<(&'static str, String)>,
    due: due::Typed,
    faults: Vec<Fault>,
}

impl Form {
    fn fault(&self, field: &str) -> Option<&Markup> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| &fault.text)
    }

    fn label(&self, field: &str) -> String {
        self.frame.reader.say(&format!("transcripts-{field}"))
    }

    fn reckonings(&self) -> Vec<(&'static str, String, bool)> {
        let reader = self.frame.reader;
        let of = |held: Reckoning| (due::word(held), reader.say(&format!("reckoning-{}", due::word(held))));
        let all = reader.reckonings().map(|held| (of(held), held == self.due.reckoning));
        all.into_iter().map(|((word, name), chosen)| (word, name, chosen)).collect()
    }
}

/// A line of the register as pages show it.
pub(super) fn line(reader: Reader, clock: &Clock, held: &Registered) -> Line {
    let text = |tag| held.content.text(tag, "").map(str::to_owned);
    let named = [
        (FieldTag::DebtorAsWritten, "field-debtor-as-written"),
        (FieldTag::CreditorAsWritten, "field-creditor-as-written"),
        (FieldTag::Source, "field-source"),
        (FieldTag::Note, "row-note"),
    ];
    let row = |(tag, id): (FieldTag, &str)| {
        Some(Row { label: reader.say(id), value: Markup::text(&text(tag)?), was: None })
    };
    let today = clock.today(ZONE).map_or(0, |day| day.days());
    let days = held.due.map_or(0, |due| u64::try_from(i64::from(today) - i64::from(due)).unwrap_or(0));
    Line {
        id: held.id,
        title: text(FieldTag::Title).map_or_else(|| reader.say("untitled"), |title| calm(&title)),
        rows: named.into_iter().filter_map(row).collect(),
        due: match held.due {
            Some(due) => Some(reader.weekday(&due)),
            None => text(FieldTag::DueAsWritten).map(|text| Markup::name(&text)),
        },
        late: (days > 0 && held.done_by.is_none())
            .then(|| reader.tell("late-days", &[("days", days.into())])),
        done_by: held.done_by.as_deref().map(Markup::name),
    }
}

/// `GET /{lang}/transcripts?done=1&after=…`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let done = visit.query.first("done") == "1";
    let place = visit.query.first("after").split_once('.');
    let after = place.and_then(|(day, no)| Some((day.parse().ok()?, no.parse().ok()?)));
    let asked = visit.desk.ask(move |node: &mut Node| {
        let may = node.see_desk(&visitor)?;
        let (held, more) = node.registered(&may, done, after, LINES)?;
        let clock = node.clock();
        let lines: Vec<_> = held.iter().map(|held| line(reader, &clock, held)).collect();
        let mut spaces = Vec::new();
        for id in node.space_ids() {
            spaces.push((id, calm(&node.space_name(id)?)));
        }
        Ok((lines, more, node.registered_counts(&may)?, spaces, node.name().to_owned()))
    });
    let (lines, more, [open, _, closed], spaces, party) = asked.await?;
    let count = |id: &str, count: u64| reader.tell(id, &[("count", count.into())]);
    let which = if done { "done=1&" } else { "" };
    shown(&Page {
        frame: visit.frame(reader.say("transcripts-heading"), party),
        spaces,
        lines,
        done,
        counts: [count("transcripts-open", open), count("transcripts-done", closed)],
        more: more.map(|(day, no)| visit.to(&format!("transcripts?{which}after={day}.{no}"))),
    })
}

/// `POST /{lang}/transcripts/{object}`: done, or not.
pub(crate) async fn mark(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let fields = visit.form.clone().unwrap_or_default();
    let done = match fields.first(STEP) {
        "done" => true,
        "open" => false,
        _ => return Err(Trouble::Missing),
    };
    let visitor = visit.visitor.clone();
    let marked = visit.desk.ask(move |node: &mut Node| {
        let may = node.keep_desk(&visitor)?;
        node.set_done(&may, object, done)
    });
    marked.await?;
    Ok(Redirect::to(&visit.to("transcripts")).into_response())
}

struct Looked {
    space: SpaceId,
    name: String,
    party: String,
}

async fn look(visit: &Visit, space: &str) -> Result<Looked, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let asked = visit.desk.ask(move |node: &mut Node| {
        Ok(Looked { space, name: calm(&node.space_name(space)?), party: node.name().to_owned() })
    });
    asked.await
}

/// `GET /{lang}/spaces/{space}/transcripts`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &space).await?;
    shown(&form(&visit, &looked, &Fields::default(), Vec::new()))
}

/// `POST /{lang}/spaces/{space}/transcripts`
pub(crate) async fn take(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &space).await?;
    let (fields, reader) = (visit.form.clone().unwrap_or_default(), visit.reader);
    let wanted = proposal::wanted(&fields);
    if matches!(wanted, Wanted::Edit | Wanted::Keep) {
        return shown(&form(&visit, &looked, &fields, Vec::new()));
    }
    let (content, rows) = match read(reader, &fields) {
        Ok(read) => read,
        Err(faults) => return Ok(error::once_more(form(&visit, &looked, &fields, faults).render()?)),
    };
    let proposal = Proposal {
        space: looked.space,
        operation: Transcribe { object: None }.into(),
        content: Some(content),
        statement: reader.tell("sign-transcribe", &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say("then-transcribe"),
        grave: false,
        party: looked.party,
    };
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(&visit, &proposal, &fields, None),
    }
}

/// What a form says, as it is signed and as it is shown before; or everything that is wrong with it.
fn read(reader: Reader, fields: &Fields) -> Result<(Content, Vec<Row>), Vec<Fault>> {
    let (mut content, mut rows, mut faults) = (Content::default(), Vec::new(), Vec::new());
    for (name, tag, needed) in TEXTS {
        let text = fields.words(name);
        let count = text.chars().count();
        if count > TEXT_CHARS_MAX {
            let told = [("count", count.into()), ("most", TEXT_CHARS_MAX.into())];
            faults.push(Fault { field: name, text: reader.tell("fault-too-long", &told) });
        } else if needed && text.is_empty() {
            let text = Markup::isolating(&reader.say("fault-transcripts-missing"));
            faults.push(Fault { field: name, text });
        } else if !text.is_empty() {
            let label = reader.say(&format!("transcripts-{name}"));
            rows.push(Row { label, value: Markup::text(&text), was: None });
            content = content.with(tag, "", &text);
        }
    }
    match due::Typed::of_fields(reader, fields).read_day(reader) {
        Ok(Some(day)) => {
            rows.push(Row { label: reader.say("label-due"), value: reader.weekday(&day.days()), was: None });
            content = content.with(FieldTag::DueAsWritten, "", &day.to_string());
        }
        Ok(None) => {}
        Err(fault) => faults.push(fault),
    }
    if faults.is_empty() { Ok((content, rows)) } else { Err(faults) }
}

fn form(visit: &Visit, looked: &Looked, fields: &Fields, faults: Vec<Fault>) -> Form {
    let (reader, request) = (visit.reader, fields.first(REQUEST));
    let mut frame = visit.frame(reader.say("transcripts-add"), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        space: looked.name.clone(),
        back: visit.to("transcripts"),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        texts: TEXTS.iter().map(|(name, ..)| (*name, fields.words(name))).collect(),
        due: due::Typed::of_fields(reader, fields),
        faults,
    }
}

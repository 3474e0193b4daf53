//! A step about a commitment that needs no terms of one's own: accept, decline, report, confirm and the others.

use agreement::{Content, FieldTag, Operation, Subject};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::CommitmentView;
use node::oplog::ObjectId;

use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, commitment, pins, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The most letters of a note.
pub(super) const NOTE_CHARS_MAX: usize = 5_000;
/// Verbs whose note must not be empty, as the other side is owed a reason.
const NOTE_NEEDED: [&str; 2] = ["dispute", "cancel"];
/// Verbs that end something.
const GRAVE: [&str; 2] = ["release", "cancel"];

#[derive(Template)]
#[template(path = "page/act.html")]
pub(super) struct Form {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) back: String,
    pub(super) hint: String,
    pub(super) rows: Vec<Row>,
    pub(super) pins: Vec<(&'static str, String)>,
    pub(super) request: String,
    pub(super) note: String,
    pub(super) note_needed: bool,
    pub(super) faults: Vec<Fault>,
}

impl Form {
    fn fault(&self, field: &str) -> Option<&Markup> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| &fault.text)
    }
}

/// What is wrong with a note.
pub(super) fn note_faults(reader: Reader, note: &str, needed: bool) -> Vec<Fault> {
    let count = note.chars().count();
    let text = if count > NOTE_CHARS_MAX {
        let told = [("count", count.into()), ("most", NOTE_CHARS_MAX.into())];
        reader.tell("fault-too-long", &told)
    } else if needed && note.is_empty() {
        Markup::isolating(&reader.say("fault-note-missing"))
    } else {
        return Vec::new();
    };
    vec![Fault { field: "note", text }]
}

/// A content that holds a note, if there is one.
pub(super) fn noted(note: &str) -> Option<Content> {
    (!note.is_empty()).then(|| Content::default().with(FieldTag::Note, "", note))
}

struct Looked {
    view: CommitmentView,
    names: Names,
    party: String,
}

async fn look(visit: &Visit, object: &str) -> Result<Looked, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.commitment(object)?;
        let names = Names::of_space(node, view.space, reader)?;
        Ok(Looked { view, names, party: node.name().to_owned() })
    });
    asked.await
}

/// `GET /{lang}/commitments/{object}/{verb}?slot=…`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &object).await?;
    let operation =
        pins::operation(Subject::Commitment, &verb, looked.view.id, &visit.query).ok_or(Trouble::Missing)?;
    if !is_open(&looked.view, &operation) {
        return Err(Trouble::NotNow);
    }
    shown(&form(&visit, &looked, &operation, &Fields::default(), Vec::new()))
}

/// `POST /{lang}/commitments/{object}/{verb}`
pub(crate) async fn take(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let looked = look(&visit, &object).await?;
    let operation =
        pins::operation(Subject::Commitment, &verb, looked.view.id, &fields).ok_or(Trouble::Missing)?;
    let note = fields.words("note");
    let faults = note_faults(visit.reader, &note, NOTE_NEEDED.contains(&operation.word()));
    let wanted = proposal::wanted(&fields);
    if wanted == Wanted::Edit {
        return shown(&form(&visit, &looked, &operation, &fields, Vec::new()));
    }
    if !faults.is_empty() {
        return Ok(error::once_more(form(&visit, &looked, &operation, &fields, faults).render()?));
    }
    // A form that is sent again after it was signed is not open any more, and must lead where it led before.
    if wanted == Wanted::Preview && !is_open(&looked.view, &operation) {
        return Err(Trouble::NotNow);
    }
    let proposal = propose(&visit, looked, operation, &note);
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit => proposal::preview(&visit, &proposal, &fields, None),
    }
}

/// Whether the node offers this very step now.
fn is_open(view: &CommitmentView, operation: &Operation) -> bool {
    view.moves.iter().any(|step| step.operation.as_ref() == Some(operation))
}

fn form(visit: &Visit, looked: &Looked, operation: &Operation, fields: &Fields, faults: Vec<Fault>) -> Form {
    let (reader, verb) = (visit.reader, operation.word());
    let request = fields.first(REQUEST);
    let mut frame = visit.frame(reader.say(&format!("do-{verb}")), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        title: terms::title(reader, looked.view.content.as_ref()),
        back: visit.to(&format!("commitments/{}", looked.view.id)),
        hint: reader.say(&format!("then-{verb}")),
        rows: rows(reader, looked, operation),
        pins: pins::of(operation),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        note: fields.words("note"),
        note_needed: NOTE_NEEDED.contains(&verb),
        faults,
    }
}

/// What the step is about: the terms for a vote, the report for an answer to it.
fn rows(reader: Reader, looked: &Looked, operation: &Operation) -> Vec<Row> {
    let view = &looked.view;
    let in_force = (&view.terms, view.content.as_ref());
    if let Operation::Accept(accept) = operation
        && let Some((_, _, terms, content)) = view.offered.iter().find(|(_, hash, ..)| *hash == accept.terms)
    {
        let old = view.record.in_force().is_some().then_some(in_force);
        return terms::rows(reader, &looked.names, (terms, content.as_ref()), old);
    }
    let mut rows = terms::rows(reader, &looked.names, in_force, None);
    if matches!(operation, Operation::Confirm(_) | Operation::Dispute(_)) {
        let note = commitment::report_note(view);
        rows.extend(note.map(|value| Row { label: reader.say("row-report"), value, was: None }));
    }
    rows
}

fn propose(visit: &Visit, looked: Looked, operation: Operation, note: &str) -> Proposal {
    let (reader, verb) = (visit.reader, operation.word());
    let mut rows = rows(reader, &looked, &operation);
    if !note.is_empty() {
        rows.push(Row { label: reader.say("row-note"), value: Markup::text(note), was: None });
    }
    Proposal {
        space: looked.view.space,
        content: noted(note),
        statement: reader.tell(&format!("sign-{verb}"), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-{verb}")),
        grave: GRAVE.contains(&verb),
        party: looked.party,
        operation,
    }
}

//! A step about a commitment that needs no terms of one's own: accept, decline, report, confirm and the others.

use agreement::{Content, FieldTag, Operation, Subject};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::CommitmentView;
use node::oplog::ObjectId;

use super::file::{self, Held};
use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, beside, commitment, pins, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The most letters of a note.
pub(super) const NOTE_CHARS_MAX: usize = 5_000;
/// Verbs whose note must not be empty, as the other side is owed a reason.
const NOTE_NEEDED: [&str; 2] = ["dispute", "cancel"];
/// The verb that evidence can go with.
const WITH_FILE: &str = "report";
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
    /// What the words are.
    pub(super) note_label: String,
    pub(super) note: String,
    pub(super) note_needed: bool,
    /// The file that can go with it.
    pub(super) file: Option<FileField>,
    pub(super) faults: Vec<Fault>,
}

/// The file of a form.
pub(super) struct FileField {
    /// What the file is called that was chosen before; empty if none was.
    pub(super) id: String,
    /// Its name and size.
    pub(super) name: Option<Markup>,
    /// Whether the form is nothing without a file.
    pub(super) needed: bool,
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

/// A commitment with what its parties are called.
pub(super) struct Looked {
    pub(super) view: CommitmentView,
    pub(super) names: Names,
    pub(super) party: String,
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
    shown(&form(&visit, &looked, &operation, &Fields::default(), &Held::None, Vec::new()))
}

/// `POST /{lang}/commitments/{object}/{verb}`
pub(crate) async fn take(
    mut visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let mut fields = visit.form.clone().unwrap_or_default();
    let looked = look(&visit, &object).await?;
    let operation =
        pins::operation(Subject::Commitment, &verb, looked.view.id, &fields).ok_or(Trouble::Missing)?;
    let held =
        if operation.word() == WITH_FILE { file::held(&mut visit, &mut fields).await? } else { Held::None };
    let note = fields.words("note");
    let mut faults = note_faults(visit.reader, &note, NOTE_NEEDED.contains(&operation.word()));
    let wanted = proposal::wanted(&fields);
    if wanted == Wanted::Edit {
        return shown(&form(&visit, &looked, &operation, &fields, &held, Vec::new()));
    }
    if wanted == Wanted::Sign
        && matches!(held, Held::Gone)
        && let Some(before) = file::signed_before(&visit, &fields).await?
    {
        return Ok(before);
    }
    faults.extend(beside::file_fault(visit.reader, false, &held));
    if !faults.is_empty() {
        return Ok(error::once_more(form(&visit, &looked, &operation, &fields, &held, faults).render()?));
    }
    // A form that is sent again after it was signed is not open any more, and must lead where it led before.
    if wanted == Wanted::Preview && !is_open(&looked.view, &operation) {
        return Err(Trouble::NotNow);
    }
    let proposal = propose(&visit, looked, operation, &note, held);
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(&visit, &proposal, &fields, None),
    }
}

/// Whether the node offers this very step now.
pub(super) fn is_open(view: &CommitmentView, operation: &Operation) -> bool {
    view.moves.iter().any(|step| step.operation.as_ref() == Some(operation))
}

fn form(
    visit: &Visit,
    looked: &Looked,
    operation: &Operation,
    fields: &Fields,
    held: &Held,
    faults: Vec<Fault>,
) -> Form {
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
        note_label: reader.say("row-note"),
        note: fields.words("note"),
        note_needed: NOTE_NEEDED.contains(&verb),
        file: (verb == WITH_FILE).then(|| beside::file_field(reader, false, fields, held)),
        faults,
    }
}

/// What the step is about: the terms for a vote, the report for an answer to it.
pub(super) fn rows(reader: Reader, looked: &Looked, operation: &Operation) -> Vec<Row> {
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

fn propose(visit: &Visit, looked: Looked, operation: Operation, note: &str, held: Held) -> Proposal {
    let (reader, verb) = (visit.reader, operation.word());
    let mut rows = rows(reader, &looked, &operation);
    if !note.is_empty() {
        rows.push(Row { label: reader.say("row-note"), value: Markup::text(note), was: None });
    }
    let mut content = noted(note);
    if let Held::Here(file) = held {
        rows.extend(file::rows(reader, &file));
        content = Some(file::carrying(content.unwrap_or_default(), file));
    }
    Proposal {
        space: looked.view.space,
        content,
        statement: reader.tell(&format!("sign-{verb}"), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-{verb}")),
        grave: GRAVE.contains(&verb),
        party: looked.party,
        operation,
    }
}

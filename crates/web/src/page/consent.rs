//! A step about an agreement that needs no text of one's own: signing it, declining, withdrawing an offer, leaving, ending.

use agreement::operation::{Offer, Subject};
use agreement::{AgreementTag, AgreementTerms, Content, FieldTag, Operation, Terms};
use askama::Template as _;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::AgreementView;
use node::oplog::{ObjectId, TermsHash};

use super::act::{Form, note_faults, noted};
use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, pins, provisions, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::Visit;

/// Verbs whose note must not be empty, as the other side is owed a reason.
const NOTE_NEEDED: [&str; 2] = ["terminate", "withdraw"];
/// Verbs that end something.
const GRAVE: [&str; 2] = ["terminate", "withdraw"];

struct Looked {
    view: AgreementView,
    names: Names,
    party: String,
}

async fn look(visit: &Visit, object: &str) -> Result<Looked, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.agreement(object)?;
        let names = Names::of_space(node, view.space, reader)?;
        Ok(Looked { view, names, party: node.name().to_owned() })
    });
    asked.await
}

/// What a verb and its pins name: the word for it on pages, and the operation.
fn operation(verb: &str, view: &AgreementView, fields: &Fields) -> Option<Operation> {
    if verb != "terminate" {
        return pins::operation(Subject::Agreement, verb, view.id, fields);
    }
    let held: TermsHash = fields.first("held").parse().ok()?;
    let held = view.record.ballot.offered(held)?;
    let terms = AgreementTerms { tag: AgreementTag::Terminate, reply_by: None, ..held.terms.clone() };
    let slot = fields.number("slot")?;
    Some(Offer { object: Some(view.id), slot, terms: Terms::Agreement(terms) }.into())
}

/// What a form fixes of an operation.
fn fixed(operation: &Operation, fields: &Fields) -> Vec<(&'static str, String)> {
    if matches!(operation, Operation::Offer(_)) {
        return vec![("slot", fields.first("slot").to_owned()), ("held", fields.first("held").to_owned())];
    }
    pins::of(operation)
}

/// Whether the node offers this very step now.
fn is_open(view: &AgreementView, verb: &str, operation: &Operation) -> bool {
    view.moves.iter().any(|step| match (&step.operation, operation) {
        (Some(held), _) => held == operation,
        (None, Operation::Offer(offer)) => {
            step.word == verb && offer.slot == view.record.ballot.slots.len() as u64
        }
        (None, _) => false,
    })
}

/// `GET /{lang}/agreements/{object}/{verb}?slot=…`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &object).await?;
    let operation = operation(&verb, &looked.view, &visit.query).ok_or(Trouble::Missing)?;
    if !is_open(&looked.view, &verb, &operation) {
        return Err(Trouble::NotNow);
    }
    let pins = fixed(&operation, &visit.query);
    shown(&form(&visit, &looked, (&verb, &operation, pins), &Fields::default(), Vec::new()))
}

/// `POST /{lang}/agreements/{object}/{verb}`
pub(crate) async fn take(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let looked = look(&visit, &object).await?;
    let operation = operation(&verb, &looked.view, &fields).ok_or(Trouble::Missing)?;
    let note = fields.words("note");
    let faults = note_faults(visit.reader, &note, NOTE_NEEDED.contains(&verb.as_str()));
    let wanted = proposal::wanted(&fields);
    let pins = fixed(&operation, &fields);
    if wanted == Wanted::Edit {
        return shown(&form(&visit, &looked, (&verb, &operation, pins), &fields, Vec::new()));
    }
    if !faults.is_empty() {
        let form = form(&visit, &looked, (&verb, &operation, pins), &fields, faults);
        return Ok(error::once_more(form.render()?));
    }
    // A form that is sent again after it was signed is not open any more, and must lead where it led before.
    if wanted == Wanted::Preview && !is_open(&looked.view, &verb, &operation) {
        return Err(Trouble::NotNow);
    }
    let proposal = propose(&visit, looked, &verb, operation, &note);
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(&visit, &proposal, &fields, None),
    }
}

fn form(
    visit: &Visit,
    looked: &Looked,
    (verb, operation, pins): (&str, &Operation, Vec<(&'static str, String)>),
    fields: &Fields,
    faults: Vec<Fault>,
) -> Form {
    let reader = visit.reader;
    let request = fields.first(REQUEST);
    let mut frame = visit.frame(reader.say(&format!("do-agreement-{verb}")), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        title: terms::title(reader, looked.view.content.as_ref()),
        back: visit.to(&format!("agreements/{}", looked.view.id)),
        hint: reader.say(&format!("then-agreement-{verb}")),
        rows: rows(reader, looked, operation),
        pins,
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        note_label: reader.say("row-note"),
        file: None,
        note: fields.words("note"),
        note_needed: NOTE_NEEDED.contains(&verb),
        faults,
    }
}

/// What the step is about: the whole text for a signature, what it would change beside it.
fn rows(reader: Reader, looked: &Looked, operation: &Operation) -> Vec<Row> {
    let view = &looked.view;
    let held = (&view.text.terms, view.content.as_ref());
    if let Operation::Accept(accept) = operation
        && let Some(offer) = view.offered.iter().find(|offer| offer.offered.hash == accept.terms)
    {
        let old = view.record.in_force().map(|_| held);
        let now = (&offer.offered.terms, offer.content.as_ref());
        return provisions::rows(reader, &looked.names, now, old);
    }
    // The text stays what it is.
    provisions::rows(reader, &looked.names, held, Some(held))
}

fn propose(visit: &Visit, looked: Looked, verb: &str, operation: Operation, note: &str) -> Proposal {
    let reader = visit.reader;
    let mut rows = rows(reader, &looked, &operation);
    if !note.is_empty() {
        rows.push(Row { label: reader.say("row-note"), value: Markup::text(note), was: None });
    }
    let content = if verb == "terminate" {
        let titles = looked.view.content.iter().flat_map(|content| &content.fields);
        let titles = titles.filter(|field| field.tag == FieldTag::Title).cloned().collect();
        Some(Content { fields: titles, ..Content::default() }.with(FieldTag::Reason, "", note))
    } else {
        noted(note)
    };
    Proposal {
        space: looked.view.space,
        content,
        statement: reader.tell(&format!("sign-agreement-{verb}"), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-agreement-{verb}")),
        grave: GRAVE.contains(&verb),
        party: looked.party,
        operation,
    }
}

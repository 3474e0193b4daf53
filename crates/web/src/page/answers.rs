//! Many answers in one go: chosen row by row, reviewed whole on one page, proven once, signed each on its own.

use agreement::{Operation, Subject};
use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use node::ask::{CommitmentView, Heap};
use node::oplog::ObjectId;
use node::{Act, Node, NodeError, Receipt};

use super::act::{self, Looked};
use super::names::Names;
use super::outside::unproven;
use super::proposal::{self, Wanted};
use super::{Fault, Row, pins, shown, standing, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, PASSPHRASE, REQUEST, STEP};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::refusal;
use crate::visit::{Frame, Visit};

/// The most rows that are answered in one go.
const ROWS_MAX: usize = 50;
/// What can be answered without words of one's own, the answer that moves things on first.
const VERBS: [&str; 3] = ["accept", "confirm", "decline"];
/// The field that carries a chosen row from page to page.
const ROW: &str = "row";

/// A row to choose an answer for.
struct Choice {
    /// The name of its field.
    object: String,
    title: String,
    to: String,
    waiting: Option<Markup>,
    /// Each answer as its field carries it, in words, and whether it is chosen.
    answers: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "page/answers.html")]
struct Form {
    frame: Frame,
    choices: Vec<Choice>,
    request: String,
    more: bool,
    faults: Vec<Fault>,
}

impl Form {
    /// Whether an answer is chosen for a row.
    fn is_chosen(&self, choice: &Choice) -> bool {
        !self.choices.is_empty() && choice.answers.iter().any(|(_, _, chosen)| *chosen)
    }
}

/// A row as it will be signed, or cannot be any more.
struct Reviewed {
    title: String,
    to: String,
    statement: Markup,
    rows: Vec<Row>,
    open: bool,
}

#[derive(Template)]
#[template(path = "page/answers_preview.html")]
struct Preview {
    frame: Frame,
    reviewed: Vec<Reviewed>,
    count: Markup,
    carried: Vec<(String, String)>,
    fault: Option<Markup>,
}

/// What became of a row.
struct Result {
    title: String,
    to: String,
    did: String,
    /// The entry's reference; none where it was not signed.
    entry: Option<Markup>,
    why: Option<Markup>,
}

#[derive(Template)]
#[template(path = "page/answers_signed.html")]
struct Signed {
    frame: Frame,
    results: Vec<Result>,
    done: Markup,
    refused: Option<Markup>,
}

/// A row that was chosen: what would be signed about which commitment.
struct Chosen {
    operation: Operation,
    looked: Looked,
}

/// An answer as a field carries it: the commitment, the verb, and what is fixed of it.
fn written(object: ObjectId, operation: &Operation) -> String {
    format!("{object} {} {}", operation.word(), pins::query(&pins::of(operation)))
}

/// The answer that a field carries; none if it carries none that can be given here.
fn read(field: &str) -> Option<(ObjectId, Operation)> {
    let mut parts = field.splitn(3, ' ');
    let object: ObjectId = parts.next()?.parse().ok()?;
    let verb = parts.next().filter(|verb| VERBS.contains(verb))?;
    let fields = Fields::read(parts.next().unwrap_or_default().as_bytes());
    Some((object, pins::operation(Subject::Commitment, verb, object, &fields)?))
}

/// What can be answered of a commitment, in the order of [`VERBS`].
fn answers(view: &CommitmentView) -> Vec<&Operation> {
    let find = |verb: &&str| view.moves.iter().find(|step| step.word == *verb)?.operation.as_ref();
    VERBS.iter().filter_map(find).collect()
}

fn look(node: &mut Node, reader: Reader, object: ObjectId) -> node::Result<Looked> {
    let view = node.commitment(object)?;
    let names = Names::of_parties(node, view.space, reader)?;
    Ok(Looked { view, names, party: node.name().to_owned() })
}

async fn form(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> std::result::Result<Form, Trouble> {
    let reader = visit.reader;
    let (kept, first) = (fields.all(ROW), fields.first(STEP) == "all");
    let asked = visit.desk.ask(move |node: &mut Node| {
        let (concerns, more) = node.heap(Heap::Answer, None, ROWS_MAX)?;
        let (clock, mut choices) = (node.clock(), Vec::new());
        for concern in concerns {
            let view = node.commitment(concern.line.id)?;
            let answer = |(at, operation): (usize, &Operation)| {
                let field = written(view.id, operation);
                let chosen =
                    if first { at == 0 && operation.word() != "decline" } else { kept.contains(&field) };
                (field, reader.say(&format!("do-{}", operation.word())), chosen)
            };
            let answers: Vec<_> = answers(&view).into_iter().enumerate().map(answer).collect();
            if !answers.is_empty() {
                choices.push(Choice {
                    object: view.id.to_string(),
                    title: terms::title(reader, concern.content.as_ref()),
                    to: format!("/{}/commitments/{}", reader.lang.code(), view.id),
                    waiting: standing::waiting(reader, &clock, concern.at_min),
                    answers,
                });
            }
        }
        Ok((choices, more.is_some(), node.name().to_owned()))
    });
    let (choices, more, party) = asked.await?;
    let request = fields.first(REQUEST);
    let request = if proposal::is_sound(request) { request.to_owned() } else { Visit::request() };
    let mut frame = visit.frame(reader.say("answers"), party);
    frame.faulty = !faults.is_empty();
    Ok(Form { frame, choices, request, more, faults })
}

/// `GET /{lang}/answers`
pub(crate) async fn begin(visit: Visit) -> std::result::Result<Response, Trouble> {
    shown(&form(&visit, &Fields::default(), Vec::new()).await?)
}

/// `POST /{lang}/answers`
pub(crate) async fn take(visit: Visit) -> std::result::Result<Response, Trouble> {
    let mut fields = Fields::default();
    // A row has a field of its own in the form, named by its commitment, and one name for all on the way from there.
    for (name, value) in visit.form.as_ref().map(Fields::carried).unwrap_or_default() {
        let is_row = name == ROW || name.parse::<ObjectId>().is_ok();
        if !value.is_empty() {
            fields.add(if is_row { ROW.to_owned() } else { name }, value);
        }
    }
    let typed = visit.form.clone().unwrap_or_default();
    fields.set(STEP, typed.first(STEP));
    if proposal::wanted(&typed) == Wanted::Edit || typed.first(STEP) == "all" {
        return shown(&form(&visit, &fields, Vec::new()).await?);
    }
    let chosen = chosen(&visit, &fields).await?;
    if chosen.is_empty() {
        let text = Markup::isolating(&visit.reader.say("fault-answers-none"));
        let form = form(&visit, &fields, vec![Fault { field: "answers", text }]).await?;
        return Ok(error::once_more(form.render()?));
    }
    if proposal::wanted(&typed) == Wanted::Sign {
        return sign(&visit, chosen, &fields, typed.first(PASSPHRASE)).await;
    }
    preview(&visit, &chosen, &fields, None)
}

/// The rows that were chosen, with the commitments that they are about.
async fn chosen(visit: &Visit, fields: &Fields) -> std::result::Result<Vec<Chosen>, Trouble> {
    let reader = visit.reader;
    let mut all: Vec<_> = fields.all(ROW).iter().filter_map(|field| read(field)).take(ROWS_MAX).collect();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(object, _)| seen.insert(*object));
    let looked = visit.desk.ask(move |node: &mut Node| {
        let mut chosen = Vec::new();
        for (object, operation) in all {
            match look(node, reader, object) {
                Ok(looked) => chosen.push(Chosen { operation, looked }),
                Err(NodeError::NoSuch(_) | NodeError::NoSuchSpace) => {}
                Err(why) => return Err(why),
            }
        }
        Ok(chosen)
    });
    looked.await
}

fn preview(
    visit: &Visit,
    chosen: &[Chosen],
    fields: &Fields,
    fault: Option<Markup>,
) -> std::result::Result<Response, Trouble> {
    let reader = visit.reader;
    let party = chosen.first().map(|one| one.looked.party.clone()).unwrap_or_default();
    let review = |one: &Chosen| Reviewed {
        title: terms::title(reader, one.looked.view.content.as_ref()),
        to: visit.to(&format!("commitments/{}", one.looked.view.id)),
        statement: reader
            .tell(&format!("sign-{}", one.operation.word()), &[("party", (&one.looked.party).into())]),
        rows: act::rows(reader, &one.looked, &one.operation),
        open: act::is_open(&one.looked.view, &one.operation),
    };
    let mut frame = visit.frame(reader.say("preview"), party);
    frame.faulty = fault.is_some();
    let page = Preview {
        frame,
        reviewed: chosen.iter().map(review).collect(),
        count: reader.count("answers-count", chosen.len()),
        carried: fields.carried(),
        fault,
    };
    if page.fault.is_some() { Ok(error::once_more(page.render()?)) } else { shown(&page) }
}

/// Signs each row, and says row by row what became of it. The same form sent once more signs nothing twice: each row has
/// an idempotency id of its own, out of the form's and its commitment.
async fn sign(
    visit: &Visit,
    chosen: Vec<Chosen>,
    fields: &Fields,
    passphrase: &str,
) -> std::result::Result<Response, Trouble> {
    let (reader, request) = (visit.reader, fields.first(REQUEST));
    if !proposal::is_sound(request) {
        return Err(Trouble::Unreadable);
    }
    let name = visit.visitor.person().name.clone();
    let proven = match visit.desk.prove(name, visit.from, passphrase.to_owned()).await? {
        Ok(proven) => proven,
        Err(why) => {
            let fault = unproven(reader, why, "fault-passphrase-wrong");
            return preview(visit, &chosen, fields, Some(fault));
        }
    };
    let act = |one: &Chosen| Act {
        space: one.looked.view.space,
        operation: one.operation.clone(),
        content: None,
        request: Some(format!("{request}{}", one.looked.view.id)),
    };
    let acts = chosen.iter().map(act).collect();
    let signed = visit.desk.sign_all(visit.visitor.clone(), proven, acts).await?;
    let results: Vec<_> = chosen.iter().zip(signed).map(|(one, done)| result(visit, one, done)).collect();
    let done = results.iter().filter(|one| one.entry.is_some()).count();
    let refused = results.len() - done;
    let party = chosen.first().map(|one| one.looked.party.clone()).unwrap_or_default();
    let mut frame = visit.frame(reader.say("answers-signed"), party);
    frame.faulty = refused > 0;
    let page = Signed {
        frame,
        results,
        done: reader.count("answers-done", done),
        refused: (refused > 0).then(|| reader.count("answers-refused", refused)),
    };
    Ok(Html(page.render()?).into_response())
}

fn result(visit: &Visit, one: &Chosen, done: node::Result<Receipt>) -> Result {
    let reader = visit.reader;
    let (entry, why) = match done {
        Ok(receipt) => (Some(Markup::id(receipt.entry)), None),
        Err(NodeError::RequestReused) => (None, Some(Markup::isolating(&reader.say("signed-otherwise")))),
        Err(why) => {
            let known = refusal::not_signed(reader, &why);
            (None, Some(known.unwrap_or_else(|| Markup::text(&why.to_string()))))
        }
    };
    let did = if entry.is_some() { format!("did-{}", one.operation.word()) } else { "not-signed".to_owned() };
    Result {
        title: terms::title(reader, one.looked.view.content.as_ref()),
        to: visit.to(&format!("commitments/{}", one.looked.view.id)),
        did: reader.say(&did),
        entry,
        why,
    }
}

//! A vote on a ballot about the space.

use agreement::Operation;
use agreement::operation::{Accept, Decline, Subject};
use askama::Template as _;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::BallotView;
use node::oplog::{ObjectId, SpaceId};

use super::act::{Form, note_faults, noted};
use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, shown};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::Visit;

struct Looked {
    space: SpaceId,
    name: String,
    ballot: BallotView,
    names: Names,
    party: String,
}

async fn look(visit: &Visit, space: &str, ballot: &str) -> Result<Looked, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let ballot: ObjectId = ballot.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.space(space)?;
        let names = Names::of_space(node, space, reader)?;
        Ok((view, names, node.name().to_owned()))
    });
    let (view, names, party) = asked.await?;
    let ballot = view.ballots.into_iter().find(|held| held.id == ballot).ok_or(Trouble::Missing)?;
    Ok(Looked { space, name: calm(&view.name), ballot, names, party })
}

fn operation(verb: &str, ballot: &BallotView) -> Option<Operation> {
    let (subject, object, slot) = (Subject::Space, ballot.id, 0);
    match verb {
        "accept" => Some(Accept { subject, object, slot, terms: ballot.terms }.into()),
        "decline" => Some(Decline { subject, object, slot }.into()),
        _ => None,
    }
}

/// `GET /{lang}/spaces/{space}/ballots/{ballot}/{verb}`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, space, ballot, verb)): Path<(String, String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &space, &ballot).await?;
    let operation = operation(&verb, &looked.ballot).ok_or(Trouble::Missing)?;
    if !is_open(&looked) {
        return Err(Trouble::NotNow);
    }
    shown(&form(&visit, &looked, &operation, &Fields::default(), Vec::new()))
}

/// `POST /{lang}/spaces/{space}/ballots/{ballot}/{verb}`
pub(crate) async fn take(
    visit: Visit,
    Path((_, space, ballot, verb)): Path<(String, String, String, String)>,
) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let looked = look(&visit, &space, &ballot).await?;
    let operation = operation(&verb, &looked.ballot).ok_or(Trouble::Missing)?;
    let note = fields.words("note");
    let faults = note_faults(visit.reader, &note, false);
    let wanted = proposal::wanted(&fields);
    if wanted == Wanted::Edit {
        return shown(&form(&visit, &looked, &operation, &fields, Vec::new()));
    }
    if !faults.is_empty() {
        return Ok(error::once_more(form(&visit, &looked, &operation, &fields, faults).render()?));
    }
    if wanted == Wanted::Preview && !is_open(&looked) {
        return Err(Trouble::NotNow);
    }
    let reader = visit.reader;
    let mut rows = rows(reader, &looked);
    if !note.is_empty() {
        rows.push(Row { label: reader.say("row-note"), value: Markup::text(&note), was: None });
    }
    let id = format!("sign-ballot-{}", operation.word());
    let proposal = Proposal {
        space: looked.space,
        operation,
        content: noted(&note),
        statement: reader.tell(&id, &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say("then-ballot"),
        grave: looked.ballot.what == "expel",
        party: looked.party,
    };
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(&visit, &proposal, &fields, None),
    }
}

fn is_open(looked: &Looked) -> bool {
    looked.ballot.awaited.contains(&looked.names.own)
}

fn form(visit: &Visit, looked: &Looked, operation: &Operation, fields: &Fields, faults: Vec<Fault>) -> Form {
    let reader = visit.reader;
    let request = fields.first(REQUEST);
    let mut frame = visit.frame(reader.say(&format!("do-ballot-{}", operation.word())), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        title: looked.name.clone(),
        back: visit.to(&format!("spaces/{}", looked.space)),
        hint: reader.say("then-ballot"),
        rows: rows(reader, looked),
        pins: Vec::new(),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        note_label: reader.say("row-note"),
        file: None,
        note: fields.words("note"),
        note_needed: false,
        faults,
    }
}

fn rows(reader: Reader, looked: &Looked) -> Vec<Row> {
    let row = |id: &str, value| Row { label: reader.say(id), value, was: None };
    let what = reader.say(&format!("ballot-{}", looked.ballot.what));
    let mut rows = vec![row("ballot", Markup::isolating(&what))];
    let about = looked.ballot.about;
    rows.extend(
        about.map(|party| row("ballot-about", looked.names.of(party).and(&Markup::code(&party.to_string())))),
    );
    rows.push(row("ballot-awaited", looked.names.listed(looked.ballot.awaited.iter().copied())));
    rows
}

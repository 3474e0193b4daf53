//! The private side of a commitment: who of us looks after it, and what we say about it among ourselves.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use node::oplog::ObjectId;
use node::{Node, PRIVATE_NOTE_CHARS_MAX, PersonId, PrivateNote, Role};

use super::{Fault, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::STEP;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// The zone of the times.
const ZONE: &str = "UTC";

struct Note {
    no: i64,
    by: Markup,
    at: Markup,
    text: Markup,
    /// Whether the reader may forget it.
    own: bool,
}

#[derive(Template)]
#[template(path = "page/private.html")]
struct Page {
    frame: Frame,
    back: String,
    title: String,
    assignee: Option<Markup>,
    people: Vec<(PersonId, String, bool)>,
    notes: Vec<Note>,
    typed: String,
    faults: Vec<Fault>,
}

async fn page(visit: &Visit, object: ObjectId, typed: String, faults: Vec<Fault>) -> Result<Page, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let asked = visit.desk.ask(move |node: &mut Node| {
        let may = node.see_desk(&visitor)?;
        let view = node.commitment(object)?;
        let title = terms::title(reader, view.content.as_ref());
        Ok((title, node.desk_of(&may, object)?, node.colleagues(&may)?, node.name().to_owned()))
    });
    let (title, desk, colleagues, party) = asked.await?;
    let own = visit.visitor.person();
    let note = |note: PrivateNote| Note {
        no: note.no,
        by: Markup::name(&note.name),
        at: reader.moment(&note.at_ms, ZONE),
        text: Markup::text(&note.text),
        own: note.by == own.id || own.role == Role::Head,
    };
    let chosen = desk.assignee.as_ref().map(|(id, _)| *id);
    let mut frame = visit.frame(reader.say("private"), party);
    frame.faulty = !faults.is_empty();
    Ok(Page {
        frame,
        back: visit.to(&format!("commitments/{object}")),
        title,
        assignee: desk.assignee.as_ref().map(|(_, name)| Markup::name(name)),
        people: colleagues
            .into_iter()
            .map(|person| (person.id, calm(&person.name), Some(person.id) == chosen))
            .collect(),
        notes: desk.notes.into_iter().map(note).collect(),
        typed,
        faults,
    })
}

/// `GET /{lang}/commitments/{object}/private`
pub(crate) async fn show(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object = object.parse().map_err(|_| Trouble::Missing)?;
    shown(&page(&visit, object, String::new(), Vec::new()).await?)
}

/// `POST /{lang}/commitments/{object}/private`: assigns, notes, or forgets a note.
pub(crate) async fn take(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let (fields, visitor) = (visit.form.clone().unwrap_or_default(), visit.visitor.clone());
    let words = fields.words("note");
    let step = fields.first(STEP).to_owned();
    if step == "note" {
        let count = words.chars().count();
        let reader = visit.reader;
        let text = if count == 0 {
            Some(Markup::isolating(&reader.say("fault-private-empty")))
        } else if count > PRIVATE_NOTE_CHARS_MAX {
            let told = [("count", count.into()), ("most", PRIVATE_NOTE_CHARS_MAX.into())];
            Some(reader.tell("fault-too-long", &told))
        } else {
            None
        };
        if let Some(text) = text {
            let faults = vec![Fault { field: "note", text }];
            return Ok(error::once_more(page(&visit, object, words, faults).await?.render()?));
        }
    }
    let whom = fields.first("person").to_owned();
    let no = i64::try_from(fields.number("no").unwrap_or(0)).unwrap_or(0);
    let done = visit.desk.ask(move |node: &mut Node| {
        let may = node.keep_desk(&visitor)?;
        match step.as_str() {
            "assign" if whom.is_empty() => node.assign(&may, object, None),
            "assign" => {
                let whom = whom.parse()?;
                node.assign(&may, object, Some(whom))
            }
            "note" => node.note_privately(&may, object, &words),
            "forget" => node.forget_private_note(&may, object, no),
            _ => Err(node::NodeError::NoSuch("step")),
        }
    });
    done.await?;
    Ok(Redirect::to(&visit.to(&format!("commitments/{object}/private"))).into_response())
}

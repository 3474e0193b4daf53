//! After the signature: what was signed, its reference, and what happens next.

use agreement::operation::word;
use askama::Template;
use axum::extract::Path;
use axum::response::{Html, IntoResponse as _, Response};
use node::{Node, NodeError};

use super::Row;
use super::entry;
use super::names::Names;
use super::standing::{self, Turn};
use super::{provisions, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// The zone of the times.
const ZONE: &str = "UTC";

/// What the act was about.
struct About {
    title: String,
    to: String,
    turn: Option<Turn>,
    /// When it is due, while something is.
    due: Option<Markup>,
}

#[derive(Template)]
#[template(path = "page/signed.html")]
struct Page {
    frame: Frame,
    /// Whether the form that led here was sent before, filled in differently.
    otherwise: bool,
    done: Markup,
    entry: Markup,
    /// What was signed.
    rows: Vec<Row>,
    about: About,
}

/// `GET /{lang}/signed/{request}`
pub(crate) async fn show(
    visit: Visit,
    Path((_, request)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    Ok(Html(page(&visit, &request, false).await?).into_response())
}

/// The page about what a request was used for.
pub(super) async fn page(visit: &Visit, request: &str, otherwise: bool) -> Result<String, Trouble> {
    let (reader, request) = (visit.reader, request.to_owned());
    let asked = visit.desk.ask(move |node: &mut Node| {
        let (receipt, kind) = node.done_before(&request)?.ok_or(NodeError::NoSuch("request"))?;
        let object = receipt.object.ok_or(NodeError::NoSuch("object"))?;
        let space = node.space_of(object)?;
        let names = Names::of_space(node, space, reader)?;
        let subject = node.subject_of(object)?;
        let about = match node.commitment(subject) {
            Ok(view) => About {
                title: terms::title(reader, view.content.as_ref()),
                to: format!("commitments/{subject}"),
                turn: Some(standing::turn(reader, &names, &view.record)),
                due: (!view.record.is_closed()).then(|| reader.weekday(&view.terms.due.day)),
            },
            Err(NodeError::NoSuch(_)) if word(kind) == "declare" => About {
                title: terms::title(reader, node.declaration(object)?.shown.content.as_ref()),
                to: format!("declarations/{object}"),
                turn: None,
                due: None,
            },
            Err(NodeError::NoSuch(_)) => match node.agreement(object) {
                Ok(view) => About {
                    title: terms::title(reader, view.content.as_ref()),
                    to: format!("agreements/{object}"),
                    turn: Some(provisions::turn(reader, &names, &view)),
                    due: None,
                },
                Err(NodeError::NoSuch(_)) => {
                    let title = calm(&node.space_name(space)?);
                    About { title, to: format!("spaces/{space}"), turn: None, due: None }
                }
                Err(why) => return Err(why),
            },
            Err(why) => return Err(why),
        };
        let (_, signed) = node.entry(receipt.entry)?;
        let step = entry::step(reader, &names, &signed, ZONE);
        Ok((receipt, kind, about, step, node.name().to_owned()))
    });
    let (receipt, kind, about, step, party) = asked.await?;
    let row = |id: &str, value| Row { label: reader.say(id), value, was: None };
    let mut rows = step.texts;
    rows.extend(step.file.map(|(_, size)| row("field-attachment", size)));
    rows.push(row("claimed", step.claimed));
    rows.extend(step.acted.map(|acted| row("acted-for", acted)));
    let said = reader.say(&format!("did-{}", word(kind)));
    let about = About { to: visit.to(&about.to), ..about };
    let done = Markup::name(&party).and(&Markup::isolating(&said));
    let mut frame = visit.frame(reader.say(if otherwise { "signed-otherwise" } else { "signed" }), party);
    frame.faulty = otherwise;
    let entry = Markup::code(&receipt.entry.to_string());
    Ok(Page { frame, otherwise, done, entry, rows, about }.render()?)
}

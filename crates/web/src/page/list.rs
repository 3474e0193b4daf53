//! All commitments of a space, by due day.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::oplog::SpaceId;

use super::names::Names;
use super::standing::{self, Status};
use super::{shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// How many lines a page has.
const LINES: usize = 50;

struct Line {
    to: String,
    title: String,
    debtor: Markup,
    due: Markup,
    status: Status,
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct Page {
    frame: Frame,
    space: SpaceId,
    name: String,
    lines: Vec<Line>,
    /// Whether it is not the first page.
    began: bool,
    /// Where the next page begins.
    after: Option<(i64, i64)>,
}

/// `GET /{lang}/spaces/{space}/commitments?after=…`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let place = visit.query.first("after").split_once('.');
    let from = place.and_then(|(due, no)| Some((due.parse().ok()?, no.parse().ok()?)));
    let asked = visit.desk.ask(move |node| {
        let names = Names::of_parties(node, space, reader)?;
        let name = node.space_name(space)?;
        let (lines, after) = node.commitments_after(space, from, LINES)?;
        let mut rows = Vec::new();
        for row in lines {
            let texts = node.texts(space, row.id)?;
            rows.push((row, terms::title(reader, texts.as_ref())));
        }
        Ok((rows, after, names, name, node.name().to_owned()))
    });
    let (rows, after, names, name, party) = asked.await?;
    let line = |(row, title): (node::ask::Line, String)| Line {
        to: format!("/{}/commitments/{}", reader.lang.code(), row.id),
        title,
        debtor: names.of(row.debtor),
        due: reader.day(&row.due),
        status: standing::status(reader, row.phase),
    };
    let lines = rows.into_iter().map(line).collect();
    let frame = visit.frame(reader.say("commitments"), party);
    shown(&Page { frame, space, name: calm(&name), lines, began: from.is_some(), after })
}

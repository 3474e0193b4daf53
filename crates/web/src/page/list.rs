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
    before: Option<usize>,
    after: Option<usize>,
}

/// `GET /{lang}/spaces/{space}/commitments?from=50`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let from = usize::try_from(visit.query.number("from").unwrap_or(0)).unwrap_or(0);
    let asked = visit.desk.ask(move |node| {
        let names = Names::of_space(node, space, reader)?;
        let name = node.space(space)?.name;
        let mut rows = Vec::new();
        for row in node.commitments(space, from, LINES + 1)? {
            let texts = node.texts(space, row.id)?;
            rows.push((row, terms::title(reader, texts.as_ref())));
        }
        Ok((rows, names, name, node.name().to_owned()))
    });
    let (rows, names, name, party) = asked.await?;
    let after = (rows.len() > LINES).then(|| from.saturating_add(LINES));
    let line = |(row, title): (node::ask::Line, String)| Line {
        to: format!("/{}/commitments/{}", reader.lang.code(), row.id),
        title,
        debtor: names.of(row.debtor),
        due: reader.day(&row.due),
        status: standing::status(reader, row.phase),
    };
    let lines = rows.into_iter().take(LINES).map(line).collect();
    let before = (from > 0).then(|| from.saturating_sub(LINES));
    let frame = visit.frame(reader.say("commitments"), party);
    shown(&Page { frame, space, name: calm(&name), lines, before, after })
}

//! All agreements of a space, the newest first.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::ask::AgreementLine;
use node::oplog::SpaceId;

use super::standing::Status;
use super::{provisions, shown, terms};
use crate::error::Trouble;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// How many lines a page has.
const LINES: usize = 50;

struct Line {
    to: String,
    title: String,
    status: Status,
}

#[derive(Template)]
#[template(path = "page/agreements.html")]
struct Page {
    frame: Frame,
    space: SpaceId,
    name: String,
    lines: Vec<Line>,
    before: Option<usize>,
    after: Option<usize>,
}

/// `GET /{lang}/spaces/{space}/agreements?from=50`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let from = usize::try_from(visit.query.number("from").unwrap_or(0)).unwrap_or(0);
    let asked = visit.desk.ask(move |node| {
        let name = node.space(space)?.name;
        let mut rows = Vec::new();
        for row in node.agreements(space, from, LINES + 1)? {
            let texts = node.texts(space, row.id)?;
            rows.push((row, terms::title(reader, texts.as_ref())));
        }
        Ok((rows, name, node.name().to_owned()))
    });
    let (rows, name, party) = asked.await?;
    let after = (rows.len() > LINES).then(|| from.saturating_add(LINES));
    let line = |(row, title): (AgreementLine, String)| Line {
        to: format!("/{}/agreements/{}", reader.lang.code(), row.id),
        title,
        status: provisions::status(reader, row.phase),
    };
    let lines = rows.into_iter().take(LINES).map(line).collect();
    let before = (from > 0).then(|| from.saturating_sub(LINES));
    let frame = visit.frame(reader.say("agreements"), party);
    shown(&Page { frame, space, name: calm(&name), lines, before, after })
}

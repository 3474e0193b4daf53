//! Every entry of a space in the order of arrival, and why a refused one was refused.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::oplog::SpaceId;

use super::entry::{self, Step};
use super::names::Names;
use super::shown;
use crate::error::Trouble;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// How many entries a page has.
const ENTRIES: usize = 50;
/// The zone of the times: the log is of all parties.
const ZONE: &str = "UTC";

#[derive(Template)]
#[template(path = "page/log.html")]
struct Page {
    frame: Frame,
    space: SpaceId,
    name: String,
    steps: Vec<Step>,
    after: Option<i64>,
    began: bool,
}

/// `GET /{lang}/spaces/{space}/log?after=50`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let from = i64::try_from(visit.query.number("after").unwrap_or(0)).unwrap_or(0);
    let asked = visit.desk.ask(move |node| {
        let names = Names::of_space(node, space, reader)?;
        let name = node.space(space)?.name;
        Ok((node.log(space, from, ENTRIES + 1)?, names, name, node.name().to_owned()))
    });
    let (mut entries, names, name, party) = asked.await?;
    let more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let after = entries.last().filter(|_| more).map(|entry| entry.n);
    let steps = entries.iter().map(|entry| entry::step(reader, &names, entry, ZONE)).collect();
    shown(&Page {
        frame: visit.frame(reader.say("log"), party),
        space,
        name: calm(&name),
        steps,
        after,
        began: from > 0,
    })
}

//! Terms that were typed and not signed: kept on the private desk, found again, gone on with.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use node::oplog::{ObjectId, SpaceId};
use node::{Draft, DraftView, Node, Unkept};

use super::{Fault, shown};
use crate::error::Trouble;
use crate::fields::{DRAFT, Fields};
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// The zone of the times.
const ZONE: &str = "UTC";

struct Line {
    id: String,
    to: String,
    title: String,
    what: String,
    space: String,
    by: Markup,
    at: Markup,
}

#[derive(Template)]
#[template(path = "page/drafts.html")]
struct Page {
    frame: Frame,
    lines: Vec<Line>,
    kept: bool,
}

/// `GET /{lang}/drafts`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let asked = visit.desk.ask(move |node: &mut Node| {
        let drafts = node.drafts(&node.keep_desk(&visitor)?)?;
        let spaces: std::collections::BTreeMap<_, _> = node
            .space_ids()
            .into_iter()
            .map(|id| Ok((id, node.space(id)?.name)))
            .collect::<node::Result<_>>()?;
        Ok((drafts, spaces, node.name().to_owned()))
    });
    let (drafts, spaces, party) = asked.await?;
    let line = |view: DraftView| {
        let fields = Fields::read(view.draft.fields.as_bytes());
        let titles = [format!("title-{}", reader.lang.code()), "title-en".to_owned(), "title-fa".to_owned()];
        let title = titles.iter().map(|name| fields.words(name)).find(|title| !title.is_empty());
        let (space, kind) = (view.draft.space, &view.draft.kind);
        let to = match view.draft.object {
            Some(object) => format!("commitments/{object}/terms/{kind}"),
            None => format!("spaces/{space}/offer"),
        };
        Line {
            to: visit.to(&format!("{to}?draft={}", view.id)),
            id: view.id,
            title: title.map_or_else(|| reader.say("untitled"), |title| calm(&title)),
            what: reader.say(&format!("do-{kind}")),
            space: spaces.get(&space).map(|name| calm(name)).unwrap_or_default(),
            by: Markup::name(&view.name),
            at: reader.moment(&view.at_ms, ZONE),
        }
    };
    let lines = drafts.into_iter().map(line).collect();
    let kept = visit.query.first("kept") == "1";
    shown(&Page { frame: visit.frame(reader.say("drafts"), party), lines, kept })
}

/// `POST /{lang}/drafts/{draft}/end`
pub(crate) async fn end(visit: Visit, Path((_, draft)): Path<(String, String)>) -> Result<Response, Trouble> {
    let visitor = visit.visitor.clone();
    let ended = visit.desk.ask(move |node: &mut Node| {
        let may = node.keep_desk(&visitor)?;
        node.forget_draft(&may, &draft)
    });
    ended.await?;
    Ok(Redirect::to(&visit.to("drafts")).into_response())
}

/// Keeps a form as a draft and leads to all of them; or says what is wrong with that.
pub(super) async fn keep(
    visit: &Visit,
    (space, object): (SpaceId, Option<ObjectId>),
    kind: &str,
    fields: &Fields,
) -> Result<Result<Response, Fault>, Trouble> {
    let visitor = visit.visitor.clone();
    let before = Some(fields.first(DRAFT).to_owned()).filter(|id| !id.is_empty());
    let draft = Draft { space, object, kind: kind.to_owned(), fields: fields.written() };
    let kept = visit.desk.ask(move |node: &mut Node| {
        let may = node.keep_desk(&visitor)?;
        node.keep_draft(&may, before.as_deref(), draft)
    });
    let id = match kept.await? {
        Ok(_) => return Ok(Ok(Redirect::to(&visit.to("drafts?kept=1")).into_response())),
        Err(Unkept::TooLong) => "fault-draft-long",
        Err(Unkept::TooMany) => "fault-drafts-many",
    };
    Ok(Err(Fault { field: "deliverable", text: Markup::isolating(&visit.reader.say(id)) }))
}

/// The form of the draft that an address names, if it names one of this space and commitment.
pub(super) async fn kept(
    visit: &Visit,
    space: SpaceId,
    object: Option<ObjectId>,
) -> Result<Option<Fields>, Trouble> {
    let id = visit.query.first(DRAFT).to_owned();
    if id.is_empty() {
        return Ok(None);
    }
    let (visitor, asked) = (visit.visitor.clone(), id.clone());
    let found = visit.desk.ask(move |node: &mut Node| node.draft(&node.keep_desk(&visitor)?, &asked)).await?;
    if (found.space, found.object) != (space, object) {
        return Err(Trouble::Missing);
    }
    let mut fields = Fields::read(found.fields.as_bytes());
    fields.set(DRAFT, &id);
    Ok(Some(fields))
}

/// Forgets the draft that a form went on with, after it was signed.
pub(super) async fn forget(visit: &Visit, fields: &Fields) -> Result<(), Trouble> {
    let id = fields.first(DRAFT).to_owned();
    if id.is_empty() {
        return Ok(());
    }
    let visitor = visit.visitor.clone();
    let forgotten = visit.desk.ask(move |node: &mut Node| {
        let may = node.keep_desk(&visitor)?;
        node.forget_draft(&may, &id)
    });
    forgotten.await
}

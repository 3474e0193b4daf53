//! Search: commitments by words of their titles, texts, parties and comments.

use agreement::FieldTag;
use askama::Template;
use axum::response::Response;
use node::ask::Hit;
use node::{Node, QUESTION_LETTERS_MAX};

use super::entry::field_id;
use super::names::Names;
use super::standing::{self, Status};
use super::{shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// How many rows a page has.
const ROWS: usize = 20;

struct Row {
    to: String,
    title: String,
    /// What kind of text says why it was found, and what that says.
    excerpt: Option<(String, Markup)>,
    debtor: Markup,
    due: Markup,
    space: String,
    status: Status,
}

#[derive(Template)]
#[template(path = "page/search.html")]
struct Page {
    frame: Frame,
    question: String,
    rows: Vec<Row>,
    /// Where the next page is.
    more: Option<String>,
    unread: bool,
    asked: bool,
}

/// `GET /{lang}/search?q=…&before=…`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let reader = visit.reader;
    let question: String = visit.query.words("q").chars().take(QUESTION_LETTERS_MAX).collect();
    let before = visit.query.number("before").and_then(|before| i64::try_from(before).ok());
    let sought = question.clone();
    let found = visit.desk.ask(move |node: &mut Node| {
        let found = node.find(&sought, before, ROWS)?;
        let mut spaces = std::collections::BTreeMap::new();
        let mut rows = Vec::new();
        for hit in found.hits {
            let space = hit.line.space;
            if let std::collections::btree_map::Entry::Vacant(place) = spaces.entry(space) {
                place.insert((node.space_name(space)?, Names::of_parties(node, space, reader)?));
            }
            if let Some((name, names)) = spaces.get(&space) {
                rows.push(row(names, name, hit));
            }
        }
        Ok((rows, found.more, found.unread, node.name().to_owned()))
    });
    let (rows, more, unread, party) = found.await?;
    let more = more.map(|before| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &question).append_pair("before", &before.to_string());
        visit.to(&format!("search?{}", query.finish()))
    });
    let asked = !question.is_empty();
    shown(&Page { frame: visit.frame(reader.say("search"), party), question, rows, more, unread, asked })
}

fn row(names: &Names, space: &str, hit: Hit) -> Row {
    let reader = names.reader();
    let said = |(tag, words): (FieldTag, String)| (reader.say(field_id(tag)), Markup::text(&words));
    Row {
        to: format!("/{}/commitments/{}", reader.lang.code(), hit.line.id),
        title: terms::title(reader, hit.content.as_ref()),
        excerpt: hit.excerpt.map(said),
        debtor: names.of(hit.line.debtor),
        due: reader.day(&hit.line.due),
        space: calm(space),
        status: standing::status(reader, hit.line.phase),
    }
}

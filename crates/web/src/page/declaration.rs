//! A capability or need: what its author says, evidence and comments beside it, and its versions.

use agreement::{Content, FieldTag};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::DeclarationView;
use node::oplog::ObjectId;

use super::entry::{self, Step};
use super::names::Names;
use super::{Row, field, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the times: the space is of all parties.
const ZONE: &str = "UTC";

/// One thing that our party can do.
struct Choice {
    to: String,
    words: String,
    hint: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "page/declaration.html")]
struct Page {
    frame: Frame,
    id: Markup,
    register: String,
    space_name: String,
    sort: String,
    class: &'static str,
    author: Markup,
    withdrawn: bool,
    missing: bool,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    notes: Vec<Step>,
    steps: Vec<Step>,
}

/// `GET /{lang}/declarations/{object}`
pub(crate) async fn show(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.declaration(object)?;
        let names = Names::of_space(node, view.space, reader)?;
        let space = node.space(view.space)?;
        Ok((view, names, space.name, node.name().to_owned()))
    });
    let (view, names, space_name, party) = asked.await?;
    let step = |entry| entry::step(reader, &names, entry, ZONE);
    let page = Page {
        id: Markup::id(object),
        register: visit.to(&format!("spaces/{}/capabilities", view.space)),
        space_name: calm(&space_name),
        sort: reader.say(&format!("sort-{}", view.record.sort.name())),
        class: view.record.sort.name(),
        author: names.of(view.shown.party),
        withdrawn: view.record.withdrawn,
        missing: view.shown.content.is_none(),
        rows: texts(reader, view.shown.content.as_ref(), None),
        choices: choices(&visit, &view),
        notes: view.notes.iter().map(step).collect(),
        steps: view.thread.iter().map(step).collect(),
        frame: visit.frame(terms::title(reader, view.shown.content.as_ref()), party),
    };
    shown(&page)
}

fn choices(visit: &Visit, view: &DeclarationView) -> Vec<Choice> {
    let choice = |verb: &str, words: &str, hint: &str, class| Choice {
        to: visit.to(&format!("declarations/{}/{verb}", view.shown.id)),
        words: visit.reader.say(words),
        hint: visit.reader.say(hint),
        class,
    };
    if !view.open {
        Vec::new()
    } else if view.record.withdrawn {
        vec![choice("correct", "do-declare-again", "hint-declare-again", "")]
    } else {
        vec![
            choice("correct", "do-correct", "hint-correct", ""),
            choice("withdraw", "do-withdraw", "hint-withdraw", "grave"),
        ]
    }
}

/// The words of a declaration as rows; where `old` says something else, with what it says.
pub(super) fn texts(reader: Reader, now: Option<&Content>, old: Option<&Content>) -> Vec<Row> {
    let text = |content: Option<&Content>, tag| {
        let fields = content.map(|content| content.fields.as_slice()).unwrap_or_default();
        let mut texts = fields.iter().filter(|field| field.tag == tag).map(|held| {
            if tag == FieldTag::FieldCode {
                field::shown(reader, &held.text)
            } else {
                Markup::text(&held.text)
            }
        });
        let first = texts.next()?;
        Some(texts.fold(first, |all, text| all.and(&text)))
    };
    let none = Markup::isolating(&reader.say("nothing-said"));
    let parts = [
        ("row-title", FieldTag::Title),
        ("row-field", FieldTag::FieldCode),
        ("row-description", FieldTag::Description),
        ("row-achievement", FieldTag::Achievement),
        ("row-reason", FieldTag::Reason),
    ];
    let row = |(label, tag): (&str, FieldTag)| {
        let (value, before) = (text(now, tag), text(old, tag));
        let differs = old.is_some() && tag != FieldTag::Reason && value != before;
        let was = differs.then(|| before.unwrap_or_else(|| none.clone()));
        let value = if was.is_some() { Some(value.unwrap_or_else(|| none.clone())) } else { value };
        value.map(|value| Row { label: reader.say(label), value, was })
    };
    parts.into_iter().filter_map(row).collect()
}

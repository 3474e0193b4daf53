//! What the parties of a space can do and what they lack, by field.

use agreement::{FieldCode, Sort};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::{Declared, Register};
use node::oplog::{PartyId, SpaceId};

use super::names::Names;
use super::{field, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// How many lines a page has.
const LINES: usize = 50;

struct Line {
    to: String,
    title: String,
    party: Markup,
    field: Option<Markup>,
    sort: String,
    class: &'static str,
    withdrawn: bool,
}

#[derive(Template)]
#[template(path = "page/register.html")]
struct Page {
    frame: Frame,
    space: SpaceId,
    name: String,
    lines: Vec<Line>,
    parties: Vec<(String, String, bool)>,
    sorts: Vec<(&'static str, String, bool)>,
    groups: Vec<field::Group>,
    filtered: bool,
    before: Option<String>,
    after: Option<String>,
}

/// `GET /{lang}/spaces/{space}/capabilities?party=…&sort=need&field=2.3&from=50`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let from = usize::try_from(visit.query.number("from").unwrap_or(0)).unwrap_or(0);
    let wanted = Register {
        party: visit.query.first("party").parse().ok(),
        sort: Sort::of_name(visit.query.first("sort")),
        field: FieldCode::of_code(visit.query.first("field")),
    };
    let asked = visit.desk.ask(move |node: &mut Node| {
        let names = Names::of_space(node, space, reader)?;
        let view = node.space(space)?;
        let rows = node.register(space, &wanted, from, LINES + 1)?;
        Ok((rows, names, view, node.name().to_owned()))
    });
    let (rows, names, view, party) = asked.await?;
    let to = |from: usize| visit.to(&format!("spaces/{space}/capabilities?{}from={from}", kept(&wanted)));
    let page = Page {
        space,
        name: calm(&view.name),
        after: (rows.len() > LINES).then(|| to(from.saturating_add(LINES))),
        before: (from > 0).then(|| to(from.saturating_sub(LINES))),
        lines: rows.iter().take(LINES).map(|row| line(&visit, &names, row)).collect(),
        parties: view
            .parties
            .iter()
            .map(|party| (party.id.to_string(), names.plain(party.id), wanted.party == Some(party.id)))
            .collect(),
        sorts: Sort::ALL
            .map(|(sort, word)| (word, reader.say(&format!("sort-{word}")), wanted.sort == Some(sort)))
            .into(),
        groups: field::groups(reader, wanted.field.map_or("", FieldCode::code)),
        filtered: wanted != Register::default(),
        frame: visit.frame(reader.say("register"), party),
    };
    shown(&page)
}

fn line(visit: &Visit, names: &Names, row: &Declared) -> Line {
    let reader = visit.reader;
    Line {
        to: visit.to(&format!("declarations/{}", row.id)),
        title: terms::title(reader, row.content.as_ref()),
        party: names.of(row.party),
        field: row.field.map(|field| field::shown(reader, field.code())),
        sort: reader.say(&format!("sort-{}", row.sort.name())),
        class: row.sort.name(),
        withdrawn: row.withdrawn,
    }
}

/// What is asked for, for the address of another page of it.
fn kept(wanted: &Register) -> String {
    let party = wanted.party.map(|party: PartyId| format!("party={party}&"));
    let sort = wanted.sort.map(|sort| format!("sort={}&", sort.name()));
    let field = wanted.field.map(|field| format!("field={}&", field.code()));
    [party, sort, field].into_iter().flatten().collect()
}

//! What our party can do and others lack, and the other way round; and the offer that a match begins.

use agreement::{FieldTag, Sort};
use askama::Template;
use axum::response::Response;
use node::Node;
use node::ask::{Declared, Matches};
use node::oplog::{ObjectId, PartyId, SpaceId};

use super::names::Names;
use super::{field, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::{self, calm};
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// How many matches, and how many without one, a page shows of one space.
const LINES: usize = 50;

struct Side {
    to: String,
    title: String,
    party: Markup,
    field: Option<Markup>,
    sort: String,
    class: &'static str,
}

struct Pair {
    need: Side,
    capability: Side,
    why: Markup,
    gain: Markup,
    offer: String,
}

struct Space {
    id: SpaceId,
    name: String,
    pairs: Vec<Pair>,
    alone: Vec<Side>,
    cut: bool,
}

#[derive(Template)]
#[template(path = "page/matches.html")]
struct Page {
    frame: Frame,
    spaces: Vec<Space>,
}

/// `GET /{lang}/matches`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let mut found = Vec::new();
        for space in node.space_ids() {
            let matches = node.matches(space)?;
            if !matches.met.is_empty() || !matches.unmet.is_empty() {
                let names = Names::of_space(node, space, reader)?;
                found.push((space, calm(&node.space(space)?.name), names, matches));
            }
        }
        Ok((found, node.name().to_owned()))
    });
    let (found, party) = asked.await?;
    let of = |(id, name, names, matches)| space(&visit, id, name, &names, &matches);
    let spaces = found.into_iter().map(of).collect();
    shown(&Page { spaces, frame: visit.frame(reader.say("matches"), party) })
}

fn space(visit: &Visit, id: SpaceId, name: String, names: &Names, matches: &Matches) -> Space {
    let reader = visit.reader;
    let pairs = matches.met.iter().take(LINES).map(|one| {
        let parties = [
            ("debtor", names.plain(one.capability.party).into()),
            ("creditor", names.plain(one.need.party).into()),
        ];
        let named =
            |declared: &Declared| declared.field.map_or_else(String::new, |of| field::name(reader, of));
        let why = if one.exact {
            reader.named("match-exact", &named(&one.need))
        } else {
            let told = [("need", named(&one.need).into()), ("capability", named(&one.capability).into())];
            reader.tell("match-within", &told)
        };
        Pair {
            need: side(visit, names, &one.need),
            capability: side(visit, names, &one.capability),
            why,
            gain: reader.tell("match-gain", &parties),
            offer: visit
                .to(&format!("spaces/{id}/offer?capability={}&need={}", one.capability.id, one.need.id)),
        }
    });
    Space {
        id,
        name,
        pairs: pairs.collect(),
        alone: matches.unmet.iter().take(LINES).map(|one| side(visit, names, one)).collect(),
        cut: matches.cut || matches.met.len() > LINES || matches.unmet.len() > LINES,
    }
}

fn side(visit: &Visit, names: &Names, declared: &Declared) -> Side {
    let reader = visit.reader;
    Side {
        to: visit.to(&format!("declarations/{}", declared.id)),
        title: terms::title(reader, declared.content.as_ref()),
        party: names.of(declared.party),
        field: declared.field.map(|of| field::shown(reader, of.code())),
        sort: reader.say(&format!("sort-{}", declared.sort.name())),
        class: declared.sort.name(),
    }
}

/// What an offer from a match begins with.
pub(super) struct Beginning {
    pub(super) texts: Vec<(&'static str, String)>,
    pub(super) debtor: PartyId,
    pub(super) creditor: PartyId,
}

/// The offer that a capability and a need of two parties of one space begin.
///
/// # Errors
/// One of them is not there, in another space, of the other sort, or taken back; or both are of one party.
pub(super) fn beginning(
    node: &mut Node,
    reader: Reader,
    space: SpaceId,
    (capability, need): (ObjectId, ObjectId),
) -> node::Result<Option<Beginning>> {
    let (can, lacks) = (node.declaration(capability)?, node.declaration(need)?);
    let fits = can.space == space
        && lacks.space == space
        && (can.record.sort, lacks.record.sort) == (Sort::Capability, Sort::Need)
        && can.shown.party != lacks.shown.party
        && !can.record.withdrawn
        && !lacks.record.withdrawn;
    if !fits {
        return Ok(None);
    }
    let exact = |tag, language: &str| {
        let fields = lacks.shown.content.iter().flat_map(|content| &content.fields);
        let mut fields = fields.filter(|field| field.tag == tag);
        fields.find(|field| field.language == language).map(|field| field.text.clone()).unwrap_or_default()
    };
    // Of two fields the one within the other says more.
    let fields = [lacks.shown.field, can.shown.field];
    let narrow = fields.into_iter().flatten().max_by_key(|field| !field.is_group());
    let title = |content| terms::title(reader, content);
    let told = [
        ("need", title(lacks.shown.content.as_ref()).into()),
        ("needid", need.to_string().into()),
        ("capability", title(can.shown.content.as_ref()).into()),
        ("capabilityid", capability.to_string().into()),
    ];
    let cited = calm(&messages::text(reader.lang, "match-cited", &told));
    let mut titles =
        vec![("title-en", exact(FieldTag::Title, "en")), ("title-fa", exact(FieldTag::Title, "fa"))];
    if titles.iter().all(|(_, text)| text.is_empty()) {
        titles[0].1 = title(lacks.shown.content.as_ref());
    }
    titles.extend([
        ("field", narrow.map(|field| field.code().to_owned()).unwrap_or_default()),
        ("deliverable", exact(FieldTag::Description, "")),
        ("reason", cited),
    ]);
    Ok(Some(Beginning { texts: titles, debtor: can.shown.party, creditor: lacks.shown.party }))
}

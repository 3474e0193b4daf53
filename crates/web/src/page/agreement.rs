//! An agreement: its clauses in their languages with the commitments under each, who has signed, who blocks, what is open.

use agreement::{AgreementPhase, Content, FieldTag, wording};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::agreement::Operation;
use node::ask::{AgreementOffer, AgreementView, Leaving, Line, Move};
use node::oplog::ObjectId;

use super::entry::{self, Step};
use super::names::Names;
use super::provisions::{self, Signatures};
use super::standing::{self, Status, Turn};
use super::{Choice, Row, pins, shown, terms};
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the times in the thread: an agreement has none of its own.
const ZONE: &str = "UTC";

/// A text in one language.
struct Worded {
    code: String,
    language: String,
    heading: String,
    text: Markup,
}

/// A commitment under a clause.
struct Under {
    to: String,
    title: String,
    debtor: Markup,
    due: Markup,
    status: Status,
}

struct Clause {
    label: Markup,
    anchor: u64,
    texts: Vec<Worded>,
    under: Vec<Under>,
    /// Whether nothing came of it.
    bare: bool,
    /// Where a commitment under it is offered, when it is in force.
    offer: Option<String>,
}

struct OnTable {
    by: Markup,
    hash: Markup,
    misfits: bool,
    rows: Vec<Row>,
    signatures: Option<Signatures>,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "page/agreement.html")]
struct Page {
    frame: Frame,
    id: Markup,
    space: String,
    space_name: String,
    status: Status,
    turn: Turn,
    in_force: bool,
    rows: Vec<Row>,
    signatures: Option<Signatures>,
    hash: Markup,
    leaving: Vec<Markup>,
    table: Vec<OnTable>,
    choices: Vec<Choice>,
    /// Addresses that show the text in one language, with the name of each; the first shows all.
    switches: Vec<(String, String, bool)>,
    preamble: Vec<Worded>,
    clauses: Vec<Clause>,
    bare: Option<Markup>,
    unwilling: Option<Markup>,
    steps: Vec<Step>,
}

/// `GET /{lang}/agreements/{object}?text=fa`
pub(crate) async fn show(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.agreement(object)?;
        let names = Names::of_space(node, view.space, reader)?;
        let space = node.space(view.space)?;
        Ok((view, names, space.name, space.will_not_sign, node.name().to_owned()))
    });
    let (view, names, space_name, unwilling, party) = asked.await?;
    let only = visit.query.first("text").to_owned();
    let stated = (&view.text.terms, view.content.as_ref());
    let in_force = view.record.in_force().is_some();
    // The clauses stand below, in full.
    let head = provisions::rows(reader, &names, stated, Some(stated));
    let page = Page {
        id: Markup::id(view.id),
        space: visit.to(&format!("spaces/{}", view.space)),
        space_name: calm(&space_name),
        status: provisions::status(reader, view.phase),
        turn: provisions::turn(reader, &names, &view),
        in_force,
        rows: head,
        signatures: provisions::signatures(&names, &view, view.text.hash),
        hash: Markup::id(view.text.hash),
        leaving: view.leaving.iter().map(|left| leaving(reader, &names, left)).collect(),
        table: view.offered.iter().map(|offer| on_table(reader, &names, &view, offer)).collect(),
        choices: choices(reader, &view),
        switches: switches(reader, &view, &only),
        preamble: worded(reader, view.content.as_ref(), None, &only),
        clauses: clauses(reader, &names, &view, &only),
        bare: bare(reader, &view),
        unwilling: unwilling.map(|why| crate::refusal::unwilling(reader, &why)),
        steps: view.thread.iter().map(|entry| entry::step(reader, &names, entry, ZONE)).collect(),
        frame: visit.frame(terms::title(reader, view.content.as_ref()), party),
    };
    shown(&page)
}

fn leaving(reader: Reader, names: &Names, left: &Leaving) -> Markup {
    let party = names.plain(left.party);
    match (left.received, left.ends()) {
        (Some((by, received)), Some(ends)) => {
            let by = names.plain(by);
            let told = [("party", party.as_str().into()), ("by", by.as_str().into())];
            let dates = reader.day(&received).and(&Markup::isolating(&reader.say("leaving-until")));
            reader.tell("leaving-received", &told).and(&dates).and(&reader.day(&ends))
        }
        _ => reader.tell("leaving-unseen", &[("party", party.as_str().into())]),
    }
}

/// The headings and texts under a number, of one language or of all.
fn worded(reader: Reader, content: Option<&Content>, number: Option<u64>, only: &str) -> Vec<Worded> {
    let Some(content) = content else { return Vec::new() };
    let parts = content.parts();
    let fields = parts.get(&number).map(Vec::as_slice).unwrap_or_default();
    let shown = |code: &&str| only.is_empty() || *code == only;
    let mut texts = Vec::new();
    for code in wording::languages(content).into_iter().filter(shown) {
        let of = |tag| {
            let found = fields.iter().find(|field| field.tag == tag && field.language == code);
            found.map(|field| field.text.as_str())
        };
        let (heading, text) = (of(FieldTag::Heading), of(FieldTag::Text));
        if heading.is_some() || text.is_some_and(|text| !text.is_empty()) {
            texts.push(Worded {
                code: code.to_owned(),
                language: provisions::language(reader, code),
                heading: calm(heading.unwrap_or_default()),
                text: Markup::text(text.unwrap_or_default()),
            });
        }
    }
    texts
}

fn switches(reader: Reader, view: &AgreementView, only: &str) -> Vec<(String, String, bool)> {
    let codes = view.content.as_ref().map(wording::languages).unwrap_or_default();
    if codes.len() < 2 {
        return Vec::new();
    }
    let here = format!("/{}/agreements/{}", reader.lang.code(), view.id);
    let all = (here.clone(), reader.say("all-languages"), only.is_empty());
    // What stands in an address is a code and nothing else.
    let sound = |code: &&str| code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let one = |code: &str| (format!("{here}?text={code}"), provisions::language(reader, code), code == only);
    [all].into_iter().chain(codes.into_iter().filter(sound).map(one)).collect()
}

fn clauses(reader: Reader, names: &Names, view: &AgreementView, only: &str) -> Vec<Clause> {
    let bare = view.bare();
    let binds = view.phase == AgreementPhase::InForce;
    let under = |line: &Line| Under {
        to: format!("/{}/commitments/{}", reader.lang.code(), line.id),
        title: if line.title.is_empty() { reader.say("untitled") } else { calm(&line.title) },
        debtor: names.of(line.debtor),
        due: reader.day(&line.due),
        status: standing::status(reader, line.phase),
    };
    let one = |number: &u64| Clause {
        label: reader.tell("clause-number", &[("number", reader.number(number).into())]),
        anchor: *number,
        texts: worded(reader, view.content.as_ref(), Some(*number), only),
        under: view.commitments.get(number).into_iter().flatten().map(under).collect(),
        bare: view.record.in_force().is_some() && bare.contains(number),
        offer: binds.then(|| {
            format!("/{}/spaces/{}/offer?clause={}:{number}", reader.lang.code(), view.space, view.id)
        }),
    };
    view.text.terms.clauses.iter().map(one).collect()
}

/// The clauses in force that led to nothing, as one sentence.
fn bare(reader: Reader, view: &AgreementView) -> Option<Markup> {
    let bare = view.bare();
    if view.phase != AgreementPhase::InForce || bare.is_empty() {
        return None;
    }
    let numbers: Vec<_> = bare.iter().map(|number| reader.number(number)).collect();
    let numbers = numbers.join(&reader.say("list-comma"));
    Some(reader.tell("clauses-bare", &[("count", bare.len().into()), ("numbers", numbers.as_str().into())]))
}

fn on_table(reader: Reader, names: &Names, view: &AgreementView, offer: &AgreementOffer) -> OnTable {
    let held = view.record.in_force().map(|_| (&view.text.terms, view.content.as_ref()));
    let hash = offer.offered.hash;
    let accepts =
        |step: &&Move| matches!(&step.operation, Some(Operation::Accept(accept)) if accept.terms == hash);
    OnTable {
        by: names.of(offer.offered.by),
        hash: Markup::id(hash),
        misfits: offer.misfits,
        rows: provisions::rows(reader, names, (&offer.offered.terms, offer.content.as_ref()), held),
        signatures: provisions::signatures(names, view, hash),
        choices: view.moves.iter().filter(accepts).filter_map(|step| choice(reader, view, step)).collect(),
    }
}

/// What our party can do, apart from signing what is on the table, which stands beside it.
fn choices(reader: Reader, view: &AgreementView) -> Vec<Choice> {
    let mut choices = Vec::new();
    for step in view.moves.iter().filter(|step| step.word != "accept") {
        match step.word {
            "counter" | "amend" => choices.push(terms_choice(reader, view, step.word)),
            "offer" => choices.push(terms_choice(reader, view, "amend")),
            _ => choices.extend(choice(reader, view, step)),
        }
    }
    choices
}

fn terms_choice(reader: Reader, view: &AgreementView, kind: &str) -> Choice {
    Choice {
        to: format!("/{}/agreements/{}/terms/{kind}", reader.lang.code(), view.id),
        words: reader.say(&format!("do-agreement-{kind}")),
        hint: reader.say(&format!("hint-agreement-{kind}")),
        class: "",
    }
}

/// A step that is ready but for a note, as a link to its form.
fn choice(reader: Reader, view: &AgreementView, step: &Move) -> Option<Choice> {
    let pins = match (&step.operation, step.word) {
        (Some(operation), _) => pins::of(operation),
        (None, "terminate") => {
            let held = view.record.in_force()?;
            vec![("slot", view.record.ballot.slots.len().to_string()), ("held", held.hash.to_string())]
        }
        (None, _) => return None,
    };
    let class = match step.word {
        "accept" => "first",
        "terminate" | "withdraw" => "grave",
        _ => "",
    };
    Some(Choice {
        to: format!("/{}/agreements/{}/{}?{}", reader.lang.code(), view.id, step.word, pins::query(&pins)),
        words: reader.say(&format!("do-agreement-{}", step.word)),
        hint: reader.say(&format!("hint-agreement-{}", step.word)),
        class,
    })
}

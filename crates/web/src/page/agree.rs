//! A text of one's own: a new agreement, another text in answer to an offer, or an amendment of what is in force.

use agreement::operation::{Counter, Offer};
use agreement::{AgreementTerms, Content, Operation, Terms};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::AgreementView;
use node::oplog::{ObjectId, PartyId, SpaceId, TermsHash};

use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::text_draft::{Base, Draft, Kind};
use super::{Fault, provisions, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// A party that can be named.
struct Named {
    id: String,
    name: Markup,
    chosen: bool,
}

/// A language with what stands in its fields.
struct Block {
    code: &'static str,
    name: String,
    title_field: &'static str,
    text_field: &'static str,
    title: String,
    text: String,
    /// Whether it is unfolded: it has words, or it is the reader's own.
    open: bool,
}

#[derive(Template)]
#[template(path = "page/agree.html")]
struct Form {
    frame: Frame,
    kind: Kind,
    hint: String,
    back: String,
    about: String,
    pins: Vec<(&'static str, String)>,
    request: String,
    draft: Draft,
    blocks: Vec<Block>,
    parties: Vec<Named>,
    faults: Vec<Fault>,
}

impl Form {
    fn fault(&self, field: &str) -> Option<&Markup> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| &fault.text)
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.fault(field).is_some()
    }

    fn withdrawals(&self) -> Vec<(&'static str, String, bool)> {
        let one = |word: &'static str| {
            let words = self.frame.reader.say(&format!("withdrawal-{word}"));
            (word, words, self.draft.withdrawal == word)
        };
        ["notice", "consent", "never"].map(one).into()
    }
}

/// What a text is made from.
struct Looked {
    space: SpaceId,
    object: Option<ObjectId>,
    slot: u64,
    pins: Vec<(&'static str, String)>,
    base: Base,
    about: String,
    names: Names,
    members: Vec<PartyId>,
    party: String,
    open: bool,
}

async fn look_new(visit: &Visit, space: &str) -> Result<Looked, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.space(space)?;
        Ok(Looked {
            space,
            object: None,
            slot: 0,
            pins: Vec::new(),
            base: Base::default(),
            about: calm(&view.name),
            names: Names::of_space(node, space, reader)?,
            members: view.parties.iter().filter(|party| party.member).map(|party| party.id).collect(),
            party: node.name().to_owned(),
            open: true,
        })
    });
    asked.await
}

/// Terms that were ever offered, with their text if that is here.
fn stated(view: &AgreementView, hash: TermsHash) -> Option<(AgreementTerms, Option<Content>)> {
    let offered = view.record.ballot.offered(hash)?;
    let entry = view.thread.iter().find(|entry| entry.id == offered.entry);
    Some((offered.terms.clone(), entry.and_then(|entry| entry.content.clone())))
}

/// What a form began from: slot, terms that it takes over, terms in force. `fixed` holds it when the form was sent, so that
/// it means the same when it is sent once more, whatever has come into force between.
fn base(view: &AgreementView, kind: Kind, fixed: &Fields) -> Option<(u64, TermsHash, Option<TermsHash>)> {
    if let (Some(slot), Ok(hash)) = (fixed.number("slot"), fixed.first("base").parse()) {
        return Some((slot, hash, fixed.first("held").parse().ok()));
    }
    let held = view.record.in_force().map(|held| held.hash);
    match kind {
        Kind::Counter => view.offered.last().map(|offer| (offer.slot, offer.offered.hash, held)),
        Kind::New | Kind::Amend => Some((view.record.ballot.slots.len() as u64, view.text.hash, held)),
    }
}

async fn look(visit: &Visit, object: &str, kind: Kind, fixed: &Fields) -> Result<Looked, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.agreement(object)?;
        let space = node.space(view.space)?;
        let names = Names::of_space(node, view.space, reader)?;
        Ok((view, space, names, node.name().to_owned()))
    });
    let (view, space, names, party) = asked.await?;
    let (slot, hash, held) = base(&view, kind, fixed).ok_or(Trouble::NotNow)?;
    let (terms, content) = stated(&view, hash).ok_or(Trouble::Missing)?;
    let in_force = held.map(|held| stated(&view, held).ok_or(Trouble::Missing)).transpose()?;
    let mut members: Vec<_> =
        space.parties.iter().filter(|party| party.member).map(|party| party.id).collect();
    // Whoever is bound stays named, also after having left.
    let bound: Vec<_> = terms.parties.iter().copied().filter(|party| !members.contains(party)).collect();
    members.extend(bound);
    let words: &[&str] = if kind == Kind::Counter { &["counter"] } else { &["amend", "offer"] };
    let pins = vec![
        ("slot", slot.to_string()),
        ("base", hash.to_string()),
        ("held", held.map_or_else(|| "none".to_owned(), |held| held.to_string())),
    ];
    Ok(Looked {
        space: view.space,
        object: Some(object),
        slot,
        pins,
        about: terms::title(reader, view.content.as_ref()),
        open: view.moves.iter().any(|step| words.contains(&step.word)),
        base: Base { terms: Some(terms), content, in_force },
        names,
        members,
        party,
    })
}

/// `GET /{lang}/spaces/{space}/agree`
pub(crate) async fn begin_new(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space).await?;
    begin_with(&visit, Kind::New, &looked)
}

/// `GET /{lang}/agreements/{object}/terms/{kind}`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, object, kind)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let kind = Kind::of_word(&kind).ok_or(Trouble::Missing)?;
    let looked = look(&visit, &object, kind, &Fields::default()).await?;
    begin_with(&visit, kind, &looked)
}

fn begin_with(visit: &Visit, kind: Kind, looked: &Looked) -> Result<Response, Trouble> {
    if !looked.open {
        return Err(Trouble::NotNow);
    }
    let mut draft = Draft::begin(&looked.base);
    if kind == Kind::New {
        draft.parties = looked.members.iter().map(ToString::to_string).collect();
    }
    shown(&form(visit, kind, looked, draft, &Fields::default(), Vec::new()))
}

/// `POST /{lang}/spaces/{space}/agree`
pub(crate) async fn take_new(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space).await?;
    take_with(&visit, Kind::New, looked).await
}

/// `POST /{lang}/agreements/{object}/terms/{kind}`
pub(crate) async fn take(
    visit: Visit,
    Path((_, object, kind)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let kind = Kind::of_word(&kind).ok_or(Trouble::Missing)?;
    let fields = visit.form.clone().unwrap_or_default();
    let looked = look(&visit, &object, kind, &fields).await?;
    take_with(&visit, kind, looked).await
}

async fn take_with(visit: &Visit, kind: Kind, looked: Looked) -> Result<Response, Trouble> {
    let reader = visit.reader;
    let fields = visit.form.clone().unwrap_or_default();
    let draft = Draft::of_fields(&fields);
    let wanted = proposal::wanted(&fields);
    if wanted == Wanted::Edit {
        return shown(&form(visit, kind, &looked, draft, &fields, Vec::new()));
    }
    let (terms, content) = match draft.read(reader, kind, &looked.base, (looked.names.own, &looked.members)) {
        Ok(read) => read,
        Err(faults) => {
            return Ok(error::once_more(form(visit, kind, &looked, draft, &fields, faults).render()?));
        }
    };
    let old = looked.base.in_force.as_ref().map(|(terms, content)| (terms, content.as_ref()));
    let old = old.or_else(|| {
        let counter = looked.base.terms.as_ref().filter(|_| kind == Kind::Counter);
        counter.map(|terms| (terms, looked.base.content.as_ref()))
    });
    let rows = provisions::rows(reader, &looked.names, (&terms, Some(&content)), old);
    let terms = Terms::Agreement(terms);
    let operation: Operation = match (kind, looked.object) {
        (Kind::Counter, Some(object)) => Counter { object, slot: looked.slot, terms }.into(),
        (_, object) => Offer { object, slot: looked.slot, terms }.into(),
    };
    let word = kind.word();
    let proposal = Proposal {
        space: looked.space,
        operation,
        content: Some(content),
        statement: reader.tell(&format!("sign-agreement-{word}"), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-agreement-{word}")),
        grave: false,
        party: looked.party,
    };
    match wanted {
        Wanted::Sign => proposal::sign(visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(visit, &proposal, &fields, None),
    }
}

fn form(
    visit: &Visit,
    kind: Kind,
    looked: &Looked,
    draft: Draft,
    fields: &Fields,
    faults: Vec<Fault>,
) -> Form {
    let reader = visit.reader;
    let request = fields.first(REQUEST);
    let back = match looked.object {
        Some(object) => visit.to(&format!("agreements/{object}")),
        None => visit.to(&format!("spaces/{}/agreements", looked.space)),
    };
    let party = |party: &PartyId| {
        let id = party.to_string();
        Named { name: looked.names.of(*party), chosen: draft.parties.contains(&id), id }
    };
    let parties = looked.members.iter().map(party).collect();
    let own = reader.lang.code();
    let mut blocks: Vec<_> = draft
        .texts
        .iter()
        .map(|typed| Block {
            code: typed.code,
            name: provisions::language(reader, typed.code),
            title_field: typed.title_field,
            text_field: typed.text_field,
            open: typed.code == own || !typed.title.is_empty() || !typed.text.is_empty(),
            title: typed.title.clone(),
            text: typed.text.clone(),
        })
        .collect();
    blocks.sort_by_key(|block| block.code != own);
    let mut frame = visit.frame(reader.say(&format!("do-agreement-{}", kind.word())), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        kind,
        hint: reader.say(&format!("hint-agreement-{}", kind.word())),
        back,
        about: looked.about.clone(),
        pins: looked.pins.clone(),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        draft,
        blocks,
        parties,
        faults,
    }
}

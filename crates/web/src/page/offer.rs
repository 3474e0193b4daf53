//! Terms of one's own: a new offer, a counter, a change of what is in force, or an end by consent.

use agreement::operation::{Counter, Offer};
use agreement::{AgreementPhase, CommitmentTerms, Content, FieldCode, Operation, Record, Terms, Wording};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::ask::CommitmentView;
use node::oplog::{ObjectId, PartyId, SpaceId, TermsHash};
use node::{Clock, Node};

use super::draft::{Base, Draft, Kind};
use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, drafts, due, field, matches, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{DRAFT, Fields, REQUEST};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// Zones that are offered to choose from; any other can be typed.
const ZONES: [&str; 12] = [
    "Asia/Tehran",
    "Europe/Minsk",
    "Europe/Moscow",
    "Asia/Baku",
    "Asia/Yerevan",
    "Asia/Ashgabat",
    "Asia/Tashkent",
    "Asia/Almaty",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Europe/Istanbul",
    "UTC",
];

/// The most agreements whose clauses a form offers.
const AGREEMENTS_MAX: usize = 100;

/// A party that can be named.
struct Choice {
    id: String,
    name: Markup,
    plain: String,
    owes: bool,
    is_owed: bool,
}

#[derive(Template)]
#[template(path = "page/offer.html")]
struct Form {
    frame: Frame,
    kind: Kind,
    hint: String,
    back: String,
    about: String,
    pins: Vec<(&'static str, String)>,
    /// The draft that it goes on with; empty if with none.
    kept: String,
    request: String,
    draft: Draft,
    parties: Vec<Choice>,
    clauses: Vec<Clause>,
    faults: Vec<Fault>,
}

/// A clause that the commitment can carry out: how a form names it, its name, and whether it is chosen.
struct Clause {
    value: String,
    name: String,
    chosen: bool,
}

impl Form {
    fn fault(&self, field: &str) -> Option<&Markup> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| &fault.text)
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.fault(field).is_some()
    }

    fn label(&self, field: &str) -> String {
        self.frame.reader.say(&format!("label-{field}"))
    }

    fn hint_of(&self, field: &str) -> String {
        self.frame.reader.say(&format!("hint-field-{field}"))
    }

    fn zones() -> [&'static str; 12] {
        ZONES
    }

    fn reckonings(&self) -> Vec<(&'static str, String, bool)> {
        let reader = self.frame.reader;
        let of = |held| (due::word(held), reader.say(&format!("reckoning-{}", due::word(held))));
        let all = reader.reckonings().map(|held| (of(held), held == self.draft.due.reckoning));
        all.into_iter().map(|((word, name), chosen)| (word, name, chosen)).collect()
    }

    fn groups(&self) -> Vec<field::Group> {
        field::groups(self.frame.reader, self.draft.text("field"))
    }

    /// A field that the list does not have, which the terms have brought.
    fn unknown_field(&self) -> Option<&str> {
        Some(self.draft.text("field")).filter(|code| !code.is_empty() && FieldCode::of_code(code).is_none())
    }

    fn closures(&self) -> Vec<(&'static str, String, bool)> {
        let one = |word: &'static str| {
            let words = self.frame.reader.say(&format!("closure-{word}"));
            (word, words, self.draft.closure == word)
        };
        ["all", "any", "lead"].map(one).into()
    }
}

/// What an offer is made from.
struct Looked {
    space: SpaceId,
    object: Option<ObjectId>,
    /// The slot that is declined by a counter, or in which an offer is made.
    slot: u64,
    /// What the form fixes of it.
    pins: Vec<(&'static str, String)>,
    base: Base,
    about: String,
    names: Names,
    members: Vec<PartyId>,
    /// The clauses of the agreements in force, with their names.
    clauses: Vec<((ObjectId, u64), String)>,
    clock: Clock,
    party: String,
    /// Whether the node offers the step now.
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
            clauses: clauses(node, space, reader)?,
            clock: node.clock(),
            party: node.name().to_owned(),
            open: true,
        })
    });
    asked.await
}

/// Terms that were ever offered, with their texts if those are here.
fn stated(view: &CommitmentView, hash: TermsHash) -> Option<(CommitmentTerms, Option<Content>)> {
    let offered = view.record.ballot.slots.iter().find_map(|slot| slot.offered(hash))?;
    let entry = view.thread.iter().find(|entry| entry.id == offered.entry);
    Some((offered.terms.clone(), entry.and_then(|entry| entry.content.clone())))
}

/// What a form began from. `fixed` holds it when the form was sent, so that a form means the same when it is sent once
/// more, whatever has come into force between.
fn base(view: &CommitmentView, kind: Kind, fixed: &Fields) -> Option<(u64, TermsHash, Option<TermsHash>)> {
    if let (Some(slot), Ok(hash)) = (fixed.number("slot"), fixed.first("base").parse()) {
        return Some((slot, hash, fixed.first("held").parse().ok()));
    }
    let held = view.record.in_force().map(|held| held.hash);
    match kind {
        Kind::Counter => view.offered.last().map(|(slot, hash, ..)| (*slot, *hash, held)),
        Kind::New | Kind::Amend | Kind::Reschedule | Kind::End => {
            Some((view.record.ballot.slots.len() as u64, view.terms_hash, held))
        }
    }
}

async fn look(visit: &Visit, object: &str, kind: Kind, fixed: &Fields) -> Result<Looked, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.commitment(object)?;
        let space = node.space(view.space)?;
        let names = Names::of_space(node, view.space, reader)?;
        let clauses = clauses(node, view.space, reader)?;
        Ok((view, space, names, clauses, node.clock(), node.name().to_owned()))
    });
    let (view, space, names, mut clauses, clock, party) = asked.await?;
    let (slot, hash, held) = base(&view, kind, fixed).ok_or(Trouble::NotNow)?;
    let (terms, content) = stated(&view, hash).ok_or(Trouble::Missing)?;
    let in_force = held.map(|held| stated(&view, held).ok_or(Trouble::Missing)).transpose()?;
    let mut members: Vec<_> =
        space.parties.iter().filter(|party| party.member).map(|party| party.id).collect();
    // Whoever is bound stays named, also after having left.
    let bound: Vec<_> = terms.parties().into_iter().filter(|party| !members.contains(party)).collect();
    members.extend(bound);
    // A clause that it carries out stays named, whatever has become of its agreement.
    if let Some(clause) = terms.clause
        && !clauses.iter().any(|(known, _)| *known == clause)
    {
        let told = [("number", reader.number(clause.1).into()), ("heading", "".into()), ("title", "".into())];
        clauses.push((clause, crate::messages::text(reader.lang, "clause-choice", &told)));
    }
    let word = if kind == Kind::Counter { "counter" } else { "offer" };
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
        about: terms::title(reader, content.as_ref()),
        open: view.moves.iter().any(|step| step.word == word),
        base: Base { terms: Some(terms), content, in_force },
        names,
        members,
        clauses,
        clock,
        party,
    })
}

/// The clauses of a space's agreements in force.
fn clauses(node: &mut Node, space: SpaceId, reader: Reader) -> node::Result<Vec<((ObjectId, u64), String)>> {
    let mut clauses = Vec::new();
    for line in node.agreements(space, 0, AGREEMENTS_MAX)? {
        if line.phase != AgreementPhase::InForce {
            continue;
        }
        let content = node.texts(space, line.id)?;
        let Record::Agreement(record) = node.record(space, line.id)? else { continue };
        let title = terms::title(reader, content.as_ref());
        for number in record.in_force().into_iter().flat_map(|held| &held.terms.clauses) {
            let wording = content.as_ref().map(|content| Wording::of(content, reader.lang.code()));
            let heading = wording.and_then(|wording| wording.clauses.get(number).map(|it| calm(&it.heading)));
            let told = [
                ("number", reader.number(number).into()),
                ("heading", heading.unwrap_or_default().into()),
                ("title", title.as_str().into()),
            ];
            clauses.push(((line.id, *number), crate::messages::text(reader.lang, "clause-choice", &told)));
        }
    }
    Ok(clauses)
}

/// How a form names a clause.
fn clause_value((agreement, number): (ObjectId, u64)) -> String {
    format!("{agreement}:{number}")
}

/// `GET /{lang}/spaces/{space}/offer`
pub(crate) async fn begin_new(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space).await?;
    let query = ["capability", "need"].map(|name| visit.query.first(name));
    if query.iter().all(|id| id.is_empty()) {
        let kept = drafts::kept(&visit, looked.space, None).await?;
        return begin_with(&visit, Kind::New, &looked, kept);
    }
    let ids = query.map(str::parse::<ObjectId>);
    let [Ok(capability), Ok(need)] = ids else { return Err(Trouble::Missing) };
    let (reader, space) = (visit.reader, looked.space);
    let asked =
        visit.desk.ask(move |node: &mut Node| matches::beginning(node, reader, space, (capability, need)));
    let begun = asked.await?.ok_or(Trouble::NotNow)?;
    let mut draft = Draft::begin(reader, &looked.base);
    for (name, text) in begun.texts {
        draft.set(name, text);
    }
    (draft.debtor, draft.creditors) = (begun.debtor.to_string(), vec![begun.creditor.to_string()]);
    let mut form = form(&visit, Kind::New, &looked, draft, &Fields::default(), Vec::new());
    form.hint = reader.say("offer-from-match");
    shown(&form)
}

/// `GET /{lang}/commitments/{object}/terms/{kind}`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, object, kind)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let kind = Kind::of_word(&kind).ok_or(Trouble::Missing)?;
    let looked = look(&visit, &object, kind, &Fields::default()).await?;
    let kept = drafts::kept(&visit, looked.space, looked.object).await?;
    // A draft goes on from the terms that it began from, if those still say what can be offered now.
    let looked = match &kept {
        Some(fields) if looked.open => look(&visit, &object, kind, fields).await?,
        _ => looked,
    };
    begin_with(&visit, kind, &looked, kept)
}

fn begin_with(visit: &Visit, kind: Kind, looked: &Looked, kept: Option<Fields>) -> Result<Response, Trouble> {
    if !looked.open {
        return Err(Trouble::NotNow);
    }
    if let Some(fields) = kept {
        let draft = Draft::of_fields(visit.reader, kind, &looked.base, &fields);
        return shown(&form(visit, kind, looked, draft, &fields, Vec::new()));
    }
    let mut draft = Draft::begin(visit.reader, &looked.base);
    if kind == Kind::New {
        // What is most often meant: the first other party owes, and it owes to us.
        let other = looked.members.iter().find(|party| **party != looked.names.own);
        draft.debtor = other.map(ToString::to_string).unwrap_or_default();
        draft.creditors = vec![looked.names.own.to_string()];
        draft.clause = visit.query.first("clause").to_owned();
    }
    shown(&form(visit, kind, looked, draft, &Fields::default(), Vec::new()))
}

/// `POST /{lang}/spaces/{space}/offer`
pub(crate) async fn take_new(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space).await?;
    take_with(&visit, Kind::New, looked).await
}

/// `POST /{lang}/commitments/{object}/terms/{kind}`
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
    let fields = visit.form.clone().unwrap_or_default();
    let draft = Draft::of_fields(visit.reader, kind, &looked.base, &fields);
    let wanted = proposal::wanted(&fields);
    if wanted == Wanted::Edit {
        return shown(&form(visit, kind, &looked, draft, &fields, Vec::new()));
    }
    if wanted == Wanted::Keep {
        return match drafts::keep(visit, (looked.space, looked.object), kind.word(), &fields).await? {
            Ok(done) => Ok(done),
            Err(fault) => {
                Ok(error::once_more(form(visit, kind, &looked, draft, &fields, vec![fault]).render()?))
            }
        };
    }
    let parties = (looked.names.own, looked.members.as_slice());
    let clauses: Vec<_> = looked.clauses.iter().map(|(clause, _)| (clause_value(*clause), *clause)).collect();
    let (terms, content) =
        match draft.read(visit.reader, kind, &looked.base, &looked.clock, parties, &clauses) {
            Ok(read) => read,
            Err(faults) => {
                return Ok(error::once_more(form(visit, kind, &looked, draft, &fields, faults).render()?));
            }
        };
    let reader = visit.reader;
    let old = looked.base.in_force.as_ref().map(|(terms, content)| (terms, content.as_ref()));
    let old = old.or_else(|| {
        let counter = looked.base.terms.as_ref().filter(|_| kind == Kind::Counter);
        counter.map(|terms| (terms, looked.base.content.as_ref()))
    });
    let rows = terms::rows(reader, &looked.names, (&terms, Some(&content)), old);
    let operation: Operation = match (kind, looked.object) {
        (Kind::Counter, Some(object)) => {
            Counter { object, slot: looked.slot, terms: Terms::Commitment(terms) }.into()
        }
        (_, object) => Offer { object, slot: looked.slot, terms: Terms::Commitment(terms) }.into(),
    };
    let proposal = Proposal {
        space: looked.space,
        operation,
        content: Some(content),
        statement: reader.tell(&format!("sign-{}", kind.word()), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-{}", kind.word())),
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
        Some(object) => visit.to(&format!("commitments/{object}")),
        None => visit.to(&format!("spaces/{}", looked.space)),
    };
    let choice = |party: &PartyId| {
        let id = party.to_string();
        Choice {
            name: looked.names.of(*party),
            plain: looked.names.plain(*party),
            owes: draft.debtor == id,
            is_owed: draft.creditors.contains(&id),
            id,
        }
    };
    let parties = looked.members.iter().map(choice).collect();
    let clause = |(clause, name): &((ObjectId, u64), String)| {
        let value = clause_value(*clause);
        Clause { chosen: draft.clause == value, name: name.clone(), value }
    };
    let clauses = looked.clauses.iter().map(clause).collect();
    let mut frame = visit.frame(reader.say(&format!("do-{}", kind.word())), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        kind,
        hint: reader.say(&format!("hint-{}", kind.word())),
        back,
        about: looked.about.clone(),
        pins: looked.pins.clone(),
        kept: fields.first(DRAFT).to_owned(),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        draft,
        parties,
        clauses,
        faults,
    }
}

//! Saying what our party can do or lacks, correcting that, and taking it back.

use agreement::operation::Declare;
use agreement::{Content, FieldCode, FieldTag, Sort};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::ask::DeclarationView;
use node::oplog::{ObjectId, SpaceId};

use super::act::{self, note_faults};
use super::draft::{FIELDS_BYTES_BESIDE, TEXT_CHARS_MAX, TEXTS_BYTES_MAX, TITLE_CHARS_MAX, fault};
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, declaration, field, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{Fields, REQUEST};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The texts of the form: their field, what they are, and in which language.
const TEXTS: [(&str, FieldTag, &str); 6] = [
    ("title-en", FieldTag::Title, "en"),
    ("title-fa", FieldTag::Title, "fa"),
    ("field", FieldTag::FieldCode, ""),
    ("description", FieldTag::Description, ""),
    ("achievement", FieldTag::Achievement, ""),
    ("reason", FieldTag::Reason, ""),
];

/// What was typed.
struct Typed(Vec<(&'static str, String)>);

impl Typed {
    /// A form that nobody has typed into: empty, or with the words that stand.
    fn begin(held: Option<&Content>) -> Self {
        let fields = held.map(|content| content.fields.as_slice()).unwrap_or_default();
        let text = |tag, language: &str| {
            let exact = fields.iter().find(|field| field.tag == tag && field.language == language);
            // A title in no language that the form has stands in the first field.
            let other =
                || fields.iter().find(|field| field.tag == tag && language == "en" && !is_held(field));
            let found = exact.or_else(other).filter(|_| tag != FieldTag::Reason);
            found.map(|field| field.text.clone()).unwrap_or_default()
        };
        Self(TEXTS.iter().map(|(name, tag, language)| (*name, text(*tag, language))).collect())
    }

    fn of_fields(fields: &Fields) -> Self {
        Self(TEXTS.iter().map(|(name, ..)| (*name, fields.words(name))).collect())
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(held, _)| *held == name).map_or("", |(_, text)| text)
    }

    fn faults(&self, reader: Reader) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.text("title-en").is_empty() && self.text("title-fa").is_empty() {
            faults.push(fault(reader, "title-en", "fault-title"));
        }
        if FieldCode::of_code(self.text("field")).is_none() {
            faults.push(fault(reader, "field", "fault-field"));
        }
        if self.text("description").is_empty() {
            faults.push(fault(reader, "description", "fault-description"));
        }
        let mut bytes = 0_usize;
        for (name, text) in &self.0 {
            let most = if name.starts_with("title") { TITLE_CHARS_MAX } else { TEXT_CHARS_MAX };
            let count = text.chars().count();
            bytes = bytes.saturating_add(text.len());
            if count > most {
                let told = [("count", count.into()), ("most", most.into())];
                faults.push(Fault { field: name, text: reader.tell("fault-too-long", &told) });
            }
        }
        if faults.is_empty() && bytes > TEXTS_BYTES_MAX - FIELDS_BYTES_BESIDE {
            faults.push(fault(reader, "description", "fault-too-long-together"));
        }
        faults
    }

    /// What is to be signed: as typed, and beside it what stood before in languages and of kinds that the form does not
    /// show.
    fn content(&self, before: Option<&Content>) -> Content {
        let mut content = Content::default();
        for held in before.map(|content| content.fields.as_slice()).unwrap_or_default() {
            // A title that moved into a field of the form is not kept a second time; the node says who acts now.
            let of_then =
                matches!(held.tag, FieldTag::Title | FieldTag::Reason | FieldTag::Role | FieldTag::Person);
            if !of_then && !is_held(held) {
                content.fields.push(held.clone());
            }
        }
        for (name, tag, language) in TEXTS {
            let text = self.text(name);
            if !text.is_empty() {
                content = content.with(tag, language, text);
            }
        }
        content
    }
}

/// Whether the form has a field for it.
fn is_held(field: &agreement::Field) -> bool {
    TEXTS.iter().any(|(_, tag, language)| *tag == field.tag && *language == field.language)
}

#[derive(Template)]
#[template(path = "page/declare.html")]
struct Form {
    frame: Frame,
    about: String,
    back: String,
    hint: String,
    request: String,
    typed: Typed,
    groups: Vec<field::Group>,
    capable: bool,
    corrects: bool,
    faults: Vec<Fault>,
}

impl Form {
    fn fault(&self, field: &str) -> Option<&Markup> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| &fault.text)
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.fault(field).is_some()
    }
}

/// What a declaration is made from.
struct Looked {
    space: SpaceId,
    sort: Sort,
    /// What is corrected.
    before: Option<DeclarationView>,
    about: String,
    party: String,
}

impl Looked {
    fn object(&self) -> Option<ObjectId> {
        self.before.as_ref().map(|view| view.shown.id)
    }

    fn held(&self) -> Option<&Content> {
        self.before.as_ref().and_then(|view| view.shown.content.as_ref())
    }

    /// What the messages of the form are called by.
    fn word(&self) -> String {
        match &self.before {
            None => format!("declare-{}", self.sort.name()),
            Some(view) if view.record.withdrawn => "declare-again".to_owned(),
            Some(_) => "correct".to_owned(),
        }
    }

    fn back(&self, visit: &Visit) -> String {
        match self.object() {
            Some(object) => visit.to(&format!("declarations/{object}")),
            None => visit.to(&format!("spaces/{}/capabilities", self.space)),
        }
    }
}

async fn look_new(visit: &Visit, space: &str, sort: &str) -> Result<Looked, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let sort = Sort::of_name(sort).ok_or(Trouble::Missing)?;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let about = calm(&node.space(space)?.name);
        Ok(Looked { space, sort, before: None, about, party: node.name().to_owned() })
    });
    asked.await
}

async fn look(visit: &Visit, object: &str) -> Result<Looked, Trouble> {
    let object: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.declaration(object)?;
        let about = terms::title(reader, view.shown.content.as_ref());
        let (space, sort) = (view.space, view.record.sort);
        Ok(Looked { space, sort, before: Some(view), about, party: node.name().to_owned() })
    });
    let looked = asked.await?;
    // Another party's is corrected by that party alone.
    let is_open = looked.before.as_ref().is_some_and(|view| view.open);
    if is_open { Ok(looked) } else { Err(Trouble::NotNow) }
}

/// `GET /{lang}/spaces/{space}/declare/{sort}`
pub(crate) async fn begin_new(
    visit: Visit,
    Path((_, space, sort)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space, &sort).await?;
    shown(&form(&visit, &looked, Typed::begin(None), &Fields::default(), Vec::new()))
}

/// `POST /{lang}/spaces/{space}/declare/{sort}`
pub(crate) async fn take_new(
    visit: Visit,
    Path((_, space, sort)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_new(&visit, &space, &sort).await?;
    take_with(&visit, looked).await
}

/// `GET /{lang}/declarations/{object}/{verb}`
pub(crate) async fn begin(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &object).await?;
    match verb.as_str() {
        "correct" => {
            let typed = Typed::begin(looked.held());
            shown(&form(&visit, &looked, typed, &Fields::default(), Vec::new()))
        }
        "withdraw" if is_withdrawn(&looked) => Err(Trouble::NotNow),
        "withdraw" => shown(&withdrawal(&visit, &looked, &Fields::default(), Vec::new())),
        _ => Err(Trouble::Missing),
    }
}

/// `POST /{lang}/declarations/{object}/{verb}`
pub(crate) async fn take(
    visit: Visit,
    Path((_, object, verb)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, &object).await?;
    match verb.as_str() {
        "correct" => take_with(&visit, looked).await,
        "withdraw" => take_withdrawal(&visit, looked).await,
        _ => Err(Trouble::Missing),
    }
}

fn is_withdrawn(looked: &Looked) -> bool {
    looked.before.as_ref().is_some_and(|view| view.record.withdrawn)
}

async fn take_with(visit: &Visit, looked: Looked) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let (reader, typed, wanted) = (visit.reader, Typed::of_fields(&fields), proposal::wanted(&fields));
    if wanted == Wanted::Edit {
        return shown(&form(visit, &looked, typed, &fields, Vec::new()));
    }
    let faults = typed.faults(reader);
    if !faults.is_empty() {
        return Ok(error::once_more(form(visit, &looked, typed, &fields, faults).render()?));
    }
    let content = typed.content(looked.held());
    let rows = declaration::texts(reader, Some(&content), looked.held());
    propose(visit, looked, (content, rows, false), &fields).await
}

async fn take_withdrawal(visit: &Visit, looked: Looked) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let (reader, wanted, reason) = (visit.reader, proposal::wanted(&fields), fields.words("note"));
    if wanted == Wanted::Edit {
        return shown(&withdrawal(visit, &looked, &fields, Vec::new()));
    }
    let faults = note_faults(reader, &reason, false);
    if !faults.is_empty() {
        return Ok(error::once_more(withdrawal(visit, &looked, &fields, faults).render()?));
    }
    // A form that is sent again after it was signed must lead where it led before.
    if wanted == Wanted::Preview && is_withdrawn(&looked) {
        return Err(Trouble::NotNow);
    }
    let mut typed = Typed::begin(looked.held());
    if let Some((_, text)) = typed.0.iter_mut().find(|(name, _)| *name == "reason") {
        *text = reason;
    }
    let content = typed.content(looked.held());
    let rows = declaration::texts(reader, Some(&content), None);
    propose(visit, looked, (content, rows, true), &fields).await
}

async fn propose(
    visit: &Visit,
    looked: Looked,
    (content, mut rows, withdrawn): (Content, Vec<Row>, bool),
    fields: &Fields,
) -> Result<Response, Trouble> {
    let reader = visit.reader;
    let sort = Markup::isolating(&reader.say(&format!("sort-{}", looked.sort.name())));
    rows.insert(0, Row { label: reader.say("filter-sort"), value: sort, was: None });
    let word = if withdrawn { "withdraw".to_owned() } else { looked.word() };
    let proposal = Proposal {
        space: looked.space,
        operation: Declare { object: looked.object(), sort: looked.sort, withdrawn }.into(),
        content: Some(content),
        statement: reader.tell(&format!("sign-{word}"), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-{word}")),
        grave: withdrawn,
        party: looked.party,
    };
    match proposal::wanted(fields) {
        Wanted::Sign => proposal::sign(visit, proposal, fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(visit, &proposal, fields, None),
    }
}

fn kept_request(fields: &Fields) -> String {
    let request = fields.first(REQUEST);
    if request.is_empty() { Visit::request() } else { request.to_owned() }
}

fn form(visit: &Visit, looked: &Looked, typed: Typed, fields: &Fields, faults: Vec<Fault>) -> Form {
    let (reader, word) = (visit.reader, looked.word());
    let mut frame = visit.frame(reader.say(&format!("do-{word}")), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        about: looked.about.clone(),
        back: looked.back(visit),
        hint: reader.say(&format!("hint-{word}")),
        request: kept_request(fields),
        groups: field::groups(reader, typed.text("field")),
        capable: looked.sort == Sort::Capability,
        corrects: looked.before.is_some(),
        typed,
        faults,
    }
}

fn withdrawal(visit: &Visit, looked: &Looked, fields: &Fields, faults: Vec<Fault>) -> act::Form {
    let reader = visit.reader;
    let mut frame = visit.frame(reader.say("do-withdraw"), looked.party.clone());
    frame.faulty = !faults.is_empty();
    act::Form {
        frame,
        title: looked.about.clone(),
        back: looked.back(visit),
        hint: reader.say("then-withdraw"),
        rows: looked
            .before
            .as_ref()
            .map(|view| declaration::texts(reader, view.shown.content.as_ref(), None))
            .unwrap_or_default(),
        pins: Vec::new(),
        request: kept_request(fields),
        note_label: reader.say("row-note"),
        file: None,
        note: fields.words("note"),
        note_needed: false,
        faults,
    }
}

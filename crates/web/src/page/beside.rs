//! Words and files beside a commitment, and taking back one's own: a comment, evidence alone, an erasure with its reason.

use agreement::operation::{Attach, Comment, Erase};
use agreement::{Content, FieldTag, Operation};
use askama::Template as _;
use axum::extract::Path;
use axum::response::Response;
use node::oplog::{EntryId, ObjectId, SpaceId};
use node::{ContentState, Node};

use super::act::{FileField, Form, note_faults};
use super::file::{self, Held};
use super::names::Names;
use super::proposal::{self, Proposal, Wanted};
use super::{Fault, Row, entry, shown, terms};
use crate::error::{self, Trouble};
use crate::fields::{CHOSEN, Fields, REQUEST};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::Visit;

/// What is put beside a commitment, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Comment,
    Attach,
    Erase,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Attach => "attach",
            Self::Erase => "erase",
        }
    }

    /// Whether it is nothing without words.
    fn needs_words(self) -> bool {
        self != Self::Attach
    }
}

struct Looked {
    space: SpaceId,
    operation: Operation,
    /// The page from which it was asked for, without its language.
    about: String,
    title: String,
    rows: Vec<Row>,
    party: String,
    /// Whether the node would sign it now.
    open: bool,
}

async fn look(visit: &Visit, kind: Kind, object: &str) -> Result<Looked, Trouble> {
    let about: ObjectId = object.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let view = node.commitment(about)?;
        let names = Names::of_space(node, view.space, reader)?;
        let operation =
            if kind == Kind::Comment { Comment { about }.into() } else { Attach { about }.into() };
        Ok(Looked {
            space: view.space,
            operation,
            about: format!("commitments/{about}"),
            title: terms::title(reader, view.content.as_ref()),
            rows: terms::rows(reader, &names, (&view.terms, view.content.as_ref()), None),
            party: node.name().to_owned(),
            open: node.space(view.space)?.will_not_sign.is_none(),
        })
    });
    asked.await
}

/// What can be taken back is a comment, a file or a report of our own whose words are here.
pub(super) fn is_erasable(word: &str, own: bool, state: Option<ContentState>) -> bool {
    let here = matches!(state, Some(ContentState::Present | ContentState::Withheld | ContentState::Missing));
    own && here && matches!(word, "comment" | "attach" | "report")
}

async fn look_at_entry(visit: &Visit, id: &str) -> Result<Looked, Trouble> {
    let id: EntryId = id.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let (space, view) = node.entry(id)?;
        let object = view.object.ok_or(node::NodeError::NoSuch("object"))?;
        let about = node.subject_of(object)?;
        let (to, title) = match node.commitment(about) {
            Ok(view) => (format!("commitments/{about}"), terms::title(reader, view.content.as_ref())),
            Err(node::NodeError::NoSuch(_)) => (format!("spaces/{space}"), node.space(space)?.name),
            Err(why) => return Err(why),
        };
        let did = Row {
            label: reader.say("entry"),
            value: Markup::isolating(&reader.say(&format!("did-{}", view.word))),
            was: None,
        };
        let texts =
            view.content.as_ref().map(|content| entry::texts(reader, content, false)).unwrap_or_default();
        Ok(Looked {
            space,
            operation: Erase { object, entry: id }.into(),
            about: to,
            title,
            rows: [vec![did], texts].concat(),
            party: node.name().to_owned(),
            open: is_erasable(view.word, view.party == node.party(), view.content_state)
                && view.refusal.is_none(),
        })
    });
    asked.await
}

/// `GET /{lang}/commitments/{object}/comment`
pub(crate) async fn begin_comment(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, Kind::Comment, &object).await?;
    begin(&visit, Kind::Comment, looked)
}

/// `POST /{lang}/commitments/{object}/comment`
pub(crate) async fn take_comment(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, Kind::Comment, &object).await?;
    take(visit, Kind::Comment, looked).await
}

/// `GET /{lang}/commitments/{object}/attach`
pub(crate) async fn begin_attach(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, Kind::Attach, &object).await?;
    begin(&visit, Kind::Attach, looked)
}

/// `POST /{lang}/commitments/{object}/attach`
pub(crate) async fn take_attach(
    visit: Visit,
    Path((_, object)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look(&visit, Kind::Attach, &object).await?;
    take(visit, Kind::Attach, looked).await
}

/// `GET /{lang}/entries/{entry}/erase`
pub(crate) async fn begin_erase(
    visit: Visit,
    Path((_, entry)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_at_entry(&visit, &entry).await?;
    begin(&visit, Kind::Erase, looked)
}

/// `POST /{lang}/entries/{entry}/erase`
pub(crate) async fn take_erase(
    visit: Visit,
    Path((_, entry)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let looked = look_at_entry(&visit, &entry).await?;
    take(visit, Kind::Erase, looked).await
}

fn begin(visit: &Visit, kind: Kind, looked: Looked) -> Result<Response, Trouble> {
    if !looked.open {
        return Err(Trouble::NotNow);
    }
    shown(&form(visit, kind, &looked, &Fields::default(), &Held::None, Vec::new()))
}

async fn take(mut visit: Visit, kind: Kind, looked: Looked) -> Result<Response, Trouble> {
    let mut fields = visit.form.clone().unwrap_or_default();
    let held = if kind == Kind::Attach { file::held(&mut visit, &mut fields).await? } else { Held::None };
    let (reader, wanted) = (visit.reader, proposal::wanted(&fields));
    if wanted == Wanted::Edit {
        return shown(&form(&visit, kind, &looked, &fields, &held, Vec::new()));
    }
    if wanted == Wanted::Sign
        && matches!(held, Held::Gone)
        && let Some(before) = file::signed_before(&visit, &fields).await?
    {
        return Ok(before);
    }
    let words = fields.words("note");
    let mut faults = note_faults(reader, &words, kind.needs_words());
    faults.extend(file_fault(reader, kind == Kind::Attach, &held));
    if !faults.is_empty() {
        return Ok(error::once_more(form(&visit, kind, &looked, &fields, &held, faults).render()?));
    }
    if wanted == Wanted::Preview && !looked.open {
        return Err(Trouble::NotNow);
    }
    let proposal = propose(reader, kind, looked, &words, held);
    match wanted {
        Wanted::Sign => proposal::sign(&visit, proposal, &fields).await,
        Wanted::Preview | Wanted::Edit | Wanted::Keep => proposal::preview(&visit, &proposal, &fields, None),
    }
}

/// What is wrong with the file of a form.
pub(super) fn file_fault(reader: Reader, needed: bool, held: &Held) -> Option<Fault> {
    let id = match held {
        Held::None if needed => "fault-file-missing",
        Held::Gone => "fault-file-gone",
        Held::None | Held::Here(_) => return None,
    };
    Some(Fault { field: "file", text: Markup::isolating(&reader.say(id)) })
}

/// The file of a form as the form shows it.
pub(super) fn file_field(reader: Reader, needed: bool, fields: &Fields, held: &Held) -> FileField {
    let (id, name) = match held {
        Held::Here(file) => (fields.first(CHOSEN).to_owned(), Some(file::named(reader, file))),
        Held::None | Held::Gone => (String::new(), None),
    };
    FileField { id, name, needed }
}

fn form(
    visit: &Visit,
    kind: Kind,
    looked: &Looked,
    fields: &Fields,
    held: &Held,
    faults: Vec<Fault>,
) -> Form {
    let (reader, request) = (visit.reader, fields.first(REQUEST));
    let mut frame = visit.frame(reader.say(&format!("do-{}", kind.word())), looked.party.clone());
    frame.faulty = !faults.is_empty();
    Form {
        frame,
        title: looked.title.clone(),
        back: visit.to(&looked.about),
        hint: reader.say(&format!("then-{}", kind.word())),
        rows: looked.rows.clone(),
        pins: Vec::new(),
        request: if request.is_empty() { Visit::request() } else { request.to_owned() },
        note_label: reader.say(if kind == Kind::Erase { "row-reason" } else { "row-note" }),
        note: fields.words("note"),
        note_needed: kind.needs_words(),
        file: (kind == Kind::Attach).then(|| file_field(reader, true, fields, held)),
        faults,
    }
}

fn propose(reader: Reader, kind: Kind, looked: Looked, words: &str, held: Held) -> Proposal {
    let (tag, label) =
        if kind == Kind::Erase { (FieldTag::Reason, "row-reason") } else { (FieldTag::Note, "row-note") };
    let about = Row { label: reader.say("entry-about"), value: Markup::name(&looked.title), was: None };
    let mut rows = if kind == Kind::Erase { looked.rows } else { Vec::new() };
    rows.insert(0, about);
    let mut content = Content::default();
    if let Held::Here(file) = held {
        rows.extend(file::rows(reader, &file));
        content = file::carrying(content, file);
    }
    if !words.is_empty() {
        rows.push(Row { label: reader.say(label), value: Markup::text(words), was: None });
        content = content.with(tag, "", words);
    }
    Proposal {
        space: looked.space,
        operation: looked.operation,
        content: Some(content),
        statement: reader.tell(&format!("sign-{}", kind.word()), &[("party", (&looked.party).into())]),
        rows,
        consequence: reader.say(&format!("then-{}", kind.word())),
        grave: kind == Kind::Erase,
        party: looked.party,
    }
}

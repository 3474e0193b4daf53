//! The pages: each struct, its handler and its template are neighbours in `page/`.

pub(crate) mod act;
pub(crate) mod agree;
pub(crate) mod agreement;
pub(crate) mod agreements;
pub(crate) mod answers;
pub(crate) mod ballot;
pub(crate) mod beside;
pub(crate) mod commitment;
pub(crate) mod consent;
pub(crate) mod declaration;
pub(crate) mod declare;
mod draft;
pub(crate) mod drafts;
mod due;
pub(crate) mod entrance;
mod entry;
mod field;
pub(crate) mod file;
pub(crate) mod inbox;
pub(crate) mod invitation;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod matches;
mod names;
pub(crate) mod offer;
mod outside;
pub(crate) mod people;
mod pins;
pub(crate) mod private;
mod proposal;
mod provisions;
pub(crate) mod register;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod signed;
pub(crate) mod space;
pub(crate) mod spaces;
mod standing;
pub(crate) mod stocktake;
pub(crate) mod style;
mod terms;
mod text_draft;
pub(crate) mod transcripts;
pub(crate) mod trouble;

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use crate::error::Trouble;
use crate::markup::Markup;

/// A template as an answer.
fn shown(page: &impl Template) -> Result<Response, Trouble> {
    Ok(Html(page.render()?).into_response())
}

/// One fact: what it is, what it says, and what it said before if that differs.
#[derive(Clone, Debug)]
struct Row {
    label: String,
    value: Markup,
    was: Option<Markup>,
}

/// One thing that our party can do.
struct Choice {
    to: String,
    words: String,
    hint: String,
    /// `first` for what moves things on, `grave` for what ends them.
    class: &'static str,
}

/// What is wrong with a field of a form: the field's name, and the words that stand above the form and at the field.
#[derive(Clone, Debug)]
struct Fault {
    field: &'static str,
    text: Markup,
}

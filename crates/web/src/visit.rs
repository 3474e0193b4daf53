//! One request of one person: what the guard let through, and the frame of the page that answers it.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use node::Entropy;
use node::oplog::id::hex;

use crate::desk::Desk;
use crate::error::Trouble;
use crate::fields::Fields;
use crate::messages::calm;
use crate::reader::Reader;
use crate::session::Visitor;

/// One request of one person.
pub(crate) struct Visit {
    pub(crate) desk: Desk,
    pub(crate) reader: Reader,
    pub(crate) visitor: Visitor,
    pub(crate) query: Fields,
    /// What was sent with a form; `None` for a page that was only asked for.
    pub(crate) form: Option<Fields>,
    uri: Uri,
}

impl FromRequestParts<Desk> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Trouble> {
        let path = parts.uri.path();
        let reader = parts.extensions.get::<Reader>().copied().ok_or(Trouble::NoSession)?;
        // An address in a language that there is not is no address.
        let code = path.split('/').nth(1).unwrap_or_default();
        if !code.is_empty() && code != reader.lang.code() {
            return Err(Trouble::Missing);
        }
        Ok(Self {
            desk: desk.clone(),
            reader,
            visitor: parts.extensions.get::<Visitor>().cloned().ok_or(Trouble::NoSession)?,
            query: Fields::read(parts.uri.query().unwrap_or_default().as_bytes()),
            form: parts.extensions.remove::<Fields>(),
            uri: parts.uri.clone(),
        })
    }
}

/// What every page has around what it says.
pub(crate) struct Frame {
    pub(crate) reader: Reader,
    pub(crate) title: String,
    /// The same page in another language, without the language in front; empty when it cannot be asked for again.
    pub(crate) here: String,
    /// The session's token; empty without a session.
    pub(crate) token: String,
    /// Our party's name.
    pub(crate) party: String,
    /// Whether something on the page has to be mended.
    pub(crate) faulty: bool,
}

impl Frame {
    /// The address of a page in the reader's language.
    pub(crate) fn to(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.reader.lang.code())
    }
}

impl Visit {
    /// The frame of a page.
    pub(crate) fn frame(&self, title: String, party: String) -> Frame {
        let whole = self.uri.path_and_query().map_or("", |whole| whole.as_str());
        let rest = whole.strip_prefix('/').and_then(|rest| rest.split_once('/')).map_or("", |(_, rest)| rest);
        let here = if self.form.is_some() { String::new() } else { rest.to_owned() };
        let (reader, token) = (self.reader, self.visitor.token.clone());
        Frame { reader, title: calm(&title), here, token, party: calm(&party), faulty: false }
    }

    /// The address of a page in the reader's language.
    pub(crate) fn to(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.reader.lang.code())
    }

    /// Whether the address names no page and no language.
    pub(crate) fn is_root(&self) -> bool {
        self.uri.path() == "/"
    }

    /// A fresh idempotency id for a form.
    pub(crate) fn request() -> String {
        hex(&Entropy::System.salt())
    }
}

//! One request of one person: what the guard let through, and the frame of the page that answers it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::Uri;
use axum::http::request::Parts;
use node::oplog::id::hex;
use node::{Entropy, Right, Role, Visitor};

use crate::desk::Desk;
use crate::error::Trouble;
use crate::fields::{Fields, Upload};
use crate::guard::Permitted;
use crate::messages::calm;
use crate::reader::Reader;

/// One request of one person.
pub(crate) struct Visit {
    pub(crate) desk: Desk,
    pub(crate) reader: Reader,
    pub(crate) visitor: Visitor,
    pub(crate) query: Fields,
    /// What was sent with a form; `None` for a page that was only asked for.
    pub(crate) form: Option<Fields>,
    /// The file that was sent with the form.
    pub(crate) upload: Option<Upload>,
    /// The address from which it came.
    pub(crate) from: IpAddr,
    uri: Uri,
}

impl FromRequestParts<Desk> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Trouble> {
        let path = parts.uri.path();
        parts.extensions.get::<Permitted>().ok_or(Trouble::NotAllowed)?;
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
            upload: parts.extensions.remove::<Arc<Upload>>().and_then(Arc::into_inner),
            from: address(parts),
            uri: parts.uri.clone(),
        })
    }
}

/// The address from which a request came; this machine's where nobody says.
pub(crate) fn address(parts: &Parts) -> IpAddr {
    let found = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    found.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())
}

/// What every page has around what it says.
pub(crate) struct Frame {
    pub(crate) reader: Reader,
    pub(crate) title: String,
    /// The same page in another language, without the language in front; empty when it cannot be asked for again.
    pub(crate) here: String,
    /// The session's token.
    pub(crate) token: String,
    /// Who reads.
    pub(crate) person: String,
    /// The reader's role.
    pub(crate) role: Role,
    /// Our party's name.
    pub(crate) party: String,
    /// Whether something on the page has to be mended.
    pub(crate) faulty: bool,
}

impl Frame {
    /// Whether the reader may sign about commitments.
    pub(crate) fn commits(&self) -> bool {
        self.role.may(Right::Commit)
    }

    /// Whether the reader may comment and attach, and keep the private desk.
    pub(crate) fn comments(&self) -> bool {
        self.role.may(Right::Comment)
    }

    /// Whether the reader may sign about spaces.
    pub(crate) fn votes(&self) -> bool {
        self.role.may(Right::Vote)
    }

    /// Whether the reader has an inbox.
    pub(crate) fn has_inbox(&self) -> bool {
        self.role.may(Right::Desk)
    }

    /// Whether the reader manages people.
    pub(crate) fn has_people(&self) -> bool {
        self.role.may(Right::People)
    }

    /// Where the reader begins.
    pub(crate) fn home(&self) -> String {
        self.to(home(self.role))
    }

    /// The address of a page in the reader's language.
    pub(crate) fn to(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.reader.lang.code())
    }
}

/// The page with which a role begins, without its language.
pub(crate) fn home(role: Role) -> &'static str {
    if role.may(Right::Desk) { "inbox" } else { "spaces" }
}

impl Visit {
    /// The frame of a page.
    pub(crate) fn frame(&self, title: String, party: String) -> Frame {
        let whole = self.uri.path_and_query().map_or("", |whole| whole.as_str());
        let rest = whole.strip_prefix('/').and_then(|rest| rest.split_once('/')).map_or("", |(_, rest)| rest);
        let here = if self.form.is_some() { String::new() } else { rest.to_owned() };
        let (reader, token) = (self.reader, self.visitor.token().to_owned());
        let person = self.visitor.person();
        Frame {
            reader,
            title: calm(&title),
            here,
            token,
            person: calm(&person.name),
            role: person.role,
            party: calm(&party),
            faulty: false,
        }
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

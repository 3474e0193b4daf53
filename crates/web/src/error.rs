//! What went wrong, as an answer: the only file that knows HTTP statuses.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use node::NodeError;

use crate::arrival::NotTaken;

/// No such page, for peers: the same empty answer whatever was asked.
pub(crate) async fn mute() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// No such page of the desk.
pub(crate) async fn missing() -> Trouble {
    Trouble::Missing
}

/// A page for a form that has to be filled in once more.
pub(crate) fn once_more(page: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

/// A page for a form that was sent before, filled in differently.
pub(crate) fn done_otherwise(page: String) -> Response {
    (StatusCode::CONFLICT, Html(page)).into_response()
}

/// A page for something that went wrong.
pub(crate) fn troubled(trouble: &Trouble, page: String) -> Response {
    (trouble.status(), Html(page)).into_response()
}

/// Why a person gets another page than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such thing here; whether it is elsewhere is not said.
    Missing,
    /// The Host header names another than this listener.
    OtherHost,
    /// No session, or it is over.
    NoSession,
    /// The role of whoever asks does not allow it.
    NotAllowed,
    /// The invitation was used, has expired, or never was.
    NoInvitation,
    /// The form was not sent from a page of ours.
    Foreign,
    /// The form does not carry the session's token.
    Forged,
    /// Not a form.
    Unreadable,
    /// The form is over the limit.
    TooLarge,
    /// The form took too long to arrive.
    TooSlow,
    /// The step is not open to our party as things stand.
    NotNow,
    /// No room now.
    Busy,
    /// Our side failed; says how.
    Failed(String),
}

impl Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::NoInvitation => StatusCode::NOT_FOUND,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::NoSession => StatusCode::UNAUTHORIZED,
            Self::Foreign | Self::Forged | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotNow => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Trouble {
    /// The status alone: the guard, which knows the reader, makes the page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<NodeError> for Trouble {
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is, now or later, is a failure")]
    fn from(error: NodeError) -> Self {
        match error {
            NodeError::NoSuch(_) | NodeError::NoSuchSpace => Self::Missing,
            NodeError::NotAllowed => Self::NotAllowed,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Why a peer gets no answer. Nothing is said beyond the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeerTrouble {
    /// Not signed by a nonce that we issued to it.
    Unsigned,
    /// Not a message.
    Unreadable,
    /// Over the limit.
    TooLarge,
    /// It took too long to arrive.
    TooSlow,
    /// It asks too often.
    TooMany,
    /// No room now.
    Busy,
    /// Our side failed.
    Failed,
}

impl IntoResponse for PeerTrouble {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unsigned => StatusCode::UNAUTHORIZED,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        status.into_response()
    }
}

impl From<NotTaken> for Trouble {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::TooLarge => Self::TooLarge,
            NotTaken::TooSlow => Self::TooSlow,
            NotTaken::CutOff => Self::Unreadable,
        }
    }
}

impl From<NotTaken> for PeerTrouble {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::TooLarge => Self::TooLarge,
            NotTaken::TooSlow => Self::TooSlow,
            NotTaken::CutOff => Self::Unreadable,
        }
    }
}

//! What went wrong, as an answer: the only file that knows HTTP statuses.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// No such page, for peers: the same empty answer whatever was asked.
pub(crate) async fn mute() -> Response {
    StatusCode::NOT_FOUND.into_response()
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

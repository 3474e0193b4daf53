//! Every URL, on one screen. What is not here does not exist.

use axum::Router;
use axum::routing::post;

use crate::error;
use crate::peers::{self, Gate};

/// What peers may ask.
pub(crate) fn peers(gate: Gate) -> Router {
    Router::new()
        .route("/peer/v0/nonce", post(peers::nonce))
        .route("/peer/v0", post(peers::message))
        .fallback(error::mute)
        .method_not_allowed_fallback(error::mute)
        .with_state(gate)
}

//! Every URL, on one screen. What is not here does not exist.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::desk::Desk;
use crate::page::{act, ballot, commitment, entrance, inbox, list, log, offer, signed, space, spaces, style};
use crate::peers::{self, Gate};
use crate::{error, guard};

/// What peers may ask.
pub(crate) fn peers(gate: Gate) -> Router {
    Router::new()
        .route("/peer/v0/nonce", post(peers::nonce))
        .route("/peer/v0", post(peers::message))
        .fallback(error::mute)
        .method_not_allowed_fallback(error::mute)
        .with_state(gate)
}

/// What our own people may ask: whatever stands above `admit` wants a session, and a change also a token.
pub(crate) fn desk(desk: Desk) -> Router {
    Router::new()
        .route("/", get(entrance::begin))
        .route("/{lang}", get(entrance::begin))
        .route("/{lang}/leave", post(entrance::leave))
        .route("/{lang}/inbox", get(inbox::show))
        .route("/{lang}/spaces", get(spaces::show))
        .route("/{lang}/spaces/{space}", get(space::show))
        .route("/{lang}/spaces/{space}/commitments", get(list::show))
        .route("/{lang}/spaces/{space}/log", get(log::show))
        .route("/{lang}/spaces/{space}/offer", get(offer::begin_new).post(offer::take_new))
        .route("/{lang}/spaces/{space}/ballots/{ballot}/{verb}", get(ballot::begin).post(ballot::take))
        .route("/{lang}/commitments/{object}", get(commitment::show))
        .route("/{lang}/commitments/{object}/terms/{kind}", get(offer::begin).post(offer::take))
        .route("/{lang}/commitments/{object}/{verb}", get(act::begin).post(act::take))
        .route("/{lang}/signed/{request}", get(signed::show))
        .fallback(error::missing)
        .method_not_allowed_fallback(error::missing)
        .layer(from_fn_with_state(desk.clone(), guard::admit))
        .route("/style.css", get(style::show))
        .route("/{lang}/enter/{secret}", get(entrance::enter))
        .layer(from_fn_with_state(desk.clone(), guard::dress))
        .with_state(desk)
}

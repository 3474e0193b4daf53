//! Every URL, on one screen. What is not here does not exist.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use node::Right;

use crate::desk::Desk;
use crate::page::{
    act, agree, agreement, agreements, answers, ballot, beside, commitment, consent, declaration, declare,
    drafts, entrance, file, inbox, invitation, list, log, matches, offer, people, private, register, search,
    sessions, sign_in, signed, space, spaces, stocktake, style, transcripts,
};
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

/// What our own people may ask. Whatever stands in a group of a right wants a session of a role that has it, and a change
/// also a token; what stands in none is not reached.
pub(crate) fn desk(desk: Desk) -> Router {
    let within = Router::new()
        .merge(read().route_layer(from_fn_with_state(Right::Read, guard::permit)))
        .merge(own_side().route_layer(from_fn_with_state(Right::Desk, guard::permit)))
        .merge(commit().route_layer(from_fn_with_state(Right::Commit, guard::permit)))
        .merge(comment().route_layer(from_fn_with_state(Right::Comment, guard::permit)))
        .merge(vote().route_layer(from_fn_with_state(Right::Vote, guard::permit)))
        .merge(people().route_layer(from_fn_with_state(Right::People, guard::permit)))
        .fallback(error::missing)
        .method_not_allowed_fallback(error::missing)
        .layer(from_fn_with_state(desk.clone(), guard::admit));
    let outside = outside().route_layer(from_fn_with_state(desk.clone(), guard::receive_outside));
    within.merge(outside).layer(from_fn_with_state(desk.clone(), guard::dress)).with_state(desk)
}

/// What needs no session.
fn outside() -> Router<Desk> {
    Router::new()
        .route("/style.css", get(style::show))
        .route("/{lang}/sign-in", get(sign_in::begin).post(sign_in::take))
        .route("/{lang}/invitation/{secret}", get(invitation::begin).post(invitation::take))
}

/// [`Right::Read`]
fn read() -> Router<Desk> {
    Router::new()
        .route("/", get(entrance::begin))
        .route("/{lang}", get(entrance::begin))
        .route("/{lang}/leave", post(entrance::leave))
        .route("/{lang}/sessions", get(sessions::show))
        .route("/{lang}/sessions/{session}/end", post(sessions::end))
        .route("/{lang}/search", get(search::show))
        .route("/{lang}/spaces", get(spaces::show))
        .route("/{lang}/spaces/{space}", get(space::show))
        .route("/{lang}/spaces/{space}/commitments", get(list::show))
        .route("/{lang}/spaces/{space}/agreements", get(agreements::show))
        .route("/{lang}/agreements/{object}", get(agreement::show))
        .route("/{lang}/spaces/{space}/log", get(log::show))
        .route("/{lang}/spaces/{space}/capabilities", get(register::show))
        .route("/{lang}/commitments/{object}", get(commitment::show))
        .route("/{lang}/entries/{entry}/file", get(file::hand_out))
        .route("/{lang}/declarations/{object}", get(declaration::show))
}

/// [`Right::Desk`]
fn own_side() -> Router<Desk> {
    Router::new()
        .route("/{lang}/inbox", get(inbox::show))
        .route("/{lang}/stocktake", get(stocktake::show))
        .route("/{lang}/transcripts", get(transcripts::show))
        .route("/{lang}/commitments/{object}/private", get(private::show))
        .route("/{lang}/matches", get(matches::show))
        .route("/{lang}/signed/{request}", get(signed::show))
}

/// [`Right::Commit`]
fn commit() -> Router<Desk> {
    Router::new()
        .route("/{lang}/answers", get(answers::begin).post(answers::take))
        .route("/{lang}/spaces/{space}/transcripts", get(transcripts::begin).post(transcripts::take))
        .route("/{lang}/drafts", get(drafts::show))
        .route("/{lang}/drafts/{draft}/end", post(drafts::end))
        .route("/{lang}/spaces/{space}/offer", get(offer::begin_new).post(offer::take_new))
        .route("/{lang}/spaces/{space}/agree", get(agree::begin_new).post(agree::take_new))
        .route("/{lang}/agreements/{object}/terms/{kind}", get(agree::begin).post(agree::take))
        .route("/{lang}/agreements/{object}/{verb}", get(consent::begin).post(consent::take))
        .route("/{lang}/commitments/{object}/terms/{kind}", get(offer::begin).post(offer::take))
        .route("/{lang}/commitments/{object}/{verb}", get(act::begin).post(act::take))
        .route("/{lang}/spaces/{space}/declare/{sort}", get(declare::begin_new).post(declare::take_new))
        .route("/{lang}/declarations/{object}/{verb}", get(declare::begin).post(declare::take))
}

/// [`Right::Comment`]
fn comment() -> Router<Desk> {
    Router::new()
        .route("/{lang}/commitments/{object}/comment", get(beside::begin_comment).post(beside::take_comment))
        .route("/{lang}/commitments/{object}/private", post(private::take))
        .route("/{lang}/transcripts/{object}", post(transcripts::mark))
        .route("/{lang}/commitments/{object}/attach", get(beside::begin_attach).post(beside::take_attach))
}

/// [`Right::Vote`]
fn vote() -> Router<Desk> {
    Router::new()
        .route("/{lang}/entries/{entry}/erase", get(beside::begin_erase).post(beside::take_erase))
        .route("/{lang}/spaces/{space}/ballots/{ballot}/{verb}", get(ballot::begin).post(ballot::take))
}

/// [`Right::People`]
fn people() -> Router<Desk> {
    Router::new()
        .route("/{lang}/people", get(people::show).post(people::add))
        .route("/{lang}/people/{person}", post(people::change))
}

//! The way in and out: a one-time link becomes a session, and a session ends.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::desk::Desk;
use crate::error::Trouble;
use crate::lang::Lang;
use crate::session::WHOLE_MS;
use crate::visit::Visit;

const MS_PER_SECOND: u64 = 1_000;

/// `GET /` and `GET /{lang}`
pub(crate) async fn begin(visit: Visit, headers: HeaderMap) -> Redirect {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = if visit.is_root() { Lang::asked_for(asked) } else { visit.reader.lang };
    Redirect::to(&format!("/{}/inbox", lang.code()))
}

/// `GET /{lang}/enter/{secret}`: uses the link up and opens a session.
pub(crate) async fn enter(
    State(desk): State<Desk>,
    Path((lang, secret)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let lang: Lang = lang.parse().map_err(|_| Trouble::Missing)?;
    let session = desk.sessions().enter(&secret, desk.clock.now_ms()).ok_or(Trouble::NoSession)?;
    let cookie = cookie(&desk, &session, WHOLE_MS / MS_PER_SECOND);
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&format!("/{}/inbox", lang.code()))).into_response())
}

/// `POST /{lang}/leave`: ends the session.
pub(crate) async fn leave(visit: Visit) -> Response {
    visit.desk.sessions().leave(&visit.visitor);
    ([(SET_COOKIE, cookie(&visit.desk, "", 0))], Redirect::to(&visit.to("inbox"))).into_response()
}

/// Not `Secure`, as the listener speaks plain HTTP to this machine alone.
fn cookie(desk: &Desk, session: &str, seconds: u64) -> String {
    format!("{}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict", desk.cookie())
}

//! The way in and out: where a person begins, and how a session is kept by a browser.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};
use node::Node;

use crate::desk::Desk;
use crate::error::Trouble;
use crate::lang::Lang;
use crate::visit::{Visit, home};

const MS_PER_SECOND: u64 = 1_000;

/// `GET /` and `GET /{lang}`
pub(crate) async fn begin(visit: Visit, headers: HeaderMap) -> Redirect {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = if visit.is_root() { Lang::asked_for(asked) } else { visit.reader.lang };
    Redirect::to(&format!("/{}/{}", lang.code(), home(visit.visitor.person().role)))
}

/// `POST /{lang}/leave`: ends the session.
pub(crate) async fn leave(visit: Visit) -> Result<Response, Trouble> {
    let visitor = visit.visitor.clone();
    visit.desk.ask(move |node| node.leave_session(&visitor)).await?;
    Ok(([(SET_COOKIE, cookie(&visit.desk, "", 0))], Redirect::to(&visit.to("sign-in"))).into_response())
}

/// Gives a browser a session, and leads it to where a person begins.
pub(super) fn opened(desk: &Desk, lang: Lang, session: &str) -> Response {
    let cookie = cookie(desk, session, Node::SESSION_MS / MS_PER_SECOND);
    ([(SET_COOKIE, cookie)], Redirect::to(&format!("/{}", lang.code()))).into_response()
}

/// `Secure` where browsers come by TLS; otherwise the listener speaks plain HTTP to this machine alone.
fn cookie(desk: &Desk, session: &str, seconds: u64) -> String {
    let secure = if desk.has_tls() { "; Secure" } else { "" };
    format!("{}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", desk.cookie())
}

//! What every request passes before a page sees it: host, session, origin, size, token; and what every answer bears.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use node::{Right, Visitor};

use crate::arrival;
use crate::desk::Desk;
use crate::error::Trouble;
use crate::fields::{Fields, TOKEN};
use crate::lang::Lang;
use crate::page::trouble;
use crate::reader::Reader;

/// The most bytes of one form. A text far over its own limit still fits, so that its writer gets it back.
pub(crate) const FORM_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most bytes of a form of whoever has no session. So small that it is read before it has a place.
const OUTSIDE_BYTES_MAX: usize = 64 * 1024;
/// The type in which browsers send forms.
const FORM_TYPE: &str = "application/x-www-form-urlencoded";
const FETCH_SITE: &str = "sec-fetch-site";

/// What a page may load and where its forms may go: our style sheet, and here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const BORNE: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Around everything: the host, the language, and the headers of every answer. What went wrong becomes a page here.
pub(crate) async fn dress(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let asked = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let reader = Reader { lang: addressed(request.uri().path()).unwrap_or(Lang::asked_for(asked)) };
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let mut response = if host.is_some_and(|host| desk.is_host(host)) {
        request.extensions_mut().insert(reader);
        next.run(request).await
    } else {
        Trouble::OtherHost.into_response()
    };
    if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        response = trouble::page(reader, &trouble);
    }
    for (name, value) in BORNE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The language that an address begins with.
fn addressed(path: &str) -> Option<Lang> {
    path.split('/').nth(1)?.parse().ok()
}

/// Before every page: a session, its person's role read anew; and before every change also the origin, the size and the
/// token. So a handler that forgets to ask cannot exist.
pub(crate) async fn admit(
    State(desk): State<Desk>,
    request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let _place = desk.place().await?;
    let visitor = visitor(&desk, request.headers()).await?.ok_or(Trouble::NoSession)?;
    let mut request = received(&desk, request, FORM_BYTES_MAX).await?;
    if let Some(fields) = request.extensions().get::<Fields>()
        && !visitor.made(fields.first(TOKEN))
    {
        return Err(Trouble::Forged);
    }
    request.extensions_mut().insert(visitor);
    Ok(next.run(request).await)
}

/// Before the pages that lead in, which nobody has a session for: the origin and the size.
pub(crate) async fn receive_outside(
    State(desk): State<Desk>,
    request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let request = received(&desk, request, OUTSIDE_BYTES_MAX).await?;
    let _place = desk.place().await?;
    Ok(next.run(request).await)
}

/// What was let through, for a page that asks: a handler behind no right finds none and refuses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permitted;

/// Before the pages that want a right: the role of whoever asks.
pub(crate) async fn permit(
    State(right): State<Right>,
    mut request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let visitor = request.extensions().get::<Visitor>().ok_or(Trouble::NoSession)?;
    if !visitor.may(right) {
        return Err(Trouble::NotAllowed);
    }
    request.extensions_mut().insert(Permitted);
    Ok(next.run(request).await)
}

/// The request with its form read, if it changes something.
async fn received(desk: &Desk, request: Request, bytes_max: usize) -> Result<Request, Trouble> {
    let (mut parts, body) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::HEAD {
        if !from_here(desk, &parts.headers) {
            return Err(Trouble::Foreign);
        }
        let fields = receive(&parts.headers, body, bytes_max).await?;
        parts.extensions.insert(fields);
    }
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn visitor(desk: &Desk, headers: &HeaderMap) -> Result<Option<Visitor>, Trouble> {
    let name = desk.cookie();
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, secret)) = pairs.find(|(held, _)| *held == name) else { return Ok(None) };
    let secret = secret.to_owned();
    desk.ask(move |node| node.visit(&secret)).await
}

/// Whether a form was sent from a page of ours. Under our referrer policy browsers send the origin `null` even then,
/// so one that says `null` must say by Sec-Fetch-Site that it is ours; one that says nothing is not believed.
fn from_here(desk: &Desk, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(FETCH_SITE);
    let same_site = site == Some("same-origin");
    if site.is_some() && !same_site {
        return false;
    }
    match text(ORIGIN.as_str()) {
        None | Some("null") => same_site,
        Some(origin) => {
            let scheme = if desk.has_tls() { "https://" } else { "http://" };
            let named = origin.strip_prefix(scheme).filter(|host| desk.is_host(host));
            named.is_some() && named == text(HOST.as_str())
        }
    }
}

async fn receive(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Fields, Trouble> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some(FORM_TYPE) {
        return Err(Trouble::Unreadable);
    }
    let bytes = arrival::receive(body, bytes_max).await?;
    Ok(Fields::read(&bytes))
}

//! What every request passes before a page sees it: host, session, origin, size, token; and what every answer bears.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
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
use crate::fields::{FILE, Fields, TOKEN, Upload};
use crate::lang::Lang;
use crate::page::trouble;
use crate::reader::Reader;

/// The most bytes of one form. A text far over its own limit still fits, so that its writer gets it back.
pub(crate) const FORM_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most bytes of a form of whoever has no session. So small that it is read before it has a place.
const OUTSIDE_BYTES_MAX: usize = 64 * 1024;
/// The most bytes of a file that comes with a form.
pub(crate) const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The most bytes of a form that carries a file, with all its other fields.
const UPLOAD_BYTES_MAX: usize = 22 * 1024 * 1024;
/// The type in which browsers send forms.
const FORM_TYPE: &str = "application/x-www-form-urlencoded";
/// The type in which browsers send forms with a file.
const UPLOAD_TYPE: &str = "multipart/form-data";
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
        // A file that is handed out bears a policy of its own, under which nothing in it can act.
        if name != CONTENT_SECURITY_POLICY || !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
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
    // Held until the page has done with the file.
    let _turn = if is_upload(request.headers()) { Some(desk.upload_turn().await?) } else { None };
    let mut request = received(&desk, request, FORM_BYTES_MAX, receive_any).await?;
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
    let request = received(&desk, request, OUTSIDE_BYTES_MAX, receive).await?;
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
async fn received(
    desk: &Desk,
    request: Request,
    bytes_max: usize,
    receive: impl AsyncFnOnce(&HeaderMap, Body, usize) -> Result<Form, Trouble>,
) -> Result<Request, Trouble> {
    let (mut parts, body) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::HEAD {
        if !from_here(desk, &parts.headers) {
            return Err(Trouble::Foreign);
        }
        let (fields, upload) = receive(&parts.headers, body, bytes_max).await?;
        parts.extensions.insert(fields);
        if let Some(upload) = upload {
            parts.extensions.insert(Arc::new(upload));
        }
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

/// What a form says, and the file that it carries.
type Form = (Fields, Option<Upload>);

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_upload(headers: &HeaderMap) -> bool {
    content_type(headers).split(';').next().map(str::trim) == Some(UPLOAD_TYPE)
}

async fn receive_any(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Form, Trouble> {
    if is_upload(headers) {
        receive_upload(headers, body).await
    } else {
        receive(headers, body, bytes_max).await
    }
}

/// A form with at most one file.
async fn receive_upload(headers: &HeaderMap, body: Body) -> Result<Form, Trouble> {
    let boundary = multer::parse_boundary(content_type(headers)).map_err(|_| Trouble::Unreadable)?;
    let body = Bytes::from(arrival::receive(body, UPLOAD_BYTES_MAX).await?);
    let limits = multer::SizeLimit::new().for_field(FILE, FILE_BYTES_MAX);
    let limits = multer::Constraints::new().size_limit(limits);
    let whole = futures_util::stream::iter([Ok::<_, Infallible>(body)]);
    let form = multer::Multipart::with_constraints(whole, boundary, limits);
    let too_large = |why: &multer::Error| matches!(why, multer::Error::FieldSizeExceeded { .. });
    let read = read_upload(form).await;
    read.map_err(|why| if too_large(&why) { Trouble::TooLarge } else { Trouble::Unreadable })
}

async fn read_upload(mut form: multer::Multipart<'_>) -> multer::Result<Form> {
    let (mut fields, mut upload) = (Fields::default(), None);
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            // Not as the field claims to be encoded: our pages are in UTF-8, and so are their forms.
            fields.add(name, String::from_utf8_lossy(&field.bytes().await?).into_owned());
            continue;
        };
        let media = field.content_type().map(ToString::to_string).unwrap_or_default();
        let bytes = field.bytes().await?;
        // A form in which no file was chosen has one without a name and without bytes.
        if name == FILE && upload.is_none() && !(file_name.is_empty() && bytes.is_empty()) {
            upload = Some(Upload { name: file_name, media, bytes: bytes.into() });
        }
    }
    Ok((fields, upload))
}

async fn receive(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Form, Trouble> {
    if content_type(headers).split(';').next().map(str::trim) != Some(FORM_TYPE) {
        return Err(Trouble::Unreadable);
    }
    let bytes = arrival::receive(body, bytes_max).await?;
    Ok((Fields::read(&bytes), None))
}

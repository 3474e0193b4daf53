//! The style sheet, which is a part of the program.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// `GET /style.css`
pub(crate) async fn show() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "private, max-age=300")];
    (headers, include_str!("../style.css"))
}

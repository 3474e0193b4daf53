//! What a node shows: the desk for its own people, and the listener for its peers.
//!
//! A router over one shared node. Every question to the node is asked on a blocking thread, as the node reads a
//! database and signs.

mod desk;
mod error;
mod fields;
mod guard;
mod lang;
mod limit;
mod markup;
mod messages;
mod page;
mod peers;
mod reader;
mod refusal;
mod routes;
mod visit;

use axum::Router;
use node::Shared;

pub use desk::{Desk, NotLoopback};
pub use lang::{Lang, NoSuchLang};

/// The router for peers: nothing but the exchange between nodes.
pub fn peers(shared: Shared) -> Router {
    routes::peers(peers::Gate::new(shared))
}

/// The router for our own people: pages, behind a session of one of the party's people.
pub fn desk(desk: Desk) -> Router {
    routes::desk(desk)
}

/// Serves a router until the process ends; handlers learn the other side's address, by which peers are limited.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: tokio::net::TcpListener, router: Router) -> std::io::Result<()> {
    axum::serve(listener, router.into_make_service_with_connect_info::<std::net::SocketAddr>()).await
}

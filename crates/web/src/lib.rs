//! What a node shows: the listener for its peers.
//!
//! A router over one shared node. Every question to the node is asked on a blocking thread, as the node reads a
//! database and signs.

mod error;
mod limit;
mod peers;
mod routes;

use axum::Router;
use node::Shared;

/// The router for peers: nothing but the exchange between nodes.
pub fn peers(shared: Shared) -> Router {
    routes::peers(peers::Gate::new(shared))
}

/// Serves a router until the process ends; handlers learn the other side's address, by which peers are limited.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: tokio::net::TcpListener, router: Router) -> std::io::Result<()> {
    axum::serve(listener, router.into_make_service_with_connect_info::<std::net::SocketAddr>()).await
}

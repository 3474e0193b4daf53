//! What a node shows: the desk for its own people, and the listener for its peers.
//!
//! A router over one shared node. Every question to the node is asked on a blocking thread, as the node reads a
//! database and signs.

mod arrival;
mod desk;
mod error;
mod fields;
mod guard;
mod lang;
mod limit;
mod listen;
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
pub use listen::serve;

/// The router for peers: nothing but the exchange between nodes.
pub fn peers(shared: Shared) -> Router {
    routes::peers(peers::Gate::new(shared))
}

/// The router for our own people: pages, behind a session of one of the party's people.
pub fn desk(desk: Desk) -> Router {
    routes::desk(desk)
}

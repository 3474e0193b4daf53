//! Goes round the peers: one exchange with each, until neither side has anything more to say.

use node::oplog::id::hex;
use node::{Peer, Shared};

use crate::dial::Call;
use crate::failure::{Failure, Result};

/// The most messages of one exchange.
const TRIPS_MAX: usize = 1_000;

/// What an exchange with one peer came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchanged {
    /// How many entries and contents were new here.
    pub(crate) new: usize,
    /// How many messages went out.
    pub(crate) trips: usize,
    /// Items that were no good.
    pub(crate) bad: Vec<String>,
}

/// Exchanges with one peer.
pub(crate) fn with_peer(shared: &Shared, peer: &Peer) -> Result<Exchanged> {
    let mut call = Call::new(shared, peer.node, &peer.url)?;
    let mut message = shared.lock().greet(peer.space, peer.node)?;
    let mut done = Exchanged::default();
    while !message.is_empty() && done.trips < TRIPS_MAX {
        let answer = call.send(&message)?;
        let back = shared.lock().exchange(peer.node, &answer)?;
        done.trips += 1;
        done.new += back.new;
        done.bad.extend(back.bad);
        message = back.frames;
    }
    Ok(done)
}

/// Exchanges with every peer that has an address, or with the one that is meant.
pub(crate) fn with_all(shared: &Shared, only: Option<&str>) -> Result<Vec<(Peer, Result<Exchanged>)>> {
    let meant = |peer: &Peer| match only {
        Some(text) => {
            peer.url == text.trim_end_matches('/')
                || (text.len() >= 4 && hex(&peer.node.to_wire()).starts_with(text))
        }
        None => true,
    };
    let peers: Vec<_> =
        shared.lock().peers()?.into_iter().filter(|peer| !peer.url.is_empty() && meant(peer)).collect();
    if let (Some(text), true) = (only, peers.is_empty()) {
        return Err(Failure::not_found(format!("no such peer: {text}")).hint("peygir status lists them"));
    }
    Ok(peers
        .into_iter()
        .map(|peer| {
            let done = with_peer(shared, &peer);
            (peer, done)
        })
        .collect())
}

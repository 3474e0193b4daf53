//! Goes round the peers: one exchange with each, until neither side has anything more to say.

use node::oplog::id::hex;
use node::oplog::sync::Frame;
use node::{Answer, NodeError, Peer, Shared};

use crate::dial::Call;
use crate::failure::{Failure, Result};
use crate::reach::Reach;

/// The most messages of one exchange.
const TRIPS_MAX: usize = 1_000;
/// How long one exchange may take, in milliseconds: a peer that draws it out keeps others waiting. What is left comes with
/// the next one.
const EXCHANGE_MS_MAX: u64 = 120_000;

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
    let reach = if peer.told { Reach::Open } else { Reach::Anywhere };
    let mut call = Call::new(shared, peer.node, &peer.url, reach)?;
    let mut message = shared.lock().greet(peer.space, peer.node)?;
    let mut done = Exchanged::default();
    let clock = shared.lock().clock();
    let since_ms = clock.now_ms();
    let has_time = || clock.now_ms().saturating_sub(since_ms) < EXCHANGE_MS_MAX;
    while !message.is_empty() && done.trips < TRIPS_MAX && has_time() {
        let answer = call.send(&message)?;
        let back = take(shared, peer, &answer)?;
        done.trips += 1;
        done.new += back.new;
        done.bad.extend(back.bad);
        message = back.frames;
    }
    Ok(done)
}

fn take(shared: &Shared, peer: &Peer, answer: &[Frame]) -> Result<Answer> {
    let mut node = shared.lock();
    let refused = match node.exchange(peer.node, answer) {
        Ok(back) => return Ok(back),
        Err(why) => why,
    };
    let waits_to_be_let_in = node.parties(peer.space)?.is_empty();
    if matches!(refused, NodeError::Peer(_)) && waits_to_be_let_in {
        return Err(Failure::peer(format!("the peer at {} has not let this party in yet", peer.url))
            .hint("tell it your fingerprint; it compares that, runs peygir admit, and you sync again"));
    }
    Err(refused.into())
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

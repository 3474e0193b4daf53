//! The exchange between nodes: a nonce, a signed message, a signed answer. To all others this listener is mute.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse as _, Response};
use node::oplog::id::{hex, unhex};
use node::oplog::sync::{self, MESSAGE_BYTES_MAX};
use node::oplog::{PublicKey, Signature};
use node::{Entropy, NodeError, Shared};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::arrival::receive;
use crate::error::PeerTrouble;
use crate::limit::{Nonces, Rates};
use crate::listen::source;

/// How many messages are read and answered at a time: each may take [`MESSAGE_BYTES_MAX`] bytes.
const MESSAGES_AT_ONCE: usize = 4;
/// How many messages of nodes that are in no space here are answered at a time.
const STRANGERS_AT_ONCE: usize = 2;
/// The most bytes of such a message: a stranger has nothing to say but that it would be let in. So small that it is read
/// before it has a place.
const STRANGER_BYTES_MAX: usize = 64 * 1024;
/// How long to wait for a turn or a place.
const WAIT_MAX: Duration = Duration::from_secs(20);

const FROM: &str = "peygir-from";
const NODE: &str = "peygir-node";
const NONCE: &str = "peygir-nonce";
const NONCE_NEXT: &str = "peygir-nonce-next";
const SIGNATURE: &str = "peygir-signature";
const BODY: &str = "peygir-body";

/// What the peers' listener holds between requests.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Shared,
    own: Option<PublicKey>,
    clock: node::Clock,
    tables: Arc<Mutex<(Nonces, Rates)>>,
    places: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    turns: Arc<Turns>,
}

/// The nodes that have a message read and answered: one of each at a time, so that none takes all places.
#[derive(Default)]
struct Turns {
    taken: Mutex<BTreeSet<PublicKey>>,
    ended: Notify,
}

/// A node's turn, until it is dropped.
struct Turn {
    of: PublicKey,
    turns: Arc<Turns>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.taken().remove(&self.of);
        self.turns.ended.notify_waiters();
    }
}

impl Turns {
    fn taken(&self) -> MutexGuard<'_, BTreeSet<PublicKey>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of a node, once it has no other.
    async fn take(self: &Arc<Self>, of: PublicKey) -> Turn {
        loop {
            let ended = self.ended.notified();
            if self.taken().insert(of) {
                return Turn { of, turns: self.clone() };
            }
            ended.await;
        }
    }
}

type Address = Option<Extension<ConnectInfo<SocketAddr>>>;

impl Gate {
    pub(crate) fn new(shared: Shared) -> Self {
        let (own, clock) = {
            let node = shared.lock();
            (node.node_key().ok(), node.clock())
        };
        let places = Arc::new(Semaphore::new(MESSAGES_AT_ONCE));
        let strangers = Arc::new(Semaphore::new(STRANGERS_AT_ONCE));
        Self { shared, own, clock, tables: Arc::default(), places, strangers, turns: Arc::default() }
    }

    fn tables(&self) -> MutexGuard<'_, (Nonces, Rates)> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Our own key, for an address that has not asked too much.
    fn admit(&self, address: &Address) -> Result<PublicKey, PeerTrouble> {
        // Without an address, as in a test that calls the router itself, all share one count.
        let ip = address.as_ref().map_or([0, 0, 0, 0].into(), |Extension(ConnectInfo(peer))| peer.ip());
        if !self.tables().1.allows(source(ip), self.clock.now_ms()) {
            return Err(PeerTrouble::TooMany);
        }
        self.own.ok_or(PeerTrouble::Busy)
    }

    /// Whether a node is in a space here.
    async fn knows(&self, from: PublicKey) -> Result<bool, PeerTrouble> {
        let shared = self.shared.clone();
        let asked = tokio::task::spawn_blocking(move || shared.lock().knows(from));
        asked.await.map_err(|_| PeerTrouble::Failed)?.map_err(|_| PeerTrouble::Failed)
    }

    fn issue(&self, from: PublicKey) -> Result<[u8; 32], PeerTrouble> {
        let nonce = Entropy::System.bytes();
        let added = self.tables().0.add(nonce, from, self.clock.now_ms());
        if added { Ok(nonce) } else { Err(PeerTrouble::Busy) }
    }
}

/// The bytes that a header spells in hexadecimal.
fn hex_header(headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    headers.get(name)?.to_str().ok().and_then(unhex)
}

fn sender(headers: &HeaderMap) -> Option<PublicKey> {
    hex_header(headers, FROM).and_then(|wire| PublicKey::from_wire(&wire))
}

/// `POST /peer/v0/nonce`: a nonce for one message, and who we are.
pub(crate) async fn nonce(
    State(gate): State<Gate>,
    address: Address,
    headers: HeaderMap,
) -> Result<Response, PeerTrouble> {
    let own = gate.admit(&address)?;
    let from = sender(&headers).ok_or(PeerTrouble::Unreadable)?;
    let nonce = gate.issue(from)?;
    Ok(([(NODE, hex(&own.to_wire()))], nonce.to_vec()).into_response())
}

/// `POST /peer/v0`: a message of frames, and the answer to it.
pub(crate) async fn message(
    State(gate): State<Gate>,
    address: Address,
    request: Request,
) -> Result<Response, PeerTrouble> {
    let own = gate.admit(&address)?;
    let (parts, body) = request.into_parts();
    let stated = parts.headers.get(CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|len| len > MESSAGE_BYTES_MAX) {
        return Err(PeerTrouble::TooLarge);
    }
    let from = sender(&parts.headers).ok_or(PeerTrouble::Unsigned)?;
    let nonce: Option<[u8; 32]> = hex_header(&parts.headers, NONCE).and_then(|nonce| nonce.try_into().ok());
    let signature: Option<[u8; 64]> =
        hex_header(&parts.headers, SIGNATURE).and_then(|bytes| bytes.try_into().ok());
    let hash: Option<[u8; 32]> = hex_header(&parts.headers, BODY).and_then(|hash| hash.try_into().ok());
    let (nonce, signature) = nonce.zip(signature).ok_or(PeerTrouble::Unsigned)?;
    let hash = hash.ok_or(PeerTrouble::Unsigned)?;
    // Before anything of the body is waited for, so that whoever takes a place is whom it says it is.
    if !gate.tables().0.spend(&nonce, from, gate.clock.now_ms())
        || !node::request_holds(from, &nonce, own, &hash, &Signature(signature))
    {
        return Err(PeerTrouble::Unsigned);
    }
    let _turn = timeout(WAIT_MAX, gate.turns.take(from)).await.map_err(|_| PeerTrouble::Busy)?;
    let (body, place) = if gate.knows(from).await? {
        let place = place(&gate.places).await?;
        (receive(body, MESSAGE_BYTES_MAX).await?, place)
    } else {
        let body = receive(body, STRANGER_BYTES_MAX).await?;
        (body, place(&gate.strangers).await?)
    };
    let shared = gate.shared.clone();
    let answering = tokio::task::spawn_blocking(move || {
        let _held = place;
        if node::body_hash(&body) != hash {
            return Err(PeerTrouble::Unsigned);
        }
        answer(&shared, from, &nonce, &hash, &body)
    });
    let (bytes, signature) = answering.await.map_err(|_| PeerTrouble::Failed)??;
    let next = gate.issue(from)?;
    let headers = [(SIGNATURE, hex(&signature.0)), (NONCE_NEXT, hex(&next))];
    Ok((headers, bytes).into_response())
}

async fn place(of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, PeerTrouble> {
    timeout(WAIT_MAX, of.clone().acquire_owned())
        .await
        .map_err(|_| PeerTrouble::Busy)?
        .map_err(|_| PeerTrouble::Busy)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is, now or later, is treated alike")]
fn answer(
    shared: &Shared,
    from: PublicKey,
    nonce: &[u8; 32],
    hash: &[u8; 32],
    body: &[u8],
) -> Result<(Vec<u8>, Signature), PeerTrouble> {
    let frames = sync::read(body).map_err(|_| PeerTrouble::Unreadable)?;
    let mut node = shared.lock();
    let answer = node.answer(from, &frames).map_err(|why| match why {
        NodeError::Peer(_) | NodeError::Bytes(_) | NodeError::Entry(_) => PeerTrouble::Unreadable,
        _ => PeerTrouble::Failed,
    })?;
    let bytes = sync::write(&answer.frames);
    let signature = node.sign_answer(nonce, from, hash, &bytes).map_err(|_| PeerTrouble::Failed)?;
    Ok((bytes, signature))
}

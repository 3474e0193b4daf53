//! The client's side of the exchange between nodes: signed requests over HTTP, each answer checked against the pinned key.

use std::net::IpAddr;
use std::time::Duration;

use node::oplog::id::{hex, unhex};
use node::oplog::sync::{self, Frame, MESSAGE_BYTES_MAX};
use node::oplog::{PublicKey, Signature};
use node::{NodeError, Shared, answer_holds};
use ureq::http::{Response, Uri};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use crate::failure::{Failure, Result};
use crate::reach::{self, Reach, Reached};

const NONCE_BYTES: usize = 32;
const CONNECT_MAX: Duration = Duration::from_secs(10);
const CALL_MAX: Duration = Duration::from_secs(120);

/// Checks where a peer listens: over TLS, or on this very machine.
pub(crate) fn check_url(url: &str) -> Result<()> {
    let wrong = |why: &str| Failure::peer(format!("the peer's address {url} does not do: {why}"));
    let uri: Uri = url.parse().map_err(|_| wrong("it is no URL"))?;
    let host = uri.host().ok_or_else(|| wrong("it names no host"))?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong("it holds a user's name"));
    }
    if uri.query().is_some() {
        return Err(wrong("it holds a query"));
    }
    // Behind it stood what we append, so that a peer could have us ask any path of this machine.
    if url.contains('#') {
        return Err(wrong("it holds a fragment"));
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if loopback => Ok(()),
        Some("http") => {
            Err(wrong("plain http is for this machine alone").hint("use https:// for a peer elsewhere"))
        }
        _ => Err(wrong("neither https nor http")),
    }
}

/// Checks where a peer listens that named the address itself, as far as that can be told without looking a name up.
fn check_open(url: &str) -> Result<()> {
    let uri = url.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let closed = address.map_or(host.eq_ignore_ascii_case("localhost"), |address| !reach::is_open(address));
    if !closed {
        return Ok(());
    }
    Err(Failure::peer(format!(
        "the peer's address {url} is its own word, and leads to this machine or its network"
    ))
    .hint("if you know it, say so: peygir admit FINGERPRINT --local-address"))
}

fn agent(url: &str, reach: Reach) -> Agent {
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT_MAX))
        .timeout_global(Some(CALL_MAX));
    // A proxy has no business between two processes of one machine.
    let config = if url.starts_with("http://") { config.proxy(None) } else { config };
    let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    Agent::with_parts(config.build(), DefaultConnector::default(), Reached { host, reach })
}

/// An exchange with one peer.
pub(crate) struct Call<'a> {
    shared: &'a Shared,
    agent: Agent,
    url: String,
    peer: PublicKey,
    own: PublicKey,
    nonce: Option<[u8; NONCE_BYTES]>,
}

impl<'a> Call<'a> {
    /// Prepares to talk to the peer with this node key at `url`; nothing is sent yet.
    pub(crate) fn new(shared: &'a Shared, peer: PublicKey, url: &str, reach: Reach) -> Result<Self> {
        check_url(url)?;
        if reach == Reach::Open {
            check_open(url)?;
        }
        let own = shared.lock().node_key()?;
        Ok(Self {
            shared,
            agent: agent(url, reach),
            url: url.trim_end_matches('/').to_owned(),
            peer,
            own,
            nonce: None,
        })
    }

    /// Sends a message and gives the answer, which the peer's pinned key has signed.
    pub(crate) fn send(&mut self, frames: &[Frame]) -> Result<Vec<Frame>> {
        let nonce = match self.nonce.take() {
            Some(nonce) => nonce,
            None => self.fetch_nonce()?,
        };
        let body = sync::write(frames);
        let asked = node::body_hash(&body);
        let signature = self.shared.lock().sign_request(&nonce, self.peer, &body)?;
        let sent = self
            .agent
            .post(format!("{}/peer/v0", self.url))
            .header("content-type", "application/octet-stream")
            .header("peygir-from", hex(&self.own.to_wire()))
            .header("peygir-nonce", hex(&nonce))
            .header("peygir-signature", hex(&signature.0))
            .header("peygir-body", hex(&asked))
            .send(&body[..]);
        let mut response = self.answered(sent)?;
        let signature = header(&response, "peygir-signature")
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
            .map(Signature)
            .ok_or_else(|| self.fails("its answer is not signed"))?;
        let next = header(&response, "peygir-nonce-next").and_then(|bytes| bytes.try_into().ok());
        let body = self.read(&mut response, MESSAGE_BYTES_MAX)?;
        if !answer_holds(self.peer, &nonce, self.own, &asked, &body, &signature) {
            return Err(self
                .fails("its answer to this request is not signed by the key that was pinned")
                .hint("somebody may stand between, or the peer has a new node key: ask it by another way"));
        }
        self.nonce = next;
        Ok(sync::read(&body).map_err(NodeError::from)?)
    }

    fn fetch_nonce(&self) -> Result<[u8; NONCE_BYTES]> {
        let sent = self
            .agent
            .post(format!("{}/peer/v0/nonce", self.url))
            .header("peygir-from", hex(&self.own.to_wire()))
            .send_empty();
        let mut response = self.answered(sent)?;
        let named = header(&response, "peygir-node").and_then(|wire| PublicKey::from_wire(&wire));
        if named != Some(self.peer) {
            return Err(self
                .fails("another node answers there")
                .hint("its key is not the one that was pinned"));
        }
        let nonce = self.read(&mut response, NONCE_BYTES)?;
        nonce.try_into().map_err(|_| self.fails("its nonce has the wrong length"))
    }

    fn fails(&self, why: &str) -> Failure {
        Failure::peer(format!("the peer at {}: {why}", self.url))
    }

    fn answered(&self, sent: std::result::Result<Response<Body>, ureq::Error>) -> Result<Response<Body>> {
        let response = sent
            .map_err(|why| self.fails(&why.to_string()).hint("is it running, and is the address right?"))?;
        if response.status() == 200 {
            return Ok(response);
        }
        Err(self.fails(&format!("it answers {}", response.status())))
    }

    fn read(&self, response: &mut Response<Body>, bytes_max: usize) -> Result<Vec<u8>> {
        let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
        let read = response.body_mut().with_config().limit(limit.saturating_add(1)).read_to_vec();
        let body = read.map_err(|why| self.fails(&why.to_string()))?;
        if body.len() > bytes_max { Err(self.fails("its answer is too long")) } else { Ok(body) }
    }
}

fn header(response: &Response<Body>, name: &str) -> Option<Vec<u8>> {
    response.headers().get(name)?.to_str().ok().and_then(unhex)
}

#[cfg(test)]
mod tests {
    use super::{Agent, Reach, agent, check_open, check_url};

    /// What a listener on this machine gets to hear when its address is dialled by `agent`.
    fn heard(agent: &Agent, host: &str) -> bool {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let call = agent.post(format!("http://{host}:{port}/peer/v0/nonce")).config();
        let sent = call.timeout_global(Some(std::time::Duration::from_secs(1))).build().send_empty();
        assert!(sent.is_err(), "nobody answers");
        listener.accept().is_ok()
    }

    #[test]
    fn an_address_that_a_peer_named_leads_to_nothing_here_whatever_its_name_resolves_to() {
        for url in [
            "http://127.0.0.1:7000",
            "https://10.0.0.1",
            "https://localhost",
            "https://LOCALHOST:1",
            "https://[::1]",
        ] {
            assert!(check_open(url).is_err(), "{url}");
        }
        assert!(check_open("https://node.example.org").is_ok(), "looked up when it is dialled");
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("http://{host}:1");
            assert!(!heard(&agent(&url, Reach::Open), host), "{host}");
            assert!(heard(&agent(&url, Reach::Anywhere), host), "{host}: a person of ours said so");
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone() {
        for url in [
            "http://127.0.0.1:7000",
            "http://127.9.8.7",
            "http://[::1]:1",
            "http://localhost:80",
            "https://a.example",
        ] {
            assert!(check_url(url).is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.1:7000",
            "http://node.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://127.0.0.1@example.org",
            "http://[::ffff:127.0.0.1]:1",
            "http://0.0.0.0:1",
            "http://127.0.0.1:80/admin#",
            "ftp://127.0.0.1",
            "127.0.0.1:7000",
            "",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}

//! The peers' listener and those who would keep it busy.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use agreement::Rules;
use node::oplog::id::{hex, unhex};
use node::oplog::sync::{self, Frame};
use node::oplog::{PublicKey, Secret, Signature, SpaceId};
use node::{Clock, Entropy, Invitation, Keys, Mark, Node, Shared, Store};
use tokio::net::TcpListener;

const NOW_MS: u64 = 1_790_000_000_000;
/// How long the honest wait before this is called a failure.
const PATIENCE: Duration = Duration::from_secs(20);

fn party(name: &str, seed: u8) -> Node {
    let clock = Clock::Set(Arc::new(AtomicU64::new(NOW_MS)));
    let entropy = Entropy::Seeded([seed; 32], 0);
    let made =
        Node::create(Store::in_memory().unwrap(), Keys::in_memory(), Mark::memory(), clock, entropy, name);
    made.unwrap().0
}

/// A node that listens, and a member of a space of it.
async fn listening() -> (SocketAddr, Shared, Node, SpaceId) {
    let (mut host, mut guest) = (party("Host", 1), party("Guest", 2));
    let space = host.found("Space", Rules::default()).unwrap();
    let link = host.invite(space, "http://127.0.0.1:1").unwrap().link();
    let join = guest.join(&Invitation::of_link(&link).unwrap(), "Space", "").unwrap();
    host.answer(guest.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    host.admit(space, guest.party(), None).unwrap();
    let shared = Shared::new(host);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(web::serve(listener, web::peers(shared.clone())));
    (address, shared, guest, space)
}

/// Sends a request and leaves the connection open. `len` is what it says its body has, `body` what is sent of it.
fn post(at: SocketAddr, path: &str, headers: &str, len: usize, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(at).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: {at}\r\ncontent-length: {len}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

/// The status of an answer and the bytes behind its headers, so far as they came along.
fn answer(stream: &mut TcpStream) -> (u16, Vec<u8>) {
    let mut bytes = vec![0; 65_536];
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let len = stream.read(&mut bytes).expect("an answer in time");
    let text = String::from_utf8_lossy(&bytes[..len]).into_owned();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    (status, bytes[end..len].to_vec())
}

fn nonce(at: SocketAddr, from: &str) -> [u8; 32] {
    let headers = format!("peygir-from: {from}\r\n");
    let (status, nonce) = answer(&mut post(at, "/peer/v0/nonce", &headers, 0, &[]));
    assert_eq!(status, 200);
    nonce.try_into().unwrap()
}

fn signed(from: &str, nonce: &[u8; 32], body: &[u8], signature: &[u8]) -> String {
    format!(
        "peygir-from: {from}\r\npeygir-nonce: {}\r\npeygir-body: {}\r\npeygir-signature: {}\r\n",
        hex(nonce),
        hex(&node::body_hash(body)),
        hex(signature)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_that_never_finish_a_message_keep_no_member_waiting() {
    let (at, shared, mut guest, space) = listening().await;
    let own = shared.lock().node_key().unwrap();
    let mut open = Vec::new();
    for seed in 0..12 {
        let stranger = Secret::from_seed(&[100 + seed; 32]);
        let from = hex(&stranger.public().to_wire());
        let nonce = nonce(at, &from);
        let body = vec![0; 10_000_000];
        let message =
            [b"peygir/request/0".as_slice(), &nonce, &own.to_wire(), &node::body_hash(&body)].concat();
        let headers = signed(&from, &nonce, &body, &stranger.sign(&message).0);
        open.push(post(at, "/peer/v0", &headers, body.len(), &[]));
    }
    let from = hex(&guest.node_key().unwrap().to_wire());
    let nonce = nonce(at, &from);
    let body = sync::write(&guest.greet(space, own).unwrap());
    let signature = guest.sign_request(&nonce, own, &body).unwrap();
    let headers = signed(&from, &nonce, &body, &signature.0);
    assert_eq!(answer(&mut post(at, "/peer/v0", &headers, body.len(), &body)).0, 200);
    drop(open);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_signed_for_the_very_request_it_answers() {
    let (at, shared, guest, _) = listening().await;
    let own = shared.lock().node_key().unwrap();
    let key = guest.node_key().unwrap();
    let from = hex(&key.to_wire());
    let nonce = nonce(at, &from);
    let body = sync::write(&[Frame::Hello(key)]);
    let signature = guest.sign_request(&nonce, own, &body).unwrap();
    let headers = signed(&from, &nonce, &body, &signature.0);
    let (signature, answer) = {
        let mut stream = post(at, "/peer/v0", &format!("connection: close\r\n{headers}"), body.len(), &body);
        let mut bytes = Vec::new();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let line = head.lines().find_map(|line| line.strip_prefix("peygir-signature: ")).unwrap();
        (Signature(unhex(line).unwrap().try_into().unwrap()), bytes[end..].to_vec())
    };
    let holds =
        |asked: &[u8]| node::answer_holds(own, &nonce, key, &node::body_hash(asked), &answer, &signature);
    assert!(holds(&body));
    assert!(!holds(b"another request"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_was_not_signed_for_is_refused() {
    let (at, shared, mut guest, space) = listening().await;
    let own = shared.lock().node_key().unwrap();
    let from = hex(&guest.node_key().unwrap().to_wire());
    let nonce = nonce(at, &from);
    let body = sync::write(&guest.greet(space, own).unwrap());
    let signature = guest.sign_request(&nonce, own, &body).unwrap();
    let headers = signed(&from, &nonce, &body, &signature.0);
    let other = vec![0; body.len()];
    assert_eq!(answer(&mut post(at, "/peer/v0", &headers, other.len(), &other)).0, 401);
}

/// A message of a member that is answered, on a connection of its own.
fn exchanged(at: SocketAddr, guest: &mut Node, own: PublicKey, space: SpaceId) -> u16 {
    let from = hex(&guest.node_key().unwrap().to_wire());
    let nonce = nonce(at, &from);
    let body = sync::write(&guest.greet(space, own).unwrap());
    let signature = guest.sign_request(&nonce, own, &body).unwrap();
    let headers = signed(&from, &nonce, &body, &signature.0);
    answer(&mut post(at, "/peer/v0", &headers, body.len(), &body)).0
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_only_stand_in_the_door_make_room() {
    let (at, shared, mut guest, space) = listening().await;
    let own = shared.lock().node_key().unwrap();
    // More than there are places for; each a head that never ends.
    let open: Vec<_> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(at).unwrap();
            stream.write_all(b"POST /peer/v0/nonce HTTP/1.1\r\nhost: ").unwrap();
            stream
        })
        .collect();
    assert_eq!(exchanged(at, &mut guest, own, space), 200);
    let mut first = &open[0];
    first.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(first.read(&mut [0; 1]).unwrap_or_default(), 0, "the oldest was let go");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let (at, ..) = listening().await;
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut word = b"POST /peer/v0/nonce HTTP/1.1\r\nx-slow: ".iter().chain(std::iter::repeat(&b'x'));
    let ended = (0..120).any(|_| {
        let sent = stream.write_all(&[*word.next().unwrap()]);
        let read = stream.read(&mut [0; 256]);
        sent.is_err() || read.is_ok_and(|len| len == 0)
    });
    assert!(ended, "within a minute, however steadily it drips");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_never_finishes_keeps_no_other_waiting() {
    let (at, shared, mut guest, space) = listening().await;
    let own = shared.lock().node_key().unwrap();
    let stuck: Vec<_> = (0..8)
        .map(|_| {
            let from = hex(&guest.node_key().unwrap().to_wire());
            let nonce = nonce(at, &from);
            let body = vec![0; 10_000_000];
            let signature = guest.sign_request(&nonce, own, &body).unwrap();
            post(at, "/peer/v0", &signed(&from, &nonce, &body, &signature.0), body.len(), &[])
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    let mut other = party("Other", 3);
    let second = {
        let mut host = shared.lock();
        let second = host.found("Second", Rules::default()).unwrap();
        let link = host.invite(second, "http://127.0.0.1:1").unwrap().link();
        let join = other.join(&Invitation::of_link(&link).unwrap(), "Second", "").unwrap();
        host.answer(other.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
        host.admit(second, other.party(), None).unwrap();
        second
    };
    assert_eq!(exchanged(at, &mut other, own, second), 200);
    drop(stuck);
    // What hung is over; the same member is heard again.
    assert_eq!(exchanged(at, &mut guest, own, space), 200);
}

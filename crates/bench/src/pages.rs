//! `pages`: what a page costs when commitments are many, beside a handler that does nothing, and how heavy the inbox is.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::operation::{Comment, Offer};
use agreement::{Closure, CommitmentTerms, Content, Due, FieldTag, Tag, Terms};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::get;
use node::ask::Heap;
use node::{
    Act, Authorized, Clock, Entropy, Invitation, Keys, ManagePeople, Mark, Node, Passphrase, Role, Shared,
};
use oplog::{ObjectId, PartyId};
use store::Store;
use tower::ServiceExt as _;

use crate::cpu::{decimal, hundredths, machine, median};
use crate::world::World;

/// 21 September 2026.
const NOW_MS: u64 = 1_790_000_000_000;
const TODAY: i32 = 20_717;
const PASSPHRASE: &str = "a passphrase of the measurement";
/// Entries in one message.
const BATCH: usize = 1_000;
/// How often each page is asked for: in rounds, of which the median is told.
const ROUNDS: usize = 9;
const EACH: usize = 20;
/// The most bytes of a page.
const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Nanoseconds of CPU of all threads of this process.
fn process_ns() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux lists a process's threads");
    let spent = |task: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    tasks.filter_map(spent).sum()
}

fn node_in(folder: &Path, name: Option<&str>) -> Node {
    let clock = Clock::Set(Arc::new(AtomicU64::new(NOW_MS)));
    let mut entropy = Entropy::System;
    let store = Store::open(&folder.join("node.db")).expect("the database opens");
    let keys = Keys::open(folder.join("keys"), PASSPHRASE, &mut entropy).expect("the keys open");
    let mark = Mark::File { path: folder.join("mark"), folder: folder.to_path_buf() };
    match name {
        Some(name) => {
            Node::create(store, keys, mark, clock, entropy, name).expect("a new folder takes a party").0
        }
        None => Node::open(store, keys, mark, clock, entropy).expect("the node opens"),
    }
}

/// An offer between the two parties, told apart by its number.
fn offer(number: usize, parties: [PartyId; 2]) -> (Offer, Content) {
    let [debtor, creditor] = if number.is_multiple_of(2) { parties } else { [parties[1], parties[0]] };
    let day = TODAY - 60 + i32::try_from(number * 7 % 400).unwrap_or_default();
    let content = Content::default()
        .with(FieldTag::Title, "en", &format!("Deliver consignment {number} to the border station"))
        .with(FieldTag::Title, "fa", &format!("تحویل محمولهٔ {number} در ایستگاه مرزی"))
        .with(
            FieldTag::Deliverable,
            "",
            &format!("{} wagons, with their papers in order, at Sarakhs. ", number % 40 + 1).repeat(4),
        )
        .with(FieldTag::FieldCode, "", ["T", "C", "2", "3"][number % 4]);
    let terms = CommitmentTerms {
        tag: Tag::New,
        debtor,
        creditors: vec![creditor],
        closure: Closure::All,
        due: Due { day, zone: ["Asia/Tehran", "Europe/Minsk"][number % 2].to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    };
    (Offer { object: None, slot: 0, terms: Terms::Commitment(terms) }, content)
}

/// Makes a node in a folder that has so many commitments with one other party: two of three in force, a comment beside
/// each tenth.
fn build(folder: &Path, commitments: usize) {
    let mut world = World::found(1, 1);
    let mut node = node_in(folder, Some("Ministry of Roads"));
    let from = world.authors[0].node.public();
    let invitation = Invitation {
        url: "http://127.0.0.1:1".to_owned(),
        space: world.space,
        founder: world.authors[0].party(),
        node: from,
        secret: vec![1; 16],
        expires_ms: u64::MAX,
    };
    let join = node.join(&invitation, "Joint commission", "").expect("a new node can join");
    world.assemble(&[oplog::from_bytes(&join.introduction.0).expect("a node writes what it reads")]);
    let parties = [world.authors[0].party(), node.party()];
    let (mut sent, mut number) = (0, 0);
    while number < commitments {
        for _ in 0..BATCH.min(commitments - number) {
            let (offer, content) = offer(number, parties);
            let about: ObjectId = world.sign(0, usize::MAX, &offer.into(), Some(content)).into();
            if number.is_multiple_of(10) {
                let words =
                    Content::default().with(FieldTag::Note, "", "The papers of this one are checked twice.");
                world.sign(0, usize::MAX, &Comment { about }.into(), Some(words));
            }
            number += 1;
        }
        for message in world.messages(sent, world.made.len(), BATCH) {
            let frames = oplog::sync::read(&message).expect("a made message reads");
            let answer = node.exchange(from, &frames).expect("the node takes what a member sends");
            assert_eq!(answer.bad.len(), 0, "every entry arrives");
        }
        sent = world.made.len();
    }
    accept(&mut node, commitments * 2 / 3);
    while node.read_in(BATCH).expect("the search reads") > 0 {}
    let may = Authorized::by_operator(ManagePeople);
    let head = node.add_person(&may, "Head", Role::Head).expect("a first person");
    node.set_passphrase(&may, head, &Passphrase::choose(PASSPHRASE).expect("long enough"))
        .expect("a passphrase");
}

/// Accepts so many of what waits for an answer.
fn accept(node: &mut Node, mut left: usize) {
    while left > 0 {
        let (concerns, _) = node.heap(Heap::Answer, None, BATCH.min(left)).expect("the inbox answers");
        assert!(!concerns.is_empty(), "there is enough to accept");
        let mut acts = Vec::new();
        for concern in &concerns {
            let view = node.commitment(concern.line.id).expect("what is listed is here");
            let step = view.moves.into_iter().find(|step| step.word == "accept");
            let operation = step.and_then(|step| step.operation).expect("what waits can be accepted");
            acts.push(Act { space: view.space, operation, content: None, request: None });
        }
        left -= acts.len();
        for done in node.submit_batch(acts).expect("the node signs") {
            done.expect("the rules accept it");
        }
    }
}

/// One who asks for pages, without a network.
struct Asker {
    router: Router,
    runtime: tokio::runtime::Runtime,
    cookie: String,
}

impl Asker {
    fn ask(&self, request: Request<Body>) -> (u16, Option<String>, Vec<u8>) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("a router answers");
            let status = response.status().as_u16();
            let set =
                response.headers().get("set-cookie").and_then(|value| value.to_str().ok()).map(str::to_owned);
            let body = to_bytes(response.into_body(), PAGE_BYTES_MAX).await.expect("a page has an end");
            (status, set, body.to_vec())
        })
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let request = Request::get(path).header("host", "127.0.0.1:7080").header("cookie", &self.cookie);
        let (status, _, body) = self.ask(request.body(Body::empty()).expect("a request"));
        assert_eq!(status, 200, "{path}");
        body
    }

    /// Microseconds of CPU of one answer: the median of some rounds.
    fn cost(&self, paths: &[String]) -> u64 {
        let all: Vec<_> = paths.iter().cycle().take(EACH).collect();
        all.iter().for_each(|path| drop(self.get(path)));
        let round = |_| {
            let before = process_ns();
            all.iter().for_each(|path| drop(self.get(path)));
            (process_ns() - before) / (EACH as u64 * 1_000)
        };
        median((0..ROUNDS).map(round).collect())
    }
}

/// Bytes after `gzip -9`.
fn compressed(bytes: &[u8]) -> usize {
    use std::io::Write as _;
    let mut gzip = Command::new("gzip")
        .args(["-9", "-c", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip is on the machine");
    let mut input = gzip.stdin.take().expect("a pipe");
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = gzip.wait_with_output().expect("gzip ends");
    writer.join().expect("a writer ends").expect("gzip reads");
    output.stdout.len()
}

fn peak_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or_default()
}

/// Makes a node with so many commitments, and measures its pages in a process of their own.
///
/// # Panics
/// If the node or the machine refuses.
#[must_use]
pub fn run(commitments: usize) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    build(folder.path(), commitments);
    let program = std::env::current_exe().expect("this program");
    let measured =
        Command::new(program).arg("pages-of").arg(folder.path()).output().expect("a second process");
    assert!(measured.status.success(), "{}", String::from_utf8_lossy(&measured.stderr));
    format!(
        "{}\n{commitments} commitments\n{}",
        machine(),
        String::from_utf8_lossy(&measured.stdout).trim_end()
    )
}

/// Measures the pages of the node in a folder.
///
/// # Panics
/// If the node or the machine refuses.
#[must_use]
pub fn measure(folder: &Path) -> String {
    let mut node = node_in(folder, None);
    let space = node.space_ids()[0];
    let some = node.heap(Heap::Owed, None, 200).expect("the inbox answers").0;
    let commitments: Vec<_> = some.iter().map(|one| format!("/en/commitments/{}", one.line.id)).collect();
    let (mut after, mut pages) = (None, 0);
    let total = node.stocktake(None, 1).expect("the stocktake answers").whole;
    let half = usize::try_from(total.offered + total.open).unwrap_or_default() / 2;
    while pages < half {
        after = node.commitments_after(space, after, BATCH).expect("the list answers").1;
        pages += BATCH;
    }
    let (due, no) = after.unwrap_or_default();
    let shared = Shared::new(node);
    let address = SocketAddr::from(([127, 0, 0, 1], 7080));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let router = web::desk(web::Desk::new(shared, address).expect("a loopback address"));
    let mut asker = Asker { router, runtime, cookie: String::new() };
    let form = format!("name=Head&passphrase={}", PASSPHRASE.replace(' ', "+"));
    let request = Request::post("/en/sign-in")
        .header("host", "127.0.0.1:7080")
        .header("origin", "http://127.0.0.1:7080")
        .header("content-type", "application/x-www-form-urlencoded");
    let (status, set, _) = asker.ask(request.body(Body::from(form)).expect("a request"));
    assert_eq!(status, 303, "the head signs in");
    asker.cookie = set.expect("a cookie").split(';').next().unwrap_or_default().to_owned();
    let nothing = Asker {
        router: Router::new().route("/", get(|| async { "nothing" })),
        runtime: tokio::runtime::Builder::new_current_thread().build().expect("a runtime"),
        cookie: String::new(),
    };
    let list = format!("/en/spaces/{space}/commitments");
    let mut text = format!("a handler that does nothing: {} us of CPU", nothing.cost(&["/".to_owned()]));
    for (name, paths) in [
        ("list, first page", vec![list.clone()]),
        ("list, a page in the middle", vec![format!("{list}?after={due}.{no}")]),
        ("commitment", commitments),
        ("inbox", vec!["/en/inbox".to_owned()]),
        ("inbox in Persian", vec!["/fa/inbox".to_owned()]),
        ("one box of the inbox", vec!["/en/inbox?box=owed".to_owned()]),
        ("search, one word of many", vec!["/en/search?q=consignment".to_owned()]),
        ("search, one of all", vec!["/en/search?q=consignment+1777".to_owned()]),
        ("stocktake", vec!["/en/stocktake".to_owned()]),
        ("log", vec![format!("/en/spaces/{space}/log")]),
    ] {
        let cost = asker.cost(&paths);
        let _infallible = write!(text, "\n{name}: {} ms of CPU", decimal(hundredths(cost, 1_000)));
    }
    let style = compressed(&asker.get("/style.css"));
    for lang in ["en", "fa"] {
        let page = asker.get(&format!("/{lang}/inbox"));
        let _infallible = write!(
            text,
            "\ninbox in {lang}: {} B, {} B after gzip -9, with the style sheet {} B",
            page.len(),
            compressed(&page),
            compressed(&page) + style
        );
    }
    let _infallible = write!(text, "\npeak memory of the process: {} MiB", peak_kib() / 1_024);
    text
}

//! Killed again and again while clients sign: nothing that was acknowledged is lost, and no key signs twice for one place.
#![expect(clippy::disallowed_methods, reason = "how long a soak has run is no business of the node's clock")]
#![expect(clippy::print_stderr, reason = "a soak says what it did")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::party::{Party, eventually, pair, text};

/// How often the node is killed in a test run.
const KILLS: u64 = 200;
/// The variable that asks for a longer soak: how many kills.
const KILLS_VARIABLE: &str = "PEYGIR_KILLS";
/// How many clients sign at a time.
const CLIENTS: usize = 2;
/// How long the node lives at most once it is up, before it is killed.
const LIFE_MS_MAX: u64 = 160;
/// One kill in so many comes while the node starts.
const EARLY: u64 = 4;
/// How long a start takes at least, reading the keys being the most of it: early kills fall into that time.
const START_MS_MAX: u64 = 120;
/// One try in so many to sign is made whether or not the node is up; the program then opens the folder by itself.
const ALONE: u64 = 16;
/// How many acknowledged acts are asked for again by their ids at the end.
const ASKED_AGAIN_MAX: usize = 100;

/// What a client was told: the entry by request id. Kept outside the node, as only what it holds was acknowledged.
type Acknowledged = Mutex<BTreeMap<String, String>>;

/// Signs until the end comes; an act that failed is repeated with the same id until it is acknowledged.
fn sign_on(client: usize, a: &Party, space: &str, acknowledged: &Acknowledged, end: &AtomicBool) {
    let mut last: Option<(String, String, String)> = None;
    for number in 0_u64.. {
        let (id, words) = (format!("client-{client}-{number}"), format!("words {number} of client {client}"));
        let arguments = ["comment", space, &words, "--id", &id, "--json"];
        for tried in 1_u64.. {
            if end.load(Ordering::SeqCst) {
                return;
            }
            if tried % ALONE != 0 && UnixStream::connect(a.data.join("control.sock")).is_err() {
                std::thread::sleep(Duration::from_millis(10));
                continue;
            }
            let output = a.run(&arguments);
            if output.status.success() {
                let receipt: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                let entry = text(&receipt, "entry");
                acknowledged.lock().unwrap().insert(id.clone(), entry.clone());
                last = Some((id, words, entry));
                break;
            }
            // The node went away under this one. What it acknowledged before, it acknowledges again with the same entry.
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(6), "only the loss of the node stops an act: {told}");
            if let Some((id, words, entry)) = &last {
                let again = a.run(&["comment", space, words, "--id", id, "--json"]);
                if again.status.success() {
                    let receipt: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
                    assert_eq!(&text(&receipt, "entry"), entry, "the same id gives the same entry");
                }
            }
        }
    }
}

/// Starts the node and kills it at a moment nobody chose, until it was killed often enough. Gives how often it was up.
fn kill_on(a: &Party, kills: u64) -> u64 {
    let address = a.url.trim_start_matches("http://");
    let mut seed = u64::from(std::process::id());
    let mut below = |max: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % max
    };
    let (mut killed, mut served) = (0, 0);
    while killed < kills {
        let mut command = a.command(&["serve", "--every", "1", "--peers", address]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        if below(EARLY) == 0 {
            std::thread::sleep(Duration::from_millis(below(START_MS_MAX)));
        } else {
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
            std::thread::sleep(Duration::from_millis(below(LIFE_MS_MAX)));
        }
        // One that has ended by itself found the folder in the hands of a client, and was not killed.
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        served += u64::from(!line.is_empty());
    }
    served
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_forks_however_often_the_node_is_killed() {
    let kills = std::env::var(KILLS_VARIABLE).ok().map_or(KILLS, |text| text.parse().unwrap());
    let (mut a, mut b) = pair();
    a.kill();
    b.serve();
    let space = a.space();
    let (acknowledged, end, exchanged) = (Acknowledged::default(), AtomicBool::new(false), AtomicU64::new(0));
    let begun = Instant::now();
    let served = std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (a, space, acknowledged, end) = (&a, &space, &acknowledged, &end);
            scope.spawn(move || sign_on(client, a, space, acknowledged, end));
        }
        let (b, end, exchanged) = (&b, &end, &exchanged);
        scope.spawn(move || {
            for number in 0_u64.. {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                // The peer asks all the while, and signs now and then, so that many a kill falls into an exchange.
                if number % 8 == 0 {
                    b.comment(&format!("the peer's words {number}"));
                }
                exchanged.fetch_add(u64::from(b.run(&["sync"]).status.success()), Ordering::SeqCst);
            }
        });
        let served = kill_on(&a, kills);
        end.store(true, Ordering::SeqCst);
        served
    });
    let seconds = begun.elapsed().as_secs();
    let acknowledged = acknowledged.into_inner().unwrap();
    let exchanged = exchanged.into_inner();
    eprintln!(
        "{kills} kills in {seconds} s, {served} of them with the node up; {} acts acknowledged, {exchanged} exchanges",
        acknowledged.len()
    );
    assert!(
        acknowledged.len() as u64 > kills / 4 && served > kills / 8 && exchanged > 0,
        "the soak does something"
    );
    a.serve();
    check(&a, &b, &space, &acknowledged);
}

fn check(a: &Party, b: &Party, space: &str, acknowledged: &BTreeMap<String, String>) {
    let kept = a.entries();
    let kept: std::collections::BTreeSet<_> = kept.iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|(_, entry)| !kept.contains(entry)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let step = acknowledged.len().div_ceil(ASKED_AGAIN_MAX).max(1);
    for (id, entry) in acknowledged.iter().step_by(step) {
        let (client, number) = id.trim_start_matches("client-").split_once('-').unwrap();
        let words = format!("words {number} of client {client}");
        let again = a.ok(&["comment", space, &words, "--id", id]);
        assert_eq!(&text(&again, "entry"), entry, "the same id gives the same entry");
    }
    eventually("one digest", || {
        b.ok(&["sync"]);
        (a.digest() == b.digest()).then_some(())
    });
    for party in [a, b] {
        assert_eq!(
            party.ok(&["fork-proof"]).as_array().unwrap().len(),
            0,
            "nobody signed twice for one place"
        );
        assert_eq!(text(&party.ok(&["rebuild"]), "digest"), a.digest());
        let log = party.ok(&["log", "--limit", "1000000"]);
        assert!(log.as_array().unwrap().iter().all(|entry| entry["refusal"].is_null()));
    }
    assert_eq!(a.entries().len(), b.entries().len());
}

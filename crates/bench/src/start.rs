//! `start`: how soon a node is ready after a kill, and how much memory it holds, when its record is long.

use std::path::Path;
use std::process::Command;

use node::{Clock, Entropy, Keys, Mark, Node, Voice};
use store::Store;

use crate::cpu::{decimal, hundredths, machine, spent};
use crate::receiver::{GUESTS, Receiver, world};
use crate::record::BATCH;

/// How often the node is started over the same files.
const STARTS: usize = 5;
/// How many lines of a list are asked for.
const LINES: usize = 50;
/// How often each list is asked for.
const LISTS: u64 = 100;

/// The bytes of memory that this process holds, and the most that it ever held.
///
/// # Panics
/// Where there is no `/proc/self/status`: measurements need Linux.
fn memory_bytes() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux tells what a process holds");
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1_024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

fn mebibytes(bytes: u64) -> String {
    decimal(hundredths(bytes, 1 << 20))
}

/// Runs this program again with a verb that is for its own use, and gives what it printed.
fn again(verb: &str, folder: &Path, entries: usize) -> String {
    let program = std::env::current_exe().expect("a program knows where it is");
    let done = Command::new(program).arg(verb).arg(entries.to_string()).current_dir(folder).output();
    String::from_utf8_lossy(&done.expect("this program runs again").stdout).trim().to_owned()
}

/// Fills a database in a process of its own that dies without a goodbye, then starts a node over it several times, each
/// time in a new process.
///
/// # Panics
/// If a process does not run.
#[must_use]
pub fn run(entries: usize) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    again("start-fill", folder.path(), entries);
    let size = |name: &str| folder.path().join(name).metadata().map_or(0, |file| file.len());
    let left = format!(
        "{}\n{entries} entries; the process that took them was killed and left a file of {} MiB and a log of {} MiB",
        machine(),
        mebibytes(size("node.db")),
        mebibytes(size("node.db-wal"))
    );
    let starts: Vec<_> = (0..STARTS).map(|_| again("start-open", folder.path(), entries)).collect();
    [left].into_iter().chain(starts).collect::<Vec<_>>().join("\n")
}

/// Fills the database in the working folder and dies as a kill would have it.
///
/// # Panics
/// If an entry does not arrive.
pub fn fill(entries: usize) -> ! {
    let (world, before, _) = world(2, 20, entries);
    let mut receiver = Receiver::new(&world, GUESTS[0], Some(Path::new(".")));
    receiver.feed(&world.messages(0, before, BATCH));
    receiver.feed(&world.messages(before, world.made.len(), BATCH));
    std::process::abort();
}

/// Starts a node over the database in the working folder, asks it for what a first page shows, and says what that took.
///
/// # Panics
/// If the node does not start.
#[must_use]
pub fn open() -> String {
    let (before, began_ms) = (memory_bytes().0, Clock::System.now_ms());
    let (mut node, cpu) = spent(|| {
        let store = Store::open(Path::new("node.db")).expect("the database opens");
        let entropy = Entropy::Seeded([9; 32], 0);
        let node = Node::open(store, Keys::in_memory(), Mark::memory(), Clock::System, entropy);
        node.expect("the node starts")
    });
    let (ready_ms, held) = (Clock::System.now_ms() - began_ms, memory_bytes().0);
    let space = node.space_ids()[0];
    let (_, digest) = spent(|| node.digest(space).expect("the digest is known"));
    let debtor = node.commitments(space, 0, 1).expect("the list opens").first().map(|line| line.debtor);
    let store = Store::open(Path::new("node.db")).expect("the database opens for one more reader");
    let list = |work: &dyn Fn()| {
        let (_, ns) = spent(|| (0..LISTS).for_each(|_| work()));
        decimal(hundredths(ns, LISTS * 1_000_000))
    };
    let of_space = list(&|| drop(node.commitments(space, 0, LINES)));
    let of_party = list(&|| drop(debtor.map(|debtor| store.commitments_voiced(debtor, Voice::Owes, LINES))));
    format!(
        "ready after {ready_ms} ms ({} ms of CPU), holding {} MiB of memory where the program alone holds {}, and never more \
         than {}; then the digest {} ms of CPU, the first {LINES} commitments of the space {of_space} ms, of one debtor \
         {of_party} ms",
        decimal(hundredths(cpu, 1_000_000)),
        mebibytes(held),
        mebibytes(before),
        mebibytes(memory_bytes().1),
        decimal(hundredths(digest, 1_000_000)),
    )
}

//! A short history that the input tells: parties that see some of each other's entries and sign anything at all, forks
//! and keys taken back included. Whatever it is, two nodes that hear it in two orders come to the same.

mod act;
mod history;

use std::collections::BTreeMap;

use node::Node;
use oplog::EntryId;
use oplog::sync::{self, Entries, Frame, Item};

use crate::chance::Chance;
use crate::receiver::Receiver;
use history::History;

pub use history::ACT_BYTES;

/// The bytes in front of the acts: they choose the second order.
pub const ORDER_BYTES: usize = 4;
/// The most acts of one input.
pub const ACTS_MAX: usize = 40;

/// The history that `data` tells.
fn told(data: &[u8]) -> (u64, History) {
    let (order, acts) = data.split_at(data.len().min(ORDER_BYTES));
    let seed = order.iter().fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    let mut history = History::begun();
    for bytes in acts.chunks(ACT_BYTES).take(ACTS_MAX) {
        let mut act = [0; ACT_BYTES];
        act[..bytes.len()].copy_from_slice(bytes);
        history.act(act);
    }
    (seed, history)
}

/// Hands items to a node in frames of the given sizes.
fn hear(receiver: &mut Receiver, items: &[Item], size: &mut dyn FnMut() -> usize) {
    let (mut frames, mut left) = (Vec::new(), items);
    while !left.is_empty() {
        let (some, rest) = left.split_at(size().clamp(1, left.len()));
        frames.push(Frame::Entries(Entries { space: receiver.space, items: some.to_vec(), more: false }));
        left = rest;
    }
    let file = sync::bundle(receiver.from, &frames);
    receiver.node.read_bundle(&mut file.as_slice()).expect("a bundle of well-formed frames is read");
}

type Log = BTreeMap<EntryId, Option<String>>;

fn log(node: &Node, receiver_space: oplog::SpaceId) -> Log {
    let log = node.log(receiver_space, 0, usize::MAX >> 1).expect("the log is there");
    log.into_iter().map(|line| (line.id, line.refusal)).collect()
}

/// What a history came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The words of the operations that were told and are stored, with how many of them stand and how many are refused.
    pub words: BTreeMap<&'static str, (usize, usize)>,
    /// How many were told and never stored.
    pub unstored: usize,
}

/// Whether the history has an act that stands.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    outcome(data).words.values().any(|(stand, _)| *stand > 0)
}

/// Tells the history to two nodes, and what it came to.
///
/// # Panics
/// The nodes differ, or one of them differs from what it rebuilds.
#[must_use]
pub fn outcome(data: &[u8]) -> Outcome {
    let (seed, history) = told(data);
    let (items, mut chance) = (history.items(), Chance::new(seed));
    let mut first = history::receiver(1);
    let space = first.space;
    hear(&mut first, &items, &mut || usize::MAX);
    let mut second = history::receiver(2);
    let mut shuffled = items.clone();
    for at in (1..shuffled.len()).rev() {
        shuffled.swap(at, chance.below(at + 1));
    }
    let doubled = shuffled.len() / 4;
    shuffled.extend_from_within(..doubled);
    hear(&mut second, &shuffled, &mut || 1 + chance.below(6));
    let (one, two) = (log(&first.node, space), log(&second.node, space));
    let differ: Vec<_> = one
        .iter()
        .filter(|(id, why)| two.get(id) != Some(why))
        .map(|(id, why)| (history.describe(*id), why, two.get(id)))
        .collect();
    assert!(
        differ.is_empty() && one.len() == two.len(),
        "two orders of arrival judge differently: {differ:#?}"
    );
    let digest = first.node.digest(space).expect("the space is there");
    assert_eq!(second.node.digest(space).expect("the space is there"), digest, "two orders, two digests");
    for (node, log_before) in [(&mut first.node, &one), (&mut second.node, &two)] {
        assert_eq!(node.rebuild(space).expect("a rebuild works"), digest, "a rebuild gives another digest");
        assert_eq!(log(node, space), *log_before, "a rebuild judges differently");
    }
    let mut outcome = Outcome::default();
    for (id, word) in history.acts() {
        match one.get(&id) {
            Some(None) => outcome.words.entry(word).or_default().0 += 1,
            Some(Some(_)) => outcome.words.entry(word).or_default().1 += 1,
            None => outcome.unstored += 1,
        }
    }
    outcome
}

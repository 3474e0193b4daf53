//! `record`: the whole receiving path held against its floor, the signature check alone, on the same entries.

use oplog::key::PreparedKey;
use oplog::{Reader, Signature, Writer};

use crate::cpu::{decimal, hundredths, machine, median, spent};
use crate::receiver::{GUESTS, Receiver, world};
use crate::world::World;

/// Entries in one message, and so in one transaction.
pub const BATCH: usize = 1_000;

/// The bytes that one signature covers, with it and its key.
pub struct Signed {
    key: PreparedKey,
    bytes: Vec<u8>,
    signature: Signature,
}

/// What every entry's signature covers, prepared outside of what is measured.
///
/// # Panics
/// If an entry is not one.
#[must_use]
pub fn signed(world: &World, from: usize) -> Vec<Signed> {
    let keys: Vec<_> = world.authors.iter().map(|author| author.binding.public().prepare()).collect();
    let made = world.made.iter().skip(from);
    made.map(|made| {
        let mut reader = Reader::new(&made.raw[7..]);
        let header = reader.bytes().expect("an entry's header");
        let signature = Signature(reader.fixed("signature").expect("an entry's signature"));
        let mut writer = Writer::new();
        writer.array(4).text("Signature1").bytes(&[0xa1, 0x01, 0x27]).bytes(b"peygir/entry/0").bytes(header);
        let key = keys[made.author].expect("a binding key is a point of the curve");
        Signed { key, bytes: writer.into_bytes(), signature }
    })
    .collect()
}

/// Measures both ways in turn and says what came out.
///
/// # Panics
/// If an entry does not verify or does not arrive.
#[must_use]
pub fn run(entries: usize, rounds: usize) -> String {
    let (world, before, _) = world(1, 20, entries);
    let all = signed(&world, before);
    let setup = world.messages(0, before, BATCH);
    let messages = world.messages(before, world.made.len(), BATCH);
    let (mut floor, mut path, mut refused) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds {
        let (valid, ns) =
            spent(|| all.iter().filter(|one| one.key.verifies(&one.bytes, &one.signature)).count());
        assert_eq!(valid, entries, "every signature verifies");
        floor.push(ns);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut receiver = Receiver::new(&world, GUESTS[0], Some(folder.path()));
        assert_eq!(receiver.feed(&setup).new, before, "the set-up arrives");
        let (fed, ns) = spent(|| receiver.feed(&messages));
        assert_eq!((fed.new, fed.bad), (entries, 0), "every entry arrives");
        path.push(ns);
        refused = receiver.refused(&world, before);
    }
    describe(&world, before, refused, &messages, (floor, path))
}

fn describe(
    world: &World,
    before: usize,
    refused: usize,
    messages: &[Vec<u8>],
    (floor, path): (Vec<u64>, Vec<u64>),
) -> String {
    use std::fmt::Write as _;
    let made = &world.made[before..];
    let entries = made.len() as u64;
    let mut text = format!("{}\nmix: {}\nin fact:", machine(), crate::mix::STATED);
    for (kind, word, _) in agreement::operation::KINDS {
        let count = made.iter().filter(|made| made.kind == *kind).count() as u64;
        if count > 0 {
            let _infallible = write!(text, " {word} {} %", decimal(hundredths(count * 100, entries)));
        }
    }
    let raw: usize = made.iter().map(|made| made.raw.len()).sum();
    let content: usize = made.iter().filter_map(|made| made.content.as_ref()).map(Vec::len).sum();
    let deps: usize = made.iter().map(|made| made.deps).sum();
    let wire: usize = messages.iter().map(Vec::len).sum();
    let each = |sum: usize| decimal(hundredths(sum as u64, entries));
    let _infallible = write!(
        text,
        "\n{entries} entries of 20 authors after {before} that let them in; each {} B, content {} B, on the wire {} B, \
         {} deps; {refused} refused by the rules",
        each(raw),
        each(content),
        each(wire),
        each(deps),
    );
    for (name, runs) in [("verify_strict alone", &floor), ("receiving path", &path)] {
        let shown: Vec<_> = runs.iter().map(|ns| decimal(hundredths(*ns, entries * 1_000))).collect();
        let middle = median(runs.clone());
        let per_second = entries * 1_000_000_000 / middle.max(1);
        let _infallible = write!(
            text,
            "\n{name}: median {} us an entry, {per_second} entries per CPU second (runs: {})",
            decimal(hundredths(middle, entries * 1_000)),
            shown.join(" ")
        );
    }
    let ratio = hundredths(median(path), median(floor));
    let _infallible = write!(text, "\nratio of the medians: {}", decimal(ratio));
    text
}

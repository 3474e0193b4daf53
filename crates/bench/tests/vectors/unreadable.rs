//! Effects that do not decode, or of kinds that are unknown: an entry with one is stored and changes nothing.

use agreement::{CommitmentTerms, Due, Operation};

use crate::cast::Party;
use crate::entries::{founding, terms};
use crate::history::History;
use crate::said::{Said, say};

/// The kind of a lapse, `[subject, object, slot]`: most rows are one with a fault.
const LAPSE: u64 = 20;

/// Name, kind, effect.
type Row = (&'static str, u64, Vec<u8>);

/// Faults of the encoding, shown on `good`, a lapse of slot 0.
fn encodings(good: &[u8]) -> Vec<Row> {
    let (items, object) = (&good[1..], &good[1..good.len() - 1]);
    let lapse = |name, parts: &[&[u8]]| (name, LAPSE, parts.concat());
    vec![
        ("a kind that does not exist", 7, vec![0x80]),
        ("a kind of a later level", 1_000, good.to_vec()),
        lapse("nothing at all", &[]),
        lapse("a byte remains", &[good, &[0]]),
        lapse("the last byte is missing", &[&good[..good.len() - 1]]),
        lapse("an item too many", &[&[0x84], items, &[0]]),
        lapse("an item too few", &[&[0x82], object]),
        lapse("an array of indefinite length", &[&[0x9f], items, &[0xff]]),
        lapse("the array's length in two bytes", &[&[0x98, 3], items]),
        lapse("a map where an array belongs", &[&[0xa2], items, &[0]]),
        lapse("an array under a tag", &[&[0xd8, 24], good]),
        lapse("slot 0 in two bytes", &[&[0x83], object, &[0x18, 0]]),
        lapse("a slot that is negative", &[&[0x83], object, &[0x20]]),
        lapse("a slot that is a float", &[&[0x83], object, &[0xf9, 0, 0]]),
        lapse("a slot under a tag", &[&[0x83], object, &[0xc0, 0]]),
        lapse("an object as an array of numbers", &[&[0x83, 1, 0x98, 32], &[1; 32], &[0]]),
    ]
}

/// Values that a field cannot have.
fn values(all: &History) -> Vec<Row> {
    let effect = |name: &str| all.named(name).operation.effect();
    let (decline, offer) = (effect("decline"), effect("offer that lapses"));
    let day = CommitmentTerms {
        due: Due { day: i32::MAX, zone: "UTC".to_owned() },
        ..terms(Party::Alfa, &[Party::Beta])
    };
    let zone = Due { day: 0, zone: "z".repeat(32_768) };
    let long = CommitmentTerms { due: zone, ..day.clone() };
    let day = Operation::from(founding(day)).effect();
    let at = day.windows(5).position(|bytes| bytes == [0x1a, 0x7f, 0xff, 0xff, 0xff]).unwrap();
    let beyond = [&day[..at], &[0x1a, 0x80, 0, 0, 0], &day[at + 5..]].concat();
    vec![
        ("subject 9", 18, [&decline[..1], &[9], &decline[2..]].concat()),
        ("subject 0", 18, [&decline[..1], &[0], &decline[2..]].concat()),
        ("leave with an item", 5, vec![0x81, 0]),
        ("a level that is null", 6, vec![0x82, 0xf6, 0xf6]),
        ("an undefined where a null belongs", 6, vec![0x82, 0xf7, 0]),
        // [null, 0, [1, [tag, …
        ("tag 6", 16, [&offer[..6], &[6], &offer[7..]].concat()),
        ("terms of a third sort", 16, [&offer[..4], &[3], &offer[5..]].concat()),
        ("a day that does not fit 32 bits", 16, beyond),
        ("terms longer than an offer may be", 16, Operation::from(founding(long)).effect()),
        ("voters that do not ascend", 16, swapped_voters(&effect("offer of a ballot: level"))),
    ]
}

/// Swaps the first two voters of a ballot about the level: [null, 0, [2, [4, [voter, voter, voter], 1]]].
fn swapped_voters(effect: &[u8]) -> Vec<u8> {
    let (start, len) = (8, 34);
    let (one, two) = (&effect[start..start + len], &effect[start + len..start + 2 * len]);
    [&effect[..start], two, one, &effect[start + 2 * len..]].concat()
}

/// The list.
pub(crate) fn made(all: &History) -> Said {
    let good = all.named("lapse").operation.effect();
    assert!(Operation::read(LAPSE, &good).is_ok());
    let rows = encodings(&good).into_iter().chain(values(all));
    rows.map(|(name, kind, effect)| {
        assert!(Operation::read(kind, &effect).is_err(), "{name} is read");
        say! { "name": name, "kind": kind, "effect": Said::hex(&effect) }
    })
    .collect()
}

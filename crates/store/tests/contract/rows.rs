//! Rows to keep: small, told apart by a number.

use oplog::{ContentHash, EntryId, KeyId, ObjectId, PartyId, Position, SpaceId};
use store::Store;
use store::entries::EntryRow;
use store::objects::ObjectRow;
use store::spaces::LineRow;

pub(crate) fn entry_id(number: u8) -> EntryId {
    EntryId([number; 32])
}

pub(crate) fn object(number: u8) -> ObjectId {
    ObjectId([number; 32])
}

pub(crate) fn party(number: u8) -> PartyId {
    PartyId([number; 32])
}

pub(crate) fn content(number: u8) -> ContentHash {
    ContentHash([number; 32])
}

/// A space of some number, and the local number that it got.
pub(crate) fn space(store: &Store, number: u8) -> i64 {
    store.add_space(SpaceId([number; 32]), "space", Some(party(1)), party(2)).unwrap()
}

/// An entry that arrives as number `n`, at `seq` of `line`, and is folded into object 9.
pub(crate) fn entry(n: u8, line: u32, seq: u64) -> EntryRow {
    let before = Position::after(line + 100, 300, &[]);
    let mut position = Position::after(line, seq, &[&before]);
    position.depth = u64::from(n) + 1;
    EntryRow {
        n: i64::from(n),
        id: entry_id(n),
        position,
        kind: 16,
        object: Some(object(9)),
        arrived_ms: 1_000 + u64::from(n),
        content: None,
        refusal: None,
        raw: vec![n; 5],
    }
}

pub(crate) fn ids(rows: &[EntryRow]) -> Vec<u8> {
    rows.iter().map(|row| row.id.0[0]).collect()
}

pub(crate) fn state(number: u8, words: &[u8]) -> ObjectRow {
    ObjectRow {
        id: object(number),
        last: (u64::from(number) + 2, entry_id(number)),
        leaf: [number; 32],
        state: words.to_vec(),
    }
}

pub(crate) fn line(no: u32, key: u8) -> LineRow {
    LineRow {
        no,
        key: KeyId([key; 32]),
        seat: party(key),
        start_seq: 3,
        head_seq: 5,
        head_id: entry_id(7),
        relied: 0,
    }
}

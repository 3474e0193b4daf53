//! Rows to keep: small, told apart by a number.

use oplog::{ContentHash, ContentRef, EntryId, KeyId, ObjectId, PartyId, Position, SpaceId};
use store::entries::EntryRow;
use store::lists::Listing;
use store::objects::{ObjectNo, RecordRow};
use store::spaces::LineRow;
use store::{Result, Store};

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
        position: position.into(),
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

/// Adds an entry after the object and the content that it names.
pub(crate) fn add(store: &Store, space: i64, row: &EntryRow) -> Result<()> {
    let object = row.object.map(|object| number(store, space, object)).transpose()?;
    let named = row.content.map(|hash| store.name_content(ContentRef { hash, len_bytes: 4 }, None));
    store.add_entry(space, row, object, named.transpose()?.map(|(no, _)| no))
}

/// The number of an object, a new one if it has none.
pub(crate) fn number(store: &Store, space: i64, object: ObjectId) -> Result<ObjectNo> {
    match store.object_no(space, object)? {
        Some(no) => Ok(no),
        None => store.add_awaited(space, object),
    }
}

/// Adds the entry that founds an object of its own.
pub(crate) fn found(store: &Store, space: i64, n: u8) -> ObjectNo {
    let (no, _) = store.add_founded(space, object(n)).unwrap();
    let row = EntryRow { object: Some(object(n)), ..entry(n, u32::from(n), 0) };
    store.add_entry(space, &row, Some(no), None).unwrap();
    no
}

/// Keeps the words `state` as the record of an object, as far as entry 1.
pub(crate) fn keep(store: &Store, space: i64, no: ObjectNo, now: Option<&Listing>, before: Option<&Listing>) {
    let row = RecordRow { id: object(1), last: 1, state: b"state" };
    store.set_record(space, no, &row, now, before).unwrap();
}

/// The objects that have a record, by id.
pub(crate) fn recorded(store: &Store, space: i64) -> Vec<u8> {
    let mut objects = Vec::new();
    store.records(space, |object, state| objects.extend((state == b"state").then_some(object.0[0]))).unwrap();
    objects.sort_unstable();
    objects
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

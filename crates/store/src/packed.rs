//! Records as they are kept: the same 32-byte ids stand in one again and again, and are written out the first time alone.
//!
//! What is packed is the encoding of the protocol, which is CBOR without tags. Each byte string of 32 bytes that stood
//! before becomes a tag with its number, counted from the object's own id on, which need not be written at all.

use oplog::ObjectId;

/// How many ids of a record have numbers.
const IDS_MAX: usize = 256;
/// The head of a byte string of 32 bytes.
const ID_HEAD: [u8; 2] = [0x58, 32];
const ID_BYTES: usize = 32;

/// The first byte of what was packed, and of what was no encoding of ours and is kept as it is.
const PACKED: u8 = 1;
const PLAIN: u8 = 0;

/// An item of CBOR without what an array holds: its major type, its number, and the lengths of its head and its bytes.
struct Item {
    major: u8,
    number: u64,
    len: usize,
}

/// The item at the start of `bytes`, if one is there whole.
fn item(bytes: &[u8]) -> Option<Item> {
    let (first, rest) = bytes.split_first()?;
    let (major, info) = (first >> 5, first & 0x1f);
    let (number, more) = match info {
        0..24 => (u64::from(info), 0),
        24 => (u64::from(*rest.first()?), 1),
        25 => (u64::from(u16::from_be_bytes(*rest.first_chunk()?)), 2),
        26 => (u64::from(u32::from_be_bytes(*rest.first_chunk()?)), 4),
        27 => (u64::from_be_bytes(*rest.first_chunk()?), 8),
        _ => return None,
    };
    let held = if matches!(major, 2 | 3) { usize::try_from(number).ok()? } else { 0 };
    let len = held.checked_add(1 + more)?;
    (len <= bytes.len()).then_some(Item { major, number, len })
}

/// A record's encoded state as it is kept under the object's id.
pub(crate) fn pack(object: ObjectId, state: &[u8]) -> Vec<u8> {
    packed(object, state).unwrap_or_else(|| [&[PLAIN], state].concat())
}

fn packed(object: ObjectId, state: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::with_capacity(state.len() + 1);
    kept.push(PACKED);
    let mut ids = vec![object.0.as_slice()];
    let mut rest = state;
    while !rest.is_empty() {
        let item = item(rest)?;
        if item.major == 6 {
            return None;
        }
        let (whole, after) = rest.split_at(item.len);
        rest = after;
        let id = whole.strip_prefix(&ID_HEAD).filter(|id| id.len() == ID_BYTES);
        match id.map(|id| (id, ids.iter().position(|known| *known == id))) {
            Some((_, Some(number))) => match u8::try_from(number).ok()? {
                few @ 0..24 => kept.push(0xc0 | few),
                many => kept.extend([0xd8, many]),
            },
            Some((id, None)) => {
                kept.extend(whole);
                if ids.len() < IDS_MAX {
                    ids.push(id);
                }
            }
            None => kept.extend(whole),
        }
    }
    Some(kept)
}

/// The state that was packed under the object's id; `None` when what is kept is damaged.
pub(crate) fn unpack(object: ObjectId, kept: &[u8]) -> Option<Vec<u8>> {
    let (form, mut rest) = kept.split_first()?;
    match *form {
        PLAIN => return Some(rest.to_vec()),
        PACKED => {}
        _ => return None,
    }
    let mut state = Vec::with_capacity(rest.len() * 2);
    let mut ids = vec![object.0.as_slice()];
    while !rest.is_empty() {
        let item = item(rest)?;
        let (whole, after) = rest.split_at(item.len);
        rest = after;
        if item.major == 6 {
            let id = ids.get(usize::try_from(item.number).ok()?)?;
            state.extend(ID_HEAD);
            state.extend(*id);
            continue;
        }
        state.extend(whole);
        if let Some(id) = whole.strip_prefix(&ID_HEAD).filter(|id| id.len() == ID_BYTES)
            && ids.len() < IDS_MAX
        {
            ids.push(id);
        }
    }
    Some(state)
}

#[cfg(test)]
mod tests {
    use oplog::{EntryId, to_bytes};

    use super::*;

    const OBJECT: ObjectId = ObjectId([7; 32]);

    fn id(number: usize) -> EntryId {
        EntryId(oplog::id::hash("test", &[&number.to_be_bytes()]))
    }

    #[test]
    fn what_was_packed_comes_out_as_it_was() {
        let words =
            (String::from("words X \u{58}\u{20} more"), vec![1_u64, 23, 24, 255, 256, 70_000, u64::MAX]);
        let ids: Vec<_> = (0..700).map(|number| (id(number % 300), number as u64)).collect();
        let states = [
            to_bytes(&words),
            to_bytes(&ids),
            to_bytes(&vec![EntryId(OBJECT.0), id(1), id(1), EntryId(OBJECT.0)]),
            to_bytes(&(vec![-1_i32, i32::MIN], (Some(true), None::<bool>))),
            to_bytes(&oplog::bytes::Blob(vec![0x58; 40])),
        ];
        for state in states {
            let kept = pack(OBJECT, &state);
            assert_eq!(kept.first(), Some(&PACKED));
            assert_eq!(unpack(OBJECT, &kept), Some(state));
        }
    }

    #[test]
    fn an_id_is_written_out_once_and_the_objects_own_never() {
        let state = to_bytes(&vec![EntryId(OBJECT.0), id(1), EntryId(OBJECT.0), id(1), id(1)]);
        assert_eq!(pack(OBJECT, &state).len(), 1 + 1 + 34 + 4);
    }

    #[test]
    fn what_is_no_encoding_of_ours_is_kept_as_it_is() {
        for state in [&b""[..], b"state", &[0xc1, 1], &[0x58, 32, 1], &[0x1f], &[0x5b; 9]] {
            assert_eq!(unpack(OBJECT, &pack(OBJECT, state)).as_deref(), Some(state));
        }
    }

    #[test]
    fn what_is_damaged_is_none_and_never_a_panic() {
        let state = to_bytes(&vec![id(1), id(2), id(1)]);
        let kept = pack(OBJECT, &state);
        assert_eq!(unpack(OBJECT, &[]), None);
        assert_eq!(unpack(OBJECT, &[2]), None);
        assert_eq!(unpack(OBJECT, &[PACKED, 0xc9]), None);
        for len in 1..kept.len() {
            assert_ne!(unpack(OBJECT, &kept[..len]).as_deref(), Some(&state[..]));
        }
    }
}

//! Objects by number, and their records.

use store::entries::EntryRow;
use store::lists::{ALIKE_MAX, CommitmentRow, Listed, Listing, Voice};
use store::objects::RecordRow;

use crate::Fresh;
use crate::rows::{add, entry, entry_id, found, ids, keep, number, object, party, recorded, space};

pub(crate) fn a_record_is_what_was_kept_last(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    let no = found(&store, one, 1);
    assert_eq!((store.record(no, object(1)).unwrap(), store.space_of(object(1)).unwrap()), (None, None));
    add(&store, one, &entry(2, 9, 0)).unwrap();
    let ids = oplog::to_bytes(&vec![entry_id(2), entry_id(1), entry_id(2)]);
    for (last, words) in [(1, &b"first"[..]), (2, b"second"), (1, b""), (2, ids.as_slice())] {
        let row = RecordRow { id: object(1), last, state: words };
        store.set_record(one, no, &row, None, None).unwrap();
        let read = store.record(no, object(1)).unwrap().unwrap();
        let id = entry_id(u8::try_from(last).unwrap());
        assert_eq!(read.last, (last, u64::try_from(last).unwrap() + 1, id));
        assert_eq!((read.state.as_slice(), read.title), (words, None));
    }
    assert_eq!(store.space_of(object(1)).unwrap(), Some(one));
    assert_eq!(store.object_numbered(no).unwrap(), Some((one, object(1))));
    assert_eq!(store.object_numbered(store::objects::ObjectNo(99)).unwrap(), None);
}

pub(crate) fn what_stands_beside_an_entry_is_found_until_it_is_dropped(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let about = found(&store, one, 1);
    let (comment, file, foreign) = (found(&store, one, 2), found(&store, one, 3), found(&store, two, 4));
    for note in [file, comment] {
        store.set_beside(note, entry_id(1)).unwrap();
    }
    store.set_beside(foreign, entry_id(4)).unwrap();
    let beside = |limit| ids(&store.entries_beside(entry_id(1), limit).unwrap());
    assert_eq!((beside(9), beside(1)), (vec![2, 3], vec![2]), "as they arrived");
    assert_eq!(ids(&store.entries_beside(entry_id(9), 9).unwrap()), [0_u8; 0]);
    assert!(store.set_beside(about, entry_id(9)).is_err(), "beside nothing");
    keep(&store, one, comment, None, None);
    store.drop_record(comment, None).unwrap();
    assert_eq!(beside(9), [3]);
    store.drop_derived(one).unwrap();
    assert_eq!(beside(9), [0_u8; 0]);
    assert_eq!(ids(&store.entries_beside(entry_id(4), 9).unwrap()), [4]);
}

pub(crate) fn a_dropped_record_is_gone_and_dropping_it_again_does_nothing(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    let (first, second) = (found(&store, one, 1), found(&store, one, 2));
    keep(&store, one, first, None, None);
    keep(&store, one, second, None, None);
    store.drop_record(first, None).unwrap();
    store.drop_record(first, None).unwrap();
    assert_eq!(store.record(first, object(1)).unwrap(), None);
    assert_eq!(recorded(&store, one), [2]);
}

pub(crate) fn the_records_are_those_of_the_space(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (space, n) in [(one, 3), (one, 1), (two, 2)] {
        let no = found(&store, space, n);
        keep(&store, space, no, None, None);
    }
    assert_eq!((recorded(&store, one), recorded(&store, two)), (vec![1, 3], vec![2]));
}

pub(crate) fn what_follows_from_entries_is_dropped_for_one_space_alone(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (space, n) in [(one, 1), (two, 2)] {
        let no = found(&store, space, n);
        let title = "title".to_owned();
        let row = CommitmentRow { object: object(n), space, debtor: party(1), phase: 1, due: 1, title };
        let listed = Listed::new(row, [(party(1), Voice::Owes)].into());
        keep(&store, space, no, Some(&Listing::Commitment(listed)), None);
    }
    store.drop_derived(one).unwrap();
    assert_eq!((recorded(&store, one), store.commitments(one, 0, 10).unwrap()), (vec![], vec![]));
    assert_eq!((recorded(&store, two), store.commitments(two, 0, 10).unwrap().len()), (vec![2], 1));
    let voiced = store.commitments_voiced(party(1), Voice::Owes, 10).unwrap();
    assert_eq!(voiced.iter().map(|row| row.object).collect::<Vec<_>>(), [object(2)]);
    assert_eq!(store.entries_after(one, 0, 10).unwrap().len(), 1, "entries are what it follows from");
}

pub(crate) fn the_objects_named_are_those_of_entries_whether_kept_or_not(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let folded = |n, number: Option<u8>| EntryRow { object: number.map(object), ..entry(n, u32::from(n), 0) };
    for row in [folded(1, Some(8)), folded(2, Some(7)), folded(3, Some(8)), folded(4, None)] {
        add(&store, one, &row).unwrap();
    }
    add(&store, two, &folded(5, Some(6))).unwrap();
    let mut named = store.objects_named(one).unwrap();
    named.sort();
    assert_eq!(named, [object(7), object(8)]);
}

pub(crate) fn an_object_keeps_the_number_under_which_it_was_awaited(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    assert_eq!(store.object_no(one, object(3)).unwrap(), None);
    let early = store.add_awaited(one, object(3)).unwrap();
    assert_eq!(store.object_no(one, object(3)).unwrap(), Some(early));
    assert_eq!(store.add_founded(one, object(3)).unwrap(), (early, true));
    let (other, awaited) = store.add_founded(one, object(4)).unwrap();
    assert!(other != early && !awaited);
}

pub(crate) fn the_same_id_is_another_object_in_another_space(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let here = found(&store, one, 3);
    assert_eq!(store.object_no(two, object(3)).unwrap(), None);
    let there = number(&store, two, object(3)).unwrap();
    assert_ne!(here, there);
    assert_eq!(store.object_no(one, object(3)).unwrap(), Some(here));
    assert_eq!(store.object_no(two, object(3)).unwrap(), Some(there));
    // An entry that is about another object founds none of its own id.
    add(&store, one, &entry(5, 9, 0)).unwrap();
    assert_eq!(store.object_no(one, object(5)).unwrap(), None);
}

pub(crate) fn the_objects_that_begin_with_a_prefix_come_by_id_and_not_without_end(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    for n in [0xff, 0x11, 0x10] {
        let no = found(&store, one, n);
        keep(&store, one, no, None, None);
    }
    let mut near = entry(0x12, 0x12, 0);
    let mut place = |id: oplog::EntryId| {
        near.n += 1000;
        (near.id, near.object) = (id, Some(id.into()));
        let (no, _) = store.add_founded(one, id.into()).unwrap();
        let row = EntryRow {
            position: oplog::Position::after(9, near.n.unsigned_abs(), &[]).into(),
            ..near.clone()
        };
        store.add_entry(one, &row, Some(no), None).unwrap();
        keep(&store, one, no, None, None);
    };
    let mut id = entry_id(0x10);
    id.0[31] = 0x11;
    place(id);
    let like = |prefix: &[u8]| store.objects_like(prefix).unwrap();
    assert_eq!(like(&[0x10]), [object(0x10), id.into()]);
    assert_eq!(like(&[0x11; 32]), [object(0x11)]);
    assert_eq!(like(&[0xff; 3]), [object(0xff)]);
    assert_eq!(like(&[0x12]), []);
    assert_eq!(like(&[]).len(), 4);
    assert_eq!(like(&[0x11; 33]), []);
    for number in 0..=ALIKE_MAX {
        id.0[..2].copy_from_slice(&u16::try_from(0x2000 + number).unwrap().to_be_bytes());
        place(id);
    }
    assert_eq!(like(&[]).len(), ALIKE_MAX);
}

//! The states of objects.

use store::entries::EntryRow;
use store::lists::{CommitmentRow, Listed, Voice};

use crate::Fresh;
use crate::rows::{entry, object, party, space, state};

pub(crate) fn an_object_is_what_was_kept_last(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    assert_eq!((store.object(no, object(1)).unwrap(), store.space_of(object(1)).unwrap()), (None, None));
    for words in [&b"first"[..], b"second", b""] {
        let mut row = state(1, words);
        row.leaf[0] = u8::try_from(words.len()).unwrap();
        row.last.0 += words.len() as u64;
        store.set_object(no, &row).unwrap();
        assert_eq!(store.object(no, object(1)).unwrap(), Some(row));
    }
    assert_eq!(store.space_of(object(1)).unwrap(), Some(no));
}

pub(crate) fn a_dropped_object_is_gone_and_dropping_it_again_does_nothing(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    store.set_object(no, &state(1, b"state")).unwrap();
    store.set_object(no, &state(2, b"state")).unwrap();
    store.drop_object(no, object(1)).unwrap();
    store.drop_object(no, object(1)).unwrap();
    assert_eq!(store.object(no, object(1)).unwrap(), None);
    assert_eq!(store.leaves(no).unwrap(), [(object(2), [2; 32])]);
}

pub(crate) fn the_leaves_of_a_space_come_by_id(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (no, number) in [(one, 3), (one, 1), (two, 2)] {
        store.set_object(no, &state(number, b"state")).unwrap();
    }
    assert_eq!(store.leaves(one).unwrap(), [(object(1), [1; 32]), (object(3), [3; 32])]);
    assert_eq!(store.leaves(two).unwrap(), [(object(2), [2; 32])]);
}

pub(crate) fn what_follows_from_entries_is_dropped_for_one_space_alone(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (no, number) in [(one, 1), (two, 2)] {
        store.set_object(no, &state(number, b"state")).unwrap();
        let title = "title".to_owned();
        let row =
            CommitmentRow { object: object(number), space: no, debtor: party(1), phase: 1, due: 1, title };
        store.set_commitment(&Listed { row, voices: [(party(1), Voice::Owes)].into() }, None).unwrap();
    }
    store.add_entry(one, &entry(1, 1, 0)).unwrap();
    store.drop_derived(one).unwrap();
    assert_eq!(store.leaves(one).unwrap(), []);
    assert_eq!(store.commitments(one, 0, 10).unwrap(), []);
    assert_eq!(store.leaves(two).unwrap().len(), 1);
    assert_eq!(store.commitments(two, 0, 10).unwrap().len(), 1);
    let voiced = store.commitments_voiced(party(1), Voice::Owes, 10).unwrap();
    assert_eq!(voiced.iter().map(|row| row.object).collect::<Vec<_>>(), [object(2)]);
    assert_eq!(store.entries_after(one, 0, 10).unwrap().len(), 1, "entries are what it follows from");
}

pub(crate) fn the_objects_named_are_those_of_entries_whether_kept_or_not(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let folded = |n, number: Option<u8>| EntryRow { object: number.map(object), ..entry(n, u32::from(n), 0) };
    for row in [folded(1, Some(8)), folded(2, Some(7)), folded(3, Some(8)), folded(4, None)] {
        store.add_entry(one, &row).unwrap();
    }
    store.add_entry(two, &folded(5, Some(6))).unwrap();
    store.set_object(one, &state(9, b"state")).unwrap();
    assert_eq!(store.objects_named(one).unwrap(), [object(7), object(8)]);
}

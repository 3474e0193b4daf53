//! Spaces, lines, introductions, and this node's own values.

use oplog::{KeyId, SpaceId};
use store::spaces::{IntroducedRow, LineRow, SpaceRow};

use crate::Fresh;
use crate::rows::{entry_id, line, party, space};

pub(crate) fn spaces_are_numbered_and_come_in_that_order(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.spaces().unwrap(), []);
    let first = store.add_space(SpaceId([9; 32]), "\u{6a9}", Some(party(1)), party(2)).unwrap();
    let second = store.add_space(SpaceId([3; 32]), "", None, party(4)).unwrap();
    assert!(first < second);
    let row = |no, id, name: &str, own_party, founder| SpaceRow {
        no,
        id: SpaceId([id; 32]),
        name: name.to_owned(),
        own_party,
        founder,
    };
    let expected = [row(first, 9, "\u{6a9}", Some(party(1)), party(2)), row(second, 3, "", None, party(4))];
    assert_eq!(store.spaces().unwrap(), expected);
}

pub(crate) fn a_space_is_added_once(fresh: Fresh<'_>) {
    let store = fresh();
    space(&store, 1);
    assert!(store.add_space(SpaceId([1; 32]), "again", None, party(9)).is_err());
    assert_eq!(store.spaces().unwrap().len(), 1);
}

pub(crate) fn lines_come_by_number_and_move(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (no, number, key) in [(one, 4, 1), (one, 2, 1), (two, 3, 1)] {
        store.add_line(no, &line(number, key)).unwrap();
    }
    assert!(store.add_line(one, &line(4, 7)).is_err());
    assert_eq!(store.lines(one).unwrap(), [line(2, 1), line(4, 1)]);
    let moved = LineRow { head_seq: 6, head_id: entry_id(8), relied: 4, ..line(4, 1) };
    store.set_line(&moved).unwrap();
    assert_eq!(store.lines(one).unwrap(), [line(2, 1), moved]);
    assert_eq!(store.lines(two).unwrap(), [line(3, 1)]);
}

pub(crate) fn the_last_line_is_the_highest_of_all_spaces(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.last_line().unwrap(), 0);
    let (one, two) = (space(&store, 1), space(&store, 2));
    store.add_line(two, &line(7, 1)).unwrap();
    store.add_line(one, &line(5, 2)).unwrap();
    assert_eq!(store.last_line().unwrap(), 7);
}

pub(crate) fn introductions_are_kept_once_and_come_by_key_and_depth(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let row = |key, depth, entry| IntroducedRow {
        key: KeyId([key; 32]),
        seat: party(key),
        depth,
        entry: entry_id(entry),
        public: vec![key; 33],
    };
    for row in [row(2, 9, 1), row(2, 3, 2), row(1, 5, 4), row(1, 5, 3)] {
        store.add_introduced(one, &row).unwrap();
    }
    store.add_introduced(two, &row(9, 1, 1)).unwrap();
    store.add_introduced(one, &IntroducedRow { depth: 1, ..row(2, 3, 2) }).unwrap();
    let expected = [row(1, 5, 3), row(1, 5, 4), row(2, 3, 2), row(2, 9, 1)];
    assert_eq!(store.introduced(one).unwrap(), expected);
    assert_eq!(store.introduced(two).unwrap(), [row(9, 1, 1)]);
}

pub(crate) fn a_value_of_the_nodes_own_is_what_was_set_last(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.meta("name").unwrap(), None);
    for value in [&b"one"[..], b"", &[0, 0xff]] {
        store.set_meta("name", value).unwrap();
        assert_eq!(store.meta("name").unwrap().as_deref(), Some(value));
    }
    assert_eq!(store.meta("NAME").unwrap(), None);
}

//! All or nothing.

use store::Store;

use crate::Fresh;
use crate::rows::{add, entry, space};

pub(crate) fn what_was_committed_is_there(fresh: Fresh<'_>) {
    let mut store = fresh();
    store.begin().unwrap();
    store.set_meta("key", b"value").unwrap();
    store.commit().unwrap();
    assert_eq!(store.meta("key").unwrap().as_deref(), Some(&b"value"[..]));
    store.roll_back().unwrap();
    assert_eq!(store.meta("key").unwrap().as_deref(), Some(&b"value"[..]));
}

pub(crate) fn what_was_rolled_back_never_was(fresh: Fresh<'_>) {
    let mut store = fresh();
    let no = space(&store, 1);
    store.set_meta("key", b"before").unwrap();
    store.begin().unwrap();
    store.set_meta("key", b"after").unwrap();
    add(&store, no, &entry(1, 1, 0)).unwrap();
    space(&store, 2);
    store.roll_back().unwrap();
    assert_eq!(store.meta("key").unwrap().as_deref(), Some(&b"before"[..]));
    assert_eq!(store.entry(entry(1, 1, 0).id).unwrap(), None);
    assert_eq!(store.spaces().unwrap().len(), 1);
}

pub(crate) fn rolling_back_without_a_transaction_does_nothing(fresh: Fresh<'_>) {
    let mut store = fresh();
    store.set_meta("key", b"value").unwrap();
    store.roll_back().unwrap();
    store.roll_back().unwrap();
    assert!(store.meta("key").unwrap().is_some());
}

pub(crate) fn a_transaction_does_not_begin_in_another(fresh: Fresh<'_>) {
    let mut store = fresh();
    store.begin().unwrap();
    store.set_meta("key", b"value").unwrap();
    assert!(store.begin().is_err());
    store.commit().unwrap();
    assert!(store.meta("key").unwrap().is_some());
}

pub(crate) fn a_transaction_that_failed_half_way_leaves_nothing_when_rolled_back(fresh: Fresh<'_>) {
    let mut store = fresh();
    let no = space(&store, 1);
    store.begin().unwrap();
    add(&store, no, &entry(1, 1, 0)).unwrap();
    assert!(add(&store, no, &entry(1, 1, 0)).is_err());
    store.roll_back().unwrap();
    assert_eq!(store.last_n().unwrap(), 0);
    store.begin().unwrap();
    add(&store, no, &entry(1, 1, 0)).unwrap();
    store.commit().unwrap();
}

pub(crate) fn a_commit_without_a_transaction_is_refused(fresh: Fresh<'_>) {
    assert!(fresh().commit().is_err());
}

pub(crate) fn a_copy_holds_all_and_goes_its_own_way(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    add(&store, no, &entry(1, 1, 0)).unwrap();
    let copy = store.copy().unwrap();
    add(&store, no, &entry(2, 1, 1)).unwrap();
    let (one, two) = (Store::from_copy(&copy).unwrap(), Store::from_copy(&copy).unwrap());
    assert_eq!(one.entry(entry(1, 1, 0).id).unwrap(), Some(entry(1, 1, 0)));
    assert_eq!(one.last_n().unwrap(), 1);
    one.set_meta("key", b"value").unwrap();
    assert_eq!((store.meta("key").unwrap(), two.meta("key").unwrap()), (None, None));
}

pub(crate) fn facts_name_what_durability_rests_on(fresh: Fresh<'_>) {
    let facts = fresh().facts().unwrap();
    for name in ["journal mode", "synchronous", "format"] {
        assert!(facts.iter().any(|(fact, value)| *fact == name && !value.is_empty()), "{name}: {facts:?}");
    }
}

pub(crate) fn a_value_is_found_in_the_tables_that_hold_it(fresh: Fresh<'_>) {
    let store = fresh();
    store.set_meta("key", b"a canary in a value").unwrap();
    store.add_private_note(crate::rows::object(1), &[7; 32], 1, "a canary in a note").unwrap();
    assert_eq!(store.tables_holding(b"canary").unwrap(), ["desk_note", "meta"]);
    assert_eq!(store.tables_holding(b"in a note").unwrap(), ["desk_note"]);
    assert_eq!(store.tables_holding(b"nowhere").unwrap(), [""; 0]);
}

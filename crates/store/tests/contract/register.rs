//! The register.

use store::Store;
use store::register::NO_DAY;

use crate::Fresh;
use crate::rows::{entry_id, found, object, space};

fn lines(store: &Store, done: bool) -> Vec<u8> {
    store.registered(done, (i64::MIN, 0), 9).unwrap().iter().map(|row| row.object.0[0]).collect()
}

pub(crate) fn the_register_comes_by_day_and_knows_what_is_done(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let mut numbers = Vec::new();
    for (n, due) in [(1, Some(30)), (2, None), (3, Some(10)), (4, Some(10))] {
        let no = found(&store, one, n);
        store.set_registered(no, due, entry_id(n)).unwrap();
        numbers.push(no);
    }
    let other = found(&store, two, 5);
    store.set_registered(other, Some(20), entry_id(5)).unwrap();
    assert_eq!(lines(&store, false), [3, 4, 5, 1, 2], "what names no day comes last");
    let first = store.registered(false, (i64::MIN, 0), 2).unwrap();
    assert_eq!((first[1].at, first[1].version, first[1].done_by), ((10, numbers[3].0), entry_id(4), None));
    let rest = store.registered(false, first[1].at, 9).unwrap();
    assert_eq!(rest.iter().map(|row| row.object.0[0]).collect::<Vec<_>>(), [5, 1, 2]);
    assert_eq!(rest[2].at.0, NO_DAY);
    store.set_done(object(3), Some(&[7; 32]), 1).unwrap();
    assert_eq!((lines(&store, false), lines(&store, true)), (vec![4, 5, 1, 2], vec![3]));
    assert_eq!(store.registered(true, (i64::MIN, 0), 9).unwrap()[0].done_by, Some([7; 32]));
    assert_eq!(store.registered_counts(20).unwrap(), [4, 1, 1]);
    store.set_done(object(3), None, 2).unwrap();
    assert_eq!(store.registered_counts(21).unwrap(), [5, 3, 0]);
    // Corrected, taken back, dropped to be rebuilt.
    store.set_registered(numbers[0], Some(5), entry_id(9)).unwrap();
    store.forget_registered(numbers[1]).unwrap();
    assert_eq!(lines(&store, false), [1, 3, 4, 5]);
    store.drop_record(numbers[2], None).unwrap();
    assert_eq!(lines(&store, false), [1, 4, 5]);
    store.drop_derived(one).unwrap();
    assert_eq!(lines(&store, false), [5]);
}

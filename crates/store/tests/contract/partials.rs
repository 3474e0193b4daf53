//! Contents that have arrived in part.

use store::Store;
use store::partials::Partial;

use crate::Fresh;
use crate::rows::content;

fn add(store: &Store, of: u8, node: u8, held: u64, at_ms: u64, bytes: &[u8]) -> store::Result<()> {
    store.add_part(&Partial { hash: content(of), node: vec![node; 33], held, at_ms }, bytes)
}

pub(crate) fn parts_follow_one_another_and_are_each_nodes_own(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.held_of(content(1), &[1; 33]).unwrap(), 0);
    add(&store, 1, 1, 0, 10, b"one").unwrap();
    add(&store, 1, 2, 0, 10, b"ONE").unwrap();
    add(&store, 1, 1, 3, 20, b"two").unwrap();
    assert!(add(&store, 1, 1, 3, 20, b"two").is_err(), "it is there");
    assert_eq!(store.held_of(content(1), &[1; 33]).unwrap(), 6);
    assert_eq!(store.sent_by(content(1), &[1; 33]).unwrap(), b"onetwo");
    assert_eq!(store.sent_by(content(1), &[2; 33]).unwrap(), b"ONE");
    assert_eq!(store.sent_by(content(2), &[1; 33]).unwrap(), b"");
}

pub(crate) fn what_is_here_in_part_comes_the_stalest_first_until_it_is_dropped(fresh: Fresh<'_>) {
    let store = fresh();
    for (of, node, at_ms) in [(1, 1, 30), (1, 2, 10), (2, 1, 20)] {
        add(&store, of, node, 0, at_ms, b"four").unwrap();
    }
    let row = |of, node, at_ms| Partial { hash: content(of), node: vec![node; 33], held: 4, at_ms };
    assert_eq!(store.partials().unwrap(), [row(1, 2, 10), row(2, 1, 20), row(1, 1, 30)]);
    store.drop_partial(content(1), Some(&[2; 33])).unwrap();
    assert_eq!(store.partials().unwrap(), [row(2, 1, 20), row(1, 1, 30)]);
    assert_eq!(store.sent_by(content(1), &[2; 33]).unwrap(), b"");
    store.drop_partial(content(1), None).unwrap();
    assert_eq!(store.partials().unwrap(), [row(2, 1, 20)]);
}

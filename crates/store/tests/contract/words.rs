//! The words by which commitments are found.

use store::Store;
use store::lists::{CommitmentRow, Listed, Listing};
use store::objects::ObjectNo;
use store::words::Sought;

use crate::Fresh;
use crate::rows::{found, keep, object, party, space};

/// A commitment with these words.
fn worded(store: &Store, space: i64, n: u8, words: &str) -> ObjectNo {
    let no = found(store, space, n);
    let title = format!("title {n}");
    let row = CommitmentRow { object: object(n), space, debtor: party(1), phase: 1, due: 5, title };
    keep(store, space, no, Some(&Listing::Commitment(Listed::new(row, [].into()))), None);
    store.set_words(no, words).unwrap();
    no
}

/// Words of which each can be written in one way.
fn plain(words: &[&str]) -> Vec<Sought> {
    words.iter().map(|word| Sought(vec![vec![(*word).to_owned()]])).collect()
}

fn numbers(store: &Store, sought: &[Sought], before: Option<ObjectNo>, limit: usize) -> Vec<u8> {
    store.find(sought, before, limit).unwrap().iter().map(|(_, row)| row.object.0[0]).collect()
}

pub(crate) fn commitments_are_found_by_the_beginnings_of_all_their_words_the_newest_first(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    worded(&store, one, 1, "deliver locomotives گواهیهای گواهی های");
    let second = worded(&store, one, 2, "deliver wagons 12");
    worded(&store, one, 3, "repair locomotive 5 deliver");
    let find = |words: &[&str]| numbers(&store, &plain(words), None, 9);
    assert_eq!(find(&["deliver"]), [3, 2, 1]);
    assert_eq!(find(&["loco"]), [3, 1]);
    assert_eq!(find(&["deliver", "locomotives"]), [1]);
    assert_eq!(find(&["گواهی"]), [1]);
    assert_eq!(find(&["12"]), [2]);
    assert_eq!(find(&["omotive"]), [0_u8; 0], "the middle of a word is not its beginning");
    assert_eq!((find(&[]), find(&["AND"]), find(&["\"*"])), (vec![], vec![], vec![]));
    let either = Sought(vec![vec!["wagons".to_owned()], vec!["loco".to_owned(), "5".to_owned()]]);
    assert_eq!(numbers(&store, &[either], None, 9), [3, 2]);
    assert_eq!(numbers(&store, &plain(&["deliver"]), None, 2), [3, 2]);
    assert_eq!(numbers(&store, &plain(&["deliver"]), Some(second), 2), [1]);
    let (no, row) = store.find(&plain(&["wagons"]), None, 9).unwrap().remove(0);
    assert_eq!((no, row.title.as_str(), row.due), (second, "title 2", 5));
}

pub(crate) fn words_that_are_taken_out_are_found_nowhere_and_leave_nothing(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let first = worded(&store, one, 1, "zebraword");
    worded(&store, two, 2, "okapiword");
    worded(&store, one, 3, "tapirword");
    store.set_words(first, "gnuword").unwrap();
    assert_eq!(numbers(&store, &plain(&["zebra"]), None, 9), [0_u8; 0]);
    assert_eq!(numbers(&store, &plain(&["gnu"]), None, 9), [1]);
    assert_eq!(store.tables_holding(b"zebra").unwrap(), [""; 0], "not even in the index's own tables");
    store.forget_words(first).unwrap();
    store.forget_words(first).unwrap();
    assert_eq!(numbers(&store, &plain(&["gnu"]), None, 9), [0_u8; 0]);
    assert_eq!(store.tables_holding(b"gnuword").unwrap(), [""; 0]);
    store.drop_derived(one).unwrap();
    assert_eq!(numbers(&store, &plain(&["tapir"]), None, 9), [0_u8; 0]);
    assert_eq!(numbers(&store, &plain(&["okapi"]), None, 9), [2], "of the other space");
}

pub(crate) fn what_has_changed_is_to_be_read_once(fresh: Fresh<'_>) {
    let store = fresh();
    assert!(!store.has_unread().unwrap());
    for no in [5, 3, 5, 4] {
        store.set_unread(ObjectNo(no)).unwrap();
    }
    assert_eq!(store.unread(9).unwrap(), [3, 4, 5].map(ObjectNo));
    assert_eq!(store.unread(1).unwrap(), [ObjectNo(3)]);
    store.set_read(ObjectNo(3)).unwrap();
    assert_eq!(store.unread(9).unwrap(), [4, 5].map(ObjectNo));
    assert!(store.has_unread().unwrap());
}

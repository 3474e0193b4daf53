//! How commitments concern our party, and how many there are.

use store::Store;
use store::concerns::{At, Place};
use store::lists::{CommitmentRow, Listed, Listing};

use crate::Fresh;
use crate::rows::{add, entry, found, keep, object, party, space};

/// A commitment of party 1 to `creditors`, in a phase and a place.
fn listed(space: i64, n: u8, phase: i64, creditors: &[u8], place: Option<(Place, i64)>) -> Listing {
    let title = format!("title {n}");
    let row = CommitmentRow { object: object(n), space, debtor: party(1), phase, due: 5, title };
    let creditors = creditors.iter().map(|number| party(*number)).collect();
    Listing::Commitment(Listed { place, creditors, field: 2, ..Listed::new(row, [].into()) })
}

fn show(store: &Store, now: &Listing) -> store::objects::ObjectNo {
    let row = &now.commitment().unwrap().row;
    let no = found(store, row.space, row.object.0[0]);
    keep(store, row.space, no, Some(now), None);
    no
}

const FIRST: At = (i64::MIN, 0);

fn numbers(store: &Store, place: Place, after: At, until: i64, limit: usize) -> Vec<u8> {
    store.concerns(place, after, until, limit).unwrap().iter().map(|(_, row)| row.object.0[0]).collect()
}

pub(crate) fn concerns_come_in_their_order_and_in_pages_and_move(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    let row = |n, at| listed(one, n, 3, &[2], Some((Place::Owe, at)));
    for (n, at) in [(1, 30), (2, 10), (3, 20), (4, 20)] {
        show(&store, &row(n, at));
    }
    let sent = show(&store, &listed(one, 5, 1, &[2], Some((Place::Sent, 15))));
    show(&store, &listed(one, 6, 6, &[2], None));
    assert_eq!(numbers(&store, Place::Owe, FIRST, i64::MAX, 9), [2, 3, 4, 1]);
    assert_eq!(numbers(&store, Place::Owe, FIRST, 20, 9), [2, 3, 4]);
    let (at, _) = store.concerns(Place::Owe, FIRST, i64::MAX, 2).unwrap().pop().unwrap();
    assert_eq!(numbers(&store, Place::Owe, at, i64::MAX, 1), [4]);
    assert_eq!(numbers(&store, Place::Sent, FIRST, i64::MAX, 9), [5]);
    let counts = |store: &Store| Place::ALL.map(|place| store.concern_count(place).unwrap());
    assert_eq!(counts(&store), [0, 4, 0, 0, 0, 1]);
    assert_eq!(store.concerns_until(Place::Owe, 20, 9).unwrap(), 3);
    assert_eq!(store.concerns_until(Place::Owe, 20, 2).unwrap(), 2);
    // From one place to another, and out of all.
    let (before, now) = (listed(one, 5, 1, &[2], Some((Place::Sent, 15))), row(5, 5));
    keep(&store, one, sent, Some(&now), Some(&before));
    assert_eq!((counts(&store)[1], counts(&store)[5]), (5, 0));
    assert_eq!(numbers(&store, Place::Owe, FIRST, i64::MAX, 1), [5]);
    assert_eq!(
        store.record(sent, now.commitment().unwrap().row.object).unwrap().unwrap().place,
        Some((Place::Owe, 5))
    );
    store.drop_record(sent, Some(&now)).unwrap();
    assert_eq!(counts(&store)[1], 4);
    store.drop_derived(one).unwrap();
    assert_eq!(counts(&store), [0; 6]);
}

pub(crate) fn counts_follow_what_is_kept_and_a_transaction_that_failed_counts_nothing(fresh: Fresh<'_>) {
    let mut store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let tally = |store: &Store| {
        let rows = store.tally().unwrap().into_iter();
        rows.map(|row| (row.creditor.map(|party| party.0[0]), row.phase, row.count)).collect::<Vec<_>>()
    };
    let first = show(&store, &listed(one, 1, 3, &[2, 3], None));
    show(&store, &listed(one, 2, 3, &[2], None));
    assert_eq!(tally(&store), [(None, 3, 2), (Some(2), 3, 2), (Some(3), 3, 1)]);
    store.begin().unwrap();
    show(&store, &listed(one, 3, 3, &[2], None));
    store.roll_back().unwrap();
    assert_eq!(tally(&store), [(None, 3, 2), (Some(2), 3, 2), (Some(3), 3, 1)]);
    store.begin().unwrap();
    let (before, now) = (listed(one, 1, 3, &[2, 3], None), listed(one, 1, 6, &[2], None));
    keep(&store, one, first, Some(&now), Some(&before));
    store.commit().unwrap();
    assert_eq!(tally(&store), [(None, 3, 1), (None, 6, 1), (Some(2), 3, 1), (Some(2), 6, 1)]);
    let row = store.tally().unwrap().remove(0);
    assert_eq!((row.space, row.debtor, row.field), (one, party(1), 2));
    show(&store, &listed(two, 7, 3, &[], None));
    store.drop_derived(one).unwrap();
    assert_eq!(tally(&store), [(None, 3, 1)], "of the other space");
}

pub(crate) fn an_entry_is_known_by_when_it_arrived(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    add(&store, one, &entry(1, 1, 0)).unwrap();
    assert_eq!((store.arrived_ms(1).unwrap(), store.arrived_ms(2).unwrap()), (Some(1_001), None));
}

//! The rows behind the register of capabilities and needs.

use oplog::PartyId;
use store::Store;
use store::declared::{DeclaredFilter, DeclaredRow};

use crate::Fresh;
use crate::rows::{found, keep, object, party, space};

/// Founds declaration `n` of a space, of party `by`.
fn show(store: &Store, space: i64, n: u8, by: u8, sort: i64, withdrawn: bool, field: i64) {
    let no = found(store, space, n);
    keep(store, space, no, None, None);
    let row = DeclaredRow { object: object(n), space, party: party(by), sort, withdrawn, field };
    store.set_declared(no, &row).unwrap();
}

fn numbers(store: &Store, space: i64, filter: &DeclaredFilter) -> Vec<u8> {
    let rows = store.declared(space, filter, 0, 100).unwrap();
    rows.iter().map(|row| row.object.0[0]).collect()
}

pub(crate) fn declarations_come_standing_first_by_field_and_then_as_they_came(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (n, withdrawn, field) in [(1, true, 1), (2, false, 9), (3, false, 4), (4, false, 9), (5, false, -1)] {
        show(&store, one, n, 1, 1, withdrawn, field);
    }
    show(&store, two, 6, 1, 1, false, 1);
    let all = DeclaredFilter::default();
    assert_eq!(numbers(&store, one, &all), [5, 3, 2, 4, 1]);
    let page = store.declared(one, &all, 1, 2).unwrap();
    assert_eq!(page.iter().map(|row| row.object.0[0]).collect::<Vec<_>>(), [3, 2]);
    let row =
        DeclaredRow { object: object(3), space: one, party: party(1), sort: 1, withdrawn: false, field: 4 };
    assert_eq!(page[0], row);
}

pub(crate) fn a_register_is_of_one_space_party_sort_and_range_of_fields(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    for (n, by, sort, withdrawn, field) in
        [(1, 1, 1, false, 3), (2, 1, 2, false, 5), (3, 2, 1, false, 7), (4, 2, 2, true, 5)]
    {
        show(&store, one, n, by, sort, withdrawn, field);
    }
    let all = DeclaredFilter::default();
    for (filter, wanted) in [
        (DeclaredFilter { party: Some(party(2)), ..all }, vec![3, 4]),
        (DeclaredFilter { sort: Some(2), ..all }, vec![2, 4]),
        (DeclaredFilter { fields: Some((4, 6)), ..all }, vec![2, 4]),
        (DeclaredFilter { withdrawn: Some(false), ..all }, vec![1, 2, 3]),
        (
            DeclaredFilter {
                party: Some(party(1)),
                sort: Some(1),
                fields: Some((3, 3)),
                withdrawn: Some(false),
            },
            vec![1],
        ),
        (DeclaredFilter { party: Some(PartyId([99; 32])), ..all }, vec![]),
    ] {
        assert_eq!(numbers(&store, one, &filter), wanted, "{filter:?}");
    }
}

pub(crate) fn a_declaration_kept_again_has_its_new_row_and_a_dropped_one_none(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (space, n) in [(one, 1), (one, 2), (two, 3)] {
        show(&store, space, n, 1, 1, false, 3);
    }
    let all = DeclaredFilter::default();
    let no = store.object_no(one, object(1)).unwrap().unwrap();
    let row =
        DeclaredRow { object: object(1), space: one, party: party(1), sort: 1, withdrawn: true, field: 8 };
    store.set_declared(no, &row).unwrap();
    assert_eq!(store.declared(one, &all, 1, 9).unwrap(), [row]);
    store.drop_record(no, None).unwrap();
    assert_eq!(numbers(&store, one, &all), [2]);
    store.drop_derived(one).unwrap();
    assert_eq!((numbers(&store, one, &all), numbers(&store, two, &all)), (vec![], vec![3]));
}

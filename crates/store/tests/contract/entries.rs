//! Entries, and where they stand.

use store::Store;
use store::entries::EntryRow;

use crate::Fresh;
use crate::rows::{add, content, entry, entry_id, ids, number, object, space};

/// Two lines of space 1, each of three entries that arrive in turn, and one entry of space 2.
fn some(store: &Store) -> (i64, i64) {
    let (one, two) = (space(store, 1), space(store, 2));
    for seq in 0..3 {
        let n = u8::try_from(2 * seq + 1).unwrap();
        add(store, one, &entry(n, 1, seq)).unwrap();
        add(store, one, &entry(n + 1, 2, seq)).unwrap();
    }
    add(store, two, &entry(7, 3, 0)).unwrap();
    (one, two)
}

pub(crate) fn an_entry_is_found_by_id_and_by_place(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let full = EntryRow { content: Some(content(4)), refusal: Some("why".to_owned()), ..entry(1, 1, 0) };
    let bare = EntryRow { object: None, ..entry(2, 1, 1) };
    for row in [full, bare] {
        add(&store, no, &row).unwrap();
        let position = &row.position;
        assert_eq!(store.entry(row.id).unwrap().as_ref(), Some(&row));
        assert_eq!(store.entry_at(position.line, position.seq).unwrap().as_ref(), Some(&row));
        assert_eq!(store.place(row.id).unwrap(), Some((position.line, position.seq)));
        let placed = store.placed(row.id).unwrap().unwrap();
        assert_eq!((placed.space, &placed.position), (no, position.as_ref()));
        assert_eq!(store.id_at(position.line, position.seq).unwrap(), Some(row.id));
    }
}

pub(crate) fn no_entry_is_found_where_none_is(fresh: Fresh<'_>) {
    let store = fresh();
    some(&store);
    assert_eq!(store.entry(entry_id(99)).unwrap(), None);
    assert_eq!(store.entry_at(1, 3).unwrap(), None);
    assert_eq!(store.entry_at(9, 0).unwrap(), None);
    assert_eq!(store.place(entry_id(99)).unwrap(), None);
    assert_eq!(store.placed(entry_id(99)).unwrap(), None);
    assert_eq!(store.id_at(1, 3).unwrap(), None);
    assert_eq!(store.entries_of(store::objects::ObjectNo(99)).unwrap(), Vec::new());
}

pub(crate) fn a_place_and_a_number_are_taken_once(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    add(&store, no, &entry(1, 1, 0)).unwrap();
    let same_place = entry(2, 1, 0);
    let same_number = EntryRow { n: 1, ..entry(2, 1, 1) };
    for row in [same_place, same_number] {
        assert!(add(&store, no, &row).is_err());
    }
    assert_eq!(store.last_n().unwrap(), 1);
    assert_eq!(store.entry(entry_id(1)).unwrap(), Some(entry(1, 1, 0)));
}

pub(crate) fn the_last_number_is_zero_at_first_and_then_that_of_the_last_entry(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.last_n().unwrap(), 0);
    some(&store);
    assert_eq!(store.last_n().unwrap(), 7);
}

pub(crate) fn the_last_number_falls_back_with_a_transaction(fresh: Fresh<'_>) {
    let mut store = fresh();
    let (one, _) = some(&store);
    store.begin().unwrap();
    add(&store, one, &entry(8, 1, 3)).unwrap();
    assert_eq!(store.last_n().unwrap(), 8);
    store.roll_back().unwrap();
    assert_eq!(store.last_n().unwrap(), 7);
}

pub(crate) fn a_line_is_read_from_a_place_on_and_in_pages(fresh: Fresh<'_>) {
    let store = fresh();
    some(&store);
    assert_eq!(ids(&store.entries_from(1, 0, 10).unwrap()), [1, 3, 5]);
    assert_eq!(ids(&store.entries_from(1, 1, 1).unwrap()), [3]);
    assert_eq!(ids(&store.entries_from(2, 2, 10).unwrap()), [6]);
    assert_eq!(ids(&store.entries_from(2, 3, 10).unwrap()), [0_u8; 0]);
    assert_eq!(ids(&store.entries_from(1, 0, 0).unwrap()), [0_u8; 0]);
}

pub(crate) fn a_space_is_read_after_a_number_in_the_order_of_arrival_and_in_pages(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = some(&store);
    assert_eq!(ids(&store.entries_after(one, 0, 100).unwrap()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(ids(&store.entries_after(one, 2, 3).unwrap()), [3, 4, 5]);
    assert_eq!(ids(&store.entries_after(one, 6, 3).unwrap()), [0_u8; 0]);
    assert_eq!(ids(&store.entries_after(two, 0, 3).unwrap()), [7]);
}

pub(crate) fn the_entries_of_an_object_come_in_fold_order(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    // Arrival, depth, id: the later ones were signed without knowledge of the first.
    for (n, depth, id) in [(1, 5, 1), (2, 3, 9), (3, 3, 8), (4, 4, 7)] {
        let mut row = EntryRow { id: entry_id(id), ..entry(n, u32::from(n), 0) };
        let position = std::sync::Arc::make_mut(&mut row.position);
        position.depth = depth;
        add(&store, no, &row).unwrap();
    }
    let elsewhere = EntryRow { object: Some(object(8)), ..entry(5, 5, 0) };
    add(&store, no, &elsewhere).unwrap();
    let object = number(&store, no, object(9)).unwrap();
    assert_eq!(ids(&store.entries_of(object).unwrap()), [8, 9, 7, 1]);
}

pub(crate) fn a_refusal_is_noted_and_taken_back(fresh: Fresh<'_>) {
    let store = fresh();
    some(&store);
    let refusal = |store: &Store| store.entry(entry_id(3)).unwrap().unwrap().refusal;
    store.set_refusal(3, Some("why")).unwrap();
    assert_eq!(refusal(&store).as_deref(), Some("why"));
    assert_eq!(store.entry(entry_id(4)).unwrap().unwrap().refusal, None);
    store.set_refusal(3, None).unwrap();
    assert_eq!(refusal(&store), None);
}

pub(crate) fn the_objects_that_a_line_touched_are_those_it_is_folded_into_or_has_sighted_for(
    fresh: Fresh<'_>,
) {
    let store = fresh();
    let no = space(&store, 1);
    let own = |n, seq, number: Option<u8>| EntryRow { object: number.map(object), ..entry(n, 1, seq) };
    for row in [own(1, 0, Some(10)), own(2, 1, Some(11)), own(3, 2, None), own(4, 3, Some(11))] {
        add(&store, no, &row).unwrap();
    }
    add(&store, no, &EntryRow { object: Some(object(13)), ..entry(5, 2, 0) }).unwrap();
    store.add_sighting(number(&store, no, object(12)).unwrap(), 3, entry_id(90)).unwrap();
    let touched = |from, until| {
        let mut objects: Vec<_> =
            store.objects_touched(1, from, until).unwrap().iter().map(|object| object.0[0]).collect();
        objects.sort_unstable();
        objects
    };
    assert_eq!(touched(0, 4), [10, 11, 12]);
    assert_eq!(touched(0, 2), [10, 11]);
    assert_eq!(touched(1, 9), [11, 12]);
    assert_eq!(touched(3, 4), [11]);
    assert_eq!(touched(3, 3), [0_u8; 0]);
    assert_eq!(touched(4, 9), [0_u8; 0]);
}

pub(crate) fn a_sighting_is_kept_once_and_in_fold_order(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    // Arrival, depth, id.
    for (n, depth, id) in [(1, 4, 3), (2, 2, 9), (3, 2, 5)] {
        let mut row = EntryRow { id: entry_id(id), ..entry(n, u32::from(n), 0) };
        std::sync::Arc::make_mut(&mut row.position).depth = depth;
        add(&store, no, &row).unwrap();
    }
    let (nine, eight) = (number(&store, no, object(9)).unwrap(), number(&store, no, object(8)).unwrap());
    for (n, lapse) in [(1, 90), (2, 90), (3, 91), (3, 90), (3, 90)] {
        store.add_sighting(nine, n, entry_id(lapse)).unwrap();
    }
    store.add_sighting(eight, 1, entry_id(92)).unwrap();
    let sightings = store.sightings_of(nine).unwrap();
    let short: Vec<_> = sightings.iter().map(|(id, lapse)| (id.0[0], lapse.0[0])).collect();
    assert_eq!(short, [(5, 90), (5, 91), (9, 90), (3, 90)]);
}

pub(crate) fn lapses_come_by_line_and_seq_and_are_those_of_the_space(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let (nine, eight) = (number(&store, one, object(9)).unwrap(), number(&store, two, object(8)).unwrap());
    for (line, seq, n) in [(2, 0, 1), (1, 7, 2), (1, 3, 3)] {
        store.add_lapse(one, line, seq, entry_id(n), nine).unwrap();
    }
    store.add_lapse(two, 3, 0, entry_id(4), eight).unwrap();
    let lapses = store.lapses(one).unwrap();
    assert_eq!(
        lapses,
        [(1, 3, entry_id(3), object(9)), (1, 7, entry_id(2), object(9)), (2, 0, entry_id(1), object(9)),]
    );
    assert!(store.add_lapse(one, 1, 3, entry_id(5), nine).is_err());
}

pub(crate) fn the_outbox_counts_own_entries_until_others_hold_them(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = some(&store);
    for n in [1, 3, 5, 7] {
        store.add_outbox(n).unwrap();
    }
    assert_eq!((store.outbox_len(one).unwrap(), store.outbox_len(two).unwrap()), (3, 1));
    store.clear_outbox(1, 1).unwrap();
    assert_eq!((store.outbox_len(one).unwrap(), store.outbox_len(two).unwrap()), (1, 1));
    store.clear_outbox(2, 9).unwrap();
    assert_eq!(store.outbox_len(one).unwrap(), 1);
    store.clear_outbox(1, 2).unwrap();
    assert_eq!((store.outbox_len(one).unwrap(), store.outbox_len(two).unwrap()), (0, 1));
}

pub(crate) fn an_entry_is_found_in_any_era_and_also_beside_one_with_the_same_six_bytes(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let mut rows = Vec::new();
    for (seq, n) in [1_i64, 2, 40_000, 40_001, 200_000].into_iter().enumerate() {
        let mut row = EntryRow { n, ..entry(1, 1, seq as u64) };
        row.id.0[31] = u8::try_from(seq).unwrap();
        add(&store, no, &row).unwrap();
        rows.push(row);
    }
    for row in &rows {
        assert_eq!(store.entry(row.id).unwrap().as_ref(), Some(row));
        assert_eq!(store.place(row.id).unwrap(), Some((1, row.position.seq)));
    }
    assert_eq!(store.place(entry_id(2)).unwrap(), None);
}

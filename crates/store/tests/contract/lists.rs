//! The rows behind lists.

use store::lists::{CommitmentRow, Listed, Voice};
use store::objects::ObjectNo;
use store::{Result, Store};

use crate::Fresh;
use crate::rows::{add, entry, keep, number, object, party, space};

/// Keeps a record with what lists show of it.
fn show(store: &Store, now: &Listed, before: Option<&Listed>) -> ObjectNo {
    let no = number(store, now.row.space, now.row.object).unwrap();
    if store.last_n().unwrap() == 0 {
        add(store, now.row.space, &entry(1, 1, 0)).unwrap();
    }
    keep(store, now.row.space, no, Some(now), before);
    no
}

/// A commitment of party 1 to party 2.
fn listed(space: i64, number: u8, due: i64, voices: &[(u8, Voice)]) -> Listed {
    let title = format!("title {number}");
    let row = CommitmentRow { object: object(number), space, debtor: party(1), phase: 3, due, title };
    Listed { row, voices: voices.iter().map(|(number, voice)| (party(*number), *voice)).collect() }
}

fn numbers(rows: Result<Vec<CommitmentRow>>) -> Vec<u8> {
    rows.unwrap().iter().map(|row| row.object.0[0]).collect()
}

fn of(store: &Store, number: u8, voice: Voice) -> Vec<u8> {
    numbers(store.commitments_voiced(party(number), voice, 100))
}

pub(crate) fn commitments_come_by_due_day_and_then_by_id_in_pages(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (number, due) in [(5, 20), (4, 20), (3, 30), (2, -5), (1, 25)] {
        show(&store, &listed(one, number, due, &[]), None);
    }
    show(&store, &listed(two, 6, 1, &[]), None);
    assert_eq!(numbers(store.commitments(one, 0, 10)), [2, 4, 5, 1, 3]);
    assert_eq!(numbers(store.commitments(one, 1, 2)), [4, 5]);
    assert_eq!(numbers(store.commitments(one, 4, 2)), [3]);
    assert_eq!(numbers(store.commitments(one, 5, 2)), [0_u8; 0]);
    assert_eq!(store.commitments(two, 0, 10).unwrap(), [listed(two, 6, 1, &[]).row]);
}

pub(crate) fn a_commitment_kept_again_has_its_new_row_and_voices(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let first = listed(no, 5, 20, &[(1, Voice::Owes), (2, Voice::Owed), (2, Voice::Waited)]);
    let mut second = listed(no, 5, 20, &[(1, Voice::Owes), (1, Voice::Waited), (3, Voice::Owed)]);
    second.row = CommitmentRow { debtor: party(4), phase: 6, title: "renamed".to_owned(), ..second.row };
    show(&store, &first, None);
    assert_eq!([of(&store, 2, Voice::Owed), of(&store, 2, Voice::Waited)].concat(), [5, 5]);
    let no = show(&store, &second, Some(&first));
    assert_eq!(store.record(no).unwrap().unwrap().title.as_deref(), Some("renamed"));
    assert_eq!(store.commitments(second.row.space, 0, 10).unwrap(), [second.row.clone()]);
    assert_eq!(of(&store, 1, Voice::Owes), [5]);
    assert_eq!(of(&store, 1, Voice::Waited), [5]);
    assert_eq!(of(&store, 3, Voice::Owed), [5]);
    assert_eq!([of(&store, 2, Voice::Owed), of(&store, 2, Voice::Waited)].concat(), [0_u8; 0]);
    show(&store, &second, Some(&second));
    assert_eq!(of(&store, 1, Voice::Owes), [5]);
}

pub(crate) fn a_commitment_that_moves_is_found_under_its_new_day_in_every_list(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let voices = [(1, Voice::Owes)];
    let (early, late) = (listed(no, 5, 20, &voices), listed(no, 5, 40, &voices));
    show(&store, &early, None);
    show(&store, &listed(no, 6, 30, &voices), None);
    assert_eq!(of(&store, 1, Voice::Owes), [5, 6]);
    show(&store, &late, Some(&early));
    assert_eq!(of(&store, 1, Voice::Owes), [6, 5]);
    assert_eq!(numbers(store.commitments(no, 0, 10)), [6, 5]);
}

pub(crate) fn a_dropped_commitment_is_in_no_list(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let voices = [(1, Voice::Owes)];
    let (five, six) = (listed(no, 5, 20, &voices), listed(no, 6, 20, &voices));
    let object = show(&store, &five, None);
    show(&store, &six, None);
    store.drop_record(object, Some(&five)).unwrap();
    store.drop_record(object, None).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [6]);
    assert_eq!(numbers(store.commitments(no, 0, 10)), [6]);
    show(&store, &five, None);
    assert_eq!(of(&store, 1, Voice::Owes), [5, 6]);
}

pub(crate) fn lists_that_do_not_show_what_they_should_are_called_damaged(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    let five = listed(one, 5, 20, &[(1, Voice::Owes)]);
    let no = number(&store, one, object(5)).unwrap();
    let row = store::objects::RecordRow { last: 1, state: b"" };
    let found = store.set_record(one, no, &row, Some(&five), Some(&five));
    assert!(matches!(found, Err(store::StoreError::Damaged(_))), "{found:?}");
}

pub(crate) fn a_party_sees_what_it_owes_is_owed_and_is_waited_for(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let rows = [
        listed(one, 5, 30, &[(1, Voice::Owes), (2, Voice::Owed)]),
        listed(two, 6, 20, &[(1, Voice::Owes), (1, Voice::Waited), (3, Voice::Owed)]),
        listed(one, 7, 10, &[(2, Voice::Owes), (1, Voice::Owed)]),
    ];
    for row in &rows {
        show(&store, row, None);
    }
    assert_eq!(of(&store, 1, Voice::Owes), [6, 5]);
    assert_eq!(of(&store, 1, Voice::Owed), [7]);
    assert_eq!(of(&store, 1, Voice::Waited), [6]);
    assert_eq!(of(&store, 4, Voice::Owes), [0_u8; 0]);
    assert_eq!(numbers(store.commitments_voiced(party(1), Voice::Owes, 1)), [6]);
    assert_eq!(store.commitments_voiced(party(2), Voice::Owed, 9).unwrap(), [rows[0].row.clone()]);
}

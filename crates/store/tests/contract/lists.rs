//! The rows behind lists.

use store::lists::{ALIKE_MAX, CommitmentRow, Listed, Voice};
use store::{Result, Store};

use crate::Fresh;
use crate::rows::{object, party, space, state};

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
        store.set_commitment(&listed(one, number, due, &[]), None).unwrap();
    }
    store.set_commitment(&listed(two, 6, 1, &[]), None).unwrap();
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
    for before in [Some(&first), None] {
        store.set_commitment(&first, None).unwrap();
        store.set_commitment(&second, before).unwrap();
        assert_eq!(store.commitments(no, 0, 10).unwrap(), [second.row.clone()]);
        assert_eq!(of(&store, 1, Voice::Owes), [5]);
        assert_eq!(of(&store, 1, Voice::Waited), [5]);
        assert_eq!(of(&store, 3, Voice::Owed), [5]);
        assert_eq!([of(&store, 2, Voice::Owed), of(&store, 2, Voice::Waited)].concat(), [0_u8; 0]);
    }
    store.set_commitment(&second, Some(&second)).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [5]);
}

pub(crate) fn a_commitment_that_moves_is_found_under_its_new_day_in_every_list(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    let voices = [(1, Voice::Owes)];
    let (early, late) = (listed(no, 5, 20, &voices), listed(no, 5, 40, &voices));
    store.set_commitment(&early, None).unwrap();
    store.set_commitment(&listed(no, 6, 30, &voices), None).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [5, 6]);
    store.set_commitment(&late, Some(&early)).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [6, 5]);
    assert_eq!(numbers(store.commitments(no, 0, 10)), [6, 5]);
}

pub(crate) fn a_dropped_commitment_is_in_no_list(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    for number in [5, 6] {
        store.set_commitment(&listed(no, number, 20, &[(1, Voice::Owes)]), None).unwrap();
    }
    store.drop_commitment(no, object(5)).unwrap();
    store.drop_commitment(no, object(5)).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [6]);
    assert_eq!(numbers(store.commitments(no, 0, 10)), [6]);
    store.set_commitment(&listed(no, 5, 20, &[(1, Voice::Owes)]), None).unwrap();
    assert_eq!(of(&store, 1, Voice::Owes), [5, 6]);
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
        store.set_commitment(row, None).unwrap();
    }
    assert_eq!(of(&store, 1, Voice::Owes), [6, 5]);
    assert_eq!(of(&store, 1, Voice::Owed), [7]);
    assert_eq!(of(&store, 1, Voice::Waited), [6]);
    assert_eq!(of(&store, 4, Voice::Owes), [0_u8; 0]);
    assert_eq!(numbers(store.commitments_voiced(party(1), Voice::Owes, 1)), [6]);
    assert_eq!(store.commitments_voiced(party(2), Voice::Owed, 9).unwrap(), [rows[0].row.clone()]);
}

pub(crate) fn the_objects_that_begin_with_a_prefix_come_by_id_and_not_without_end(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    for number in [0x10, 0x11, 0xff] {
        store.set_object(no, &state(number, b"state")).unwrap();
    }
    let mut near = state(0x10, b"state");
    near.id.0[31] = 0x11;
    store.set_object(no, &near).unwrap();
    assert_eq!(store.objects_like(&[0x10]).unwrap(), [object(0x10), near.id]);
    assert_eq!(store.objects_like(&[0x11; 32]).unwrap(), [object(0x11)]);
    assert_eq!(store.objects_like(&[0xff; 3]).unwrap(), [object(0xff)]);
    assert_eq!(store.objects_like(&[0x12]).unwrap(), []);
    assert_eq!(store.objects_like(&[]).unwrap().len(), 4);
    assert_eq!(store.objects_like(&[0x11; 33]).unwrap(), []);
    let most = usize::try_from(ALIKE_MAX).unwrap();
    for number in 0..=most {
        near.id.0[..2].copy_from_slice(&u16::try_from(0x2000 + number).unwrap().to_be_bytes());
        store.set_object(no, &near).unwrap();
    }
    assert_eq!(store.objects_like(&[]).unwrap().len(), most);
}

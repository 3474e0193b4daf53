//! The rows behind lists.

use store::lists::{CommitmentRow, Listed, Listing, Voice};
use store::objects::ObjectNo;
use store::papers::{ListedPaper, Paper, Sort};
use store::{Result, Store};

use crate::Fresh;
use crate::rows::{add, entry, keep, number, object, party, space};

/// Keeps a record with what lists show of it.
fn show(store: &Store, now: &Listed, before: Option<&Listed>) -> ObjectNo {
    let no = number(store, now.row.space, now.row.object).unwrap();
    if store.last_n().unwrap() == 0 {
        add(store, now.row.space, &entry(1, 1, 0)).unwrap();
    }
    let listing = |listed: &Listed| Listing::Commitment(listed.clone());
    keep(store, now.row.space, no, Some(&listing(now)), before.map(listing).as_ref());
    no
}

/// A commitment of party 1 to party 2.
fn listed(space: i64, number: u8, due: i64, voices: &[(u8, Voice)]) -> Listed {
    let title = format!("title {number}");
    let row = CommitmentRow { object: object(number), space, debtor: party(1), phase: 3, due, title };
    Listed::new(row, voices.iter().map(|(number, voice)| (party(*number), *voice)).collect())
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

pub(crate) fn commitments_come_by_due_day_from_behind_a_place_on(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (number, due) in [(5, 20), (4, 20), (3, 30), (2, -5), (1, 25)] {
        show(&store, &listed(one, number, due, &[]), None);
    }
    show(&store, &listed(two, 6, 1, &[]), None);
    let (mut after, mut seen) = ((i64::MIN, 0), Vec::new());
    loop {
        let rows = store.commitments_after(one, after, 2).unwrap();
        let Some((at, _)) = rows.last() else { break };
        after = *at;
        seen.extend(rows.iter().map(|(_, row)| row.object.0[0]));
    }
    assert_eq!(seen, [2, 5, 4, 1, 3], "what is due on one day as it came");
    assert_eq!(store.commitments_after(two, (1, 0), 9).unwrap()[0].1, listed(two, 6, 1, &[]).row);
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
    assert_eq!(store.record(no, object(5)).unwrap().unwrap().title.as_deref(), Some("renamed"));
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
    store.drop_record(object, Some(&Listing::Commitment(five.clone()))).unwrap();
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
    let row = store::objects::RecordRow { id: object(5), last: 1, state: b"" };
    let five = Listing::Commitment(five);
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

/// A paper that waits for the answer of parties.
fn paper(space: i64, number: u8, sort: Sort, day: i64, awaited: &[u8]) -> ListedPaper {
    let title = format!("title {number}");
    let row = Paper { object: object(number), space, sort, phase: 2, day, title };
    ListedPaper { row, awaited: awaited.iter().map(|number| party(*number)).collect() }
}

fn lay(store: &Store, now: &ListedPaper, before: Option<&ListedPaper>) -> ObjectNo {
    let no = number(store, now.row.space, now.row.object).unwrap();
    if store.last_n().unwrap() == 0 {
        add(store, now.row.space, &entry(1, 1, 0)).unwrap();
    }
    let listing = |listed: &ListedPaper| Listing::Paper(listed.clone());
    keep(store, now.row.space, no, Some(&listing(now)), before.map(listing).as_ref());
    no
}

pub(crate) fn papers_come_by_sort_the_latest_day_first(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (number, sort, day) in
        [(5, Sort::Meeting, 20), (4, Sort::Meeting, 30), (3, Sort::Agreement, 0), (2, Sort::Agreement, 0)]
    {
        lay(&store, &paper(one, number, sort, day, &[]), None);
    }
    lay(&store, &paper(two, 6, Sort::Agreement, 0, &[]), None);
    show(&store, &listed(one, 7, 10, &[]), None);
    let numbers = |sort, offset, limit| -> Vec<u8> {
        store.papers(one, sort, offset, limit).unwrap().iter().map(|row| row.object.0[0]).collect()
    };
    assert_eq!(numbers(Sort::Meeting, 0, 9), [4, 5]);
    assert_eq!(numbers(Sort::Agreement, 0, 9), [2, 3], "what came last is first");
    assert_eq!(numbers(Sort::Agreement, 1, 9), [3]);
    assert_eq!(
        store.papers(two, Sort::Agreement, 0, 9).unwrap(),
        [paper(two, 6, Sort::Agreement, 0, &[]).row]
    );
}

pub(crate) fn a_paper_waits_for_whom_it_was_last_kept_with(fresh: Fresh<'_>) {
    let store = fresh();
    let one = space(&store, 1);
    let of = |number: u8| -> Vec<u8> {
        let rows = store.papers_awaiting(party(number), 9).unwrap();
        rows.iter().map(|row| row.object.0[0]).collect()
    };
    let first = paper(one, 5, Sort::Meeting, 20, &[1, 2]);
    let moved = paper(one, 5, Sort::Meeting, 40, &[2, 3]);
    lay(&store, &first, None);
    assert_eq!(Listing::Paper(first.clone()).title(), first.row.title);
    assert_eq!([of(1), of(2), of(3)], [vec![5], vec![5], vec![]]);
    let no = lay(&store, &moved, Some(&first));
    assert_eq!([of(1), of(2), of(3)], [vec![], vec![5], vec![5]]);
    assert_eq!(of_voice(&store), [0_u8; 0], "a paper is in no list of commitments");
    store.drop_record(no, Some(&Listing::Paper(moved))).unwrap();
    assert_eq!(of(2), [0_u8; 0]);
    assert_eq!(store.papers(one, Sort::Meeting, 0, 9).unwrap(), []);
}

fn of_voice(store: &Store) -> Vec<u8> {
    [of(store, 2, Voice::Owes), of(store, 2, Voice::Owed), of(store, 2, Voice::Waited)].concat()
}

pub(crate) fn commitments_are_found_under_their_agreement(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let under = |space, number, agreement: Option<u8>| Listed {
        under: agreement.map(object),
        ..listed(space, number, 40 - i64::from(number), &[])
    };
    for (space, number, agreement) in
        [(one, 5, Some(9)), (one, 6, Some(9)), (one, 7, Some(8)), (two, 4, Some(9))]
    {
        show(&store, &under(space, number, agreement), None);
    }
    assert_eq!(numbers(store.commitments_under(one, object(9), 9)), [6, 5]);
    assert_eq!(numbers(store.commitments_under(one, object(9), 1)), [6]);
    show(&store, &under(one, 6, Some(8)), Some(&under(one, 6, Some(9))));
    let no = show(&store, &under(one, 5, None), Some(&under(one, 5, Some(9))));
    assert_eq!(numbers(store.commitments_under(one, object(9), 9)), [0_u8; 0]);
    assert_eq!(numbers(store.commitments_under(one, object(8), 9)), [7, 6]);
    store.drop_record(no, None).unwrap();
    store.drop_derived(one).unwrap();
    assert_eq!(numbers(store.commitments_under(one, object(8), 9)), [0_u8; 0]);
}

//! The party's people and what lets them in.

use store::people::{PersonRow, SessionRow};

use crate::Fresh;

fn person(number: u8, name: &str) -> PersonRow {
    PersonRow {
        id: [number; 32],
        name: name.to_owned(),
        role: "officer".to_owned(),
        salt: [number; 32],
        passphrase: String::new(),
        until_ms: None,
        removed: false,
    }
}

pub(crate) fn a_person_is_kept_under_one_name_and_replaced_by_id(fresh: Fresh<'_>) {
    let store = fresh();
    let one = person(2, "one");
    store.set_person(&one).unwrap();
    store.set_person(&person(1, "two")).unwrap();
    assert!(store.set_person(&person(3, "one")).is_err(), "a name of another");
    let changed = PersonRow { role: "head".to_owned(), until_ms: Some(7), removed: true, ..person(2, "one") };
    store.set_person(&changed).unwrap();
    assert_eq!(store.person(&[2; 32]).unwrap(), Some(changed.clone()));
    assert_eq!(store.person_named("one").unwrap(), Some(changed.clone()));
    assert_eq!((store.person(&[9; 32]).unwrap(), store.person_named("x").unwrap()), (None, None));
    assert_eq!(store.people().unwrap(), [changed, person(1, "two")]);
}

pub(crate) fn one_invitation_of_a_person_holds_at_a_time(fresh: Fresh<'_>) {
    let store = fresh();
    store.set_person(&person(1, "one")).unwrap();
    store.set_person(&person(2, "two")).unwrap();
    store.set_person_invitation(&[7; 32], &[1; 32], 50).unwrap();
    store.set_person_invitation(&[9; 32], &[2; 32], 70).unwrap();
    store.set_person_invitation(&[8; 32], &[1; 32], 60).unwrap();
    assert_eq!(store.person_invitation(&[7; 32]).unwrap(), None);
    assert_eq!(store.person_invitation(&[8; 32]).unwrap(), Some(([1; 32], 60)));
    store.end_person_invitations(&[1; 32]).unwrap();
    assert_eq!(store.person_invitation(&[8; 32]).unwrap(), None);
    assert_eq!(store.person_invitation(&[9; 32]).unwrap(), Some(([2; 32], 70)));
    assert!(store.set_person_invitation(&[6; 32], &[5; 32], 1).is_err(), "of nobody");
}

pub(crate) fn sessions_are_listed_by_use_and_end_alone(fresh: Fresh<'_>) {
    let store = fresh();
    store.set_person(&person(1, "one")).unwrap();
    let row = |number, seen_ms| SessionRow { id: [number; 32], person: [1; 32], since_ms: 1, seen_ms };
    for (number, seen_ms) in [(1, 10), (2, 20), (3, 30)] {
        store.add_session(&row(number, seen_ms)).unwrap();
    }
    store.use_session(&[1; 32], 40).unwrap();
    store.end_session(&[2; 32]).unwrap();
    assert_eq!(store.sessions_of(&[1; 32]).unwrap(), [row(1, 40), row(3, 30)]);
    assert_eq!(store.session(&[3; 32]).unwrap(), Some(row(3, 30)));
    assert_eq!(store.session(&[2; 32]).unwrap(), None);
}

pub(crate) fn failures_are_counted_for_so_many_subjects_and_the_oldest_is_forgotten(fresh: Fresh<'_>) {
    let store = fresh();
    for (subject, last_ms) in [(1, 20), (2, 10), (3, 30)] {
        store.set_failed_tries(&[subject; 32], 4, last_ms, 3).unwrap();
    }
    store.set_failed_tries(&[1; 32], 5, 40, 3).unwrap();
    assert_eq!(store.failed_tries(&[1; 32]).unwrap(), Some((5, 40)));
    assert_eq!(store.failed_tries(&[2; 32]).unwrap(), Some((4, 10)));
    store.set_failed_tries(&[4; 32], 1, 50, 3).unwrap();
    assert_eq!(store.failed_tries(&[2; 32]).unwrap(), None);
    store.end_failed_tries(&[1; 32]).unwrap();
    assert_eq!(store.failed_tries(&[1; 32]).unwrap(), None);
    assert_eq!(store.failed_tries(&[4; 32]).unwrap(), Some((1, 50)));
}

//! The private desk.

use oplog::SpaceId;
use store::desk::{DraftRow, UploadRow};

use crate::Fresh;
use crate::rows::object;

fn upload(id: u8, person: u8, at_ms: u64) -> UploadRow {
    let (name, media) = (format!("{id}.pdf"), "application/pdf".to_owned());
    UploadRow { id: [id; 32], person: [person; 32], name, media, at_ms, bytes: vec![id; 3] }
}

pub(crate) fn a_file_not_signed_yet_is_kept_until_it_is_ended_old_or_one_too_many(fresh: Fresh<'_>) {
    let store = fresh();
    for row in [upload(1, 7, 10), upload(2, 7, 20), upload(3, 7, 30), upload(4, 8, 5), upload(5, 8, 25)] {
        store.add_upload(&row).unwrap();
    }
    assert!(store.add_upload(&upload(1, 7, 40)).is_err(), "an id is taken once");
    assert_eq!(store.upload(&[2; 32]).unwrap(), Some(upload(2, 7, 20)));
    store.end_uploads(&[7; 32], 10, 2).unwrap();
    let held = || (1..=5).filter(|id| store.upload(&[*id; 32]).unwrap().is_some()).collect::<Vec<_>>();
    assert_eq!(held(), [2, 3, 5], "4 was too old, 1 was one too many");
    store.end_upload(&[3; 32]).unwrap();
    store.end_upload(&[3; 32]).unwrap();
    assert_eq!(held(), [2, 5]);
}

pub(crate) fn one_person_looks_after_an_object_at_a_time(fresh: Fresh<'_>) {
    let store = fresh();
    store.set_assignee(object(1), Some(&[7; 32]), 10).unwrap();
    store.set_assignee(object(2), Some(&[7; 32]), 30).unwrap();
    store.set_assignee(object(3), Some(&[7; 32]), 20).unwrap();
    store.set_assignee(object(1), Some(&[8; 32]), 40).unwrap();
    assert_eq!(store.assignee(object(1)).unwrap(), Some(([8; 32], 40)));
    assert_eq!(store.assignee(object(9)).unwrap(), None);
    assert_eq!(store.assigned_to(&[7; 32], 9).unwrap(), [object(2), object(3)]);
    assert_eq!(store.assigned_to(&[7; 32], 1).unwrap(), [object(2)]);
    store.set_assignee(object(2), None, 50).unwrap();
    assert_eq!(store.assigned_to(&[7; 32], 9).unwrap(), [object(3)]);
}

pub(crate) fn notes_among_ourselves_are_those_of_the_object_the_newest_first(fresh: Fresh<'_>) {
    let store = fresh();
    for (about, text) in [(1, "one"), (2, "other"), (1, "two"), (1, "three")] {
        store.add_private_note(object(about), &[7; 32], 10, text).unwrap();
    }
    let texts = |limit| {
        let notes = store.private_notes(object(1), limit).unwrap();
        notes.into_iter().map(|note| note.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(9), ["three", "two", "one"]);
    assert_eq!(texts(1), ["three"]);
    let newest = store.private_notes(object(1), 1).unwrap().remove(0);
    assert_eq!((newest.object, newest.person, newest.at_ms), (object(1), [7; 32], 10));
    store.end_private_note(object(2), newest.no).unwrap();
    assert_eq!(texts(9).len(), 3, "it is not about that object");
    store.end_private_note(object(1), newest.no).unwrap();
    assert_eq!(texts(9), ["two", "one"]);
}

pub(crate) fn a_draft_is_what_was_kept_last_under_its_id(fresh: Fresh<'_>) {
    let store = fresh();
    let row = |id: u8, at_ms, fields: &str| DraftRow {
        id: [id; 32],
        person: [7; 32],
        space: SpaceId([5; 32]),
        object: (id == 2).then(|| object(4)),
        kind: "new".to_owned(),
        fields: fields.to_owned(),
        at_ms,
    };
    for row in [row(1, 10, "a=1"), row(2, 20, "a=2"), row(1, 30, "a=3")] {
        store.set_draft(&row).unwrap();
    }
    assert_eq!(store.draft(&[1; 32]).unwrap(), Some(row(1, 30, "a=3")));
    assert_eq!(store.drafts(9).unwrap(), [row(1, 30, "a=3"), row(2, 20, "a=2")]);
    assert_eq!(store.drafts(1).unwrap().len(), 1);
    store.end_draft(&[1; 32]).unwrap();
    assert_eq!(store.drafts(9).unwrap(), [row(2, 20, "a=2")]);
    assert_eq!(store.draft(&[1; 32]).unwrap(), None);
}

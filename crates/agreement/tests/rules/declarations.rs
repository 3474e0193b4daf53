//! Claims about what parties say that they can do or lack.

use agreement::operation::{Attach, Comment, Declare, Erase, Transcribe};
use agreement::statement::VERSIONS_MAX;
use agreement::{Declaration, Record, Refusal, Sort, Standing};
use oplog::{EntryId, ObjectId};

use crate::refusal_in;
use crate::world::{CREDITOR, DEBTOR, Draft, World, draft};

fn declare(seat: u8, sort: Sort) -> Draft {
    draft(seat, Declare { object: None, sort, withdrawn: false })
}

/// Another version of a need.
fn again(seat: u8, need: EntryId, withdrawn: bool) -> Draft {
    draft(seat, Declare { object: Some(need.into()), sort: Sort::Need, withdrawn })
}

/// A space in which the creditor has declared a need.
fn needy() -> (World, EntryId) {
    let mut world = World::of_two();
    let need = world.sign(declare(CREDITOR, Sort::Need));
    (world, need)
}

fn declaration(world: &World, object: EntryId) -> Declaration {
    let records = world.fold().records;
    let Record::Declaration(declaration) = &records[&object.into()] else { panic!("no declaration") };
    declaration.clone()
}

#[test]
fn a_declaration_is_a_record_of_its_own_by_any_party() {
    for (seat, sort) in [(DEBTOR, Sort::Capability), (CREDITOR, Sort::Need)] {
        let mut world = World::of_two();
        let before = world.fold().records;
        let declared = world.sign(declare(seat, sort));
        let held = declaration(&world, declared);
        assert_eq!((held.sort, held.withdrawn), (sort, false));
        assert_eq!(held.statement.versions, [declared]);
        let mut after = world.fold().records;
        after.remove(&declared.into());
        assert_eq!(after, before, "nothing else has changed");
    }
}

#[test]
fn only_its_author_corrects_or_withdraws_a_declaration() {
    let (mut world, need) = needy();
    for withdrawn in [false, true] {
        assert_eq!(refusal_in(&world, again(DEBTOR, need, withdrawn)), Some(Refusal::OnlyAuthor));
    }
    let corrected = world.sign(again(CREDITOR, need, false));
    assert_eq!(declaration(&world, need).statement.versions, [need, corrected]);
    world.sign(again(CREDITOR, need, true));
    assert!(declaration(&world, need).withdrawn);
    world.sign(again(CREDITOR, need, false));
    assert!(!declaration(&world, need).withdrawn, "what was withdrawn can be stated again");
}

#[test]
fn a_capability_does_not_become_a_need() {
    let (world, need) = needy();
    let other = Declare { object: Some(need.into()), sort: Sort::Capability, withdrawn: false };
    assert_eq!(refusal_in(&world, draft(CREDITOR, other)), Some(Refusal::NoSuchObject));
}

#[test]
fn nothing_is_withdrawn_that_was_not_declared_and_no_other_object_is_corrected() {
    let (mut world, need) = needy();
    let transcript = world.sign(draft(CREDITOR, Transcribe { object: None }));
    let sort = Sort::Need;
    let nowhere = [transcript.into(), world.space().into(), ObjectId([9; 32])];
    for object in nowhere {
        let declare = Declare { object: Some(object), sort, withdrawn: false };
        assert_eq!(refusal_in(&world, draft(CREDITOR, declare)), Some(Refusal::NoSuchObject));
    }
    let withdrawal = Declare { object: None, sort, withdrawn: true };
    assert_eq!(refusal_in(&world, draft(CREDITOR, withdrawal)), Some(Refusal::NoSuchObject));
    let transcribe = Transcribe { object: Some(need.into()) };
    assert_eq!(refusal_in(&world, draft(CREDITOR, transcribe)), Some(Refusal::NoSuchObject));
}

#[test]
fn anybody_notes_something_about_a_declaration_and_its_author_alone_erases_its_words() {
    let (mut world, need) = needy();
    let about = need.into();
    assert_eq!(refusal_in(&world, draft(DEBTOR, Comment { about })), None);
    assert_eq!(refusal_in(&world, draft(DEBTOR, Attach { about })), None);
    let erase = |seat| draft(seat, Erase { object: about, entry: need });
    assert_eq!(refusal_in(&world, erase(DEBTOR)), Some(Refusal::NotErasable));
    world.sign(erase(CREDITOR));
    assert!(declaration(&world, need).statement.erased.contains(&need));
    assert_eq!(refusal_in(&world, erase(CREDITOR)), Some(Refusal::NotErasable));
}

#[test]
fn the_versions_of_a_declaration_have_a_limit() {
    let (mut world, need) = needy();
    let mut full = declaration(&world, need);
    full.statement.versions = vec![need; VERSIONS_MAX];
    world.sign(again(CREDITOR, need, true));
    let entry = world.entries.last().unwrap();
    let decided = entry
        .by(Standing::Full, |by| agreement::decide(Some(&Record::Declaration(full)), &entry.operation, by));
    assert_eq!(decided, Err(Refusal::Limit("the number of corrections")));
}

//! Claims about what stands beside agreements: notes, evidence, transcripts, and what is erased.

use agreement::operation::{Ack, Attach, Comment, Erase, Transcribe};
use agreement::statement::VERSIONS_MAX;
use agreement::{Closure, Operation, Record, Refusal};
use oplog::{EntryId, ObjectId};

use crate::deal::Deal;
use crate::world::{CREDITOR, DEBTOR, Draft, OTHER, World, draft};
use crate::{refusal, refusal_in};

fn deal() -> Deal {
    Deal::plain(Closure::All)
}

fn notes(about: ObjectId) -> [Operation; 2] {
    [Attach { about }.into(), Comment { about }.into()]
}

#[test]
fn a_note_is_a_records_own_and_about_something_its_author_has_seen() {
    for (operation, evidence) in notes(deal().object).into_iter().zip([true, false]) {
        let mut world = deal().world;
        let note = world.sign(draft(OTHER, operation));
        let fold = world.fold();
        assert!(matches!(&fold.records[&note.into()], Record::Note(note) if note.evidence == evidence));
    }
    for operation in notes(ObjectId([9; 32])) {
        assert_eq!(refusal(&deal(), draft(OTHER, operation)), Some(Refusal::NoSuchObject));
    }
}

#[test]
fn a_note_without_words_is_none() {
    for operation in notes(deal().object) {
        let mut world = deal().world;
        let note = world.sign(draft(OTHER, operation));
        world.entries.last_mut().unwrap().content = None;
        assert_eq!(world.fold().refused.get(&note), Some(&Refusal::NoSuchObject));
    }
}

#[test]
fn only_its_author_erases_a_note_and_once() {
    let mut world = deal().world;
    let note = world.sign(draft(OTHER, Comment { about: deal().object }));
    let erase = |seat| draft(seat, Erase { object: note.into(), entry: note });
    assert_eq!(refusal_in(&world, erase(CREDITOR)), Some(Refusal::NotErasable));
    world.sign(erase(OTHER));
    assert!(matches!(&world.fold().records[&note.into()], Record::Note(note) if note.erased));
    assert_eq!(refusal_in(&world, erase(OTHER)), Some(Refusal::NotErasable));
}

fn transcribed() -> (World, EntryId) {
    let mut world = World::of_two();
    let transcript = world.sign(draft(CREDITOR, Transcribe { object: None }));
    (world, transcript)
}

fn correct(seat: u8, transcript: EntryId) -> Draft {
    draft(seat, Transcribe { object: Some(transcript.into()) })
}

#[test]
fn only_its_author_corrects_a_transcript() {
    let (mut world, transcript) = transcribed();
    assert_eq!(refusal_in(&world, correct(DEBTOR, transcript)), Some(Refusal::OnlyAuthor));
    let version = world.sign(correct(CREDITOR, transcript));
    let Record::Transcript(record) = &world.fold().records[&transcript.into()] else { panic!() };
    assert_eq!(record.versions, [transcript, version]);
    let elsewhere = draft(CREDITOR, Transcribe { object: Some(world.space().into()) });
    assert_eq!(refusal_in(&world, elsewhere), Some(Refusal::NoSuchObject));
}

#[test]
fn only_its_author_erases_a_version_of_a_transcript_and_once() {
    let (mut world, transcript) = transcribed();
    let erase = |seat, entry| draft(seat, Erase { object: transcript.into(), entry });
    assert_eq!(refusal_in(&world, erase(DEBTOR, transcript)), Some(Refusal::NotErasable));
    assert_eq!(refusal_in(&world, erase(CREDITOR, EntryId([9; 32]))), Some(Refusal::NotErasable));
    world.sign(erase(CREDITOR, transcript));
    assert_eq!(refusal_in(&world, erase(CREDITOR, transcript)), Some(Refusal::NotErasable));
}

#[test]
fn the_corrections_of_a_transcript_have_a_limit() {
    let (mut world, transcript) = transcribed();
    let Some(Record::Transcript(record)) = world.fold().records.remove(&transcript.into()) else { panic!() };
    let mut full = record;
    full.versions = vec![transcript; VERSIONS_MAX];
    world.sign(correct(CREDITOR, transcript));
    let entry = world.entries.last().unwrap();
    let decided = entry.by(agreement::Standing::Full, |by| {
        agreement::decide(Some(&Record::Transcript(full)), &entry.operation, by)
    });
    assert_eq!(decided, Err(Refusal::Limit("the number of corrections")));
}

#[test]
fn own_reports_and_failed_offers_can_be_erased_and_what_others_signed_cannot() {
    let deal = deal().reported();
    assert_eq!(refusal(&deal, deal.do_erase(DEBTOR, deal.report)), None);
    assert_eq!(refusal(&deal, deal.do_erase(CREDITOR, deal.report)), Some(Refusal::NotErasable));
    assert_eq!(refusal(&deal, deal.do_erase(DEBTOR, deal.failed_offer(DEBTOR))), None);
    let others = deal.do_erase(DEBTOR, deal.failed_offer(CREDITOR));
    assert_eq!(refusal(&deal, others), Some(Refusal::NotErasable));
    assert_eq!(refusal(&deal, deal.do_erase(DEBTOR, deal.offer)), Some(Refusal::NotErasable));
    let twice = deal.clone().then(deal.do_erase(DEBTOR, deal.report));
    assert_eq!(refusal(&twice, deal.do_erase(DEBTOR, deal.report)), Some(Refusal::NotErasable));
}

#[test]
fn an_open_offer_is_not_erased() {
    let deal = deal().proposed(DEBTOR, agreement::Tag::Reschedule);
    assert_eq!(refusal(&deal, deal.do_erase(DEBTOR, deal.offer)), Some(Refusal::NotErasable));
}

#[test]
fn nothing_of_the_space_is_erased() {
    let world = World::of_two();
    let erase = Erase { object: world.space().into(), entry: world.entries[0].id };
    assert_eq!(refusal_in(&world, draft(DEBTOR, erase)), Some(Refusal::NotErasable));
}

#[test]
fn an_ack_changes_no_record() {
    let deal = deal();
    let after = deal.clone().then(draft(OTHER, Ack { digest: None, level: 0 }));
    assert_eq!(after.world.fold().records, deal.world.fold().records);
}

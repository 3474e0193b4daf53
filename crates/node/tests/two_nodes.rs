//! Two nodes carry one commitment from offer to confirmed, each with a database and keys of its own.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::operation::{Accept, Confirm, Offer, Report, Subject};
use agreement::{Closure, CommitmentTerms, Content, Due, FieldTag, Operation, Phase, Rules, Tag, Terms};
use node::{Act, Clock, Entropy, Keys, Mark, Node};
use oplog::SpaceId;
use oplog::sync::Frame;
use store::Store;

fn party(name: &str, seed: u8) -> Node {
    let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
    let entropy = Entropy::Seeded([seed; 32], 0);
    let made =
        Node::create(Store::in_memory().unwrap(), Keys::in_memory(), Mark::memory(), clock, entropy, name);
    made.unwrap().0
}

/// Carries messages between two nodes until the asking side has nothing more to say.
fn sync(space: SpaceId, asking: &mut Node, answering: &mut Node) -> usize {
    let (a, b) = (asking.node_key().unwrap(), answering.node_key().unwrap());
    let mut message = asking.greet(space, b).unwrap();
    let mut rounds = 0;
    while !message.is_empty() {
        rounds += 1;
        assert!(rounds < 50, "an exchange comes to an end");
        let sent = oplog::sync::read(&oplog::sync::write(&message)).unwrap();
        let answer = answering.answer(a, &sent).unwrap();
        assert_eq!(answer.bad, Vec::<String>::new());
        let back = asking.exchange(b, &answer.frames).unwrap();
        assert_eq!(back.bad, Vec::<String>::new());
        message = back.frames;
    }
    rounds
}

fn found_together() -> (Node, Node, SpaceId) {
    let (mut a, mut b) = (party("Ministry of Roads", 1), party("Belarusian Railway", 2));
    let space = a.found("Joint commission", Rules::default()).unwrap();
    let link = a.invite(space, "http://127.0.0.1:1").unwrap().link();
    let invitation = node::Invitation::of_link(&link).unwrap();
    let join = b.join(&invitation, "Joint commission", "").unwrap();
    let answer = a.answer(b.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    assert_eq!(answer.frames[1], Frame::Joined(space));
    let applicant = a.applicants(space).unwrap().remove(0);
    assert_eq!(applicant.party, b.party());
    a.admit(space, applicant.party, None).unwrap();
    sync(space, &mut b, &mut a);
    (a, b, space)
}

fn act(space: SpaceId, operation: Operation) -> Act {
    Act { space, operation, content: None, request: None }
}

#[test]
fn a_commitment_goes_from_offer_to_confirmed() {
    let (mut a, mut b, space) = found_together();
    let terms = CommitmentTerms {
        tag: Tag::New,
        debtor: b.party(),
        creditors: vec![a.party()],
        closure: Closure::All,
        due: Due { day: 20_800, zone: "Asia/Tehran".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    };
    let content = Content::default().with(FieldTag::Title, "en", "Deliver 12 locomotives");
    let offer = Offer { object: None, slot: 0, terms: Terms::Commitment(terms) };
    let receipt = a.submit(Act {
        space,
        operation: offer.into(),
        content: Some(content),
        request: Some("once".to_owned()),
    });
    let object = receipt.unwrap().object.unwrap();
    sync(space, &mut a, &mut b);
    let view = b.commitment(object).unwrap();
    assert_eq!(view.phase, Phase::Offered);
    assert_eq!(view.content.unwrap().text(FieldTag::Title, "en"), Some("Deliver 12 locomotives"));
    let accept = view.moves.iter().find(|step| step.word == "accept").unwrap().operation.clone().unwrap();
    b.submit(act(space, accept)).unwrap();
    sync(space, &mut b, &mut a);
    let view = a.commitment(object).unwrap();
    assert_eq!(view.phase, Phase::Detached);
    assert!(
        a.submit(act(space, Report { object, terms: view.terms_hash }.into())).is_err(),
        "only the debtor reports"
    );
    let report = b.submit(act(space, Report { object, terms: view.terms_hash }.into())).unwrap();
    sync(space, &mut a, &mut b);
    a.submit(act(space, Confirm { object, report: report.entry }.into())).unwrap();
    assert_eq!(sync(space, &mut b, &mut a), 1, "one round trip brings what is new");
    for node in [&mut a, &mut b] {
        assert_eq!(node.commitment(object).unwrap().phase, Phase::Confirmed);
    }
    assert_eq!(a.digest(space).unwrap(), b.digest(space).unwrap());
    assert_eq!(a.rebuild(space).unwrap(), b.digest(space).unwrap());
    assert_eq!(a.space(space).unwrap().undelivered, 1, "a has not heard yet that its confirm arrived");
    sync(space, &mut b, &mut a);
    assert_eq!(a.space(space).unwrap().undelivered, 0);
}

fn vote(node: &mut Node, space: SpaceId) {
    let ballot = node.space(space).unwrap().ballots.remove(0);
    let vote = Accept { subject: Subject::Space, object: ballot.id, slot: 0, terms: ballot.terms };
    node.submit(act(space, vote.into())).unwrap();
}

#[test]
fn a_successor_asks_for_the_seat_of_a_party_that_lost_its_keys_and_goes_on_with_its_promises() {
    let (mut a, mut b, space) = found_together();
    let mut third = party("Port", 3);
    let invitation = a.invite(space, "http://127.0.0.1:1").unwrap();
    let join = third.join(&invitation, "Joint commission", "").unwrap();
    a.answer(third.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    a.admit(space, third.party(), None).unwrap();
    sync(space, &mut a, &mut b);
    vote(&mut b, space);
    sync(space, &mut b, &mut a);
    let terms = CommitmentTerms {
        tag: Tag::New,
        debtor: b.party(),
        creditors: vec![a.party()],
        closure: Closure::All,
        due: Due { day: 20_800, zone: "Asia/Tehran".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    };
    let offer = Offer { object: None, slot: 0, terms: Terms::Commitment(terms) };
    let object = b.submit(act(space, offer.into())).unwrap().object.unwrap();
    sync(space, &mut b, &mut a);
    let accept = a.commitment(object).unwrap().moves.into_iter().find(|step| step.word == "accept");
    a.submit(act(space, accept.unwrap().operation.unwrap())).unwrap();

    // All that the debtor had is lost, but its name and its promises are in the record.
    let seat = b.party();
    let mut heir = party("Belarusian Railway", 4);
    let invitation = a.invite(space, "http://127.0.0.1:1").unwrap();
    let join = heir.join_for(&invitation, seat, "Joint commission", "").unwrap();
    a.answer(heir.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    let waiting = a.applicants(space).unwrap();
    let asked: Vec<_> = waiting.iter().map(|applicant| (applicant.party, applicant.seat)).collect();
    assert_eq!(asked, [(heir.party(), seat)]);
    a.admit(space, heir.party(), None).unwrap();
    sync(space, &mut third, &mut a);
    vote(&mut third, space);
    sync(space, &mut third, &mut a);
    sync(space, &mut heir, &mut a);

    assert_eq!(a.applicants(space).unwrap(), []);
    let owed = heir.inbox(node::Voice::Owes, 10).unwrap();
    assert_eq!(owed.iter().map(|line| line.id).collect::<Vec<_>>(), [object]);
    let view = heir.commitment(object).unwrap();
    assert!(view.moves.iter().any(|step| step.word == "report"), "the promise is the successor's to report");
    heir.submit(act(space, Report { object, terms: view.terms_hash }.into())).unwrap();
    sync(space, &mut heir, &mut a);
    assert_eq!(a.commitment(object).unwrap().phase, Phase::Reported);
    assert_eq!(a.digest(space).unwrap(), heir.digest(space).unwrap());
}

#[test]
fn a_bundle_carries_a_space_without_a_network() {
    let (mut a, mut b, space) = found_together();
    let comment = agreement::operation::Comment { about: space.into() };
    let content = Some(Content::default().with(FieldTag::Note, "fa", "\u{633}\u{644}\u{627}\u{645}"));
    a.submit(Act { space, operation: comment.into(), content, request: None }).unwrap();
    let mut file = Vec::new();
    assert_eq!(a.write_bundle(space, &mut file).unwrap(), 3);
    assert_eq!(b.read_bundle(&mut file.as_slice()).unwrap().new, 2);
    assert_eq!(b.read_bundle(&mut file.as_slice()).unwrap().new, 0, "twice changes nothing more");
    assert_eq!(a.digest(space).unwrap(), b.digest(space).unwrap());
    file.truncate(file.len() - 1);
    assert!(b.read_bundle(&mut file.as_slice()).is_err());
}

#[test]
fn a_revocation_undoes_at_once_what_was_signed_behind_it() {
    let (_, mut b, space) = found_together();
    let mut comment = || {
        let operation = agreement::operation::Comment { about: space.into() }.into();
        let content = Some(Content::default().with(FieldTag::Note, "en", "hello"));
        b.submit(Act { space, operation, content, request: None }).unwrap().entry
    };
    let (first, second) = (comment(), comment());
    let key = b.log(space, 0, 100).unwrap().iter().find(|entry| entry.id == first).unwrap().key.0;
    b.revoke(space, key, Some(0)).unwrap();
    assert!(b.counts(first).unwrap());
    assert!(!b.counts(second).unwrap());
    let digest = b.digest(space).unwrap();
    assert_eq!(b.rebuild(space).unwrap(), digest);
}

#[test]
fn a_restored_database_refuses_to_sign_until_a_new_key_is_enrolled() {
    let (mut a, mut b, space) = found_together();
    let backup = a.copy_store().unwrap();
    let comment = || {
        let operation = agreement::operation::Comment { about: space.into() }.into();
        let content = Some(Content::default().with(FieldTag::Note, "en", "hello"));
        Act { space, operation, content, request: None }
    };
    a.submit(comment()).unwrap();
    sync(space, &mut a, &mut b);
    let mut restored = a.restarted(Some(Store::from_copy(&backup).unwrap())).unwrap();
    assert!(matches!(restored.submit(comment()), Err(node::NodeError::WillNotSign(_))));
    restored.enrol(space).unwrap();
    sync(space, &mut restored, &mut b);
    assert!(
        matches!(restored.submit(comment()), Err(node::NodeError::Refused(_))),
        "the new key awaits notice"
    );
    assert_eq!(b.acknowledge().unwrap(), vec![space]);
    sync(space, &mut restored, &mut b);
    restored.submit(comment()).unwrap();
    sync(space, &mut restored, &mut b);
    assert_eq!(restored.digest(space).unwrap(), b.digest(space).unwrap());
    assert!(b.fork_proofs(space).unwrap().is_empty());
}

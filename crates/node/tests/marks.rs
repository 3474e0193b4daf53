//! The high-water mark through crashes, restored databases and repeated requests: a node never signs twice for one place.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use agreement::operation::Comment;
use agreement::{Content, FieldTag, Rules};
use node::mark::Signed;
use node::{Act, Clock, Entropy, Keys, Mark, Node, NodeError};
use oplog::SpaceId;
use oplog::sync::Frame;
use store::Store;

type Marks = Arc<Mutex<BTreeMap<SpaceId, Signed>>>;

fn party(name: &str, seed: u8) -> (Node, Marks) {
    let marks = Marks::default();
    let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
    let made = Node::create(
        Store::in_memory().unwrap(),
        Keys::in_memory(),
        Mark::Memory(Arc::clone(&marks)),
        clock,
        Entropy::Seeded([seed; 32], 0),
        name,
    );
    (made.unwrap().0, marks)
}

fn comment(space: SpaceId, text: &str) -> Act {
    let content = Some(Content::default().with(FieldTag::Note, "en", text));
    Act { space, operation: Comment { about: space.into() }.into(), content, request: Some(text.to_owned()) }
}

fn held(marks: &Marks) -> BTreeMap<SpaceId, Signed> {
    marks.lock().unwrap().clone()
}

#[test]
fn a_repeated_request_does_not_make_a_restored_database_sign_again() {
    let (mut node, marks) = party("Ministry of Roads", 1);
    let space = node.found("Joint commission", Rules::default()).unwrap();
    let before = node.submit(comment(space, "before the backup")).unwrap();
    let backup = node.copy_store().unwrap();
    node.submit(comment(space, "after the backup")).unwrap();
    let mark = held(&marks);
    let mut node = node.restarted(Some(Store::from_copy(&backup).unwrap())).unwrap();
    assert_eq!(node.submit(comment(space, "before the backup")).unwrap(), before, "it was done, and is told");
    assert_eq!(node.done_before("before the backup").unwrap().unwrap().0, before);
    assert_eq!(held(&marks), mark, "the mark is not lowered");
    assert!(matches!(node.submit(comment(space, "a fork")), Err(NodeError::WillNotSign(_))));
}

#[test]
fn a_repeated_request_makes_no_mark_where_there_is_none() {
    let (mut node, marks) = party("Ministry of Roads", 1);
    let space = node.found("Joint commission", Rules::default()).unwrap();
    let before = node.submit(comment(space, "before the loss")).unwrap();
    marks.lock().unwrap().clear();
    assert_eq!(node.submit(comment(space, "before the loss")).unwrap(), before);
    assert!(held(&marks).is_empty());
    assert!(matches!(node.submit(comment(space, "a fork")), Err(NodeError::WillNotSign(_))));
}

#[test]
fn a_crash_between_the_first_commit_and_its_mark_is_no_restored_backup() {
    let (mut node, marks) = party("Ministry of Roads", 1);
    let space = node.found("Joint commission", Rules::default()).unwrap();
    let founded = held(&marks);
    // As it was written before the space was: nothing signed yet.
    let (key, ..) = founded[&space];
    marks.lock().unwrap().insert(space, (key, 0, oplog::EntryId::ZERO));
    let mut node = node.restarted(None).unwrap();
    node.submit(comment(space, "on we go")).unwrap();
    assert!(held(&marks)[&space].1 == 1);
}

#[test]
fn what_a_crash_left_without_a_mark_is_marked_before_a_peer_hears_of_it() {
    let (mut node, marks) = party("Ministry of Roads", 1);
    let (mut other, _) = party("Belarusian Railway", 2);
    let space = node.found("Joint commission", Rules::default()).unwrap();
    let invitation = node.invite(space, "http://127.0.0.1:1").unwrap();
    let join = other.join(&invitation, "Joint commission", "").unwrap();
    node.answer(other.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    node.admit(space, other.party(), None).unwrap();
    let earlier = held(&marks);
    node.submit(comment(space, "committed, and then the power went")).unwrap();
    let later = held(&marks);
    for hand_out in [to_a_peer, into_a_file] {
        *marks.lock().unwrap() = earlier.clone();
        node = node.restarted(None).unwrap();
        hand_out(&mut node, &mut other, space);
        assert_eq!(held(&marks), later);
    }
    *marks.lock().unwrap() = earlier;
    let node = node.restarted(None).unwrap();
    assert!(node.done_before("committed, and then the power went").unwrap().is_some());
    assert_eq!(held(&marks), later, "a receipt is told of a marked entry alone");
}

fn to_a_peer(node: &mut Node, other: &mut Node, space: SpaceId) {
    let (own, peer) = (node.node_key().unwrap(), other.node_key().unwrap());
    let hello = other.greet(space, own).unwrap();
    let answer = node.answer(peer, &hello).unwrap();
    other.exchange(own, &answer.frames).unwrap();
}

fn into_a_file(node: &mut Node, _other: &mut Node, space: SpaceId) {
    assert_eq!(node.write_bundle(space, &mut Vec::new()).unwrap(), 3);
}

#[test]
fn a_key_that_a_crash_left_without_a_mark_is_not_reported_as_enrolled() {
    let (mut node, marks) = party("Ministry of Roads", 1);
    let space = node.found("Joint commission", Rules::default()).unwrap();
    node.enrol_once(space, Some("enrol")).unwrap();
    marks.lock().unwrap().clear();
    assert!(matches!(node.enrol_once(space, Some("enrol")), Err(NodeError::WillNotSign(_))));
    node.enrol_once(space, Some("once more")).unwrap();
    node.enrol_once(space, Some("once more")).unwrap();
}

//! Who may sign: what the node itself holds to, whatever a page does.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::operation::Comment;
use agreement::{Content, FieldTag, Rules};
use node::oplog::SpaceId;
use node::{
    Act, Authorized, Begun, Clock, Entropy, Keys, ManagePeople, Mark, Node, NodeError, Passphrase, PersonId,
    Proven, Role, Shared, Store, Visitor,
};

const PASSPHRASE: &str = "a passphrase of the tests";
const FROM: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn operator() -> Authorized<ManagePeople> {
    Authorized::by_operator(ManagePeople)
}

fn party() -> (Node, SpaceId) {
    let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
    let (store, entropy) = (Store::in_memory().unwrap(), Entropy::Seeded([1; 32], 0));
    let mut node = Node::create(store, Keys::in_memory(), Mark::memory(), clock, entropy, "A").unwrap().0;
    let space = node.found("S", Rules::default()).unwrap();
    (node, space)
}

fn person(node: &mut Node, name: &str, role: Role) -> PersonId {
    let id = node.add_person(&operator(), name, role).unwrap();
    node.set_passphrase(&operator(), id, &Passphrase::choose(PASSPHRASE).unwrap()).unwrap();
    id
}

fn prove(node: &mut Node, name: &str) -> Proven {
    match node.begin_try(name, FROM).unwrap() {
        Begun::Try(begun) => begun.prove(PASSPHRASE).unwrap(),
        Begun::Wait(wait_ms) => panic!("a wait of {wait_ms} ms"),
    }
}

fn visit(node: &mut Node, name: &str) -> Visitor {
    let proven = prove(node, name);
    let secret = node.sign_in(&proven).unwrap().unwrap();
    node.visit(&secret).unwrap().unwrap()
}

fn comment(space: SpaceId, request: &str) -> Act {
    // With who acted elsewhere, as a text that is taken over from another entry may have.
    let content = Content::default().with(FieldTag::Note, "", "a note").with(FieldTag::Role, "", "head");
    let content = content.with(FieldTag::Person, "", "somebody");
    Act {
        space,
        operation: Comment { about: space.into() }.into(),
        content: Some(content),
        request: Some(request.to_owned()),
    }
}

#[test]
fn an_act_of_a_person_bears_who_acted_once_and_the_same_form_is_signed_once() {
    let (mut node, space) = party();
    person(&mut node, "One", Role::Officer);
    let visitor = visit(&mut node, "One");
    let proven = prove(&mut node, "One");
    let acts = [0, 1].map(|_| node.authorize(&visitor, &proven, comment(space, "r1")).unwrap());
    let shared = Shared::new(node);
    let receipts = acts.map(|act| shared.submit(act).unwrap());
    assert_eq!(receipts[0], receipts[1]);
    let node = shared.lock();
    let entry = node.log(space, 0, 10).unwrap().pop().unwrap();
    let content = entry.content.unwrap();
    assert_eq!(content.fields.len(), 3, "{content:?}");
    assert_eq!(content.text(FieldTag::Role, ""), Some("officer"));
    let own = node.own_people(space).unwrap();
    assert_eq!(own.get(content.text(FieldTag::Person, "").unwrap()).map(String::as_str), Some("One"));
}

#[test]
fn an_act_that_waited_while_its_role_was_taken_is_not_signed_and_those_beside_it_are() {
    let (mut node, space) = party();
    let id = person(&mut node, "One", Role::Officer);
    let visitor = visit(&mut node, "One");
    let proven = prove(&mut node, "One");
    let waiting = [1, 2]
        .map(|number| node.authorize(&visitor, &proven, comment(space, &format!("r{number}"))).unwrap());
    let [first, second] = waiting;
    node.set_role(&operator(), id, Role::Reader).unwrap();
    assert!(matches!(node.authorize(&visitor, &proven, comment(space, "r3")), Err(NodeError::NotAllowed)));
    let shared = Shared::new(node);
    let before = shared.lock().log(space, 0, 10).unwrap().len();
    assert!(matches!(shared.submit(first), Err(NodeError::NotAllowed)));
    shared.submit(Authorized::by_operator(comment(space, "r4"))).unwrap();
    shared.lock().remove_person(&operator(), id).unwrap();
    assert!(matches!(shared.submit(second), Err(NodeError::NotAllowed)));
    assert_eq!(shared.lock().log(space, 0, 10).unwrap().len(), before + 1);
}

#[test]
fn the_passphrase_of_one_person_signs_nothing_in_the_session_of_another() {
    let (mut node, space) = party();
    person(&mut node, "One", Role::Head);
    person(&mut node, "Two", Role::Reader);
    let (one, two) = (visit(&mut node, "One"), visit(&mut node, "Two"));
    let (proven_one, proven_two) = (prove(&mut node, "One"), prove(&mut node, "Two"));
    for (visitor, proven) in [(&one, &proven_two), (&two, &proven_one), (&two, &proven_two)] {
        assert!(matches!(node.authorize(visitor, proven, comment(space, "r")), Err(NodeError::NotAllowed)));
        assert!(matches!(node.manage_people(visitor, proven), Err(NodeError::NotAllowed)));
    }
    assert!(node.authorize(&one, &proven_one, comment(space, "r")).is_ok());
}

#[test]
fn another_space_sees_another_hash_and_whoever_comes_back_has_the_old_one() {
    let (mut node, space) = party();
    let other = node.found("T", Rules::default()).unwrap();
    let id = person(&mut node, "One", Role::Officer);
    let hashes = |node: &Node, space| node.own_people(space).unwrap().into_keys().collect::<Vec<_>>();
    let before = hashes(&node, space);
    assert_ne!(before, hashes(&node, other));
    node.remove_person(&operator(), id).unwrap();
    assert!(node.people(&operator()).unwrap().is_empty() && !node.has_people().unwrap());
    assert_eq!(hashes(&node, space), before, "what was signed stays theirs");
    assert_eq!(node.add_person(&operator(), " \u{200f}One ", Role::Head).unwrap(), id);
    assert_eq!(hashes(&node, space), before);
    assert!(matches!(node.add_person(&operator(), "One", Role::Head), Err(NodeError::People(_))));
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        assert!(node.add_person(&operator(), name, Role::Head).is_err(), "{name}");
    }
    let Begun::Try(begun) = node.begin_try("One", FROM).unwrap() else { panic!("a wait") };
    assert!(begun.prove(PASSPHRASE).is_none(), "the old passphrase went with the account");
}

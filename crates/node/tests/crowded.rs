//! A key that forks without end: what others sign still reaches everyone at once, and in the end so does every branch.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::operation::{Comment, Offer};
use agreement::{Content, FieldTag, Introduction, Operation, Rules, SpaceTerms, Terms};
use node::{Act, Clock, Entropy, Invitation, Keys, Mark, Node};
use oplog::bytes::Blob;
use oplog::sync::{Entries, Frame, HEADS_MAX, Item, Join};
use oplog::{Draft, EntryId, Grant, Header, IdentityLog, RecoverySet, Revision, Secret, SpaceId};
use store::Store;

const NOW_MS: u64 = 1_790_000_000_000;
/// How many branches the one node gets of its own, more than one message tells the ends of; and how many the other.
const BRANCHES: [usize; 2] = [HEADS_MAX + 200, 300];

fn party(name: &str, seed: u8) -> Node {
    let clock = Clock::Set(Arc::new(AtomicU64::new(NOW_MS)));
    let entropy = Entropy::Seeded([seed; 32], 0);
    let made =
        Node::create(Store::in_memory().unwrap(), Keys::in_memory(), Mark::memory(), clock, entropy, name);
    made.unwrap().0
}

/// One exchange. Gives how many entries were new on either side.
fn exchange(space: SpaceId, asking: &mut Node, answering: &mut Node) -> usize {
    let (a, b) = (asking.node_key().unwrap(), answering.node_key().unwrap());
    let (mut message, mut trips, mut new) = (asking.greet(space, b).unwrap(), 0, 0);
    while !message.is_empty() {
        trips += 1;
        assert!(trips < 50, "an exchange comes to an end");
        let sent = oplog::sync::read(&oplog::sync::write(&message)).unwrap();
        let answer = answering.answer(a, &sent).unwrap();
        let sent = oplog::sync::read(&oplog::sync::write(&answer.frames)).unwrap();
        let back = asking.exchange(b, &sent).unwrap();
        new += answer.new + back.new;
        message = back.frames;
    }
    new
}

/// A key that a ballot would let in, and which signs by hand.
fn introduced(space: SpaceId, key: &Secret) -> Introduction {
    let guardian = Secret::from_seed(&[70; 32]);
    let guardians = RecoverySet { keys: [guardian.public()].into(), threshold: 1 };
    let revision = Revision { number: 0, prev: None, guardians, next: None };
    let identity = IdentityLog::new(vec![revision.sign(&[&guardian], None)]).unwrap();
    let node = Secret::from_seed(&[72; 32]).public();
    let seat = identity.party();
    let grant = Grant::Bind { space, seat, key: key.public(), node };
    let signatures = grant.sign(&identity, &[&guardian, key]);
    Introduction { identity, seat, key: key.public(), node, signatures }
}

/// Two members, and a third key that the first of them has introduced.
fn with_a_third_key() -> (Node, Node, SpaceId, Secret, EntryId) {
    let (mut a, mut b) = (party("Alfa", 1), party("Beta", 2));
    let space = a.found("Space", Rules::default()).unwrap();
    let link = a.invite(space, "http://127.0.0.1:1").unwrap().link();
    let join: Join = b.join(&Invitation::of_link(&link).unwrap(), "Space", "").unwrap();
    a.answer(b.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    a.admit(space, b.party(), None).unwrap();
    exchange(space, &mut b, &mut a);
    let key = Secret::from_seed(&[71; 32]);
    let voters = [a.party(), b.party()].into();
    let terms = SpaceTerms::Admit { voters, introduction: introduced(space, &key) };
    let offer = Offer { object: None, slot: 0, terms: Terms::Space(terms) };
    let act = Act { space, operation: offer.into(), content: None, request: None };
    let introducing = a.submit(act).unwrap().entry;
    exchange(space, &mut b, &mut a);
    (a, b, space, key, introducing)
}

/// Entries that the key signed for one and the same place.
fn branches(space: SpaceId, key: &Secret, after: EntryId, times: std::ops::Range<usize>) -> Vec<Item> {
    let comment: Operation = Comment { about: space.into() }.into();
    times
        .map(|time| {
            let header = Header {
                space,
                key: key.public().id(),
                seq: 0,
                prev: None,
                deps: vec![after],
                time_ms: NOW_MS + time as u64,
                kind: comment.kind(),
                effect: comment.effect(),
                content: None,
            };
            let raw = Draft::new(header).unwrap().sign(key).raw().to_vec();
            Item { raw: Blob(raw), content: None }
        })
        .collect()
}

fn says(node: &mut Node, space: SpaceId, words: &str) -> EntryId {
    let content = Some(Content::default().with(FieldTag::Note, "en", words));
    let operation = Comment { about: space.into() }.into();
    node.submit(Act { space, operation, content, request: None }).unwrap().entry
}

fn holds(node: &Node, space: SpaceId, id: EntryId) -> bool {
    node.log(space, 0, 100_000).unwrap().iter().any(|line| line.id == id)
}

#[test]
fn a_key_that_forks_without_end_cuts_nobody_off_and_all_its_branches_arrive() {
    let (mut a, mut b, space, key, introducing) = with_a_third_key();
    let keys = [a.node_key().unwrap(), b.node_key().unwrap()];
    let [many, few] = BRANCHES;
    for (times, from, node) in [(0..many, keys[1], &mut a), (many..many + few, keys[0], &mut b)] {
        let (count, items) = (times.len(), branches(space, &key, introducing, times));
        let got = node.answer(from, &[Frame::Entries(Entries { space, items, more: false })]).unwrap();
        assert_eq!((got.new, got.bad), (count, Vec::new()));
    }
    let (of_a, of_b) = (says(&mut a, space, "one"), says(&mut b, space, "two"));
    exchange(space, &mut a, &mut b);
    assert!(holds(&a, space, of_b) && holds(&b, space, of_a), "in the very next exchange");
    let mut exchanges = 1;
    let all = |node: &Node| node.log(space, 0, 100_000).unwrap().len();
    while all(&a) != all(&b) || all(&a) < many + few {
        exchange(space, &mut b, &mut a);
        exchanges += 1;
        assert!(exchanges < 20, "{} and {} entries", all(&a), all(&b));
    }
    assert_eq!(a.digest(space).unwrap(), b.digest(space).unwrap());
    let late = says(&mut b, space, "three");
    exchange(space, &mut a, &mut b);
    assert!(holds(&a, space, late));
    let mut a = a.restarted(None).unwrap();
    let last = says(&mut a, space, "four");
    exchange(space, &mut b, &mut a);
    assert!(holds(&b, space, last));
}

//! A founder whose key signs twice around its own `admit`: nobody falls out of the space by that, and nobody is voted
//! out by a party that was let in on the side.

use agreement::operation::{Accept, Ack, Admit, Genesis, Leave, Offer, Revoke, Subject};
use agreement::{Operation, Phase, Rules, SpaceTerms, Terms};
use node::{Act, Invitation, Node};
use oplog::sync::{Frame, Heads};
use oplog::{Entry, EntryId, Grant, ObjectId, SpaceId, from_bytes};

use crate::{NOW_MS, Puppet, heads, party, refusal, terms};

/// A space that the puppet founded by hand and a node that asked to be let in; the node holds the genesis.
fn asked_in() -> (Node, Puppet, Admit) {
    let mut founder = Puppet::new(SpaceId::ZERO);
    let genesis = Genesis { nonce: 7, rules: Rules::default(), founder: founder.introduction() };
    let genesis = founder.next(&genesis.into(), Vec::new());
    founder.space = genesis.id().into();
    let (mut node, admit) = asking(&founder, 1);
    assert!(founder.send(&mut node, &[&genesis]).is_empty());
    (node, founder, admit)
}

/// A node that asked to be let in, and the entry that would do so.
fn asking(founder: &Puppet, seed: u8) -> (Node, Admit) {
    let (mut node, _) = party("Alfa", seed);
    let invitation = Invitation {
        url: "http://127.0.0.1:1".to_owned(),
        space: founder.space,
        founder: founder.identity.party(),
        node: founder.node.public(),
        secret: vec![3; 16],
        expires_ms: NOW_MS + 1_000,
    };
    let join = node.join(&invitation, "Space", "").unwrap();
    (node, Admit { introduction: from_bytes(&join.introduction.0).unwrap() })
}

/// What the puppet signs instead, at the place of what it signed last.
fn instead(puppet: &mut Puppet, operation: &Operation, deps: Vec<EntryId>) -> Entry {
    puppet.chain.pop();
    puppet.next(operation, deps)
}

/// A party of the founder's own making: its binding key signs by hand as well.
fn puppet_of(founder: &Puppet) -> Puppet {
    Puppet::with(founder.space, 80)
}

fn offered_to(node: &mut Node, founder: &mut Puppet) -> (ObjectId, Entry) {
    let owed = Terms::Commitment(terms(founder.identity.party(), node.party()));
    let deps = heads(node, founder);
    let offer = founder.next(&Offer { object: None, slot: 0, terms: owed.clone() }.into(), deps);
    assert!(founder.send(node, &[&offer]).is_empty());
    let object = ObjectId::from(offer.id());
    let accept = Accept { subject: Subject::Commitment, object, slot: 0, terms: owed.hash(None) };
    let act = Act { space: founder.space, operation: accept.into(), content: None, request: None };
    node.submit(act).unwrap();
    (object, offer)
}

#[test]
fn a_founder_that_forks_at_its_own_admit_stays_bound_and_the_party_stays_in() {
    let (mut node, mut founder, admit) = asked_in();
    let admitted = founder.next(&admit.into(), Vec::new());
    assert!(founder.send(&mut node, &[&admitted]).is_empty());
    let (object, _) = offered_to(&mut node, &mut founder);
    assert_eq!(node.commitment(object).unwrap().phase, Phase::Detached);
    let members = node.space(founder.space).unwrap().parties.len();

    founder.chain.truncate(2);
    let fork = instead(&mut founder, &Ack { digest: None, level: 9 }.into(), Vec::new());
    assert!(founder.send(&mut node, &[&fork]).is_empty());

    assert_eq!(node.space(founder.space).unwrap().forked.len(), 1);
    assert!(node.counts(admitted.id()).unwrap(), "the node relied on its own admission");
    assert_eq!(node.commitment(object).unwrap().phase, Phase::Detached);
    assert_eq!(node.space(founder.space).unwrap().parties.len(), members);
    let digest = node.digest(founder.space).unwrap();
    assert_eq!(node.rebuild(founder.space).unwrap(), digest);
}

#[test]
fn a_party_that_a_founder_lets_in_on_the_side_votes_nobody_out() {
    let (mut node, mut founder, admit) = asked_in();
    let admitted = founder.next(&admit.into(), Vec::new());
    assert!(founder.send(&mut node, &[&admitted]).is_empty());
    let (object, _) = offered_to(&mut node, &mut founder);

    founder.chain.truncate(2);
    let mut accomplice = puppet_of(&founder);
    let beside = Admit { introduction: accomplice.introduction() };
    let beside = instead(&mut founder, &beside.into(), Vec::new());
    let vouches = accomplice.next(&Ack { digest: None, level: 0 }.into(), vec![beside.id()]);
    assert!(founder.send(&mut node, &[&beside, &vouches]).is_empty());
    assert!(node.counts(beside.id()).unwrap(), "whoever was let in first nobody can tell");

    let mut deps = heads(&mut node, &accomplice);
    deps.retain(|id| *id != vouches.id());
    let seat = node.party();
    let voters = [founder.identity.party(), accomplice.identity.party()].into();
    let expel = Terms::Space(SpaceTerms::Expel { voters, seat });
    let offer = Offer { object: None, slot: 0, terms: expel };
    let offer = accomplice.next(&offer.into(), deps);
    assert!(accomplice.send(&mut node, &[&offer]).is_empty());
    let why = refusal(&node, founder.space, offer.id());
    assert_eq!(
        why.as_deref(),
        Some("the founder let two parties in unseen by each other, so no seat but its own is voted on")
    );
    assert_eq!(node.commitment(object).unwrap().phase, Phase::Detached);
}

/// All that a node holds, as it would send it.
fn everything(node: &mut Node, asker: &Puppet) -> Vec<Vec<u8>> {
    let asked = [Frame::Heads(Heads { space: asker.space, heads: Vec::new(), between: None })];
    let answer = node.answer(asker.node.public(), &asked).unwrap();
    let sent = answer
        .frames
        .into_iter()
        .filter_map(|frame| if let Frame::Entries(entries) = frame { Some(entries.items) } else { None });
    sent.flatten().map(|item| item.raw.0).collect()
}

#[test]
fn what_a_founder_signs_twice_comes_to_the_same_in_any_order() {
    let (mut node, mut founder, admit) = asked_in();
    let admitted = founder.next(&admit.into(), Vec::new());
    founder.send(&mut node, &[&admitted]);
    offered_to(&mut node, &mut founder);
    founder.chain.truncate(2);
    let mut accomplice = puppet_of(&founder);
    let beside = instead(&mut founder, &Admit { introduction: accomplice.introduction() }.into(), Vec::new());
    let vouches = accomplice.next(&Ack { digest: None, level: 0 }.into(), vec![beside.id()]);
    founder.send(&mut node, &[&beside, &vouches]);
    // The founder takes its key back from the start as well, and leaves.
    let key = founder.binding.public().id();
    let grant = Grant::Revoke { space: founder.space, key, cut: None };
    let revoke = Revoke {
        seat: founder.identity.party(),
        identity: founder.identity.clone(),
        key,
        cut: None,
        signatures: grant.sign(&founder.identity, &[&founder.guardian]),
    };
    let deps = heads(&mut node, &founder);
    let revoke = founder.next(&revoke.into(), deps);
    let leave = founder.next(&Leave {}.into(), Vec::new());
    founder.send(&mut node, &[&revoke, &leave]);
    assert!(node.counts(admitted.id()).unwrap() && node.counts(beside.id()).unwrap());

    let mut sent = everything(&mut node, &founder);
    let digest = node.digest(founder.space).unwrap();
    assert!(sent.len() >= 8);
    for turn in 0..24_u8 {
        let (mut other, _) = asking(&founder, 100 + turn);
        let by_turn = |raw: &Vec<u8>| oplog::id::hash("turn", &[&[turn], raw]);
        sent.sort_by_key(by_turn);
        for raw in &sent {
            founder.send_raw(&mut other, std::slice::from_ref(raw));
        }
        assert_eq!(other.digest(founder.space).unwrap(), digest, "turn {turn}");
        assert_eq!(other.rebuild(founder.space).unwrap(), digest, "turn {turn}");
    }
}

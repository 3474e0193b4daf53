//! Claims about binding keys: enrolment, retirement, notice, revocation, reliance.

use agreement::operation::{Ack, Enrol};
use agreement::{Closure, Phase, Refusal};
use oplog::Grant;

use crate::deal::{Deal, FIRST, plain_terms};
use crate::world::{
    CREDITOR, DEBTOR, Draft, OTHER, World, draft, guardian, identity, introduction_under, key, leave,
    longer_identity, party,
};
use crate::{refusal, refusal_in};

fn ack(seat: u8) -> Draft {
    draft(seat, Ack { digest: None, level: 0 })
}

fn is_void(refusal: Option<Refusal>) -> bool {
    matches!(refusal, Some(Refusal::Standing(_)))
}

#[test]
fn a_new_key_counts_once_another_party_has_named_it() {
    let mut world = World::of_four();
    world.sign(world.enrol((CREDITOR, 1)));
    assert!(is_void(refusal_in(&world, leave(CREDITOR).by_key(1))));
    world.sign(ack(CREDITOR));
    assert!(is_void(refusal_in(&world, leave(CREDITOR).by_key(1))));
    world.sign(ack(DEBTOR));
    assert_eq!(refusal_in(&world, leave(CREDITOR).by_key(1)), None);
}

#[test]
fn alone_in_a_space_a_new_key_counts_at_once() {
    let mut world = World::founded();
    world.sign(world.enrol((DEBTOR, 1)));
    assert_eq!(refusal_in(&world, leave(DEBTOR).by_key(1)), None);
}

#[test]
fn the_old_key_is_silent_once_it_has_seen_the_new_one() {
    let mut world = World::of_four();
    let enrol = world.sign(world.enrol((CREDITOR, 1)));
    assert!(is_void(refusal_in(&world, leave(CREDITOR))));
    assert_eq!(refusal_in(&world, leave(CREDITOR).blind_to(&[enrol])), None);
}

#[test]
fn a_key_enrols_itself_for_its_own_party_once() {
    let mut world = World::of_four();
    let own = Some(Refusal::Space("a key enrols itself"));
    assert_eq!(refusal_in(&world, world.enrol((CREDITOR, 1)).by_key(2)), own);
    let introduction = introduction_under(&identity(CREDITOR), world.space(), OTHER, (CREDITOR, 1));
    let mut theft = world.enrol((CREDITOR, 1));
    theft.operation = Enrol { introduction }.into();
    assert!(matches!(refusal_in(&world, theft), Some(Refusal::Identity(_))));
    let mut bare = world.enrol((CREDITOR, 1));
    if let agreement::Operation::Enrol(enrol) = &mut bare.operation {
        enrol.introduction.signatures.clear();
    }
    assert!(matches!(refusal_in(&world, bare), Some(Refusal::Identity(_))));
    world.sign(world.enrol((CREDITOR, 1)));
    let used = Some(Refusal::Space("the key is in use here"));
    assert_eq!(refusal_in(&world, world.enrol((CREDITOR, 1))), used);
}

#[test]
fn an_older_state_of_the_identity_enrols_nothing() {
    let mut world = World::of_four();
    let introduction = introduction_under(&longer_identity(CREDITOR), world.space(), CREDITOR, (CREDITOR, 1));
    let mut newer = world.enrol((CREDITOR, 1));
    newer.operation = Enrol { introduction }.into();
    world.sign(newer);
    assert!(matches!(refusal_in(&world, world.enrol((CREDITOR, 2))), Some(Refusal::Identity(_))));
}

#[test]
fn guardians_take_back_a_key_of_their_own_party() {
    let world = World::of_four();
    assert_eq!(refusal_in(&world, world.revoke((CREDITOR, 0), (CREDITOR, 0), None)), None);
    let foreign = Some(Refusal::Space("a party revokes keys of its own"));
    assert_eq!(refusal_in(&world, world.revoke((OTHER, 0), (CREDITOR, 0), None)), foreign);
    let mut bare = world.revoke((CREDITOR, 0), (CREDITOR, 0), None);
    if let agreement::Operation::Revoke(revoke) = &mut bare.operation {
        revoke.key = key((OTHER, 0));
    }
    assert!(matches!(refusal_in(&world, bare), Some(Refusal::Identity(_))));
    let mut others_key = world.revoke((CREDITOR, 0), (CREDITOR, 0), None);
    if let agreement::Operation::Revoke(revoke) = &mut others_key.operation {
        let grant = Grant::Revoke { space: world.space(), key: key((OTHER, 0)), cut: None };
        revoke.key = key((OTHER, 0));
        revoke.signatures = grant.sign(&identity(CREDITOR), &[&guardian(CREDITOR)]);
    }
    assert_eq!(refusal_in(&world, others_key), foreign);
}

#[test]
fn of_several_cuts_the_smallest_counts() {
    let mut world = World::of_four();
    for cut in [Some(9), Some(4), Some(6)] {
        world.sign(world.revoke((CREDITOR, 0), (CREDITOR, 0), cut));
    }
    let fold = world.fold();
    let cut = &fold.the_space().keys[&key((CREDITOR, 0))];
    assert!(cut.is_cut(5) && !cut.is_cut(4));
}

/// The creditor's new key cuts the old one; the old one then votes without knowledge of that.
fn voted_beyond_the_cut() -> (Deal, [oplog::EntryId; 3]) {
    let mut deal = Deal::offered(plain_terms(Closure::All));
    let [enrol, noticed] = deal.world.enrol_noticed((CREDITOR, 1));
    let signed = deal.world.entries.iter().filter(|entry| entry.signer == (CREDITOR, 0)).count();
    let revoke = deal.world.revoke((CREDITOR, 1), (CREDITOR, 0), Some(signed as u64 - 1));
    let revoke = deal.world.sign(revoke);
    let unaware = [enrol, noticed, revoke];
    let deal = deal.clone().then(deal.do_accept(CREDITOR, FIRST).blind_to(&unaware));
    (deal, unaware)
}

#[test]
fn beyond_the_cut_an_entry_is_void() {
    let (deal, _) = voted_beyond_the_cut();
    assert!(deal.commitment().open_slot().unwrap().1.voted(party(CREDITOR)).is_empty());
}

#[test]
fn what_another_party_relied_on_before_it_knew_binds_its_author() {
    let (deal, unaware) = voted_beyond_the_cut();
    let relying = deal.clone().then(deal.do_accept(OTHER, FIRST).blind_to(&unaware));
    assert_eq!(relying.commitment().phase(), Phase::Detached);
    let knowing = deal.clone().then(deal.do_accept(OTHER, FIRST));
    assert_eq!(knowing.commitment().phase(), Phase::Offered);
}

#[test]
fn relied_on_counts_only_against_the_author() {
    let mut deal = Deal::plain(Closure::All);
    let [enrol, noticed] = deal.world.enrol_noticed((DEBTOR, 1));
    let revoke = deal.world.revoke((DEBTOR, 1), (DEBTOR, 0), None);
    let revoke = deal.world.sign(revoke);
    let unaware = [enrol, noticed, revoke];
    let deal = deal.clone().then(deal.do_report(DEBTOR).blind_to(&unaware));
    let deal = deal.then(ack(OTHER).blind_to(&unaware));
    assert_eq!(deal.commitment().phase(), Phase::Detached);
    assert!(!deal.commitment().won().collect::<Vec<_>>().is_empty());
}

#[test]
fn a_key_that_nobody_introduced_is_void() {
    let deal = Deal::plain(Closure::All);
    assert!(is_void(refusal(&deal, deal.do_report(DEBTOR).by_key(3))));
}

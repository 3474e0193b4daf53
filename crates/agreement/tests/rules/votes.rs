//! Claims about offers, votes, counters, lapses and turns.

use agreement::operation::{Ack, Counter, Offer};
use agreement::{Closure, CommitmentTerms, Phase, Refusal, Tag, Terms};
use oplog::ObjectId;

use crate::deal::{Deal, FIRST, plain_terms};
use crate::world::{CREDITOR, DEBTOR, NEWCOMER, OTHER, World, draft, party};
use crate::{after, refusal, refusal_in};

const NEXT: u64 = FIRST + 1;

fn open() -> Deal {
    Deal::offered(plain_terms(Closure::All))
}

fn plain() -> Deal {
    Deal::plain(Closure::All)
}

/// Whose turn it is in a slot after offers crossed, and someone whose turn it is not.
fn turn(deal: &Deal, slot: u64) -> (u8, u8) {
    let base: Vec<_> = deal.commitment().ballot.base().into_iter().collect();
    let owner = base[usize::try_from(slot).expect("a small number") % base.len()];
    let seat = [DEBTOR, CREDITOR, OTHER].into_iter().find(|seat| party(*seat) == owner).expect("of the base");
    (seat, if seat == DEBTOR { CREDITOR } else { DEBTOR })
}

#[test]
fn terms_are_in_force_when_everyone_named_has_voted_for_them() {
    let mut deal = open();
    assert_eq!(deal.commitment().waits_on(), [party(CREDITOR), party(OTHER)].into());
    deal = deal.clone().then(deal.do_accept(CREDITOR, FIRST));
    assert_eq!(deal.commitment().phase(), Phase::Offered);
    deal = deal.clone().then(deal.do_accept(OTHER, FIRST));
    assert_eq!(deal.commitment().phase(), Phase::Detached);
}

#[test]
fn one_decline_fails_the_round_and_then_another_offer_may_come() {
    let deal = open().then(open().do_decline(OTHER, FIRST));
    assert_eq!(deal.commitment().phase(), Phase::NotAgreed);
    let again = CommitmentTerms { tag: Tag::New, ..deal.changed(Tag::Reschedule, 23_000) };
    assert_eq!(after(deal.then(open().do_offer(CREDITOR, NEXT, again)), []), Phase::Offered);
}

#[test]
fn nobody_votes_twice() {
    let deal = open().then(open().do_accept(CREDITOR, FIRST));
    assert_eq!(refusal(&deal, deal.do_accept(CREDITOR, FIRST)), Some(Refusal::AlreadyVoted));
    assert_eq!(refusal(&deal, deal.do_decline(CREDITOR, FIRST)), Some(Refusal::AlreadyVoted));
    assert_eq!(refusal(&deal, deal.do_counter(CREDITOR, FIRST, 23_000)), Some(Refusal::AlreadyVoted));
    assert_eq!(refusal(&deal, deal.do_decline(DEBTOR, FIRST)), Some(Refusal::AlreadyVoted));
}

#[test]
fn only_a_named_party_votes() {
    let deal = open();
    assert_eq!(refusal(&deal, deal.do_accept(NEWCOMER, FIRST)), Some(Refusal::NotNamed));
    assert_eq!(refusal(&deal, deal.do_decline(NEWCOMER, FIRST)), Some(Refusal::NotNamed));
    assert_eq!(refusal(&deal, deal.do_counter(NEWCOMER, FIRST, 23_000)), Some(Refusal::NotNamed));
}

#[test]
fn a_vote_names_a_slot_and_terms_that_are_there() {
    let deal = open();
    assert_eq!(refusal(&deal, deal.do_accept(CREDITOR, 9)), Some(Refusal::NoSuchSlot));
    assert_eq!(refusal(&deal, deal.do_decline(CREDITOR, 9)), Some(Refusal::NoSuchSlot));
    assert_eq!(refusal(&deal, deal.do_counter(CREDITOR, 9, 23_000)), Some(Refusal::NoSuchSlot));
    assert_eq!(refusal(&deal, deal.do_lapse(DEBTOR, 9)), Some(Refusal::NoSuchSlot));
    assert_eq!(refusal(&deal, deal.do_accept(DEBTOR, 1)), Some(Refusal::NoSuchTerms));
}

#[test]
fn nobody_consents_to_terms_it_has_not_seen() {
    let deal = plain().proposed(DEBTOR, Tag::Reschedule);
    let blind = deal.do_accept(OTHER, NEXT).blind_to(&[deal.offer]);
    assert_eq!(refusal(&deal, blind), Some(Refusal::NoSuchSlot));
}

#[test]
fn an_operation_names_a_commitment() {
    let mut deal = plain();
    deal.object = deal.world.space().into();
    let acts = [deal.do_cancel(DEBTOR), deal.do_release(CREDITOR), deal.do_accept(CREDITOR, 0)];
    for act in acts {
        assert_eq!(refusal(&deal, act), Some(Refusal::NoSuchObject));
    }
    deal.object = ObjectId([9; 32]);
    assert_eq!(refusal(&deal, deal.do_report(DEBTOR)), Some(Refusal::NoSuchObject));
    assert_eq!(refusal(&deal, deal.do_decline(CREDITOR, 0)), Some(Refusal::NoSuchObject));
    assert_eq!(refusal(&deal, deal.do_erase(DEBTOR, deal.offer)), Some(Refusal::NoSuchObject));
}

#[test]
fn an_offer_that_was_seen_wants_an_answer() {
    let deal = plain().proposed(DEBTOR, Tag::Reschedule);
    let rival = deal.changed(Tag::Reschedule, 23_000);
    assert_eq!(refusal(&deal, deal.do_offer(CREDITOR, NEXT, rival.clone())), Some(Refusal::AnswerFirst));
    assert_eq!(refusal(&deal, deal.do_offer(CREDITOR, NEXT + 1, rival.clone())), Some(Refusal::AnswerFirst));
    assert_eq!(refusal(&deal, deal.do_offer(DEBTOR, NEXT, rival.clone())), Some(Refusal::AlreadyVoted));
    assert_eq!(refusal(&deal, deal.do_offer(CREDITOR, 40, rival)), Some(Refusal::NoSuchSlot));
}

#[test]
fn a_founding_offer_is_by_a_party_of_its_terms_and_in_slot_0() {
    let world = World::of_four();
    let offer = |slot| Offer { object: None, slot, terms: Terms::Commitment(plain_terms(Closure::All)) };
    assert_eq!(refusal_in(&world, draft(CREDITOR, offer(0))), None);
    assert_eq!(refusal_in(&world, draft(NEWCOMER, offer(0))), Some(Refusal::NotNamed));
    assert_eq!(refusal_in(&world, draft(DEBTOR, offer(1))), Some(Refusal::NoSuchSlot));
}

#[test]
fn a_stranger_to_the_terms_in_force_offers_nothing() {
    let deal = plain();
    let terms = deal.changed(Tag::Delegate, 0);
    assert_eq!(refusal(&deal, deal.do_offer(NEWCOMER, NEXT, terms)), Some(Refusal::NotNamed));
}

#[test]
fn a_counter_declines_and_offers_in_one_entry_or_does_neither() {
    let deal = open();
    let countered = deal.clone().then(deal.do_counter(CREDITOR, FIRST, 23_000)).commitment();
    assert_eq!(countered.ballot.slots.len(), 4);
    assert_eq!(countered.phase(), Phase::Offered);
    let wrong = CommitmentTerms { creditors: Vec::new(), ..deal.terms.clone() };
    let counter = Counter { object: deal.object, slot: FIRST, terms: Terms::Commitment(wrong) };
    assert!(matches!(refusal(&deal, draft(CREDITOR, counter.clone())), Some(Refusal::Terms(_))));
    let refused = deal.clone().then(draft(CREDITOR, counter)).commitment();
    assert_eq!(refused, deal.commitment());
}

#[test]
fn a_lapse_is_the_offerers_own_and_once() {
    let deal = open();
    assert_eq!(refusal(&deal, deal.do_lapse(CREDITOR, FIRST)), Some(Refusal::OnlyAuthor));
    let lapsed = deal.clone().then(deal.do_lapse(DEBTOR, FIRST));
    assert_eq!(refusal(&lapsed, deal.do_lapse(DEBTOR, FIRST)), Some(Refusal::AlreadyVoted));
    assert_eq!(lapsed.commitment().phase(), Phase::Offered);
}

#[test]
fn who_has_seen_the_lapse_cannot_accept_and_its_first_entry_fails_the_round() {
    let deal = open().then(open().do_lapse(DEBTOR, FIRST));
    assert_eq!(refusal(&deal, deal.do_accept(CREDITOR, FIRST)), Some(Refusal::Lapsed));
    let acked = deal.then(draft(CREDITOR, Ack { digest: None, level: 0 }));
    assert_eq!(acked.commitment().phase(), Phase::NotAgreed);
}

#[test]
fn who_accepts_before_seeing_the_lapse_binds_both_sides() {
    let mut deal = open();
    let lapse = deal.world.sign(deal.do_lapse(DEBTOR, FIRST));
    let deal = deal.clone().then(deal.do_accept(CREDITOR, FIRST).blind_to(&[lapse]));
    let deal = deal.clone().then(deal.do_accept(OTHER, FIRST).blind_to(&[lapse]));
    assert_eq!(deal.commitment().phase(), Phase::Detached);
}

#[test]
fn after_crossed_offers_it_is_one_partys_turn_until_it_passes() {
    let deal = plain().crossed();
    let (owner, other) = turn(&deal, NEXT + 1);
    let terms = deal.changed(Tag::Reschedule, 26_000);
    let late = deal.do_offer(other, NEXT + 1, terms.clone());
    assert_eq!(refusal(&deal, late.clone()), Some(Refusal::NotYourTurn(party(owner))));
    assert_eq!(refusal(&deal, deal.do_offer(owner, NEXT + 1, terms)), None);
    let passed = deal.clone().then(deal.do_pass(owner, NEXT + 1));
    assert_eq!(refusal(&passed, late), None);
}

#[test]
fn a_pass_signed_ahead_counts_when_the_turn_comes() {
    let deal = plain();
    let (owner, other) = turn(&deal, NEXT + 1);
    let deal = deal.clone().then(deal.do_pass(owner, NEXT + 1)).crossed();
    let terms = deal.changed(Tag::Reschedule, 26_000);
    assert_eq!(refusal(&deal, deal.do_offer(other, NEXT + 1, terms)), None);
}

#[test]
fn a_pass_is_a_partys_and_of_a_slot_within_the_limit() {
    let deal = plain();
    assert_eq!(refusal(&deal, deal.do_pass(NEWCOMER, NEXT)), Some(Refusal::NotNamed));
    assert_eq!(refusal(&deal, deal.do_pass(DEBTOR, 256)), Some(Refusal::NoSuchSlot));
}

#[test]
fn the_rounds_of_a_commitment_have_a_limit() {
    let mut deal = plain();
    for slot in NEXT..256 {
        let terms = deal.changed(Tag::Reschedule, 30_000 + i32::try_from(slot).unwrap());
        deal = deal.clone().then(deal.do_offer(DEBTOR, slot, terms));
        deal = deal.clone().then(deal.do_decline(CREDITOR, slot));
    }
    let terms = deal.changed(Tag::Reschedule, 40_000);
    assert_eq!(
        refusal(&deal, deal.do_offer(DEBTOR, 256, terms)),
        Some(Refusal::Limit("the number of rounds"))
    );
}

#[test]
fn nothing_is_voted_on_what_is_closed() {
    let deal = plain().then(plain().do_cancel(DEBTOR));
    let terms = deal.changed(Tag::Reschedule, 26_000);
    assert_eq!(refusal(&deal, deal.do_offer(CREDITOR, NEXT, terms)), Some(Refusal::Closed));
    assert_eq!(refusal(&deal, deal.do_pass(CREDITOR, NEXT)), Some(Refusal::Closed));
    let deal = plain().nearly(Tag::Reschedule);
    let deal = deal.clone().then(deal.do_cancel(DEBTOR));
    assert_eq!(refusal(&deal, deal.do_accept(OTHER, NEXT)), Some(Refusal::Closed));
    assert_eq!(refusal(&deal, deal.do_decline(OTHER, NEXT)), Some(Refusal::Closed));
    assert_eq!(refusal(&deal, deal.do_counter(OTHER, NEXT, 26_000)), Some(Refusal::Closed));
}

//! Agreements: who must sign, what an amendment may change, and who may leave.

use std::collections::BTreeSet;

use agreement::operation::{Accept, Ack, Offer, Withdraw};
use agreement::{AgreementPhase, AgreementTag, AgreementTerms, Refusal, Subject, Terms, Withdrawal};

use crate::pact::{Pact, pact_terms};
use crate::refusal_in;
use crate::world::{CREDITOR, DEBTOR, Draft, NEWCOMER, OTHER, World, draft, parties};

const NOTICE: Withdrawal = Withdrawal::Notice(90);

fn refusal(pact: &Pact, draft: Draft) -> Option<Refusal> {
    refusal_in(&pact.world, draft)
}

fn founding(seat: u8, terms: AgreementTerms) -> Option<Refusal> {
    let offer = Offer { object: None, slot: 0, terms: Terms::Agreement(terms) };
    refusal_in(&World::of_four(), draft(seat, offer))
}

#[test]
fn an_agreement_is_in_force_when_every_party_has_signed_the_same_text() {
    let pact = Pact::offered(NOTICE);
    assert_eq!(pact.agreement().waits_on(), parties(&[CREDITOR, OTHER]));
    let pact = pact.clone().then(pact.do_accept(CREDITOR));
    assert_eq!(pact.agreement().phase(), AgreementPhase::Offered);
    let pact = pact.clone().then(pact.do_accept(OTHER));
    assert_eq!(pact.agreement().phase(), AgreementPhase::InForce);
    assert_eq!(pact.agreement().in_force().unwrap().terms, pact.terms);
    assert_eq!(pact.agreement().waits_on(), BTreeSet::new());
}

#[test]
fn a_counter_is_a_no_to_one_text_and_the_offer_of_another() {
    let pact = Pact::plain_in(World::of_four()).proposed(DEBTOR);
    let other = pact.amended(4);
    let mut countered = pact.clone().then(pact.do_counter(CREDITOR, other.clone()));
    assert_eq!(countered.agreement().waits_on(), parties(&[DEBTOR, OTHER]));
    (countered.table, countered.next) = (other.clone(), pact.next + 1);
    for seat in [DEBTOR, OTHER] {
        countered = countered.clone().then(countered.do_accept(seat));
    }
    assert_eq!(countered.agreement().in_force().unwrap().terms, other);
    let commitment = agreement::operation::Counter {
        object: pact.object,
        slot: pact.next - 1,
        terms: Terms::Commitment(crate::deal::plain_terms(agreement::Closure::All)),
    };
    assert_eq!(refusal(&pact, draft(CREDITOR, commitment)), Some(Refusal::NoSuchObject));
}

#[test]
fn one_party_is_enough_to_keep_an_agreement_out_of_force() {
    let pact = Pact::offered(NOTICE);
    let pact = pact.clone().then(pact.do_accept(CREDITOR));
    let pact = pact.clone().then(pact.do_decline(OTHER));
    assert_eq!(pact.agreement().phase(), AgreementPhase::NotAgreed);
}

#[test]
fn the_terms_of_an_agreement_are_sound_or_it_is_not_founded() {
    let terms = |clauses: &[u64]| pact_terms(AgreementTag::New, clauses, NOTICE);
    let wrong = |rule: &'static str| Some(Refusal::Terms(rule));
    assert_eq!(founding(DEBTOR, terms(&[1])), None);
    assert_eq!(founding(NEWCOMER, terms(&[1])), Some(Refusal::NotNamed));
    let alone = AgreementTerms { parties: parties(&[DEBTOR]), ..terms(&[1]) };
    assert_eq!(founding(DEBTOR, alone), wrong("between 2 and 200 parties"));
    assert_eq!(founding(DEBTOR, terms(&[])), wrong("between 1 and 256 clauses"));
    let many = AgreementTerms { clauses: (1..=257).collect(), ..terms(&[1]) };
    assert_eq!(founding(DEBTOR, many), wrong("between 1 and 256 clauses"));
    for number in [0, 10_000] {
        assert_eq!(founding(DEBTOR, terms(&[1, number])), wrong("clauses numbered between 1 and 9999"));
    }
    for days in [0, 3_651] {
        let terms = pact_terms(AgreementTag::New, &[1], Withdrawal::Notice(days));
        assert_eq!(founding(DEBTOR, terms), wrong("a notice between 1 and 3650 days"));
    }
    let amend = pact_terms(AgreementTag::Amend, &[1], NOTICE);
    assert_eq!(founding(DEBTOR, amend), wrong("tag new, as nothing is in force"));
}

#[test]
fn an_amendment_binds_newcomers_when_they_too_have_signed() {
    let pact = Pact::plain();
    let wider = AgreementTerms { parties: parties(&[DEBTOR, CREDITOR, OTHER, NEWCOMER]), ..pact.amended(3) };
    let mut pact = pact.clone().then(pact.do_offer(DEBTOR, pact.next, wider.clone()));
    (pact.table, pact.next) = (wider.clone(), pact.next + 1);
    for seat in [CREDITOR, OTHER] {
        pact = pact.clone().then(pact.do_accept(seat));
    }
    assert_eq!(pact.agreement().in_force().unwrap().terms, pact.terms);
    let pact = pact.clone().then(pact.do_accept(NEWCOMER));
    assert_eq!(pact.agreement().in_force().unwrap().terms, wider);
}

#[test]
fn a_dropped_clause_number_is_not_used_again() {
    let mut pact = Pact::plain();
    let without = AgreementTerms { clauses: [1].into(), ..pact.amended(1) };
    pact = pact.clone().then(pact.do_offer(DEBTOR, pact.next, without.clone()));
    (pact.table, pact.next) = (without, pact.next + 1);
    for seat in [CREDITOR, OTHER] {
        pact = pact.clone().then(pact.do_accept(seat));
    }
    let rule = "new numbers for new clauses, as a dropped one is not used again";
    let again = AgreementTerms { clauses: [1, 2].into(), ..pact.amended(2) };
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, again)), Some(Refusal::Terms(rule)));
    let new = AgreementTerms { clauses: [1, 3].into(), ..pact.amended(3) };
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, new)), None);
    // The number of a text that never came into force is free.
    let free = AgreementTerms { clauses: [1, 9].into(), ..pact.amended(9) };
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, free)), None);
}

#[test]
fn where_nobody_may_withdraw_no_amendment_leaves_a_party_out() {
    let pact = Pact::agreed(Withdrawal::Never);
    let without = AgreementTerms { parties: parties(&[DEBTOR, CREDITOR]), ..pact.amended(3) };
    let rule = "all parties of the agreement, which says that none may withdraw";
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, without.clone())), Some(Refusal::Terms(rule)));
    assert_eq!(refusal(&pact, pact.do_withdraw(OTHER)), Some(Refusal::NoWithdrawal));
    let pact = Pact::agreed(Withdrawal::Consent);
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, without)), None);
    assert_eq!(refusal(&pact, pact.do_withdraw(OTHER)), Some(Refusal::NoWithdrawal));
}

#[test]
fn ending_by_consent_changes_nothing_else_and_is_final() {
    let pact = Pact::plain();
    let more = AgreementTerms { clauses: [1, 2, 3].into(), ..pact.ended() };
    let rule = "a tag that says what changes, and nothing more";
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, more)), Some(Refusal::Terms(rule)));
    let mut pact = pact.clone().then(pact.do_offer(DEBTOR, pact.next, pact.ended()));
    (pact.table, pact.next) = (pact.ended(), pact.next + 1);
    pact = pact.clone().then(pact.do_accept(CREDITOR));
    assert_eq!(pact.agreement().phase(), AgreementPhase::InForce);
    pact = pact.clone().then(pact.do_accept(OTHER));
    assert_eq!(pact.agreement().phase(), AgreementPhase::Terminated);
    assert_eq!(pact.agreement().text().unwrap().terms.tag, AgreementTag::New, "its text is what it was");
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, pact.amended(3))), Some(Refusal::Closed));
    assert_eq!(refusal(&pact, pact.do_withdraw(OTHER)), Some(Refusal::Closed));
}

#[test]
fn a_party_leaves_once_and_not_while_its_vote_for_other_terms_is_open() {
    let pact = Pact::plain();
    assert_eq!(refusal(&pact, pact.do_withdraw(NEWCOMER)), Some(Refusal::NotNamed));
    assert_eq!(refusal(&Pact::offered(NOTICE), pact.do_withdraw(OTHER)), Some(Refusal::NotInForce));
    let open = pact.clone().proposed(OTHER);
    assert_eq!(refusal(&open, open.do_withdraw(OTHER)), Some(Refusal::OwnVoteOpen));
    assert_eq!(refusal(&open, open.do_withdraw(CREDITOR)), None);
    let left = pact.clone().then(pact.do_withdraw(OTHER));
    assert_eq!(left.agreement().leaving(), parties(&[OTHER]));
    assert_eq!(left.agreement().phase(), AgreementPhase::InForce);
    assert_eq!(refusal(&left, left.do_withdraw(OTHER)), Some(Refusal::AlreadyWithdrawn));
}

#[test]
fn an_agreement_that_all_but_one_have_left_is_over() {
    let pact = Pact::plain();
    let pact = pact.clone().then(pact.do_withdraw(OTHER));
    let pact = pact.clone().then(pact.do_withdraw(CREDITOR));
    assert_eq!(pact.agreement().phase(), AgreementPhase::Withdrawn);
    assert_eq!(refusal(&pact, pact.do_offer(DEBTOR, pact.next, pact.amended(3))), Some(Refusal::Closed));
    assert_eq!(refusal(&pact, pact.do_pass(DEBTOR, pact.next)), Some(Refusal::Closed));
}

#[test]
fn whoever_left_and_signs_an_amendment_that_names_it_is_bound_anew() {
    let pact = Pact::plain();
    let pact = pact.clone().then(pact.do_withdraw(OTHER));
    let pact = pact.nearly();
    let pact = pact.clone().then(pact.do_accept(OTHER));
    assert_eq!(pact.agreement().leaving(), BTreeSet::new());
    assert_eq!(refusal(&pact, pact.do_withdraw(OTHER)), None);
}

#[test]
fn whoever_has_seen_an_offer_withdrawn_cannot_sign_it() {
    let pact = Pact::plain().proposed(DEBTOR);
    let pact = pact.clone().then(pact.do_lapse(DEBTOR));
    assert_eq!(refusal(&pact, pact.do_accept(OTHER)), Some(Refusal::Lapsed));
    let pact = pact.clone().then(draft(OTHER, Ack { digest: None, level: 0 }));
    assert_eq!(pact.agreement().waits_on(), BTreeSet::new());
}

#[test]
fn a_step_about_the_wrong_sort_of_object_finds_none() {
    let pact = Pact::plain().proposed(DEBTOR);
    let terms = Terms::Agreement(pact.table.clone()).hash(None);
    let (object, slot) = (pact.object, pact.next - 1);
    let accept = Accept { subject: Subject::Commitment, object, slot, terms };
    assert_eq!(refusal(&pact, draft(CREDITOR, accept)), Some(Refusal::NoSuchObject));
    let space = pact.world.space().into();
    assert_eq!(refusal(&pact, draft(CREDITOR, Withdraw { object: space })), Some(Refusal::NoSuchObject));
}

#[test]
fn only_an_own_offer_that_failed_is_erased() {
    let pact = Pact::plain();
    assert_eq!(refusal(&pact, pact.do_erase()), None);
    let in_force = agreement::operation::Erase { object: pact.object, entry: pact.offer };
    assert_eq!(refusal(&pact, draft(DEBTOR, in_force)), Some(Refusal::NotErasable));
}

//! Claims about what debtor and creditors do alone: satisfy, report, confirm, dispute, release, cancel.

use agreement::operation::Report;
use agreement::{Closure, Phase, Refusal, Tag};
use oplog::{EntryId, TermsHash};

use crate::deal::{Deal, FIRST, plain_terms};
use crate::world::{CREDITOR, DEBTOR, NEWCOMER, OTHER, draft, party};
use crate::{after, refusal};

fn open() -> Deal {
    Deal::offered(plain_terms(Closure::All))
}

fn plain() -> Deal {
    Deal::plain(Closure::All)
}

#[test]
fn nothing_is_done_before_terms_are_in_force() {
    let deal = open();
    let acts = [
        deal.do_report(DEBTOR),
        deal.do_confirm(CREDITOR),
        deal.do_dispute(CREDITOR),
        deal.do_release(CREDITOR),
        deal.do_cancel(DEBTOR),
        deal.do_satisfy(DEBTOR, 1),
    ];
    for act in acts {
        assert_eq!(refusal(&deal, act), Some(Refusal::NotInForce));
    }
}

#[test]
fn only_the_debtor_reports_cancels_and_satisfies() {
    let deal = Deal::conditional();
    for seat in [CREDITOR, OTHER, NEWCOMER] {
        assert_eq!(refusal(&deal, deal.do_report(seat)), Some(Refusal::OnlyDebtor));
        assert_eq!(refusal(&deal, deal.do_cancel(seat)), Some(Refusal::OnlyDebtor));
        assert_eq!(refusal(&deal, deal.do_satisfy(seat, 1)), Some(Refusal::OnlyDebtor));
    }
}

#[test]
fn only_a_creditor_that_has_not_released_answers_and_releases() {
    let deal = plain().reported();
    for seat in [DEBTOR, NEWCOMER] {
        assert_eq!(refusal(&deal, deal.do_confirm(seat)), Some(Refusal::OnlyCreditor));
        assert_eq!(refusal(&deal, deal.do_dispute(seat)), Some(Refusal::OnlyCreditor));
        assert_eq!(refusal(&deal, deal.do_release(seat)), Some(Refusal::OnlyCreditor));
    }
    let deal = deal.released_by(CREDITOR);
    assert_eq!(refusal(&deal, deal.do_confirm(CREDITOR)), Some(Refusal::OnlyCreditor));
    assert_eq!(refusal(&deal, deal.do_dispute(CREDITOR)), Some(Refusal::OnlyCreditor));
    assert_eq!(refusal(&deal, deal.do_release(CREDITOR)), Some(Refusal::OnlyCreditor));
}

#[test]
fn a_commitment_binds_once_the_debtor_signed_its_condition() {
    let deal = Deal::conditional();
    assert_eq!(deal.commitment().phase(), Phase::Conditional);
    assert_eq!(refusal(&deal, deal.do_report(DEBTOR)), Some(Refusal::Conditional));
    assert_eq!(refusal(&deal, deal.do_satisfy(DEBTOR, 2)), Some(Refusal::NoSuchCondition));
    let deal = deal.clone().then(deal.do_satisfy(DEBTOR, 1));
    assert_eq!(deal.commitment().phase(), Phase::Detached);
    assert_eq!(refusal(&deal, deal.do_satisfy(DEBTOR, 1)), Some(Refusal::NoSuchCondition));
    assert_eq!(refusal(&deal, deal.do_report(DEBTOR)), None);
}

#[test]
fn a_report_is_under_the_terms_in_force() {
    let deal = plain();
    let wrong = Report { object: deal.object, terms: TermsHash([7; 32]) };
    assert_eq!(refusal(&deal, draft(DEBTOR, wrong)), Some(Refusal::NoSuchTerms));
    let moved = plain().changed_by_all(Tag::Reschedule);
    assert_eq!(refusal(&moved, moved.do_report(DEBTOR)), Some(Refusal::NoSuchTerms));
}

#[test]
fn an_answer_names_a_report_that_is_open() {
    let mut deal = plain().reported();
    assert_eq!(deal.commitment().phase(), Phase::Reported);
    let disputed = deal.clone().then(deal.do_dispute(CREDITOR));
    assert_eq!(refusal(&disputed, deal.do_dispute(CREDITOR)), Some(Refusal::NoSuchReport));
    let confirmed = deal.clone().then(deal.do_confirm(CREDITOR));
    assert_eq!(refusal(&confirmed, deal.do_confirm(CREDITOR)), Some(Refusal::NoSuchReport));
    assert_eq!(refusal(&confirmed, deal.do_dispute(CREDITOR)), Some(Refusal::NoSuchReport));
    deal.report = EntryId([7; 32]);
    assert_eq!(refusal(&deal, deal.do_confirm(CREDITOR)), Some(Refusal::NoSuchReport));
    assert_eq!(refusal(&deal, deal.do_dispute(CREDITOR)), Some(Refusal::NoSuchReport));
}

#[test]
fn a_report_under_replaced_terms_is_not_answered_by_who_has_seen_that() {
    let deal = plain().reported().changed_by_all(Tag::Reschedule);
    assert_eq!(deal.commitment().phase(), Phase::Detached);
    assert_eq!(refusal(&deal, deal.do_confirm(CREDITOR)), Some(Refusal::NoSuchReport));
}

#[test]
fn a_disputed_commitment_binds_on_and_a_second_thought_confirms() {
    let disputed = after(plain().reported(), [|deal| deal.do_dispute(CREDITOR)]);
    assert_eq!(disputed, Phase::Disputed);
    let confirmed = after(
        plain().reported(),
        [|deal| deal.do_dispute(CREDITOR), |deal| deal.do_confirm(CREDITOR), |deal| deal.do_confirm(OTHER)],
    );
    assert_eq!(confirmed, Phase::Confirmed);
    let again = after(plain().reported(), [|deal| deal.do_dispute(CREDITOR), |deal| deal.do_report(DEBTOR)]);
    assert_eq!(again, Phase::Reported);
}

#[test]
fn closure_all_needs_every_creditor_that_has_not_released() {
    let one = |deal: &Deal| deal.do_confirm(CREDITOR);
    assert_eq!(after(plain().reported(), [one]), Phase::Reported);
    assert_eq!(after(plain().reported(), [one, |deal| deal.do_confirm(OTHER)]), Phase::Confirmed);
    assert_eq!(after(plain().reported(), [one, |deal| deal.do_release(OTHER)]), Phase::Confirmed);
}

#[test]
fn closure_any_needs_one_creditor() {
    let deal = Deal::plain(Closure::Any).reported();
    assert_eq!(after(deal, [|deal| deal.do_confirm(OTHER)]), Phase::Confirmed);
}

#[test]
fn closure_lead_needs_the_first_creditor_and_after_its_release_the_next() {
    let lead = || Deal::plain(Closure::Lead).reported();
    assert_eq!(lead().commitment().waits_on(), [party(CREDITOR)].into());
    assert_eq!(after(lead(), [|deal| deal.do_confirm(OTHER)]), Phase::Reported);
    assert_eq!(after(lead(), [|deal| deal.do_confirm(CREDITOR)]), Phase::Confirmed);
    let next = after(lead(), [|deal| deal.do_release(CREDITOR), |deal| deal.do_confirm(OTHER)]);
    assert_eq!(next, Phase::Confirmed);
}

#[test]
fn with_the_last_release_the_debtor_is_free() {
    let deal = plain().released_by(CREDITOR);
    assert_eq!(deal.commitment().phase(), Phase::Detached);
    let deal = deal.released_by(OTHER);
    assert_eq!(deal.commitment().phase(), Phase::Released);
    assert_eq!(refusal(&deal, deal.do_report(DEBTOR)), Some(Refusal::Closed));
}

#[test]
fn a_cancelled_commitment_can_still_be_let_go() {
    let cancelled = after(plain(), [|deal| deal.do_cancel(DEBTOR)]);
    assert_eq!(cancelled, Phase::Cancelled);
    let released = after(
        plain(),
        [|deal| deal.do_cancel(DEBTOR), |deal| deal.do_release(CREDITOR), |deal| deal.do_release(OTHER)],
    );
    assert_eq!(released, Phase::Released);
}

#[test]
fn nothing_more_is_done_on_what_is_closed() {
    let deal = Deal::plain(Closure::Any).reported();
    let deal = deal.clone().then(deal.do_confirm(CREDITOR));
    let acts = [
        deal.do_report(DEBTOR),
        deal.do_confirm(OTHER),
        deal.do_dispute(OTHER),
        deal.do_release(OTHER),
        deal.do_cancel(DEBTOR),
    ];
    for act in acts {
        assert_eq!(refusal(&deal, act), Some(Refusal::Closed));
    }
    let deal = Deal::conditional();
    let deal = deal.clone().then(deal.do_cancel(DEBTOR));
    assert_eq!(refusal(&deal, deal.do_satisfy(DEBTOR, 1)), Some(Refusal::Closed));
}

#[test]
fn who_has_voted_to_hand_the_claim_on_neither_releases_nor_confirms() {
    let deal = plain().reported().nearly(Tag::Assign);
    assert_eq!(refusal(&deal, deal.do_release(CREDITOR)), Some(Refusal::OwnVoteOpen));
    assert_eq!(refusal(&deal, deal.do_confirm(CREDITOR)), Some(Refusal::OwnVoteOpen));
    assert_eq!(refusal(&deal, deal.do_confirm(OTHER)), None);
    let declined = deal.clone().then(deal.do_decline(OTHER, FIRST + 1));
    assert_eq!(refusal(&declined, deal.do_release(CREDITOR)), None);
    assert_eq!(refusal(&declined, deal.do_confirm(CREDITOR)), None);
}

#[test]
fn who_has_voted_to_hand_the_debt_on_neither_cancels_nor_satisfies() {
    let deal = Deal::conditional().nearly(Tag::Delegate);
    assert_eq!(refusal(&deal, deal.do_cancel(DEBTOR)), Some(Refusal::OwnVoteOpen));
    assert_eq!(refusal(&deal, deal.do_satisfy(DEBTOR, 1)), Some(Refusal::OwnVoteOpen));
}

#[test]
fn a_release_under_new_terms_does_not_close_an_old_report() {
    let deal = plain().reported();
    let deal = deal.clone().then(deal.do_confirm(CREDITOR)).changed_by_all(Tag::Reschedule);
    let deal = deal.released_by(OTHER);
    assert_eq!(deal.commitment().phase(), Phase::Detached);
}

#[test]
fn reports_have_a_limit() {
    let mut deal = plain();
    for _ in 0..256 {
        deal = deal.reported();
    }
    assert_eq!(refusal(&deal, deal.do_report(DEBTOR)), Some(Refusal::Limit("the number of reports")));
}

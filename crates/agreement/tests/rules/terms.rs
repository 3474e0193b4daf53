//! Claims about terms: what they must keep, what a tag may say, and what the change does.

use agreement::{Closure, CommitmentTerms, Condition, Due, Phase, Refusal, Tag};

use crate::deal::{Deal, FIRST, plain_terms};
use crate::world::{CREDITOR, DEBTOR, NEWCOMER, OTHER, party};
use crate::{after, refusal};

const NEXT: u64 = FIRST + 1;

fn terms_refused(change: impl Fn(&mut CommitmentTerms)) -> Option<&'static str> {
    let deal = Deal::plain(Closure::All);
    let mut terms = deal.changed(Tag::Amend, 0);
    change(&mut terms);
    match refusal(&deal, deal.do_offer(DEBTOR, NEXT, terms)) {
        Some(Refusal::Terms(rule)) => Some(rule),
        None => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn terms_name_each_party_once_a_day_in_range_and_a_zone() {
    assert_eq!(terms_refused(|_| ()), None);
    assert_eq!(terms_refused(|terms| terms.creditors.clear()), Some("between 1 and 200 creditors"));
    let once = Some("each party once, and the debtor not among the creditors");
    assert_eq!(terms_refused(|terms| terms.creditors.push(party(OTHER))), once);
    assert_eq!(terms_refused(|terms| terms.creditors.push(party(DEBTOR))), once);
    let range = Some("a due day in the calendar's range");
    assert_eq!(terms_refused(|terms| terms.due.day = i32::MAX), range);
    let zone = Some("a time zone's name");
    for bad in ["", "Asia/Teh ran", "Asia/\u{62a}"] {
        assert_eq!(terms_refused(|terms| terms.due.zone = bad.to_owned()), zone);
    }
    assert_eq!(terms_refused(|terms| terms.due.zone = "Z".repeat(65)), zone);
}

type Change = fn(&mut CommitmentTerms);

#[test]
fn a_tag_must_tell_the_truth() {
    let changes: [(Tag, Change); 5] = [
        (Tag::Amend, |terms| terms.closure = Closure::Any),
        (Tag::Reschedule, |terms| terms.due.day += 1),
        (Tag::Delegate, |terms| terms.debtor = party(NEWCOMER)),
        (Tag::Assign, |terms| terms.creditors = vec![party(NEWCOMER)]),
        (Tag::MutualEnd, |_| ()),
    ];
    let lie = Some("a tag that says what changes, and nothing more");
    for (right, change) in changes {
        for (tag, _) in changes {
            // An amendment may be any change, also of the words alone, which no rule reads.
            let truth = tag == right || tag == Tag::Amend;
            let said = terms_refused(|terms| {
                *terms = CommitmentTerms { tag, ..plain_terms(Closure::All) };
                change(terms);
            });
            assert_eq!(said, if truth { None } else { lie }, "{tag:?} for {right:?}");
        }
    }
    assert_eq!(terms_refused(|terms| terms.tag = Tag::New), lie);
}

#[test]
fn a_reschedule_moves_the_day_alone() {
    let both = terms_refused(|terms| {
        *terms = CommitmentTerms { tag: Tag::Reschedule, closure: Closure::Any, ..plain_terms(Closure::All) };
        terms.due = Due { day: 23_000, zone: "Europe/Minsk".into() };
    });
    assert_eq!(both, Some("a tag that says what changes, and nothing more"));
}

#[test]
fn while_nothing_is_in_force_the_tag_is_new() {
    let deal = Deal::offered(plain_terms(Closure::All));
    let deal = deal.clone().then(deal.do_decline(OTHER, FIRST));
    let offer = deal.do_offer(DEBTOR, NEXT, deal.changed(Tag::Reschedule, 23_000));
    assert_eq!(refusal(&deal, offer), Some(Refusal::Terms("tag new, as nothing is in force")));
}

#[test]
fn a_reschedule_keeps_the_old_day_in_sight() {
    let commitment = Deal::plain(Closure::All).changed_by_all(Tag::Reschedule).commitment();
    let days: Vec<_> = commitment.won().map(|offered| offered.terms.due.day).collect();
    assert_eq!(days, [20_000, 21_000]);
}

#[test]
fn a_delegated_debt_is_the_new_debtors_once_all_three_sides_agree() {
    let deal = Deal::plain(Closure::All).proposed(DEBTOR, Tag::Delegate);
    assert_eq!(deal.commitment().open_slot().unwrap().1.awaited().len(), 3);
    let deal = Deal::plain(Closure::All).changed_by_all(Tag::Delegate);
    assert_eq!(refusal(&deal, deal.do_cancel(DEBTOR)), Some(Refusal::OnlyDebtor));
    assert_eq!(after(deal, [|deal| deal.do_cancel(NEWCOMER)]), Phase::Cancelled);
}

#[test]
fn an_assigned_claim_is_the_new_creditors() {
    let deal = Deal::plain(Closure::All).changed_by_all(Tag::Assign);
    assert_eq!(refusal(&deal, deal.do_release(CREDITOR)), Some(Refusal::OnlyCreditor));
    assert_eq!(
        after(deal, [|deal| deal.do_release(NEWCOMER), |deal| deal.do_release(OTHER)]),
        Phase::Released
    );
}

#[test]
fn a_mutual_end_closes_by_consent() {
    let deal = Deal::plain(Closure::All).changed_by_all(Tag::MutualEnd);
    assert_eq!(deal.commitment().phase(), Phase::Ended);
    assert_eq!(refusal(&deal, deal.do_cancel(DEBTOR)), Some(Refusal::Closed));
    assert_eq!(refusal(&deal, deal.do_release(CREDITOR)), Some(Refusal::Closed));
}

#[test]
fn a_condition_that_is_another_commitment_is_not_signed() {
    let other = Deal::plain(Closure::All).object;
    let condition = Some(Condition::Fulfilled(other));
    let deal = Deal::agreed(CommitmentTerms { condition, ..plain_terms(Closure::All) });
    assert_eq!(refusal(&deal, deal.do_satisfy(DEBTOR, 1)), Some(Refusal::NoSuchCondition));
}

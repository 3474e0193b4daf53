//! Meetings: who convenes, who corrects, and whose signatures adopt the minutes.

use agreement::operation::{Ack, Convene};
use agreement::{Due, MeetingPhase, MinutesTerms, Refusal};
use oplog::ObjectId;

use crate::refusal_in;
use crate::session::{Session, minutes, on};
use crate::world::{CREDITOR, DEBTOR, Draft, NEWCOMER, OTHER, World, draft, parties};

fn refusal(session: &Session, draft: Draft) -> Option<Refusal> {
    refusal_in(&session.world, draft)
}

fn convening(seat: u8, invited: &[u8], day: Option<Due>) -> Option<Refusal> {
    let convene = Convene { object: None, invited: parties(invited), day };
    refusal_in(&World::of_four(), draft(seat, convene))
}

#[test]
fn a_meeting_has_a_day_and_its_convener_among_the_invited() {
    let wrong = |rule: &'static str| Some(Refusal::Terms(rule));
    assert_eq!(convening(DEBTOR, &[DEBTOR, CREDITOR], on(20_000)), None);
    assert_eq!(convening(DEBTOR, &[DEBTOR], on(20_000)), None, "a party meets alone at first");
    assert_eq!(convening(DEBTOR, &[CREDITOR], on(20_000)), wrong("the convener among the invited"));
    assert_eq!(convening(DEBTOR, &[], on(20_000)), wrong("between 1 and 200 invited parties"));
    assert_eq!(convening(DEBTOR, &[DEBTOR], None), wrong("a day for the meeting"));
    assert_eq!(convening(DEBTOR, &[DEBTOR], on(i32::MAX)), wrong("a due day in the calendar's range"));
    let nowhere = Some(Due { day: 20_000, zone: String::new() });
    assert_eq!(convening(DEBTOR, &[DEBTOR], nowhere), wrong("a time zone's name"));
}

#[test]
fn the_convener_alone_moves_it_or_calls_it_off_and_invites_nobody_else() {
    let session = Session::convened();
    assert_eq!(refusal(&session, session.do_convene(CREDITOR, on(20_001))), Some(Refusal::OnlyAuthor));
    let moved = session.clone().then(session.do_convene(DEBTOR, on(20_001)));
    assert_eq!(moved.meeting().day(), on(20_001).as_ref());
    let off = moved.clone().then(moved.do_convene(DEBTOR, None));
    assert_eq!(off.meeting().phase(), MeetingPhase::CalledOff);
    assert_eq!(off.meeting().day(), on(20_001).as_ref(), "when it would have been");
    let wider = Convene { object: Some(session.object), invited: parties(&[0, 1, 2, 3]), day: on(20_001) };
    let rule = "the parties that were invited to the meeting";
    assert_eq!(refusal(&session, draft(DEBTOR, wider)), Some(Refusal::Terms(rule)));
}

#[test]
fn minutes_are_adopted_when_all_that_were_invited_have_signed_the_same() {
    let session = Session::offered();
    assert_eq!(session.meeting().phase(), MeetingPhase::Offered);
    assert_eq!(session.meeting().waits_on(), parties(&[CREDITOR, OTHER]));
    let session = session.clone().then(session.do_accept(CREDITOR));
    assert_eq!(session.meeting().phase(), MeetingPhase::Offered, "silence adopts nothing");
    let session = session.clone().then(session.do_accept(OTHER));
    assert_eq!(session.meeting().phase(), MeetingPhase::Adopted);
    assert_eq!(session.meeting().adopted().unwrap().terms, session.table);
}

#[test]
fn any_party_that_was_invited_offers_minutes_and_none_other() {
    let session = Session::convened();
    for seat in [DEBTOR, CREDITOR, OTHER] {
        assert_eq!(refusal(&session, session.do_offer(seat, 0, minutes(&[seat]))), None);
    }
    let by_newcomer = session.do_offer(NEWCOMER, 0, minutes(&[DEBTOR]));
    assert_eq!(refusal(&session, by_newcomer), Some(Refusal::NotNamed));
    assert_eq!(refusal(&session, session.do_offer(DEBTOR, 1, minutes(&[]))), Some(Refusal::NoSuchSlot));
}

#[test]
fn minutes_say_the_truth_about_the_invited_and_name_what_was_seen() {
    let session = Session::convened();
    let offered = |terms: MinutesTerms| refusal(&session, session.do_offer(DEBTOR, 0, terms));
    let wrong = |rule: &'static str| Some(Refusal::Terms(rule));
    let fewer = MinutesTerms { parties: parties(&[DEBTOR]), ..minutes(&[DEBTOR]) };
    assert_eq!(offered(fewer), wrong("the parties that were invited to the meeting"));
    assert_eq!(offered(minutes(&[NEWCOMER])), wrong("present parties from among the invited"));
    let unseen = MinutesTerms { outcomes: [(1, ObjectId([9; 32]))].into(), ..minutes(&[]) };
    assert_eq!(offered(unseen), wrong("outcomes that the author has seen"));
    let seen = MinutesTerms { outcomes: [(1, session.object)].into(), ..minutes(&[]) };
    assert_eq!(offered(seen), None);
    let far = MinutesTerms { outcomes: [(10_000, session.object)].into(), ..minutes(&[]) };
    assert_eq!(offered(far), wrong("agenda items numbered up to 9999"));
}

#[test]
fn corrected_minutes_hold_when_all_have_signed_them_anew() {
    let session = Session::adopted();
    let first = session.meeting().adopted().unwrap().hash;
    let corrected = session.clone().proposed(OTHER, minutes(&[DEBTOR, CREDITOR, OTHER]));
    assert_eq!(corrected.meeting().adopted().unwrap().hash, first, "until then the old ones hold");
    let corrected = corrected.clone().then(corrected.do_accept(DEBTOR));
    let corrected = corrected.clone().then(corrected.do_accept(CREDITOR));
    assert_eq!(corrected.meeting().adopted().unwrap().terms, corrected.table);
}

#[test]
fn minutes_are_countered_declined_and_withdrawn_like_any_terms() {
    let session = Session::offered();
    let declined = session.clone().then(session.do_decline(OTHER));
    assert_eq!(declined.meeting().phase(), MeetingPhase::NotAdopted);
    let mut countered = session.clone().then(session.do_counter(OTHER, minutes(&[OTHER])));
    (countered.table, countered.next) = (minutes(&[OTHER]), 2);
    assert_eq!(countered.meeting().waits_on(), parties(&[DEBTOR, CREDITOR]));
    let lapsed = session.clone().then(session.do_lapse(DEBTOR));
    assert_eq!(refusal(&lapsed, lapsed.do_accept(CREDITOR)), Some(Refusal::Lapsed));
    let acked = lapsed.then(draft(CREDITOR, Ack { digest: None, level: 0 }));
    assert_eq!(acked.meeting().phase(), MeetingPhase::NotAdopted);
    assert_eq!(refusal(&session, session.do_pass(CREDITOR, 1)), None);
    assert_eq!(refusal(&session, session.do_pass(NEWCOMER, 1)), Some(Refusal::NotNamed));
}

#[test]
fn first_minutes_that_cross_fail_and_the_next_are_one_partys_turn() {
    let session = Session::offered();
    let offer = session.world.entries.last().unwrap().id;
    let crossed = session.clone().then(session.do_offer(OTHER, 0, minutes(&[OTHER])).blind_to(&[offer]));
    assert_eq!(crossed.meeting().phase(), MeetingPhase::NotAdopted);
    let next = |seat| refusal(&crossed, crossed.do_offer(seat, 1, minutes(&[])));
    let allowed = [DEBTOR, CREDITOR, OTHER].into_iter().filter(|seat| next(*seat).is_none());
    assert_eq!(allowed.count(), 1);
}

//! The whole job through pages: from an offer in English to a confirmation in Persian, and every other step.

use agreement::Phase;
use node::oplog::{ObjectId, SpaceId};
use web::Lang;

use crate::browser::Browser;
use crate::world::{Side, exchange, meet, offer};

fn phase(side: &Side, to: &str) -> Phase {
    let object: ObjectId = to.strip_prefix("commitments/").unwrap().parse().unwrap();
    side.shared.lock().commitment(object).unwrap().phase
}

async fn step(side: &Side, browser: &mut Browser, lang: &str, to: &str, verb: &str, note: &str) {
    let page = browser.get(&format!("/{lang}/{to}")).await;
    let part = format!("/{}/{verb}", to.rsplit('/').next().unwrap());
    let path = page.link_to(&part);
    let signed = browser.sign(&path, &[("note", note)]).await;
    assert_eq!(signed.status, 200, "{}", side.address);
}

#[tokio::test]
async fn a_commitment_goes_from_offer_to_confirmed_by_the_pages_of_two_nodes() {
    let (a, b, space) = meet();
    let (mut roads, mut railway) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let to = offer(&mut roads, "en", space).await;
    exchange(space, &b, &a);
    let inbox = railway.get("/fa/inbox").await;
    assert!(
        inbox.words().contains("Ministry of Roads این مفاد را پیشنهاد کرده و در انتظار پاسخ شماست"),
        "{}",
        inbox.words()
    );
    assert!(inbox.words().contains("۲۹ اسفند ۱۴۰۵ <span class=\"other\">(۲۰ مارس ۲۰۲۷)"), "Jalali first");
    step(&b, &mut railway, "fa", &to, "accept", "").await;
    assert_eq!(phase(&b, &to), Phase::Detached);
    step(&b, &mut railway, "fa", &to, "report", "تحویل شد، صورت‌جلسهٔ ۱۷").await;
    exchange(space, &b, &a);
    let inbox = roads.get("/en/inbox").await;
    assert!(inbox.words().contains("Belarusian Railway has reported this as done: confirm or dispute it."));
    step(&a, &mut roads, "en", &to, "confirm", "seen at Sarakhs").await;
    exchange(space, &b, &a);
    for side in [&a, &b] {
        assert_eq!(phase(side, &to), Phase::Confirmed);
    }
    let page = railway.get(&format!("/fa/{to}")).await;
    for said in ["تأیید شد", "تحویل شد، صورت‌جلسهٔ ۱۷", "seen at Sarakhs", "dir=\"rtl\""]
    {
        assert!(page.words().contains(said), "{said}");
    }
    assert!(!page.links().iter().any(|link| link.contains("/report")), "nothing is left to be done");
    let digests = [&a, &b].map(|side| side.shared.lock().digest(space).unwrap());
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test]
async fn a_preview_says_what_is_signed_and_nothing_is_signed_before() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let before = a.entries(space);
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let preview = browser.send(&form, &crate::world::GOOD).await;
    let words = preview.words();
    for said in [
        "What you are about to sign",
        "Ministry of Roads offers these terms.",
        "12 locomotives, at the Sarakhs border station",
        "20 March 2027",
        "29 Esfand 1405",
        "at the end of the day, Asia/Tehran time",
        "every creditor has confirmed",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert_eq!(a.entries(space), before);
    let edit = browser.press(&preview, "edit").await;
    assert_eq!(edit.field("day"), "۲۹", "as it was typed");
    assert_eq!(edit.field("request"), form.field("request"));
    let preview = browser.send(&edit, &[("deliverable", "13 locomotives")]).await;
    let signed = browser.press(&preview, "sign").await;
    let page = browser.get(&signed.location).await;
    assert!(
        page.words().contains("Ministry of Roads offered terms")
            && page.words().contains("Waiting for Belarusian Railway")
    );
    assert_eq!(a.entries(space), before + 1);
}

/// A commitment in force between two sides, with a browser at each.
async fn in_force() -> (Side, Side, SpaceId, Browser, Browser, String) {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::English).await);
    let to = offer(&mut one, "en", space).await;
    exchange(space, &b, &a);
    step(&b, &mut two, "en", &to, "accept", "").await;
    exchange(space, &b, &a);
    (a, b, space, one, two, to)
}

#[tokio::test]
async fn a_date_moves_by_consent_and_the_old_one_stays_visible() {
    let (a, b, space, mut one, mut two, to) = in_force().await;
    let page = two.get(&format!("/en/{to}")).await;
    let path = page.link_to("/terms/reschedule");
    let typed = [
        ("reckoning", "gregorian"),
        ("day", "30"),
        ("month", "6"),
        ("year", "2027"),
        ("reason", "the works froze"),
    ];
    let form = two.get(&path).await;
    assert_eq!(form.field("year"), "2027", "the form begins from the terms in force");
    let preview = two.send(&form, &typed).await;
    assert!(
        preview.words().contains("30 June 2027") && preview.words().contains("Before:"),
        "{}",
        preview.words()
    );
    let signed = two.press(&preview, "sign").await;
    exchange(space, &a, &b);
    let inbox = one.get("/en/inbox").await;
    assert!(inbox.words().contains("A change of the terms in force is on the table"));
    step(&a, &mut one, "en", &to, "accept", "").await;
    exchange(space, &b, &a);
    let page = two.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Due dates so far") && page.words().contains("20 March 2027"));
    // The form is sent once more, although the terms that it began from are in force no longer.
    let entries = b.entries(space);
    let again = two.press(&preview, "sign").await;
    assert_eq!((again.status, &again.location), (303, &signed.location));
    assert_eq!(b.entries(space), entries);
}

#[tokio::test]
async fn a_counter_an_end_by_consent_a_decline_and_a_withdrawal_have_their_forms() {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let to = offer(&mut one, "en", space).await;
    exchange(space, &b, &a);
    let countered = two.sign(&format!("/fa/{to}/terms/counter"), &[("deliverable", "۱۰ لوکوموتیو")]).await;
    assert!(countered.words().contains("رد کرد و مفاد دیگری پیشنهاد کرد"));
    exchange(space, &b, &a);
    step(&a, &mut one, "en", &to, "decline", "ten are too few").await;
    one.sign(&format!("/en/{to}/terms/amend"), &[("deliverable", "11 locomotives")]).await;
    step(&a, &mut one, "en", &to, "lapse", "a slip").await;
    exchange(space, &b, &a);
    // Whoever saw the withdrawal, of which its receipt is the proof, cannot accept any more, and offers anew.
    assert_eq!(b.shared.lock().acknowledge().unwrap(), [space]);
    two.sign(&format!("/fa/{to}/terms/amend"), &[("deliverable", "۱۱ لوکوموتیو")]).await;
    exchange(space, &b, &a);
    step(&a, &mut one, "en", &to, "accept", "").await;
    exchange(space, &b, &a);
    assert_eq!(phase(&b, &to), Phase::Detached);
    one.sign(&format!("/en/{to}/terms/end"), &[("reason", "another line is built")]).await;
    exchange(space, &b, &a);
    assert!(two.get("/fa/inbox").await.words().contains("پیشنهاد پایان با توافق روی میز است"));
    step(&b, &mut two, "fa", &to, "accept", "").await;
    exchange(space, &b, &a);
    assert_eq!(phase(&a, &to), Phase::Ended);
}

#[tokio::test]
async fn a_condition_a_dispute_a_release_and_a_cancel_have_their_forms() {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::English).await);
    let form = one.get(&format!("/en/spaces/{space}/offer")).await;
    let typed = [crate::world::GOOD.as_slice(), &[("condition", "the permit is there")]].concat();
    let preview = one.send(&form, &typed).await;
    let signed = one.press(&preview, "sign").await;
    let page = one.get(&signed.location).await;
    let to = page.link_to("/commitments/")["/en/".len()..].to_owned();
    exchange(space, &b, &a);
    step(&b, &mut two, "en", &to, "accept", "").await;
    assert_eq!(phase(&b, &to), Phase::Conditional);
    step(&b, &mut two, "en", &to, "satisfy", "permit of 3 May").await;
    step(&b, &mut two, "en", &to, "report", "all twelve").await;
    exchange(space, &b, &a);
    let page = one.get(&format!("/en/{to}")).await;
    let dispute = one.get(&page.link_to("/dispute")).await;
    assert!(dispute.words().contains("all twelve"), "the report is read before it is answered");
    let dispute = crate::browser::Page { path: format!("/en/{to}/dispute"), ..dispute };
    let refused = one.send(&dispute, &[("note", "  ")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Enter the reason. The other side is owed one."));
    step(&a, &mut one, "en", &to, "dispute", "two are missing").await;
    assert_eq!(phase(&a, &to), Phase::Disputed);
    exchange(space, &b, &a);
    step(&b, &mut two, "en", &to, "cancel", "the budget was withdrawn").await;
    exchange(space, &b, &a);
    assert_eq!(phase(&a, &to), Phase::Cancelled);
    step(&a, &mut one, "en", &to, "release", "").await;
    assert_eq!(phase(&a, &to), Phase::Released);
}

#[tokio::test]
async fn what_is_past_its_day_is_shown_as_overdue_in_its_own_zone() {
    let (a, _b, _space, mut one, _two, to) = in_force().await;
    assert!(!one.get(&format!("/en/{to}")).await.words().contains("overdue"));
    // From 21 September 2026 to 22 March 2027.
    a.pass_ms(182 * 86_400_000);
    let mut one = {
        drop(one);
        a.browser(Lang::English).await
    };
    let page = one.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("2 days overdue"), "{}", page.words());
    let inbox = one.get("/en/inbox?box=overdue").await;
    assert!(inbox.words().contains("Deliver 12 locomotives") && inbox.words().contains("2 days overdue"));
}

#[tokio::test]
async fn a_step_that_is_not_open_any_more_is_told_and_not_signed() {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::English).await);
    let to = offer(&mut one, "en", space).await;
    exchange(space, &b, &a);
    let page = two.get(&format!("/en/{to}")).await;
    let decline = page.link_to("/decline");
    step(&b, &mut two, "en", &to, "accept", "").await;
    let late = two.get(&decline).await;
    assert_eq!(late.status, 409);
    assert!(late.words().contains("This step is not open now"));
}

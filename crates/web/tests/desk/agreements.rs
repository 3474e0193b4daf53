//! Agreements through pages: from a text in two languages to its signature, commitments under its clauses, changes and ends.

use agreement::AgreementPhase;
use node::oplog::{ObjectId, SpaceId};
use web::Lang;

use crate::browser::{Browser, Page};
use crate::world::{GOOD, Side, exchange, meet, meet_as};

const ENGLISH: &str = "The parties agree:\n\nArticle 1. Trains\nTrains run daily.\n\nArticle 2. Tariffs\nTariffs are published.";
const PERSIAN: &str = "ماده ۱. قطارها\nقطارها هر روز حرکت می‌کنند.\n\nماده ۲. تعرفه\nتعرفه‌ها منتشر می‌شود.";

const TEXT: [(&str, &str); 6] = [
    ("title-en", "Transit"),
    ("title-fa", "موافقت‌نامهٔ ترانزیت"),
    ("text-en", ENGLISH),
    ("text-fa", PERSIAN),
    ("withdrawal", "notice"),
    ("days", "۳۰"),
];

/// Offers an agreement by the pages, and gives its address without its language.
async fn offer(browser: &mut Browser, space: SpaceId, typed: &[(&str, &str)]) -> String {
    let page = browser.sign(&format!("/en/spaces/{space}/agree"), typed).await;
    assert_eq!(page.status, 200, "{}", page.words());
    page.link_to("/agreements/")["/en/".len()..].to_owned()
}

async fn step(browser: &mut Browser, lang: &str, to: &str, verb: &str, note: &str) -> Page {
    let page = browser.get(&format!("/{lang}/{to}")).await;
    let path = page.link_to(&format!("/{}/{verb}", to.rsplit('/').next().unwrap()));
    let signed = browser.sign(&path, &[("note", note)]).await;
    assert_eq!(signed.status, 200, "{verb}: {}", signed.words());
    signed
}

fn phase(side: &Side, to: &str) -> AgreementPhase {
    let object: ObjectId = to.strip_prefix("agreements/").unwrap().parse().unwrap();
    side.shared.lock().agreement(object).unwrap().phase
}

/// An agreement that both sides have signed, with a browser at each.
async fn in_force() -> (Side, Side, SpaceId, Browser, Browser, String) {
    let (a, b, space) = meet();
    let (mut roads, mut railway) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let to = offer(&mut roads, space, &TEXT).await;
    exchange(space, &b, &a);
    step(&mut railway, "fa", &to, "accept", "").await;
    exchange(space, &b, &a);
    assert_eq!((phase(&a, &to), phase(&b, &to)), (AgreementPhase::InForce, AgreementPhase::InForce));
    (a, b, space, roads, railway, to)
}

#[tokio::test]
async fn an_agreement_goes_from_a_text_to_commitments_under_its_clauses() {
    let (a, b, space) = meet();
    let (mut roads, mut railway) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let before = a.entries(space);
    let form = roads.get(&format!("/en/spaces/{space}/agree")).await;
    let preview = roads.send(&form, &TEXT).await;
    for said in [
        "Ministry of Roads offers this agreement",
        "Clause 2",
        "Trains run daily.",
        "With 30 days of notice",
        "The parties agree:",
    ] {
        assert!(preview.words().contains(said), "{said}: {}", preview.words());
    }
    assert_eq!(a.entries(space), before, "nothing is signed before");
    let edit = roads.press(&preview, "edit").await;
    assert_eq!(edit.field("text-en").replace('\r', ""), ENGLISH, "kept as typed");
    let to = offer(&mut roads, space, &TEXT).await;
    let page = roads.get(&format!("/en/{to}")).await;
    assert!(
        page.words().contains("Not signed yet by") && page.words().contains("Waiting for Belarusian Railway")
    );
    exchange(space, &b, &a);
    let inbox = railway.get("/fa/inbox").await;
    assert!(inbox.words().contains("متن موافقت‌نامه‌ای در انتظار امضای شماست"), "{}", inbox.words());
    assert!(inbox.links().contains(&format!("/fa/{to}")));
    step(&mut railway, "fa", &to, "accept", "").await;
    assert!(!railway.get("/fa/inbox").await.links().contains(&format!("/fa/{to}")));
    exchange(space, &b, &a);
    let page = railway.get(&format!("/fa/{to}")).await;
    for said in
        ["موافقت‌نامهٔ ترانزیت", "مادهٔ ۱", "قطارها هر روز", "مواد ۱، ۲ لازم‌الاجرا هستند", "هنوز بدون تعهد"]
    {
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    let only = railway.get(&format!("/fa/{to}?text=en")).await;
    let words = only.words();
    let clauses = words.split("id=\"thread\"").next().unwrap();
    assert!(clauses.contains("Trains run daily.") && !clauses.contains("قطارها هر روز"));
    // A commitment is offered from the clause, with it filled in.
    let page = roads.get(&format!("/en/{to}")).await;
    let form = roads.get(&page.link_to(":2")).await;
    assert!(form.field("clause").ends_with(":2"));
    let preview = roads.send(&form, &GOOD).await;
    assert!(preview.words().contains("Carries out"), "{}", preview.words());
    let signed = roads.press(&preview, "sign").await;
    assert_eq!(signed.status, 303);
    let page = roads.get(&format!("/en/{to}")).await;
    let words = page.words();
    assert!(words.contains("Deliver 12 locomotives"));
    assert!(words.contains("Clause 1 is in force and has led to no commitment yet."), "{words}");
    let list = roads.get(&format!("/en/spaces/{space}/agreements")).await;
    assert!(list.words().contains("Transit") && list.words().contains("In force"));
    let commitment = roads.get(&page.link_to("/commitments/")).await;
    assert!(commitment.links().iter().any(|link| link.ends_with(&format!("{to}#clause-2"))));
    exchange(space, &b, &a);
    let digests = [&a, &b].map(|side| side.shared.lock().digest(space).unwrap());
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test]
async fn an_amendment_shows_what_it_changes_and_holds_when_both_have_signed() {
    let (a, b, space, mut roads, mut railway, to) = in_force().await;
    let path = format!("/en/{to}/terms/amend");
    let form = roads.get(&path).await;
    assert!(form.field("text-en").contains("Article 2. Tariffs"), "it begins from the text in force");
    let same = roads.send(&form, &[]).await;
    assert_eq!(same.status, 422, "{}", same.words());
    let english = format!("{ENGLISH}\n\nArticle 3. Fees\nNone.");
    let lacking = roads.send(&form, &[("text-en", &english)]).await;
    assert_eq!(lacking.status, 422);
    assert!(lacking.words().contains("Clause 3 is missing from the text in Persian."), "{}", lacking.words());
    let persian = format!("{PERSIAN}\n\nماده ۳. هزینه\nندارد.");
    let typed = [("text-en", english.as_str()), ("text-fa", &persian), ("reason", "fees")];
    let preview = roads.send(&form, &typed).await;
    let words = preview.words();
    assert!(words.contains("Clause 3") && words.contains("Before:"), "{words}");
    let shown = preview.body.split("<form").next().unwrap();
    assert!(!shown.contains("Trains run daily."), "what stays is not shown again");
    let signed = roads.press(&preview, "sign").await;
    assert_eq!(signed.status, 303);
    exchange(space, &b, &a);
    let inbox = railway.get("/fa/inbox").await;
    assert!(inbox.words().contains("اصلاحیهٔ موافقت‌نامه‌ای لازم‌الاجرا در انتظار امضای شماست"));
    let countered = format!("{ENGLISH}\n\nArticle 3. Fees\nTen.");
    let page = railway.sign(&format!("/fa/{to}/terms/counter"), &[("text-en", &countered)]).await;
    assert_eq!(page.status, 200);
    exchange(space, &b, &a);
    step(&mut roads, "en", &to, "accept", "").await;
    exchange(space, &b, &a);
    let page = railway.get(&format!("/fa/{to}")).await;
    assert!(page.words().contains("Ten.") && page.words().contains("مادهٔ ۳"));
    // The form is sent once more, although the text that it began from is in force no longer.
    let entries = a.entries(space);
    let again = roads.press(&preview, "sign").await;
    assert_eq!((again.status, &again.location), (303, &signed.location));
    assert_eq!(a.entries(space), entries);
}

#[tokio::test]
async fn a_party_leaves_with_notice_and_is_told_until_when_it_is_bound() {
    let (a, b, space, mut roads, mut railway, to) = in_force().await;
    let page = roads.get(&format!("/en/{to}")).await;
    let path = page.link_to("/withdraw");
    let form = roads.get(&path).await;
    let refused = roads.send(&Page { path, ..form }, &[("note", " ")]).await;
    assert_eq!(refused.status, 422, "the other side is owed a reason");
    step(&mut roads, "en", &to, "withdraw", "by article 9").await;
    let page = roads.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Its notice begins when another party is known to have received that."));
    exchange(space, &b, &a);
    b.shared.lock().acknowledge().unwrap();
    let page = railway.get(&format!("/fa/{to}")).await;
    assert!(page.words().contains("Ministry of Roads از موافقت‌نامه خارج شده است"), "{}", page.words());
    b.pass_ms(2 * 3_600_000);
    b.shared.lock().acknowledge().unwrap();
    exchange(space, &b, &a);
    // Received on 21 September 2026, with thirty days of notice.
    let page = roads.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Belarusian Railway received that on"), "{}", page.words());
    assert!(page.words().contains("21 October 2026"), "{}", page.words());
    assert_eq!(phase(&a, &to), AgreementPhase::Withdrawn);
}

#[tokio::test]
async fn an_agreement_ends_when_both_have_signed_that() {
    let (a, b, space, mut roads, mut railway, to) = in_force().await;
    step(&mut roads, "en", &to, "terminate", "the line is built").await;
    exchange(space, &b, &a);
    assert!(
        railway.get("/fa/inbox").await.words().contains("پیشنهاد خاتمهٔ موافقت‌نامه‌ای در انتظار امضای شماست")
    );
    assert_eq!(phase(&b, &to), AgreementPhase::InForce);
    step(&mut railway, "fa", &to, "accept", "").await;
    exchange(space, &b, &a);
    assert_eq!(phase(&a, &to), AgreementPhase::Terminated);
    let page = roads.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Trains run daily."), "its text stays to be read");
    assert!(!page.links().iter().any(|link| link.contains("/terms/") || link.contains("/offer?")));
}

#[tokio::test]
async fn what_is_wrong_with_a_text_is_said_and_what_was_typed_is_kept() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/agree")).await;
    let with = |name: &'static str, value: &'static str| {
        let kept = TEXT.into_iter().filter(move |(held, _)| *held != name);
        kept.chain([(name, value)]).collect::<Vec<_>>()
    };
    for (typed, said) in [
        (with("text-en", "no clause at all"), "No clause was found."),
        (with("text-en", "Article 1.\na\nArticle 1.\nb"), "Two clauses have the number 1."),
        (with("text-en", "Article 10000. Too far"), "A clause has the number 10000."),
        (with("days", "0"), "Enter the days of notice as a number from 1 to 3650."),
        (with("withdrawal", "soon"), "Choose how a party may leave."),
    ] {
        let page = browser.send(&form, &typed).await;
        assert_eq!(page.status, 422, "{said}");
        assert!(page.words().contains(said), "{said}: {}", page.words());
        let (name, value) = typed.last().unwrap();
        if *name != "withdrawal" {
            assert_eq!(page.field(name), *value);
        }
    }
    let nothing = browser.send(&form, &[("title-en", ""), ("text-en", "")]).await;
    assert!(nothing.words().contains("Enter a title in one language at least."));
    assert!(nothing.words().contains("Enter the text in one language at least."));
}

#[tokio::test]
async fn a_payload_in_an_agreement_comes_out_escaped_on_every_page() {
    let payload = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let (a, b, space) = meet_as("A", "B", "C");
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let text = format!("{payload}\nArticle 1. {payload}\n{payload}");
    let typed = [("title-en", payload), ("text-en", text.as_str()), ("withdrawal", "never"), ("days", "")];
    let to = offer(&mut one, space, &typed).await;
    exchange(space, &b, &a);
    step(&mut two, "fa", &to, "accept", payload).await;
    exchange(space, &b, &a);
    for path in [
        format!("/en/{to}"),
        format!("/en/{to}?text={payload}"),
        format!("/en/{to}/terms/amend"),
        format!("/en/spaces/{space}/agreements"),
        format!("/en/spaces/{space}/offer?clause={payload}"),
        format!("/en/spaces/{space}/log"),
        "/en/inbox".to_owned(),
    ] {
        let page = one.get(&path.replace(['<', '>', '"', ' '], "%3C")).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
    }
}

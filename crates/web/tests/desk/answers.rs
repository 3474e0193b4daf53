//! Many answers in one go.

use web::Lang;

use crate::browser::{Browser, Page};
use crate::world::{PASSPHRASE, Side, exchange, meet, offer};

/// Forty offers that wait for the second side.
async fn forty() -> (Side, Side, node::oplog::SpaceId, Vec<String>) {
    let (a, b, space) = meet();
    let mut one = a.browser(Lang::English).await;
    let mut all = Vec::new();
    for _ in 0..40 {
        all.push(offer(&mut one, "en", space).await);
    }
    exchange(space, &b, &a);
    (a, b, space, all)
}

/// Presses a button of the form with these fields in place of those of the page.
async fn press(browser: &mut Browser, page: &Page, fields: Vec<(String, String)>, step: &str) -> Page {
    let fields = [fields, vec![("step".to_owned(), step.to_owned())]].concat();
    browser.post(&page.path, &fields).await
}

#[tokio::test]
async fn forty_rows_are_chosen_reviewed_and_signed_each_with_one_passphrase() {
    let (_a, b, space, all) = forty().await;
    let mut two = b.browser(Lang::English).await;
    let inbox = two.get("/en/inbox").await;
    let form = two.get(&inbox.link_to("/answers")).await;
    let none = two.press(&form, "preview").await;
    assert_eq!(none.status, 422);
    assert!(none.words().contains("Choose an answer for at least one row."));
    let chosen = two.press(&form, "all").await;
    let mut fields = chosen.fields();
    assert_eq!(fields.iter().filter(|(_, value)| value.contains(" accept ")).count(), 40);
    // Two are declined instead, and one is left for later.
    let objects: Vec<_> = all.iter().map(|to| to["commitments/".len()..].to_owned()).collect();
    for (name, value) in &mut fields {
        if objects[..2].contains(name) {
            *value = format!("{name} decline slot=0");
        } else if *name == objects[2] {
            value.clear();
        }
    }
    let chosen = Page { path: form.path.clone(), ..chosen };
    let before = b.entries(space);
    let preview = press(&mut two, &chosen, fields, "preview").await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    assert_eq!(preview.words().matches("Belarusian Railway accepts these terms.").count(), 37);
    assert_eq!(preview.words().matches("declines the terms on the table.").count(), 2);
    assert!(
        preview.words().contains("39 answers") && preview.words().contains("12 locomotives, at the Sarakhs")
    );
    assert_eq!(b.entries(space), before, "nothing is signed before");
    let edit = two.press(&preview, "edit").await;
    assert_eq!(
        edit.fields().iter().filter(|(_, value)| value.contains(" accept ")).count(),
        37,
        "what was chosen is kept"
    );
    let mut wrong = preview.fields();
    wrong.retain(|(name, _)| name != "passphrase");
    wrong.push(("passphrase".to_owned(), "not the passphrase".to_owned()));
    let refused = press(&mut two, &preview, wrong, "sign").await;
    assert_eq!((refused.status, b.entries(space)), (422, before));
    let signed = two.press(&preview, "sign").await;
    assert_eq!(signed.status, 200, "{}", signed.body);
    assert!(signed.words().contains("39 answers were signed."), "{}", signed.words());
    assert_eq!(b.entries(space), before + 39, "one signature each");
    let again = two.press(&preview, "sign").await;
    assert!(again.words().contains("39 answers were signed."), "the same form leads to the same");
    assert_eq!(b.entries(space), before + 39, "and is signed once");
    assert!(two.get("/en/inbox?box=answer").await.body.contains(&objects[2]));
}

#[tokio::test]
async fn a_row_that_the_rules_refuse_is_named_and_the_others_are_signed() {
    let (a, b, space, all) = forty().await;
    let mut two = b.browser(Lang::English).await;
    let form = two.get("/en/answers").await;
    let chosen = two.press(&form, "all").await;
    let chosen = Page { path: form.path.clone(), ..chosen };
    let preview = press(&mut two, &chosen, chosen.fields(), "preview").await;
    // Meanwhile one is declined in another window, and one changes under the same form.
    let page = two.get(&format!("/en/{}", all[0])).await;
    two.sign(&page.link_to("/decline"), &[]).await;
    let before = b.entries(space);
    let late = two
        .post("/en/answers", &[chosen.fields(), vec![("step".to_owned(), "preview".to_owned())]].concat())
        .await;
    assert!(late.words().contains("This is not open any more"), "the preview says so before it is signed");
    let signed = two.press(&preview, "sign").await;
    assert!(
        signed.words().contains("39 answers were signed.") && signed.words().contains("1 was not signed")
    );
    assert!(signed.words().contains("This party has answered in this round already."), "{}", signed.words());
    assert_eq!(b.entries(space), before + 39);
    exchange(space, &b, &a);
    let phases = all
        .iter()
        .map(|to| a.shared.lock().commitment(to["commitments/".len()..].parse().unwrap()).unwrap().phase);
    assert_eq!(phases.filter(|phase| *phase == agreement::Phase::Detached).count(), 39);
}

#[tokio::test]
async fn rows_that_name_what_is_not_here_or_no_answer_are_left_out() {
    let (_a, b, space, all) = forty().await;
    let mut two = b.browser(Lang::Persian).await;
    let form = two.get("/fa/answers").await;
    let before = b.entries(space);
    let object = &all[0]["commitments/".len()..];
    for odd in [
        "x".to_owned(),
        format!("{object} cancel "),
        format!("{object} accept slot=x&terms=y"),
        format!("{} accept slot=0&terms={}", "0".repeat(64), "0".repeat(64)),
        "<script>alert(1)</script>".to_owned(),
    ] {
        let mut fields = form.fields();
        fields.retain(|(name, _)| name == "token" || name == "request");
        fields.extend([("row".to_owned(), odd.clone()), ("passphrase".to_owned(), PASSPHRASE.to_owned())]);
        let page = press(&mut two, &form, fields, "sign").await;
        assert_eq!(page.status, 422, "{odd}: {}", page.body);
        assert!(!page.body.contains("<script"));
    }
    assert_eq!(b.entries(space), before);
}

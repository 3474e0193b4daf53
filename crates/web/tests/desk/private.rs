//! The private desk: kept, found, and never told to anybody else.

use node::oplog::sync;
use node::{Role, Store};
use web::Lang;

use crate::browser::{Page, encode};
use crate::routes::reads;
use crate::world::{GOOD, PASSPHRASE, Side, exchange, meet, offer};

/// A string that is nowhere else.
const CANARY: &str = "canary5f3b0c";
const PAYLOAD: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";

/// Presses a button of one of a page's forms, with what that form takes.
async fn press(browser: &mut crate::browser::Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let token = browser.get("/en/spaces").await.field("token");
    let mut all = vec![("token".to_owned(), token)];
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.request("POST", path, &[], encode(&all)).await
}

#[tokio::test]
async fn an_assignee_and_notes_are_kept_shown_to_our_own_people_and_filter_the_inbox() {
    let (a, _b, space) = meet();
    let officer = a.person("Officer one", Role::Officer);
    a.person("Reader one", Role::Reader);
    a.person("Guest one", Role::Guest);
    let mut head = a.browser(Lang::English).await;
    let (to, other) = (offer(&mut head, "en", space).await, offer(&mut head, "en", space).await);
    let private = format!("/en/{to}/private");
    assert_eq!(
        press(&mut head, &private, &[("step", "assign"), ("person", &officer.to_string())]).await.status,
        303
    );
    let noted = press(&mut head, &private, &[("step", "note"), ("note", "call their deputy first")]).await;
    assert_eq!(noted.status, 303);
    let page = head.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Looked after by: Officer one · 1 note"), "{}", page.words());
    let inbox = head.get(&format!("/en/inbox?who={officer}")).await;
    assert!(inbox.body.contains(&to) && !inbox.body.contains(&other), "{}", inbox.body);
    let own = head.get("/en/inbox").await;
    assert!(own.body.contains(&to) && own.body.contains(&other));
    let mut reader = a.browser_of("Reader one", "en").await;
    let read = reader.get(&private).await;
    assert!(read.words().contains("call their deputy first") && !read.body.contains("<textarea"));
    let mut guest = a.browser_of("Guest one", "en").await;
    let page = guest.get(&format!("/en/{to}")).await;
    assert_eq!((page.status, guest.get(&private).await.status), (200, 403));
    assert!(!page.words().contains("Looked after") && !page.words().contains("Your desk"));
    // The officer did not write the note and may not forget it; the head may.
    let mut officer = a.browser_of("Officer one", "en").await;
    assert_eq!(press(&mut officer, &private, &[("step", "forget"), ("no", "1")]).await.status, 403);
    assert_eq!(press(&mut head, &private, &[("step", "forget"), ("no", "1")]).await.status, 303);
    assert_eq!(press(&mut head, &private, &[("step", "assign"), ("person", "")]).await.status, 303);
    let page = head.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Looked after by: nobody yet · no notes"), "{}", page.words());
    let guest_id = a.shared.lock().people(&node::Authorized::by_operator(node::ManagePeople)).unwrap();
    let guest_id = guest_id.iter().find(|person| person.role == Role::Guest).unwrap().id.to_string();
    let refused = press(&mut head, &private, &[("step", "assign"), ("person", &guest_id)]).await;
    assert_eq!(refused.status, 404, "a guest has no desk");
}

#[tokio::test]
async fn a_note_that_is_empty_or_too_long_is_explained_and_given_back() {
    let (a, _b, space) = meet();
    let mut head = a.browser(Lang::English).await;
    let to = offer(&mut head, "en", space).await;
    let private = format!("/en/{to}/private");
    let empty = press(&mut head, &private, &[("step", "note"), ("note", " ")]).await;
    assert!(empty.status == 422 && empty.words().contains("Write the note first."));
    let long = "x".repeat(5_001);
    let page = press(&mut head, &private, &[("step", "note"), ("note", &long)]).await;
    assert!(page.status == 422 && page.body.contains(&long) && page.words().contains("5001"));
    press(&mut head, &private, &[("step", "note"), ("note", PAYLOAD)]).await;
    let page = head.get(&private).await;
    assert!(!page.body.contains("<script") && !page.body.contains("<img"), "{}", page.body);
}

#[tokio::test]
async fn a_draft_is_kept_as_typed_gone_on_with_by_a_colleague_and_gone_when_it_is_signed() {
    let (a, b, space) = meet();
    a.person("Officer one", Role::Officer);
    let mut head = a.browser(Lang::English).await;
    let before = a.entries(space);
    let form = head.get(&format!("/en/spaces/{space}/offer")).await;
    let typed = [("title-en", PAYLOAD), ("day", "۳۱"), ("deliverable", "not finished"), ("step", "keep")];
    let mut fields = form.fields();
    fields.retain(|(name, _)| !typed.iter().any(|(held, _)| held == name));
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let kept = head.post(&form.path, &fields).await;
    assert_eq!((kept.status, kept.location.as_str()), (303, "/en/drafts?kept=1"));
    let mut officer = a.browser_of("Officer one", "en").await;
    let list = officer.get("/en/drafts").await;
    assert!(list.words().contains("Kept by: The head") && !list.body.contains("<script"), "{}", list.words());
    let resumed = officer.get(&list.link_to("?draft=")).await;
    assert_eq!((resumed.field("title-en").as_str(), resumed.field("day").as_str()), (PAYLOAD, "۳۱"));
    // Kept again, it takes the place of the first.
    let resumed = Page { path: form.path.clone(), ..resumed };
    assert_eq!(officer.press(&resumed, "keep").await.status, 303);
    assert_eq!(officer.get("/en/drafts").await.body.matches("?draft=").count(), 2, "one draft, linked twice");
    let preview = officer.send(&resumed, &GOOD).await;
    let signed = officer.press(&preview, "sign").await;
    assert_eq!(signed.status, 303, "{}", signed.body);
    assert!(officer.get("/en/drafts").await.words().contains("There are no drafts."));
    assert_eq!(a.entries(space), before + 1);
    // A draft about a commitment, kept from a form of that commitment, and forgotten.
    let to = officer.get(&signed.location).await.link_to("/commitments/")["/en/".len()..].to_owned();
    exchange(space, &b, &a);
    let mut two = b.browser(Lang::Persian).await;
    let form = two.get(&format!("/fa/{to}/terms/counter")).await;
    assert_eq!(two.press(&form, "keep").await.status, 303);
    let list = two.get("/fa/drafts").await;
    let resumed = two.get(&list.link_to("?draft=")).await;
    assert_eq!(resumed.field("deliverable"), GOOD[2].1);
    let id = resumed.field("draft");
    assert_eq!(two.get(&format!("/fa/spaces/{space}/offer?draft={id}")).await.status, 404, "of another form");
    assert_eq!(two.get("/fa/drafts").await.status, 200);
    press(&mut two, &format!("/fa/drafts/{id}/end"), &[]).await;
    assert!(two.get("/fa/drafts").await.words().contains("پیش‌نویسی نیست"));
    let long = "x".repeat(300 * 1024);
    let form = two.get(&format!("/fa/{to}/terms/counter")).await;
    let mut fields = form.fields();
    fields.retain(|(name, _)| name != "deliverable");
    fields.extend([("deliverable".to_owned(), long.clone()), ("step".to_owned(), "keep".to_owned())]);
    let page = two.post(&form.path, &fields).await;
    assert!(page.status == 422 && page.field("deliverable") == long, "what is too long is given back");
}

/// Everything that a node hands to another that asks for all of a space.
fn told_to(asking: &Side, answering: &Side, space: node::oplog::SpaceId) -> Vec<u8> {
    let (mut asking, mut answering) = (asking.shared.lock(), answering.shared.lock());
    let (a, b) = (asking.node_key().unwrap(), answering.node_key().unwrap());
    let (mut message, mut bytes) = (asking.greet(space, b).unwrap(), Vec::new());
    while !message.is_empty() {
        bytes.extend(sync::write(&message));
        let answer = answering.answer(a, &message).unwrap();
        bytes.extend(sync::write(&answer.frames));
        message = asking.exchange(b, &answer.frames).unwrap().frames;
    }
    bytes
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
}

#[tokio::test]
async fn nothing_of_the_private_desk_leaves_the_node_or_its_own_tables() {
    let (a, b, space) = meet();
    let mut head = a.browser(Lang::English).await;
    let to = offer(&mut head, "en", space).await;
    let digest = a.shared.lock().digest(space).unwrap();
    let assignee = a.person(&format!("Officer {CANARY}"), Role::Officer).to_string();
    let private = format!("/en/{to}/private");
    for fields in [[("step", "note"), ("note", CANARY)], [("step", "assign"), ("person", &assignee)]] {
        assert_eq!(press(&mut head, &private, &fields).await.status, 303);
    }
    for path in [format!("/en/spaces/{space}/offer"), format!("/en/{to}/terms/amend")] {
        let form = head.get(&path).await;
        if form.status == 200 {
            let mut fields = form.fields();
            fields.retain(|(name, _)| name != "title-en" && name != "deliverable");
            let typed = [("title-en", CANARY), ("deliverable", CANARY), ("step", "keep")];
            fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
            assert_eq!(head.post(&form.path, &fields).await.status, 303);
        }
    }
    let form = head.get(&format!("/en/{to}/attach")).await;
    let file = (format!("{CANARY}.txt"), format!("words {CANARY}"));
    let preview = head.upload(&form, (&file.0, "text/plain", &file.1), &[("note", CANARY)]).await;
    assert!(preview.status == 200 && preview.body.contains(CANARY), "it is there, and not signed");
    // What leaves: the exchange in both directions, a bundle, the digest.
    assert!(!holds(&told_to(&b, &a, space)) && !holds(&told_to(&a, &b, space)));
    let mut bundle = Vec::new();
    a.shared.lock().write_bundle(space, &mut bundle).unwrap();
    assert!(bundle.len() > 1_000 && !holds(&bundle));
    let digests = [&a, &b].map(|side| side.shared.lock().digest(space).unwrap());
    assert_eq!(digests, [digest; 2], "the record is what it was");
    // What guests see, and what the other side sees.
    a.person("Guest one", Role::Guest);
    let mut guest = a.browser_of("Guest one", "en").await;
    let mut other = b.browser(Lang::English).await;
    for path in reads(space, &to) {
        for browser in [&mut guest, &mut other] {
            assert!(!browser.get(&path).await.body.contains(CANARY), "{path}");
        }
    }
    // Where it lies.
    let copy = a.shared.lock().copy_store().unwrap();
    let holding = Store::from_copy(&copy).unwrap().tables_holding(CANARY.as_bytes()).unwrap();
    assert_eq!(holding, ["desk_draft", "desk_note", "desk_upload", "person"]);
    let copy = b.shared.lock().copy_store().unwrap();
    assert_eq!(Store::from_copy(&copy).unwrap().tables_holding(CANARY.as_bytes()).unwrap(), [""; 0]);
    // And a test that the test can fail: once it is signed, it is told.
    let mut fields = preview.fields();
    fields.retain(|(name, _)| name != "passphrase");
    fields.extend([("passphrase", PASSPHRASE), ("step", "sign")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    assert_eq!(head.post(&preview.path, &fields).await.status, 303);
    assert!(holds(&told_to(&b, &a, space)));
    let copy = a.shared.lock().copy_store().unwrap();
    let holding = Store::from_copy(&copy).unwrap().tables_holding(CANARY.as_bytes()).unwrap();
    assert_eq!(holding, ["content", "desk_draft", "desk_note", "person"], "the file waits no longer");
}

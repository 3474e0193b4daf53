//! How people come in, prove who they are before they sign, and what the record shows of them.

use agreement::FieldTag;
use node::{Authorized, ManagePeople, Role};
use web::Lang;

use crate::browser::Page;
use crate::world::{GOOD, HEAD, PASSPHRASE, exchange, meet, offer};

/// The path of the link that a page of people shows.
fn link(page: &Page) -> String {
    let at = page.body.find("/invitation/").unwrap_or_else(|| panic!("no link on {}", page.body));
    format!("/en{}", &page.body[at..at + "/invitation/".len() + 64])
}

#[tokio::test]
async fn an_invitation_lets_one_person_choose_a_passphrase_once() {
    let (a, _b, _space) = meet();
    let mut head = a.browser(Lang::English).await;
    let people = head.get("/en/people").await;
    let typed = [("name", "One officer"), ("role", "officer"), ("passphrase", PASSPHRASE)];
    let added = head.send(&people, &typed).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let to = link(&added);
    let mut officer = a.stranger();
    let form = officer.get(&to).await;
    assert!(form.status == 200 && form.words().contains("One officer") && form.words().contains("Officer"));
    assert_eq!(officer.get(&to).await.status, 200, "looking uses nothing up");
    for (one, two, said) in [
        ("eleven lett", "eleven lett", "Enter at least 12 letters; these are 11."),
        ("twelve letters", "twelve letterz", "The two passphrases differ."),
        (&"x".repeat(257), &"x".repeat(257), "Enter at most 256 letters; these are 257."),
    ] {
        let refused = officer.send(&form, &[("passphrase", one), ("again", two)]).await;
        assert!(refused.status == 422 && refused.words().contains(said), "{said}: {}", refused.words());
        assert!(!refused.body.contains(one), "a passphrase is never shown again");
    }
    let typed = [("passphrase", "six words of one officer"), ("again", "six words of one officer")];
    let opened = officer.send(&form, &typed).await;
    assert_eq!(opened.status, 303);
    assert_eq!(officer.get("/en/inbox").await.status, 200);
    assert_eq!(a.stranger().get(&to).await.status, 404, "once");
    assert_eq!(a.stranger().send(&form, &typed).await.status, 404);
    let mut again = a.stranger();
    assert_eq!(again.sign_in("fa", "One officer", "six words of one officer").await.status, 303);
    for (name, passphrase) in
        [("One officer", PASSPHRASE), (HEAD, "six words of one officer"), ("Nobody", PASSPHRASE), ("", "")]
    {
        let refused = a.stranger().sign_in("en", name, passphrase).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.words().contains("This name and this passphrase do not belong together"));
    }
}

#[tokio::test]
async fn an_invitation_expires_and_a_new_one_replaces_it_and_the_passphrase() {
    let (a, _b, _space) = meet();
    let may = Authorized::by_operator(ManagePeople);
    let id = a.person("one reader", Role::Reader);
    let mut reader = a.browser_of("one reader", "en").await;
    let (first, second) = {
        let mut node = a.shared.lock();
        (node.invite_person(&may, id).unwrap(), node.invite_person(&may, id).unwrap())
    };
    assert_eq!(a.stranger().get(&format!("/en/invitation/{first}")).await.status, 404, "replaced");
    assert_eq!(reader.get("/en/inbox").await.status, 200, "nothing changes before it is taken up");
    let mut other = a.stranger();
    let form = other.get(&format!("/en/invitation/{second}")).await;
    let typed = [("passphrase", "another passphrase"), ("again", "another passphrase")];
    assert_eq!(other.send(&form, &typed).await.status, 303);
    assert_eq!(reader.get("/en/inbox").await.status, 401, "sessions under the old passphrase end");
    assert_eq!(a.stranger().sign_in("en", "one reader", PASSPHRASE).await.status, 422);
    let late = a.shared.lock().invite_person(&may, id).unwrap();
    a.pass_ms(3 * 86_400_000);
    assert_eq!(a.stranger().get(&format!("/en/invitation/{late}")).await.status, 404);
}

#[tokio::test]
async fn a_wrong_passphrase_signs_nothing_and_keeps_everything_typed() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let preview = browser.send(&form, &GOOD).await;
    let before = a.entries(space);
    for wrong in ["a wrong passphrase", " ", &"x".repeat(10_000)] {
        let mut fields = preview.fields();
        fields.retain(|(name, _)| name != "passphrase");
        fields.extend([("passphrase", wrong), ("step", "sign")].map(|(n, v)| (n.to_owned(), v.to_owned())));
        let refused = browser.post(&preview.path, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("This is not your passphrase"), "{}", refused.words());
        assert!(wrong == " " || !refused.body.contains(wrong), "a passphrase is never shown again");
        for name in ["title-fa", "deliverable", "day", "request"] {
            assert_eq!(refused.field(name), preview.field(name), "{name}");
        }
    }
    assert_eq!(a.entries(space), before);
    assert_eq!(browser.press(&preview, "sign").await.status, 303);
    assert_eq!(a.entries(space), before + 1);
}

#[tokio::test]
async fn guessing_waits_longer_and_longer_and_a_right_passphrase_then_counts_again() {
    let (a, _b, _space) = meet();
    for name in [HEAD, "nobody of this name"] {
        for _ in 0..5 {
            let refused = a.stranger().sign_in("en", name, "a wrong passphrase").await;
            assert!(refused.words().contains("do not belong together"), "{name}");
        }
        let waits = a.stranger().sign_in("en", name, PASSPHRASE).await;
        assert_eq!(waits.status, 422);
        assert!(waits.words().contains("Wait 1 second, then try again"), "{name}: {}", waits.words());
    }
    a.pass_ms(1_000);
    assert_eq!(a.stranger().sign_in("en", HEAD, "a wrong passphrase").await.status, 422);
    let waits = a.stranger().sign_in("fa", HEAD, PASSPHRASE).await;
    assert!(waits.words().contains("۲ ثانیه"), "{}", waits.words());
    a.pass_ms(2_000);
    assert_eq!(a.stranger().sign_in("en", HEAD, PASSPHRASE).await.status, 303);
    assert_eq!(a.stranger().sign_in("en", HEAD, "a wrong passphrase").await.status, 422, "no wait any more");
}

#[tokio::test]
async fn an_address_from_which_many_names_are_tried_has_to_wait() {
    let (a, _b, _space) = meet();
    for number in 0..30 {
        a.stranger().sign_in("en", &format!("name {number}"), "a wrong passphrase").await;
    }
    let waits = a.stranger().sign_in("en", HEAD, PASSPHRASE).await;
    assert!(waits.words().contains("Wait 1 second"), "{}", waits.words());
}

#[tokio::test]
async fn who_acted_is_in_the_record_as_a_role_and_a_hash_that_only_the_own_node_opens() {
    let (a, b, space) = meet();
    a.person("One officer", Role::Officer);
    let mut officer = a.browser_of("One officer", "en").await;
    let to = offer(&mut officer, "en", space).await;
    exchange(space, &b, &a);
    let mut other_side = b.browser(Lang::English).await;
    other_side.sign(&format!("/en/{to}/terms/counter"), &[("deliverable", "ten")]).await;
    exchange(space, &b, &a);
    let acted = |side: &crate::world::Side, word: &str| {
        let log = side.shared.lock().log(space, 0, 100).unwrap();
        let content = log.into_iter().find(|entry| entry.word == word).unwrap().content.unwrap();
        let of = |tag| content.fields.iter().filter(|field| field.tag == tag).count();
        assert_eq!(
            (of(FieldTag::Role), of(FieldTag::Person)),
            (1, 1),
            "once, also where terms were taken over"
        );
        let text = |tag| content.text(tag, "").unwrap().to_owned();
        (text(FieldTag::Role), text(FieldTag::Person))
    };
    let (role, person) = acted(&b, "offer");
    assert_eq!((role.as_str(), person.len()), ("officer", 64));
    let (role, other_person) = acted(&a, "counter");
    assert_eq!(role, "head");
    assert_ne!(person, other_person);
    let own = a.shared.lock().own_people(space).unwrap();
    assert_eq!(own.get(&person).map(String::as_str), Some("One officer"));
    assert!(!b.shared.lock().own_people(space).unwrap().contains_key(&person));
    for (side, own, other) in
        [(&a, "by One officer, Officer", "by its Head"), (&b, "by The head, Head", "by its Officer")]
    {
        let page = side.browser(Lang::English).await.get(&format!("/en/{to}")).await;
        assert!(page.words().contains(own) && page.words().contains(other), "{}", page.words());
        assert!(!page.body.contains(&person) && !page.body.contains(&other_person));
    }
    assert!(!b.browser(Lang::Persian).await.get(&format!("/fa/{to}")).await.body.contains("One officer"));
}

#[tokio::test]
async fn a_focal_point_manages_only_those_below_and_nobody_their_own_account() {
    let (a, _b, _space) = meet();
    let focal = a.person("One focal point", Role::FocalPoint);
    let officer = a.person("One officer", Role::Officer);
    let head = {
        let node = a.shared.lock();
        let people = node.people(&Authorized::by_operator(ManagePeople)).unwrap();
        people.into_iter().find(|person| person.name == HEAD).unwrap().id
    };
    let mut browser = a.browser_of("One focal point", "en").await;
    let page = browser.get("/en/people").await;
    assert!(!page.body.contains("value=\"head\"") && page.body.contains("value=\"reader\""));
    let typed = |role: &str, step: &str| {
        [
            ("token", page.field("token").as_str()),
            ("name", "X"),
            ("role", role),
            ("step", step),
            ("passphrase", PASSPHRASE),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for role in ["head", "focal-point"] {
        assert_eq!(browser.post("/en/people", &typed(role, "")).await.status, 403, "{role}");
        assert_eq!(browser.post(&format!("/en/people/{officer}"), &typed(role, "role")).await.status, 403);
    }
    for (who, step) in
        [(head, "remove"), (head, "invite"), (focal, "remove"), (focal, "role"), (focal, "invite")]
    {
        let page = browser.post(&format!("/en/people/{who}"), &typed("reader", step)).await;
        assert_eq!(page.status, 403, "{step}");
    }
    assert_eq!(browser.post(&format!("/en/people/{officer}"), &typed("reader", "role")).await.status, 200);
    let mut wrong = typed("reader", "remove");
    wrong[4].1 = "a wrong passphrase".to_owned();
    assert_eq!(browser.post(&format!("/en/people/{officer}"), &wrong).await.status, 422);
    assert_eq!(browser.post(&format!("/en/people/{officer}"), &typed("reader", "remove")).await.status, 200);
    assert_eq!(a.stranger().sign_in("en", "One officer", PASSPHRASE).await.status, 422);
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended_and_those_of_others_are_not() {
    let (a, _b, _space) = meet();
    a.person("One reader", Role::Reader);
    let (mut one, mut two) = (a.browser(Lang::English).await, a.browser(Lang::English).await);
    let mut reader = a.browser_of("One reader", "en").await;
    let page = one.get("/en/sessions").await;
    assert_eq!(page.body.matches("/end\"").count(), 2);
    let ends: Vec<_> = page
        .body
        .split("action=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|to| to.ends_with("/end"))
        .collect();
    let of_reader = reader.get("/en/sessions").await;
    let token = |page: &Page| [("token".to_owned(), page.field("token"))];
    for end in &ends {
        assert_eq!(reader.post(end, &token(&of_reader)).await.status, 404, "another's");
    }
    let page_of_two = two.get("/en/sessions").await;
    for end in &ends {
        // Whichever of the two is ended first leaves the other to end itself.
        one.post(end, &token(&page)).await;
        two.post(end, &token(&page_of_two)).await;
    }
    assert_eq!((one.get("/en/inbox").await.status, two.get("/en/inbox").await.status), (401, 401));
    assert_eq!(reader.get("/en/inbox").await.status, 200);
}

#[tokio::test]
async fn a_page_offers_no_step_that_the_role_of_its_reader_cannot_take() {
    let (a, b, space) = meet();
    let to = offer(&mut b.browser(Lang::English).await, "en", space).await;
    exchange(space, &a, &b);
    let accepts = format!("/en/{to}/accept");
    for (role, may) in [(Role::Officer, true), (Role::Reader, false), (Role::Guest, false)] {
        a.person(role.code(), role);
        let mut browser = a.browser_of(role.code(), "en").await;
        let has = |page: &Page, part: &str| page.links().iter().any(|link| link.starts_with(part));
        assert_eq!(has(&browser.get(&format!("/en/{to}")).await, &accepts), may, "{role:?}");
        let spaces = browser.get(&format!("/en/spaces/{space}")).await;
        assert_eq!(has(&spaces, &format!("/en/spaces/{space}/offer")), may, "{role:?}");
        assert!(!has(&spaces, "/en/people"));
        assert_eq!(
            browser.get("/en").await.location,
            if role == Role::Guest { "/en/spaces" } else { "/en/inbox" }
        );
    }
}

//! Capabilities and needs through pages: declared, matched, offered, corrected and taken back.

use node::oplog::SpaceId;
use node::{Right, Role};
use web::Lang;

use crate::browser::{Browser, Page};
use crate::world::{GOOD, Side, exchange, meet, meet_as};

const NEED: [(&str, &str); 4] = [
    ("title-en", "Gauge-changing equipment"),
    ("title-fa", "تجهیزات تغییر عرض خط"),
    ("field", "2.3"),
    ("description", "40 sets for wagons at the border"),
];
const CAPABILITY: [(&str, &str); 5] = [
    ("title-en", "Gauge-changing works"),
    ("title-fa", "کارخانهٔ تغییر عرض خط"),
    ("field", "2"),
    ("description", "60 sets a year"),
    ("achievement", "four border stations since 2019"),
];

/// Declares by the pages of a side and gives the declaration's address without its language.
async fn declare(
    browser: &mut Browser,
    lang: &str,
    space: SpaceId,
    sort: &str,
    typed: &[(&str, &str)],
) -> String {
    let confirmation = browser.sign(&format!("/{lang}/spaces/{space}/declare/{sort}"), typed).await;
    assert_eq!(confirmation.status, 200, "{}", confirmation.body);
    confirmation.link_to("/declarations/")[format!("/{lang}/").len()..].to_owned()
}

/// Two sides, the second with the need that the first's capability meets, and where both are.
async fn matched() -> (Side, Side, SpaceId, String, String) {
    let (a, b, space) = meet();
    let capability =
        declare(&mut a.browser(Lang::English).await, "en", space, "capability", &CAPABILITY).await;
    let need = declare(&mut b.browser(Lang::Persian).await, "fa", space, "need", &NEED).await;
    exchange(space, &b, &a);
    exchange(space, &a, &b);
    (a, b, space, capability, need)
}

fn id(to: &str) -> &str {
    to.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_need_and_a_capability_meet_for_both_sides_and_become_an_offer() {
    let (a, b, space, capability, need) = matched().await;
    let (mut roads, mut railway) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let (seen, theirs) = (roads.get("/en/matches").await, railway.get("/fa/matches").await);
    for page in [&seen, &theirs] {
        for to in [&capability, &need] {
            page.link_to(to);
        }
    }
    assert!(seen.words().contains("one lies within the other"), "{}", seen.words());
    assert!(theirs.words().contains("یکی زیرمجموعهٔ دیگری است"));
    let form = roads.get(&seen.link_to("/offer?")).await;
    assert_eq!(form.status, 200, "{}", form.body);
    let parties = a.shared.lock().parties(space).unwrap();
    let [own, other] = [true, false].map(|own| parties.iter().find(|party| party.own == own).unwrap().id);
    assert_eq!(form.field("debtor"), own.to_string());
    assert_eq!(form.field("creditor"), other.to_string());
    assert_eq!(form.field("field"), "2.3", "the narrower of the two");
    assert_eq!(form.field("title-fa"), "تجهیزات تغییر عرض خط");
    assert_eq!(form.field("deliverable"), "40 sets for wagons at the border");
    let due: Vec<_> = GOOD
        .into_iter()
        .filter(|(name, _)| ["reckoning", "day", "month", "year", "zone"].contains(name))
        .collect();
    let preview = roads.send(&form, &due).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let signed = roads.press(&preview, "sign").await;
    assert_eq!(signed.status, 303, "{}", signed.body);
    let to = roads.get(&signed.location).await.link_to("/commitments/")["/en/".len()..].to_owned();
    exchange(space, &b, &a);
    let offered = railway.get(&format!("/fa/{to}")).await;
    assert!(offered.words().contains("مهندسی مکانیک"), "the field by its name");
    for cited in [id(&capability), id(&need)] {
        assert!(offered.body.contains(cited), "the offer cites both");
    }
}

#[tokio::test]
async fn a_register_is_filtered_by_party_field_and_sort() {
    let (a, _b, space, capability, need) = matched().await;
    let mut browser = a.browser(Lang::English).await;
    let own = a.shared.lock().seat(space).unwrap();
    let register = format!("/en/spaces/{space}/capabilities");
    for (query, has_capability, has_need) in [
        (String::new(), true, true),
        ("?sort=need".to_owned(), false, true),
        ("?sort=capability".to_owned(), true, false),
        (format!("?party={own}"), true, false),
        ("?field=2".to_owned(), true, true),
        ("?field=2.3".to_owned(), false, true),
        ("?field=3".to_owned(), false, false),
        ("?field=x&sort=x&party=x&from=x".to_owned(), true, true),
        ("?from=1".to_owned(), false, true),
    ] {
        let page = browser.get(&format!("{register}{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        let has = |to: &str| page.links().iter().any(|link| link.contains(to));
        assert_eq!((has(&capability), has(&need)), (has_capability, has_need), "{query}");
    }
}

#[tokio::test]
async fn its_author_corrects_takes_back_and_states_again_and_the_match_follows() {
    let (a, b, space, capability, need) = matched().await;
    let (mut roads, mut railway) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let correct = format!("/fa/{need}/correct");
    let form = railway.get(&correct).await;
    assert_eq!(form.field("description"), NEED[3].1, "the words that stand are in the form");
    let preview = railway.send(&form, &[("description", "30 sets"), ("reason", "fewer trains")]).await;
    assert!(preview.words().contains("40 sets") && preview.words().contains("30 sets"), "old beside new");
    assert_eq!(railway.press(&preview, "sign").await.status, 303);
    exchange(space, &a, &b);
    let page = roads.get(&format!("/en/{need}")).await;
    assert!(page.words().contains("30 sets") && page.words().contains("fewer trains"));
    assert!(!page.links().iter().any(|link| link.contains("/withdraw")), "another party's");
    for verb in ["correct", "withdraw"] {
        assert_eq!(roads.get(&format!("/en/{need}/{verb}")).await.status, 409);
    }
    railway.sign(&format!("/fa/{need}/withdraw"), &[("note", "found elsewhere")]).await;
    exchange(space, &a, &b);
    let page = roads.get(&format!("/en/{need}")).await;
    assert!(page.words().contains("Withdrawn") && page.words().contains("found elsewhere"));
    let matches = roads.get("/en/matches").await;
    assert!(!matches.links().iter().any(|link| link.contains("/offer?") || link.contains(&need)));
    assert!(matches.link_to(&capability).contains(&capability), "it stands without a match");
    let stale = format!("/en/spaces/{space}/offer?capability={}&need={}", id(&capability), id(&need));
    assert_eq!(roads.get(&stale).await.status, 409);
    assert_eq!(railway.get(&format!("/fa/{need}/withdraw")).await.status, 409, "it is already");
    railway.sign(&correct, &[("description", "20 sets")]).await;
    exchange(space, &a, &b);
    assert!(roads.get("/en/matches").await.link_to("/offer?").contains(id(&need)));
    let digests = [&a, &b].map(|side| side.shared.lock().digest(space).unwrap());
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test]
async fn a_bad_form_says_what_is_wrong_and_keeps_what_was_typed() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/declare/need")).await;
    let long = "x".repeat(5_001);
    for (name, value) in [
        ("title-en", ""),
        ("title-en", &long[..301]),
        ("field", ""),
        ("field", "9.9"),
        ("description", ""),
        ("description", long.as_str()),
    ] {
        let typed = NEED.map(|(held, good)| match held {
            _ if held == name => (held, value),
            "title-fa" if name == "title-en" => (held, ""),
            _ => (held, good),
        });
        let page = browser.send(&form, &typed).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.body.contains(&format!("href=\"#{name}\"")), "{name}: {}", page.body);
        let kept = if name == "description" { "title-en" } else { "description" };
        assert_eq!(page.field(kept), typed.iter().find(|(held, _)| *held == kept).unwrap().1);
    }
    assert_eq!(browser.get(&format!("/en/spaces/{space}/declare/wish")).await.status, 404);
}

#[tokio::test]
async fn ids_of_another_space_and_of_other_things_begin_no_offer() {
    let (a, _b, space, capability, need) = matched().await;
    let other = a.shared.lock().found("Another space", agreement::Rules::default()).unwrap();
    let mut browser = a.browser(Lang::English).await;
    let there = declare(&mut browser, "en", other, "need", &NEED).await;
    let (capability, need, there) = (id(&capability), id(&need), id(&there));
    for (space, query, status) in [
        (space, format!("capability={capability}&need={need}"), 200),
        (other, format!("capability={capability}&need={need}"), 409),
        (space, format!("capability={capability}&need={there}"), 409),
        (space, format!("capability={need}&need={capability}"), 409),
        (space, format!("capability={capability}&need={capability}"), 409),
        (space, format!("capability={capability}"), 404),
        (space, format!("capability={capability}&need={}", "0".repeat(64)), 404),
        (space, format!("capability=x&need={need}"), 404),
    ] {
        let page = browser.get(&format!("/en/spaces/{space}/offer?{query}")).await;
        assert_eq!(page.status, status, "{query}: {}", page.body);
    }
    let matches = browser.get("/en/matches").await;
    assert!(!matches.body.contains(&format!("need={there}")), "spaces are kept apart");
}

#[tokio::test]
async fn who_may_only_read_sees_the_same_without_what_can_be_done() {
    let (a, _b, space, capability, _) = matched().await;
    for role in [Role::Reader, Role::Guest] {
        let name = format!("one {}", role.code());
        a.person(&name, role);
        let mut browser = a.browser_of(&name, "en").await;
        let mut pages = vec![format!("/en/spaces/{space}/capabilities"), format!("/en/{capability}")];
        pages.extend(role.may(Right::Desk).then(|| "/en/matches".to_owned()));
        for path in pages {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.words().contains("Gauge-changing works"), "{path}");
            for part in ["/declare/", "/correct", "/withdraw", "/offer"] {
                assert!(!page.links().iter().any(|link| link.contains(part)), "{part} on {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_register_made_again_is_the_same_and_erased_words_give_way_to_those_before() {
    let (a, b, space, _, need) = matched().await;
    let object: node::oplog::ObjectId = id(&need).parse().unwrap();
    let mut railway = b.browser(Lang::Persian).await;
    railway.sign(&format!("/fa/{need}/correct"), &[("field", "T"), ("description", "a slip")]).await;
    let register = |side: &Side| {
        let rows = side.shared.lock().register(space, &node::ask::Register::default(), 0, 9).unwrap();
        rows.into_iter().map(|row| (row.id, row.field.map(|field| field.code()))).collect::<Vec<_>>()
    };
    exchange(space, &a, &b);
    assert!(register(&a).contains(&(object, Some("T"))));
    let slip = *b.shared.lock().declaration(object).unwrap().record.statement.versions.last().unwrap();
    let operation = agreement::operation::Erase { object, entry: slip }.into();
    let act = node::Act { space, operation, content: None, request: None };
    b.shared.submit(node::Authorized::by_operator(act)).unwrap();
    exchange(space, &a, &b);
    for side in [&a, &b] {
        let before = register(side);
        assert!(before.contains(&(object, Some("2.3"))), "{before:?}");
        side.shared.lock().rebuild(space).unwrap();
        assert_eq!(register(side), before);
        assert_eq!(side.shared.lock().matches(space).unwrap().met.len(), 1);
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_signed_once() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/declare/need")).await;
    let preview = browser.send(&form, &NEED).await;
    let first = browser.press(&preview, "sign").await;
    let count = a.entries(space);
    let second = browser.press(&preview, "sign").await;
    assert_eq!((second.status, &second.location), (303, &first.location));
    let need = browser.get(&first.location).await.link_to("/declarations/");
    let form = browser.get(&format!("{need}/withdraw")).await;
    let preview = browser.send(&form, &[("note", "done")]).await;
    let first = browser.press(&preview, "sign").await;
    let second = browser.press(&preview, "sign").await;
    assert_eq!(
        (first.status, second.status, &second.location),
        (303, 303, &first.location),
        "{}",
        second.body
    );
    assert_eq!(a.entries(space), count + 1);
}

#[tokio::test]
async fn a_payload_in_every_field_comes_out_escaped_on_every_page() {
    const PAYLOADS: [&str; 3] = [
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)' autofocus='",
        "</textarea><svg onload=alert(1)>",
    ];
    for payload in PAYLOADS {
        let marked = format!("{payload}\u{2069}\u{202e}");
        let (a, b, space) = meet_as(&format!("A{marked}"), &format!("B{marked}"), &format!("C{marked}"));
        let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
        let texts = ["title-en", "title-fa", "description", "achievement"].map(|name| (name, payload));
        let typed = [texts.as_slice(), &[("field", "T")]].concat();
        let form = one.get(&format!("/en/spaces/{space}/declare/capability")).await;
        let wrong = [texts.as_slice(), &[("field", payload)]].concat();
        let mut pages: Vec<Page> = vec![one.send(&form, &wrong).await];
        assert_eq!(pages[0].status, 422);
        pages.push(one.send(&form, &typed).await);
        let capability = declare(&mut one, "en", space, "capability", &typed).await;
        let need = declare(&mut two, "fa", space, "need", &typed).await;
        let corrected = [typed.as_slice(), &[("reason", payload)]].concat();
        let form = two.get(&format!("/fa/{need}/correct")).await;
        pages.push(two.send(&form, &corrected).await);
        two.sign(&format!("/fa/{need}/correct"), &corrected).await;
        let form = two.get(&format!("/fa/{need}/withdraw")).await;
        pages.push(two.send(&form, &[("note", payload)]).await);
        exchange(space, &b, &a);
        exchange(space, &a, &b);
        for (browser, lang) in [(&mut one, "en"), (&mut two, "fa")] {
            for rest in [
                format!("spaces/{space}/capabilities"),
                format!("spaces/{space}/capabilities?party={payload}&field={payload}"),
                format!("spaces/{space}/log"),
                "matches".to_owned(),
                format!("spaces/{space}/offer?capability={}&need={}", id(&capability), id(&need)),
                capability.clone(),
                need.clone(),
            ] {
                let path = format!("/{lang}/{}", rest.replace(['"', '<', '>', ' '], "%22"));
                let page = browser.get(&path).await;
                assert_eq!(page.status, 200, "{path}");
                pages.push(page);
            }
        }
        pages.push(two.get(&format!("/fa/{need}/withdraw")).await);
        for page in pages {
            for never in ["<img", "<svg", "' onfocus", "\"><img", "\u{202e}", "\u{2068}", "\u{2069}"] {
                assert!(!page.body.contains(never), "{never} on {}: {}", page.path, page.body);
            }
            let (opened, closed) = (page.body.matches("<bdi").count(), page.body.matches("</bdi>").count());
            assert_eq!(opened, closed, "isolation is closed on {}", page.path);
        }
    }
}

//! What others write never becomes markup, wherever it is shown.

use web::Lang;

use crate::world::{GOOD, exchange, meet_as};

const PAYLOADS: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "</textarea><svg onload=alert(1)>",
];
/// Marks that could break out of an isolation and turn the rest of the page around.
const MARKS: &str = "\u{2069}\u{202e}\u{2068}";

#[tokio::test]
async fn a_payload_in_every_field_comes_out_escaped_on_every_page() {
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let name = format!("A{number}{payload}{MARKS}");
        let (a, b, space) = meet_as(&name, &format!("B{payload}"), &format!("C{payload}{MARKS}"));
        let person = format!("D{payload}{MARKS}");
        a.person(&person, node::Role::Head);
        let mut one = a.browser_of(&person, "en").await;
        let form = one.get(&format!("/en/spaces/{space}/offer")).await;
        let texts = ["title-en", "title-fa", "deliverable", "criterion", "condition", "reason"];
        let typed: Vec<_> = GOOD.iter().copied().filter(|(name, _)| !texts.contains(name)).collect();
        let typed = [typed, texts.map(|name| (name, *payload)).to_vec()].concat();
        let bad: Vec<_> = typed
            .iter()
            .map(|(name, value)| (*name, if *name == "zone" { *payload } else { *value }))
            .collect();
        let bad = one.send(&form, &bad).await;
        assert_eq!(bad.status, 422);
        assert_eq!(bad.field("title-en"), *payload, "kept as typed");
        let preview = one.send(&form, &typed).await;
        assert_eq!(preview.status, 200, "{}", preview.body);
        assert_eq!(preview.field("deliverable"), *payload);
        let signed = one.press(&preview, "sign").await;
        let confirmation = one.get(&signed.location).await;
        let to = confirmation.link_to("/commitments/")["/en/".len()..].to_owned();
        exchange(space, &b, &a);
        let mut two = b.browser(Lang::Persian).await;
        let page = two.get(&format!("/fa/{to}")).await;
        two.sign(&page.link_to("/accept"), &[("note", payload)]).await;
        exchange(space, &b, &a);
        let mut pages = vec![bad, preview, confirmation, page];
        for lang in ["en", "fa"] {
            for rest in [
                "inbox".to_owned(),
                "people".to_owned(),
                "sessions".to_owned(),
                "spaces".to_owned(),
                format!("spaces/{space}"),
                format!("spaces/{space}/commitments"),
                format!("spaces/{space}/log"),
                to.clone(),
                format!("{to}/terms/amend"),
                format!("{to}/terms/end"),
            ] {
                pages.push(one.get(&format!("/{lang}/{rest}")).await);
            }
        }
        pages.push(one.sign_in("en", &person, "a wrong passphrase").await);
        pages.push(two.get(&format!("/en/{to}/report?terms={}", "0".repeat(64))).await);
        for page in pages {
            for never in [
                "<script",
                "<img",
                "<svg",
                "' onfocus",
                "\"><img",
                "</textarea><svg",
                "\u{202e}",
                "\u{2068}",
                "\u{2069}",
            ] {
                assert!(!page.body.contains(never), "{never} on {}: {}", page.path, page.body);
            }
            let (opened, closed) = (page.body.matches("<bdi").count(), page.body.matches("</bdi>").count());
            assert_eq!(opened, closed, "isolation is closed on {}", page.path);
        }
    }
}

#[tokio::test]
async fn odd_addresses_and_queries_are_answered_without_a_fault() {
    let (a, _b, space) = meet_as("A", "B", "C");
    let mut browser = a.browser(Lang::English).await;
    for path in [
        format!("/en/spaces/{space}/log?after=99999999999999999999"),
        format!("/en/spaces/{space}/log?after=-1"),
        format!("/en/spaces/{space}/commitments?after=18446744073709551615.x"),
        "/en/inbox?box=%00%ff&box=x".to_owned(),
        "/en/inbox?box=".to_owned() + &"x".repeat(5_000),
        format!("/en/commitments/{}/accept?slot=x&terms=y", "0".repeat(64)),
        "/en/signed/".to_owned() + &"x".repeat(500),
        "/en/%ff%fe/inbox".to_owned(),
        "/en//inbox".to_owned(),
    ] {
        let page = browser.get(&path).await;
        assert!(page.status < 500, "{path}: {} {}", page.status, page.body);
    }
}

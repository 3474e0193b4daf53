//! Every route for every role. The routes are read out of the program's own table, so that one which is missing here
//! fails the test.

use std::collections::BTreeSet;

use node::oplog::SpaceId;
use node::{Authorized, ManagePeople, Role};

use crate::browser::{Browser, Page, encode};
use crate::world::{Side, meet, offer};

/// Every route: how, where, and the first letters of the roles that may; none where no session is needed.
const ROUTES: [(&str, &str, &str); 62] = [
    ("get", "/style.css", ""),
    ("get", "/{lang}/sign-in", ""),
    ("post", "/{lang}/sign-in", ""),
    ("get", "/{lang}/invitation/{secret}", ""),
    ("post", "/{lang}/invitation/{secret}", ""),
    ("get", "/", "hforg"),
    ("get", "/{lang}", "hforg"),
    ("post", "/{lang}/leave", "hforg"),
    ("get", "/{lang}/sessions", "hforg"),
    ("post", "/{lang}/sessions/{session}/end", "hforg"),
    ("get", "/{lang}/search", "hforg"),
    ("get", "/{lang}/spaces", "hforg"),
    ("get", "/{lang}/spaces/{space}", "hforg"),
    ("get", "/{lang}/spaces/{space}/commitments", "hforg"),
    ("get", "/{lang}/spaces/{space}/log", "hforg"),
    ("get", "/{lang}/spaces/{space}/capabilities", "hforg"),
    ("get", "/{lang}/commitments/{object}", "hforg"),
    ("get", "/{lang}/entries/{entry}/file", "hforg"),
    ("get", "/{lang}/commitments/{object}/comment", "hfo"),
    ("post", "/{lang}/commitments/{object}/comment", "hfo"),
    ("get", "/{lang}/commitments/{object}/attach", "hfo"),
    ("post", "/{lang}/commitments/{object}/attach", "hfo"),
    ("get", "/{lang}/commitments/{object}/private", "hfor"),
    ("post", "/{lang}/commitments/{object}/private", "hfo"),
    ("get", "/{lang}/answers", "hfo"),
    ("post", "/{lang}/answers", "hfo"),
    ("get", "/{lang}/drafts", "hfo"),
    ("post", "/{lang}/drafts/{draft}/end", "hfo"),
    ("get", "/{lang}/entries/{entry}/erase", "h"),
    ("post", "/{lang}/entries/{entry}/erase", "h"),
    ("get", "/{lang}/spaces/{space}/agreements", "hforg"),
    ("get", "/{lang}/agreements/{object}", "hforg"),
    ("get", "/{lang}/declarations/{object}", "hforg"),
    ("get", "/{lang}/inbox", "hfor"),
    ("get", "/{lang}/stocktake", "hfor"),
    ("get", "/{lang}/transcripts", "hfor"),
    ("post", "/{lang}/transcripts/{object}", "hfo"),
    ("get", "/{lang}/spaces/{space}/transcripts", "hfo"),
    ("post", "/{lang}/spaces/{space}/transcripts", "hfo"),
    ("get", "/{lang}/matches", "hfor"),
    ("get", "/{lang}/signed/{request}", "hfor"),
    ("get", "/{lang}/spaces/{space}/offer", "hfo"),
    ("post", "/{lang}/spaces/{space}/offer", "hfo"),
    ("get", "/{lang}/commitments/{object}/terms/{kind}", "hfo"),
    ("post", "/{lang}/commitments/{object}/terms/{kind}", "hfo"),
    ("get", "/{lang}/commitments/{object}/{verb}", "hfo"),
    ("post", "/{lang}/commitments/{object}/{verb}", "hfo"),
    ("get", "/{lang}/spaces/{space}/agree", "hfo"),
    ("post", "/{lang}/spaces/{space}/agree", "hfo"),
    ("get", "/{lang}/agreements/{object}/terms/{kind}", "hfo"),
    ("post", "/{lang}/agreements/{object}/terms/{kind}", "hfo"),
    ("get", "/{lang}/agreements/{object}/{verb}", "hfo"),
    ("post", "/{lang}/agreements/{object}/{verb}", "hfo"),
    ("get", "/{lang}/spaces/{space}/declare/{sort}", "hfo"),
    ("post", "/{lang}/spaces/{space}/declare/{sort}", "hfo"),
    ("get", "/{lang}/declarations/{object}/{verb}", "hfo"),
    ("post", "/{lang}/declarations/{object}/{verb}", "hfo"),
    ("get", "/{lang}/spaces/{space}/ballots/{ballot}/{verb}", "h"),
    ("post", "/{lang}/spaces/{space}/ballots/{ballot}/{verb}", "h"),
    ("get", "/{lang}/people", "hf"),
    ("post", "/{lang}/people", "hf"),
    ("post", "/{lang}/people/{person}", "hf"),
];

const ROLE_REFUSED: &str = "Your role does not allow this";

/// An address of a route.
fn filled(path: &str, space: SpaceId, to: &str) -> String {
    path.replace("/{lang}/commitments/{object}", &format!("/en/{to}"))
        .replace("/declarations/{object}/{verb}", "/declarations/{object}/correct")
        .replace("/declarations/{object}", &format!("/declarations/{}", "0".repeat(64)))
        .replace("{lang}", "en")
        .replace("{object}", to.rsplit('/').next().unwrap_or(to))
        .replace("{space}", &space.to_string())
        .replace("{ballot}", &"0".repeat(64))
        .replace("{entry}", &"0".repeat(64))
        .replace("transcripts/{object}", &format!("transcripts/{}", "0".repeat(64)))
        .replace("{draft}", &"0".repeat(64))
        .replace("{session}", &"0".repeat(64))
        .replace("{person}", &"0".repeat(64))
        .replace("{secret}", &"0".repeat(64))
        .replace("{sort}", "need")
        .replace("{verb}", "accept")
        .replace("{kind}", "amend")
        .replace("{request}", "1")
}

/// Every address that changes something in a session.
pub(crate) fn changes(space: SpaceId, to: &str) -> Vec<String> {
    let inside = ROUTES.into_iter().filter(|(method, _, roles)| *method == "post" && !roles.is_empty());
    inside.map(|(_, path, _)| filled(path, space, to)).collect()
}

/// Every address that shows something in a session, and what is no address.
pub(crate) fn reads(space: SpaceId, to: &str) -> Vec<String> {
    let inside = ROUTES.into_iter().filter(|(method, _, roles)| *method == "get" && !roles.is_empty());
    let nowhere = ["/en/nowhere", "/peer/v0"].map(str::to_owned);
    inside.map(|(_, path, _)| filled(path, space, to)).chain(nowhere).collect()
}

#[test]
fn the_table_above_is_whole() {
    let source = include_str!("../../src/routes.rs");
    let desk = &source[source.find("fn desk(").unwrap()..];
    let mut found = BTreeSet::new();
    for route in desk.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        let handlers = route.split_once(',').unwrap().1.split(".route").next().unwrap();
        for method in ["get", "post", "put", "patch", "delete", "any"] {
            if handlers.contains(&format!("{method}(")) {
                assert!(found.insert((method, path)), "{method} {path} twice");
            }
        }
    }
    let here: BTreeSet<_> = ROUTES.into_iter().map(|(method, path, _)| (method, path)).collect();
    assert_eq!(found, here);
    assert_eq!(
        source.matches(".route(").count(),
        desk.matches(".route(").count() + 2,
        "and the two of peers"
    );
    for other in [".route_service(", ".nest(", ".nest_service(", ".fallback_service("] {
        assert!(!source.contains(other), "{other} would hide routes from this test");
    }
}

/// Asks for an address as whoever `browser` belongs to, with all that a form of that session carries.
async fn ask(browser: &mut Browser, method: &str, path: &str, token: &str) -> Page {
    if method == "get" {
        return browser.get(path).await;
    }
    browser.post(path, &[("token".to_owned(), token.to_owned())]).await
}

async fn token(browser: &mut Browser) -> String {
    browser.get("/en/spaces").await.field("token")
}

/// Holds every route to the letter of a role.
async fn hold(side: &Side, space: SpaceId, to: &str, name: &str, letter: char) {
    let before = side.entries(space);
    for (method, path, roles) in ROUTES {
        let mut browser = side.browser_of(name, "en").await;
        let token = token(&mut browser).await;
        let page = ask(&mut browser, method, &filled(path, space, to), &token).await;
        let what = format!("{method} {path} as {name}: {} {}", page.status, page.body);
        if roles.is_empty() || roles.contains(letter) {
            assert!(page.status != 401 && page.status != 403 && page.status < 500, "{what}");
        } else {
            assert_eq!(page.status, 403, "{what}");
            assert!(page.body.contains(ROLE_REFUSED) && !page.body.contains("locomotives"), "{what}");
        }
    }
    assert_eq!(side.entries(space), before);
}

async fn offered() -> (Side, SpaceId, String) {
    let (a, _b, space) = meet();
    let to = offer(&mut a.browser(web::Lang::English).await, "en", space).await;
    (a, space, to)
}

#[tokio::test]
async fn every_route_answers_the_roles_that_may_and_refuses_the_others() {
    let (a, space, to) = offered().await;
    for (role, letter) in Role::ALL.into_iter().zip("hforg".chars()) {
        let name = format!("one {}", role.code());
        a.person(&name, role);
        hold(&a, space, &to, &name, letter).await;
    }
}

#[tokio::test]
async fn a_session_after_its_role_was_taken_may_what_is_left_and_one_of_a_closed_account_nothing() {
    let (a, space, to) = offered().await;
    let may = Authorized::by_operator(ManagePeople);
    let id = a.person("one officer", Role::Officer);
    let mut browser = a.browser_of("one officer", "en").await;
    let token = token(&mut browser).await;
    assert_eq!(browser.get(&format!("/en/spaces/{space}/offer")).await.status, 200);
    a.shared.lock().set_role(&may, id, Role::Guest).unwrap();
    let skipped = "/{lang}/leave";
    for (method, path, roles) in ROUTES.into_iter().filter(|(_, path, _)| *path != skipped) {
        let page = ask(&mut browser, method, &filled(path, space, &to), &token).await;
        let refused = !roles.is_empty() && !roles.contains('g');
        assert_eq!(page.status == 403, refused, "{method} {path}: {}", page.status);
    }
    a.shared.lock().remove_person(&may, id).unwrap();
    for (method, path, _) in ROUTES.into_iter().filter(|(_, _, roles)| !roles.is_empty()) {
        let page = ask(&mut browser, method, &filled(path, space, &to), &token).await;
        assert_eq!(page.status, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn every_route_of_a_session_refuses_one_that_is_over_and_a_guest_whose_time_is() {
    let (a, space, to) = offered().await;
    a.person("one guest", Role::Guest);
    let mut browsers = vec![a.browser(web::Lang::English).await, a.browser_of("one guest", "en").await];
    a.pass_ms(3_600_000);
    for browser in &mut browsers {
        for (method, path, _) in ROUTES.into_iter().filter(|(_, _, roles)| !roles.is_empty()) {
            assert_eq!(
                ask(browser, method, &filled(path, space, &to), "").await.status,
                401,
                "{method} {path}"
            );
        }
    }
    // Thirty days, less an hour that has passed and a minute.
    a.pass_ms(30 * 86_400_000 - 3_600_000 - 60_000);
    let mut guest = a.browser_of("one guest", "en").await;
    assert_eq!(guest.get("/en/spaces").await.status, 200);
    a.pass_ms(60_000);
    for (method, path, _) in ROUTES.into_iter().filter(|(_, _, roles)| !roles.is_empty()) {
        assert_eq!(
            ask(&mut guest, method, &filled(path, space, &to), "").await.status,
            401,
            "{method} {path}"
        );
    }
    assert_eq!(a.stranger().sign_in("en", "one guest", crate::world::PASSPHRASE).await.status, 422);
}

#[tokio::test]
async fn every_change_for_every_role_refuses_another_origin_and_a_missing_token() {
    let (a, space, to) = offered().await;
    for role in Role::ALL {
        let name = format!("one {}", role.code());
        a.person(&name, role);
        let mut browser = a.browser_of(&name, "en").await;
        let body = encode(&[("token".to_owned(), token(&mut browser).await)]);
        for (_, path, roles) in ROUTES.into_iter().filter(|(method, _, _)| *method == "post") {
            let path = filled(path, space, &to);
            let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
            let page = browser.request("POST", &path, &evil, body.clone()).await;
            assert!(page.status == 403 && page.body.contains("This was not sent from the desk"), "{path}");
            if !roles.is_empty() {
                let page = browser.post(&path, &[]).await;
                assert!(
                    page.status == 403 && page.body.contains("This form belongs to another session"),
                    "{path}"
                );
            }
        }
        assert_eq!(browser.get("/en/spaces").await.status, 200, "nobody was signed out");
    }
}

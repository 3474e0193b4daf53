//! Who gets in, and what every answer bears.

use node::oplog::SpaceId;
use web::{Desk, Lang};

use crate::browser::encode;
use crate::routes::{changes, reads};
use crate::world::{HEAD, PASSPHRASE, Side, meet, offer};

async fn offered() -> (Side, Side, SpaceId, String) {
    let (a, b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let to = offer(&mut browser, "en", space).await;
    (a, b, space, to)
}

#[tokio::test]
async fn nothing_is_read_or_changed_without_a_session() {
    let (a, _b, space, to) = offered().await;
    let before = a.entries(space);
    for path in reads(space, &to) {
        let page = a.stranger().get(&path).await;
        assert_eq!(page.status, 401, "{path}");
        assert!(page.body.contains("/en/sign-in") && !page.body.contains("locomotives"), "{path}");
        assert!(page.body.contains("You are not signed in"), "in English");
        assert!(page.body.contains("وارد نشده‌اید"), "and in Persian");
    }
    for path in changes(space, &to) {
        assert_eq!(a.stranger().post(&path, &[]).await.status, 401, "{path}");
        let mut made_up = a.stranger();
        made_up.cookie = Some(format!("peygir-desk-7080={}", "0".repeat(64)));
        assert_eq!(made_up.post(&path, &[]).await.status, 401, "{path}");
    }
    assert_eq!(a.entries(space), before);
}

#[tokio::test]
async fn nothing_is_changed_from_elsewhere_or_without_the_token_of_the_session() {
    let (a, _b, space, to) = offered().await;
    let (mut browser, mut other) = (a.browser(Lang::English).await, a.browser(Lang::English).await);
    let token = |page: &crate::browser::Page| page.field("token");
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let (own, foreign) = (token(&form), token(&other.get(&format!("/en/spaces/{space}/offer")).await));
    let before = a.entries(space);
    let host = a.address.to_string();
    let origin = format!("http://{host}");
    for path in changes(space, &to) {
        let good = encode(&[("token".to_owned(), own.clone())]);
        for headers in [
            [("origin", "http://evil.example"), ("sec-fetch-site", "")],
            [("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
            [("origin", "https://127.0.0.1:7080"), ("sec-fetch-site", "")],
            [("origin", "http://localhost:7080"), ("sec-fetch-site", "")],
            [("origin", origin.as_str()), ("sec-fetch-site", "cross-site")],
            [("origin", origin.as_str()), ("sec-fetch-site", "same-site")],
            [("origin", "null"), ("sec-fetch-site", "")],
            [("origin", ""), ("sec-fetch-site", "")],
            [("origin", ""), ("sec-fetch-site", "none")],
        ] {
            let page = browser.request("POST", &path, &headers, good.clone()).await;
            assert_eq!(page.status, 403, "{path} {headers:?}");
        }
        for token in ["", "0", &"0".repeat(64), &foreign] {
            let fields = [("token".to_owned(), token.to_owned())];
            assert_eq!(browser.post(&path, &fields).await.status, 403, "{path} {token}");
        }
        let typed = [("content-type", "text/plain")];
        assert_eq!(browser.request("POST", &path, &typed, good).await.status, 415, "{path}");
    }
    assert_eq!(a.entries(space), before);
    assert_eq!(browser.get("/en/inbox").await.status, 200, "the session was not ended from elsewhere");
    // Our own origin, said as older browsers say it, is believed.
    let headers = [("origin", origin.as_str()), ("sec-fetch-site", "")];
    let body = encode(&[form.fields(), vec![("step".to_owned(), "preview".to_owned())]].concat());
    let page = browser.request("POST", &format!("/en/spaces/{space}/offer"), &headers, body).await;
    assert_eq!(page.status, 422);
}

#[tokio::test]
async fn another_name_that_points_here_is_not_answered() {
    let (a, _b, _space, _to) = offered().await;
    let mut browser = a.browser(Lang::English).await;
    for host in
        ["evil.example", "evil.example:7080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:7080", ""]
    {
        let page = browser.request("GET", "/en/inbox", &[("host", host)], String::new()).await;
        assert_eq!(page.status, 421, "{host}");
        assert!(!page.body.contains("locomotives"));
    }
    assert_eq!(
        browser.request("GET", "/en/inbox", &[("host", "localhost:7080")], String::new()).await.status,
        200
    );
}

#[tokio::test]
async fn every_answer_bears_the_headers_and_no_page_asks_for_anything_from_elsewhere() {
    let (a, _b, space, to) = offered().await;
    let mut browser = a.browser(Lang::English).await;
    let mut paths = reads(space, &to);
    paths.extend(["/style.css", "/en/sign-in", "/fa/invitation/0"].map(str::to_owned));
    for path in paths {
        for page in [browser.get(&path).await, a.stranger().get(&path).await] {
            let header = |name: &str| page.headers.get(name).map(|value| value.to_str().unwrap());
            assert_eq!(
                header("content-security-policy"),
                Some(
                    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
                ),
                "{path}"
            );
            assert_eq!(header("x-content-type-options"), Some("nosniff"));
            assert_eq!(header("referrer-policy"), Some("no-referrer"));
            assert!(header("cache-control").is_some());
            for never in
                ["<script", "style=", "http://", "https://", "url(", "@import", "javascript:", "<img"]
            {
                assert!(!page.body.contains(never), "{never} on {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_from_other_sites_and_a_session_ends() {
    let (a, _b, _space) = meet();
    let opened = a.stranger().sign_in("fa", HEAD, PASSPHRASE).await;
    assert_eq!((opened.status, opened.location.as_str()), (303, "/fa"));
    let cookie = opened.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(
        cookie.starts_with("peygir-desk-7080=")
            && cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict")
    );
    let mut browser = a.browser(Lang::English).await;
    let page = browser.get("/en/spaces").await;
    a.pass_ms(61 * 60_000);
    assert_eq!(browser.get("/en/inbox").await.status, 401, "away for an hour");
    let mut browser = a.browser(Lang::English).await;
    for _ in 0..14 {
        a.pass_ms(50 * 60_000);
        assert_eq!(browser.get("/en/inbox").await.status, 200);
    }
    a.pass_ms(21 * 60_000);
    assert_eq!(browser.get("/en/inbox").await.status, 401, "after twelve hours, however busy");
    let mut browser = a.browser(Lang::English).await;
    let spaces = browser.get("/en/spaces").await;
    assert_ne!(spaces.body, page.body, "the token is another");
    let cookie = browser.cookie.clone();
    let left = browser.press(&crate::browser::Page { path: "/en/leave".to_owned(), ..spaces }, "").await;
    assert_eq!((left.status, browser.cookie.take()), (303, None));
    browser.cookie = cookie;
    assert_eq!(browser.get("/en/inbox").await.status, 401, "also for whoever kept the cookie");
}

#[tokio::test]
async fn where_browsers_come_by_tls_the_cookie_is_bound_to_that_host() {
    let (a, _b, _space) = meet();
    let desk = a.desk.clone().behind_tls("desk.example.org");
    assert!(desk.invitation_link(Lang::English, "x").starts_with("https://desk.example.org/en/invitation/"));
    let mut browser = crate::browser::Browser::new(web::desk(desk), a.address);
    assert_eq!(browser.sign_in("en", HEAD, PASSPHRASE).await.status, 421, "by another name");
    let body =
        encode(&[("name", HEAD), ("passphrase", PASSPHRASE)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    for (origin, status) in [("http://desk.example.org", 403), ("https://desk.example.org", 303)] {
        let headers = [("host", "desk.example.org"), ("origin", origin)];
        let opened = browser.request("POST", "/en/sign-in", &headers, body.clone()).await;
        assert_eq!(opened.status, status);
        if status == 303 {
            let cookie = opened.headers.get("set-cookie").unwrap().to_str().unwrap();
            assert!(
                cookie.starts_with("__Host-peygir-desk=")
                    && cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure")
            );
        }
    }
    let inbox = browser.request("GET", "/en/inbox", &[("host", "desk.example.org")], String::new()).await;
    assert_eq!(inbox.status, 200);
}

#[test]
fn a_desk_is_served_on_this_machine_alone() {
    let (a, _b, _space) = meet();
    for address in
        ["0.0.0.0:7080", "192.168.1.4:7080", "[::]:7080", "[2001:db8::1]:7080", "[::ffff:10.0.0.1]:7080"]
    {
        assert!(Desk::new(a.shared.clone(), address.parse().unwrap()).is_err(), "{address}");
    }
    for address in ["127.0.0.1:7080", "127.9.9.9:1", "[::1]:7080", "[::ffff:127.0.0.1]:7080"] {
        assert!(Desk::new(a.shared.clone(), address.parse().unwrap()).is_ok(), "{address}");
    }
}

#[tokio::test]
async fn what_is_elsewhere_and_what_is_nowhere_get_the_same_answer() {
    let (a, _b, _space) = meet();
    let (_c, _d, other) = crate::world::meet_as("Elsewhere", "Nowhere", "Another commission");
    let mut browser = a.browser(Lang::English).await;
    let mut answers = Vec::new();
    for id in [other.to_string(), "0".repeat(64), "ff".to_owned(), "..".to_owned()] {
        for path in
            [format!("/en/spaces/{id}"), format!("/en/spaces/{id}/log"), format!("/en/commitments/{id}")]
        {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 404, "{path}");
            answers.push(page.body);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(browser.get("/xx/inbox").await.status, 404, "a language that there is not");
}

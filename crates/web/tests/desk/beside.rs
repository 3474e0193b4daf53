//! Comments, files and erasures: written, read, handed out, and never run.

use node::oplog::SpaceId;
use web::Lang;

use crate::browser::{Browser, Page, multipart};
use crate::world::{Side, exchange, meet, offer};

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
const HTML: &str = "<!doctype html><script>alert(1)</script>";
const PAYLOADS: [&str; 3] =
    ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</textarea><svg onload=alert(1)>"];

/// A commitment on the table, with a browser at each side.
async fn offered() -> (Side, Side, SpaceId, Browser, Browser, String) {
    let (a, b, space) = meet();
    let (mut one, two) = (a.browser(Lang::English).await, b.browser(Lang::Persian).await);
    let to = offer(&mut one, "en", space).await;
    exchange(space, &b, &a);
    (a, b, space, one, two, to)
}

/// Attaches a file by the page for it, and gives the preview and the page after the signature.
async fn attach(
    browser: &mut Browser,
    lang: &str,
    to: &str,
    file: (&str, &str, &str),
    note: &str,
) -> (Page, Page) {
    let form = browser.get(&format!("/{lang}/{to}/attach")).await;
    let preview = browser.upload(&form, file, &[("note", note)]).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let signed = browser.press(&preview, "sign").await;
    assert_eq!(signed.status, 303, "{}", signed.body);
    let page = browser.get(&signed.location).await;
    (preview, page)
}

#[tokio::test]
async fn a_comment_is_signed_read_by_the_other_side_and_taken_back_with_a_reason() {
    let (a, b, space, mut one, mut two, to) = offered().await;
    let page = one.get(&format!("/en/{to}")).await;
    let form = one.get(&page.link_to("/comment")).await;
    let empty = one.send(&form, &[]).await;
    assert_eq!(empty.status, 422, "a comment is nothing without words");
    let signed = one.sign(&format!("/en/{to}/comment"), &[("note", "the loading plan is ready")]).await;
    let words = signed.words();
    for said in
        ["Ministry of Roads commented", "the loading plan is ready", "Deliver 12 locomotives", "by The head"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
    exchange(space, &b, &a);
    let page = two.get(&format!("/fa/{to}")).await;
    assert!(page.words().contains("the loading plan is ready") && page.words().contains("نظری نوشت"));
    assert!(!page.links().iter().any(|link| link.ends_with("/erase")), "what is another's is not taken back");
    let page = one.get(&format!("/en/{to}")).await;
    let erase = page.link_to("/erase");
    let form = one.get(&erase).await;
    assert!(form.words().contains("the loading plan is ready"), "what is taken back is shown");
    let refused = one.send(&form, &[("note", " ")]).await;
    assert_eq!(refused.status, 422);
    one.sign(&erase, &[("note", "it named a person")]).await;
    exchange(space, &b, &a);
    for (side, lang) in [(&mut one, "en"), (&mut two, "fa")] {
        let page = side.get(&format!("/{lang}/{to}")).await;
        assert!(
            !page.words().contains("the loading plan is ready") && page.words().contains("it named a person")
        );
    }
    assert_eq!(one.get(&erase).await.status, 409, "what is gone is not taken back again");
}

#[tokio::test]
async fn a_file_travels_and_is_handed_out_as_it_was_signed_and_so_that_nothing_in_it_acts() {
    let (a, b, space, mut one, mut two, to) = offered().await;
    for (number, file) in [
        ("act.svg", "image/svg+xml", SVG),
        ("minutes.html", "text/html", HTML),
        ("صورت‌جلسهٔ ۱۷.pdf", "application/pdf", "%PDF-1.7 words"),
        ("../../x\u{202e}fdp.exe", "weird", "MZ"),
    ]
    .into_iter()
    .enumerate()
    {
        let (preview, signed) = attach(&mut one, "en", &to, file, "seen at the border").await;
        let hash = node::oplog::ContentHash::of(file.2.as_bytes()).to_string();
        assert!(preview.words().contains(&hash), "whoever has the file can compare it: {}", preview.words());
        assert!(signed.words().contains("attached evidence") && signed.words().contains("bytes"));
        exchange(space, &b, &a);
        let page = two.get(&format!("/fa/{to}")).await;
        assert_eq!(page.links().iter().filter(|link| link.ends_with("/file")).count(), number + 1);
        let link = page.links().into_iter().filter(|link| link.ends_with("/file")).nth(number).unwrap();
        let answer = two.get(&link).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, file.2));
        let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(header("content-type"), "application/octet-stream");
        assert!(header("content-disposition").starts_with("attachment; filename=\""));
        assert!(
            !header("content-disposition").contains("..")
                && !header("content-disposition").contains("%E2%80%AE")
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        let policy = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'";
        assert_eq!(header("content-security-policy"), policy);
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("content-length"), file.2.len().to_string());
        for page in [&preview, &signed, &page] {
            assert!(!page.body.contains(SVG) && !page.body.contains(HTML) && !page.body.contains("\u{202e}"));
        }
    }
}

#[tokio::test]
async fn a_payload_in_a_comment_a_file_name_a_media_type_or_a_reason_comes_out_escaped() {
    let (a, b, space, mut one, mut two, to) = offered().await;
    for payload in PAYLOADS {
        one.sign(&format!("/en/{to}/comment"), &[("note", payload)]).await;
        attach(&mut one, "en", &to, (&format!("{payload}.svg"), "text/html", SVG), payload).await;
        let page = one.get(&format!("/en/{to}")).await;
        let erase = page.link_to("/erase");
        one.sign(&erase, &[("note", payload)]).await;
    }
    exchange(space, &b, &a);
    let mut pages =
        vec![two.get(&format!("/fa/{to}")).await, one.get(&format!("/en/spaces/{space}/log")).await];
    pages.push(one.get(&pages[0].link_to("/comment").replace("/fa/", "/en/")).await);
    for page in pages {
        for never in ["<script", "<img", "<svg", "\"><img", "</textarea><svg"] {
            assert!(!page.body.contains(never), "{never} on {}: {}", page.path, page.body);
        }
    }
}

#[tokio::test]
async fn a_report_carries_its_evidence_and_a_file_is_signed_once_however_often_it_is_sent() {
    let (a, b, space, mut one, mut two, to) = offered().await;
    let page = two.get(&format!("/fa/{to}")).await;
    two.sign(&page.link_to("/accept"), &[]).await;
    let report = two.get(&format!("/fa/{to}")).await.link_to("/report");
    let form = two.get(&report).await;
    let form = Page { path: report.split('?').next().unwrap().to_owned(), ..form };
    let preview = two.upload(&form, ("act.pdf", "application/pdf", "act 17"), &[("note", "تحویل شد")]).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let edit = two.press(&preview, "edit").await;
    assert!(edit.words().contains("act.pdf"), "the file is kept while the words are changed");
    let form = Page { path: form.path.clone(), ..edit };
    let preview = two.send(&form, &[("note", "همه تحویل شد")]).await;
    let before = b.entries(space);
    let first = two.press(&preview, "sign").await;
    let again = two.press(&preview, "sign").await;
    assert_eq!((first.status, again.status, &first.location), (303, 303, &again.location));
    assert_eq!(b.entries(space), before + 1, "report and evidence are one entry");
    exchange(space, &b, &a);
    let page = one.get(&format!("/en/{to}")).await;
    assert_eq!(one.get(&page.link_to("/file")).await.body, "act 17");
    assert!(one.get(&page.link_to("/confirm")).await.words().contains("همه تحویل شد"));
}

#[tokio::test]
async fn what_is_too_large_missing_or_not_a_form_is_refused_and_what_was_typed_is_given_back() {
    let (a, _b, space, mut one, _two, to) = offered().await;
    let form = one.get(&format!("/en/{to}/attach")).await;
    let before = a.entries(space);
    let none = one.send(&form, &[("note", "kept words")]).await;
    assert_eq!(none.status, 422);
    assert!(none.words().matches("Choose a file.").count() == 2 && none.field("note") == "kept words");
    let empty = one.upload(&form, ("", "application/octet-stream", ""), &[]).await;
    assert_eq!(empty.status, 422, "as browsers send a form in which none was chosen");
    let long = "x".repeat(5 * 1024 * 1024);
    let page = one.upload(&form, ("a.txt", "text/plain", "words"), &[("note", &long)]).await;
    assert_eq!(page.status, 422);
    assert!(page.words().contains("This text has 5242880 letters; at most 5000 fit."));
    assert!(page.field("note") == long && page.words().contains("a.txt"), "the file and the words are kept");
    let comment = one.get(&format!("/en/{to}/comment")).await;
    let page = one.send(&comment, &[("note", &long)]).await;
    assert!(page.status == 422 && page.field("note") == long);
    let huge = "x".repeat(16 * 1024 * 1024 + 1);
    let page = one.upload(&form, ("a.bin", "x/y", &huge), &[]).await;
    assert!(page.status == 413 && page.words().contains("what you typed is still there"), "{}", page.status);
    let whole = "x".repeat(16 * 1024 * 1024);
    assert_eq!(one.upload(&form, ("a.bin", "x/y", &whole), &[]).await.status, 200, "as large as it may be");
    let fields = form.fields();
    let (kind, body) = multipart(&fields, ("a", "b/c", "d"));
    for (kind, body) in [
        ("multipart/form-data", body.clone()),
        (kind.as_str(), body.replace("--edge--", "")),
        (kind.as_str(), "--edge".to_owned()),
        (kind.as_str(), String::new()),
    ] {
        let page = one.request("POST", &form.path, &[("content-type", kind)], body).await;
        assert!(page.status == 415 || page.status == 403, "{kind}: {}", page.status);
    }
    let stolen: Vec<_> = fields.into_iter().filter(|(name, _)| name != "token").collect();
    let (kind, body) = multipart(&stolen, ("a", "b/c", "d"));
    assert_eq!(one.request("POST", &form.path, &[("content-type", &kind)], body).await.status, 403);
    let mut stranger = a.stranger();
    let (kind, body) = multipart(&[], ("a", "b/c", "d"));
    for path in [form.path.as_str(), "/en/sign-in"] {
        let page = stranger.request("POST", path, &[("content-type", &kind)], body.clone()).await;
        assert!(page.status == 401 || page.status == 415, "{path}: {}", page.status);
    }
    assert_eq!(a.entries(space), before);
}

#[tokio::test]
async fn a_file_that_was_chosen_is_of_its_chooser_alone_and_waits_a_day() {
    let (a, _b, space, mut one, _two, to) = offered().await;
    a.person("another", node::Role::Officer);
    let mut other = a.browser_of("another", "en").await;
    let form = one.get(&format!("/en/{to}/attach")).await;
    let preview = one.upload(&form, ("a.txt", "text/plain", "words"), &[]).await;
    let chosen = preview.field("chosen");
    let theirs = other.get(&format!("/en/{to}/attach")).await;
    let page = other.send(&theirs, &[("chosen", &chosen)]).await;
    assert!(page.status == 422 && page.words().contains("not kept any more"));
    let before = a.entries(space);
    a.pass_ms(86_400_000 + 1);
    let mut late = a.browser(Lang::English).await;
    let form = late.get(&format!("/en/{to}/attach")).await;
    let page = late.send(&form, &[("chosen", &chosen)]).await;
    assert!(page.status == 422 && page.words().contains("not kept any more"));
    assert_eq!(a.entries(space), before);
    assert_eq!(late.get(&format!("/en/entries/{}/file", "0".repeat(64))).await.status, 404);
}

#[tokio::test]
async fn days_without_a_signature_are_counted_while_somebody_is_waited_for() {
    let (a, _b, _space, _one, _two, to) = offered().await;
    a.pass_ms(3 * 86_400_000);
    let mut browser = a.browser(Lang::English).await;
    let page = browser.get(&format!("/en/{to}")).await;
    assert!(page.words().contains("Nothing has been signed about it for 3 days."), "{}", page.words());
    assert!(page.words().contains("Waiting for Belarusian Railway"), "who blocks it is named");
}

//! What happens to what people type: bad input is kept and explained, and a form is signed once however often it is sent.

use node::Store;
use web::Lang;

use crate::browser::encode;
use crate::world::{GOOD, exchange, meet, offer};

/// Good input with some of it replaced.
fn but(changed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = GOOD.iter().filter(|(name, _)| !changed.iter().any(|(held, _)| held == name));
    kept.chain(changed).copied().collect()
}

/// What is typed in place of good input, the field that is wrong, and what is said.
type Case<'a> = (&'a [(&'static str, &'static str)], &'a str, &'a str);

#[tokio::test]
async fn bad_input_is_explained_above_and_at_the_field_and_everything_typed_is_kept() {
    let (a, b, space) = meet();
    let own = b.shared.lock().party().to_string().leak();
    let mut browser = a.browser(Lang::English).await;
    let before = a.entries(space);
    let cases: [Case; 13] = [
        (
            &[("reckoning", "gregorian"), ("day", "31"), ("month", "2"), ("year", "2027")],
            "day",
            "There is no 31 February 2027: that month has 28 days.",
        ),
        (
            &[("day", "30"), ("month", "12"), ("year", "1407")],
            "day",
            "There is no 30 Esfand 1407: that month has 29 days.",
        ),
        (&[("day", "1"), ("month", "۱۳")], "month", "There is no month 13"),
        (&[("day", ""), ("month", ""), ("year", "")], "day", "Enter the due date."),
        (&[("day", "soon")], "day", "Enter the day as a number."),
        (
            &[("day", "29"), ("month", "6"), ("year", "1405")],
            "day",
            "This day is over. Today is 30 Shahrivar 1405",
        ),
        (&[("year", "2027")], "year", "Is this a Gregorian year?"),
        (&[("deliverable", " \n ")], "deliverable", "Enter what is delivered."),
        (&[("title-en", ""), ("title-fa", "")], "title-en", "Enter a title, in at least one language."),
        (&[("zone", "Asia/Nowhere")], "zone", "There is no time zone of this name."),
        (&[("zone", "")], "zone", "Enter a time zone."),
        (&[("debtor", "ff")], "debtor", "Choose who owes it."),
        (&[("creditor", own)], "creditor", "A party cannot owe something to itself."),
    ];
    for (typed, field, said) in cases {
        let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
        let typed = but(typed);
        let page = browser.send(&form, &typed).await;
        assert_eq!(page.status, 422, "{said}");
        let words = page.words();
        assert_eq!(words.matches(said).count(), 2, "{said}: above, and at the field; {words}");
        assert!(page.links().contains(&format!("#{field}")), "{said}");
        assert!(page.body.contains(&format!("id=\"{field}\"")), "the link leads somewhere: {field}");
        assert!(words.contains("<title>To mend: "), "{said}");
        for (name, value) in typed.iter().filter(|(name, _)| *name != "debtor") {
            assert_eq!(page.field(name), value.trim(), "{said}: {name} is kept");
        }
        assert_eq!(page.field("request"), form.field("request"));
    }
    assert_eq!(a.entries(space), before);
}

#[tokio::test]
async fn a_title_of_five_megabytes_is_refused_and_given_back() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let long = "x".repeat(5 * 1024 * 1024);
    let mut typed = but(&[]);
    typed.retain(|(name, _)| *name != "title-en");
    typed.push(("title-en", &long));
    let page = browser.send(&form, &typed).await;
    assert_eq!(page.status, 422);
    assert!(
        page.words().contains("This text has 5242880 letters; at most 300 fit."),
        "{}",
        &page.words()[..4_000]
    );
    assert_eq!(page.field("title-en"), long);
    assert_eq!(page.field("deliverable"), GOOD[2].1);
    let over = browser.request("POST", &form.path, &[], "x".repeat(16 * 1024 * 1024 + 1)).await;
    assert_eq!(over.status, 413);
    assert!(over.words().contains("what you typed is still there"));
}

#[tokio::test]
async fn persian_readers_are_told_in_persian_with_their_digits() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::Persian).await;
    let form = browser.get(&format!("/fa/spaces/{space}/offer")).await;
    let page = browser.send(&form, &but(&[("day", "30"), ("month", "12"), ("year", "1407")])).await;
    assert_eq!(page.status, 422);
    assert!(page.words().contains("۳۰ اسفند ۱۴۰۷ وجود ندارد: آن ماه ۲۹ روز دارد."), "{}", page.words());
}

#[tokio::test]
async fn the_same_form_twice_is_signed_once_and_another_under_its_id_is_not_signed() {
    let (a, b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let preview = browser.send(&form, &GOOD).await;
    let before = a.entries(space);
    let first = browser.press(&preview, "sign").await;
    let again = browser.press(&preview, "sign").await;
    assert_eq!((first.status, again.status), (303, 303));
    assert_eq!(first.location, again.location);
    assert_eq!(a.entries(space), before + 1);
    let mut fields = preview.fields();
    fields.retain(|(name, _)| name != "deliverable");
    fields.push(("deliverable".to_owned(), "13 locomotives".to_owned()));
    fields.push(("step".to_owned(), "sign".to_owned()));
    let other = browser.post(&preview.path, &fields).await;
    assert_eq!(other.status, 409);
    assert!(
        other.words().contains("This form was signed before")
            && other.words().contains("Ministry of Roads offered terms")
    );
    assert_eq!(a.entries(space), before + 1);
    // The same for a step about a commitment, after which the step is not open any more.
    exchange(space, &b, &a);
    let mut other_side = b.browser(Lang::English).await;
    let to = other.link_to("/commitments/");
    let page = other_side.get(&to).await;
    let accept = page.link_to("/accept");
    let form = other_side.get(&accept).await;
    let form = crate::browser::Page { path: accept.split('?').next().unwrap().to_owned(), ..form };
    let preview = other_side.send(&form, &[]).await;
    let before = b.entries(space);
    let first = other_side.press(&preview, "sign").await;
    let again = other_side.press(&preview, "sign").await;
    assert_eq!((first.status, again.status), (303, 303));
    assert_eq!(first.location, again.location);
    assert_eq!(b.entries(space), before + 1);
}

#[tokio::test]
async fn a_form_without_an_id_of_its_own_is_not_signed() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let preview = browser.send(&form, &GOOD).await;
    for id in ["", "a/b", "a b", &"a".repeat(65)] {
        let mut fields = preview.fields();
        fields.retain(|(name, _)| name != "request");
        fields.push(("request".to_owned(), id.to_owned()));
        fields.push(("step".to_owned(), "sign".to_owned()));
        let page = browser.request("POST", &preview.path, &[], encode(&fields)).await;
        assert_eq!(page.status, 415, "{id}");
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_or_words_alone_is_explained() {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::English).await);
    let to = offer(&mut one, "en", space).await;
    exchange(space, &b, &a);
    let page = two.get(&format!("/en/{to}")).await;
    two.sign(&page.link_to("/accept"), &[]).await;
    let form = two.get(&format!("/en/{to}/terms/amend")).await;
    let page = two.send(&form, &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.words().contains("Nothing differs from the terms in force"));
    let page = two.send(&form, &[("deliverable", "13 locomotives")]).await;
    assert!(page.words().contains("Only words differ."));
    let page = two.send(&form, &[("deliverable", "13 locomotives"), ("year", "2028")]).await;
    assert_eq!(page.status, 200, "{}", page.words());
    assert!(page.words().contains("13 locomotives") && page.words().contains("Before:"));
}

#[tokio::test]
async fn a_restored_node_says_everywhere_that_it_will_not_sign_and_why() {
    let (a, _b, space) = meet();
    let backup = a.shared.lock().copy_store().unwrap();
    let mut browser = a.browser(Lang::Persian).await;
    let to = offer(&mut browser, "fa", space).await;
    {
        let mut node = a.shared.lock();
        let empty = crate::world::party("Nobody", 9, &a.time);
        let restored = Store::from_copy(&backup).unwrap();
        *node = std::mem::replace(&mut *node, empty).restarted(Some(restored)).unwrap();
    }
    // Sessions are what a database holds, and an older one does not hold this.
    assert_eq!(browser.get("/fa/inbox").await.status, 401);
    let mut browser = a.browser(Lang::Persian).await;
    let why = "پایگاه داده از آنچه این گره امضا کرده کهنه‌تر است";
    for path in ["/fa/inbox".to_owned(), format!("/fa/spaces/{space}")] {
        assert!(browser.get(&path).await.words().contains(why), "{path}");
    }
    assert!(browser.get("/fa/spaces").await.words().contains("این گره اینجا امضا نمی‌کند"));
    assert_eq!(browser.get(&format!("/fa/{to}")).await.status, 404, "the backup is older than the offer");
    let form = browser.get(&format!("/fa/spaces/{space}/offer")).await;
    let preview = browser.send(&form, &GOOD).await;
    let before = a.entries(space);
    let page = browser.press(&preview, "sign").await;
    assert_eq!(page.status, 422);
    assert!(page.words().contains("امضا نشد") && page.words().contains(why));
    assert_eq!(page.field("deliverable"), GOOD[2].1, "nothing is lost");
    assert_eq!(a.entries(space), before);
}

#[tokio::test]
async fn the_log_says_why_a_refused_entry_changes_nothing() {
    let (a, _b, space) = meet();
    let mut browser = a.browser(Lang::English).await;
    offer(&mut browser, "en", space).await;
    {
        let mut node = a.shared.lock();
        let log = node.log(space, 0, 100).unwrap();
        let (key, seq) = log.iter().find(|entry| entry.word == "offer").unwrap().key;
        node.revoke(space, key, Some(seq - 1)).unwrap();
    }
    let english = browser.get(&format!("/en/spaces/{space}/log")).await;
    assert!(
        english.words().contains("Changes nothing:</strong> The key was taken back before this entry."),
        "{}",
        english.words()
    );
    let persian = browser.get(&format!("/fa/spaces/{space}/log")).await;
    assert!(persian.words().contains("چیزی را تغییر نمی‌دهد:</strong> کلید پیش از این ثبت باطل شده بود."));
}

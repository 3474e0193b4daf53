//! Search: what is found, however it is written, and what is not found any more.

use node::Store;
use node::oplog::SpaceId;
use web::Lang;

use crate::browser::{Browser, Page};
use crate::world::{GOOD, exchange, meet, meet_as};

async fn find(browser: &mut Browser, lang: &str, words: &str) -> Page {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", words);
    let page = browser.get(&format!("/{lang}/search?{}", query.finish())).await;
    assert_eq!(page.status, 200, "{words}: {}", page.body);
    page
}

/// How many commitments are found.
async fn count(browser: &mut Browser, words: &str) -> usize {
    find(browser, "en", words).await.body.matches("<li class=\"row\">").count()
}

async fn offer_of(browser: &mut Browser, space: SpaceId, title: &str, deliverable: &str) -> String {
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let typed =
        GOOD.iter().copied().filter(|(name, _)| !["title-en", "title-fa", "deliverable"].contains(name));
    let typed = [typed.collect::<Vec<_>>(), vec![("title-en", title), ("deliverable", deliverable)]].concat();
    let preview = browser.send(&form, &typed).await;
    let signed = browser.press(&preview, "sign").await;
    let page = browser.get(&signed.location).await;
    page.link_to("/commitments/")["/en/".len()..].to_owned()
}

#[tokio::test]
async fn a_commitment_is_found_by_title_text_party_comment_and_file_however_it_is_written() {
    let (a, b, space) = meet_as("وزارت راه", "Беларуская чыгунка", "Joint commission");
    let mut one = a.browser(Lang::English).await;
    let to =
        offer_of(&mut one, space, "صدور گواهی\u{200c}های مبدأ", "۱۲ گواهي در هر ماه، на приёмке в Бресте")
            .await;
    offer_of(&mut one, space, "Repair of wagons", "five wagons").await;
    for words in [
        "گواهی",
        "گواهي",
        "گواهی\u{200c}های",
        "گواهیهای",
        "گواهی های",
        "GOVAHI گواهی",
        "12 ماه",
        "۱۲",
        "مبدا",
        "صُدور",
        "приемке",
        "ПРИЁМКЕ брест",
        "беларуская",
        "راه وزارت",
    ] {
        let expected = match words {
            "GOVAHI گواهی" => 0,
            "беларуская" | "راه وزارت" => 2,
            _ => 1,
        };
        assert_eq!(count(&mut one, words).await, expected, "{words}");
    }
    one.sign(&format!("/en/{to}/comment"), &[("note", "The zebra crossing is closed on Fridays")]).await;
    let form = one.get(&format!("/en/{to}/attach")).await;
    let preview = one.upload(&form, ("manifest-881.pdf", "application/pdf", "x"), &[]).await;
    one.press(&preview, "sign").await;
    let page = find(&mut one, "en", "zebra friday").await;
    assert!(page.body.contains(&to) && page.words().contains("The zebra crossing is closed on Fridays"));
    assert_eq!(count(&mut one, "manifest 881").await, 1);
    // The other side finds the same in what it has received.
    exchange(space, &b, &a);
    let mut two = b.browser(Lang::Persian).await;
    let page = find(&mut two, "fa", "zebra").await;
    assert!(page.body.contains(&to), "{}", page.words());
    for words in ["", "  ", "\"", "* OR *", "NEAR(a b)", "<script>", "\u{202e}", &"x ".repeat(5_000)] {
        let page = find(&mut one, "en", words).await;
        assert!(!page.body.contains("<script") && !page.body.contains("class=\"row\""), "{words}");
    }
}

#[tokio::test]
async fn what_was_taken_back_is_found_no_more_on_either_side() {
    let (a, b, space) = meet();
    let mut one = a.browser(Lang::English).await;
    let to = offer_of(&mut one, space, "Locomotives", "twelve").await;
    one.sign(&format!("/en/{to}/comment"), &[("note", "zebraword to be forgotten")]).await;
    exchange(space, &b, &a);
    let mut two = b.browser(Lang::English).await;
    assert_eq!((count(&mut one, "zebraword").await, count(&mut two, "zebraword").await), (1, 1));
    let erase = one.get(&format!("/en/{to}")).await.link_to("/erase");
    one.sign(&erase, &[("note", "a slip")]).await;
    exchange(space, &b, &a);
    for side in [&a, &b] {
        // Before anybody asks again: it left the index with the erasure, not with the next question.
        let copy = side.shared.lock().copy_store().unwrap();
        let holding = Store::from_copy(&copy).unwrap().tables_holding(b"zebraword").unwrap();
        assert_eq!(holding, [""; 0]);
    }
    assert_eq!((count(&mut one, "zebraword").await, count(&mut two, "zebraword").await), (0, 0));
    assert_eq!((count(&mut one, "locomotives").await, count(&mut two, "slip").await), (1, 1));
}

#[tokio::test]
async fn many_are_found_in_pages_the_newest_first_and_the_same_after_a_rebuild() {
    let (a, _b, space) = meet();
    let mut one = a.browser(Lang::English).await;
    for number in 0..23 {
        offer_of(&mut one, space, &format!("Wagon {number}"), "a wagon").await;
    }
    for _ in 0..2 {
        let first = find(&mut one, "en", "wagon").await;
        assert_eq!(first.body.matches("<li class=\"row\">").count(), 20);
        assert!(first.words().find("Wagon 22").unwrap() < first.words().find("Wagon 21").unwrap());
        let second = one.get(&first.link_to("before=")).await;
        assert_eq!(second.body.matches("<li class=\"row\">").count(), 3);
        assert!(second.words().contains("Wagon 0") && !second.body.contains("rel=\"next\""));
        a.shared.lock().rebuild(space).unwrap();
    }
}

//! The stocktake and the boxes of the inbox: what is counted, named and found again after a rebuild.

use agreement::Rules;
use web::Lang;

use crate::browser::Browser;
use crate::world::{GOOD, Side, exchange, meet, meet_as, offer};

/// Offers good terms of a field, and gives where they are.
async fn offer_in(browser: &mut Browser, space: node::oplog::SpaceId, field: &str, title: &str) -> String {
    let form = browser.get(&format!("/en/spaces/{space}/offer")).await;
    let typed: Vec<_> = GOOD.iter().copied().filter(|(name, _)| *name != "title-en").collect();
    let preview = browser.send(&form, &[typed, vec![("field", field), ("title-en", title)]].concat()).await;
    assert_eq!(preview.status, 200, "{}", preview.words());
    let signed = browser.press(&preview, "sign").await;
    browser.get(&signed.location).await.link_to("/commitments/")["/en/".len()..].to_owned()
}

async fn step(side: &mut Browser, to: &str, verb: &str) {
    let page = side.get(&format!("/en/{to}")).await;
    side.sign(&page.link_to(&format!("/{verb}")), &[("note", "because")]).await;
}

/// The cells of a row of a table that begins with a name, without markup.
fn row(words: &str, table: &str, begins: &str) -> Vec<String> {
    let table = &words[words.find(&format!("id=\"table-{table}\"")).unwrap()..];
    let table = &table[..table.find("</table>").unwrap()];
    let row = table.split("<tr>").find(|row| row.split("</th>").next().unwrap().contains(begins));
    let row = row.unwrap_or_else(|| panic!("no row {begins} in {table}"));
    let cells = row.split("<td ").skip(1);
    cells.map(|cell| cell[cell.find('>').unwrap() + 1..].split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_stocktake_says_how_things_stand_what_is_stuck_with_whom_and_for_how_long() {
    let (a, b, space) = meet();
    let (mut one, mut two) = (a.browser(Lang::English).await, b.browser(Lang::English).await);
    let mut all = Vec::new();
    for (field, title) in [("T", "First"), ("T", "Second"), ("C", "Third"), ("", "Fourth")] {
        all.push(offer_in(&mut one, space, field, title).await);
    }
    exchange(space, &b, &a);
    for to in &all[..3] {
        step(&mut two, to, "accept").await;
    }
    step(&mut two, &all[0], "report").await;
    exchange(space, &b, &a);
    step(&mut one, &all[0], "confirm").await;
    step(&mut two, &all[1], "report").await;
    exchange(space, &b, &a);
    let counts = a.shared.lock().heap_counts().unwrap();
    assert_eq!(counts, [1, 0, 0, 1, 1], "answer, overdue, owe, owed, sent");
    // Past the due day of them all.
    a.pass_ms(200 * 86_400_000);
    let mut one = a.browser(Lang::English).await;
    let page = one.get("/en/stocktake").await;
    let words = page.words();
    for said in [
        "2 commitments are in force and still to be done.",
        "1 of what we owe or are owed is overdue.",
        "1 waits for our answer.",
        "1 of our offers waits for others.",
        "1 commitment is fulfilled.",
        "Needs our decision",
        "Second",
        "Third",
        "Fourth",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    // Owes us 2, of that 1 overdue; we owe nothing; one waits for us, two for them, the oldest for 199 days.
    let days: Vec<_> = row(&words, "between", "Belarusian Railway");
    assert_eq!(days[..6], ["2", "1", "0", "0", "1", "2"]);
    assert_eq!(days[6], "200");
    // Fulfilled, open, offered, ended.
    assert_eq!(row(&words, "balance", "Belarusian Railway"), ["1", "2", "1", "0"]);
    assert_eq!(row(&words, "fields", "Trade"), ["0", "1", "0", "1", "0"]);
    assert_eq!(row(&words, "fields", "Corridors and transit"), ["0", "1", "0", "0", "0"]);
    assert_eq!(row(&words, "fields", "no field"), ["1", "0", "0", "0", "0"]);
    // The other side sees the same from its own end, in Persian.
    b.pass_ms(200 * 86_400_000);
    let mut two = b.browser(Lang::Persian).await;
    let words = two.get("/fa/stocktake").await.words();
    assert!(words.contains("۲ تعهد جاری است") && words.contains("نیازمند تصمیم ما"), "{words}");
    let before = one.get("/en/stocktake").await.words();
    a.shared.lock().rebuild(space).unwrap();
    let after = one.get("/en/stocktake").await.words();
    let plain = |words: &str| words[words.find("<main").unwrap()..].to_owned();
    assert_eq!(plain(&before), plain(&after), "what follows from entries is rebuilt equal");
}

#[tokio::test]
async fn one_inbox_and_one_stocktake_stand_over_all_spaces_of_the_node() {
    let (a, b, space) = meet_as("Ministry", "Railway", "First space");
    let second = {
        let (mut a, mut b) = (a.shared.lock(), b.shared.lock());
        let space = a.found("Second space", Rules::default()).unwrap();
        let link = a.invite(space, "http://127.0.0.1:1").unwrap().link();
        let join = b.join(&node::Invitation::of_link(&link).unwrap(), "Railway", "").unwrap();
        a.answer(b.node_key().unwrap(), &[node::oplog::sync::Frame::Join(join)]).unwrap();
        let applicant = a.applicants(space).unwrap().remove(0);
        a.admit(space, applicant.party, None).unwrap();
        space
    };
    exchange(second, &b, &a);
    let mut one = a.browser(Lang::English).await;
    for space in [space, second, second] {
        offer(&mut one, "en", space).await;
    }
    let inbox = one.get("/en/inbox").await;
    assert!(inbox.words().contains("First space") && inbox.words().contains("Second space"));
    let words = one.get("/en/stocktake").await.words();
    assert!(words.contains("3 of our offers wait for others."), "{words}");
    assert_eq!(row(&words, "spaces", "Second space"), ["2", "0", "0", "0", "0"]);
    let words = one.get(&format!("/en/stocktake?space={second}")).await.words();
    assert!(words.contains("2 of our offers wait for others."), "{words}");
    assert_eq!(row(&words, "balance", "Railway")[2], "2");
}

#[tokio::test]
async fn a_box_is_shown_in_pages_and_says_how_many_there_are() {
    let (a, _b, space) = meet();
    let mut one = a.browser(Lang::English).await;
    for number in 0..53 {
        offer_in(&mut one, space, "", &format!("Wagon {number}.")).await;
        a.pass_ms(60_000);
    }
    let mut one = a.browser(Lang::English).await;
    let inbox = one.get("/en/inbox").await;
    assert_eq!(inbox.body.matches("<li class=\"row\">").count(), 8, "the first of each box");
    assert!(
        inbox.words().contains("<span class=\"count\">53</span>")
            && inbox.words().contains("Show all of these")
    );
    let first = one.get(&inbox.link_to("box=sent")).await;
    assert_eq!(first.body.matches("<li class=\"row\">").count(), 50);
    assert!(
        first.words().find("Wagon 0.").unwrap() < first.words().find("Wagon 1.").unwrap(),
        "the oldest first"
    );
    let second = one.get(&first.link_to("after=")).await;
    assert_eq!(second.body.matches("<li class=\"row\">").count(), 3);
    assert!(second.words().contains("Wagon 52.") && !second.body.contains("rel=\"next\""));
    for odd in ["x", "1.", ".1", "1.2.3", "99999999999999999999.1"] {
        assert_eq!(one.get(&format!("/en/inbox?box=sent&after={odd}")).await.status, 200, "{odd}");
    }
}

#[tokio::test]
async fn a_field_that_is_not_in_the_list_is_refused_and_given_back() {
    let (a, _b, space) = meet();
    let mut one = a.browser(Lang::English).await;
    let form = one.get(&format!("/en/spaces/{space}/offer")).await;
    let page = one.send(&form, &[GOOD.as_slice(), &[("field", "<script>")]].concat()).await;
    assert!(page.status == 422 && page.words().contains("Choose a field."), "{}", page.words());
    assert!(!page.body.contains("<script"));
    let preview = one.send(&form, &[GOOD.as_slice(), &[("field", "C")]].concat()).await;
    assert!(preview.words().contains("Corridors and transit"));
}

/// Nothing but a node and a founded space.
fn alone() -> (Side, node::oplog::SpaceId) {
    let (a, _b, _space) = meet();
    let space = a.shared.lock().found("Our own register", Rules::default()).unwrap();
    (a, space)
}

#[tokio::test]
async fn a_party_that_is_alone_has_a_register_an_inbox_and_a_stocktake() {
    let (a, space) = alone();
    let mut one = a.browser(Lang::English).await;
    assert!(one.get("/en/stocktake").await.words().contains("There are no commitments yet."));
    let form = one.get(&format!("/en/spaces/{space}/transcripts")).await;
    let typed = [("source", "Protocol, item 4"), ("reckoning", "gregorian")];
    let bad = [typed.as_slice(), &[("day", "31"), ("month", "2"), ("year", "2027")]].concat();
    let bad = one.send(&form, &bad).await;
    assert_eq!(bad.status, 422);
    assert!(bad.words().contains("Fill this in.") && bad.words().contains("There is no 31 February 2027"));
    assert_eq!(bad.field("source"), "Protocol, item 4");
    for (title, debtor, [day, month, year]) in [
        ("Rail tariff", "Ministry of Trade", ["1", "10", "2026"]),
        ("Visa office <script>", "Foreign ministry", ["", "", ""]),
        ("Customs training", "Ministry of Trade", ["1", "1", "2027"]),
    ] {
        let of = [("title", title), ("debtor", debtor), ("day", day), ("month", month), ("year", year)];
        let typed = [typed.as_slice(), &of].concat();
        let signed = one.sign(&format!("/en/spaces/{space}/transcripts"), &typed).await;
        assert!(signed.words().contains("recorded a transcript"), "{}", signed.words());
    }
    // From 21 September to 21 October 2026.
    a.pass_ms(30 * 86_400_000);
    let mut one = a.browser(Lang::English).await;
    let inbox = one.get("/en/inbox").await.words();
    assert!(inbox.contains("3 are open, 1 of them past their day."), "{inbox}");
    assert!(inbox.contains("20 days overdue"), "{inbox}");
    let words = one.get("/en/stocktake").await.words();
    assert!(words.contains("3 lines of the register are open."), "{words}");
    assert_eq!(row(&words, "transcripts", "Ministry of Trade"), ["2", "1", "0"]);
    let page = one.get("/en/transcripts").await;
    assert!(!page.body.contains("<script"));
    let at = |title: &str| page.words().find(title).unwrap();
    assert!(
        at("Rail tariff") < at("Customs training") && at("Customs training") < at("Visa office"),
        "by day"
    );
    let to = page.body.split("action=\"/en/transcripts/").nth(1).unwrap()[..64].to_owned();
    let token = one.get("/en/spaces").await.field("token");
    let mark = |step: &str| {
        [("token", token.as_str()), ("step", step)].map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    assert_eq!(one.post(&format!("/en/transcripts/{to}"), &mark("done")).await.status, 303);
    assert_eq!(one.post(&format!("/en/transcripts/{to}"), &mark("x")).await.status, 404);
    let words = one.get("/en/stocktake").await.words();
    assert_eq!(row(&words, "transcripts", "Ministry of Trade"), ["1", "0", "1"]);
    let done = one.get("/en/transcripts?done=1").await.words();
    assert!(done.contains("Rail tariff") && done.contains("Held to be done by: The head"), "{done}");
    a.shared.lock().rebuild(space).unwrap();
    let words = one.get("/en/stocktake").await.words();
    assert_eq!(row(&words, "transcripts", "Ministry of Trade"), ["1", "0", "1"], "and after a rebuild");
    assert_eq!(one.post(&format!("/en/transcripts/{to}"), &mark("open")).await.status, 303);
    let words = one.get("/en/stocktake").await.words();
    assert_eq!(row(&words, "transcripts", "Ministry of Trade"), ["2", "1", "0"]);
}

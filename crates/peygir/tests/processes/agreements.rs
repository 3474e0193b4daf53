//! Agreements by the command line: a whole text in four languages, signed on either side, with a commitment under a clause.

use serde_json::Value;

use crate::party::{Party, pair, text};

fn write(party: &Party, name: &str, words: &str) -> String {
    let path = party.state.with_file_name(name);
    std::fs::write(&path, words).unwrap();
    path.display().to_string()
}

/// Sixty clauses, each of nearly two thousand letters, in a language whose word for a clause is `word`.
fn sixty(word: &str, letters: &str) -> String {
    let clause = |number: u32| {
        format!("{word} {number}. {letters}\n{}\n\n", letters.repeat(1_900 / letters.len().max(1)))
    };
    std::iter::once("The parties agree:\n\n".to_owned()).chain((1..=60).map(clause)).collect()
}

fn offer(party: &Party, title: &str, texts: &[String]) -> String {
    let mut all = vec!["agree", "--party", "me", "--party", "Belarusian Railway", "--withdrawal", "90"];
    let title = format!("en={title}");
    all.extend(["--title", &title]);
    for text in texts {
        all.extend(["--text", text]);
    }
    text(&party.ok(&all), "object")
}

#[test]
fn a_text_of_sixty_clauses_in_four_languages_is_signed_on_both_sides() {
    let (a, b) = pair();
    let texts: Vec<_> = [
        ("en", "Article", "tariff "),
        ("fa", "ماده", "تعرفه "),
        ("ru", "Статья", "тариф "),
        ("be", "Артыкул", "тарыф "),
    ]
    .into_iter()
    .map(|(code, word, letters)| {
        format!("{code}={}", write(&a, &format!("{code}.txt"), &sixty(word, letters)))
    })
    .collect();
    let agreement = offer(&a, "Transit", &texts);
    b.ok(&["sync"]);
    let inbox = b.ok(&["inbox"]);
    assert_eq!(inbox["agreements"][0]["id"], agreement.as_str());
    let view = b.ok(&["show", &agreement]);
    assert_eq!(view["phase"], "offered");
    assert_eq!(view["says"]["clauses"].as_array().map(Vec::len), Some(60));
    let words: usize = view["content"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["text"].as_str().unwrap().len())
        .sum();
    assert!(words > 400_000, "{words} bytes, far beyond what travels beside an entry");
    b.ok(&["accept", &agreement]);
    b.ok(&["sync"]);
    assert_eq!(a.ok(&["agreements"])[0]["phase"], "in-force");
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn a_commitment_stands_under_its_clause_and_the_other_clauses_stand_out() {
    let (a, b) = pair();
    let english = write(
        &a,
        "en.txt",
        "Article 1. Trains\nTrains run daily.\n\nArticle 2. Tariffs\nTariffs are published.",
    );
    let agreement = offer(&a, "Transit", &[format!("en={english}")]);
    a.fails(3, &["withdraw", &agreement]);
    b.ok(&["sync"]);
    b.ok(&["accept", &agreement]);
    b.ok(&["sync"]);
    let clause = format!("{agreement}/2");
    let offer = [
        "offer",
        "--debtor",
        "Belarusian Railway",
        "--creditor",
        "me",
        "--due",
        "2027-03-20",
        "--zone",
        "Asia/Tehran",
        "--title",
        "Tariff",
    ];
    let commitment = text(&a.ok(&[offer.as_slice(), &["--clause", &clause]].concat()), "object");
    a.fails(5, &[offer.as_slice(), &["--clause", &format!("{agreement}/7")]].concat());
    a.fails(2, &[offer.as_slice(), &["--clause", "seven"]].concat());
    let view = a.ok(&["show", &agreement]);
    assert_eq!(view["commitments"][0]["id"], commitment.as_str());
    assert_eq!(view["without_commitment"], serde_json::json!([1]));
    assert!(a.says(&["show", &agreement]).contains("NO COMMITMENT under clauses: 1"));
    assert_eq!(a.ok(&["show", &commitment])["clause"]["number"], 2);
    // A change, answered with another text, and the end.
    let more = write(
        &b,
        "more.txt",
        "Article 1. Trains\nTwice a day.\n\nArticle 2. Tariffs\nTariffs are published.",
    );
    b.ok(&["agree", "--object", &agreement, "--text", &format!("en={more}"), "--reason", "more trains"]);
    b.ok(&["sync"]);
    let less = write(&a, "less.txt", "Article 1. Trains\nThrice a day.");
    let answered = a.ok(&["agree", "--object", &agreement, "--text", &format!("en={less}")]);
    assert_eq!(answered["done"], "counter");
    b.ok(&["sync"]);
    b.ok(&["accept", &agreement]);
    let view = b.ok(&["show", &agreement]);
    assert_eq!(view["says"]["clauses"], serde_json::json!([1]));
    b.fails(3, &["agree", "--object", &agreement, "--text", &format!("en={more}")]);
    b.ok(&["terminate", &agreement, "--reason", "it is done"]);
    b.ok(&["sync"]);
    a.ok(&["accept", &agreement]);
    b.ok(&["sync"]);
    for party in [&a, &b] {
        assert_eq!(party.ok(&["show", &agreement])["phase"], "terminated");
    }
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn whoever_leaves_is_told_until_when_it_is_bound() {
    let (a, b) = pair();
    let english = write(&a, "en.txt", "Article 1. Trains\nTrains run daily.");
    let agreement = offer(&a, "Transit", &[format!("en={english}")]);
    b.ok(&["sync"]);
    b.ok(&["accept", &agreement]);
    b.ok(&["sync"]);
    a.ok(&["withdraw", &agreement, "--note", "by article 1"]);
    let left = |view: Value| view["leaving"][0].clone();
    assert_eq!(left(a.ok(&["show", &agreement]))["bound_until"], Value::Null);
    b.ok(&["sync"]);
    b.comment("it has arrived");
    b.ok(&["sync"]);
    let left = left(a.ok(&["show", &agreement]));
    assert_eq!(left["notice_days"], 90);
    assert!(left["bound_until"].is_string() && left["received"].is_string(), "{left}");
    assert!(a.says(&["show", &agreement]).contains("has withdrawn; Belarusian Railway had it on"));
    a.fails(3, &["withdraw", &agreement]);
    let bad = write(&a, "bad.txt", "no clause");
    a.fails(
        2,
        &[
            "agree",
            "--party",
            "me",
            "--party",
            "Belarusian Railway",
            "--withdrawal",
            "never",
            "--title",
            "en=X",
            "--text",
            &format!("en={bad}"),
        ],
    );
}

#[test]
fn a_meeting_is_convened_moved_and_its_minutes_adopted_by_both() {
    let (a, b) = pair();
    let commitment = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    let invite = ["convene", "--party", "me", "--party", "Belarusian Railway", "--on-jalali", "1405/07/09"];
    let what =
        ["--zone", "Asia/Tehran", "--title", "First session", "--place", "Tehran", "--item", "Locomotives"];
    let meeting = text(&a.ok(&[invite.as_slice(), &what].concat()), "object");
    a.ok(&["convene", "--object", &meeting, "--on", "2026-10-02"]);
    b.ok(&["sync"]);
    b.fails(3, &["convene", "--object", &meeting, "--off"]);
    let view = b.ok(&["show", &meeting]);
    assert_eq!(view["phase"], "convened");
    assert!(view["day"].as_str().unwrap().starts_with("2026-10-02"));
    let shown = b.says(&["show", &meeting]);
    assert!(
        shown.contains("First session") && shown.contains("Tehran") && shown.contains("Locomotives"),
        "{shown}"
    );
    let words = write(&b, "minutes.txt", "The Railway promised twelve locomotives.");
    let outcome = format!("1/{commitment}");
    let minutes = ["minutes", &meeting, "--text", &words, "--outcome", &outcome];
    b.ok(&[minutes.as_slice(), &["--present", "me"]].concat());
    b.ok(&["sync"]);
    assert_eq!(a.ok(&["inbox"])["minutes"][0]["id"], meeting.as_str());
    // The Ministry was there too, and says so in answer.
    let words = write(&a, "minutes.txt", "The Railway promised twelve locomotives.");
    let minutes = ["minutes", &meeting, "--text", &words, "--outcome", &outcome];
    let answered =
        a.ok(&[minutes.as_slice(), &["--present", "me", "--present", "Belarusian Railway"]].concat());
    assert_eq!(answered["done"], "counter");
    b.ok(&["sync"]);
    assert_eq!(b.ok(&["show", &meeting])["phase"], "offered", "silence adopts nothing");
    b.ok(&["accept", &meeting]);
    b.ok(&["sync"]);
    let view = a.ok(&["show", &meeting]);
    assert_eq!(view["phase"], "adopted");
    assert_eq!(view["adopted"]["says"]["outcomes"][0]["object"], commitment.as_str());
    assert_eq!(view["adopted"]["says"]["present"].as_array().map(Vec::len), Some(2));
    assert_eq!(a.digest(), b.digest());
    let second = text(&a.ok(&[invite.as_slice(), &what].concat()), "object");
    a.ok(&["convene", "--object", &second, "--off"]);
    assert!(a.says(&["show", &second]).contains("CALLED OFF"));
}

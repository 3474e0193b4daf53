//! The command line as a whole: help, JSON, exit codes, completions, ids by their first digits, Persian names and dates.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::party::{Party, failed, let_in, pair, program, text};

fn told(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The verbs that help lists, itself apart.
fn verbs() -> BTreeSet<String> {
    let help = told(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let verbs = commands.lines().map(|line| line.split_whitespace().next().unwrap().to_owned());
    verbs.filter(|verb| verb != "help").collect()
}

#[test]
fn every_verb_has_help_with_an_example_of_it() {
    let verbs = verbs();
    assert!(verbs.len() > 40, "{verbs:?}");
    for verb in &verbs {
        let help = told(&[verb, "--help"]);
        let example = help.split("Example: `").nth(1).unwrap_or_else(|| panic!("{verb} has no example"));
        assert!(example.split('`').next().unwrap().contains(&format!("peygir {verb}")), "{verb}: {example}");
    }
}

#[test]
fn completions_name_every_verb() {
    for shell in ["bash", "zsh", "fish"] {
        let script = told(&["completions", shell]);
        for verb in verbs() {
            assert!(script.contains(&verb), "{shell} does not know {verb}");
        }
    }
}

/// Notes which verbs were done and which failed, each of them with JSON on standard output.
#[derive(Default)]
struct Seen {
    done: BTreeSet<String>,
    failed: BTreeSet<String>,
}

impl Seen {
    fn ok(&mut self, party: &Party, arguments: &[&str]) -> Value {
        self.done.insert(arguments[0].to_owned());
        party.ok(arguments)
    }

    fn fails(&mut self, party: &Party, code: i32, arguments: &[&str]) {
        self.failed.insert(arguments[0].to_owned());
        party.fails(code, arguments);
    }
}

/// Every verb done at least once: three parties, five commitments, a file, a ballot, a new key, a party that leaves.
fn do_everything(seen: &mut Seen) -> Party {
    let (mut a, b, c) = (Party::unmade("Roads"), Party::new("Railway"), Party::new("Port"));
    seen.ok(&a, &["init", "--name", "Roads"]);
    a.serve();
    seen.ok(&a, &["found", "Joint commission"]);
    let link = text(&seen.ok(&a, &["invite"]), "link");
    seen.ok(&b, &["join", &link]);
    let applicants = seen.ok(&a, &["applicants"]);
    seen.ok(&a, &["admit", &text(&applicants[0], "party")]);
    seen.ok(&b, &["sync"]);
    let object = carry_commitments(seen, &a, &b);
    sign_papers(seen, &a, &b);
    stand_beside(seen, &a, &b, &object);
    decide_on_the_space(seen, &a, &b, &c);
    a
}

fn carry_commitments(seen: &mut Seen, a: &Party, b: &Party) -> String {
    let object = a.offer("Railway", "me", "Deliver 12 locomotives");
    b.ok(&["sync"]);
    seen.ok(b, &["counter", &object, "--due", "2027-05-01", "--condition-text", "the permit is there"]);
    b.ok(&["sync"]);
    seen.ok(a, &["accept", &object]);
    b.ok(&["sync"]);
    seen.ok(b, &["satisfy", &object]);
    seen.ok(b, &["report", &object]);
    b.ok(&["sync"]);
    seen.ok(a, &["dispute", &object]);
    b.ok(&["sync"]);
    b.ok(&["report", &object]);
    b.ok(&["sync"]);
    seen.ok(a, &["confirm", &object]);
    let [declined, lapsed, released, cancelled] =
        ["declined", "lapsed", "released", "cancelled"].map(|title| a.offer("Railway", "me", title));
    b.ok(&["sync"]);
    seen.ok(b, &["decline", &declined]);
    b.ok(&["sync"]);
    seen.ok(b, &["pass", &declined]);
    seen.ok(a, &["lapse", &lapsed]);
    b.ok(&["accept", &released]);
    b.ok(&["accept", &cancelled]);
    b.ok(&["sync"]);
    seen.ok(a, &["release", &released]);
    seen.ok(b, &["cancel", &cancelled]);
    b.ok(&["sync"]);
    object
}

fn sign_papers(seen: &mut Seen, a: &Party, b: &Party) {
    let text_file = a.state.with_file_name("agreement.txt").display().to_string();
    std::fs::write(&text_file, "Article 1. Trains\nTrains run daily.").unwrap();
    let words = format!("en={text_file}");
    let parties = ["--party", "me", "--party", "Railway"];
    let terms = ["--title", "en=Transit", "--text", &words, "--withdrawal", "30"];
    let agreement = text(&seen.ok(a, &[["agree"].as_slice(), &parties, &terms].concat()), "object");
    b.ok(&["sync"]);
    b.ok(&["accept", &agreement]);
    b.ok(&["sync"]);
    seen.ok(a, &["terminate", &agreement, "--reason", "done"]);
    b.ok(&["sync"]);
    b.ok(&["decline", &agreement]);
    b.ok(&["sync"]);
    seen.ok(b, &["withdraw", &agreement]);
    seen.ok(a, &["agreements"]);
    let when = ["--on", "2026-10-01", "--zone", "Asia/Tehran", "--title", "First session"];
    let meeting = text(&seen.ok(a, &[["convene"].as_slice(), &parties, &when].concat()), "object");
    b.ok(&["sync"]);
    seen.ok(
        b,
        &[
            "minutes",
            &meeting,
            "--present",
            "me",
            "--text",
            &text_file,
            "--outcome",
            &format!("1/{agreement}"),
        ],
    );
    b.ok(&["sync"]);
    a.ok(&["accept", &meeting]);
    assert_eq!(seen.ok(a, &["meetings"])[0]["phase"], "adopted");
}

fn stand_beside(seen: &mut Seen, a: &Party, b: &Party, object: &str) {
    let space = a.space();
    let file = a.state.with_file_name("act.txt").display().to_string();
    std::fs::write(&file, "act 17").unwrap();
    let attached = text(&seen.ok(a, &["attach", object, &file]), "object");
    seen.ok(a, &["save", &attached, &format!("{file}.saved")]);
    let said = text(&seen.ok(a, &["comment", &space, "words"]), "object");
    seen.ok(a, &["erase", &said]);
    seen.ok(a, &["transcribe", "--source", "Protocol, item 4", "--title", "Rail tariff"]);
    for verb in ["list", "inbox", "log", "spaces", "status", "doctor", "rebuild", "fork-proof"] {
        seen.ok(a, &[verb]);
    }
    seen.ok(a, &["show", object]);
    let bundle = format!("{file}.bundle");
    seen.ok(a, &["bundle", &space, &bundle]);
    seen.ok(b, &["unbundle", &bundle]);
}

fn decide_on_the_space(seen: &mut Seen, a: &Party, b: &Party, c: &Party) {
    let link = text(&a.ok(&["invite"]), "link");
    let third = text(&c.ok(&["join", &link]), "party");
    let ballot = a.ok(&["admit", &third]);
    b.ok(&["sync"]);
    b.ok(&["accept", &text(&ballot, "entry")]);
    b.ok(&["sync"]);
    c.ok(&["sync"]);
    seen.ok(a, &["ballot", "--expel", "Port", "--reason", "a mistake"]);
    b.ok(&["sync"]);
    let key = text(&a.ok(&["log"])[0], "key");
    let last = a.ok(&["log", "--limit", "1000"]);
    let last = last.as_array().unwrap().iter().filter(|entry| entry["key"] == key.as_str()).count() - 1;
    seen.ok(a, &["enrol"]);
    b.ok(&["sync"]);
    b.comment("the new key is seen");
    b.ok(&["sync"]);
    seen.ok(a, &["revoke", &key[..12], "--cut", &last.to_string()]);
    std::fs::remove_file(a.data.join("recovery-MOVE-ME-AWAY.txt")).unwrap();
    seen.ok(a, &["renew-guardian"]);
    seen.ok(a, &["person", "add", "One head", "--role", "head"]);
    seen.ok(b, &["leave"]);
    seen.ok(a, &["completions", "bash"]);
}

#[test]
fn every_verb_speaks_json_when_it_is_done_and_when_it_fails() {
    let mut seen = Seen::default();
    let a = do_everything(&mut seen);
    // `Party::offer` and `Party::serve` read JSON too, and so does `the_demo_runs_to_its_end`.
    seen.done.extend(["offer", "serve", "demo"].map(str::to_owned));
    assert_eq!(seen.done, verbs());
    let about_nothing = [
        "accept", "decline", "counter", "lapse", "pass", "satisfy", "report", "confirm", "dispute",
        "release", "cancel", "erase", "show",
    ];
    for verb in about_nothing {
        seen.fails(&a, 5, &[verb, "00000000"]);
    }
    for verb in ["invite", "applicants", "enrol", "leave", "list", "log", "rebuild", "fork-proof"] {
        seen.fails(&a, 5, &[verb, "--space", "nowhere"]);
    }
    for verb in ["spaces", "status", "doctor", "inbox", "completions", "transcribe", "ballot"] {
        seen.fails(&a, 2, &[verb, "--no-such-option"]);
    }
    seen.fails(&a, 2, &["init", "--name", "again"]);
    seen.fails(&a, 2, &["serve"]);
    seen.fails(&a, 2, &["demo", "--folder", &a.data.display().to_string()]);
    seen.fails(&a, 2, &["found", ""]);
    seen.fails(&a, 5, &["person", "remove", "Nobody"]);
    seen.fails(&a, 3, &["join", "http://127.0.0.1:1/"]);
    seen.fails(&a, 5, &["admit", "00000000"]);
    seen.fails(&a, 2, &["offer", "--title", "of nobody"]);
    seen.fails(&a, 2, &["agree", "--title", "en=of nobody"]);
    seen.fails(&a, 5, &["agreements", "--space", "nowhere"]);
    seen.fails(&a, 2, &["convene", "--title", "of nobody"]);
    seen.fails(&a, 5, &["minutes", "00000000", "--present", "me", "--text", "there-is-no-such-file"]);
    seen.fails(&a, 5, &["meetings", "--space", "nowhere"]);
    seen.fails(&a, 5, &["terminate", "00000000", "--reason", "of nothing"]);
    seen.fails(&a, 5, &["withdraw", "00000000"]);
    seen.fails(&a, 5, &["attach", &a.space(), "there-is-no-such-file"]);
    seen.fails(&a, 5, &["save", "00000000", "nothing"]);
    seen.fails(&a, 5, &["comment", "00000000", "about nothing"]);
    seen.fails(&a, 5, &["revoke", "00000000"]);
    seen.fails(&a, 5, &["sync", "--peer", "nobody"]);
    seen.fails(&a, 5, &["bundle", "nowhere", "nothing"]);
    seen.fails(&a, 5, &["unbundle", "there-is-no-such-file"]);
    seen.fails(&a, 2, &["renew-guardian"]);
    assert_eq!(seen.failed, verbs());
}

/// The exit codes that help documents, with their meaning.
fn documented() -> BTreeMap<i32, String> {
    let help = told(&["--help"]);
    let lines = help.split("Exit codes:\n").nth(1).unwrap().lines();
    let pairs = lines.filter_map(|line| line.trim().split_once("  "));
    pairs.map(|(code, meaning)| (code.parse().unwrap(), meaning.to_owned())).collect()
}

#[test]
fn every_documented_exit_code_can_be_met_and_no_other() {
    let (mut a, mut b) = pair();
    let object = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    let space = a.space();
    let mut met = BTreeSet::from([0]);
    let mut meets = |party: &Party, code: i32, arguments: &[&str]| {
        party.fails(code, arguments);
        met.insert(code);
    };
    meets(&a, 2, &["offer"]);
    meets(&a, 3, &["report", &object]);
    meets(&a, 5, &["show", "00000000"]);
    meets(&a, 6, &["bundle", &space, &a.passphrase.display().to_string()]);
    a.kill();
    meets(&b, 7, &["sync"]);
    // A machine that does not have the mark.
    b.comment("signed once");
    b.state = b.state.with_file_name("elsewhere");
    meets(&b, 4, &["comment", &space, "signed by a copy"]);
    std::fs::write(&b.passphrase, "other words\n").unwrap();
    meets(&b, 8, &["status"]);
    assert_eq!(met, documented().into_keys().collect());
}

#[test]
fn an_output_that_nobody_reads_or_that_is_full_is_no_panic() {
    let (a, _b) = pair();
    let mut child = a.command(&["completions", "bash"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0), "whoever closed the pipe has read enough");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = a.command(&["status"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be printed"));
}

#[test]
fn ids_are_known_by_their_first_digits_as_long_as_one_alone_begins_so() {
    let (a, _b) = pair();
    let stream = UnixStream::connect(a.data.join("control.sock")).unwrap();
    let (mut reader, mut writer) = (BufReader::new(&stream), &stream);
    let mut comment = |space: &str, number: usize| {
        let request = json!({
            "verb": "comment", "about": space, "text": format!("{number}"), "language": "", "id": format!("n{number}"),
        });
        writeln!(writer, "{request}").unwrap();
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let reply: Value = serde_json::from_str(&line).unwrap();
        text(&reply["done"]["data"], "object")
    };
    let space = a.space();
    let mut known = BTreeMap::<String, String>::new();
    let (one, two) = (0..5_000)
        .find_map(|number| {
            let object = comment(&space, number);
            known.insert(object[..4].to_owned(), object.clone()).map(|before| (before, object))
        })
        .expect("of five thousand ids two begin alike");
    let alike = a.fails(5, &["show", &one[..4]]);
    assert!(alike.text.contains("more digits") && alike.text.contains(&one[..4]), "{alike:?}");
    for object in [&one, &two] {
        let digits = (5..=64).find(|digits| one[..*digits] != two[..*digits]).unwrap();
        assert_eq!(
            text(&a.ok(&["show", &object[..digits]])[0], "id"),
            **object,
            "an odd number of digits counts"
        );
        assert_eq!(text(&a.ok(&["show", &object.to_ascii_uppercase()])[0], "id"), **object);
    }
    a.fails(5, &["show", &one[..3]]);
    a.fails(5, &["show", "no hexadecimal digits"]);
    a.fails(5, &["show", ""]);
}

#[test]
fn a_long_log_says_how_to_go_on() {
    let (a, _b) = pair();
    assert!(a.says(&["log", "--limit", "1"]).contains("peygir log --after 1"));
    assert!(!a.says(&["log", "--after", "1"]).contains("what follows"));
    for title in ["one", "two"] {
        a.offer("Belarusian Railway", "me", title);
    }
    assert!(a.says(&["list", "--limit", "1"]).contains("peygir list --offset 1"));
    assert!(a.says(&["list", "--offset", "2"]).is_empty());
}

#[test]
fn what_a_focal_point_asks_is_in_status_and_doctor() {
    let (a, b) = pair();
    a.comment("words");
    let status = a.says(&["status"]);
    for words in [
        "Ministry of Roads",
        "Joint commission",
        "2 parties",
        "3 own entries not known to have reached",
        "last heard",
    ] {
        assert!(status.contains(words), "{words} in {status}");
    }
    b.ok(&["sync"]);
    b.ok(&["sync"]);
    assert!(a.says(&["status"]).contains("0 own entries not known"));
    let doctor = a.says(&["doctor"]);
    for words in [
        "synchronous",
        "full",
        "MiB",
        "high-water mark",
        "move it away",
        "Joint commission; signs; all delivered",
        &a.url,
    ] {
        assert!(doctor.contains(words), "{words} in {doctor}");
    }
    let newcomer = Party::new("Nobody yet");
    for verb in ["status", "spaces"] {
        assert!(newcomer.says(&[verb]).contains("peygir found"), "the next step is told");
    }
    assert!(newcomer.fails(5, &["list"]).hint.contains("peygir found"));
}

#[test]
fn persian_names_titles_and_jalali_days_in_persian_digits_are_understood() {
    let (mut a, b) = (Party::new("وزارت راه و شهرسازی"), Party::new("راه\u{200c}آهن بلاروس"));
    a.serve();
    let_in(&a, &b);
    let offer = [
        "offer",
        "--space",
        "Joint commission",
        "--debtor",
        "راه\u{200c}آهن بلاروس",
        "--creditor",
        "وزارت راه و شهرسازی",
        "--due-jalali",
        "۱۴۰۵/۱۲/۲۹",
        "--reply-by",
        "۲۰۲۶-۱۲-۰۱",
        "--zone",
        "Asia/Tehran",
        "--title-fa",
        "تحویل ۱۲ لوکوموتیو",
    ];
    let object = text(&a.ok(&offer), "object");
    b.ok(&["sync"]);
    let shown = b.says(&["show", &object]);
    for words in ["تحویل ۱۲ لوکوموتیو", "وزارت راه و شهرسازی", "2027-03-20 (1405/12/29)", "2026-12-01"]
    {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(b.says(&["inbox"]).contains("تحویل ۱۲ لوکوموتیو"));
    // Keyboards differ in letters, joiners and spaces; people mean the same name.
    for name in ["راه آهن بلاروس", "راهآهن  بلاروس", "راه\u{200c}آهن بلاروس"]
    {
        a.offer(name, "وزارت راه و شهرسازي", "Deliver 12 locomotives");
    }
    let no_day = a.fails(2, &["counter", &object, "--due-jalali", "۱۴۰۵/۱۳/۰۱"]);
    assert!(!no_day.text.is_empty());
    let output: Output = a.run(&["offer", "--due", "tomorrow", "--json"]);
    failed(2, &["offer", "--due", "tomorrow"], &output);
}

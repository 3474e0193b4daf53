//! Two nodes carry commitments between them, in the background and by hand.

use crate::party::{Party, eventually, let_in, pair, program, text};

#[test]
fn a_commitment_goes_from_offer_to_confirmed_between_two_processes() {
    let (mut a, mut b) = (Party::new("Ministry of Roads"), Party::new("Belarusian Railway"));
    a.serve();
    b.serve();
    let space = let_in(&a, &b);
    let object = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    eventually("the offer, by the background exchange", || {
        let inbox = b.ok(&["inbox"]);
        (inbox["waits"][0]["id"] == object.as_str()).then_some(())
    });
    b.ok(&["accept", &object]);
    b.ok(&["sync"]);
    assert_eq!(a.phase(&object), "detached");
    b.ok(&["report", &object, "--note", "delivered, act 17"]);
    eventually("the report, by the background exchange", || (a.phase(&object) == "reported").then_some(()));
    assert_eq!(a.ok(&["inbox"])["waits"][0]["id"], object.as_str());
    a.ok(&["confirm", &object]);
    a.ok(&["sync"]);
    assert_eq!(b.phase(&object), "confirmed");
    assert_eq!(a.digest(), b.digest());
    for party in [&a, &b] {
        assert_eq!(text(&party.ok(&["rebuild"]), "digest"), a.digest());
        assert_eq!(
            party.ok(&["inbox"])["owes"].as_array().unwrap().len(),
            0,
            "what is confirmed is not owed"
        );
        assert_eq!(party.space(), space);
    }
    assert_eq!([a.stop(), b.stop()], [Some(0), Some(0)]);
}

#[test]
fn an_address_of_this_machine_that_an_applicant_named_is_dialled_when_a_person_here_vouched_for_it() {
    let (mut a, mut b) = (Party::new("Ministry of Roads"), Party::new("Belarusian Railway"));
    a.serve();
    b.serve();
    let space = text(&a.ok(&["found", "Joint commission"]), "space");
    let link = text(&a.ok(&["invite", "--space", &space]), "link");
    let fingerprint = text(&b.ok(&["join", &link]), "party");
    a.ok(&["admit", &fingerprint]);
    let failed = a.fails(7, &["sync"]);
    assert!(failed.text.contains("leads to this machine"), "{}", failed.hint);
    assert!(failed.hint.contains("--local-address"), "{}", failed.hint);
    a.ok(&["admit", &fingerprint, "--local-address"]);
    a.ok(&["sync"]);
}

#[test]
fn every_other_answer_reaches_the_other_side() {
    let (a, b) = pair();
    let meet = || b.ok(&["sync"]);
    let lapsed = a.offer("Belarusian Railway", "me", "An offer that is withdrawn");
    meet();
    a.ok(&["lapse", &lapsed]);
    meet();
    // Its withdrawal binds once the other side has named it.
    b.comment("seen");
    meet();
    assert_eq!(a.phase(&lapsed), "not-agreed");

    let declined = a.offer("Belarusian Railway", "me", "An offer that is declined");
    meet();
    b.ok(&["decline", &declined, "--note", "the day is too early"]);
    meet();
    assert_eq!(a.phase(&declined), "not-agreed");
    b.ok(&["pass", &declined]);
    meet();

    let object = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    meet();
    b.ok(&["counter", &object, "--due-jalali", "۱۴۰۶/۰۱/۱۵", "--reason", "the works need a month more"]);
    meet();
    a.ok(&["accept", &object]);
    meet();
    assert_eq!(text(&b.ok(&["show", &object]), "due"), "2027-04-04 (1406/01/15)");
    b.ok(&["report", &object]);
    meet();
    a.ok(&["dispute", &object, "--note", "two of twelve are missing"]);
    meet();
    assert_eq!(b.phase(&object), "disputed");
    b.ok(&["offer", "--object", &object, "--tag", "reschedule", "--due", "2027-06-30", "--reason", "frost"]);
    meet();
    a.ok(&["accept", &object]);
    meet();
    assert_eq!(text(&b.ok(&["show", &object]), "due"), "2027-06-30 (1406/04/09)");
    a.ok(&["release", &object]);
    meet();
    assert_eq!([a.phase(&object), b.phase(&object)], ["released", "released"]);
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn a_peer_that_was_away_misses_nothing() {
    let (mut a, b) = pair();
    a.kill();
    let away: Vec<_> =
        (0..20).map(|number| text(&b.comment(&format!("while away {number}")), "entry")).collect();
    let failed = b.fails(7, &["sync"]);
    assert!(failed.hint.contains("is it running"), "{}", failed.hint);
    assert_eq!(b.ok(&["status"])["spaces"][0]["undelivered"], 20);
    a.serve();
    a.comment("back again");
    b.ok(&["sync"]);
    let here = a.entries();
    assert!(away.iter().all(|entry| here.contains(entry)));
    assert_eq!(a.digest(), b.digest());
    b.ok(&["sync"]);
    assert_eq!(b.ok(&["status"])["spaces"][0]["undelivered"], 0);
}

#[test]
fn an_invitation_holds_once_and_for_its_time() {
    let (mut a, b, c) = (Party::new("First"), Party::new("Second"), Party::new("Third"));
    a.serve();
    a.ok(&["found", "Joint commission"]);
    let expired = text(&a.ok(&["invite", "--valid-hours", "0"]), "link");
    std::thread::sleep(std::time::Duration::from_millis(10));
    assert!(b.fails(3, &["join", &expired]).text.contains("expired"));
    let link = text(&a.ok(&["invite"]), "link");
    b.ok(&["join", &link]);
    b.ok(&["join", &link]);
    assert!(c.fails(3, &["join", &link]).text.contains("used already"));
    assert!(c.fails(3, &["join", &link[..link.len() - 20]]).text.contains("copy all of it"));
    let other = link.replace(&link[link.len() - 30..link.len() - 20], "0000000000");
    assert!(c.fails(3, &["join", &other]).text.contains("not known here"));
    let waiting = b.fails(7, &["sync"]);
    assert!(waiting.text.contains("has not let this party in yet"), "{waiting:?}");
    assert!(b.says(&["status"]).contains("waits to be let in"));
    let fingerprint = text(&a.ok(&["applicants"])[0], "party");
    for too_little in ["", &fingerprint[..3], "Second"] {
        a.fails(5, &["admit", too_little]);
    }
    a.ok(&["admit", &fingerprint[..8]]);
    b.ok(&["sync"]);
    assert_eq!(a.digest(), b.digest());
    assert!(b.fails(3, &["join", &link]).text.contains("in the space already"));
}

#[test]
fn what_cannot_be_is_told_with_the_exit_code_that_help_gives_it() {
    let nowhere = Party::unmade("Nobody");
    let missing = nowhere.fails(5, &["status"]);
    assert!(missing.text.contains("no party in") && missing.hint.contains("peygir init"), "{missing:?}");
    assert!(nowhere.fails(5, &["serve"]).text.contains("no party in"));
    let mut a = Party::new("Ministry of Roads");
    assert!(a.fails(2, &["init", "--name", "again"]).text.contains("already"));
    a.ok(&["found", "Joint commission"]);
    let remote = a.fails(7, &["invite", "--url", "http://node.example.org"]);
    assert!(remote.text.contains("plain http") && remote.hint.contains("https"), "{remote:?}");
    assert!(a.fails(2, &["invite"]).hint.contains("peygir serve"));
    a.serve();
    let second = a.fails(2, &["serve"]);
    assert!(second.text.contains("another peygir"), "{second:?}");
    let taken = a.url.trim_start_matches("http://").to_owned();
    let b = Party::new("Belarusian Railway");
    let port = b.fails(2, &["serve", "--peers", &taken]);
    assert!(port.text.contains("cannot listen on") && port.text.contains(&taken), "{port:?}");
    let link = text(&a.ok(&["invite"]), "link");
    let plain = link.replace(&a.url, "http://192.0.2.1:7000");
    assert!(b.fails(7, &["join", &plain]).text.contains("plain http"));
    std::fs::write(&b.passphrase, "other words\n").unwrap();
    assert!(b.fails(8, &["status"]).text.contains("passphrase is wrong"));
    std::fs::write(&b.passphrase, "\n").unwrap();
    assert!(b.fails(8, &["status"]).text.contains("empty"));
    std::fs::remove_file(&b.passphrase).unwrap();
    assert!(b.fails(8, &["status"]).text.contains("passphrase file"));
    let keys = b.data.join("keys");
    std::fs::rename(&keys, b.data.join("keys-elsewhere")).unwrap();
    assert!(b.fails(8, &["status"]).text.contains("no keys"));
}

#[test]
fn a_serve_waits_for_a_verb_of_a_moment_and_says_when_the_path_is_too_long() {
    let mut a = Party::new("Ministry of Roads");
    for name in ["first", "second", "third"] {
        let mut verb = a.command(&["found", name]).stdout(std::process::Stdio::null()).spawn().unwrap();
        a.serve();
        assert!(verb.wait().unwrap().success(), "by itself or by the node");
        a.kill();
    }
    let deep = a.data.with_file_name("d".repeat(100));
    std::fs::rename(&a.data, &deep).unwrap();
    a.data = deep;
    assert!(a.fails(6, &["serve"]).hint.contains("shorter path"));
    a.ok(&["status"]);
}

#[test]
fn an_init_that_fails_leaves_no_half_party() {
    let mut party = Party::unmade("Ministry of Roads");
    let state = std::mem::replace(&mut party.state, party.data.join("inside"));
    assert!(party.fails(2, &["init", "--name", "Ministry of Roads"]).text.contains("inside the data folder"));
    party.state = state;
    party.ok(&["init", "--name", "Ministry of Roads"]);
    party.ok(&["found", "Joint commission"]);
}

/// Plays a case to its end and gives how many spaces every side agreed on.
fn played(case: &str) -> usize {
    let folder = tempfile::TempDir::new().unwrap();
    let folder = folder.path().join("demo").display().to_string();
    let output = program().args(["demo", case, "--once", "--json", "--folder", &folder]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    told["spaces"].as_object().unwrap().len()
}

#[test]
fn the_demo_plays_every_case_to_its_end() {
    assert_eq!(played("first"), 1);
    assert_eq!(played("visit"), 1);
    assert_eq!(played("river"), 2);
}

//! Copied folders, restored databases, lost marks: none of them signs, all of them answer, and `enrol` mends them.

use crate::party::{Party, copy_folder, eventually, pair, text};

/// A pair that serves on both sides, so that receipts flow, with a backup of the first one's data folder.
fn backed_up() -> (Party, Party, std::path::PathBuf) {
    let (mut a, mut b) = pair();
    b.serve();
    // The joining side gave no address before it served; from now on the two meet when it calls.
    text(&a.ok(&["comment", &a.space(), "before the backup", "--id", "before"]), "entry");
    assert_eq!(a.stop(), Some(0));
    let backup = a.data.with_file_name("backup");
    copy_folder(&a.data, &backup);
    a.serve();
    a.comment("after the backup");
    b.ok(&["sync"]);
    (a, b, backup)
}

/// Whatever it is, it must not sign; and it still answers.
fn refuses(party: &Party, why: &str) {
    let space = party.space();
    let failed = party.fails(4, &["comment", &space, "a second entry for one place"]);
    assert!(failed.text.contains(why) && failed.text.contains("peygir enrol"), "{failed:?}");
    for verb in ["status", "spaces", "list", "log", "inbox", "doctor", "fork-proof"] {
        party.ok(&[verb]);
    }
    assert!(party.says(&["status"]).contains("peygir enrol"), "status says what to do");
    assert!(party.says(&["doctor"]).contains("peygir enrol"), "doctor says what to do");
}

/// A new key makes it sign again, once the other side has named it; and nobody forked.
fn enrols_and_goes_on(a: &Party, b: &Party) {
    b.ok(&["sync"]);
    let space = a.space();
    a.ok(&["enrol", "--id", "new-key"]);
    a.ok(&["enrol", "--id", "new-key"]);
    eventually("the new key counts", || {
        b.ok(&["sync"]);
        a.run(&["comment", &space, "signing goes on", "--id", "on"]).status.success().then_some(())
    });
    b.comment("and so do we");
    b.ok(&["sync"]);
    b.ok(&["sync"]);
    assert_eq!(a.digest(), b.digest());
    for party in [a, b] {
        assert_eq!(party.ok(&["fork-proof"]).as_array().unwrap().len(), 0);
        assert!(
            party
                .ok(&["log", "--limit", "1000"])
                .as_array()
                .unwrap()
                .iter()
                .all(|entry| entry["refusal"].is_null())
        );
    }
}

#[test]
fn a_restored_older_database_refuses_to_sign_until_a_key_is_enrolled() {
    let (mut a, b, backup) = backed_up();
    a.stop();
    for ending in ["", "-wal", "-shm"] {
        let file = format!("node.sqlite{ending}");
        let _none = std::fs::remove_file(a.data.join(&file));
        if backup.join(&file).exists() {
            std::fs::copy(backup.join(&file), a.data.join(&file)).unwrap();
        }
    }
    refuses(&a, "older than what it has signed");
    a.serve();
    refuses(&a, "older than what it has signed");
    // What a client repeats was acknowledged, so it is told again; it must not lower the mark.
    a.ok(&["comment", &a.space(), "before the backup", "--id", "before"]);
    refuses(&a, "older than what it has signed");
    enrols_and_goes_on(&a, &b);
}

#[test]
fn a_copied_folder_refuses_to_sign_until_a_key_is_enrolled() {
    let (mut a, b, backup) = backed_up();
    a.stop();
    let original = std::mem::replace(&mut a.data, backup);
    refuses(&a, "this folder is a copy");
    a.ok(&["comment", &a.space(), "before the backup", "--id", "before"]);
    refuses(&a, "this folder is a copy");
    let founded = a.fails(4, &["found", "Another commission"]);
    assert!(founded.text.contains("copy"), "{founded:?}");
    assert_eq!(a.ok(&["spaces"]).as_array().unwrap().len(), 1, "no space without a mark is left behind");
    a.serve();
    enrols_and_goes_on(&a, &b);
    a.stop();
    let copy = std::mem::replace(&mut a.data, original);
    refuses(&a, "this folder is a copy");
    a.data = copy;
}

#[test]
fn a_folder_on_a_machine_without_its_mark_refuses_to_sign_until_a_key_is_enrolled() {
    let (mut a, b, backup) = backed_up();
    a.stop();
    (a.data, a.state) = (backup, a.state.with_file_name("state-of-another-machine"));
    refuses(&a, "no high-water mark");
    a.ok(&["comment", &a.space(), "before the backup", "--id", "before"]);
    refuses(&a, "no high-water mark");
    a.serve();
    enrols_and_goes_on(&a, &b);
}

#[test]
fn a_guardian_is_renewed_by_the_recovery_file_and_the_next_key_counts() {
    let (mut a, mut b) = pair();
    b.serve();
    let recovery = a.data.join("recovery-MOVE-ME-AWAY.txt");
    let away = a.state.with_file_name("put-away.txt");
    assert!(a.fails(2, &["renew-guardian"]).hint.contains("move it away"));
    std::fs::rename(&recovery, &away).unwrap();
    assert!(a.says(&["doctor"]).contains("good"));
    let away = away.display().to_string();
    a.ok(&["renew-guardian", "--recovery-file", &away]);
    std::fs::rename(&recovery, a.state.with_file_name("second.txt")).unwrap();
    a.fails(8, &["renew-guardian", "--recovery-file", &away]);
    a.kill();
    a.serve();
    enrols_and_goes_on(&a, &b);
}

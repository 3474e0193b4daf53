//! Full and read-only disks: a clear error, reads that go on, nothing acknowledged lost, and signing again once there is
//! room. Each test starts itself again in a mount namespace of its own, so that no mount outlives it.
#![expect(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::party::{Party, failed, let_in, text};

/// Tells a test that it runs in a mount namespace of its own.
const INSIDE: &str = "PEYGIR_TEST_INSIDE_MOUNT_NAMESPACE";
/// The size of the small disk, in mebibytes: room for a young database and little more.
const DISK_MIB: u64 = 4;

/// Whether this is the inner run. The outer one starts the inner one, and is done when that is.
fn is_inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let works = |way: &&&[&str]| {
        let tried =
            Command::new("unshare").args(**way).args(["mount", "-t", "tmpfs", "none", "/mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let Some(way) = ways.iter().find(works) else {
        eprintln!("SKIPPED: {test}: neither root nor a user namespace may mount a small disk here");
        assert!(std::env::var_os("CI").is_none(), "CI has to run this test");
        return false;
    };
    let mut inner = Command::new("unshare");
    inner.args(*way).arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    let output: Output = inner.env(INSIDE, "1").output().unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
    false
}

/// A small disk, and the file that fills it.
struct Disk {
    path: PathBuf,
}

impl Disk {
    fn mount(path: &Path) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let disk = Self { path: path.to_owned() };
        disk.run(&["-t", "tmpfs", "-o", &format!("size={DISK_MIB}m"), "none"]);
        disk
    }

    fn run(&self, arguments: &[&str]) {
        assert!(Command::new("mount").args(arguments).arg(&self.path).status().unwrap().success());
    }

    fn fill(&self) {
        use std::io::Write as _;
        let mut file =
            std::fs::File::options().create(true).append(true).open(self.path.join("filler")).unwrap();
        for piece in [vec![7; 65_536], vec![7; 512]] {
            while file.write_all(&piece).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path.join("filler")).unwrap();
    }
}

/// Signs until the disk is full. Gives what was acknowledged, and the words and id of the act that was not.
fn sign_until_full(party: &Party, space: &str) -> (Vec<String>, [String; 2]) {
    let mut acknowledged = Vec::new();
    for number in 0..2_000 {
        let (words, id) = (format!("{number} {}", "w".repeat(2_500)), format!("act-{number}"));
        let arguments = ["comment", space, &words, "--id", &id, "--json"];
        let output = party.run(&arguments);
        if output.status.success() {
            acknowledged.push(text(&serde_json::from_slice(&output.stdout).unwrap(), "entry"));
            continue;
        }
        let failed = failed(6, &arguments, &output);
        assert!(failed.text.contains("full"), "{failed:?}");
        assert!(failed.hint.contains("free some space"), "{failed:?}");
        return (acknowledged, [words, id]);
    }
    panic!("the disk never became full");
}

fn reads_go_on(party: &Party, acknowledged: &[String]) {
    for verb in ["status", "spaces", "list", "inbox", "doctor", "fork-proof"] {
        party.ok(&[verb]);
    }
    let kept = party.entries();
    assert!(acknowledged.iter().all(|entry| kept.contains(entry)), "nothing acknowledged is lost");
}

#[test]
fn a_full_disk_stops_signing_and_nothing_else() {
    if !is_inside("full_disk::a_full_disk_stops_signing_and_nothing_else") {
        return;
    }
    let mut a = Party::unmade("Ministry of Roads");
    let disk = Disk::mount(&a.data.with_file_name("disk"));
    a.data = disk.path.join("data");
    a.ok(&["init", "--name", "Ministry of Roads"]);
    a.serve();
    let b = Party::new("Belarusian Railway");
    let space = let_in(&a, &b);
    let mut all = vec![text(&a.comment("while there is room"), "entry")];
    disk.fill();
    let (acknowledged, [words, id]) = sign_until_full(&a, &space);
    all.extend(acknowledged);
    reads_go_on(&a, &all);
    assert!(a.says(&["doctor"]).contains("which is little"));
    // The peer still gets what was signed, and what it brings is told as a failure, not lost at its end.
    b.comment("no room for this at the other side");
    let _full = b.run(&["sync"]);
    // A node that starts on a full disk still answers, by itself and by the command line alone.
    a.kill();
    reads_go_on(&a, &all);
    a.serve();
    reads_go_on(&a, &all);
    assert_eq!(a.stop(), Some(0));
    // Each opening and closing of the database may give room back; the disk stays full all the same.
    for _ in 0..3 {
        disk.fill();
        a.ok(&["log"]);
    }
    disk.fill();
    a.serve();
    reads_go_on(&a, &all);
    disk.make_room();
    all.push(text(&a.ok(&["comment", &space, &words, "--id", &id]), "entry"));
    all.push(text(&a.comment("and on we go"), "entry"));
    reads_go_on(&a, &all);
    b.ok(&["sync"]);
    assert_eq!(a.digest(), b.digest());
    let bundle = disk.path.join("bundle");
    disk.fill();
    let failed = a.fails(6, &["bundle", &space, &bundle.display().to_string()]);
    assert!(failed.text.contains("bundle") && !bundle.exists(), "no half bundle stays: {failed:?}");
}

/// A pair whose first side keeps its mark on a small disk.
fn marked_on_a_small_disk() -> (Party, Party, Disk, String) {
    let mut a = Party::unmade("Ministry of Roads");
    let disk = Disk::mount(&a.state);
    a.ok(&["init", "--name", "Ministry of Roads"]);
    a.serve();
    let b = Party::new("Belarusian Railway");
    let space = let_in(&a, &b);
    a.comment("while there is room");
    b.ok(&["sync"]);
    (a, b, disk, space)
}

/// While the mark cannot be raised nothing is acknowledged, and what was signed all the same leaves the node only once
/// the mark names it.
fn without_a_mark_nothing_leaves(a: &mut Party, b: &Party, space: &str, why: &str, mend: impl Fn()) {
    let held = b.entries();
    let failed = a.fails(6, &["comment", space, "not to be told yet", "--id", "unmarked"]);
    assert!(failed.text.contains("high-water mark") && failed.text.contains(why), "{failed:?}");
    assert!(failed.hint.contains("--id"), "{failed:?}");
    a.fails(6, &["comment", space, "not to be told yet", "--id", "unmarked"]);
    a.fails(6, &["found", "Another commission", "--id", "founded"]);
    a.fails(6, &["enrol", "--space", space]);
    for ends in [false, true] {
        if ends {
            a.kill();
            a.serve();
        }
        reads_go_on(a, &held);
        let _refused = b.run(&["sync"]);
        assert_eq!(b.entries(), held, "an entry without a mark does not leave");
    }
    mend();
    let entry = text(&a.ok(&["comment", space, "not to be told yet", "--id", "unmarked"]), "entry");
    a.ok(&["comment", space, "and on we go"]);
    b.ok(&["sync"]);
    assert!(b.entries().contains(&entry));
    assert_eq!(a.digest(), b.digest());
    let another = text(&a.ok(&["found", "Another commission", "--id", "founded"]), "space");
    a.ok(&["comment", &another, "a founder signs in what it founded"]);
    assert_eq!(a.ok(&["spaces"]).as_array().unwrap().len(), 2, "no half space was left behind");
    assert_eq!(b.ok(&["fork-proof"]).as_array().unwrap().len(), 0);
}

#[test]
fn a_full_state_folder_stops_signing_and_nothing_leaves_unmarked() {
    if !is_inside("full_disk::a_full_state_folder_stops_signing_and_nothing_leaves_unmarked") {
        return;
    }
    let (mut a, b, disk, space) = marked_on_a_small_disk();
    disk.fill();
    without_a_mark_nothing_leaves(&mut a, &b, &space, "No space left", || disk.make_room());
}

#[test]
fn a_read_only_state_folder_stops_signing_and_nothing_leaves_unmarked() {
    if !is_inside("full_disk::a_read_only_state_folder_stops_signing_and_nothing_leaves_unmarked") {
        return;
    }
    let (mut a, b, disk, space) = marked_on_a_small_disk();
    disk.run(&["-o", "remount,ro"]);
    let mend = || disk.run(&["-o", "remount,rw"]);
    without_a_mark_nothing_leaves(&mut a, &b, &space, "Read-only file system", mend);
}

//! Every story in `stories/` ends as it says, on every node and in every order of arrival, and none has an act that
//! could be left out. `PEYGIR_BLESS=1` writes the results again.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use simulator::{BadStory, Story};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../stories")
}

/// Every story with the path it lies at, in the order of names.
fn stories() -> Vec<(PathBuf, Story)> {
    let mut paths: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.retain(|path| path.file_name().is_some_and(|name| name != "README.md"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = format!("stories/{}", path.file_name().unwrap().to_str().unwrap());
        let story = Story::read(&name, &std::fs::read_to_string(&path).unwrap());
        (path, story.unwrap_or_else(|bad| panic!("{bad}")))
    };
    paths.into_iter().map(read).collect()
}

/// Writes a story whole, as other tests are reading it.
fn bless(path: &Path, text: &str) {
    let next = path.with_extension("next");
    std::fs::write(&next, text).unwrap();
    std::fs::rename(next, path).unwrap();
}

#[test]
fn every_story_ends_as_it_says_on_every_node_and_in_every_order() {
    let blesses = std::env::var_os("PEYGIR_BLESS").is_some();
    let mut wrong = Vec::new();
    let stories = stories();
    assert!(stories.len() >= 20, "{} stories were found", stories.len());
    for (path, story) in stories {
        match story.tell() {
            Err(bad) => wrong.push(bad.to_string()),
            Ok(told) if told.text == story.result() => {}
            Ok(told) if blesses => bless(&path, &story.with_result(&told.text)),
            Ok(told) => wrong.push(format!(
                "{}: the result is\n{}\nand not\n{}\n(PEYGIR_BLESS=1 writes it)",
                path.display(),
                told.text,
                story.result()
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn no_act_of_a_story_can_be_left_out_unseen() {
    let mut wrong = Vec::new();
    for (_, story) in stories() {
        let Ok(whole) = story.tell_without(usize::MAX) else { continue };
        for act in 0..story.acts() {
            let (line, no_trace) = story.act_line(act);
            let is_same = story.tell_without(act).is_ok_and(|told| told.text == whole.text);
            if is_same != no_trace {
                let what =
                    if no_trace { "leaves a trace after all" } else { "leaves no trace in the result" };
                wrong.push(format!("{}:{line}: the act {what}", story.file()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_and_every_change_of_terms_has_a_story() {
    let told: BTreeSet<String> =
        stories().into_iter().flat_map(|(_, story)| story.operations().to_vec()).collect();
    let kinds = agreement::operation::KINDS.iter().map(|(_, word, _)| *word);
    let changes = [
        "amend",
        "reschedule",
        "delegate",
        "assign",
        "mutual end",
        "amend an agreement",
        "terminate an agreement",
    ];
    let untold: Vec<_> = kinds.chain(changes).filter(|word| !told.contains(*word)).collect();
    assert!(untold.is_empty(), "no story tells of {untold:?}");
}

const HEAD: &str = "# A title\n\nOperations: leave\nParties: the Port, the Railway\n\n";

fn bad(text: &str) -> BadStory {
    let story = Story::read("stories/x.md", text);
    story.and_then(|story| story.tell()).expect_err("a story that does not hold")
}

#[test]
fn a_story_that_cannot_be_read_names_its_file_and_line() {
    let sings = format!("{HEAD}```acts\nthe Port leaves\nthe Railway sings\n```\n\n```result\n```\n");
    assert_eq!(bad(&sings).to_string(), "stories/x.md:8: no act begins with `sings`");
    let open = format!("{HEAD}```acts\nthe Port leaves\n");
    assert_eq!(bad(&open).to_string(), "stories/x.md:6: the block has no end");
    let fence = format!("{HEAD}```deeds\nthe Port leaves\n```\n");
    assert_eq!(bad(&fence).to_string(), "stories/x.md:6: ````deeds` opens or closes no block of a story");
    let reason = format!("{HEAD}```acts\nthe Port leaves (leaves no trace: )\n```\n");
    assert_eq!(bad(&reason).line, 7);
    let none = format!("{HEAD}```acts\nthe Port leaves\n```\n");
    assert_eq!(bad(&none).to_string(), "stories/x.md:0: a story needs one block of the result");
}

#[test]
fn a_story_that_does_not_go_as_it_says_names_its_line() {
    let with = |acts: &str| format!("{HEAD}```acts\n{acts}\n```\n\n```result\n```\n");
    let again = bad(&with("the Port leaves\nthe Port leaves"));
    assert_eq!(again.line, 8);
    assert!(again.what.starts_with("it is refused: "), "{again}");
    let passes = bad(&with("the Port leaves, and is refused"));
    assert_eq!(
        (passes.line, passes.what.as_str()),
        (7, "it goes through, and the story says that it is refused")
    );
    let other = bad(&with("the Port comments on the space: hello"));
    assert!(other.what.starts_with("the story names the operations"), "{other}");
}

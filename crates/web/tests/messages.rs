//! Every language says everything: the same ids with the same variables, every id that is used, and none that is not.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

type Messages = BTreeMap<String, BTreeSet<String>>;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn inline(expression: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = expression {
        into.insert(id.name.to_owned());
    } else if let InlineExpression::Placeable { expression } = expression {
        variables_in(expression, into);
    }
}

fn variables_in(expression: &Expression<&str>, into: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(expression) => inline(expression, into),
        Expression::Select { selector, variants } => {
            inline(selector, into);
            variants.iter().for_each(|variant| variables(&variant.value, into));
        }
    }
}

fn variables(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            variables_in(expression, into);
        }
    }
}

fn read(language: &str) -> Messages {
    let text = std::fs::read_to_string(folder().join(format!("messages/{language}.ftl"))).unwrap();
    let resource = fluent_syntax::parser::parse(text.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
    let mut messages = Messages::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut found = BTreeSet::new();
            variables(message.value.as_ref().unwrap(), &mut found);
            let twice = messages.insert(message.id.name.to_owned(), found);
            assert_eq!(twice, None, "{} twice in {language}", message.id.name);
        }
    }
    messages
}

fn languages() -> Vec<String> {
    let files = std::fs::read_dir(folder().join("messages")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(".ftl").map(str::to_owned)).collect()
}

/// All sources of the crate that can name a message.
fn sources() -> String {
    let (mut text, mut folders) = (String::new(), vec![folder()]);
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "html") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// Ids that are put together from a beginning and a word.
fn composed() -> BTreeSet<String> {
    let acts = [
        "accept", "decline", "lapse", "pass", "satisfy", "report", "confirm", "dispute", "release", "cancel",
    ];
    let beside = ["comment", "attach", "erase"];
    let offers = ["new", "counter", "amend", "reschedule", "end"];
    let mut ids = BTreeSet::new();
    let mut all = |beginnings: &[&str], words: &[&str], ending: &str| {
        for (beginning, word) in
            beginnings.iter().flat_map(|first| words.iter().map(move |word| (first, word)))
        {
            ids.insert(format!("{beginning}{word}{ending}"));
        }
    };
    all(&["do-", "hint-", "then-", "sign-"], &acts, "");
    all(&["do-", "hint-", "then-", "sign-"], &offers, "");
    all(&["do-", "then-", "sign-"], &beside, "");
    let on_agreements =
        ["new", "counter", "amend", "accept", "decline", "lapse", "pass", "withdraw", "terminate"];
    let four = ["do-agreement-", "hint-agreement-", "then-agreement-", "sign-agreement-"];
    all(&four, &on_agreements, "");
    all(&["agreement-"], &agreement::AgreementPhase::ALL.map(|(_, name)| name), "");
    all(&["withdrawal-"], &["notice", "consent", "never"], "");
    all(&["do-ballot-", "sign-ballot-"], &["accept", "decline"], "");
    let words: Vec<_> =
        agreement::operation::KINDS.iter().map(|(_, word, _)| *word).chain(["future"]).collect();
    all(&["did-"], &words, "");
    all(&["phase-"], &agreement::Phase::ALL.map(|(_, name)| name), "");
    let boxes = ["answer", "overdue", "owe", "owed", "sent"];
    all(&["box-"], &boxes, "");
    all(&["box-"], &boxes, "-hint");
    all(&["closure-"], &["all", "any", "lead"], "");
    all(&["reckoning-"], &["jalali", "gregorian"], "");
    all(&["ballot-"], &["admit", "expel", "succeed", "level"], "");
    let declared = ["declare-capability", "declare-need", "declare-again", "correct", "withdraw"];
    all(&["do-", "hint-", "then-", "sign-"], &declared, "");
    all(&["sort-"], &agreement::Sort::ALL.map(|(_, name)| name), "");
    let fields: Vec<_> =
        agreement::FieldCode::all().map(|field| field.code().replace('.', "-").to_lowercase()).collect();
    all(&["in-field-"], &fields.iter().map(String::as_str).collect::<Vec<_>>(), "");
    all(&["label-"], &["title-en", "title-fa", "deliverable", "criterion", "condition", "reason"], "");
    all(&["hint-field-"], &["deliverable", "criterion", "condition", "reason"], "");
    all(&["role-", "role-hint-"], &node::Role::ALL.map(node::Role::code), "");
    all(&["transcripts-"], &["title", "source", "debtor", "creditor", "note"], "");
    all(&["table-"], &["between", "balance", "transcripts", "fields", "spaces"], "");
    all(&["table-"], &["between", "balance", "transcripts", "fields", "spaces"], "-hint");
    let troubles = [
        "missing",
        "host",
        "session",
        "not-allowed",
        "invitation",
        "foreign",
        "token",
        "unreadable",
        "large",
        "slow",
        "not-now",
        "busy",
        "failed",
    ];
    all(&["trouble-"], &troubles, "-heading");
    all(&["trouble-"], &troubles, "-text");
    ids
}

#[test]
fn every_language_has_the_same_ids_with_the_same_variables() {
    let english = read("en");
    assert!(languages().len() >= 2 && english.len() > 200);
    for language in languages() {
        let messages = read(&language);
        for (id, variables) in &english {
            assert_eq!(messages.get(id), Some(variables), "{id} in {language}");
        }
        assert_eq!(messages.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language}");
    }
}

#[test]
fn every_id_that_is_used_exists() {
    let (english, sources) = (read("en"), sources());
    let mut missing: Vec<_> = composed().into_iter().filter(|id| !english.contains_key(id)).collect();
    for call in [".say(\"", ".tell(\"", ".count(\"", ".named(\"", "fault(reader, \"", "row(\""] {
        for (at, _) in sources.match_indices(call) {
            let rest = &sources[at + call.len()..];
            let id = rest.split('"').next().unwrap();
            // The second text is the id where the first is the field; one that is handed on is a literal elsewhere.
            let second = rest[id.len()..].strip_prefix("\", \"").and_then(|rest| rest.split('"').next());
            let Some(id) = (if call.starts_with("fault") { second } else { Some(id) }) else { continue };
            if !english.contains_key(id) {
                missing.push(format!("{call}{id}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_message_is_used() {
    let (sources, composed) = (sources(), composed());
    let unused: Vec<_> = read("en")
        .into_keys()
        .filter(|id| !composed.contains(id) && !sources.contains(&format!("\"{id}\"")))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn persian_is_written_in_persian_letters_and_digits() {
    let text = std::fs::read_to_string(folder().join("messages/fa.ftl")).unwrap();
    for (number, line) in text.lines().enumerate() {
        assert!(
            !line.contains(['\u{64a}', '\u{643}', '\u{660}', '\u{661}', '\u{665}']),
            "line {}: {line}",
            number + 1
        );
    }
}

#[test]
fn fields_are_called_in_english_as_in_the_list() {
    let text = std::fs::read_to_string(folder().join("messages/en.ftl")).unwrap();
    for field in agreement::FieldCode::all() {
        let code = field.code().replace('.', "-").to_lowercase();
        let line = format!("\nin-field-{code} = {}\n", field.name());
        assert!(format!("{text}\n").contains(&line), "{line}");
    }
}

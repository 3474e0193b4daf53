//! The corpus of the fuzz targets, and changed copies of it, in the ordinary test run: the same inputs every time.
//! `PEYGIR_BLESS=1 cargo test -p bench --test corpus` takes the corpus from the golden vectors anew.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Once;

use bench::chance::Chance;
use bench::fuzz::{self, Body, TARGETS, fold, mutate::mutated};
use oplog::id::{hash, hex, unhex};
use serde_json::Value;

/// How many changed inputs each target is tried on; `PEYGIR_FUZZ_TIMES=100` tries a hundred times as many.
fn changed(target: &str) -> usize {
    let times = std::env::var("PEYGIR_FUZZ_TIMES").map_or(1, |times| times.parse().unwrap());
    let once = match target {
        "bundle" => 24,
        "fold" => 60,
        "identity" => 4_000,
        _ => 20_000,
    };
    once * times
}

/// The most bytes of an input in the corpus.
const INPUT_BYTES_MAX: usize = 40_000;
/// Inputs of a fold that chance makes.
const HISTORIES: u64 = 24;

fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

fn folder(target: &str) -> PathBuf {
    root().join("fuzz").join("corpus").join(target)
}

/// The inputs of a target, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    static WRITTEN: Once = Once::new();
    if std::env::var_os("PEYGIR_BLESS").is_some() {
        WRITTEN.call_once(|| TARGETS.iter().for_each(|(target, _)| write(target)));
    }
    let files = std::fs::read_dir(folder(target)).unwrap().map(|file| file.unwrap());
    let mut inputs: Vec<_> = files
        .map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

/// Runs a body; a panic in it tells the input.
fn run(target: &str, body: Body, name: &str, input: &[u8]) -> bool {
    std::panic::catch_unwind(|| body(input))
        .unwrap_or_else(|_| panic!("the target {target} fails on {name}: {}", hex(input)))
}

/// Replays a target's corpus, then changed copies of it.
fn hold(target: &str) {
    let body = TARGETS.iter().find(|(name, _)| *name == target).unwrap().1;
    let inputs = corpus(target);
    let accepted = inputs.iter().filter(|(name, input)| run(target, body, name, input)).count();
    assert!(accepted * 4 >= inputs.len() && accepted > 0, "{target} accepts {accepted} of {}", inputs.len());
    let mut chance = Chance::new(u64::from_be_bytes(*hash(target, &[]).first_chunk().unwrap()));
    for number in 0..changed(target) {
        let (name, input) = &inputs[chance.below(inputs.len())];
        let other = &inputs[chance.below(inputs.len())].1;
        let input = mutated(input, other, &mut chance);
        run(target, body, &format!("change {number}, of {name}"), &input);
    }
}

#[test]
fn bundle_keeps_its_promises() {
    hold("bundle");
}

#[test]
fn content_keeps_its_promises() {
    hold("content");
}

#[test]
fn entry_keeps_its_promises() {
    hold("entry");
}

#[test]
fn fold_keeps_its_promises() {
    hold("fold");
}

#[test]
fn frames_keeps_its_promises() {
    hold("frames");
}

#[test]
fn identity_keeps_its_promises() {
    hold("identity");
}

#[test]
fn operation_keeps_its_promises() {
    hold("operation");
}

#[test]
fn every_target_has_its_file_and_its_corpus_and_is_tried_here() {
    for (target, _) in TARGETS {
        let file = root().join("fuzz").join("fuzz_targets").join(format!("{target}.rs"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("fuzz::{target}::run")), "{target}");
        assert!(!corpus(target).is_empty());
        let here = include_str!("corpus.rs");
        assert!(here.contains(&format!("hold(\"{target}\")")), "{target} is not tried");
    }
}

/// Made histories are worth their time only while a fair share of what they tell stands.
#[test]
fn a_fifth_of_what_chance_tells_stands_and_nearly_every_kind_is_among_it() {
    let (mut words, mut unstored): (BTreeMap<&str, (usize, usize)>, usize) = (BTreeMap::new(), 0);
    for seed in 100..140 {
        let outcome = fold::outcome(&history(seed));
        unstored += outcome.unstored;
        for (word, (stand, refused)) in outcome.words {
            let held = words.entry(word).or_default();
            *held = (held.0 + stand, held.1 + refused);
        }
    }
    let stand: usize = words.values().map(|(stand, _)| stand).sum();
    let refused: usize = words.values().map(|(_, refused)| refused).sum();
    let kinds = words.values().filter(|(stand, _)| *stand > 0).count();
    assert!(
        stand * 4 >= refused && kinds >= 15,
        "{stand} stand, {refused} do not, {unstored} unstored: {words:?}"
    );
    assert!(words["admit"].0 > 0, "no founder lets in two parties unseen by each other: {words:?}");
}

/// A history of chance.
fn history(seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let acts = 4 + chance.below(fold::ACTS_MAX - 4);
    let bytes = fold::ORDER_BYTES + acts * fold::ACT_BYTES;
    (0..bytes).map(|_| chance.number().to_be_bytes()[0]).collect()
}

fn vectors(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join("docs").join("vectors").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The bytes under a name in every item of a list.
fn bytes(list: &Value, name: &str) -> Vec<Vec<u8>> {
    let texts = list.as_array().unwrap().iter().filter_map(|item| item[name].as_str());
    texts.map(|text| unhex(text).unwrap()).collect()
}

/// The inputs that the golden vectors hold for a target.
fn derived(target: &str) -> Vec<Vec<u8>> {
    let (entries, identities) = (vectors("entries.json"), vectors("identities.json"));
    let refused = || vectors("refused-entries.json");
    match target {
        "bundle" => ["sample", "kinds", "seed-0013", "seed-0042"]
            .map(|name| root().join("docs/vectors/spaces").join(name).with_extension("bundle"))
            .map(|path| std::fs::read(path).unwrap())
            .to_vec(),
        "content" => bytes(&entries["entries"], "content"),
        "entry" => [bytes(&entries["entries"], "entry"), bytes(&refused()["refused"], "entry")].concat(),
        "fold" => (0..HISTORIES).map(history).collect(),
        "frames" => {
            let frames = vectors("frames.json");
            [bytes(&frames["messages"], "message"), bytes(&frames["refused"], "message")].concat()
        }
        "identity" => [
            bytes(&identities["logs"], "log"),
            bytes(&identities["introductions"], "introduction"),
            bytes(&vectors("fork-proofs.json"), "proof"),
        ]
        .concat(),
        "operation" => effects(&entries["entries"]).chain(effects(&entries["unreadable_effects"])).collect(),
        other => panic!("no inputs for {other}"),
    }
}

fn effects(list: &Value) -> impl Iterator<Item = Vec<u8>> + '_ {
    list.as_array().unwrap().iter().filter_map(|item| {
        let effect = item["effect"].as_str().or_else(|| item["fields"]["effect"].as_str())?;
        fuzz::operation::input(item["kind"].as_u64().unwrap(), &unhex(effect).unwrap())
    })
}

/// Writes what the vectors hold, and leaves alone what stands there under another name.
fn write(target: &str) {
    let folder = folder(target);
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap()) {
        if file.file_name().to_string_lossy().starts_with("vector-") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    for input in derived(target).into_iter().filter(|input| input.len() <= INPUT_BYTES_MAX) {
        let name = format!("vector-{}", &hex(&hash("", &[&input]))[..16]);
        std::fs::write(folder.join(name), input).unwrap();
    }
}

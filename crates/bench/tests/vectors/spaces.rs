//! `spaces.json` and the bundles beside it: whole spaces with what they come to. The bundles are made anew only when
//! blessed; else the files themselves are read by a fresh node and held to what the list says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use agreement::operation::word;
use agreement::{Phase, Record};
use oplog::sync::{BUNDLE_MAGIC, Entries, Frame, read};
use oplog::{Header, SpaceId, Unverified, id::hash};

use crate::observer::{Observer, founder};
use crate::said::{Said, say};
use crate::{entries, sample};

/// Seeds of simulated schedules that hold forks, revocations, restored databases, lapses and ballots.
const SEEDS: [u64; 30] = [
    2, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 18, 20, 22, 26, 27, 30, 31, 34, 36, 39, 42, 44, 45, 50, 52, 54,
    55, 57, 58,
];

/// Spaces that the tests of the second implementation write (`verifier/test_rules.py`), whose every key signs by hand.
const BY_HAND: [&str; 2] = ["eighth-fold.bundle", "founder-forks.bundle"];

/// The bundles that are made here.
fn own_names() -> impl Iterator<Item = String> {
    let seeds = SEEDS.iter().map(|seed| format!("seed-{seed:04}.bundle"));
    ["sample.bundle".to_owned(), "kinds.bundle".to_owned()].into_iter().chain(seeds)
}

fn names() -> Vec<String> {
    own_names().chain(BY_HAND.map(str::to_owned)).collect()
}

/// The space of `entries.json` as a bundle.
fn kinds() -> Vec<u8> {
    let all = entries::history();
    let mut observer = Observer::new(all.space(), founder(all.made[0].entry.raw()));
    assert_eq!(observer.show(&all.raw()), Vec::<String>::new());
    let mut file = Vec::new();
    observer.node.write_bundle(all.space(), &mut file).unwrap();
    file
}

/// Writes every bundle anew that is made here.
pub(crate) fn write_bundles(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        if !BY_HAND.iter().any(|name| file.file_name() == *name) {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    for name in own_names() {
        let seed = name.strip_prefix("seed-").and_then(|name| name.strip_suffix(".bundle"));
        let bundle = match (name.as_str(), seed) {
            (_, Some(seed)) => simulator::last_bundle(seed.parse().unwrap()).unwrap(),
            ("sample.bundle", _) => sample::bundle().unwrap(),
            _ => kinds(),
        };
        std::fs::write(folder.join(name), bundle).unwrap();
    }
}

/// What a bundle holds, before anybody judges it.
struct Contained {
    space: SpaceId,
    genesis: Vec<u8>,
    headers: Vec<Header>,
    parts: usize,
    proofs: usize,
}

fn contained(bundle: &[u8]) -> Contained {
    let frames = read(bundle.strip_prefix(BUNDLE_MAGIC).unwrap()).unwrap();
    let entries: Vec<&Entries> = frames
        .iter()
        .filter_map(|frame| if let Frame::Entries(entries) = frame { Some(entries) } else { None })
        .collect();
    let raw: Vec<_> =
        entries.iter().flat_map(|entries| &entries.items).map(|item| item.raw.0.clone()).collect();
    let header = |raw: &Vec<u8>| Unverified::decode(raw).unwrap().header().clone();
    Contained {
        space: entries[0].space,
        genesis: raw[0].clone(),
        headers: raw.iter().map(header).collect(),
        parts: frames.iter().filter(|frame| matches!(frame, Frame::Part(_))).count(),
        proofs: frames.iter().filter(|frame| matches!(frame, Frame::Proof(_))).count(),
    }
}

/// How often each kind occurs, by its word.
fn kinds_of(headers: &[Header]) -> Said {
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    headers.iter().for_each(|header| *counts.entry(word(header.kind)).or_default() += 1);
    Said::Map(counts.into_iter().map(|(word, count)| (word, count.into())).collect())
}

/// The word of the protocol's section 11.
fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::Offered => "offered",
        Phase::NotAgreed => "not agreed",
        Phase::Conditional => "conditional",
        Phase::Detached => "detached",
        Phase::Reported => "reported",
        Phase::Disputed => "disputed",
        Phase::Confirmed => "confirmed",
        Phase::Released => "released",
        Phase::Cancelled => "cancelled",
        Phase::Ended => "ended",
    }
}

fn said(name: &str, bundle: &[u8]) -> Said {
    let held = contained(bundle);
    let mut observer = Observer::new(held.space, founder(&held.genesis));
    assert_eq!(observer.read(bundle), Vec::<String>::new(), "{name}");
    let log = observer.log();
    let (node, space) = (&mut observer.node, held.space);
    let distinct: BTreeSet<_> = held.headers.iter().map(oplog::to_bytes).collect();
    assert_eq!(log.len(), distinct.len(), "{name}: every entry is stored");
    let refused = log.iter().filter_map(|(id, why)| Some(say! { "entry": *id, "reason": why.clone()? }));
    let Record::Space(record) = node.record(space, space.into()).unwrap() else { panic!("{name}: no space") };
    let lines = node.commitments(space, 0, 10_000).unwrap();
    let phases = lines.into_iter().map(|line| say! { "commitment": line.id, "phase": words(line.phase) });
    let agreements = node.agreements(space, 0, 10_000).unwrap().into_iter();
    let agreements =
        agreements.map(|line| say! { "agreement": line.id, "phase": line.phase.name().replace('-', " ") });
    let meetings = node.meetings(space, 0, 10_000).unwrap().into_iter();
    let meetings =
        meetings.map(|line| say! { "meeting": line.id, "phase": line.phase.name().replace('-', " ") });
    let keys = || record.keys.values();
    say! {
        "file": format!("spaces/{name}"),
        "sha256": Said::hex(&hash("", &[bundle])),
        "space": space,
        "entries": log.len() as u64,
        "contents": held.parts as u64,
        "proofs": held.proofs as u64,
        "kinds": kinds_of(&held.headers),
        "parties": record.seats.len() as u64,
        "keys": record.keys.len() as u64,
        "keys_forked": keys().filter(|key| key.forked_at.is_some()).count() as u64,
        "keys_revoked": keys().filter(|key| !key.revoked.is_empty()).count() as u64,
        "ballots": record.ballots.len() as u64,
        "digest": node.digest(space).unwrap(),
        "agreements": agreements.collect::<Said>(),
        "meetings": meetings.collect::<Said>(),
        "commitments": phases.collect::<Said>(),
        "without_effect": refused.collect::<Said>(),
    }
}

/// The file, worked out from the bundles as they lie in `folder`.
pub(crate) fn made(folder: &Path) -> Said {
    let mut lie: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut names = names();
    let said = names.iter().map(|name| said(name, &std::fs::read(folder.join(name)).unwrap())).collect();
    lie.sort();
    names.sort();
    assert_eq!(lie, names, "every bundle is in the list");
    said
}

//! The golden vectors of `docs/vectors`: the files hold, byte for byte, what this code writes, and every claim in them is
//! checked here too. `PEYGIR_BLESS=1 cargo test -p bench --test vectors` writes them anew.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "vectors/cast.rs"]
mod cast;
#[path = "vectors/curve.rs"]
mod curve;
#[path = "vectors/entries.rs"]
mod entries;
#[path = "vectors/frames.rs"]
mod frames;
#[path = "vectors/history.rs"]
mod history;
#[path = "vectors/identities.rs"]
mod identities;
#[path = "vectors/observer.rs"]
mod observer;
#[path = "vectors/proofs.rs"]
mod proofs;
#[path = "vectors/refused.rs"]
mod refused;
#[path = "vectors/said.rs"]
mod said;
#[path = "vectors/sample.rs"]
mod sample;
#[path = "vectors/spaces.rs"]
mod spaces;
#[path = "vectors/unreadable.rs"]
mod unreadable;
#[path = "vectors/unstored.rs"]
mod unstored;
#[path = "vectors/words.rs"]
mod words;

use std::path::PathBuf;

use said::Said;

/// The most bytes of all vectors together.
const ALL_BYTES_MAX: u64 = 3_000_000;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "vectors"].iter().collect()
}

/// Whether files are to be written and not to be compared.
fn blessing() -> bool {
    std::env::var_os("PEYGIR_BLESS").is_some()
}

/// Holds a file to what was made.
fn hold(name: &str, made: &Said) {
    let (path, text) = (folder().join(name), made.to_text());
    if blessing() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = held.lines().zip(text.lines()).position(|(held, made)| held != made);
    assert!(
        held == text,
        "docs/vectors/{name} is not what this code writes, from line {} on; if that is meant, \
         PEYGIR_BLESS=1 cargo test -p bench --test vectors",
        differs.unwrap_or_else(|| held.lines().count().min(text.lines().count())) + 1
    );
}

#[test]
fn entries_hold_every_kind_and_every_form_of_terms() {
    hold("entries.json", &entries::made());
}

#[test]
fn refused_entries_hold_every_way_to_be_no_entry() {
    hold("refused-entries.json", &refused::made());
}

#[test]
fn identities_hold_logs_grants_and_introductions() {
    hold("identities.json", &identities::made());
}

#[test]
fn fork_proofs_hold_valid_and_invalid_ones() {
    hold("fork-proofs.json", &proofs::made());
}

#[test]
fn frames_hold_every_type_and_broken_ones() {
    hold("frames.json", &frames::made());
}

#[test]
fn bundles_come_to_the_digests_that_spaces_says() {
    if blessing() {
        spaces::write_bundles(&folder().join("spaces"));
    }
    hold("spaces.json", &spaces::made(&folder().join("spaces")));
}

#[test]
fn the_vectors_stay_small_enough_to_be_carried_along() {
    let size = |folder: PathBuf| -> u64 {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap());
        files.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum()
    };
    let all = size(folder()) + size(folder().join("spaces"));
    assert!(all <= ALL_BYTES_MAX, "{all} bytes");
}

//! What is carried: evidence byte for byte, words that are erased, and a space in a file.

use serde_json::Value;

use crate::party::{Party, let_in, pair, text};

/// Three parts and a bit of an exchange: bytes that are no text, with every value in them.
fn evidence() -> Vec<u8> {
    let mut seed = 7_u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_le_bytes()[3]
    });
    noise.take(3 * 1024 * 1024 + 17).collect()
}

fn write(party: &Party, name: &str, bytes: &[u8]) -> String {
    let path = party.state.with_file_name(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn evidence_arrives_byte_for_byte_beside_its_commitment() {
    let (a, b) = pair();
    let object = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    b.ok(&["sync"]);
    let bytes = evidence();
    let file = write(&b, "act-17.pdf", &bytes);
    let attached = b.ok(&["attach", &object, &file, "--media-type", "application/pdf", "--note", "act 17"]);
    let attached = text(&attached, "object");
    b.ok(&["sync"]);
    assert!(a.says(&["show", &object]).contains("act-17.pdf"), "evidence is shown beside the commitment");
    assert_eq!(text(&a.ok(&["show", &object])["notes"][0], "id"), attached);
    let saved = a.state.with_file_name("saved.pdf").display().to_string();
    assert_eq!(a.ok(&["save", &attached, &saved])["bytes"], bytes.len());
    assert!(std::fs::read(&saved).unwrap() == bytes);
    assert_eq!(a.digest(), b.digest());
    a.fails(6, &["save", &attached, &saved]);
    a.fails(5, &["save", &object, "elsewhere.pdf"]);
    a.fails(5, &["attach", &object, "there-is-no-such-file"]);
}

#[test]
fn comments_and_transcripts_arrive_and_erased_words_go_on_both_sides() {
    let (a, b) = pair();
    let said = text(&a.comment("words that will be erased"), "object");
    let file = write(&a, "draft.txt", b"a draft that should not have been sent");
    let draft = text(&a.ok(&["attach", &a.space(), &file]), "object");
    let transcribe = ["transcribe", "--source", "Protocol of 3 May 2025, item 4", "--title", "Rail tariff"];
    let transcript = text(&a.ok(&transcribe), "object");
    b.ok(&["sync"]);
    assert!(b.says(&["show", &said]).contains("words that will be erased"));
    assert!(b.says(&["show", &transcript]).contains("Rail tariff"));
    b.fails(3, &["erase", &said]);
    for object in [&said, &draft] {
        a.ok(&["erase", object, "--reason", "sent by mistake"]);
    }
    b.ok(&["sync"]);
    for party in [&a, &b] {
        assert!(!party.says(&["show", &said]).contains("words that will be erased"));
        let left = party.fails(5, &["save", &draft, "draft-again.txt"]);
        assert!(left.text.contains("erased"), "{left:?}");
    }
    assert_eq!(a.digest(), b.digest());
}

/// Two parties whose network is cut, and a bundle of what the first has signed since.
fn cut_off() -> (Party, Party, String, Vec<String>) {
    let (mut a, b) = pair();
    a.kill();
    let object = a.offer("Belarusian Railway", "me", "Deliver 12 locomotives");
    let file = write(&a, "act-17.pdf", &evidence()[..100_000]);
    let attached = text(&a.ok(&["attach", &object, &file]), "object");
    let said: Vec<_> = (0..5).map(|number| text(&a.comment(&format!("cut off {number}")), "entry")).collect();
    b.fails(7, &["sync"]);
    let bundle = a.state.with_file_name("commission.peygir").display().to_string();
    let entries = a.ok(&["bundle", "Joint commission", &bundle])["entries"].as_u64();
    assert_eq!(entries, Some(2 + 2 + 5));
    a.fails(6, &["bundle", "Joint commission", &bundle]);
    let ids = [vec![object, attached], said].concat();
    (a, b, bundle, ids)
}

#[test]
fn a_space_travels_in_a_file_where_no_network_is() {
    let (a, b, bundle, ids) = cut_off();
    assert_eq!(b.ok(&["unbundle", &bundle])["new"], 14, "seven entries with a content each");
    assert_eq!(b.ok(&["unbundle", &bundle])["new"], 0);
    assert_eq!(a.digest(), b.digest());
    let saved = b.state.with_file_name("saved.pdf").display().to_string();
    b.ok(&["save", &ids[1], &saved]);
    assert!(std::fs::read(&saved).unwrap() == evidence()[..100_000]);
    b.ok(&["accept", &ids[0]]);
    let back = b.state.with_file_name("back.peygir").display().to_string();
    b.ok(&["bundle", &b.space(), &back]);
    assert_eq!(a.ok(&["unbundle", &back])["new"], 1, "an accept without words");
    assert_eq!(a.phase(&ids[0]), "detached");
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn a_bundle_that_was_cut_short_is_told_and_nothing_is_taken_from_it() {
    let (_a, b, bundle, _) = cut_off();
    let whole = std::fs::read(&bundle).unwrap();
    let (before, digest) = (b.entries(), b.digest());
    let len = whole.len();
    for cut in [
        0,
        1,
        7,
        8,
        10,
        60,
        500,
        len / 2,
        len - 60_000,
        len - 2_000,
        len - 8,
        len - 7,
        len - 6,
        len - 5,
        len - 1,
    ] {
        let file = write(&b, "cut.peygir", &whole[..cut]);
        let failed = b.fails(7, &["unbundle", &file]);
        assert!(failed.hint.contains("nothing was taken in"), "{cut} of {len}: {failed:?}");
    }
    assert_eq!((b.entries(), b.digest()), (before, digest));
    b.fails(5, &["unbundle", "there-is-no-such-file"]);
}

#[test]
fn a_bundle_with_flipped_bytes_is_told_and_only_whole_entries_are_taken_from_it() {
    let (a, b, bundle, ids) = cut_off();
    let whole = std::fs::read(&bundle).unwrap();
    let signed_by_a = a.entries();
    let step = whole.len() / 40;
    for at in (16..whole.len()).step_by(step).chain([8, 9, 12, 14]) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        let file = write(&b, "flipped.peygir", &flipped);
        let output = b.run(&["unbundle", &file, "--json"]);
        let data: Value = serde_json::from_slice(&output.stdout).unwrap();
        // The key of the carrier alone means nothing to whoever reads.
        let in_hello = at < 60;
        assert!(output.status.code() == Some(7) || (in_hello && output.status.success()), "{at}: {data}");
        assert!(b.entries().iter().all(|entry| signed_by_a.contains(entry)));
        assert_eq!(text(&b.ok(&["rebuild"]), "digest"), b.digest());
    }
    b.ok(&["unbundle", &bundle]);
    assert_eq!(b.digest(), a.digest());
    let saved = b.state.with_file_name("saved.pdf").display().to_string();
    b.ok(&["save", &ids[1], &saved]);
    assert!(std::fs::read(&saved).unwrap() == evidence()[..100_000]);
}

#[test]
fn a_bundle_of_a_foreign_space_is_not_taken() {
    let (a, _b, bundle, _) = cut_off();
    let mut stranger = Party::new("Stranger");
    stranger.serve();
    stranger.fails(5, &["unbundle", &bundle]);
    let other = Party::new("Other");
    let_in(&stranger, &other);
    stranger.fails(5, &["unbundle", &bundle]);
    assert_eq!(stranger.ok(&["spaces"]).as_array().unwrap().len(), 1);
    drop(a);
}

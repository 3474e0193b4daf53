//! `fork-proofs.json`: what proves that a key signed two entries for one place, and what does not.

use agreement::Rules;
use agreement::operation::{Ack, Genesis};
use oplog::{Draft, Entry, EntryId, ForkProof, Header, Secret, SpaceId, bytes::Blob, from_bytes, to_bytes};

use crate::cast::{Party, secret};
use crate::entries;
use crate::history::Signer;
use crate::said::{Said, say};

const BETA: Signer = (Party::Beta, 0);

fn sign(header: &Header, by: &Secret) -> Entry {
    Draft::new(header.clone()).unwrap().sign(by)
}

fn proof(key: &Secret, one: &[u8], two: &[u8]) -> Vec<u8> {
    to_bytes(&ForkProof { key: key.public(), one: Blob(one.to_vec()), two: Blob(two.to_vec()) })
}

/// A proof in its order, whatever the entries are.
fn ordered(key: &Secret, a: &Entry, b: &Entry) -> Vec<u8> {
    let (one, two) = if a.id() < b.id() { (a, b) } else { (b, a) };
    proof(key, one.raw(), two.raw())
}

/// A genesis by Alfa.
fn genesis(nonce: u64) -> Entry {
    let founder = Party::Alfa.introduction(SpaceId::ZERO, 0);
    let operation = agreement::Operation::from(Genesis { nonce, rules: Rules::default(), founder });
    let header = Header {
        space: SpaceId::ZERO,
        key: Party::Alfa.binding(0).public().id(),
        seq: 0,
        prev: None,
        deps: Vec::new(),
        time_ms: 0,
        kind: operation.kind(),
        effect: operation.effect(),
        content: None,
    };
    sign(&header, &Party::Alfa.binding(0))
}

fn rows() -> Vec<(&'static str, bool, Vec<u8>)> {
    let all = entries::three();
    let (own, other) = (Party::Beta.binding(0), secret(0x99));
    let ack = agreement::Operation::from(Ack { digest: None, level: 0 });
    let header = all.header(BETA, ack.kind(), ack.effect());
    let a = sign(&header, &own);
    let b = sign(&Header { time_ms: header.time_ms + 1, ..header.clone() }, &own);
    let deeper = sign(&Header { seq: header.seq + 1, prev: Some(a.id()), ..header.clone() }, &own);
    let parted = sign(&Header { prev: Some(EntryId([0xee; 32])), ..header.clone() }, &own);
    let elsewhere = sign(&Header { space: SpaceId([0x5a; 32]), ..header.clone() }, &own);
    let stranger = sign(&Header { key: other.public().id(), ..header.clone() }, &other);
    let (first, second) = if a.id() < b.id() { (&a, &b) } else { (&b, &a) };
    let good = proof(&own, first.raw(), second.raw());
    let flipped = |raw: &[u8]| {
        let mut raw = raw.to_vec();
        *raw.last_mut().unwrap() ^= 1;
        raw
    };
    let mut remains = good.clone();
    remains.push(0);
    vec![
        ("two entries for one place", true, good.clone()),
        ("two entries for one place that name different entries before it", true, ordered(&own, &a, &parted)),
        ("the greater id first", false, proof(&own, second.raw(), first.raw())),
        ("the same entry twice", false, proof(&own, a.raw(), a.raw())),
        ("an entry and the one after it", false, ordered(&own, &a, &deeper)),
        ("entries of two spaces", false, ordered(&own, &a, &elsewhere)),
        (
            "the geneses of two spaces by one key",
            false,
            ordered(&Party::Alfa.binding(0), &genesis(1), &genesis(2)),
        ),
        ("entries of two keys", false, ordered(&own, &a, &stranger)),
        ("the key of neither", false, proof(&other, first.raw(), second.raw())),
        ("a first entry that does not verify", false, proof(&own, &flipped(first.raw()), second.raw())),
        ("a second entry that does not verify", false, proof(&own, first.raw(), &flipped(second.raw()))),
        ("a second entry that does not decode", false, proof(&own, first.raw(), &second.raw()[1..])),
        ("an empty second entry", false, proof(&own, first.raw(), &[])),
        ("a byte remains", false, remains),
        ("the last byte is missing", false, good[..good.len() - 1].to_vec()),
    ]
}

/// The file.
pub(crate) fn made() -> Said {
    let said = rows().into_iter().map(|(name, holds, bytes)| {
        let read = from_bytes::<ForkProof>(&bytes);
        let checked = read.as_ref().ok().and_then(|proof| proof.check().ok());
        assert_eq!(checked.is_some(), holds, "{name}");
        let key = read.ok().filter(|_| holds).map(|proof| proof.key);
        say! {
            "name": name, "holds": holds, "proof": Said::hex(&bytes), "key": key,
            "entries": checked.map(|ids| ids.into_iter().map(Said::from).collect::<Said>()),
        }
    });
    said.collect()
}

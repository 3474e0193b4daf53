//! `refused-entries.json`: bytes that are no entry, or not this key's, or that no space can hold.

use oplog::{BadEntry, PublicKey, Reader, Secret, Unverified, Writer, to_bytes};

use crate::cast::{Party, secret};
use crate::curve::{crafted, envelope, signed};
use crate::history::History;
use crate::said::{Said, say};
use crate::{entries, unstored};

/// Encoded items of a header, by position.
const SPACE: usize = 1;
const KEY: usize = 2;
const SEQ: usize = 3;
const PREV: usize = 4;
const DEPS: usize = 5;
const TIME: usize = 6;
const KIND: usize = 7;
const EFFECT: usize = 8;
const CONTENT: usize = 9;

/// The bytes in front of the header in an entry's envelope.
const START: [u8; 7] = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0];

/// Name and reason, and the bytes.
type Row = (&'static str, Vec<u8>);

/// A good entry, taken apart.
struct Parts {
    key: Secret,
    /// The ten items of its header, each encoded.
    items: Vec<Vec<u8>>,
    header: Vec<u8>,
    signature: Vec<u8>,
    raw: Vec<u8>,
}

impl Parts {
    fn of(all: &History) -> Self {
        let made = all.named("dispute");
        let (header, raw) = (made.entry.header(), made.entry.raw().to_vec());
        let bytes = to_bytes(header);
        let items = vec![
            to_bytes(&0_u64),
            to_bytes(&header.space),
            to_bytes(&header.key),
            to_bytes(&header.seq),
            to_bytes(&header.prev),
            to_bytes(&header.deps),
            to_bytes(&header.time_ms),
            to_bytes(&header.kind),
            to_bytes(&oplog::bytes::Blob(header.effect.clone())),
            to_bytes(&header.content),
        ];
        assert_eq!([&[0x8a], items.concat().as_slice()].concat(), bytes);
        let key = made.signer.0.binding(made.signer.1);
        Self { key, items, header: bytes, signature: raw[raw.len() - 64..].to_vec(), raw }
    }

    /// The entry with another header, signed over just these bytes.
    fn signed(&self, header: &[u8]) -> Vec<u8> {
        envelope(header, &self.key.sign(&signed(header, b"peygir/entry/0")).0)
    }

    /// The entry with one item of its header replaced.
    fn with(&self, item: usize, bytes: &[u8]) -> Vec<u8> {
        let mut items = self.items.clone();
        items[item] = bytes.to_vec();
        self.signed(&[&[0x8a], items.concat().as_slice()].concat())
    }

    /// The entry with several items replaced.
    fn with_all(&self, changes: &[(usize, &[u8])]) -> Vec<u8> {
        let mut items = self.items.clone();
        changes.iter().for_each(|(item, bytes)| items[*item] = bytes.to_vec());
        self.signed(&[&[0x8a], items.concat().as_slice()].concat())
    }

    /// The header and the signature as they stand in the entry.
    fn rest(&self) -> Vec<u8> {
        self.raw[START.len()..].to_vec()
    }
}

/// The bytes of `parts`, one after another.
fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn envelopes(good: &Parts) -> Vec<Row> {
    let (rest, sig) = (good.rest(), &good.signature);
    let mut head = Writer::new();
    head.bytes(&good.header);
    let head = head.into_bytes();
    let len = u16::try_from(good.header.len()).unwrap().to_be_bytes();
    vec![
        ("nothing", Vec::new()),
        ("the header alone", good.header.clone()),
        ("no tag", good.raw[1..].to_vec()),
        ("tag 18 in two bytes", join(&[&[0xd8, 0x12], &good.raw[1..]])),
        ("tag 98 (COSE_Sign)", join(&[&[0xd8, 98], &good.raw[1..]])),
        ("the array's length in two bytes", join(&[&[0xd2, 0x98, 4], &good.raw[2..]])),
        ("an array of indefinite length", join(&[&[0xd2, 0x9f], &good.raw[2..], &[0xff]])),
        ("an array of five", join(&[&[0xd2, 0x85], &good.raw[2..], &[0xf6]])),
        ("an array of three", join(&[&[0xd2, 0x83, 0x43, 0xa1, 1, 0x27, 0xa0], &head])),
        (
            "the protected header's length in two bytes",
            join(&[&[0xd2, 0x84, 0x58, 3, 0xa1, 1, 0x27, 0xa0], &rest]),
        ),
        ("an empty protected header", join(&[&[0xd2, 0x84, 0x40, 0xa0], &rest])),
        ("the protected header as a map", join(&[&[0xd2, 0x84, 0xa1, 1, 0x27, 0xa0], &rest])),
        ("another algorithm (ES256)", join(&[&[0xd2, 0x84, 0x43, 0xa1, 1, 0x26, 0xa0], &rest])),
        ("the algorithm's number in two bytes", join(&[&[0xd2, 0x84, 0x44, 0xa1, 1, 0x38, 7, 0xa0], &rest])),
        (
            "the protected header's label in two bytes",
            join(&[&[0xd2, 0x84, 0x44, 0xa1, 0x18, 1, 0x27, 0xa0], &rest]),
        ),
        (
            "a protected header with a key id",
            join(&[&[0xd2, 0x84, 0x46, 0xa2, 1, 0x27, 4, 0x41, 0, 0xa0], &rest]),
        ),
        ("the algorithm twice", join(&[&[0xd2, 0x84, 0x45, 0xa2, 1, 0x27, 1, 0x27, 0xa0], &rest])),
        (
            "a protected map of indefinite length",
            join(&[&[0xd2, 0x84, 0x44, 0xbf, 1, 0x27, 0xff, 0xa0], &rest]),
        ),
        ("an unprotected key id", join(&[&START[..6], &[0xa1, 4, 0x41, 0], &rest])),
        ("an unprotected map of indefinite length", join(&[&START[..6], &[0xbf, 0xff], &rest])),
        ("a null for the unprotected map", join(&[&START[..6], &[0xf6], &rest])),
        ("a detached header", join(&[&START, &[0xf6, 0x58, 64], sig])),
        (
            "the header's length in five bytes",
            join(&[&START, &[0x5a, 0, 0], &len, &good.header, &[0x58, 64], sig]),
        ),
        ("the header in pieces", join(&[&START, &[0x5f], &head, &[0xff, 0x58, 64], sig])),
        ("the header as a text", join(&[&START, &[0x79], &len, &good.header, &[0x58, 64], sig])),
        ("the header not wrapped", join(&[&START, &good.header, &[0x58, 64], sig])),
        ("the signature's length in three bytes", join(&[&START, &head, &[0x59, 0, 64], sig])),
        ("the signature in pieces", join(&[&START, &head, &[0x5f, 0x58, 64], sig, &[0xff]])),
        ("a signature of 63 bytes", join(&[&START, &head, &[0x58, 63], &sig[..63]])),
        ("a signature of 65 bytes", join(&[&START, &head, &[0x58, 65], sig, &[0]])),
        ("an empty signature", join(&[&START, &head, &[0x40]])),
        ("a byte remains", join(&[&good.raw, &[0]])),
        ("the entry twice", join(&[&good.raw, &good.raw])),
        ("the last byte is missing", good.raw[..good.raw.len() - 1].to_vec()),
        ("the second half is missing", good.raw[..good.raw.len() / 2].to_vec()),
    ]
}

fn header_shapes(good: &Parts) -> Vec<Row> {
    let items = good.items.concat();
    let all = |start: &[u8], end: &[u8]| good.signed(&join(&[start, &items, end]));
    let named = |bytes: u8| to_bytes(&oplog::EntryId([bytes; 32]));
    let deps = |ids: &[u8]| {
        let ids: Vec<u8> = ids.iter().flat_map(|id| named(*id)).collect();
        ids
    };
    let prev = good.items[PREV].clone();
    let many: Vec<u8> = (1..=17).collect();
    vec![
        ("an array of nine", good.signed(&join(&[&[0x89], &good.items[..9].concat()]))),
        ("an array of eleven", all(&[0x8b], &[0xf6])),
        ("the header array's length in two bytes", all(&[0x98, 10], &[])),
        ("a header array of indefinite length", all(&[0x9f], &[0xff])),
        ("a byte remains in the header", all(&[0x8a], &[0])),
        ("a map in place of the header array", good.signed(&join(&[&[0xa5], &items]))),
        ("version 1", good.with(0, &[1])),
        ("version 0 in two bytes", good.with(0, &[0x18, 0])),
        ("a space of 31 bytes", good.with(SPACE, &join(&[&[0x58, 31], &[7; 31]]))),
        ("a space of 33 bytes", good.with(SPACE, &join(&[&[0x58, 33], &[7; 33]]))),
        ("a space as a text", good.with(SPACE, &join(&[&[0x78, 32], &[0x61; 32]]))),
        ("a space whose length stands in three bytes", good.with(SPACE, &join(&[&[0x59, 0, 32], &[7; 32]]))),
        ("a null for the space", good.with(SPACE, &[0xf6])),
        ("a key id of 33 bytes", good.with(KEY, &join(&[&[0x58, 33], &[1; 33]]))),
        ("a seq in two bytes where one is enough", good.with(SEQ, &[0x18, 5])),
        ("a seq in nine bytes where one is enough", good.with(SEQ, &[0x1b, 0, 0, 0, 0, 0, 0, 0, 5])),
        ("a negative seq", good.with(SEQ, &[0x20])),
        ("a seq as a big number", good.with(SEQ, &[0xc2, 0x41, 5])),
        ("a seq as a float", good.with(SEQ, &[0xf9, 0x45, 0])),
        ("a seq as true", good.with(SEQ, &[0xf5])),
        ("prev with seq 0", good.with(SEQ, &[0])),
        ("no prev with seq 5", good.with_all(&[(SEQ, &[5]), (PREV, &[0xf6])])),
        ("an undefined prev", good.with_all(&[(SEQ, &[0]), (PREV, &[0xf7])])),
        ("an empty prev", good.with(PREV, &[0x40])),
        ("deps that do not ascend", good.with(DEPS, &join(&[&[0x82], &deps(&[9, 8])]))),
        ("a dep twice", good.with(DEPS, &join(&[&[0x82], &deps(&[8, 8])]))),
        ("seventeen deps", good.with(DEPS, &join(&[&[0x91], &deps(&many)]))),
        ("prev among the deps", good.with(DEPS, &join(&[&[0x81], &prev]))),
        ("deps in an array of indefinite length", good.with(DEPS, &join(&[&[0x9f], &deps(&[8]), &[0xff]]))),
        ("the deps' length in two bytes", good.with(DEPS, &join(&[&[0x98, 1], &deps(&[8])]))),
        (
            "deps that claim four billion",
            good.with(DEPS, &join(&[&[0x9a, 0xff, 0xff, 0xff, 0xff], &deps(&[8])])),
        ),
        ("a null for the deps", good.with(DEPS, &[0xf6])),
        ("a dep of 31 bytes", good.with(DEPS, &join(&[&[0x81, 0x58, 31], &[8; 31]]))),
        ("a dep inside one more array", good.with(DEPS, &join(&[&[0x81, 0x81], &deps(&[8])]))),
        ("deps nested a thousand deep", good.with(DEPS, &join(&[&[0x81; 1_000], &[0x80]]))),
    ]
}

fn header_values(good: &Parts) -> Vec<Row> {
    let mut long = Writer::new();
    long.bytes(&[0; 65_537]);
    let effect = Unverified::decode(&good.raw).unwrap().header().effect.clone();
    let (len, hash) = (u8::try_from(effect.len()).unwrap(), [0xc0; 32]);
    let content = |parts: &[&[u8]]| good.with(CONTENT, &join(parts));
    vec![
        ("a time in nine bytes where five are enough", good.with(TIME, &[0x1b, 0, 0, 0, 0, 0, 1, 0, 0])),
        ("a negative time", good.with(TIME, &[0x20])),
        ("a time as a float", good.with(TIME, &[0xfb, 0x42, 0x7a, 0xb, 0xd, 0x3f, 0, 0, 0])),
        ("a kind in two bytes where one is enough", good.with(KIND, &[0x18, 20])),
        ("a kind as a text", good.with(KIND, &[0x63, 0x61, 0x63, 0x6b])),
        ("an effect as a text", good.with(EFFECT, &[0x61, 0x61])),
        ("an effect not wrapped", good.with(EFFECT, &effect)),
        ("a null for the effect", good.with(EFFECT, &[0xf6])),
        ("the effect's length in three bytes", good.with(EFFECT, &join(&[&[0x59, 0, len], &effect]))),
        ("the effect in pieces", good.with(EFFECT, &join(&[&[0x5f, 0x58, len], &effect, &[0xff]]))),
        ("an effect of 65,537 bytes", good.with(EFFECT, &long.into_bytes())),
        ("an entry of 67,585 bytes", vec![0xd2; 67_585]),
        ("a content that is false", good.with(CONTENT, &[0xf4])),
        ("a content without a length", content(&[&[0x81, 0x58, 32], &hash])),
        ("a content with a third item", content(&[&[0x83, 0x58, 32], &hash, &[1, 0]])),
        ("a content's hash of 31 bytes", content(&[&[0x82, 0x58, 31], &hash[1..], &[1]])),
        ("a content longer than 256 MiB", content(&[&[0x82, 0x58, 32], &hash, &[0x1a, 0x10, 0, 0, 1]])),
        (
            "a content's length in two bytes where one is enough",
            content(&[&[0x82, 0x58, 32], &hash, &[0x18, 1]]),
        ),
        ("a content's length that is negative", content(&[&[0x82, 0x58, 32], &hash, &[0x20]])),
        ("a content in an array of indefinite length", content(&[&[0x9f, 0x58, 32], &hash, &[1, 0xff]])),
    ]
}

/// Well-formed entries with a signature that is not the key's over them.
fn signatures(good: &Parts) -> Vec<(&'static str, PublicKey, Vec<u8>)> {
    let (key, header) = (good.key.public(), &good.header);
    let flipped = |at: usize| {
        let mut raw = good.raw.clone();
        raw[at] ^= 1;
        raw
    };
    let over = |message: &[u8]| envelope(header, &good.key.sign(message).0);
    let other = secret(0x99);
    let of_other = envelope(header, &other.sign(&signed(header, b"peygir/entry/0")).0);
    let end = good.raw.len();
    // The effect is the last but one item: its last byte stands before the content's reference.
    let in_effect = end - 66 - good.items[CONTENT].len() - 1;
    let id = Unverified::decode(&good.raw).unwrap().id();
    vec![
        ("a bit of R is flipped", key, flipped(end - 64)),
        ("a bit of S is flipped", key, flipped(end - 32)),
        ("a bit of the effect is flipped", key, flipped(in_effect)),
        ("a signature of zeros", key, envelope(header, &[0; 64])),
        ("another key's signature", key, of_other.clone()),
        ("a signature of the key given, and a header that names another key", other.public(), of_other),
        ("a signature over the header alone", key, over(header)),
        ("a signature over the id", key, over(&id.0)),
        ("a signature without external_aad", key, over(&signed(header, b""))),
        ("a signature with another external_aad", key, over(&signed(header, b"peygir/request/0"))),
        (
            "a signature over another entry",
            key,
            envelope(header, &good.key.sign(&signed(b"other", b"peygir/entry/0")).0),
        ),
        ("the key of another member", Party::Beta.binding(0).public(), good.raw.clone()),
    ]
}

fn decoded(name: &str, raw: &[u8]) -> Said {
    let why = Unverified::decode(raw).err();
    assert!(why.as_ref().is_some_and(|why| *why != BadEntry::Signature), "{name} decodes");
    say! { "name": name, "stage": "decode", "entry": Said::hex(raw) }
}

fn verified(name: &str, why: &str, public: PublicKey, raw: &[u8]) -> Said {
    let entry = Unverified::decode(raw).unwrap();
    // A verifier that is only given the entry and the key has to refuse it, whatever it makes of the key.
    let verifies = public.prepare().is_some_and(|key| entry.verify(public.id(), &key).is_ok());
    assert!(!verifies, "{name} verifies");
    say! { "name": name, "stage": "verify", "why": why, "public": public, "entry": Said::hex(raw) }
}

/// The file.
pub(crate) fn made() -> Said {
    let all = entries::history();
    let good = Parts::of(&all);
    // What stands here is refused for its one fault: put together without one, it is the good entry.
    assert_eq!(good.signed(&good.header), good.raw);
    assert!(Reader::new(&good.header).array().is_ok_and(|items| items == 10));
    let rows = [envelopes(&good), header_shapes(&good), header_values(&good)].concat();
    let mut refused: Vec<_> = rows.iter().map(|(name, raw)| decoded(name, raw)).collect();
    for (name, public, raw) in signatures(&good) {
        refused.push(verified(name, "the signature is not this key's over this header", public, &raw));
    }
    for (name, why, public, raw) in crafted() {
        refused.push(verified(name, why, public, &raw));
    }
    let given = say! { "name": "the entry that most of these were made of", "entry": Said::hex(&good.raw), "public": good.key.public() };
    say! { "good": given, "refused": Said::List(refused), "not_stored": unstored::made() }
}

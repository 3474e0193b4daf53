//! Signatures that no honest signer makes: what one implementation takes and another refuses splits a space for ever.

use agreement::operation::Ack;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, IsIdentity as _};
use oplog::{Draft, EntryId, Header, PublicKey, Secret, SpaceId, Unverified, Writer, id::hash, to_bytes};
use sha2::{Digest as _, Sha512};

use crate::cast::{Party, secret};
use crate::history::History;
use crate::said::{Said, say};

/// The order of the base point, little end first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
/// A point of order eight.
const ORDER_EIGHT: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
    0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];

/// RFC 9052 section 4.4, as the protocol's section 4.1 has it.
pub(crate) fn signed(header: &[u8], aad: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(4).text("Signature1").bytes(&[0xa1, 0x01, 0x27]).bytes(aad).bytes(header);
    writer.into_bytes()
}

/// The one legal envelope around a header and a signature.
pub(crate) fn envelope(header: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.raw(&[0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0]).bytes(header).bytes(signature);
    writer.into_bytes()
}

/// An entry that looks like any other, by `key`.
fn header(key: PublicKey, space: SpaceId) -> Header {
    let ack = agreement::Operation::from(Ack { digest: None, level: 0 });
    Header {
        space,
        key: key.id(),
        seq: 1,
        prev: Some(EntryId([0xe1; 32])),
        deps: vec![EntryId([0xe2; 32])],
        time_ms: 1_790_000_000_000,
        kind: ack.kind(),
        effect: ack.effect(),
        content: None,
    }
}

/// A signature under construction: key, nonce point, and their secrets as far as there are any.
struct Forger {
    public: [u8; 32],
    scalar: Scalar,
    header: Vec<u8>,
}

impl Forger {
    fn new(public: [u8; 32], scalar: Scalar) -> Self {
        let key = PublicKey::from_wire(&[&[1], &public[..]].concat()).unwrap();
        Self { public, scalar, header: to_bytes(&header(key, SpaceId([0xe0; 32]))) }
    }

    fn key(&self) -> PublicKey {
        PublicKey::from_wire(&[&[1], &self.public[..]].concat()).unwrap()
    }

    /// The challenge of RFC 8032 for an encoded R.
    fn challenge(&self, nonce: &[u8; 32]) -> Scalar {
        let parts = [&nonce[..], &self.public, &signed(&self.header, b"peygir/entry/0")].concat();
        Scalar::from_bytes_mod_order_wide(&Sha512::digest(parts).into())
    }

    /// The entry with R as given and S = r + k·a.
    fn entry(&self, nonce: &[u8; 32], nonce_scalar: Scalar) -> Vec<u8> {
        let s = nonce_scalar + self.challenge(nonce) * self.scalar;
        envelope(&self.header, &[nonce.as_slice(), s.as_bytes()].concat())
    }

    /// The first of many nonces for which `wanted` holds of nonce scalar and challenge; R is the nonce's point and `extra`.
    fn search(&self, extra: EdwardsPoint, wanted: impl Fn(Scalar, Scalar) -> bool) -> Vec<u8> {
        let (nonce, r) = (0_u64..10_000)
            .map(|number| {
                let r = scalar(number);
                ((EdwardsPoint::mul_base(&r) + extra).compress().to_bytes(), r)
            })
            .find(|(nonce, r)| wanted(*r, self.challenge(nonce)))
            .unwrap();
        self.entry(&nonce, r)
    }
}

fn scalar(number: u64) -> Scalar {
    Scalar::from_bytes_mod_order(hash("peygir/vectors/scalar", &[&number.to_be_bytes()]))
}

fn point(bytes: [u8; 32]) -> Option<EdwardsPoint> {
    CompressedEdwardsY(bytes).decompress()
}

fn eight() -> EdwardsPoint {
    point(ORDER_EIGHT).unwrap()
}

/// Whether `challenge` times the point of order eight is that point `times` times.
fn leaves(challenge: Scalar, times: u64) -> bool {
    eight() * challenge == eight() * Scalar::from(times)
}

/// A small number as an encoded y, with the sign bit of x or without.
fn small_y(y: u8, sign: bool) -> [u8; 32] {
    let mut bytes = [0; 32];
    (bytes[0], bytes[31]) = (y, if sign { 0x80 } else { 0 });
    bytes
}

/// The same y with p added to it: another encoding of the same point.
fn over_p(y: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xed + y, 0x7f);
    bytes
}

/// A y to which no point belongs.
fn off_curve() -> [u8; 32] {
    (2..).map(|y| small_y(y, false)).find(|bytes| point(*bytes).is_none()).unwrap()
}

/// A crafted entry that must not verify: name, reason, the key, the bytes.
pub(crate) type Crafted = (&'static str, &'static str, PublicKey, Vec<u8>);

/// Entries of keys of small order, for which a signature can be made without any secret.
fn small_keys() -> Vec<Crafted> {
    let why = "A has small order";
    let twisted = "A has small order, and an encoding that is not canonical";
    let keys = [
        ("A is the identity", why, small_y(1, false)),
        ("A has order two", why, {
            let mut minus_one = [0xff; 32];
            (minus_one[0], minus_one[31]) = (0xec, 0x7f);
            minus_one
        }),
        ("A has order four", why, small_y(0, false)),
        ("A has order eight", why, ORDER_EIGHT),
        ("A is the identity with y = p + 1", twisted, over_p(1)),
        ("A has order four with y = p", twisted, over_p(0)),
    ];
    keys.into_iter()
        .map(|(name, why, public)| {
            let forger = Forger::new(public, Scalar::ZERO);
            let key = point(public).unwrap();
            let raw = forger.search(EdwardsPoint::identity(), |_, challenge| (key * challenge).is_identity());
            (name, why, forger.key(), raw)
        })
        .chain([{
            let forger = Forger::new(small_y(1, true), Scalar::ZERO);
            let nonce = EdwardsPoint::mul_base(&scalar(1)).compress().to_bytes();
            (
                "A is the identity with the sign of a negative x",
                twisted,
                forger.key(),
                forger.entry(&nonce, scalar(1)),
            )
        }])
        .collect()
}

/// Entries of an honest key with an R or an S that must not pass.
fn odd_halves() -> Vec<Crafted> {
    let own = Forger::new(EdwardsPoint::mul_base(&scalar(99)).compress().to_bytes(), scalar(99));
    let honest = EdwardsPoint::mul_base(&scalar(5)).compress().to_bytes();
    let good = own.entry(&honest, scalar(5));
    let with_s = |change: fn(&mut [u8])| {
        let mut raw = good.clone();
        let at = raw.len() - 32;
        change(&mut raw[at..]);
        raw
    };
    let zero = Scalar::ZERO;
    let off = {
        let mut raw = good.clone();
        let at = raw.len() - 64;
        raw[at..at + 32].copy_from_slice(&off_curve());
        raw
    };
    vec![
        (
            "R is the identity",
            "R has small order, though the equation holds",
            own.key(),
            own.entry(&small_y(1, false), zero),
        ),
        (
            "R is the identity with y = p + 1",
            "R has small order and is not canonical",
            own.key(),
            own.entry(&over_p(1), zero),
        ),
        (
            "R is the identity with the sign of a negative x",
            "R has small order and is not canonical",
            own.key(),
            own.entry(&small_y(1, true), zero),
        ),
        (
            "R has order eight",
            "R has small order; only the equation with the cofactor holds",
            own.key(),
            own.entry(&ORDER_EIGHT, zero),
        ),
        (
            "R and a point of order eight",
            "only the equation with the cofactor holds",
            own.key(),
            own.search(eight(), |_, _| true),
        ),
        ("R is no point", "R does not decompress", own.key(), off),
        (
            "S and the order",
            "S is not reduced: another signature for the same entry",
            own.key(),
            with_s(|s| add(s, &ORDER)),
        ),
        ("S is the order", "S is not reduced", own.key(), with_s(|s| s.copy_from_slice(&ORDER))),
        ("S has its highest bit set", "S is not reduced", own.key(), with_s(|s| s[31] |= 0x80)),
        ("S is one more", "the equation does not hold", own.key(), with_s(|s| add(s, &[1]))),
        ("S is zero", "the equation does not hold", own.key(), with_s(|s| s.fill(0))),
    ]
}

/// Adds numbers that have their little end first.
fn add(to: &mut [u8], number: &[u8]) {
    let mut carry = 0;
    for (at, byte) in to.iter_mut().enumerate() {
        let sum = u16::from(*byte) + u16::from(*number.get(at).unwrap_or(&0)) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
}

/// Every crafted entry whose signature must be refused.
pub(crate) fn crafted() -> Vec<Crafted> {
    let mixed = (EdwardsPoint::mul_base(&scalar(7)) + eight()).compress().to_bytes();
    let mixed = Forger::new(mixed, scalar(7));
    let no_point = Forger::new(off_curve(), scalar(1));
    let nonce = EdwardsPoint::mul_base(&scalar(1)).compress().to_bytes();
    let mut all = small_keys();
    all.extend(odd_halves());
    all.push((
        "A and a point of order eight",
        "only the equation with the cofactor holds",
        mixed.key(),
        mixed.search(EdwardsPoint::identity(), |_, challenge| !leaves(challenge, 0)),
    ));
    all.push(("A is no point", "A does not decompress", no_point.key(), no_point.entry(&nonce, scalar(1))));
    all
}

/// Entries that are odd and hold all the same.
pub(crate) fn odd(all: &History) -> Said {
    let mixed = (EdwardsPoint::mul_base(&scalar(7)) + eight()).compress().to_bytes();
    let mixed = Forger::new(mixed, scalar(7));
    let cancel = mixed.search(eight(), |_, challenge| leaves(challenge, 7));
    let whole = mixed.search(EdwardsPoint::identity(), |_, challenge| leaves(challenge, 0));
    let alfa = Party::Alfa.binding(0);
    let base = || header(alfa.public(), all.space());
    let many = (1..=16).map(|byte| EntryId([byte; 32])).collect();
    let content = oplog::ContentRef {
        hash: oplog::ContentHash([0xcc; 32]),
        len_bytes: oplog::entry::CONTENT_BYTES_MAX,
    };
    let rows = [
        ("A has a part of order eight that the challenge takes away", mixed.key(), whole),
        ("A and R have parts of order eight that take each other away", mixed.key(), cancel),
        ("sixteen deps", alfa.public(), by(&alfa, Header { deps: many, ..base() })),
        ("the greatest time", alfa.public(), by(&alfa, Header { time_ms: u64::MAX, ..base() })),
        ("time zero", alfa.public(), by(&alfa, Header { time_ms: 0, ..base() })),
        ("the greatest seq", alfa.public(), by(&alfa, Header { seq: u64::MAX, ..base() })),
        ("the greatest kind", alfa.public(), by(&alfa, Header { kind: u64::MAX, ..base() })),
        ("no effect at all", alfa.public(), by(&alfa, Header { effect: Vec::new(), ..base() })),
        (
            "the longest effect",
            alfa.public(),
            by(&alfa, Header { kind: 1_000, effect: vec![0xff; 65_536], ..base() }),
        ),
        ("the longest content", alfa.public(), by(&alfa, Header { content: Some(content), ..base() })),
        ("a key of seed zero", secret(0).public(), by(&secret(0), header(secret(0).public(), all.space()))),
    ];
    rows.into_iter()
        .map(|(name, key, raw)| {
            let entry = Unverified::decode(&raw).unwrap();
            let entry = entry.verify(key.id(), &key.prepare().unwrap()).unwrap();
            say! { "name": name, "public": key, "entry": Said::hex(&raw), "id": entry.id() }
        })
        .collect()
}

fn by(secret: &Secret, header: Header) -> Vec<u8> {
    Draft::new(header).unwrap().sign(secret).raw().to_vec()
}

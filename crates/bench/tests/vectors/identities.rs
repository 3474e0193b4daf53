//! `identities.json`: identity logs, grants and introductions that hold and that do not.

use std::collections::BTreeSet;

use agreement::Introduction;
use oplog::{
    EntryId, Grant, IdentityLog, PartyId, PublicKey, RecoverySet, Revision, Secret, Signature,
    SignedRevision, SpaceId, from_bytes, to_bytes,
};

use crate::cast::{key_said, secret};
use crate::said::{Said, say};
use crate::words;

const SPACE: SpaceId = SpaceId([0x55; 32]);

fn set(seeds: &[u8], threshold: u64) -> RecoverySet {
    RecoverySet { keys: seeds.iter().map(|seed| secret(*seed).public()).collect(), threshold }
}

fn sign(revision: &Revision, seeds: &[u8], recovery: Option<RecoverySet>) -> SignedRevision {
    let secrets: Vec<_> = seeds.iter().map(|seed| secret(*seed)).collect();
    revision.clone().sign(&secrets.iter().collect::<Vec<_>>(), recovery)
}

fn first(guardians: RecoverySet, next: Option<&RecoverySet>) -> Revision {
    Revision { number: 0, prev: None, guardians, next: next.map(|next| EntryId(next.hash())) }
}

fn after(before: &Revision, guardians: RecoverySet) -> Revision {
    let prev = Some(EntryId(before.hash()));
    Revision { number: before.number + 1, prev, guardians, next: None }
}

/// Two of three guardians, with one of one for recovery.
fn base() -> (Revision, RecoverySet) {
    let recovery = set(&[0x81], 1);
    (first(set(&[1, 2, 3], 2), Some(&recovery)), recovery)
}

fn good_logs() -> Vec<(&'static str, Vec<SignedRevision>)> {
    let (one, recovery) = base();
    let two = after(&one, set(&[4, 5, 6], 2));
    let first_signed = sign(&one, &[1, 2], None);
    let (other, mut backwards) = (secret(9), sign(&one, &[1, 3], None));
    backwards.signatures.reverse();
    let mut idle = sign(&one, &[1, 2], None);
    idle.signatures.push((secret(3).public(), Signature([0; 64])));
    idle.signatures.push((other.public(), other.sign(b"anything")));
    let mut again = sign(&one, &[1, 2], None);
    again.signatures.push(again.signatures[0]);
    let long = (0..31).fold(vec![sign(&first(set(&[1], 1), None), &[1], None)], |mut log, _| {
        let next = after(&log[log.len() - 1].revision, set(&[1], 1));
        log.push(sign(&next, &[1], None));
        log
    });
    let sixteen: Vec<u8> = (1..=16).collect();
    vec![
        ("one guardian", vec![sign(&first(set(&[1], 1), None), &[1], None)]),
        ("two of three guardians", vec![first_signed.clone()]),
        ("all three of them", vec![sign(&one, &[1, 2, 3], None)]),
        ("signatures in another order", vec![backwards]),
        ("a signature that does not verify and one of a stranger beside enough good ones", vec![idle]),
        ("a signature twice beside enough others", vec![again]),
        (
            "sixteen guardians of whom nine sign",
            vec![sign(&first(set(&sixteen, 9), None), &sixteen[..9], None)],
        ),
        (
            "a second revision by the guardians of the first",
            vec![first_signed.clone(), sign(&two, &[2, 3], None)],
        ),
        ("a second revision by the recovery set", vec![first_signed, sign(&two, &[0x81], Some(recovery))]),
        ("thirty-two revisions", long),
    ]
}

fn bad_logs() -> Vec<(&'static str, Vec<SignedRevision>)> {
    let (one, recovery) = base();
    let two = after(&one, set(&[4, 5, 6], 2));
    let ok = sign(&one, &[1, 2], None);
    let alone = |guardians: RecoverySet, seeds: &[u8]| vec![sign(&first(guardians, None), seeds, None)];
    let with = |revision: Revision, seeds: &[u8]| vec![ok.clone(), sign(&revision, seeds, None)];
    let mut doubled = sign(&one, &[1], None);
    doubled.signatures.push(doubled.signatures[0]);
    let mut forged = sign(&one, &[1, 2], None);
    forged.signatures[1].1.0[0] ^= 1;
    let mut swapped = sign(&one, &[1, 2], None);
    let (a, b) = (swapped.signatures[0].1, swapped.signatures[1].1);
    (swapped.signatures[0].1, swapped.signatures[1].1) = (b, a);
    let no_domain = SignedRevision {
        signatures: [1, 2].map(|seed| (secret(seed).public(), secret(seed).sign(&to_bytes(&one)))).to_vec(),
        ..ok.clone()
    };
    let many: Vec<u8> = (1..=17).collect();
    let long = (0..32).fold(alone(set(&[1], 1), &[1]), |mut log, _| {
        let next = after(&log[log.len() - 1].revision, set(&[1], 1));
        log.push(sign(&next, &[1], None));
        log
    });
    let unsound = RecoverySet { threshold: 1, ..set(&[0x81, 0x82], 1) };
    let names_unsound = sign(&first(set(&[1], 1), Some(&unsound)), &[1], None);
    let by_unsound = after(&names_unsound.revision, set(&[4], 1));
    vec![
        ("no revision", Vec::new()),
        ("no guardian", alone(set(&[], 0), &[])),
        ("half of the guardians as the threshold", alone(set(&[1, 2], 1), &[1, 2])),
        ("a threshold of none", alone(set(&[1], 0), &[1])),
        ("a threshold over the number of guardians", alone(set(&[1, 2], 3), &[1, 2])),
        ("seventeen guardians", alone(set(&many, 9), &many)),
        ("one signature where two are needed", vec![sign(&one, &[1], None)]),
        ("one guardian's signature twice", vec![doubled]),
        ("a signature that does not verify", vec![forged]),
        ("signatures under each other's keys", vec![swapped]),
        ("signatures without the domain", vec![no_domain]),
        ("signatures of strangers", vec![sign(&one, &[8, 9], None)]),
        ("it begins with revision 1", vec![sign(&two, &[4, 5], None)]),
        (
            "a first revision with a prev",
            vec![sign(&Revision { prev: Some(EntryId([7; 32])), ..one.clone() }, &[1, 2], None)],
        ),
        ("a number left out", with(Revision { number: 2, ..two.clone() }, &[1, 2])),
        ("the same number again", with(Revision { number: 0, ..two.clone() }, &[1, 2])),
        (
            "prev names another revision",
            with(Revision { prev: Some(EntryId([7; 32])), ..two.clone() }, &[1, 2]),
        ),
        ("a second revision without a prev", with(Revision { prev: None, ..two.clone() }, &[1, 2])),
        ("the new guardians sign", with(two.clone(), &[4, 5])),
        ("one old and one new guardian sign", with(two.clone(), &[1, 4])),
        ("a recovery set that was not named", vec![ok.clone(), sign(&two, &[0x82], Some(set(&[0x82], 1)))]),
        (
            "the recovery set shown, and guardians sign",
            vec![ok.clone(), sign(&two, &[1, 2], Some(recovery.clone()))],
        ),
        ("the recovery set signs without being shown", vec![ok.clone(), sign(&two, &[0x81], None)]),
        ("a recovery set at revision 0", vec![sign(&one, &[0x81], Some(recovery))]),
        (
            "a named recovery set whose threshold is half",
            vec![names_unsound, sign(&by_unsound, &[0x81], Some(unsound))],
        ),
        ("thirty-three revisions", long),
    ]
}

/// Encodings of a log that are not its one encoding.
fn bad_bytes() -> Vec<(&'static str, Vec<u8>)> {
    let good = to_bytes(&vec![sign(&base().0, &[1, 2], None)]);
    // [[[0, null, [[k, k, k], … : the keys begin behind eight bytes, 35 bytes each.
    let (start, key) = (7, 35);
    assert_eq!(good[start..start + 3], [0x58, 33, 1]);
    let keys: Vec<_> = good[start..].chunks(key).take(3).collect();
    let rest = &good[start + 3 * key..];
    let with_keys = |keys: [&[u8]; 3]| [&good[..start], keys.concat().as_slice(), rest].concat();
    let mut algorithm = good.clone();
    algorithm[start + 2] = 2;
    vec![
        ("a byte remains", [&good[..], &[0]].concat()),
        ("the last byte is missing", good[..good.len() - 1].to_vec()),
        ("an array of indefinite length", [&[0x9f], &good[1..], &[0xff]].concat()),
        ("its length in two bytes", [&[0x98, 1], &good[1..]].concat()),
        ("guardians that do not ascend", with_keys([keys[1], keys[0], keys[2]])),
        ("a guardian twice", with_keys([keys[0], keys[0], keys[2]])),
        ("a key of an unknown algorithm", algorithm),
        ("a key of 32 bytes", [&good[..start], &[0x58, 32], &good[start + 3..]].concat()),
    ]
}

fn logs() -> Said {
    let mut said = Vec::new();
    for (name, revisions) in good_logs() {
        let log = IdentityLog::new(revisions).unwrap();
        let bytes = to_bytes(&log);
        assert_eq!(IdentityLog::from_bytes(&bytes).as_ref(), Ok(&log), "{name}");
        said.push(say! {
            "name": name, "holds": true, "log": Said::hex(&bytes), "party": log.party(),
            "hashes": log.hashes().into_iter().map(Said::from).collect::<Said>(),
            "revisions": words::log(&log),
        });
    }
    let bad = bad_logs().into_iter().map(|(name, revisions)| (name, to_bytes(&revisions)));
    for (name, bytes) in bad.chain(bad_bytes()) {
        assert!(IdentityLog::from_bytes(&bytes).is_err(), "{name} holds");
        said.push(say! { "name": name, "holds": false, "log": Said::hex(&bytes) });
    }
    Said::List(said)
}

/// Two logs that hold and part: whoever signed both revisions is exposed.
fn rivals() -> Said {
    let (one, recovery) = base();
    let parted = |left: SignedRevision, right: SignedRevision| {
        let begun = sign(&one, &[1, 2], None);
        let logs = [left, right].map(|revision| IdentityLog::new(vec![begun.clone(), revision]).unwrap());
        let signers = |log: &IdentityLog| -> BTreeSet<PublicKey> {
            log.revisions()[1].signatures.iter().map(|(key, _)| *key).collect()
        };
        let both: Said =
            signers(&logs[0]).intersection(&signers(&logs[1])).map(|key| Said::from(*key)).collect();
        assert_eq!(logs[0].party(), logs[1].party());
        assert_ne!(logs[0].hashes(), logs[1].hashes());
        (logs.map(|log| Said::hex(&to_bytes(&log))), both)
    };
    let (left, right) = (after(&one, set(&[4], 1)), after(&one, set(&[5], 1)));
    let rows = [
        (
            "two of three guardians each: one signed both",
            parted(sign(&left, &[1, 2], None), sign(&right, &[2, 3], None)),
        ),
        (
            "guardians here, the recovery set there: nobody signed both",
            parted(sign(&left, &[1, 2], None), sign(&right, &[0x81], Some(recovery))),
        ),
    ];
    rows.into_iter()
        .map(|(name, ([one, two], both))| say! { "name": name, "one": one, "two": two, "signed_both": both })
        .collect()
}

struct Granted {
    name: &'static str,
    log: IdentityLog,
    grant: Grant,
    signatures: Vec<(PublicKey, Signature)>,
}

fn grant_rows() -> Vec<Granted> {
    let one = base().0;
    let log = IdentityLog::new(vec![sign(&one, &[1, 2], None)]).unwrap();
    let longer = log.extended(sign(&after(&one, set(&[1, 2, 3], 2)), &[1, 2], None)).unwrap();
    let (key, node) = (secret(0x61).public(), secret(0x62).public());
    let bind = Grant::Bind { space: SPACE, seat: log.party(), key, node };
    let founding = Grant::Bind { space: SpaceId::ZERO, seat: log.party(), key, node };
    let succeeding = Grant::Bind { space: SPACE, seat: PartyId([0x77; 32]), key, node };
    let swapped = Grant::Bind { space: SPACE, seat: log.party(), key: node, node: key };
    let revoke = |cut| Grant::Revoke { space: SPACE, key: secret(0x61).public().id(), cut };
    let by = |log: &IdentityLog, grant: &Grant, seeds: &[u8]| {
        let secrets: Vec<Secret> = seeds.iter().map(|seed| secret(*seed)).collect();
        grant.sign(log, &secrets.iter().collect::<Vec<_>>())
    };
    let row = |name, grant: &Grant, signed: &Grant, seeds: &[u8]| Granted {
        name,
        log: log.clone(),
        grant: grant.clone(),
        signatures: by(&log, signed, seeds),
    };
    vec![
        row("bind, by two of three", &bind, &bind, &[1, 3]),
        row("bind for the space of zeros", &founding, &founding, &[1, 2]),
        row("revoke with a cut", &revoke(Some(41)), &revoke(Some(41)), &[2, 3]),
        row("revoke without a cut", &revoke(None), &revoke(None), &[1, 2, 3]),
        row("bind, by one of three", &bind, &bind, &[1]),
        row("bind, by a guardian and the key itself", &bind, &bind, &[1, 0x61]),
        row("bind, signed for another space", &bind, &founding, &[1, 2]),
        row("bind, signed for another's seat", &bind, &succeeding, &[1, 2]),
        row("bind, with key and node changed round", &bind, &swapped, &[1, 2]),
        row("revoke, signed for another cut", &revoke(Some(41)), &revoke(Some(42)), &[1, 2]),
        row("revoke, signed for no cut", &revoke(Some(41)), &revoke(None), &[1, 2]),
        Granted {
            name: "bind, signed under the revision before",
            signatures: by(&log, &bind, &[1, 2]),
            grant: bind,
            log: longer,
        },
    ]
}

fn grants() -> Said {
    let said = grant_rows().into_iter().map(|row| {
        let holds = row.log.granted(&row.grant, &row.signatures).is_ok();
        let fields = match &row.grant {
            Grant::Bind { space, seat, key, node } => {
                say! { "grant": "bind", "space": *space, "seat": *seat, "key": *key, "node": *node }
            }
            Grant::Revoke { space, key, cut } => {
                say! { "grant": "revoke", "space": *space, "key": *key, "cut": *cut }
            }
        };
        say! {
            "name": row.name, "holds": holds, "log": Said::hex(&to_bytes(&row.log)), "fields": fields,
            "signatures": words::signatures(&row.signatures),
        }
    });
    let said: Vec<_> = said.collect();
    assert_eq!(said.iter().filter(|said| format!("{said:?}").contains("Flag(true)")).count(), 4);
    Said::List(said)
}

fn introductions() -> Said {
    let (log, key, node) =
        (IdentityLog::new(vec![sign(&base().0, &[1, 2], None)]).unwrap(), secret(0x61), secret(0x62));
    let made = |space, seeds: &[u8]| {
        let secrets: Vec<Secret> = seeds.iter().map(|seed| secret(*seed)).collect();
        let (seat, key, node) = (log.party(), key.public(), node.public());
        let grant = Grant::Bind { space, seat, key, node };
        let signatures = grant.sign(&log, &secrets.iter().collect::<Vec<_>>());
        Introduction { identity: log.clone(), seat, key, node, signatures }
    };
    let good = made(SPACE, &[1, 2, 0x61]);
    let other_node = Introduction { node: secret(0x63).public(), ..good.clone() };
    let other_seat = Introduction { seat: PartyId([0x77; 32]), ..good.clone() };
    let rows = [
        ("two guardians and the key", true, good.clone()),
        ("all guardians and the key", true, made(SPACE, &[1, 2, 3, 0x61])),
        ("without the key's own signature", false, made(SPACE, &[1, 2, 3])),
        ("one guardian and the key", false, made(SPACE, &[1, 0x61])),
        ("the key alone", false, made(SPACE, &[0x61])),
        ("nobody", false, made(SPACE, &[])),
        ("for the space of zeros", false, made(SpaceId::ZERO, &[1, 2, 0x61])),
        ("another node", false, other_node),
        ("another's seat", false, other_seat),
    ];
    let said = rows.into_iter().map(|(name, holds, introduction)| {
        let bytes = to_bytes(&introduction);
        let read: Introduction = from_bytes(&bytes).unwrap();
        assert_eq!(read.check(SPACE).is_ok(), holds, "{name}");
        say! { "name": name, "space": SPACE, "holds": holds, "introduction": Said::hex(&bytes) }
    });
    said.collect()
}

/// The file.
pub(crate) fn made() -> Said {
    let recovery = base().1;
    say! {
        "keys": (1..=17).chain([0x61, 0x62, 0x63, 0x81, 0x82]).map(|seed| key_said(&secret(seed))).collect::<Said>(),
        "recovery_sets": [recovery, set(&[0x82], 1), set(&[1, 2, 3], 2)].iter().map(|set| {
            say! { "set": Said::hex(&to_bytes(set)), "hash": Said::hex(&set.hash()), "fields": words::set(set) }
        }).collect::<Said>(),
        "logs": logs(),
        "rivals": rivals(),
        "grants": grants(),
        "introductions": introductions(),
    }
}

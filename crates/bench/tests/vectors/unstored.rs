//! Entries that verify and that a space never holds, or not before others have come.

use agreement::operation::{Ack, Comment, Enrol, Genesis};
use agreement::{Introduction, Operation, Rules};
use oplog::{Draft, EntryId, Header, SpaceId};

use crate::cast::{Party, secret};
use crate::entries;
use crate::history::{History, Signer};
use crate::observer::{Observer, founder};
use crate::said::{Said, say};

const ALFA: Signer = (Party::Alfa, 0);
const BETA: Signer = (Party::Beta, 0);
const NEW_KEY: Signer = (Party::Alfa, 1);

struct Row {
    name: &'static str,
    /// Whether it waits for other entries, and is not refused for good.
    waits: bool,
    raw: Vec<u8>,
}

fn signed(signer: Signer, header: Header) -> Vec<u8> {
    Draft::new(header).unwrap().sign(&signer.0.binding(signer.1)).raw().to_vec()
}

fn operation_header(all: &History, signer: Signer, operation: &Operation) -> Header {
    all.header(signer, operation.kind(), operation.effect())
}

fn ack(all: &History, signer: Signer) -> Header {
    operation_header(all, signer, &Ack { digest: None, level: 0 }.into())
}

/// Places that no entry can have.
fn places(all: &History) -> Vec<Row> {
    let id = |name: &str| all.named(name).entry.id();
    let (next, genesis) = (ack(all, ALFA), id("genesis"));
    let never = |name, header| Row { name, waits: false, raw: signed(ALFA, header) };
    let first = Header { seq: 0, prev: None, ..next.clone() };
    let founder = Party::Alfa.introduction(SpaceId::ZERO, 0);
    let genesis_again = Genesis { nonce: 1, rules: Rules::default(), founder };
    let again = operation_header(all, ALFA, &genesis_again.clone().into());
    let elsewhere = Header { space: SpaceId::ZERO, seq: 0, prev: None, deps: Vec::new(), ..again.clone() };
    vec![
        never("a space of zeros outside a genesis", Header { space: SpaceId::ZERO, ..next.clone() }),
        never(
            "a space of zeros outside a genesis, at seq 0",
            Header { space: SpaceId::ZERO, deps: Vec::new(), ..first },
        ),
        never("a genesis that names a space", again.clone()),
        never(
            "a genesis that names a space, and whose effect does not decode",
            Header { effect: Vec::new(), ..again },
        ),
        never("the genesis of another space", elsewhere),
        never("an entry of another space", Header { space: SpaceId([0x5a; 32]), ..next.clone() }),
        never(
            "prev is an entry of another key",
            Header { prev: Some(id("accept in a ballot")), deps: Vec::new(), ..next.clone() },
        ),
        never("prev is two places back", Header { prev: Some(genesis), ..next.clone() }),
        never("seq leaves a place out", Header { seq: next.seq + 1, ..next.clone() }),
        never("a dep of the own chain", Header { deps: vec![genesis], ..next.clone() }),
    ]
}

/// Keys that nothing, or nothing in the entry's past, introduces.
fn keys(all: &History) -> Vec<Row> {
    let space = all.space();
    let genesis = all.named("genesis").entry.id();
    let gamma = (Party::Gamma, 0);
    let unseen = Header { seq: 0, prev: None, deps: vec![genesis], ..ack(all, gamma) };
    let introduction = Party::Alfa.introduction(space, 1);
    let enrol = |introduction: Introduction| {
        let enrol = Enrol { introduction };
        signed(NEW_KEY, operation_header(all, NEW_KEY, &enrol.into()))
    };
    let without = |key: oplog::PublicKey| {
        let signatures =
            introduction.signatures.iter().filter(|(signer, _)| *signer != key).copied().collect();
        Introduction { signatures, ..introduction.clone() }
    };
    let founding = Party::Alfa.introduction(SpaceId::ZERO, 1);
    vec![
        Row {
            name: "the first entry of a key, without the introduction in its past",
            waits: false,
            raw: signed(gamma, unseen),
        },
        Row {
            name: "an enrol without the guardian's signature",
            waits: false,
            raw: enrol(without(Party::Alfa.guardian().public())),
        },
        Row {
            name: "an enrol without the new key's own signature",
            waits: false,
            raw: enrol(without(introduction.key)),
        },
        Row { name: "an enrol with a grant for another space", waits: false, raw: enrol(founding) },
        Row {
            name: "a key that nothing introduces",
            waits: true,
            raw: signed((Party::Delta, 0), ack(all, (Party::Delta, 0))),
        },
        Row {
            name: "an enrol of another key than the one that signs",
            waits: true,
            raw: enrol(Party::Alfa.introduction(space, 0)),
        },
    ]
}

fn waiting(all: &History) -> Vec<Row> {
    let about = all.space().into();
    let comment = operation_header(all, BETA, &Comment { about }.into());
    let absent = EntryId([0xab; 32]);
    vec![
        Row {
            name: "a dep that is not there",
            waits: true,
            raw: signed(BETA, Header { deps: vec![absent], ..comment.clone() }),
        },
        Row {
            name: "a prev that is not there",
            waits: true,
            raw: signed(BETA, Header { prev: Some(absent), ..comment }),
        },
    ]
}

/// Shows each to a node that holds the space, and says what came of it.
pub(crate) fn made() -> Said {
    let all = entries::three();
    let given = all.raw();
    let rows = [places(&all), keys(&all), waiting(&all)];
    let said = rows.iter().flatten().map(|row| {
        let mut observer = Observer::new(all.space(), founder(given[0]));
        assert_eq!(observer.show(&given), Vec::<String>::new());
        let (bad, held) = (observer.show(&[&row.raw]), observer.log().len());
        assert_eq!(held, given.len(), "{} is stored", row.name);
        let waits = ["1 entries wait for others that are not here"];
        assert_eq!(bad == waits, row.waits, "{}: {bad:?}", row.name);
        assert_eq!(bad.len(), 1, "{}: {bad:?}", row.name);
        say! {
            "name": row.name,
            "stage": if row.waits { "wait" } else { "store" },
            "entry": Said::hex(&row.raw),
        }
    });
    let unknown = secret(0).public();
    assert!(all.made.iter().all(|made| made.entry.header().key != unknown.id()));
    say! {
        "space": all.space(),
        "given": given.iter().map(|raw| Said::hex(raw)).collect::<Said>(),
        "entries": said.collect::<Said>(),
    }
}

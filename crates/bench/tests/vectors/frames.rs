//! `frames.json`: messages of every type of frame, and broken ones.

use oplog::sync::{
    Between, Entries, FRAME_BYTES_MAX, Frame, Head, Heads, Item, Join, Part, Want, WantContent, read, write,
};
use oplog::{ContentHash, EntryId, ForkProof, SpaceId, bytes::Blob, from_bytes, to_bytes};

use crate::cast::{Party, secret};
use crate::said::{Said, say};
use crate::{entries, history::History};

/// What stands in a frame, in words.
fn words(frame: &Frame) -> Said {
    let blob = |blob: &Blob| Said::hex(&blob.0);
    match frame {
        Frame::Hello(node) => say! { "type": 1_u64, "frame": "hello", "node": *node },
        Frame::Join(it) => say! {
            "type": 2_u64, "frame": "join", "space": it.space, "secret": blob(&it.secret),
            "introduction": blob(&it.introduction), "name": it.name.as_str(), "url": it.url.as_str(),
        },
        Frame::Joined(space) => say! { "type": 3_u64, "frame": "joined", "space": *space },
        Frame::Refused(why) => say! { "type": 4_u64, "frame": "refused", "why": why.as_str() },
        Frame::Heads(it) => say! {
            "type": 5_u64, "frame": "heads", "space": it.space,
            "heads": it.heads.iter().map(|head| {
                say! { "key": Said::hex(&head.key), "seq": head.seq, "entry": head.id }
            }).collect::<Said>(),
            "between": it.between.map(|between| say! { "from": between.from, "to": between.to }),
        },
        Frame::Want(it) => say! {
            "type": 6_u64, "frame": "want", "space": it.space,
            "entries": it.ids.iter().map(|id| Said::from(*id)).collect::<Said>(), "back": it.back,
        },
        Frame::Entries(it) => say! {
            "type": 7_u64, "frame": "entries", "space": it.space,
            "entries": it.items.iter().map(|item| {
                say! { "entry": blob(&item.raw), "content": item.content.as_ref().map(blob) }
            }).collect::<Said>(),
            "more": it.more,
        },
        Frame::WantContent(it) => say! {
            "type": 8_u64, "frame": "want content", "space": it.space, "content": it.hash, "offset": it.offset,
        },
        Frame::Part(it) => say! {
            "type": 9_u64, "frame": "part", "space": it.space, "content": it.hash, "state": it.state,
            "len": it.len_bytes, "offset": it.offset, "bytes": blob(&it.bytes),
        },
        Frame::Proof(it) => say! {
            "type": 10_u64, "frame": "proof", "key": it.key, "one": blob(&it.one), "two": blob(&it.two),
        },
        Frame::End(entries) => say! { "type": 11_u64, "frame": "end", "entries": *entries },
    }
}

fn all_types(all: &History) -> Vec<Frame> {
    let space = all.space();
    let (first, last) = (&all.made[0].entry, &all.made[all.made.len() - 1].entry);
    let head = Head { key: Head::hint(last.header().key), seq: last.header().seq, id: last.id() };
    let introduction = Blob(to_bytes(&Party::Delta.introduction(space, 0)));
    let content = Blob(b"sixteen of salt.\x80".to_vec());
    let items = vec![
        Item { raw: Blob(first.raw().to_vec()), content: None },
        Item { raw: Blob(last.raw().to_vec()), content: Some(content.clone()) },
    ];
    let hash = ContentHash::of(&content.0);
    let part = |state, bytes: &Blob| Part {
        space,
        hash,
        state,
        len_bytes: content.0.len() as u64,
        offset: 0,
        bytes: bytes.clone(),
    };
    let url = "https://node.example:8443".to_owned();
    let name = "\u{627}\u{644}\u{641}".to_owned();
    vec![
        Frame::Hello(Party::Alfa.node().public()),
        Frame::Join(Join { space, secret: Blob(vec![0x5e; 16]), introduction, name, url }),
        Frame::Joined(space),
        Frame::Refused("no such space".to_owned()),
        Frame::Refused(String::new()),
        Frame::Heads(Heads { space, heads: vec![head; 2], between: None }),
        Frame::Heads(Heads { space, heads: Vec::new(), between: None }),
        Frame::Want(Want { space, ids: vec![first.id(), EntryId([0; 32])], back: 64 }),
        Frame::Entries(Entries { space, items, more: true }),
        Frame::Entries(Entries { space, items: Vec::new(), more: false }),
        Frame::WantContent(WantContent { space, hash, offset: 1_048_576 }),
        Frame::Part(part(0, &Blob::default())),
        Frame::Part(part(1, &content)),
        Frame::Part(part(2, &Blob::default())),
        Frame::Part(part(3, &Blob::default())),
        Frame::Proof(fork(all)),
        Frame::End(all.made.len() as u64),
        Frame::Heads(Heads { space, heads: vec![head], between: Some(Between { from: head.id, to: None }) }),
        Frame::Heads(Heads {
            space,
            heads: vec![head],
            between: Some(Between { from: head.id, to: Some(head.id) }),
        }),
    ]
}

fn fork(all: &History) -> ForkProof {
    let signer = (Party::Gamma, 0);
    let header = all.header(signer, 6, vec![0x82, 0xf6, 0]);
    let sign = |time_ms| {
        let header = oplog::Header { time_ms, ..header.clone() };
        oplog::Draft::new(header).unwrap().sign(&signer.0.binding(0))
    };
    ForkProof::of(signer.0.binding(0).public(), &sign(1), &sign(2)).unwrap()
}

/// A frame with any type and payload.
fn framed(code: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&[code], &len[..], payload].concat()
}

fn broken(all: &History) -> Vec<(&'static str, Vec<u8>)> {
    let hash = |byte: u8| to_bytes(&SpaceId([byte; 32]));
    let hello = write(&[Frame::Hello(secret(1).public())]);
    let joined = to_bytes(&all.space());
    let over = u32::try_from(FRAME_BYTES_MAX + 1).unwrap().to_be_bytes();
    let join = |parts: &[&[u8]]| parts.concat();
    vec![
        ("four bytes", vec![1, 0, 0, 0]),
        ("a byte behind the last frame", join(&[&hello, &[1]])),
        ("a payload cut short", hello[..hello.len() - 1].to_vec()),
        ("the second frame cut short", join(&[&hello, &hello[..9]])),
        ("type 0", framed(0, &joined)),
        ("type 11", framed(11, &joined)),
        ("type 255", framed(255, &[])),
        ("a payload longer than 8 MiB", join(&[&[7], &over])),
        ("the length with its little end first", join(&[&[3, 34, 0, 0, 0], &joined])),
        ("no payload", framed(3, &[])),
        ("a byte remains in the payload", framed(3, &join(&[&joined, &[0]]))),
        ("a space of 31 bytes", framed(3, &join(&[&[0x58, 31], &[1; 31]]))),
        ("a space whose length stands in three bytes", framed(3, &join(&[&[0x59, 0, 32], &[1; 32]]))),
        ("a node key of 32 bytes", framed(1, &join(&[&[0x58, 32], &[1; 32]]))),
        ("a node key of an unknown algorithm", framed(1, &join(&[&[0x58, 33], &[2; 33]]))),
        ("a text that is not UTF-8", framed(4, &[0x62, 0xc3, 0x28])),
        ("a text as bytes", framed(4, &[0x41, 0x61])),
        ("a text in pieces", framed(4, &[0x7f, 0x61, 0x61, 0xff])),
        ("heads without a space", framed(5, &[0x81, 0x80])),
        (
            "a head whose key is given with 7 bytes",
            framed(5, &join(&[&[0x83], &hash(1), &[0x81, 0x83, 0x47], &[0; 7], &[0], &hash(2), &[0xf6]])),
        ),
        (
            "heads that claim four billion",
            framed(5, &join(&[&[0x83], &hash(1), &[0x9a, 0xff, 0xff, 0xff, 0xff]])),
        ),
        (
            "heads in an array of indefinite length",
            framed(5, &join(&[&[0x83], &hash(1), &[0x9f, 0xff, 0xf6]])),
        ),
        ("heads that do not say of which range", framed(5, &join(&[&[0x82], &hash(1), &[0x80]]))),
        ("heads of a range without an end", framed(5, &join(&[&[0x83], &hash(1), &[0x80, 0x81], &hash(2)]))),
        ("a want with back in two bytes", framed(6, &join(&[&[0x83], &hash(1), &[0x80, 0x18, 0]]))),
        ("entries without more", framed(7, &join(&[&[0x82], &hash(1), &[0x80]]))),
        ("entries with more as 0", framed(7, &join(&[&[0x83], &hash(1), &[0x80, 0]]))),
        ("an entry not wrapped", framed(7, &join(&[&[0x83], &hash(1), &[0x81, 0x82, 0x80, 0xf6, 0xf4]]))),
        ("a part with its fields in a map", framed(9, &[0xa0])),
        ("a proof of two items", framed(10, &join(&[&[0x82, 0x58, 33], &[1; 33], &[0x40]]))),
    ]
}

/// The file.
pub(crate) fn made() -> Said {
    let all = entries::three();
    let frames = all_types(&all);
    let codes: std::collections::BTreeSet<u8> =
        frames.iter().map(|frame| write(std::slice::from_ref(frame))[0]).collect();
    assert_eq!(codes, (1..=11).collect());
    let message = |frames: &[Frame]| {
        let bytes = write(frames);
        assert_eq!(read(&bytes).as_deref(), Ok(frames));
        say! { "message": Said::hex(&bytes), "frames": frames.iter().map(words).collect::<Said>() }
    };
    let single = frames.chunks(1).map(message);
    let whole = message(&[frames[0].clone(), frames[5].clone(), frames[8].clone()]);
    let proof = write(&frames[15..16]);
    assert!(from_bytes::<ForkProof>(&proof[5..]).is_ok_and(|proof| proof.check().is_ok()));
    let refused = broken(&all).into_iter().map(|(name, bytes)| {
        assert!(read(&bytes).is_err(), "{name} is read");
        say! { "name": name, "message": Said::hex(&bytes) }
    });
    say! {
        "messages": single.chain([whole, message(&[])]).collect::<Said>(),
        "refused": refused.collect::<Said>(),
    }
}

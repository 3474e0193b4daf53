//! Any bytes as a bundle that a node is handed: whatever it takes of it, its database and its memory agree afterwards.

use node::{Clock, Entropy, Invitation, Keys, Mark, Node};
use oplog::sync::{BUNDLE_MAGIC, Entries, Frame, frame_start, read_frame};
use oplog::{PartyId, Secret, SpaceId, Unverified};
use store::Store;

/// Space and founder by which the node was invited: those that the bundle's first entry names, as far as there is one.
fn invited(data: &[u8]) -> Option<(SpaceId, PartyId)> {
    let mut rest = data.strip_prefix(BUNDLE_MAGIC)?;
    loop {
        let (start, after) = rest.split_first_chunk::<5>()?;
        let (code, len) = frame_start(*start).ok()?;
        let (payload, after) = after.split_at_checked(len)?;
        if let Ok(Frame::Entries(Entries { space, items, .. })) = read_frame(code, payload) {
            let entry = Unverified::decode(&items.first()?.raw.0).ok()?;
            let header = entry.header();
            let founder = match agreement::Operation::read(header.kind, &header.effect) {
                Ok(agreement::Operation::Genesis(genesis)) => genesis.founder.identity.party(),
                Ok(_) | Err(_) => PartyId::ZERO,
            };
            return Some((space, founder));
        }
        rest = after;
    }
}

fn node(space: SpaceId, founder: PartyId) -> Node {
    let (clock, entropy) = (Clock::Set(std::sync::Arc::default()), Entropy::Seeded([7; 32], 0));
    let store = Store::in_memory().expect("a database in memory opens");
    let made = Node::create(store, Keys::in_memory(), Mark::memory(), clock, entropy, "Reader");
    let mut node = made.expect("a new database takes a party").0;
    let invitation = Invitation {
        url: "http://127.0.0.1:1".to_owned(),
        space,
        founder,
        node: Secret::from_seed(&[8; 32]).public(),
        secret: vec![0; 16],
        expires_ms: u64::MAX,
    };
    node.join(&invitation, "Read", "").expect("a new node can join");
    node
}

/// Whether the node stored any entry of the bundle.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    let (space, founder) = invited(data).unwrap_or((SpaceId([1; 32]), PartyId::ZERO));
    let mut node = node(space, founder);
    let read = node.read_bundle(&mut &data[..]);
    let digest = node.digest(space).expect("the space is there");
    let log = node.log(space, 0, usize::MAX >> 1).expect("the log is there");
    assert_eq!(node.rebuild(space).expect("a rebuild works"), digest, "a rebuild gives another digest");
    let again = node.log(space, 0, usize::MAX >> 1).expect("the log is there");
    assert!(
        log.iter().map(|line| (line.id, &line.refusal)).eq(again.iter().map(|line| (line.id, &line.refusal)))
    );
    if read.is_ok() {
        let more = node.read_bundle(&mut &data[..]).expect("what was read once is read again");
        assert_eq!(more.new, 0, "reading a bundle twice brings something new");
        assert_eq!(node.digest(space).expect("the space is there"), digest);
    }
    !log.is_empty()
}

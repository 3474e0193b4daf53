//! A node that receives a world: keys in memory, its database on the disk as in earnest.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::Introduction;
use node::{Clock, Entropy, Invitation, Keys, Mark, Node};
use oplog::{PublicKey, SpaceId};
use store::Store;

use crate::mix::Mix;
use crate::world::World;

/// The receiving node and whom it hears.
pub struct Receiver {
    /// The node.
    pub node: Node,
    /// The founder's node.
    pub from: PublicKey,
    /// The space.
    pub space: SpaceId,
    /// How it asks to be let in.
    pub introduction: Introduction,
}

/// What feeding came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// Entries that were new.
    pub new: usize,
    /// Items that were no good.
    pub bad: usize,
}

impl Receiver {
    /// A node over a new database (in `folder`, or in memory) that has taken up an invitation to the world's space.
    ///
    /// # Panics
    /// If the database or the node refuses.
    #[must_use]
    pub fn new(world: &World, seed: u8, folder: Option<&Path>) -> Self {
        let store = folder.map_or_else(Store::in_memory, |folder| Store::open(&folder.join("node.db")));
        let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
        let entropy = Entropy::Seeded([seed; 32], 0);
        let store = store.expect("a new database opens");
        let made = Node::create(store, Keys::in_memory(), Mark::memory(), clock, entropy, "Receiver");
        let mut node = made.expect("a new database takes a party").0;
        let from = world.authors[0].node.public();
        let invitation = Invitation {
            url: "http://127.0.0.1:1".to_owned(),
            space: world.space,
            founder: world.authors[0].party(),
            node: from,
            secret: vec![1; 16],
            expires_ms: u64::MAX,
        };
        let join = node.join(&invitation, "Joint commission", "").expect("a new node can join");
        let introduction = oplog::from_bytes(&join.introduction.0).expect("a node writes what it reads");
        Self { node, from, space: world.space, introduction }
    }

    /// Takes wire messages, as from a peer.
    ///
    /// # Panics
    /// If a message does not read or the node fails.
    pub fn feed(&mut self, messages: &[Vec<u8>]) -> Fed {
        let mut fed = Fed::default();
        for message in messages {
            let frames = oplog::sync::read(message).expect("a made message reads");
            let answer = self.node.exchange(self.from, &frames).expect("the node takes what a member sends");
            fed.new += answer.new;
            fed.bad += answer.bad.len();
        }
        fed
    }

    /// How many of the entries after the first `skip` change nothing because the rules refuse them.
    ///
    /// # Panics
    /// If the database fails.
    #[must_use]
    pub fn refused(&self, world: &World, skip: usize) -> usize {
        let counts = |id| self.node.counts(id).expect("the database answers");
        world.made.iter().skip(skip).filter(|made| !counts(made.id)).count()
    }
}

/// The seeds of the receiving nodes that a made world lets in.
pub const GUESTS: [u8; 2] = [7, 8];

/// A world of so many authors and two receiving guests, all let in, with `entries` of the mix after that. Gives how
/// many entries came before the mix, and the mix, to go on with.
#[must_use]
pub fn world(seed: u64, authors: usize, entries: usize) -> (World, usize, Mix) {
    let mut world = World::found(seed, authors);
    let guests = GUESTS.map(|seed| Receiver::new(&world, seed, None).introduction);
    world.assemble(&guests);
    let before = world.made.len();
    let mut mix = Mix::default();
    (0..entries).for_each(|_| mix.step(&mut world));
    (world, before, mix)
}

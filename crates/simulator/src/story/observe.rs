//! Fresh nodes that hear of a story when it is over, in any order and doubled, and must come to the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use node::{Clock, Entropy, Keys, Mark, Node, Store};
use oplog::sync::{self, BUNDLE_MAGIC, Entries, Frame, Item};
use oplog::{ContentHash, Unverified, bytes::Blob};

use crate::chance::Chance;
use crate::fault::{Step, must};
use crate::story::play::Play;

/// How many orders of arrival are tried.
const ORDERS: u64 = 4;
/// The most entries in one frame of what an observer reads.
const FRAME_ITEMS_MAX: usize = 5;

impl Play<'_> {
    /// Gives every party's entries to fresh nodes; each shows `text`, and the digest that the parties have.
    pub(crate) fn observe(&mut self, text: &str) -> Step {
        let space = self.space;
        let mut items = Vec::new();
        for who in 0..self.actors.len() {
            if self.is_inside(who) {
                items.extend(items_of(self.actors[who].node()?, space)?);
            }
        }
        let digest = self.actors[0].node()?.digest(space)?;
        for order in 0..ORDERS {
            let mut chance = Chance::new(order);
            let mut items = items.clone();
            chance.shuffle(&mut items);
            let mut observer = self.observer(&mut chance, items)?;
            let shown = self.render_at(&mut observer)?;
            must(shown == text, || {
                format!("in order {order} an observer shows:\n{shown}\nand not:\n{text}")
            })?;
            must(observer.digest(space)? == digest, || format!("order {order} gives another digest"))?;
        }
        Ok(())
    }

    fn observer(&mut self, chance: &mut Chance, mut items: Vec<Item>) -> Step<Node> {
        let (space, carrier) = (self.space, self.actors[0].key);
        let invitation = self.actors[0].node()?.invite(space, "http://127.0.0.1:1")?;
        let (mut observer, _recovery) = Node::create(
            Store::in_memory()?,
            Keys::in_memory(),
            Mark::memory(),
            Clock::Set(Arc::new(AtomicU64::new(0))),
            Entropy::Seeded(chance.bytes(), 0),
            "an observer",
        )?;
        observer.join(&invitation, "Joint commission", "")?;
        let mut frames = Vec::new();
        while !items.is_empty() {
            let some = items.len().min(1 + chance.below(FRAME_ITEMS_MAX));
            let items = items.drain(..some).collect();
            frames.push(Frame::Entries(Entries { space, items, more: false }));
        }
        let read = observer.read_bundle(&mut sync::bundle(carrier, &frames).as_slice())?;
        must(read.bad.is_empty(), || format!("an observer finds entries bad: {:?}", read.bad))?;
        Ok(observer)
    }
}

/// All entries that a node holds, each with its content when that is here.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else a bundle holds, now or later, is no entry")]
pub(crate) fn items_of(node: &Node, space: oplog::SpaceId) -> Step<Vec<Item>> {
    let mut file = Vec::new();
    node.write_bundle(space, &mut file)?;
    let (mut items, mut contents) = (Vec::new(), BTreeMap::<ContentHash, Vec<u8>>::new());
    for frame in sync::read(file.strip_prefix(BUNDLE_MAGIC).unwrap_or_default())? {
        match frame {
            Frame::Entries(entries) => items.extend(entries.items),
            Frame::Part(part) => contents.entry(part.hash).or_default().extend(part.bytes.0),
            _ => {}
        }
    }
    for item in &mut items {
        let content = Unverified::decode(&item.raw.0)?.header().content;
        item.content = content.and_then(|content| contents.get(&content.hash).cloned()).map(Blob);
    }
    Ok(items)
}

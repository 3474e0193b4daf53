//! A fresh node that is only shown entries: it says what they come to.

use std::collections::BTreeMap;

use agreement::Operation;
use node::{Clock, Entropy, Invitation, Keys, Mark, Node, Store};
use oplog::sync::{self, Entries, Frame, Item};
use oplog::{EntryId, PartyId, SpaceId, Unverified, bytes::Blob};

use crate::cast::secret;

/// A node that waits for a space.
pub(crate) struct Observer {
    pub(crate) node: Node,
    pub(crate) space: SpaceId,
}

/// The founder that a genesis names.
pub(crate) fn founder(genesis: &[u8]) -> PartyId {
    let header = Unverified::decode(genesis).unwrap().header().clone();
    match Operation::read(header.kind, &header.effect) {
        Ok(Operation::Genesis(genesis)) => genesis.founder.identity.party(),
        other => panic!("no genesis but {other:?}"),
    }
}

impl Observer {
    /// A node that was invited to `space` and holds nothing of it yet.
    pub(crate) fn new(space: SpaceId, founder: PartyId) -> Self {
        let (clock, entropy) = (Clock::Set(std::sync::Arc::default()), Entropy::Seeded([0x77; 32], 0));
        let (store, keys) = (Store::in_memory().unwrap(), Keys::in_memory());
        let (mut node, _) = Node::create(store, keys, Mark::memory(), clock, entropy, "Observer").unwrap();
        let invitation = Invitation {
            url: "http://127.0.0.1:1".to_owned(),
            space,
            founder,
            node: secret(0x78).public(),
            secret: vec![0; 16],
            expires_ms: u64::MAX,
        };
        node.join(&invitation, "Observed", "").unwrap();
        Self { node, space }
    }

    /// Shows entries, and gives what was bad about them.
    pub(crate) fn show(&mut self, entries: &[&[u8]]) -> Vec<String> {
        let items = entries.iter().map(|raw| Item { raw: Blob(raw.to_vec()), content: None }).collect();
        let entries = Frame::Entries(Entries { space: self.space, items, more: false });
        self.read(&sync::bundle(secret(0x78).public(), &[entries]))
    }

    /// Reads a bundle, and gives what was bad about it.
    pub(crate) fn read(&mut self, file: &[u8]) -> Vec<String> {
        let mut file = file;
        self.node.read_bundle(&mut file).unwrap().bad
    }

    /// Every stored entry, with the reason why it changes nothing.
    pub(crate) fn log(&self) -> BTreeMap<EntryId, Option<String>> {
        let log = self.node.log(self.space, 0, 1_000_000).unwrap();
        log.into_iter().map(|line| (line.id, line.refusal)).collect()
    }
}

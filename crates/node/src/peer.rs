//! The nodes at the other end, and which space each of them may see.

use oplog::{PublicKey, SpaceId};

use crate::{Node, Result};

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The space in which we know it.
    pub space: SpaceId,
    /// Its node key, as pinned.
    pub node: PublicKey,
    /// Where it listens; empty when it does not.
    pub url: String,
    /// Whether that is its own word, for which nobody here has vouched.
    pub told: bool,
    /// When it was last heard.
    pub heard_ms: u64,
}

impl Node {
    /// The peers that can be asked: those with an address.
    ///
    /// # Errors
    /// The database fails.
    pub fn peers(&self) -> Result<Vec<Peer>> {
        let mut peers = Vec::new();
        for row in self.store.peers()? {
            let space = self.spaces.values().find(|live| live.no == row.space).map(|live| live.id);
            if let (Some(space), Some(node)) = (space, PublicKey::from_wire(&row.node)) {
                peers.push(Peer { space, node, url: row.url, told: row.told, heard_ms: row.heard_ms });
            }
        }
        Ok(peers)
    }

    /// Whether a node may see a space: it is a member's, or it is the one that the invitation pinned.
    pub(crate) fn admits(&self, space: SpaceId, from: PublicKey) -> Result<bool> {
        let Ok(live) = self.live(space) else { return Ok(false) };
        match live.space() {
            Some(record) => {
                let members = record.members();
                Ok(record.seats.iter().any(|(party, seat)| seat.node == from && members.contains(party)))
            }
            None => {
                Ok(self.store.peers()?.iter().any(|row| row.space == live.no && row.node == from.to_wire()))
            }
        }
    }

    /// Whether a node may see any space here.
    ///
    /// # Errors
    /// The database fails.
    pub fn knows(&self, from: PublicKey) -> Result<bool> {
        for space in self.spaces.keys() {
            if self.admits(*space, from)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

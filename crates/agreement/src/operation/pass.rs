//! `pass` gives up one's turn to offer after offers crossed; it may be signed ahead.

use oplog::{ObjectId, wire_struct};

use crate::ballot::SLOTS_MAX;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::refusal::Refusal;
use crate::standing::By;

/// Gives up the turn in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The commitment.
    pub object: ObjectId,
    /// The slot.
    pub slot: u64,
}

wire_struct!(Pass { object, slot });

impl Pass {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        if !seen.base().contains(&by.party) {
            return Err(Refusal::NotNamed);
        }
        if self.slot >= SLOTS_MAX as u64 {
            return Err(Refusal::NoSuchSlot);
        }
        Ok(vec![Change::Passed(self.slot, by.entry, by.party)])
    }
}

//! `pass` gives up one's turn to offer after offers crossed; it may be signed ahead.

use oplog::{ObjectId, wire_struct};

use crate::ballot;
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
        ballot::pass(commitment, self.slot, by)
    }
}

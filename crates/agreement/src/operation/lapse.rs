//! `lapse` withdraws one's own offer, effective on notice: whoever answers before seeing it binds both sides.

use oplog::{ObjectId, wire_struct};

use crate::ballot;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::refusal::Refusal;
use crate::standing::By;

/// Withdraws the author's offer in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// The commitment.
    pub object: ObjectId,
    /// The slot.
    pub slot: u64,
}

wire_struct!(Lapse { object, slot });

impl Lapse {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        ballot::lapse(commitment, self.slot, by)
    }
}

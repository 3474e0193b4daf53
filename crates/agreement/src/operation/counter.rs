//! `counter` declines in one slot and offers other terms in the next, in one entry.

use oplog::{ObjectId, wire_struct};

use crate::ballot;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::CommitmentTerms;

/// Other terms in answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The commitment.
    pub object: ObjectId,
    /// The slot that is declined; the terms are for the one after it.
    pub slot: u64,
    /// The other terms.
    pub terms: CommitmentTerms,
}

wire_struct!(Counter { object, slot, terms });

impl Counter {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        ballot::counter(commitment, self.slot, &self.terms, by)
    }
}

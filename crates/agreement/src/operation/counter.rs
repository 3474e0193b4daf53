//! `counter` declines in one slot and offers other terms in the next, in one entry.

use oplog::{ObjectId, wire_struct};

use crate::ballot::Vote;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::operation::decline::may_decline;
use crate::operation::offer::offer_in;
use crate::record::Record;
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
        let number = usize::try_from(self.slot).unwrap_or(usize::MAX);
        may_decline(commitment.seen_by(by).slots.get(number).ok_or(Refusal::NoSuchSlot)?, by)?;
        let decline = Change::Voted(self.slot, by.party, by.entry, Vote::Decline);
        let declined = Record::absorb(Some(Record::Commitment(commitment.clone())), decline.clone());
        let Record::Commitment(declined) = declined else { return Err(Refusal::NoSuchObject) };
        let offered = offer_in(&declined, self.slot + 1, &self.terms, by)?;
        Ok([decline].into_iter().chain(offered).collect())
    }
}

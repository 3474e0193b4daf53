//! `counter` declines in one slot and offers other terms in the next, in one entry.

use oplog::{ObjectId, wire_struct};

use crate::ballot;
use crate::change::Change;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::Terms;

/// Other terms in answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What the terms are for.
    pub object: ObjectId,
    /// The slot that is declined; the terms are for the one after it.
    pub slot: u64,
    /// The other terms.
    pub terms: Terms,
}

wire_struct!(Counter { object, slot, terms });

impl Counter {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (&self.terms, record) {
            (Terms::Commitment(terms), Some(Record::Commitment(commitment))) => {
                ballot::counter(commitment, self.slot, terms, by)
            }
            (Terms::Agreement(terms), Some(Record::Agreement(agreement))) => {
                ballot::counter(agreement, self.slot, terms, by)
            }
            (Terms::Minutes(terms), Some(Record::Meeting(meeting))) => {
                ballot::counter(meeting, self.slot, terms, by)
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}

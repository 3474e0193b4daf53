//! `decline` is a vote against whatever is on the table in a slot.

use oplog::{ObjectId, wire_struct};

use crate::ballot::{Slot, Vote};
use crate::change::Change;
use crate::operation::Subject;
use crate::operation::accept::may_vote_on_space;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;

/// No, without other terms in answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decline {
    /// What it is about.
    pub subject: Subject,
    /// The commitment, or the offer that opened the ballot about the space.
    pub object: ObjectId,
    /// The slot; 0 for the space.
    pub slot: u64,
}

wire_struct!(Decline { subject, object, slot });

impl Decline {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (self.subject, record) {
            (Subject::Commitment, Some(Record::Commitment(commitment))) => {
                let seen = commitment.seen_by(by);
                if seen.is_closed() {
                    return Err(Refusal::Closed);
                }
                let number = usize::try_from(self.slot).unwrap_or(usize::MAX);
                may_decline(seen.slots.get(number).ok_or(Refusal::NoSuchSlot)?, by)?;
                Ok(vec![Change::Voted(self.slot, by.party, by.entry, Vote::Decline)])
            }
            (Subject::Space, Some(Record::Space(space))) => {
                may_vote_on_space(space, self.object, self.slot, by)?;
                Ok(vec![Change::BallotVoted(self.object, by.party, by.entry, false)])
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}

/// Whether `by` may vote against what is offered in `slot`.
pub(crate) fn may_decline(slot: &Slot, by: &By<'_>) -> Result<(), Refusal> {
    if !slot.offers.iter().any(|offered| slot.roster(&offered.terms).contains(&by.party)) {
        return Err(Refusal::NotNamed);
    }
    slot.may_vote(by)
}

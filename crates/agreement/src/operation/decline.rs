//! `decline` is a vote against whatever is on the table in a slot.

use oplog::{ObjectId, wire_struct};

use crate::ballot;
use crate::change::Change;
use crate::operation::accept::may_vote_on_space;
use crate::operation::{Subject, balloted};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;

/// No, without other terms in answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decline {
    /// What it is about.
    pub subject: Subject,
    /// The object, or the offer that opened the ballot about the space.
    pub object: ObjectId,
    /// The slot; 0 for the space.
    pub slot: u64,
}

wire_struct!(Decline { subject, object, slot });

impl Decline {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (self.subject, record) {
            (Subject::Space, Some(Record::Space(space))) => {
                may_vote_on_space(space, self.object, self.slot, by)?;
                Ok(vec![Change::BallotVoted(self.object, by.party, by.entry, false)])
            }
            (subject, record) => balloted!(subject, record, it => ballot::decline(it, self.slot, by)),
        }
    }
}

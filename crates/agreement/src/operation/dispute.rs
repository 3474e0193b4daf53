//! `dispute` is a creditor's word that a report is not true: the commitment binds on.

use oplog::{EntryId, ObjectId, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::{Answer, Answered, Commitment};
use crate::operation::confirm::answered;
use crate::refusal::Refusal;
use crate::standing::By;

/// It is not done. The reason stands in the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The commitment.
    pub object: ObjectId,
    /// The report.
    pub report: EntryId,
}

wire_struct!(Dispute { object, report });

impl Dispute {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        match answered(&seen, self.report, by)? {
            None => {
                let answered = Answered { entry: by.entry, answer: Answer::Disputed };
                Ok(vec![Change::Answered(self.report, by.party, answered)])
            }
            Some(_) => Err(Refusal::NoSuchReport),
        }
    }
}

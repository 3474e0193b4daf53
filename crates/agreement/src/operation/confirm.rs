//! `confirm` is a creditor's word that a report is true. It is final.

use oplog::{EntryId, ObjectId, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::{Answer, Answered, Commitment};
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::CommitmentTerms;

/// It is done, as this report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The commitment.
    pub object: ObjectId,
    /// The report.
    pub report: EntryId,
}

wire_struct!(Confirm { object, report });

impl Confirm {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        let answer = answered(&seen, self.report, by)?;
        let hands_on = |held: &CommitmentTerms, offered: &CommitmentTerms| {
            held.creditors != offered.creditors || held.closure != offered.closure
        };
        if seen.ballot.has_open_vote(by.party, hands_on) {
            return Err(Refusal::OwnVoteOpen);
        }
        match answer {
            None | Some(Answer::Disputed) => {
                let answered = Answered { entry: by.entry, answer: Answer::Confirmed };
                Ok(vec![Change::Answered(self.report, by.party, answered)])
            }
            Some(Answer::Confirmed) => Err(Refusal::NoSuchReport),
        }
    }
}

/// What the creditor `by` has answered to a report under the terms in force, going by what it had `seen`.
pub(crate) fn answered(seen: &Commitment, report: EntryId, by: &By<'_>) -> Result<Option<Answer>, Refusal> {
    let in_force = seen.in_force().ok_or(Refusal::NotInForce)?;
    if !seen.creditors_left(&in_force.terms).contains(&by.party) {
        return Err(Refusal::OnlyCreditor);
    }
    let found = seen.reports.iter().find(|held| held.entry == report && held.terms == in_force.hash);
    found.map(|report| report.answer(by.party)).ok_or(Refusal::NoSuchReport)
}

//! `cancel` is the debtor's own: it ends the commitment without the creditor, which is a violation.

use oplog::{ObjectId, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::refusal::Refusal;
use crate::standing::By;

/// The debtor will not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// The commitment.
    pub object: ObjectId,
}

wire_struct!(Cancel { object });

impl Cancel {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        let in_force = seen.in_force().ok_or(Refusal::NotInForce)?;
        if in_force.terms.debtor != by.party {
            return Err(Refusal::OnlyDebtor);
        }
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        if seen.ballot.has_open_vote(by.party, |held, offered| held.debtor != offered.debtor) {
            return Err(Refusal::OwnVoteOpen);
        }
        Ok(vec![Change::Cancelled(by.entry)])
    }
}

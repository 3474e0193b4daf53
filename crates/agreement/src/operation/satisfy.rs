//! `satisfy` is the debtor's signature that the condition holds: from there the commitment binds.

use oplog::{ObjectId, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::Condition;

/// The condition under this number holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Satisfy {
    /// The commitment.
    pub object: ObjectId,
    /// The condition's number.
    pub condition: u64,
}

wire_struct!(Satisfy { object, condition });

impl Satisfy {
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
        if in_force.terms.condition != Some(Condition::Text(self.condition))
            || seen.satisfied.contains_key(&self.condition)
        {
            return Err(Refusal::NoSuchCondition);
        }
        Ok(vec![Change::ConditionSatisfied(self.condition, by.entry)])
    }
}

//! `release` is a creditor's own: it lets the debtor go, as far as it is concerned.

use oplog::{ObjectId, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::{Commitment, Phase, Released};
use crate::refusal::Refusal;
use crate::standing::By;

/// The author's claim ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The commitment.
    pub object: ObjectId,
}

wire_struct!(Release { object });

impl Release {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        let (slot, in_force) = seen.ballot.won_slots().next_back().ok_or(Refusal::NotInForce)?;
        if !seen.creditors_left(&in_force.terms).contains(&by.party) {
            return Err(Refusal::OnlyCreditor);
        }
        // A cancelled commitment can still be let go; one that was confirmed or ended has nothing left to let go.
        if seen.is_closed() && seen.phase() != Phase::Cancelled {
            return Err(Refusal::Closed);
        }
        if seen.ballot.has_open_vote(by.party, |held, offered| held.creditors != offered.creditors) {
            return Err(Refusal::OwnVoteOpen);
        }
        Ok(vec![Change::Released(by.party, Released { entry: by.entry, slot })])
    }
}

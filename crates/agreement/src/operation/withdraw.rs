//! `withdraw` is a party's own: it leaves an agreement whose terms allow that, with the notice that they demand.

use oplog::{ObjectId, wire_struct};

use crate::agreement::Agreement;
use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::terms::Withdrawal;

/// The author leaves. What was promised under the agreement stays promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// The agreement.
    pub object: ObjectId,
}

wire_struct!(Withdraw { object });

impl Withdraw {
    pub(crate) fn decide(&self, agreement: &Agreement, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = agreement.seen_by(by);
        let (slot, held) = seen.ballot.won_slots().next_back().ok_or(Refusal::NotInForce)?;
        if !held.terms.parties.contains(&by.party) {
            return Err(Refusal::NotNamed);
        }
        if seen.leaving().contains(&by.party) {
            return Err(Refusal::AlreadyWithdrawn);
        }
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        if !matches!(held.terms.withdrawal, Withdrawal::Notice(_)) {
            return Err(Refusal::NoWithdrawal);
        }
        // Whoever has voted for other terms may be bound by them without knowing it.
        if seen.ballot.has_open_vote(by.party, |_, _| true) {
            return Err(Refusal::OwnVoteOpen);
        }
        Ok(vec![Change::Withdrawn(by.party, by.entry, slot)])
    }
}

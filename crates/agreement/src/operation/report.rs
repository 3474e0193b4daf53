//! `report` is the debtor's claim that the deliverable is done.

use oplog::{ObjectId, TermsHash, wire_struct};

use crate::ballot::Balloted as _;
use crate::change::Change;
use crate::commitment::{self, Commitment, REPORTS_MAX};
use crate::refusal::Refusal;
use crate::standing::By;

/// Done, under these terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The commitment.
    pub object: ObjectId,
    /// The terms in force.
    pub terms: TermsHash,
}

wire_struct!(Report { object, terms });

impl Report {
    pub(crate) fn decide(&self, commitment: &Commitment, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let seen = commitment.seen_by(by);
        let in_force = seen.in_force().ok_or(Refusal::NotInForce)?;
        if in_force.terms.debtor != by.party {
            return Err(Refusal::OnlyDebtor);
        }
        if seen.is_closed() {
            return Err(Refusal::Closed);
        }
        if in_force.hash != self.terms {
            return Err(Refusal::NoSuchTerms);
        }
        if seen.is_conditional(&in_force.terms) {
            return Err(Refusal::Conditional);
        }
        if commitment.reports.len() >= REPORTS_MAX {
            return Err(Refusal::Limit("the number of reports"));
        }
        let answers = std::collections::BTreeMap::new();
        let report = commitment::Report { entry: by.entry, by: by.party, terms: self.terms, answers };
        Ok(vec![Change::Reported(report)])
    }
}

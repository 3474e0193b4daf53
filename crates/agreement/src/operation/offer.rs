//! `offer` puts terms on the table and is the proposer's vote for them.

use oplog::{ObjectId, wire_struct};

use crate::agreement::Agreement;
use crate::ballot;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::operation::accept::won_changes;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::{BALLOTS_MAX, Space, SpaceBallot};
use crate::standing::By;
use crate::terms::{SpaceTerms, Terms};

/// Terms for a new object (`object` is `None`, `slot` 0), or for a slot of one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the terms are for; `None` founds it, and is the only form for terms about the space.
    pub object: Option<ObjectId>,
    /// The slot.
    pub slot: u64,
    /// The terms.
    pub terms: Terms,
}

wire_struct!(Offer { object, slot, terms });

impl Offer {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (&self.terms, record, self.object) {
            (Terms::Space(terms), Some(Record::Space(space)), None) => self.open_ballot(space, terms, by),
            (Terms::Commitment(terms), None, None) => {
                let (ballot, offered) = ballot::found(self.slot, terms, by)?;
                let record = Record::Commitment(Commitment::of(ballot));
                Ok([Change::Founded(Box::new(record))].into_iter().chain(offered).collect())
            }
            (Terms::Agreement(terms), None, None) => {
                let (ballot, offered) = ballot::found(self.slot, terms, by)?;
                let record = Record::Agreement(Agreement::of(ballot));
                Ok([Change::Founded(Box::new(record))].into_iter().chain(offered).collect())
            }
            (Terms::Agreement(terms), Some(Record::Agreement(agreement)), Some(_)) => {
                ballot::offer(agreement, self.slot, terms, by)
            }
            (Terms::Minutes(terms), Some(Record::Meeting(meeting)), Some(_)) => {
                ballot::offer(meeting, self.slot, terms, by)
            }
            (Terms::Commitment(terms), Some(Record::Commitment(commitment)), Some(_)) => {
                ballot::offer(commitment, self.slot, terms, by)
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }

    fn open_ballot(&self, space: &Space, terms: &SpaceTerms, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        if self.slot != 0 {
            return Err(Refusal::NoSuchSlot);
        }
        space.check_terms(terms, by)?;
        if !terms.voters().contains(&by.party) {
            return Err(Refusal::NotNamed);
        }
        if space.ballots.len() >= BALLOTS_MAX {
            return Err(Refusal::Limit("the number of ballots about the space"));
        }
        let ballot = SpaceBallot {
            terms: terms.clone(),
            hash: self.terms.hash(by.content),
            needed: space.needed(terms) as u64,
            votes: std::collections::BTreeMap::new(),
        };
        let object = by.entry.into();
        let mut changes = vec![Change::BallotOpened(object, Box::new(ballot.clone()))];
        if let SpaceTerms::Admit { introduction, .. } | SpaceTerms::Succeed { introduction, .. } = terms {
            changes.push(Change::KeyBrought(
                introduction.seat,
                Box::new(introduction.clone()),
                by.entry,
                true,
                false,
            ));
        }
        changes.extend(won_changes(object, &ballot, by));
        Ok(changes)
    }
}

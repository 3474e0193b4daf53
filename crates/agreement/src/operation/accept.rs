//! `accept` is a vote for terms on the table. It cannot be taken back.

use oplog::{ObjectId, PartyId, TermsHash, wire_struct};

use crate::ballot;
use crate::change::Change;
use crate::operation::{Subject, balloted};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::{Ending, Space, SpaceBallot};
use crate::standing::By;
use crate::terms::SpaceTerms;

/// Consent to terms, by their hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    /// What it is about.
    pub subject: Subject,
    /// The object, or the offer that opened the ballot about the space.
    pub object: ObjectId,
    /// The slot; 0 for the space.
    pub slot: u64,
    /// The terms.
    pub terms: TermsHash,
}

wire_struct!(Accept { subject, object, slot, terms });

impl Accept {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (self.subject, record) {
            (Subject::Space, Some(Record::Space(space))) => {
                let ballot = may_vote_on_space(space, self.object, self.slot, by)?;
                if ballot.hash != self.terms {
                    return Err(Refusal::NoSuchTerms);
                }
                Ok(won_changes(self.object, ballot, by))
            }
            (subject, record) => {
                balloted!(subject, record, it => ballot::accept(it, self.slot, self.terms, by))
            }
        }
    }
}

/// The ballot about the space on which `by` may vote.
pub(crate) fn may_vote_on_space<'a>(
    space: &'a Space,
    object: ObjectId,
    slot: u64,
    by: &By<'_>,
) -> Result<&'a SpaceBallot, Refusal> {
    let ballot = space
        .ballots
        .get(&object)
        .filter(|_| slot == 0 && (by.sees)(object.into()))
        .ok_or(Refusal::NoSuchSlot)?;
    if !ballot.terms.voters().contains(&by.party) {
        return Err(Refusal::NotNamed);
    }
    let seen = ballot.votes.get(&by.party).is_some_and(|votes| votes.keys().any(|entry| (by.sees)(*entry)));
    if seen { Err(Refusal::AlreadyVoted) } else { Ok(ballot) }
}

/// The vote of `by` for a ballot about the space and, if it is the one that wins it, what follows.
pub(crate) fn won_changes(object: ObjectId, ballot: &SpaceBallot, by: &By<'_>) -> Vec<Change> {
    let mut changes = vec![Change::BallotVoted(object, by.party, by.entry, true)];
    let in_favour =
        |party: &PartyId| ballot.votes.get(party).is_some_and(|votes| votes.values().any(|vote| *vote));
    let before = ballot.votes.keys().filter(|party| in_favour(party)).count() as u64;
    let after = before + u64::from(!in_favour(&by.party));
    if before >= ballot.needed || after < ballot.needed {
        return changes;
    }
    match &ballot.terms {
        SpaceTerms::Admit { introduction, .. } => changes.push(Change::SeatTaken(
            introduction.seat,
            Box::new(introduction.clone()),
            object.into(),
            None,
        )),
        SpaceTerms::Succeed { introduction, .. } => {
            changes.push(Change::SeatTaken(
                introduction.seat,
                Box::new(introduction.clone()),
                object.into(),
                Some(object),
            ));
        }
        SpaceTerms::Expel { seat, .. } => changes.push(Change::SeatEnded(*seat, Ending::Ballot(object))),
        SpaceTerms::Level { level, .. } => changes.push(Change::LevelRaised(*level)),
    }
    changes
}

//! A step that a record takes. Only [`crate::decide`] makes them, and absorbing one cannot fail.

use std::collections::BTreeSet;

use oplog::{EntryId, KeyId, ObjectId, PartyId};

use crate::ballot::Step;
use crate::commitment::{Answered, Released, Report};
use crate::meeting::Convened;
use crate::record::Record;
use crate::space::{Ending, Introduction, SpaceBallot};
use crate::terms::{AgreementTerms, CommitmentTerms, MinutesTerms};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The object begins.
    Founded(Box<Record>),
    /// A step of a commitment's ballot.
    Commitment(Step<CommitmentTerms>),
    /// A step of an agreement's ballot.
    Agreement(Step<AgreementTerms>),
    /// A step of the ballot over a meeting's minutes.
    Minutes(Step<MinutesTerms>),
    /// A convener says anew when and where a meeting is.
    Convened(Convened),
    /// A party leaves an agreement: (party, entry, the slot whose terms it saw in force).
    Withdrawn(PartyId, EntryId, u64),
    /// The debtor signed that a condition holds.
    ConditionSatisfied(u64, EntryId),
    /// The debtor reported.
    Reported(Report),
    /// A creditor answered a report.
    Answered(EntryId, PartyId, Answered),
    /// A creditor let go.
    Released(PartyId, Released),
    /// The debtor ended it alone.
    Cancelled(EntryId),
    /// The content of an entry is erased.
    Erased(EntryId),
    /// A transcript has a newer version.
    Corrected(EntryId),
    /// A party has a seat, or a new holder of it; old keys of the seat end by `Some` ballot.
    SeatTaken(PartyId, Box<Introduction>, EntryId, Option<ObjectId>),
    /// An `admit` stands beside others that its author had not seen.
    AdmitStands(EntryId, BTreeSet<EntryId>),
    /// A key was brought: (seat, introduction, entry, by ballot, needs notice).
    KeyBrought(PartyId, Box<Introduction>, EntryId, bool, bool),
    /// A key is silent for whoever sees the entry.
    KeyRetired(KeyId, EntryId),
    /// A key's identity log was shown in a newer state.
    IdentityShown(PartyId, Box<Introduction>),
    /// A key is cut off behind a place.
    KeyRevoked(KeyId, EntryId, Option<u64>),
    /// A key signed two entries for one place.
    KeyForked(KeyId, u64),
    /// A membership ended.
    SeatEnded(PartyId, Ending),
    /// A ballot about the space begins.
    BallotOpened(ObjectId, Box<SpaceBallot>),
    /// A vote in it.
    BallotVoted(ObjectId, PartyId, EntryId, bool),
    /// The rules level rises.
    LevelRaised(u64),
}

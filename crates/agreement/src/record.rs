//! What is true of one object: decide looks, absorb changes.

use std::collections::BTreeSet;

use oplog::{BadBytes, EntryId, ObjectId, PartyId, Reader, Wire, Writer, wire_struct};

use crate::agreement::Agreement;
use crate::ballot;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::meeting::Meeting;
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::space::{Key, Seat, Space};
use crate::standing::{By, Standing};

/// Something typed in from elsewhere: recorded by its author, not signed by the parties in it, for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// Who recorded it.
    pub author: PartyId,
    /// The recording and its corrections, in fold order.
    pub versions: Vec<EntryId>,
    /// Versions whose content was erased.
    pub erased: BTreeSet<EntryId>,
}

wire_struct!(Transcript { author, versions, erased });

/// A comment on an object, or evidence attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub about: ObjectId,
    /// Who wrote it.
    pub author: PartyId,
    /// Whether it is evidence.
    pub evidence: bool,
    /// Whether its content was erased.
    pub erased: bool,
}

wire_struct!(Note { about, author, evidence, erased });

/// The state of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The space itself.
    Space(Space),
    /// A commitment.
    Commitment(Commitment),
    /// Something transcribed.
    Transcript(Transcript),
    /// A comment or evidence.
    Note(Note),
    /// An agreement.
    Agreement(Agreement),
    /// A meeting.
    Meeting(Meeting),
}

impl Wire for Record {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Space(space) => to.array(2).uint(1).put(space),
            Self::Commitment(commitment) => to.array(2).uint(2).put(commitment),
            Self::Transcript(transcript) => to.array(2).uint(3).put(transcript),
            Self::Note(note) => to.array(2).uint(4).put(note),
            Self::Agreement(agreement) => to.array(2).uint(5).put(agreement),
            Self::Meeting(meeting) => to.array(2).uint(6).put(meeting),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(2)?;
        match from.uint()? {
            1 => from.get().map(Self::Space),
            2 => from.get().map(Self::Commitment),
            3 => from.get().map(Self::Transcript),
            4 => from.get().map(Self::Note),
            5 => from.get().map(Self::Agreement),
            6 => from.get().map(Self::Meeting),
            _ => Err(BadBytes::Malformed("record")),
        }
    }
}

/// What `operation` would change in its object, or the rule it breaks. Looks only.
///
/// # Errors
/// The refusal, to be shown with the entry.
pub fn decide(record: Option<&Record>, operation: &Operation, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
    match by.standing {
        Standing::Void(why) if !operation.rests_on_guardians() => return Err(Refusal::Standing(why)),
        Standing::Relied if !operation.binds_its_author() && !operation.rests_on_guardians() => {
            return Err(Refusal::Standing("relied on, but it does not bind its author"));
        }
        Standing::Full | Standing::Relied | Standing::Void(_) => {}
    }
    operation.decide(record, by)
}

/// What it changes in an object that `by` here first saw the entry `lapse`, which withdraws an offer.
#[must_use]
pub fn sight(record: Option<&Record>, lapse: EntryId, by: &By<'_>) -> Vec<Change> {
    if matches!(by.standing, Standing::Void(_)) || !(by.sees)(lapse) {
        return Vec::new();
    }
    match record {
        Some(Record::Commitment(commitment)) => ballot::sight(commitment, lapse, by),
        Some(Record::Agreement(agreement)) => ballot::sight(agreement, lapse, by),
        Some(Record::Meeting(meeting)) => ballot::sight(meeting, lapse, by),
        Some(Record::Space(_) | Record::Transcript(_) | Record::Note(_)) | None => Vec::new(),
    }
}

impl Record {
    /// Takes one step.
    ///
    /// # Panics
    /// If the step is not one that [`decide`] made for this record, which only our own bug can cause.
    #[must_use]
    pub fn absorb(record: Option<Self>, change: Change) -> Self {
        match (record, change) {
            (None, Change::Founded(founded)) => *founded,
            (Some(Self::Commitment(mut commitment)), change) => {
                commitment.absorb(change);
                Self::Commitment(commitment)
            }
            (Some(Self::Agreement(mut agreement)), change) => {
                agreement.absorb(change);
                Self::Agreement(agreement)
            }
            (Some(Self::Meeting(mut meeting)), change) => {
                meeting.absorb(change);
                Self::Meeting(meeting)
            }
            (Some(Self::Space(mut space)), change) => {
                space.absorb(change);
                Self::Space(space)
            }
            (Some(Self::Transcript(mut transcript)), Change::Corrected(version)) => {
                transcript.versions.push(version);
                Self::Transcript(transcript)
            }
            (Some(Self::Transcript(mut transcript)), Change::Erased(version)) => {
                transcript.erased.insert(version);
                Self::Transcript(transcript)
            }
            (Some(Self::Note(mut note)), Change::Erased(_)) => {
                note.erased = true;
                Self::Note(note)
            }
            (record, change) => unreachable!("{change:?} was decided for another record than {record:?}"),
        }
    }
}

impl Commitment {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever the enum gains, a step for another record is our bug"
    )]
    fn absorb(&mut self, change: Change) {
        match change {
            Change::Commitment(step) => self.ballot.absorb(step),
            Change::ConditionSatisfied(number, entry) => {
                self.satisfied.entry(number).or_default().insert(entry);
            }
            Change::Reported(report) => self.reports.push(report),
            Change::Answered(report, party, answer) => {
                let report = self.reports.iter_mut().find(|held| held.entry == report);
                report.expect("decide names a report that is there").answers.insert(party, answer);
            }
            Change::Released(party, released) => {
                self.released.insert(party, released);
            }
            Change::Cancelled(entry) => {
                self.cancelled.insert(entry);
            }
            Change::Erased(entry) => {
                self.erased.insert(entry);
            }
            change => unreachable!("{change:?} was decided for another record than a commitment"),
        }
    }
}

impl Meeting {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever the enum gains, a step for another record is our bug"
    )]
    fn absorb(&mut self, change: Change) {
        match change {
            Change::Minutes(step) => self.ballot.absorb(step),
            Change::Convened(convened) => self.convened.push(convened),
            Change::Erased(entry) => {
                self.erased.insert(entry);
            }
            change => unreachable!("{change:?} was decided for another record than a meeting"),
        }
    }
}

impl Agreement {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever the enum gains, a step for another record is our bug"
    )]
    fn absorb(&mut self, change: Change) {
        match change {
            Change::Agreement(step) => self.ballot.absorb(step),
            Change::Withdrawn(party, entry, slot) => {
                self.withdrawn.entry(party).or_default().insert(entry, slot);
            }
            Change::Erased(entry) => {
                self.erased.insert(entry);
            }
            change => unreachable!("{change:?} was decided for another record than an agreement"),
        }
    }
}

impl Record {
    /// The entries whose content was erased, of a record that is that of the object `own`.
    #[must_use]
    pub fn erased(&self, own: ObjectId) -> BTreeSet<EntryId> {
        match self {
            Self::Commitment(commitment) => commitment.erased.clone(),
            Self::Agreement(agreement) => agreement.erased.clone(),
            Self::Meeting(meeting) => meeting.erased.clone(),
            Self::Transcript(transcript) => transcript.erased.clone(),
            // Its founding entry alone: what else was signed about it, as the reason of its erasure, is not the note.
            Self::Note(note) if note.erased => [EntryId::from(own)].into(),
            Self::Note(_) | Self::Space(_) => BTreeSet::new(),
        }
    }
}

impl Space {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever the enum gains, a step for another record is our bug"
    )]
    fn absorb(&mut self, change: Change) {
        match change {
            Change::SeatTaken(party, introduction, since, over) => {
                if let Some(ballot) = over {
                    self.end_keys(party, crate::space::Ending::Ballot(ballot), introduction.key.id());
                }
                let identity = introduction.identity.hashes();
                let seat = Seat { identity, node: introduction.node, since, ended: BTreeSet::new() };
                self.seats
                    .entry(party)
                    .and_modify(|held| {
                        *held =
                            Seat { since: if over.is_some() { held.since } else { since }, ..seat.clone() };
                    })
                    .or_insert(seat);
            }
            Change::AdmitStands(admit, unseen) => {
                self.admits.insert(admit, unseen);
            }
            Change::KeyBrought(seat, introduction, introduced, by_ballot, needs_notice) => {
                let ended =
                    if by_ballot { None } else { self.seats.get(&seat).map(|seat| seat.ended.clone()) };
                let key = Key {
                    public: introduction.key,
                    seat,
                    introduced,
                    by_ballot,
                    needs_notice,
                    retired_by: BTreeSet::new(),
                    revoked: std::collections::BTreeMap::new(),
                    ended: ended.unwrap_or_default(),
                    forked_at: None,
                };
                self.keys.insert(introduction.key.id(), key);
            }
            Change::KeyRetired(key, entry) => {
                self.key(key).retired_by.insert(entry);
            }
            Change::IdentityShown(party, introduction) => {
                let seat = self.seats.get_mut(&party).expect("decide names a seat that is there");
                seat.identity = introduction.identity.hashes();
                seat.node = introduction.node;
            }
            Change::KeyRevoked(key, entry, cut) => {
                self.key(key).revoked.insert(entry, cut);
            }
            Change::KeyForked(key, seq) => {
                let key = self.key(key);
                key.forked_at = Some(key.forked_at.map_or(seq, |known| known.min(seq)));
            }
            Change::SeatEnded(party, ending) => {
                if let Some(seat) = self.seats.get_mut(&party) {
                    seat.ended.insert(ending);
                }
                self.end_keys(party, ending, oplog::KeyId::ZERO);
            }
            Change::BallotOpened(ballot, opened) => {
                self.ballots.insert(ballot, *opened);
            }
            Change::BallotVoted(ballot, party, entry, in_favour) => {
                let ballot = self.ballots.get_mut(&ballot).expect("decide names a ballot that is there");
                ballot.votes.entry(party).or_default().insert(entry, in_favour);
            }
            Change::LevelRaised(level) => self.level = self.level.max(level),
            change => unreachable!("{change:?} was decided for another record than a space"),
        }
    }

    fn key(&mut self, key: oplog::KeyId) -> &mut Key {
        self.keys.get_mut(&key).expect("decide names a key that is there")
    }

    fn end_keys(&mut self, seat: PartyId, ending: crate::space::Ending, but: oplog::KeyId) {
        let keys = self.keys.iter_mut().filter(|(id, key)| key.seat == seat && **id != but);
        keys.for_each(|(_, key)| {
            key.ended.insert(ending);
        });
    }
}

#[cfg(test)]
mod tests {
    use oplog::{KeyId, TermsHash};

    use super::*;
    use crate::ballot::{Ballot, Offered, Slot, Step, Vote};
    use crate::terms::{Closure, CommitmentTerms, Due, Tag};

    const LAPSE: EntryId = EntryId([0xaa; 32]);

    fn party(number: u8) -> PartyId {
        PartyId([number; 32])
    }

    /// An offer numbered `number` by party 1, which owes `creditor`.
    fn offered(number: u8, creditor: u8) -> Offered<CommitmentTerms> {
        let terms = CommitmentTerms {
            tag: Tag::New,
            debtor: party(1),
            creditors: vec![party(creditor)],
            closure: Closure::All,
            due: Due { day: i32::from(number), zone: "UTC".to_owned() },
            condition: None,
            clause: None,
            reply_by: None,
        };
        Offered { entry: EntryId([number; 32]), by: party(1), hash: TermsHash([number; 32]), terms }
    }

    /// Slot 0 with an offer to party 2 on the table.
    fn commitment() -> Commitment {
        let base = [party(1), party(2)].into();
        let slots = vec![Slot { offers: vec![offered(10, 2)], ..Slot::of(base) }];
        Commitment::of(Ballot { slots, ..Ballot::default() })
    }

    #[test]
    fn a_lapse_that_did_not_count_for_the_author_was_not_sighted() {
        let mut commitment = commitment();
        commitment.ballot.slots[0].lapses.insert(LAPSE, party(1));
        let record = Record::Commitment(commitment);
        let sighted = |sees: &dyn Fn(EntryId) -> bool| {
            let (entry, key, standing) = (EntryId([20; 32]), KeyId([2; 32]), Standing::Full);
            sight(Some(&record), LAPSE, &By { entry, party: party(2), key, standing, content: None, sees })
                .len()
        };
        assert_eq!(sighted(&|_| true), 1);
        assert_eq!(sighted(&|entry| entry != LAPSE), 0);
    }

    #[test]
    fn a_slot_needs_the_parties_of_whatever_came_into_force_before_it() {
        let mut record = Record::Commitment(commitment());
        let vote = |slot, who, number: u8, hash| {
            Step::Voted(slot, party(who), EntryId([number; 32]), Vote::For(TermsHash([hash; 32])))
        };
        let steps = [
            vote(0, 1, 10, 10),
            vote(0, 2, 30, 10),
            Step::SlotOpened([party(1), party(2)].into()),
            Step::TermsOffered(1, Box::new(offered(11, 3))),
            vote(1, 1, 11, 11),
            // Signed by who had seen slot 1 fail: its base is that of slot 1.
            Step::SlotOpened([party(1), party(2)].into()),
            Step::TermsOffered(2, Box::new(offered(12, 2))),
            vote(2, 1, 12, 12),
            vote(2, 2, 32, 12),
        ];
        for step in steps {
            record = Record::absorb(Some(record), Change::Commitment(step));
        }
        let wins = |record: &Record| match record {
            Record::Commitment(commitment) => commitment.won().map(|won| won.hash.0[0]).collect::<Vec<_>>(),
            Record::Space(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_)
            | Record::Meeting(_) => Vec::new(),
        };
        assert_eq!(wins(&record), [10, 12]);
        // Slot 1 turns out to be won, for party 3, whom slot 2 then passes over.
        let record = [vote(1, 2, 31, 11), vote(1, 3, 33, 11)]
            .into_iter()
            .fold(record, |record, step| Record::absorb(Some(record), Change::Commitment(step)));
        assert_eq!(wins(&record), [10, 11]);
    }
}

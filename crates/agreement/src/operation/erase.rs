//! `erase` takes the content of an own entry out of the record, by a signed entry that stays.

use oplog::{EntryId, ObjectId, wire_struct};

use crate::ballot::{Ballot, BallotTerms, Balloted as _, Outcome};
use crate::change::Change;
use crate::commitment::Commitment;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;

/// The content of `entry` is to be forgotten by every node. The reason stands in this entry's own content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erase {
    /// The object to which the entry belongs.
    pub object: ObjectId,
    /// The entry.
    pub entry: EntryId,
}

wire_struct!(Erase { object, entry });

impl Erase {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let may = match record {
            Some(Record::Note(note)) => {
                note.author == by.party && !note.erased && self.entry == self.object.into()
            }
            Some(Record::Transcript(transcript)) => {
                transcript.author == by.party
                    && transcript.versions.contains(&self.entry)
                    && !transcript.erased.contains(&self.entry)
            }
            Some(Record::Commitment(commitment)) => {
                !commitment.erased.contains(&self.entry) && may_forget(commitment, self.entry, by)
            }
            Some(Record::Agreement(agreement)) => {
                let seen = agreement.seen_by(by);
                !agreement.erased.contains(&self.entry) && failed_offer(&seen.ballot, self.entry, by)
            }
            Some(Record::Meeting(meeting)) => {
                let seen = meeting.seen_by(by);
                !meeting.erased.contains(&self.entry) && failed_offer(&seen.ballot, self.entry, by)
            }
            Some(Record::Space(_)) => false,
            None => return Err(Refusal::NoSuchObject),
        };
        if may { Ok(vec![Change::Erased(self.entry)]) } else { Err(Refusal::NotErasable) }
    }
}

/// Own reports, and own offers that failed: terms that others signed stay, as they are those others' proof.
fn may_forget(commitment: &Commitment, entry: EntryId, by: &By<'_>) -> bool {
    let report = commitment.reports.iter().any(|report| report.entry == entry && report.by == by.party);
    report || failed_offer(&commitment.seen_by(by).ballot, entry, by)
}

fn failed_offer<T: BallotTerms>(seen: &Ballot<T>, entry: EntryId, by: &By<'_>) -> bool {
    let failed = seen.slots.iter().filter(|slot| slot.outcome() == Outcome::Failed);
    let mut offers = failed.flat_map(|slot| &slot.offers);
    offers.any(|offered| offered.entry == entry && offered.by == by.party)
}

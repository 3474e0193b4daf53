//! What concerns our party now: its lists without what is over, each with the record that says why it is there.

use agreement::{Commitment, Content, Phase, Record};
use oplog::{ObjectId, SpaceId};
use store::lists::Voice;

use super::Line;
use crate::{Node, Result};

/// The most lines of one list that are looked at: what is over stays in the lists, and is passed by.
const LINES_MAX: usize = 10_000;
/// The most that is given of one list.
pub const CONCERNS_MAX: usize = 500;

/// A commitment that something can still come of.
#[derive(Clone, Debug)]
pub struct Concern {
    /// Its line.
    pub line: Line,
    /// Its record.
    pub record: Commitment,
    /// The texts of the terms shown, when they are here.
    pub content: Option<Content>,
}

impl Node {
    /// Our party's list of one kind over all spaces, by due day, without what is closed or was not agreed. With it,
    /// whether there may be more than was looked at.
    ///
    /// # Errors
    /// The database fails.
    pub fn concerns(&mut self, voice: Voice) -> Result<(Vec<Concern>, bool)> {
        let lines = self.inbox(voice, LINES_MAX)?;
        let mut cut = lines.len() == LINES_MAX;
        let mut concerns = Vec::new();
        for line in lines {
            let over = matches!(
                line.phase,
                Phase::NotAgreed | Phase::Confirmed | Phase::Released | Phase::Cancelled | Phase::Ended
            );
            if over {
                continue;
            }
            if concerns.len() == CONCERNS_MAX {
                cut = true;
                break;
            }
            if let Record::Commitment(record) = self.record(line.space, line.id)? {
                let content = self.shown_content(&record)?;
                concerns.push(Concern { line, record, content });
            }
        }
        Ok((concerns, cut))
    }

    /// The texts of the terms that a commitment shows, when they are here.
    ///
    /// # Errors
    /// No such object or space, or the database fails.
    pub fn texts(&mut self, space: SpaceId, object: ObjectId) -> Result<Option<Content>> {
        match self.record(space, object)? {
            Record::Commitment(record) => self.shown_content(&record),
            Record::Meeting(record) => {
                super::described(&record).map_or(Ok(None), |entry| self.content_of(entry))
            }
            Record::Agreement(record) => record.text().map_or(Ok(None), |text| self.content_of(text.entry)),
            Record::Space(_) | Record::Transcript(_) | Record::Note(_) => Ok(None),
        }
    }

    fn shown_content(&self, record: &Commitment) -> Result<Option<Content>> {
        record.shown().map_or(Ok(None), |shown| self.content_of(shown.entry))
    }
}

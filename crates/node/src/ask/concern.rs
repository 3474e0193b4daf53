//! What concerns our party now: its lists, each line with the record that says why it is there.

use agreement::{Commitment, Content, Record};
use oplog::{ObjectId, SpaceId};
use store::lists::Voice;

use super::Line;
use crate::{Node, Result};

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
    /// Our party's list of one kind over all spaces, by due day, which has nothing in it that is closed or was not
    /// agreed. With it, whether there is more.
    ///
    /// # Errors
    /// The database fails.
    pub fn concerns(&mut self, voice: Voice) -> Result<(Vec<Concern>, bool)> {
        let mut lines = self.inbox(voice, CONCERNS_MAX + 1)?;
        let cut = lines.len() > CONCERNS_MAX;
        lines.truncate(CONCERNS_MAX);
        let mut concerns = Vec::new();
        for line in lines {
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
            Record::Agreement(record) => record.text().map_or(Ok(None), |text| self.content_of(text.entry)),
            Record::Space(_) | Record::Transcript(_) | Record::Note(_) | Record::Declaration(_) => Ok(None),
        }
    }

    fn shown_content(&self, record: &Commitment) -> Result<Option<Content>> {
        record.shown().map_or(Ok(None), |shown| self.content_of(shown.entry))
    }
}

//! `transcribe` records what stands elsewhere: by its author, not signed by the parties in it, for ever.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::statement::Statement;

/// A transcript, or a correction of one by its author. It never becomes a commitment; an offer may cite it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transcribe {
    /// The transcript that this corrects.
    pub object: Option<ObjectId>,
}

wire_struct!(Transcribe { object });

impl Transcribe {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (self.object, record) {
            (None, None) => {
                let transcript = Record::Transcript(Statement::first(by));
                Ok(vec![Change::Founded(Box::new(transcript))])
            }
            (Some(_), Some(Record::Transcript(transcript))) => {
                transcript.may_correct(by)?;
                Ok(vec![Change::Corrected(by.entry)])
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}

//! `transcribe` records what stands elsewhere: by its author, not signed by the parties in it, for ever.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::record::{Record, Transcript};
use crate::refusal::Refusal;
use crate::standing::By;

/// The most corrections of one transcript.
const VERSIONS_MAX: usize = 1_024;

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
                let erased = std::collections::BTreeSet::new();
                let transcript = Transcript { author: by.party, versions: vec![by.entry], erased };
                Ok(vec![Change::Founded(Box::new(Record::Transcript(transcript)))])
            }
            (Some(_), Some(Record::Transcript(transcript))) => {
                if transcript.author != by.party {
                    return Err(Refusal::OnlyAuthor);
                }
                if transcript.versions.len() >= VERSIONS_MAX {
                    return Err(Refusal::Limit("the number of corrections"));
                }
                Ok(vec![Change::Corrected(by.entry)])
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}

//! `comment` puts words beside an object.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::record::{Note, Record};
use crate::refusal::Refusal;
use crate::standing::By;

/// Words about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The object.
    pub about: ObjectId,
}

wire_struct!(Comment { about });

impl Comment {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        note(record, self.about, false, by)
    }
}

/// A note about `about` by the author. Its content is what there is to it.
pub(crate) fn note(
    record: Option<&Record>,
    about: ObjectId,
    evidence: bool,
    by: &By<'_>,
) -> Result<Vec<Change>, Refusal> {
    if record.is_some() || by.content.is_none() || !(by.sees)(about.into()) {
        return Err(Refusal::NoSuchObject);
    }
    let note = Note { about, author: by.party, evidence, erased: false };
    Ok(vec![Change::Founded(Box::new(Record::Note(note)))])
}

//! `attach` puts evidence beside an object; the file is the entry's content.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::operation::comment::note;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;

/// Evidence about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attach {
    /// The object.
    pub about: ObjectId,
}

wire_struct!(Attach { about });

impl Attach {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        note(record, self.about, true, by)
    }
}

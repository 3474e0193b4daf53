//! `show`: one commitment, agreement or meeting with its terms and its thread; or a comment, file or transcript.

use node::Shared;
use node::agreement::Record;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Show a commitment, an agreement or a meeting: its terms, who acts next, what you can do, and everything that was signed about it
///
/// Example: `peygir show 3f2a9c41`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Show {
    /// The object, by the first digits of its id
    id: String,
}

impl Show {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let object = find::object(&node, &self.id)?;
        let space = node.space_of(object)?;
        let names = node::ask::names(&node.parties(space)?);
        if let Record::Commitment(_) = node.record(space, object)? {
            let notes = node.notes(space, object)?;
            return Ok(layout::commitment(&node.commitment(object)?, &notes, &names));
        }
        if let Record::Agreement(_) = node.record(space, object)? {
            let notes = node.notes(space, object)?;
            return Ok(layout::agreement(&node.agreement(object)?, &notes, &names));
        }
        if let Record::Meeting(_) = node.record(space, object)? {
            let notes = node.notes(space, object)?;
            return Ok(layout::meeting(&node.meeting(object)?, &notes, &names));
        }
        let entries = [find::entry(&node, space, &object.to_string())?];
        let mut lines = Vec::new();
        for entry in &entries {
            lines.push(layout::entry(entry, &names));
            lines.extend(entry.content.iter().flat_map(layout::fields));
        }
        Ok(Done { lines, data: entries.iter().map(layout::entry_data).collect() })
    }
}

//! `show`: one commitment or agreement with its terms and its thread; a capability or need; or a comment, file or transcript.

use node::Shared;
use node::agreement::Record;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Show a commitment or an agreement: its terms, who acts next, what you can do, and everything that was signed about it
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
        let record = node.record(space, object)?;
        if let Record::Commitment(_) = record {
            let notes = node.notes(space, object)?;
            return Ok(layout::commitment(&node.commitment(object)?, &notes, &names));
        }
        if let Record::Agreement(_) = record {
            let notes = node.notes(space, object)?;
            return Ok(layout::agreement(&node.agreement(object)?, &notes, &names));
        }
        if let Record::Declaration(_) = record {
            return Ok(layout::declaration(&node.declaration(object)?, &names));
        }
        let entries = [find::entry(&node, space, &object.to_string())?];
        let mut lines = Vec::new();
        for entry in &entries {
            lines.push(layout::entry(entry, &names));
            lines.extend(layout::texts(entry));
        }
        Ok(Done { lines, data: entries.iter().map(layout::entry_data).collect() })
    }
}

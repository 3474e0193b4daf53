//! What stands beside an object: comments and files that parties have signed about it.

use agreement::Operation;
use agreement::operation::{Attach, Comment};
use oplog::{ObjectId, SpaceId, Unverified};

use crate::ask::EntryView;
use crate::{Node, Result};

/// How many entries are looked at in one step.
const STEP: usize = 1_000;

impl Node {
    /// The comments and files about an object, or about the space when the object is its record, in order of arrival.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn notes(&self, space: SpaceId, about: ObjectId) -> Result<Vec<EntryView>> {
        let no = self.live(space)?.no;
        let (mut after, mut notes) = (0, Vec::new());
        loop {
            let rows = self.store.entries_after(no, after, STEP)?;
            let Some(last) = rows.last() else { return Ok(notes) };
            after = last.n;
            for row in rows {
                let entry = Unverified::decode(&row.raw)?;
                let header = entry.header();
                if let Ok(
                    Operation::Attach(Attach { about: object })
                    | Operation::Comment(Comment { about: object }),
                ) = Operation::read(header.kind, &header.effect)
                    && object == about
                {
                    notes.push(self.entry_view(space, row)?);
                }
            }
        }
    }
}

//! What stands beside an object: comments and files that parties have signed about it.

use oplog::{ObjectId, SpaceId};

use crate::ask::EntryView;
use crate::{Node, Result};

/// The most entries beside one object that are given.
const BESIDE_MAX: usize = 1_000;

impl Node {
    /// The comments and files about an object, or about the space when the object is its record, and what took the words
    /// of some back, in order of arrival; at most a thousand.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn notes(&self, space: SpaceId, about: ObjectId) -> Result<Vec<EntryView>> {
        let no = self.live(space)?.no;
        let rows = self.store.entries_beside(about.into(), BESIDE_MAX)?;
        // Whoever knows the id of another space's object learns nothing of it here.
        let here = self.store.placed(about.into())?.is_some_and(|placed| placed.space == no);
        rows.into_iter().filter(|_| here).map(|row| self.entry_view(space, row)).collect()
    }
}

//! One entry, the file behind it, and what it is about.

use agreement::{Content, Record};
use oplog::{EntryId, ObjectId, SpaceId};

use super::EntryView;
use crate::{Node, NodeError, Result};

impl Node {
    /// One entry, with the space that it is in.
    ///
    /// # Errors
    /// No such entry, or the database fails.
    pub fn entry(&self, id: EntryId) -> Result<(SpaceId, EntryView)> {
        let no = self.store.placed(id)?.map(|placed| placed.space);
        let space = self.spaces.values().find(|live| Some(live.no) == no).map(|live| live.id);
        let (Some(space), Some(row)) = (space, self.store.entry(id)?) else {
            return Err(NodeError::NoSuch("entry"));
        };
        Ok((space, self.entry_view(space, row)?))
    }

    /// The file behind an entry, with its texts. The whole of it is read into memory.
    ///
    /// # Errors
    /// No such entry, or no file of it is here.
    pub fn file(&self, entry: EntryId) -> Result<Content> {
        let (_, view) = self.entry(entry)?;
        let none = || NodeError::NoSuch("file");
        if view.file_bytes == 0 {
            return Err(none());
        }
        let bytes = self.store.content_behind(entry)?.ok_or_else(none)?;
        Content::from_bytes(&bytes).map_err(|_| none())
    }

    /// At most `most` bytes of the file behind an entry, from a place in the file on.
    ///
    /// # Errors
    /// No such entry, or no file of it is here.
    pub fn file_part(&self, entry: EntryId, from: u64, most: usize) -> Result<Vec<u8>> {
        let none = || NodeError::NoSuch("file");
        let (_, file_bytes) = self.texts_of(entry)?.filter(|(_, bytes)| *bytes > 0).ok_or_else(none)?;
        let whole = self.store.content_part_behind(entry, 0, 0)?.map_or(0, |(_, whole)| whole);
        let from = whole.saturating_sub(file_bytes).saturating_add(from);
        Ok(self.store.content_part_behind(entry, from, most)?.ok_or_else(none)?.0)
    }

    /// What a comment or a file is about; any other object is about itself.
    ///
    /// # Errors
    /// No such object, or the database fails.
    pub fn subject_of(&mut self, object: ObjectId) -> Result<ObjectId> {
        let space = self.space_of(object)?;
        Ok(match self.record(space, object)? {
            Record::Note(note) => note.about,
            Record::Commitment(_)
            | Record::Space(_)
            | Record::Transcript(_)
            | Record::Agreement(_)
            | Record::Declaration(_) => object,
        })
    }
}

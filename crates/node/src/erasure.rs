//! Which contents are forgotten: those of which every entry that names them was erased, whatever the order of arrival.

use agreement::Record;
use oplog::{ContentHash, EntryId, ObjectId, from_bytes};
use store::StoreError;
use store::contents::ContentState;

use crate::{Node, Result};

/// Of so many entries at most that name one content it is asked whether they were erased. One that more name is kept.
const NAMING_MAX: usize = 64;

impl Node {
    /// Forgets the contents of what was erased in this transaction, as far as nothing else names them, and has those
    /// looked for again whose erasure came to nothing. Runs when all records are what they come to. Gives whether any
    /// object must be listed again.
    pub(crate) fn weigh_erasures(&mut self) -> Result<bool> {
        let mut contents = std::collections::BTreeSet::new();
        for entry in std::mem::take(&mut self.erasures) {
            contents.extend(self.store.entry(entry)?.and_then(|row| row.content));
        }
        let mut moved = false;
        for content in contents {
            moved |= self.weigh(content)?;
        }
        Ok(moved)
    }

    /// Works out anew whether a content is erased. Gives whether that has changed.
    fn weigh(&mut self, content: ContentHash) -> Result<bool> {
        let Some((before, _)) = self.store.content_state(content)? else { return Ok(false) };
        let naming = self.store.entries_naming(content, NAMING_MAX + 1)?;
        let mut kept = naming.len() > NAMING_MAX;
        let mut naming = naming.into_iter();
        while let (false, Some((no, entry, object))) = (kept, naming.next()) {
            kept = !self.was_erased(no, entry, object)?;
        }
        if (before == ContentState::Erased) != kept {
            return Ok(false);
        }
        let now = if kept { ContentState::Missing } else { ContentState::Erased };
        self.store.set_content_state(content, now)?;
        for (space, no) in self.spaces.values().map(|live| (live.id, live.no)).collect::<Vec<_>>() {
            for object in self.store.objects_with_content(no, content)? {
                self.relist(space, object)?;
            }
        }
        Ok(true)
    }

    /// Whether the content of an entry was erased, by the record of its object.
    fn was_erased(&self, no: i64, entry: EntryId, object: Option<ObjectId>) -> Result<bool> {
        let Some(object) = object else { return Ok(false) };
        let erased = |record: &Record| record.erased(object).contains(&entry);
        let live = self.spaces.values().find(|live| live.no == no);
        if let Some(held) = live.and_then(|live| live.objects.get(&object)) {
            return Ok(held.record.as_ref().is_some_and(erased));
        }
        let Some(object_no) = self.store.object_no(no, object)? else { return Ok(false) };
        let Some(row) = self.store.record(object_no, object)? else { return Ok(false) };
        let record: Record = from_bytes(&row.state).map_err(|_| StoreError::Damaged("an object's state"))?;
        Ok(erased(&record))
    }
}

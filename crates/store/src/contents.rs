//! What stands behind entries: present, missing, withheld or erased.

use oplog::{ContentHash, ContentRef, EntryId, ObjectId};

use crate::value::{Param, spread};
use crate::{Result, Row, Store, StoreError};

/// How many bits of a content's number tell it from others of its era. The index over hashes names them too.
const ERA_BITS: u32 = 13;

/// The local number of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContentNo(pub i64);

impl From<ContentNo> for Param<'_> {
    fn from(no: ContentNo) -> Self {
        Self::Int(no.0)
    }
}

/// Whether the bytes of a content are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentState {
    /// Not here yet.
    Missing,
    /// Here.
    Present,
    /// Its author does not hand it out.
    Withheld,
    /// Forgotten, by a signed entry.
    Erased,
}

const STATES: [(ContentState, i64); 4] = [
    (ContentState::Missing, 0),
    (ContentState::Present, 1),
    (ContentState::Withheld, 2),
    (ContentState::Erased, 3),
];

fn code(state: ContentState) -> i64 {
    STATES.iter().find(|(known, _)| *known == state).map_or(0, |(_, code)| *code)
}

fn state_of(code: i64) -> Result<ContentState> {
    let found = STATES.iter().find(|(_, known)| *known == code).map(|(state, _)| *state);
    found.ok_or(StoreError::Damaged("the state of a content"))
}

impl Store {
    /// Notes that one more entry names a content, and keeps its bytes if they came along. One that is known stays as it
    /// is, but for the bytes that were missing; and an erased one is missing again, as this entry's was not erased. Gives
    /// its number, and whether it is new.
    ///
    /// # Errors
    /// The database refuses.
    pub fn name_content(&self, content: ContentRef, bytes: Option<&[u8]>) -> Result<(ContentNo, bool)> {
        if let Some((no, state)) = self.content_no(content.hash)? {
            if state == ContentState::Erased {
                self.set_content_state(content.hash, ContentState::Missing)?;
            }
            if let Some(bytes) = bytes {
                self.fill_content(no, bytes)?;
            }
            return Ok((no, false));
        }
        let state = code(if bytes.is_some() { ContentState::Present } else { ContentState::Missing });
        let sql = "INSERT INTO content (spread, hash, len, state, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        let len = bytes.map_or(content.len_bytes, |bytes| bytes.len() as u64);
        let (hash, spread) = (&content.hash, spread(&content.hash.0));
        let no = self.insert(sql, &[spread.into(), hash.into(), len.into(), state.into(), bytes.into()])?;
        self.named.put(spread);
        Ok((ContentNo(no), true))
    }

    /// The number and the state of a content, looked for in all eras, the newest first.
    fn content_no(&self, hash: ContentHash) -> Result<Option<(ContentNo, ContentState)>> {
        let spread = spread(&hash.0);
        // Almost all that come are new.
        if !self.named.may_hold(self, spread)? {
            return Ok(None);
        }
        let last = self.first("SELECT coalesce(max(no), 0) FROM content", &[], |row| row.int(0))?;
        let sql = "SELECT no, state FROM content WHERE no >> 13 = ?1 AND spread = ?2 AND hash = ?3";
        for era in (0..=last.unwrap_or_default() >> ERA_BITS).rev() {
            let params = [era.into(), spread.into(), (&hash).into()];
            let found =
                self.first(sql, &params, |row| Ok((ContentNo(row.int(0)?), state_of(row.int(1)?)?)))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Keeps the bytes of a content that an entry named, which its hash is known to name: they settle its length, whatever
    /// an entry said. An erased one stays erased.
    ///
    /// # Errors
    /// The database refuses.
    pub fn keep_content(&self, hash: ContentHash, bytes: &[u8]) -> Result<()> {
        self.content_no(hash)?.map_or(Ok(()), |(no, _)| self.fill_content(no, bytes))
    }

    fn fill_content(&self, no: ContentNo, bytes: &[u8]) -> Result<()> {
        let sql = "UPDATE content SET state = 1, bytes = ?2, len = ?3 WHERE no = ?1 AND state <> 3";
        self.execute(sql, &[no.into(), bytes.into(), (bytes.len() as u64).into()]).map(drop)
    }

    /// Sets the state of a content that an entry named; of one that is missing or erased the bytes are forgotten.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_content_state(&self, hash: ContentHash, state: ContentState) -> Result<()> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(()) };
        let sql =
            "UPDATE content SET state = ?2, bytes = CASE WHEN ?2 IN (1, 2) THEN bytes END WHERE no = ?1";
        self.execute(sql, &[no.into(), code(state).into()]).map(drop)
    }

    /// The state and length of a content that an entry named.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_state(&self, hash: ContentHash) -> Result<Option<(ContentState, u64)>> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(None) };
        let sql = "SELECT state, len FROM content WHERE no = ?1";
        self.first(sql, &[no.into()], |row| Ok((state_of(row.int(0)?)?, row.uint(1)?)))
    }

    /// The bytes of a content, when they are here.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content(&self, hash: ContentHash) -> Result<Option<Vec<u8>>> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(None) };
        let sql = "SELECT bytes FROM content WHERE no = ?1 AND bytes IS NOT NULL";
        self.first(sql, &[no.into()], |row| row.blob(0))
    }

    /// The bytes of the content that entry number `n` names, when they are here, are handed out, and are at most so many.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_at(&self, n: i64, len_max: u64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM entry JOIN content ON content.no = entry.content
                   WHERE n = ?1 AND state = 1 AND len <= ?2";
        self.first(sql, &[n.into(), len_max.into()], |row| row.blob(0))
    }

    /// The bytes of the content behind an entry, when they are here.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_behind(&self, entry: EntryId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM entry JOIN content ON content.no = entry.content
                   WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3 AND bytes IS NOT NULL";
        self.by_id(entry, sql, |row| row.blob(0))
    }

    /// At most `most` bytes of the content behind an entry from a place on, when it is here, and how long it is: what a
    /// page shows of an entry stands in front of the file that it may carry.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_part_behind(
        &self,
        entry: EntryId,
        from: u64,
        most: usize,
    ) -> Result<Option<(Vec<u8>, u64)>> {
        let sql = "SELECT content.no, length(bytes) FROM entry JOIN content ON content.no = entry.content
                   WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3 AND bytes IS NOT NULL";
        let Some((no, len)) = self.by_id(entry, sql, |row| Ok((row.int(0)?, row.uint(1)?)))? else {
            return Ok(None);
        };
        if from > 0 || len > most as u64 {
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            return Ok(Some((self.part(no, from, most)?, len)));
        }
        let sql = "SELECT bytes FROM content WHERE no = ?1 AND bytes IS NOT NULL";
        let bytes = self.first(sql, &[no.into()], |row| row.blob(0))?;
        Ok(bytes.map(|bytes| (bytes, len)))
    }

    /// At most `limit` contents that entries of a space name and that are not here, also those that a peer withheld, in
    /// the order of their hashes from the one after `after` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn contents_missing(&self, space: i64, after: ContentHash, limit: usize) -> Result<Vec<ContentHash>> {
        let sql = "SELECT hash FROM content WHERE bytes IS NULL AND state <> 3 AND hash > ?3 AND
                   EXISTS (SELECT 1 FROM entry WHERE entry.content = content.no AND entry.space = ?1)
                   ORDER BY hash LIMIT ?2";
        let params = [space.into(), (limit as u64).into(), (&after).into()];
        self.query(sql, &params, |row| row.some_id(0).map(ContentHash))
    }

    /// At most `limit` entries of any space that name a content: the number of the space, the entry, its object.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_naming(
        &self,
        hash: ContentHash,
        limit: usize,
    ) -> Result<Vec<(i64, EntryId, Option<ObjectId>)>> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(Vec::new()) };
        let sql = "SELECT space, id, (SELECT id FROM object WHERE no = entry.object) FROM entry WHERE content = ?1 LIMIT ?2";
        let each = |row: &Row<'_>| Ok((row.int(0)?, EntryId(row.some_id(1)?), row.id(2)?.map(ObjectId)));
        self.query(sql, &[no.into(), (limit as u64).into()], each)
    }

    /// Whether an entry of a space names a content: only then is it handed to that space's parties.
    ///
    /// # Errors
    /// The database refuses.
    pub fn names_content(&self, space: i64, hash: ContentHash) -> Result<bool> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(false) };
        let sql = "SELECT 1 FROM entry WHERE content = ?1 AND space = ?2";
        Ok(self.first(sql, &[no.into(), space.into()], |_| Ok(()))?.is_some())
    }

    /// The objects with an entry that names a content.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_with_content(&self, space: i64, hash: ContentHash) -> Result<Vec<ObjectId>> {
        let Some((no, _)) = self.content_no(hash)? else { return Ok(Vec::new()) };
        let sql =
            "SELECT id FROM object WHERE no IN (SELECT object FROM entry WHERE content = ?1 AND space = ?2)";
        self.query(sql, &[no.into(), space.into()], |row| row.some_id(0).map(ObjectId))
    }
}

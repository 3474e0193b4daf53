//! What stands behind entries: present, missing, withheld or erased.

use oplog::{ContentHash, ContentRef, EntryId, ObjectId};

use crate::{Result, Store, StoreError};

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
    /// Notes that an entry names a content; one that is known stays as it is.
    ///
    /// # Errors
    /// The database refuses.
    pub fn expect_content(&self, content: ContentRef) -> Result<()> {
        let params = [(&content.hash).into(), content.len_bytes.into()];
        self.execute("INSERT OR IGNORE INTO content (hash, len, state) VALUES (?1, ?2, 0)", &params).map(drop)
    }

    /// Keeps the bytes of a content, which its hash is known to name: they settle its length, whatever an entry said. An
    /// erased one stays erased.
    ///
    /// # Errors
    /// The database refuses.
    pub fn keep_content(&self, hash: ContentHash, bytes: &[u8]) -> Result<()> {
        let sql = "INSERT INTO content (hash, len, state, bytes) VALUES (?1, ?2, 1, ?3)
                   ON CONFLICT (hash) DO UPDATE SET state = 1, bytes = excluded.bytes, len = excluded.len
                   WHERE content.state <> 3";
        self.execute(sql, &[(&hash).into(), (bytes.len() as u64).into(), bytes.into()]).map(drop)
    }

    /// Sets the state of a content that an entry named; of one that is missing or erased the bytes are forgotten.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_content_state(&self, hash: ContentHash, state: ContentState) -> Result<()> {
        let sql =
            "UPDATE content SET state = ?2, bytes = CASE WHEN ?2 IN (1, 2) THEN bytes END WHERE hash = ?1";
        self.execute(sql, &[(&hash).into(), code(state).into()]).map(drop)
    }

    /// The state and length of a content that an entry named.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_state(&self, hash: ContentHash) -> Result<Option<(ContentState, u64)>> {
        self.first("SELECT state, len FROM content WHERE hash = ?1", &[(&hash).into()], |row| {
            Ok((state_of(row.int(0)?)?, row.uint(1)?))
        })
    }

    /// The bytes of a content, when they are here.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content(&self, hash: ContentHash) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM content WHERE hash = ?1 AND bytes IS NOT NULL";
        self.first(sql, &[(&hash).into()], |row| row.blob(0))
    }

    /// The bytes of the content behind an entry, when they are here.
    ///
    /// # Errors
    /// The database refuses.
    pub fn content_behind(&self, entry: EntryId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM content WHERE hash = (SELECT content FROM entry WHERE id = ?1)
                   AND bytes IS NOT NULL";
        self.first(sql, &[(&entry).into()], |row| row.blob(0))
    }

    /// At most `limit` contents that entries of a space name and that are not here, also those that a peer withheld, in
    /// the order of their hashes from the one after `after` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn contents_missing(&self, space: i64, after: ContentHash, limit: usize) -> Result<Vec<ContentHash>> {
        let sql =
            "SELECT hash FROM content WHERE (state = 0 OR (state = 2 AND bytes IS NULL)) AND hash > ?3 AND
                   EXISTS (SELECT 1 FROM entry WHERE entry.content = content.hash AND entry.space = ?1)
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
        let sql = "SELECT space, id, object FROM entry WHERE content = ?1 LIMIT ?2";
        self.query(sql, &[(&hash).into(), (limit as u64).into()], |row| {
            Ok((row.int(0)?, EntryId(row.some_id(1)?), row.id(2)?.map(ObjectId)))
        })
    }

    /// Whether an entry of a space names a content: only then is it handed to that space's parties.
    ///
    /// # Errors
    /// The database refuses.
    pub fn names_content(&self, space: i64, hash: ContentHash) -> Result<bool> {
        let sql = "SELECT 1 FROM entry WHERE content = ?1 AND space = ?2 LIMIT 1";
        Ok(self.first(sql, &[(&hash).into(), space.into()], |row| row.int(0))?.is_some())
    }

    /// The objects with an entry that names a content.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_with_content(&self, space: i64, hash: ContentHash) -> Result<Vec<ObjectId>> {
        let sql =
            "SELECT DISTINCT object FROM entry WHERE content = ?1 AND space = ?2 AND object IS NOT NULL";
        self.query(sql, &[(&hash).into(), space.into()], |row| row.some_id(0).map(ObjectId))
    }
}

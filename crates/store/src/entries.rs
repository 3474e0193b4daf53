//! Entries and where they stand in the graph.

use std::sync::Arc;

use oplog::{ContentHash, EntryId, ObjectId, Past, Position};

use crate::contents::ContentNo;
use crate::objects::ObjectNo;
use crate::value::short;
use crate::{Result, Row, Store, StoreError};

/// How many bits of an entry's number tell it from others of its era. The index over ids names them too.
pub(crate) const ERA_BITS: u32 = 13;

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// The order of arrival here.
    pub n: i64,
    /// The entry.
    pub id: EntryId,
    /// Where it stands.
    pub position: Arc<Position>,
    /// What it is.
    pub kind: u64,
    /// The object into which it is folded.
    pub object: Option<ObjectId>,
    /// When it arrived here.
    pub arrived_ms: u64,
    /// Its content.
    pub content: Option<ContentHash>,
    /// Why it changes nothing.
    pub refusal: Option<String>,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// Where a stored entry stands, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The local number of its space.
    pub space: i64,
    /// Its place.
    pub position: Position,
}

fn past(packed: &[u8]) -> Result<Past> {
    Past::unpack(packed).ok_or(StoreError::Damaged("a causal past"))
}

fn entry_row(row: &Row<'_>) -> Result<EntryRow> {
    Ok(EntryRow {
        n: row.int(0)?,
        id: EntryId(row.some_id(1)?),
        position: Arc::new(Position {
            line: row.line(2)?,
            seq: row.uint(3)?,
            depth: row.uint(4)?,
            past: past(&row.blob(7)?)?,
        }),
        kind: row.uint(5)?,
        object: row.id(6)?.map(ObjectId),
        arrived_ms: row.uint(8)?,
        content: row.id(9)?.map(ContentHash),
        refusal: row.text(10)?,
        raw: row.blob(11)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT n, entry.id, line, seq, depth, kind, (SELECT id FROM object WHERE no = entry.object), past,
             arrived_ms, (SELECT hash FROM content WHERE no = entry.content), refusal, raw FROM entry ",
            $rest
        )
    };
}

impl Store {
    /// Adds an entry that is not here at the end of the arrival order, with the numbers of its object and content.
    ///
    /// # Errors
    /// The database refuses, also when another entry stands at its place.
    pub fn add_entry(
        &self,
        space: i64,
        row: &EntryRow,
        object: Option<ObjectNo>,
        content: Option<ContentNo>,
    ) -> Result<()> {
        self.insert(
            "INSERT INTO entry (n, short, id, space, line, seq, depth, kind, object, past, arrived_ms, content, refusal,
             raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            &[
                row.n.into(),
                short(&row.id.0).into(),
                (&row.id).into(),
                space.into(),
                row.position.line.into(),
                row.position.seq.into(),
                row.position.depth.into(),
                row.kind.into(),
                object.into(),
                row.position.past.pack().as_slice().into(),
                row.arrived_ms.into(),
                content.into(),
                row.refusal.as_deref().into(),
                row.raw.as_slice().into(),
            ],
        )?;
        self.held.put(short(&row.id.0));
        self.last_n.set(Some(row.n));
        Ok(())
    }

    /// The number of the entry that arrived last.
    ///
    /// # Errors
    /// The database refuses.
    pub fn last_n(&self) -> Result<i64> {
        if let Some(known) = self.last_n.get() {
            return Ok(known);
        }
        let last = self.first("SELECT coalesce(max(n), 0) FROM entry", &[], |row| row.int(0))?;
        self.last_n.set(last);
        Ok(last.unwrap_or_default())
    }

    /// An entry.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entry(&self, id: EntryId) -> Result<Option<EntryRow>> {
        self.by_id(id, select!("WHERE n >> 13 = ?1 AND short = ?2 AND entry.id = ?3"), entry_row)
    }

    /// Looks for an entry in all eras, the newest first. `sql` gets the era, the short form of the id, and the id.
    pub(crate) fn by_id<T>(
        &self,
        id: EntryId,
        sql: &'static str,
        mut each: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let short = short(&id.0);
        if !self.held.may_hold(self, short)? {
            return Ok(None);
        }
        for era in (0..=self.last_n()? >> ERA_BITS).rev() {
            let found = self.first(sql, &[era.into(), short.into(), (&id).into()], &mut each)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The id of the entry at a place.
    ///
    /// # Errors
    /// The database refuses.
    pub fn id_at(&self, line: u32, seq: u64) -> Result<Option<EntryId>> {
        let sql = "SELECT id FROM entry WHERE line = ?1 AND seq = ?2";
        self.first(sql, &[line.into(), seq.into()], |row| row.some_id(0).map(EntryId))
    }

    /// The entry at a place.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entry_at(&self, line: u32, seq: u64) -> Result<Option<EntryRow>> {
        self.first(select!("WHERE line = ?1 AND seq = ?2"), &[line.into(), seq.into()], entry_row)
    }

    /// At most `limit` entries of a line from `seq` on, in order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_from(&self, line: u32, seq: u64, limit: usize) -> Result<Vec<EntryRow>> {
        let params = [line.into(), seq.into(), (limit as u64).into()];
        self.query(select!("WHERE line = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3"), &params, entry_row)
    }

    /// At most `limit` entries of a space that arrived after `n`, in that order: parents before children.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_after(&self, space: i64, n: i64, limit: usize) -> Result<Vec<EntryRow>> {
        let params = [space.into(), n.into(), (limit as u64).into()];
        self.query(select!("WHERE space = ?1 AND n > ?2 ORDER BY n LIMIT ?3"), &params, entry_row)
    }

    /// All entries that are folded into an object, in fold order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_of(&self, object: ObjectNo) -> Result<Vec<EntryRow>> {
        self.query(select!("WHERE object = ?1 ORDER BY depth, id"), &[object.into()], entry_row)
    }

    /// At most `limit` entries that are folded into what stands beside an entry, as [`Store::set_beside`] has kept it, in
    /// the order of arrival.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_beside(&self, about: EntryId, limit: usize) -> Result<Vec<EntryRow>> {
        let find = "SELECT n FROM entry WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3";
        let Some(about) = self.by_id(about, find, |row| row.int(0))? else { return Ok(Vec::new()) };
        let sql = select!("WHERE object IN (SELECT object FROM beside WHERE about = ?1) ORDER BY n LIMIT ?2");
        self.query(sql, &[about.into(), (limit as u64).into()], entry_row)
    }

    /// Where an entry stands.
    ///
    /// # Errors
    /// The database refuses.
    pub fn placed(&self, id: EntryId) -> Result<Option<Placed>> {
        let sql = "SELECT space, line, seq, depth, past FROM entry
                   WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3";
        self.by_id(id, sql, |row| {
            Ok(Placed {
                space: row.int(0)?,
                position: Position {
                    line: row.line(1)?,
                    seq: row.uint(2)?,
                    depth: row.uint(3)?,
                    past: past(&row.blob(4)?)?,
                },
            })
        })
    }

    /// The place of an entry in its line.
    ///
    /// # Errors
    /// The database refuses.
    pub fn place(&self, id: EntryId) -> Result<Option<(u32, u64)>> {
        let sql = "SELECT line, seq FROM entry WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3";
        self.by_id(id, sql, |row| Ok((row.line(0)?, row.uint(1)?)))
    }

    /// The objects that entries of a line at `from` up to before `until` are folded into.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_touched(&self, line: u32, from: u64, until: u64) -> Result<Vec<ObjectId>> {
        let sql = "SELECT id FROM object WHERE no IN (
                       SELECT object FROM entry WHERE line = ?1 AND seq >= ?2 AND seq < ?3
                       UNION SELECT sighting.object FROM entry JOIN sighting ON sighting.n = entry.n
                       WHERE line = ?1 AND seq >= ?2 AND seq < ?3)";
        self.query(sql, &[line.into(), from.into(), until.into()], |row| row.some_id(0).map(ObjectId))
    }

    /// Notes why entry number `n` changes nothing, or that it counts.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_refusal(&self, n: i64, refusal: Option<&str>) -> Result<()> {
        self.execute("UPDATE entry SET refusal = ?2 WHERE n = ?1", &[n.into(), refusal.into()]).map(drop)
    }

    /// Notes that entry number `n` is the first of its chain that had seen `lapse`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_sighting(&self, object: ObjectNo, n: i64, lapse: EntryId) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO sighting (n, lapse, object) VALUES (?1, ?2, ?3)";
        self.execute(sql, &[n.into(), (&lapse).into(), object.into()]).map(drop)
    }

    /// The sightings in an object's fold: (entry, lapse), in fold order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sightings_of(&self, object: ObjectNo) -> Result<Vec<(EntryId, EntryId)>> {
        let sql = "SELECT entry.id, lapse FROM sighting JOIN entry ON entry.n = sighting.n
                   WHERE sighting.object = ?1 ORDER BY depth, entry.id, lapse";
        self.query(sql, &[object.into()], |row| Ok((EntryId(row.some_id(0)?), EntryId(row.some_id(1)?))))
    }

    /// Notes a withdrawal.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_lapse(&self, space: i64, line: u32, seq: u64, id: EntryId, object: ObjectNo) -> Result<()> {
        let params = [line.into(), seq.into(), space.into(), (&id).into(), object.into()];
        self.execute("INSERT INTO lapse (line, seq, space, id, object) VALUES (?1, ?2, ?3, ?4, ?5)", &params)
            .map(drop)
    }

    /// The withdrawals in a space: (line, seq, entry, object).
    ///
    /// # Errors
    /// The database refuses.
    pub fn lapses(&self, space: i64) -> Result<Vec<(u32, u64, EntryId, ObjectId)>> {
        let sql = "SELECT line, seq, lapse.id, object.id FROM lapse JOIN object ON object.no = lapse.object
                   WHERE lapse.space = ?1 ORDER BY line, seq";
        self.query(sql, &[space.into()], |row| {
            Ok((row.line(0)?, row.uint(1)?, EntryId(row.some_id(2)?), ObjectId(row.some_id(3)?)))
        })
    }

    /// Notes an own entry that no other party is known to hold.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_outbox(&self, n: i64) -> Result<()> {
        self.execute("INSERT INTO outbox (n) VALUES (?1)", &[n.into()]).map(drop)
    }

    /// Own entries of a line up to `seq` are held by another party.
    ///
    /// # Errors
    /// The database refuses.
    pub fn clear_outbox(&self, line: u32, seq: u64) -> Result<()> {
        let sql =
            "DELETE FROM outbox WHERE n IN (SELECT outbox.n FROM outbox JOIN entry ON entry.n = outbox.n
                   WHERE line = ?1 AND seq <= ?2)";
        self.execute(sql, &[line.into(), seq.into()]).map(drop)
    }

    /// How many own entries of a space no other party is known to hold.
    ///
    /// # Errors
    /// The database refuses.
    pub fn outbox_len(&self, space: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM outbox JOIN entry ON entry.n = outbox.n WHERE space = ?1";
        self.first(sql, &[space.into()], |row| row.uint(0)).map(Option::unwrap_or_default)
    }
}

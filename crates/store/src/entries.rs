//! Entries and where they stand in the graph.

use oplog::{ContentHash, EntryId, ObjectId, Past, Position};

use crate::{Result, Row, Store, StoreError};

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// The order of arrival here.
    pub n: i64,
    /// The entry.
    pub id: EntryId,
    /// Where it stands.
    pub position: Position,
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
        position: Position {
            line: row.line(2)?,
            seq: row.uint(3)?,
            depth: row.uint(4)?,
            past: past(&row.blob(7)?)?,
        },
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
            "SELECT n, id, line, seq, depth, kind, object, past, arrived_ms, content, refusal, raw FROM entry ",
            $rest
        )
    };
}

impl Store {
    /// Adds an entry under its number, which is the one after [`Store::last_n`].
    ///
    /// # Errors
    /// The database refuses, also when the entry, its number or another entry at its place is there.
    pub fn add_entry(&self, space: i64, row: &EntryRow) -> Result<()> {
        self.execute(
            "INSERT INTO entry (n, id, space, line, seq, depth, kind, object, past, arrived_ms, content, refusal, raw)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            &[
                row.n.into(),
                (&row.id).into(),
                space.into(),
                row.position.line.into(),
                row.position.seq.into(),
                row.position.depth.into(),
                row.kind.into(),
                row.object.as_ref().into(),
                row.position.past.pack().as_slice().into(),
                row.arrived_ms.into(),
                row.content.as_ref().into(),
                row.refusal.as_deref().into(),
                row.raw.as_slice().into(),
            ],
        )?;
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
        self.first(select!("WHERE id = ?1"), &[(&id).into()], entry_row)
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

    /// All entries of a space that are folded into an object, in fold order. Another space's may name it too, and mean
    /// nothing by it.
    ///
    /// # Errors
    /// The database refuses.
    pub fn entries_of(&self, space: i64, object: ObjectId) -> Result<Vec<EntryRow>> {
        let params = [(&object).into(), space.into()];
        self.query(select!("WHERE object = ?1 AND space = ?2 ORDER BY depth, id"), &params, entry_row)
    }

    /// Whether entries of a space about an object are here, the one that founds it apart.
    ///
    /// # Errors
    /// The database refuses.
    pub fn is_awaited(&self, space: i64, object: ObjectId) -> Result<bool> {
        let others = "SELECT 1 FROM entry WHERE object = ?1 AND id <> ?1 AND space = ?2 LIMIT 1";
        Ok(self.first(others, &[(&object).into(), space.into()], |_| Ok(()))?.is_some())
    }

    /// Where an entry stands.
    ///
    /// # Errors
    /// The database refuses.
    pub fn placed(&self, id: EntryId) -> Result<Option<Placed>> {
        let sql = "SELECT space, line, seq, depth, past FROM entry WHERE id = ?1";
        self.first(sql, &[(&id).into()], |row| {
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
        let sql = "SELECT line, seq FROM entry WHERE id = ?1";
        self.first(sql, &[(&id).into()], |row| Ok((row.line(0)?, row.uint(1)?)))
    }

    /// The objects that entries of a line from `seq` on are folded into.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_touched(&self, line: u32, seq: u64) -> Result<Vec<ObjectId>> {
        let sql = "SELECT DISTINCT object FROM entry WHERE line = ?1 AND seq >= ?2 AND object IS NOT NULL
                   UNION SELECT sighting.object FROM entry JOIN sighting ON sighting.id = entry.id
                   WHERE line = ?1 AND seq >= ?2";
        self.query(sql, &[line.into(), seq.into()], |row| row.some_id(0).map(ObjectId))
    }

    /// Notes why an entry changes nothing, or that it counts.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_refusal(&self, id: EntryId, refusal: Option<&str>) -> Result<()> {
        self.execute("UPDATE entry SET refusal = ?2 WHERE id = ?1", &[(&id).into(), refusal.into()]).map(drop)
    }

    /// Notes that the entry `id` at `depth` is the first of its chain that had seen `lapse`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_sighting(&self, object: ObjectId, depth: u64, id: EntryId, lapse: EntryId) -> Result<()> {
        let params = [(&object).into(), depth.into(), (&id).into(), (&lapse).into()];
        self.execute(
            "INSERT OR IGNORE INTO sighting (object, depth, id, lapse) VALUES (?1, ?2, ?3, ?4)",
            &params,
        )
        .map(drop)
    }

    /// The sightings in the fold of an object of a space: (depth, entry, lapse), in fold order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sightings_of(&self, space: i64, object: ObjectId) -> Result<Vec<(u64, EntryId, EntryId)>> {
        let sql = "SELECT sighting.depth, sighting.id, sighting.lapse FROM sighting
                   JOIN entry ON entry.id = sighting.id WHERE sighting.object = ?1 AND entry.space = ?2
                   ORDER BY sighting.depth, sighting.id, sighting.lapse";
        self.query(sql, &[(&object).into(), space.into()], |row| {
            Ok((row.uint(0)?, EntryId(row.some_id(1)?), EntryId(row.some_id(2)?)))
        })
    }

    /// Notes a withdrawal.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_lapse(&self, space: i64, line: u32, seq: u64, id: EntryId, object: ObjectId) -> Result<()> {
        let params = [line.into(), seq.into(), space.into(), (&id).into(), (&object).into()];
        self.execute("INSERT INTO lapse (line, seq, space, id, object) VALUES (?1, ?2, ?3, ?4, ?5)", &params)
            .map(drop)
    }

    /// The withdrawals in a space: (line, seq, entry, object).
    ///
    /// # Errors
    /// The database refuses.
    pub fn lapses(&self, space: i64) -> Result<Vec<(u32, u64, EntryId, ObjectId)>> {
        let sql = "SELECT line, seq, id, object FROM lapse WHERE space = ?1 ORDER BY line, seq";
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

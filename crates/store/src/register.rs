//! The register: what is transcribed from elsewhere, by day, and what of it our own people hold to be done.

use oplog::{EntryId, ObjectId};

use crate::concerns::At;
use crate::objects::ObjectNo;
use crate::{Result, Store};

/// A line of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// Where it stands in the order: the day, and the object's number.
    pub at: At,
    /// The number of its space.
    pub space: i64,
    /// The transcript.
    pub object: ObjectId,
    /// The entry with its words.
    pub version: EntryId,
    /// Who holds it to be done, if anybody does.
    pub done_by: Option<[u8; 32]>,
}

/// The day of a line that names none.
pub const NO_DAY: i64 = i64::MAX;

impl Store {
    /// Keeps a line of the register, in place of what it said before.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_registered(&self, object: ObjectNo, due: Option<i64>, version: EntryId) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO register (object, due, version) VALUES (?1, ?2, ?3)";
        self.execute(sql, &[object.into(), due.unwrap_or(NO_DAY).into(), (&version).into()]).map(drop)
    }

    /// Takes a line out of the register.
    ///
    /// # Errors
    /// The database refuses.
    pub fn forget_registered(&self, object: ObjectNo) -> Result<()> {
        self.execute("DELETE FROM register WHERE object = ?1", &[object.into()]).map(drop)
    }

    /// At most `limit` lines that are done, or are not, by day, from behind `after` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn registered(&self, done: bool, after: At, limit: usize) -> Result<Vec<RegisterRow>> {
        let sql = "SELECT due, register.object, object.space, object.id, version, desk_done.person FROM register
                   JOIN object ON object.no = register.object LEFT JOIN desk_done ON desk_done.object = object.id
                   WHERE (due, register.object) > (?1, ?2) AND (desk_done.person IS NOT NULL) = ?3
                   ORDER BY due, register.object LIMIT ?4";
        let params = [after.0.into(), after.1.into(), done.into(), (limit as u64).into()];
        self.query(sql, &params, |row| {
            Ok(RegisterRow {
                at: (row.int(0)?, row.int(1)?),
                space: row.int(2)?,
                object: ObjectId(row.some_id(3)?),
                version: EntryId(row.some_id(4)?),
                done_by: row.id(5)?,
            })
        })
    }

    /// How many lines are not done, how many of those name a day before `today`, and how many are done.
    ///
    /// # Errors
    /// The database refuses.
    pub fn registered_counts(&self, today: i64) -> Result<[u64; 3]> {
        let sql = "SELECT count(*), coalesce(sum(person IS NULL AND due < ?1), 0), coalesce(sum(person IS NOT NULL), 0)
                   FROM register JOIN object ON object.no = register.object
                   LEFT JOIN desk_done ON desk_done.object = object.id";
        let counts =
            self.first(sql, &[today.into()], |row| Ok([row.uint(0)?, row.uint(1)?, row.uint(2)?]))?;
        let [all, late, done] = counts.unwrap_or_default();
        Ok([all.saturating_sub(done), late, done])
    }

    /// Keeps that somebody holds a line to be done, or that nobody does.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_done(&self, object: ObjectId, by: Option<&[u8; 32]>, at_ms: u64) -> Result<()> {
        let Some(by) = by else {
            return self.execute("DELETE FROM desk_done WHERE object = ?1", &[(&object).into()]).map(drop);
        };
        let sql = "INSERT OR REPLACE INTO desk_done (object, person, at_ms) VALUES (?1, ?2, ?3)";
        self.execute(sql, &[(&object).into(), by.as_slice().into(), at_ms.into()]).map(drop)
    }
}

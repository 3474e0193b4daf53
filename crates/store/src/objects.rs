//! The states of objects: what the fold of their entries gives, kept so that it need not be folded again.

use oplog::{EntryId, ObjectId};

use crate::{Result, Row, Store};

/// A stored state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRow {
    /// The object.
    pub id: ObjectId,
    /// Depth and id of the last entry that was folded.
    pub last: (u64, EntryId),
    /// The leaf of the digest tree.
    pub leaf: [u8; 32],
    /// The encoded record.
    pub state: Vec<u8>,
}

fn object_row(row: &Row<'_>) -> Result<ObjectRow> {
    Ok(ObjectRow {
        id: ObjectId(row.some_id(0)?),
        last: (row.uint(1)?, EntryId(row.some_id(2)?)),
        leaf: row.some_id(3)?,
        state: row.blob(4)?,
    })
}

impl Store {
    /// The state of an object of a space.
    ///
    /// # Errors
    /// The database refuses.
    pub fn object(&self, space: i64, id: ObjectId) -> Result<Option<ObjectRow>> {
        self.first(
            "SELECT id, depth, last, leaf, state FROM object WHERE id = ?1 AND space = ?2",
            &[(&id).into(), space.into()],
            object_row,
        )
    }

    /// The number of an object's space.
    ///
    /// # Errors
    /// The database refuses.
    pub fn space_of(&self, id: ObjectId) -> Result<Option<i64>> {
        self.first("SELECT space FROM object WHERE id = ?1", &[(&id).into()], |row| row.int(0))
    }

    /// Keeps an object's state.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_object(&self, space: i64, row: &ObjectRow) -> Result<()> {
        self.execute(
            "INSERT INTO object (id, space, depth, last, leaf, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET depth = excluded.depth, last = excluded.last, leaf = excluded.leaf,
             state = excluded.state",
            &[
                (&row.id).into(),
                space.into(),
                row.last.0.into(),
                (&row.last.1).into(),
                row.leaf.as_slice().into(),
                row.state.as_slice().into(),
            ],
        )
        .map(drop)
    }

    /// Drops the state of an object of a space.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_object(&self, space: i64, id: ObjectId) -> Result<()> {
        let params = [(&id).into(), space.into()];
        self.execute("DELETE FROM object WHERE id = ?1 AND space = ?2", &params).map(drop)
    }

    /// Drops everything that follows from a space's entries, to be rebuilt.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_derived(&self, space: i64) -> Result<()> {
        self.execute(
            "DELETE FROM voice WHERE object IN (SELECT object FROM commitment WHERE space = ?1)",
            &[space.into()],
        )?;
        self.execute("DELETE FROM commitment WHERE space = ?1", &[space.into()])?;
        self.execute("DELETE FROM object WHERE space = ?1", &[space.into()]).map(drop)
    }

    /// The leaves of a space's digest tree.
    ///
    /// # Errors
    /// The database refuses.
    pub fn leaves(&self, space: i64) -> Result<Vec<(ObjectId, [u8; 32])>> {
        self.query("SELECT id, leaf FROM object WHERE space = ?1 ORDER BY id", &[space.into()], |row| {
            Ok((ObjectId(row.some_id(0)?), row.some_id(1)?))
        })
    }

    /// The objects into which any entry of a space is folded.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_named(&self, space: i64) -> Result<Vec<ObjectId>> {
        let sql = "SELECT DISTINCT object FROM entry WHERE space = ?1 AND object IS NOT NULL ORDER BY object";
        self.query(sql, &[space.into()], |row| row.some_id(0).map(ObjectId))
    }
}

//! Spaces, the lines of their keys, and the keys that entries introduce.

use oplog::{EntryId, KeyId, PartyId, SpaceId};

use crate::{Result, Row, Store};

/// A space that this node founded or accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceRow {
    /// The local number.
    pub no: i64,
    /// The space.
    pub id: SpaceId,
    /// What people here call it.
    pub name: String,
    /// The seat for which this node signs.
    pub own_party: Option<PartyId>,
    /// The founder that the invitation pinned.
    pub founder: PartyId,
}

/// A line: one key's entries without a fork in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// The local number.
    pub no: u32,
    /// The key.
    pub key: KeyId,
    /// The seat for which it signs, by the introduction in its past.
    pub seat: PartyId,
    /// The first seq; over 0 for a branch.
    pub start_seq: u64,
    /// The last seq.
    pub head_seq: u64,
    /// The entry there.
    pub head_id: EntryId,
    /// How far other seats relied on it before they knew of a revocation or fork (first seq beyond).
    pub relied: u64,
}

/// A key that an entry introduces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntroducedRow {
    /// The key.
    pub key: KeyId,
    /// The seat it claims.
    pub seat: PartyId,
    /// The depth of the entry.
    pub depth: u64,
    /// The entry.
    pub entry: EntryId,
    /// Its 33 wire bytes.
    pub public: Vec<u8>,
}

fn space_row(row: &Row<'_>) -> Result<SpaceRow> {
    Ok(SpaceRow {
        no: row.int(0)?,
        id: SpaceId(row.some_id(1)?),
        name: row.text(2)?.unwrap_or_default(),
        own_party: row.id(3)?.map(PartyId),
        founder: PartyId(row.some_id(4)?),
    })
}

impl Store {
    /// Adds a space and gives its local number.
    ///
    /// # Errors
    /// The database refuses, also when the space is there.
    pub fn add_space(&self, id: SpaceId, name: &str, own: Option<PartyId>, founder: PartyId) -> Result<i64> {
        self.execute(
            "INSERT INTO space (id, name, own_party, founder) VALUES (?1, ?2, ?3, ?4)",
            &[(&id).into(), name.into(), own.as_ref().into(), (&founder).into()],
        )?;
        let no = self.first("SELECT no FROM space WHERE id = ?1", &[(&id).into()], |row| row.int(0))?;
        no.ok_or(crate::StoreError::Damaged("a space that was just added"))
    }

    /// All spaces, by number.
    ///
    /// # Errors
    /// The database refuses.
    pub fn spaces(&self) -> Result<Vec<SpaceRow>> {
        self.query("SELECT no, id, name, own_party, founder FROM space ORDER BY no", &[], space_row)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_line(&self, space: i64, line: &LineRow) -> Result<()> {
        self.execute(
            "INSERT INTO line (no, space, key, start_seq, head_seq, head_id, seat) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                line.no.into(),
                space.into(),
                (&line.key).into(),
                line.start_seq.into(),
                line.head_seq.into(),
                (&line.head_id).into(),
                (&line.seat).into(),
            ],
        )
        .map(drop)
    }

    /// Moves a line's head and its reliance.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_line(&self, line: &LineRow) -> Result<()> {
        self.execute(
            "UPDATE line SET head_seq = ?2, head_id = ?3, relied = ?4 WHERE no = ?1",
            &[line.no.into(), line.head_seq.into(), (&line.head_id).into(), line.relied.into()],
        )
        .map(drop)
    }

    /// The lines of a space.
    ///
    /// # Errors
    /// The database refuses.
    pub fn lines(&self, space: i64) -> Result<Vec<LineRow>> {
        let sql = "SELECT no, key, start_seq, head_seq, head_id, relied, seat FROM line WHERE space = ?1 ORDER BY no";
        self.query(sql, &[space.into()], |row| {
            Ok(LineRow {
                no: row.line(0)?,
                key: KeyId(row.some_id(1)?),
                start_seq: row.uint(2)?,
                head_seq: row.uint(3)?,
                head_id: EntryId(row.some_id(4)?),
                relied: row.uint(5)?,
                seat: PartyId(row.some_id(6)?),
            })
        })
    }

    /// The highest line number of all spaces.
    ///
    /// # Errors
    /// The database refuses.
    pub fn last_line(&self) -> Result<u32> {
        self.first("SELECT coalesce(max(no), 0) FROM line", &[], |row| row.line(0))
            .map(Option::unwrap_or_default)
    }

    /// Keeps a key that an entry introduces.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_introduced(&self, space: i64, row: &IntroducedRow) -> Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO introduced (space, key, seat, entry, public, depth) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                space.into(),
                (&row.key).into(),
                (&row.seat).into(),
                (&row.entry).into(),
                row.public.as_slice().into(),
                row.depth.into(),
            ],
        )
        .map(drop)
    }

    /// The keys that entries of a space introduce.
    ///
    /// # Errors
    /// The database refuses.
    pub fn introduced(&self, space: i64) -> Result<Vec<IntroducedRow>> {
        let sql = "SELECT key, seat, entry, public, depth FROM introduced WHERE space = ?1 ORDER BY key, depth, entry";
        self.query(sql, &[space.into()], |row| {
            Ok(IntroducedRow {
                key: KeyId(row.some_id(0)?),
                seat: PartyId(row.some_id(1)?),
                entry: EntryId(row.some_id(2)?),
                public: row.blob(3)?,
                depth: row.uint(4)?,
            })
        })
    }

    /// A value of this node's own, by name.
    ///
    /// # Errors
    /// The database refuses.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.first("SELECT value FROM meta WHERE key = ?1", &[key.into()], |row| row.blob(0))
    }

    /// Sets such a value.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_meta(&self, key: &str, value: &[u8]) -> Result<()> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.execute(sql, &[key.into(), value.into()]).map(drop)
    }
}

//! The rows behind lists: who owes what to whom by when. They follow from objects and can be dropped.

use std::collections::BTreeSet;

use oplog::{ObjectId, PartyId};

use crate::{Result, Row, Store};

/// The most objects whose ids begin alike that are looked at to find the one that is meant.
pub const ALIKE_MAX: i64 = 256;

/// A commitment, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentRow {
    /// The commitment.
    pub object: ObjectId,
    /// The local number of its space.
    pub space: i64,
    /// Who owes.
    pub debtor: PartyId,
    /// The number of its phase.
    pub phase: i64,
    /// The due day, in days since 1970.
    pub due: i64,
    /// Its title in its first language.
    pub title: String,
}

/// All that lists hold of one commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its row.
    pub row: CommitmentRow,
    /// Whose lists it is in, and why.
    pub voices: BTreeSet<(PartyId, Voice)>,
}

/// Why a commitment is in a party's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// The party owes it.
    Owes,
    /// It is owed to the party.
    Owed,
    /// It waits for the party's next act.
    Waited,
}

impl Voice {
    fn code(self) -> i64 {
        match self {
            Self::Owes => 1,
            Self::Owed => 2,
            Self::Waited => 3,
        }
    }
}

fn commitment_row(row: &Row<'_>) -> Result<CommitmentRow> {
    Ok(CommitmentRow {
        object: ObjectId(row.some_id(0)?),
        space: row.int(1)?,
        debtor: PartyId(row.some_id(2)?),
        phase: row.int(3)?,
        due: row.int(4)?,
        title: row.text(5)?.unwrap_or_default(),
    })
}

impl Store {
    /// Keeps a commitment's row and its voices. `before` is what the last call kept, when that is known: then only what
    /// differs is written.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_commitment(&self, now: &Listed, before: Option<&Listed>) -> Result<()> {
        let (row, due) = (&now.row, now.row.due);
        if before != Some(now) {
            self.set_row(row)?;
        }
        let before = match before {
            Some(before) if before.row.due == due => &before.voices,
            Some(_) | None => {
                self.execute("DELETE FROM voice WHERE object = ?1", &[(&row.object).into()])?;
                &BTreeSet::new()
            }
        };
        for (party, voice) in before.difference(&now.voices) {
            self.execute(
                "DELETE FROM voice WHERE object = ?1 AND party = ?2 AND box = ?3",
                &[(&row.object).into(), party.into(), voice.code().into()],
            )?;
        }
        for (party, voice) in now.voices.difference(before) {
            self.execute(
                "INSERT INTO voice (party, box, due, object) VALUES (?1, ?2, ?3, ?4)",
                &[party.into(), voice.code().into(), due.into(), (&row.object).into()],
            )?;
        }
        Ok(())
    }

    fn set_row(&self, row: &CommitmentRow) -> Result<()> {
        self.execute(
            "INSERT INTO commitment (object, space, debtor, phase, due, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (object) DO UPDATE SET debtor = excluded.debtor, phase = excluded.phase, due = excluded.due,
             title = excluded.title",
            &[
                (&row.object).into(),
                row.space.into(),
                (&row.debtor).into(),
                row.phase.into(),
                row.due.into(),
                row.title.as_str().into(),
            ],
        )
        .map(drop)
    }

    /// Drops a commitment's row.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_commitment(&self, space: i64, object: ObjectId) -> Result<()> {
        let params = [(&object).into(), space.into()];
        let listed = "DELETE FROM commitment WHERE object = ?1 AND space = ?2";
        if self.execute(listed, &params)? > 0 {
            self.execute("DELETE FROM voice WHERE object = ?1", &params[..1])?;
        }
        Ok(())
    }

    /// At most `limit` commitments of a space, by due day, from `offset` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn commitments(&self, space: i64, offset: usize, limit: usize) -> Result<Vec<CommitmentRow>> {
        let sql = "SELECT object, space, debtor, phase, due, title FROM commitment WHERE space = ?1
                   ORDER BY due, object LIMIT ?3 OFFSET ?2";
        self.query(sql, &[space.into(), (offset as u64).into(), (limit as u64).into()], commitment_row)
    }

    /// At most `limit` commitments in one of a party's lists, by due day.
    ///
    /// # Errors
    /// The database refuses.
    pub fn commitments_voiced(
        &self,
        party: PartyId,
        voice: Voice,
        limit: usize,
    ) -> Result<Vec<CommitmentRow>> {
        let sql = "SELECT commitment.object, space, debtor, phase, commitment.due, title FROM voice
                   JOIN commitment ON commitment.object = voice.object
                   WHERE party = ?1 AND box = ?2 ORDER BY voice.due, voice.object LIMIT ?3";
        self.query(sql, &[(&party).into(), voice.code().into(), (limit as u64).into()], commitment_row)
    }

    /// The objects whose id begins with `prefix`, at most [`ALIKE_MAX`].
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_like(&self, prefix: &[u8]) -> Result<Vec<ObjectId>> {
        let mut end = prefix.to_vec();
        end.resize(32, 0xff);
        let sql = "SELECT id FROM object WHERE id >= ?1 AND id <= ?2 ORDER BY id LIMIT ?3";
        let params = [prefix.into(), end.as_slice().into(), ALIKE_MAX.into()];
        self.query(sql, &params, |row| row.some_id(0).map(ObjectId))
    }
}

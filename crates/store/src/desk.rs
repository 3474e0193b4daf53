//! The private desk: files not signed yet, assignees, notes and drafts. Its tables are its own, and nothing of it is
//! read by what leaves the node.

use oplog::{ObjectId, SpaceId};

use crate::value::{Param, Row};
use crate::{Result, Store};

/// A file that somebody chose and has not signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// What it is called until then.
    pub id: [u8; 32],
    /// Who chose it.
    pub person: [u8; 32],
    /// Its name.
    pub name: String,
    /// Its media type, as the browser claimed it.
    pub media: String,
    /// When it came, in milliseconds since 1970.
    pub at_ms: u64,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A note among ourselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateNoteRow {
    /// Its number.
    pub no: i64,
    /// What it is about.
    pub object: ObjectId,
    /// Who wrote it.
    pub person: [u8; 32],
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The words.
    pub text: String,
}

/// Terms that somebody typed and has not signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// What it is called.
    pub id: [u8; 32],
    /// Who kept it last.
    pub person: [u8; 32],
    /// The space.
    pub space: SpaceId,
    /// The commitment that it would change, if any.
    pub object: Option<ObjectId>,
    /// Which form it is.
    pub kind: String,
    /// The form, as it was sent.
    pub fields: String,
    /// When it was kept, in milliseconds since 1970.
    pub at_ms: u64,
}

const DRAFT: &str = "SELECT id, person, space, object, kind, fields, at_ms FROM desk_draft WHERE id = ?1";
const DRAFTS: &str = "SELECT id, person, space, object, kind, fields, at_ms FROM desk_draft
                      ORDER BY at_ms DESC, id LIMIT ?1";

fn draft(row: &Row<'_>) -> Result<DraftRow> {
    Ok(DraftRow {
        id: row.some_id(0)?,
        person: row.some_id(1)?,
        space: SpaceId(row.some_id(2)?),
        object: row.id(3)?.map(ObjectId),
        kind: row.text(4)?.unwrap_or_default(),
        fields: row.text(5)?.unwrap_or_default(),
        at_ms: row.uint(6)?,
    })
}

impl Store {
    /// Keeps a file until it is signed.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_upload(&self, row: &UploadRow) -> Result<()> {
        let sql =
            "INSERT INTO desk_upload (id, person, name, media, at_ms, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let params: [Param<'_>; 6] = [
            row.id.as_slice().into(),
            row.person.as_slice().into(),
            row.name.as_str().into(),
            row.media.as_str().into(),
            row.at_ms.into(),
            row.bytes.as_slice().into(),
        ];
        self.execute(sql, &params).map(drop)
    }

    /// A file that is not signed yet.
    ///
    /// # Errors
    /// The database refuses.
    pub fn upload(&self, id: &[u8; 32]) -> Result<Option<UploadRow>> {
        let sql = "SELECT id, person, name, media, at_ms, bytes FROM desk_upload WHERE id = ?1";
        self.first(sql, &[id.as_slice().into()], |row| {
            Ok(UploadRow {
                id: row.some_id(0)?,
                person: row.some_id(1)?,
                name: row.text(2)?.unwrap_or_default(),
                media: row.text(3)?.unwrap_or_default(),
                at_ms: row.uint(4)?,
                bytes: row.blob(5)?,
            })
        })
    }

    /// Forgets a file that was not signed, or was.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_upload(&self, id: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM desk_upload WHERE id = ?1", &[id.as_slice().into()]).map(drop)
    }

    /// Forgets the files that came before a time, and of each person all but the newest `most`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_uploads(&self, person: &[u8; 32], before_ms: u64, most: usize) -> Result<()> {
        self.execute("DELETE FROM desk_upload WHERE at_ms < ?1", &[before_ms.into()])?;
        let sql = "DELETE FROM desk_upload WHERE id IN (
                       SELECT id FROM desk_upload WHERE person = ?1 ORDER BY at_ms DESC, id LIMIT -1 OFFSET ?2)";
        self.execute(sql, &[person.as_slice().into(), (most as u64).into()]).map(drop)
    }

    /// Names who looks after an object, or nobody.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_assignee(&self, object: ObjectId, person: Option<&[u8; 32]>, at_ms: u64) -> Result<()> {
        let Some(person) = person else {
            return self
                .execute("DELETE FROM desk_assignee WHERE object = ?1", &[(&object).into()])
                .map(drop);
        };
        let sql = "INSERT INTO desk_assignee (object, person, at_ms) VALUES (?1, ?2, ?3)
                   ON CONFLICT (object) DO UPDATE SET person = excluded.person, at_ms = excluded.at_ms";
        self.execute(sql, &[(&object).into(), person.as_slice().into(), at_ms.into()]).map(drop)
    }

    /// Who looks after an object, and since when.
    ///
    /// # Errors
    /// The database refuses.
    pub fn assignee(&self, object: ObjectId) -> Result<Option<([u8; 32], u64)>> {
        let sql = "SELECT person, at_ms FROM desk_assignee WHERE object = ?1";
        self.first(sql, &[(&object).into()], |row| Ok((row.some_id(0)?, row.uint(1)?)))
    }

    /// At most `limit` objects that a person looks after, the one given last first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn assigned_to(&self, person: &[u8; 32], limit: usize) -> Result<Vec<ObjectId>> {
        let sql = "SELECT object FROM desk_assignee WHERE person = ?1 ORDER BY at_ms DESC, object LIMIT ?2";
        let params = [person.as_slice().into(), (limit as u64).into()];
        self.query(sql, &params, |row| row.some_id(0).map(ObjectId))
    }

    /// Keeps a note among ourselves.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_private_note(
        &self,
        object: ObjectId,
        person: &[u8; 32],
        at_ms: u64,
        text: &str,
    ) -> Result<()> {
        let sql = "INSERT INTO desk_note (object, person, at_ms, text) VALUES (?1, ?2, ?3, ?4)";
        let params = [(&object).into(), person.as_slice().into(), at_ms.into(), text.into()];
        self.execute(sql, &params).map(drop)
    }

    /// At most `limit` notes among ourselves about an object, the newest first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn private_notes(&self, object: ObjectId, limit: usize) -> Result<Vec<PrivateNoteRow>> {
        let sql = "SELECT no, object, person, at_ms, text FROM desk_note WHERE object = ?1
                   ORDER BY no DESC LIMIT ?2";
        self.query(sql, &[(&object).into(), (limit as u64).into()], |row| {
            Ok(PrivateNoteRow {
                no: row.int(0)?,
                object: ObjectId(row.some_id(1)?),
                person: row.some_id(2)?,
                at_ms: row.uint(3)?,
                text: row.text(4)?.unwrap_or_default(),
            })
        })
    }

    /// Forgets a note among ourselves about an object.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_private_note(&self, object: ObjectId, no: i64) -> Result<()> {
        let sql = "DELETE FROM desk_note WHERE object = ?1 AND no = ?2";
        self.execute(sql, &[(&object).into(), no.into()]).map(drop)
    }

    /// Keeps a draft, in place of what was kept of the same id.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_draft(&self, row: &DraftRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO desk_draft (id, person, space, object, kind, fields, at_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let params: [Param<'_>; 7] = [
            row.id.as_slice().into(),
            row.person.as_slice().into(),
            (&row.space).into(),
            row.object.as_ref().into(),
            row.kind.as_str().into(),
            row.fields.as_str().into(),
            row.at_ms.into(),
        ];
        self.execute(sql, &params).map(drop)
    }

    /// A draft.
    ///
    /// # Errors
    /// The database refuses.
    pub fn draft(&self, id: &[u8; 32]) -> Result<Option<DraftRow>> {
        self.first(DRAFT, &[id.as_slice().into()], draft)
    }

    /// At most `limit` drafts, the one kept last first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drafts(&self, limit: usize) -> Result<Vec<DraftRow>> {
        self.query(DRAFTS, &[(limit as u64).into()], draft)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_draft(&self, id: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM desk_draft WHERE id = ?1", &[id.as_slice().into()]).map(drop)
    }
}

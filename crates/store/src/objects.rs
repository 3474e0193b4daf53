//! The objects that entries are about, by number, and their records: what the fold of their entries gives, kept so that
//! it need not be folded again.

use oplog::{EntryId, ObjectId};

use crate::concerns::Place;
use crate::entries::ERA_BITS;
use crate::lists::{ALIKE_MAX, Listing};
use crate::packed::{pack, unpack};
use crate::value::{Param, short, spread};
use crate::{Result, Store, StoreError};

/// The local number of an object in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectNo(pub i64);

impl From<ObjectNo> for Param<'_> {
    fn from(no: ObjectNo) -> Self {
        Self::Int(no.0)
    }
}

/// A record to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow<'a> {
    /// The object.
    pub id: ObjectId,
    /// The number of the last entry that was folded.
    pub last: i64,
    /// The encoded record.
    pub state: &'a [u8],
}

/// A record as it is read, with what was kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The encoded record.
    pub state: Vec<u8>,
    /// Number, depth and id of the last entry that was folded.
    pub last: (i64, u64, EntryId),
    /// Its title, if lists show it.
    pub title: Option<String>,
    /// How it concerns our own party, and where in the order of such concerns it stands.
    pub place: Option<(Place, i64)>,
    /// The number of its field; 0 when it has none.
    pub field: i64,
}

/// A record's encoded state, from what is kept.
fn state(object: ObjectId, kept: &[u8]) -> Result<Vec<u8>> {
    unpack(object, kept).ok_or(StoreError::Damaged("a record"))
}

impl Store {
    /// The number of an object that entries of a space are about.
    ///
    /// # Errors
    /// The database refuses.
    pub fn object_no(&self, space: i64, id: ObjectId) -> Result<Option<ObjectNo>> {
        let sql = "SELECT object.no, object.space FROM entry JOIN object ON object.no = entry.object
                   WHERE n >> 13 = ?1 AND short = ?2 AND entry.id = ?3 AND object.id = entry.id";
        let founded = self.by_id(EntryId(id.0), sql, |row| Ok((ObjectNo(row.int(0)?), row.int(1)?)))?;
        match founded {
            Some((no, in_space)) if in_space == space => Ok(Some(no)),
            _ => self.awaited(space, id),
        }
    }

    /// The number of an object that entries of a space are about and whose founding entry was not here.
    fn awaited(&self, space: i64, id: ObjectId) -> Result<Option<ObjectNo>> {
        let any = match self.awaits.get() {
            Some(known) => known,
            None => self.first("SELECT 1 FROM awaited", &[], |_| Ok(()))?.is_some(),
        };
        self.awaits.set(Some(any));
        if !any {
            return Ok(None);
        }
        let sql = "SELECT no FROM awaited JOIN object ON object.no = awaited.object
                   WHERE spread = ?1 AND id = ?2 AND +space = ?3";
        let params = [spread(&id.0).into(), (&id).into(), space.into()];
        self.first(sql, &params, |row| row.int(0).map(ObjectNo))
    }

    /// Numbers an object whose founding entry comes now, and gives whether it was awaited: it keeps the number that it
    /// has then.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_founded(&self, space: i64, id: ObjectId) -> Result<(ObjectNo, bool)> {
        match self.awaited(space, id)? {
            Some(no) => {
                self.execute("DELETE FROM awaited WHERE object = ?1", &[no.into()])?;
                Ok((no, true))
            }
            None => Ok((self.add_object(space, id)?, false)),
        }
    }

    /// Numbers an object that has no number in its space and whose founding entry is not here.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_awaited(&self, space: i64, id: ObjectId) -> Result<ObjectNo> {
        let no = self.add_object(space, id)?;
        let sql = "INSERT INTO awaited (object, spread) VALUES (?1, ?2)";
        self.insert(sql, &[no.into(), spread(&id.0).into()])?;
        self.awaits.set(Some(true));
        Ok(no)
    }

    fn add_object(&self, space: i64, id: ObjectId) -> Result<ObjectNo> {
        let sql = "INSERT INTO object (id, space) VALUES (?1, ?2)";
        self.insert(sql, &[(&id).into(), space.into()]).map(ObjectNo)
    }

    /// The number of the space and the id of an object.
    ///
    /// # Errors
    /// The database refuses.
    pub fn object_numbered(&self, no: ObjectNo) -> Result<Option<(i64, ObjectId)>> {
        let sql = "SELECT space, id FROM object WHERE no = ?1";
        self.first(sql, &[no.into()], |row| Ok((row.int(0)?, ObjectId(row.some_id(1)?))))
    }

    /// The number of the space in which an object has a record.
    ///
    /// # Errors
    /// The database refuses.
    pub fn space_of(&self, id: ObjectId) -> Result<Option<i64>> {
        let sql = "SELECT record.space FROM entry JOIN object ON object.no = entry.object
                   JOIN record ON record.object = object.no
                   WHERE n >> 13 = ?1 AND short = ?2 AND entry.id = ?3 AND object.id = entry.id";
        self.by_id(EntryId(id.0), sql, |row| row.int(0))
    }

    /// The record of the object `id` with the number `object`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn record(&self, object: ObjectNo, id: ObjectId) -> Result<Option<Recorded>> {
        let sql =
            "SELECT state, n, entry.depth, entry.id, title, coalesce(place, -1), coalesce(at, 0), coalesce(field, 0)
             FROM record JOIN entry ON entry.n = record.last
                   WHERE record.object = ?1";
        self.first(sql, &[object.into()], |row| {
            let last = (row.int(1)?, row.uint(2)?, EntryId(row.some_id(3)?));
            let place = match row.int(5)? {
                -1 => None,
                code => Some((Place::of_code(code)?, row.int(6)?)),
            };
            Ok(Recorded {
                state: state(id, &row.blob(0)?)?,
                last,
                title: row.text(4)?,
                place,
                field: row.int(7)?,
            })
        })
    }

    /// Keeps an object's record with what lists show of it. `before` is what they showed, if they showed it: the index
    /// over due days is left alone when the day is the same.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_record(
        &self,
        space: i64,
        object: ObjectNo,
        row: &RecordRow<'_>,
        now: Option<&Listing>,
        before: Option<&Listing>,
    ) -> Result<()> {
        let title = now.map(Listing::title);
        let (paper, old_paper) = (now.and_then(Listing::paper), before.and_then(Listing::paper));
        self.set_paper(object, paper, old_paper)?;
        let (now, before) = (now.and_then(Listing::commitment), before.and_then(Listing::commitment));
        self.set_voices(object, now, before)?;
        self.set_concern(object, now, before)?;
        let place = now.and_then(|listed| listed.place);
        let shown = now.map(|listed| &listed.row);
        let debtor = shown.map(|shown| self.party_no(shown.debtor)).transpose()?;
        let due = shown.map(|shown| shown.due);
        let kept = pack(row.id, row.state);
        let params: [Param<'_>; 11] = [
            object.into(),
            space.into(),
            debtor.into(),
            shown.map(|shown| shown.phase).into(),
            due.into(),
            title.into(),
            row.last.into(),
            kept.as_slice().into(),
            place.map(|(place, _)| place as i64).into(),
            place.map(|(_, at)| at).into(),
            now.map(|listed| listed.field).into(),
        ];
        let same_day = before.is_some_and(|before| Some(before.row.due) == due);
        let sql = if same_day {
            "UPDATE record SET debtor = ?3, phase = ?4, title = ?6, last = ?7, state = ?8, place = ?9, at = ?10, field = ?11
             WHERE object = ?1 AND space = ?2 AND due = ?5"
        } else {
            "INSERT OR REPLACE INTO record (object, space, debtor, phase, due, title, last, state, place, at, field)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        };
        match self.execute(sql, &params)? {
            1 => Ok(()),
            _ => Err(StoreError::Damaged("a record that lists show")),
        }
    }

    /// Keeps that an object stands beside an entry: a comment or a file about it.
    ///
    /// # Errors
    /// The database refuses, or the entry is not here.
    pub fn set_beside(&self, object: ObjectNo, about: EntryId) -> Result<()> {
        let find = "SELECT n FROM entry WHERE n >> 13 = ?1 AND short = ?2 AND id = ?3";
        let about = self.by_id(about, find, |row| row.int(0))?;
        let about = about.ok_or(StoreError::Damaged("what a note is about"))?;
        let sql = "INSERT OR REPLACE INTO beside (object, about) VALUES (?1, ?2)";
        self.execute(sql, &[object.into(), about.into()]).map(drop)
    }

    /// Drops an object's record, and it from the lists. `before` is what they showed.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_record(&self, object: ObjectNo, before: Option<&Listing>) -> Result<()> {
        self.set_paper(object, None, before.and_then(Listing::paper))?;
        self.set_voices(object, None, before.and_then(Listing::commitment))?;
        self.set_concern(object, None, before.and_then(Listing::commitment))?;
        self.execute("DELETE FROM beside WHERE object = ?1", &[object.into()])?;
        self.forget_words(object)?;
        self.forget_registered(object)?;
        self.execute("DELETE FROM declared WHERE object = ?1", &[object.into()])?;
        self.execute("DELETE FROM record WHERE object = ?1", &[object.into()]).map(drop)
    }

    /// Drops everything that follows from a space's entries, to be rebuilt.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_derived(&self, space: i64) -> Result<()> {
        self.drop_concerns(space)?;
        let voices = "DELETE FROM voice WHERE object IN (SELECT no FROM object WHERE space = ?1)";
        self.execute(voices, &[space.into()])?;
        for sql in [
            "DELETE FROM paper WHERE space = ?1",
            "DELETE FROM under WHERE object IN (SELECT no FROM object WHERE space = ?1)",
            "DELETE FROM beside WHERE object IN (SELECT no FROM object WHERE space = ?1)",
            "DELETE FROM register WHERE object IN (SELECT no FROM object WHERE space = ?1)",
            "DELETE FROM words WHERE rowid IN (SELECT no FROM object WHERE space = ?1)",
            "DELETE FROM unread WHERE object IN (SELECT no FROM object WHERE space = ?1)",
            "DELETE FROM declared WHERE space = ?1",
        ] {
            self.execute(sql, &[space.into()])?;
        }
        let records = "DELETE FROM record WHERE object IN (SELECT no FROM object WHERE space = ?1)";
        self.execute(records, &[space.into()]).map(drop)
    }

    /// Gives each record of a space to `each`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn records(&self, space: i64, mut each: impl FnMut(ObjectId, &[u8])) -> Result<()> {
        let sql =
            "SELECT id, state FROM object JOIN record ON record.object = object.no WHERE object.space = ?1";
        self.for_each(sql, &[space.into()], |row| {
            let object = ObjectId(row.some_id(0)?);
            each(object, &state(object, &row.blob(1)?)?);
            Ok(())
        })
    }

    /// The objects into which any entry of a space is folded.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_named(&self, space: i64) -> Result<Vec<ObjectId>> {
        self.query("SELECT id FROM object WHERE space = ?1", &[space.into()], |row| {
            row.some_id(0).map(ObjectId)
        })
    }

    /// The objects with a record whose id begins with `prefix`, at most [`ALIKE_MAX`], by id.
    ///
    /// # Errors
    /// The database refuses.
    pub fn objects_like(&self, prefix: &[u8]) -> Result<Vec<ObjectId>> {
        if prefix.len() > 32 {
            return Ok(Vec::new());
        }
        let filled = |with| std::array::from_fn::<u8, 32, _>(|at| prefix.get(at).copied().unwrap_or(with));
        let (from, to) = (filled(0), filled(0xff));
        let sql =
            "SELECT entry.id FROM entry JOIN object ON object.no = entry.object AND object.id = entry.id
                   JOIN record ON record.object = object.no
                   WHERE n >> 13 = ?1 AND short BETWEEN ?2 AND ?3 AND entry.id BETWEEN ?4 AND ?5
                   LIMIT ?6";
        let (mut found, limit) = (Vec::new(), ALIKE_MAX as u64);
        for era in 0..=self.last_n()? >> ERA_BITS {
            let ends = [from.as_slice().into(), to.as_slice().into()];
            let params = [era.into(), short(&from).into(), short(&to).into(), ends[0], ends[1], limit.into()];
            found.extend(self.query(sql, &params, |row| row.some_id(0).map(ObjectId))?);
        }
        found.sort();
        found.truncate(ALIKE_MAX);
        Ok(found)
    }
}

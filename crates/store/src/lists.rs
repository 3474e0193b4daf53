//! The rows behind lists: who owes what to whom by when. They follow from objects and can be dropped.

use std::collections::{BTreeMap, BTreeSet};

use oplog::{ObjectId, PartyId};

use crate::concerns::Place;
use crate::objects::ObjectNo;
use crate::papers::ListedPaper;
use crate::{Result, Row, Store};

/// The most objects whose ids begin alike that are looked at to find the one that is meant.
pub const ALIKE_MAX: usize = 256;
/// The most parties whose numbers are kept in memory.
pub const PARTIES_KNOWN_MAX: usize = 4_096;

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
    /// How it concerns our own party, and where in the order of such concerns it stands.
    pub place: Option<(Place, i64)>,
    /// To whom it is owed.
    pub creditors: Vec<PartyId>,
    /// The number of its field; 0 when it has none.
    pub field: i64,
    /// The agreement of which it carries out a clause.
    pub under: Option<ObjectId>,
}

impl Listed {
    /// What lists hold of a commitment that does not concern our party and is of no field.
    #[must_use]
    pub fn new(row: CommitmentRow, voices: BTreeSet<(PartyId, Voice)>) -> Self {
        Self { row, voices, place: None, creditors: Vec::new(), field: 0, under: None }
    }
}

/// All that lists hold of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// A commitment.
    Commitment(Listed),
    /// An agreement or a meeting.
    Paper(ListedPaper),
}

impl Listing {
    /// Its title in its first language.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Commitment(listed) => &listed.row.title,
            Self::Paper(listed) => &listed.row.title,
        }
    }

    /// What it is, if it is a commitment.
    #[must_use]
    pub fn commitment(&self) -> Option<&Listed> {
        match self {
            Self::Commitment(listed) => Some(listed),
            Self::Paper(_) => None,
        }
    }

    pub(crate) fn paper(&self) -> Option<&ListedPaper> {
        match self {
            Self::Commitment(_) => None,
            Self::Paper(listed) => Some(listed),
        }
    }
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
    /// The list among those of a party.
    fn bit(self) -> i64 {
        match self {
            Self::Owes => 1,
            Self::Owed => 2,
            Self::Waited => 4,
        }
    }
}

/// In which lists of each party an object is, as bits, and the day by which they go.
pub(crate) type Boxes = BTreeMap<PartyId, (i64, i64)>;

fn boxes(listed: Option<&Listed>) -> Boxes {
    let mut boxes = Boxes::new();
    for (listed, (party, voice)) in
        listed.iter().flat_map(|listed| listed.voices.iter().map(move |at| (listed, at)))
    {
        boxes.entry(*party).or_insert((0, listed.row.due)).0 |= voice.bit();
    }
    boxes
}

pub(crate) fn commitment_row(row: &Row<'_>) -> Result<CommitmentRow> {
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
    /// Brings the lists in which an object is from what they held to what they should hold.
    pub(crate) fn set_voices(
        &self,
        object: ObjectNo,
        now: Option<&Listed>,
        before: Option<&Listed>,
    ) -> Result<()> {
        self.set_under(object, now.and_then(|listed| listed.under), before.and_then(|listed| listed.under))?;
        self.set_boxes(object, &boxes(now), &boxes(before))
    }

    /// As [`Store::set_voices`], by the lists of each party.
    pub(crate) fn set_boxes(&self, object: ObjectNo, new: &Boxes, old: &Boxes) -> Result<()> {
        for party in old.keys().filter(|party| !new.contains_key(party)) {
            let sql = "DELETE FROM voice WHERE party = ?1 AND object = ?2";
            self.execute(sql, &[self.party_no(*party)?.into(), object.into()])?;
        }
        for (party, at) in new.iter().filter(|(party, at)| old.get(party) != Some(at)) {
            let sql = if old.contains_key(party) {
                "UPDATE voice SET boxes = ?3, due = ?4 WHERE party = ?1 AND object = ?2"
            } else {
                "INSERT INTO voice (party, object, boxes, due) VALUES (?1, ?2, ?3, ?4)"
            };
            self.execute(sql, &[self.party_no(*party)?.into(), object.into(), at.0.into(), at.1.into()])?;
        }
        Ok(())
    }

    /// The number of a party, a new one if it has none.
    pub(crate) fn party_no(&self, party: PartyId) -> Result<i64> {
        if let Some(no) = self.parties.borrow().get(&party) {
            return Ok(*no);
        }
        let known = self.first("SELECT no FROM party WHERE id = ?1", &[(&party).into()], |row| row.int(0))?;
        let no = match known {
            Some(no) => no,
            None => self.insert("INSERT INTO party (id) VALUES (?1)", &[(&party).into()])?,
        };
        let mut parties = self.parties.borrow_mut();
        if parties.len() >= PARTIES_KNOWN_MAX {
            parties.clear();
        }
        parties.insert(party, no);
        Ok(no)
    }

    /// At most `limit` commitments of a space, by due day, from `offset` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn commitments(&self, space: i64, offset: usize, limit: usize) -> Result<Vec<CommitmentRow>> {
        let sql = "SELECT object.id, record.space, party.id, phase, due, title FROM record
                   JOIN object ON object.no = record.object JOIN party ON party.no = debtor
                   WHERE record.space = ?1 AND due IS NOT NULL ORDER BY due, object.id LIMIT ?3 OFFSET ?2";
        self.query(sql, &[space.into(), (offset as u64).into(), (limit as u64).into()], commitment_row)
    }

    /// At most `limit` commitments of a space by due day and then by number, from behind `after` (day and number) on, each
    /// with where it stands in that order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn commitments_after(
        &self,
        space: i64,
        after: (i64, i64),
        limit: usize,
    ) -> Result<Vec<((i64, i64), CommitmentRow)>> {
        let sql = "SELECT object.id, record.space, party.id, phase, due, title, record.object FROM record
                   JOIN object ON object.no = record.object JOIN party ON party.no = debtor
                   WHERE record.space = ?1 AND due IS NOT NULL AND (due, record.object) > (?2, ?3)
                   ORDER BY due, record.object LIMIT ?4";
        let params = [space.into(), after.0.into(), after.1.into(), (limit as u64).into()];
        self.query(sql, &params, |row| Ok(((row.int(4)?, row.int(6)?), commitment_row(row)?)))
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
        let sql = "SELECT first.id, record.space, debtor.id, phase, record.due, title FROM (
                       SELECT voice.object, voice.due, object.id FROM voice
                       JOIN object ON object.no = voice.object
                       WHERE party = (SELECT no FROM party WHERE id = ?1) AND boxes & ?2
                       ORDER BY voice.due, object.id LIMIT ?3) AS first
                   JOIN record ON record.object = first.object JOIN party AS debtor ON debtor.no = record.debtor
                   ORDER BY first.due, first.id";
        self.query(sql, &[(&party).into(), voice.bit().into(), (limit as u64).into()], commitment_row)
    }
}

//! The rows behind lists of agreements and meetings, and of the commitments under an agreement. They follow from objects
//! and can be dropped.

use std::collections::BTreeSet;

use oplog::{ObjectId, PartyId};

use crate::lists::{CommitmentRow, commitment_row};
use crate::objects::ObjectNo;
use crate::value::spread;
use crate::{Result, Row, Store};

/// The list in which papers are: the party's answer is awaited.
const ANSWER_BIT: i64 = 8;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// An agreement.
    Agreement,
    /// A meeting.
    Meeting,
}

impl Sort {
    fn code(self) -> i64 {
        match self {
            Self::Agreement => 1,
            Self::Meeting => 2,
        }
    }

    fn of_code(code: i64) -> Self {
        if code == Self::Meeting.code() { Self::Meeting } else { Self::Agreement }
    }
}

/// An agreement or a meeting, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The object.
    pub object: ObjectId,
    /// The local number of its space.
    pub space: i64,
    /// What it is.
    pub sort: Sort,
    /// The number of its phase among those of its sort.
    pub phase: i64,
    /// The day by which the list goes, in days since 1970.
    pub day: i64,
    /// Its title in its first language.
    pub title: String,
}

/// A paper with the parties whose answer it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPaper {
    /// Its row.
    pub row: Paper,
    /// Whose answer it waits for.
    pub awaited: BTreeSet<PartyId>,
}

fn paper(row: &Row<'_>) -> Result<Paper> {
    Ok(Paper {
        object: ObjectId(row.some_id(0)?),
        space: row.int(1)?,
        sort: Sort::of_code(row.int(2)?),
        phase: row.int(3)?,
        day: row.int(4)?,
        title: row.text(5)?.unwrap_or_default(),
    })
}

impl Store {
    /// Brings the row of a paper and whose answer it waits for from what they were to what they should be.
    pub(crate) fn set_paper(
        &self,
        object: ObjectNo,
        now: Option<&ListedPaper>,
        before: Option<&ListedPaper>,
    ) -> Result<()> {
        if now == before {
            return Ok(());
        }
        let boxes = |listed: Option<&ListedPaper>| {
            let each =
                listed.iter().flat_map(|listed| listed.awaited.iter().map(|party| (listed.row.day, party)));
            each.map(|(day, party)| (*party, (ANSWER_BIT, day))).collect()
        };
        self.set_boxes(object, &boxes(now), &boxes(before))?;
        let Some(ListedPaper { row, .. }) = now else {
            return self.execute("DELETE FROM paper WHERE object = ?1", &[object.into()]).map(drop);
        };
        let sql =
            "INSERT OR REPLACE INTO paper (object, space, sort, phase, day) VALUES (?1, ?2, ?3, ?4, ?5)";
        let (sort, space) = (row.sort.code().into(), row.space.into());
        self.execute(sql, &[object.into(), space, sort, row.phase.into(), row.day.into()]).map(drop)
    }

    /// Lists a commitment under the agreement of which it carries out a clause.
    pub(crate) fn set_under(
        &self,
        object: ObjectNo,
        now: Option<ObjectId>,
        before: Option<ObjectId>,
    ) -> Result<()> {
        if now == before {
            return Ok(());
        }
        if let Some(agreement) = before {
            let sql = "DELETE FROM under WHERE spread = ?1 AND object = ?2";
            self.execute(sql, &[spread(&agreement.0).into(), object.into()])?;
        }
        let Some(agreement) = now else { return Ok(()) };
        let sql = "INSERT OR REPLACE INTO under (spread, object) VALUES (?1, ?2)";
        self.execute(sql, &[spread(&agreement.0).into(), object.into()]).map(drop)
    }

    /// At most `limit` papers of one sort in a space, the latest day first, from `offset` on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn papers(&self, space: i64, sort: Sort, offset: usize, limit: usize) -> Result<Vec<Paper>> {
        let sql = "SELECT object.id, paper.space, sort, paper.phase, day, title FROM paper
                   JOIN record ON record.object = paper.object JOIN object ON object.no = paper.object
                   WHERE paper.space = ?1 AND sort = ?2 ORDER BY day DESC, paper.object DESC LIMIT ?4 OFFSET ?3";
        let (offset, limit) = (offset as u64, limit as u64);
        self.query(sql, &[space.into(), sort.code().into(), offset.into(), limit.into()], paper)
    }

    /// At most `limit` papers that wait for a party's answer.
    ///
    /// # Errors
    /// The database refuses.
    pub fn papers_awaiting(&self, party: PartyId, limit: usize) -> Result<Vec<Paper>> {
        let sql = "SELECT object.id, paper.space, sort, paper.phase, day, title FROM voice
                   JOIN paper ON paper.object = voice.object
                   JOIN record ON record.object = voice.object JOIN object ON object.no = voice.object
                   WHERE voice.party = (SELECT no FROM party WHERE id = ?1) AND boxes & ?2
                   ORDER BY voice.due, voice.object LIMIT ?3";
        self.query(sql, &[(&party).into(), ANSWER_BIT.into(), (limit as u64).into()], paper)
    }

    /// At most `limit` commitments of a space that may carry out a clause of an agreement, by due day. What an index holds
    /// of an id is not the id, so whoever asks looks at their terms.
    ///
    /// # Errors
    /// The database refuses.
    pub fn commitments_under(
        &self,
        space: i64,
        agreement: ObjectId,
        limit: usize,
    ) -> Result<Vec<CommitmentRow>> {
        let sql = "SELECT object.id, record.space, party.id, phase, due, title FROM under
                   JOIN record ON record.object = under.object JOIN object ON object.no = under.object
                   JOIN party ON party.no = debtor
                   WHERE spread = ?1 AND record.space = ?2 ORDER BY due, object.id LIMIT ?3";
        let params = [spread(&agreement.0).into(), space.into(), (limit as u64).into()];
        self.query(sql, &params, commitment_row)
    }
}

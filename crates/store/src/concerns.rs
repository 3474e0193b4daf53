//! How commitments concern our own party, and how many there are of what: counted as records are kept, so that no page
//! counts them.

use std::collections::BTreeMap;

use oplog::PartyId;

use crate::lists::{CommitmentRow, Listed, commitment_row};
use crate::objects::ObjectNo;
use crate::{Result, Store, StoreError};

/// How something concerns our party now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// It waits for our answer.
    Answer,
    /// We owe it.
    Owe,
    /// It is owed to us.
    Owed,
    /// We will owe it once its condition holds.
    OweLater,
    /// It will be owed to us once its condition holds.
    OwedLater,
    /// It waits for an answer of others.
    Sent,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 6] =
        [Self::Answer, Self::Owe, Self::Owed, Self::OweLater, Self::OwedLater, Self::Sent];

    fn code(self) -> i64 {
        self as i64
    }

    pub(crate) fn of_code(code: i64) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|place| place.code() == code);
        found.ok_or(StoreError::Damaged("a place among concerns"))
    }
}

/// How many commitments are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TallyRow {
    /// The number of the space.
    pub space: i64,
    /// Who owes.
    pub debtor: PartyId,
    /// To whom; `None` where each commitment counts once, however many creditors it has.
    pub creditor: Option<PartyId>,
    /// The number of the field.
    pub field: i64,
    /// The number of the phase.
    pub phase: i64,
    /// How many.
    pub count: u64,
}

/// A place in the order of a list of concerns: the minute, and the object.
pub type At = (i64, i64);

/// Changes of counts that are not written yet.
#[derive(Default)]
pub(crate) struct Counted {
    tally: BTreeMap<[i64; 5], i64>,
    places: BTreeMap<i64, i64>,
}

impl Store {
    /// Brings concerns and counts from what they held of an object to what they should hold.
    pub(crate) fn set_concern(
        &self,
        object: ObjectNo,
        now: Option<&Listed>,
        before: Option<&Listed>,
    ) -> Result<()> {
        let (place, held) = (now.and_then(|now| now.place), before.and_then(|before| before.place));
        if place != held {
            if let Some((place, at)) = held {
                let sql = "DELETE FROM concern WHERE place = ?1 AND at = ?2 AND object = ?3";
                self.execute(sql, &[place.code().into(), at.into(), object.into()])?;
                *self.counted.borrow_mut().places.entry(place.code()).or_default() -= 1;
            }
            if let Some((place, at)) = place {
                let sql = "INSERT INTO concern (place, at, object) VALUES (?1, ?2, ?3)";
                self.execute(sql, &[place.code().into(), at.into(), object.into()])?;
                *self.counted.borrow_mut().places.entry(place.code()).or_default() += 1;
            }
        }
        let alike = |one: &Listed, other: &Listed| {
            (one.row.debtor, one.row.phase, one.field) == (other.row.debtor, other.row.phase, other.field)
                && one.creditors == other.creditors
        };
        if let (Some(now), Some(before)) = (now, before)
            && alike(now, before)
        {
            return Ok(());
        }
        for (listed, change) in [(before, -1), (now, 1)] {
            let Some(listed) = listed else { continue };
            let debtor = self.party_no(listed.row.debtor)?;
            let creditors: Result<Vec<_>> =
                listed.creditors.iter().map(|party| self.party_no(*party)).collect();
            let mut counted = self.counted.borrow_mut();
            for creditor in creditors?.into_iter().chain([0]) {
                let key = [listed.row.space, debtor, creditor, listed.field, listed.row.phase];
                *counted.tally.entry(key).or_default() += change;
            }
        }
        Ok(())
    }

    /// Writes the counts that have changed.
    pub(crate) fn write_counts(&self) -> Result<()> {
        let Counted { tally, places } = std::mem::take(&mut *self.counted.borrow_mut());
        let add =
            "INSERT INTO tally (space, debtor, creditor, field, phase, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT DO UPDATE SET count = count + excluded.count";
        for ([space, debtor, creditor, field, phase], change) in
            tally.into_iter().filter(|(_, change)| *change != 0)
        {
            let params = [space, debtor, creditor, field, phase, change].map(Into::into);
            self.execute(add, &params)?;
        }
        let add = "INSERT INTO concern_count (place, count) VALUES (?1, ?2)
                   ON CONFLICT DO UPDATE SET count = count + excluded.count";
        for (place, change) in places.into_iter().filter(|(_, change)| *change != 0) {
            self.execute(add, &[place.into(), change.into()])?;
        }
        Ok(())
    }

    /// Forgets the counts that have changed and were not written.
    pub(crate) fn forget_counts(&self) {
        *self.counted.borrow_mut() = Counted::default();
    }

    /// Drops concerns and counts of a space.
    pub(crate) fn drop_concerns(&self, space: i64) -> Result<()> {
        self.write_counts()?;
        self.execute("DELETE FROM tally WHERE space = ?1", &[space.into()])?;
        let sql = "DELETE FROM concern WHERE object IN (SELECT no FROM object WHERE space = ?1)";
        self.execute(sql, &[space.into()])?;
        self.execute("DELETE FROM concern_count", &[])?;
        let sql = "INSERT INTO concern_count SELECT place, count(*) FROM concern GROUP BY place";
        self.execute(sql, &[]).map(drop)
    }

    /// How many commitments concern our party in a way.
    ///
    /// # Errors
    /// The database refuses.
    pub fn concern_count(&self, place: Place) -> Result<u64> {
        self.write_counts()?;
        let sql = "SELECT count FROM concern_count WHERE place = ?1";
        Ok(self.first(sql, &[place.code().into()], |row| row.uint(0))?.unwrap_or(0))
    }

    /// How many of those stand at `until` or before it, of which at most `most` are counted.
    ///
    /// # Errors
    /// The database refuses.
    pub fn concerns_until(&self, place: Place, until: i64, most: usize) -> Result<u64> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM concern WHERE place = ?1 AND at <= ?2 LIMIT ?3)";
        let params = [place.code().into(), until.into(), (most as u64).into()];
        Ok(self.first(sql, &params, |row| row.uint(0))?.unwrap_or(0))
    }

    /// At most `limit` commitments that concern our party in a way, with their places in the order, from behind `after` on
    /// and none beyond the minute `until`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn concerns(
        &self,
        place: Place,
        after: At,
        until: i64,
        limit: usize,
    ) -> Result<Vec<(At, CommitmentRow)>> {
        let sql =
            "SELECT object.id, record.space, party.id, phase, due, title, concern.at, object.no FROM concern
                   JOIN record ON record.object = concern.object JOIN object ON object.no = concern.object
                   JOIN party ON party.no = debtor
                   WHERE concern.place = ?1 AND (concern.at, concern.object) > (?2, ?3) AND concern.at <= ?4
                   ORDER BY concern.at, concern.object LIMIT ?5";
        let params =
            [place.code().into(), after.0.into(), after.1.into(), until.into(), (limit as u64).into()];
        self.query(sql, &params, |row| Ok(((row.int(6)?, row.int(7)?), commitment_row(row)?)))
    }

    /// All counts.
    ///
    /// # Errors
    /// The database refuses.
    pub fn tally(&self) -> Result<Vec<TallyRow>> {
        self.write_counts()?;
        let sql = "SELECT space, debtor.id, creditor.id, field, phase, count FROM tally
                   JOIN party AS debtor ON debtor.no = debtor LEFT JOIN party AS creditor ON creditor.no = creditor
                   WHERE count > 0 ORDER BY space, debtor, creditor, field, phase";
        self.query(sql, &[], |row| {
            Ok(TallyRow {
                space: row.int(0)?,
                debtor: PartyId(row.some_id(1)?),
                creditor: row.id(2)?.map(PartyId),
                field: row.int(3)?,
                phase: row.int(4)?,
                count: row.uint(5)?,
            })
        })
    }

    /// When entry number `n` arrived.
    ///
    /// # Errors
    /// The database refuses.
    pub fn arrived_ms(&self, n: i64) -> Result<Option<u64>> {
        self.first("SELECT arrived_ms FROM entry WHERE n = ?1", &[n.into()], |row| row.uint(0))
    }
}

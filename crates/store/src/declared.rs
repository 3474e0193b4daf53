//! The rows behind the register of capabilities and needs. They follow from objects and can be dropped.

use oplog::{ObjectId, PartyId};

use crate::objects::ObjectNo;
use crate::value::Param;
use crate::{Result, Store};

/// A declaration, as a list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredRow {
    /// The declaration.
    pub object: ObjectId,
    /// The local number of its space.
    pub space: i64,
    /// Whose it is.
    pub party: PartyId,
    /// The number of its sort.
    pub sort: i64,
    /// Whether it is taken back.
    pub withdrawn: bool,
    /// The place of its field in the list of fields; negative when it has none.
    pub field: i64,
}

/// Which declarations are asked for. What is not said does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeclaredFilter {
    /// Of this party.
    pub party: Option<PartyId>,
    /// Of the sort with this number.
    pub sort: Option<i64>,
    /// In a field between these places, both included.
    pub fields: Option<(i64, i64)>,
    /// Taken back or not.
    pub withdrawn: Option<bool>,
}

impl Store {
    /// Keeps what lists show of a declaration.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_declared(&self, object: ObjectNo, row: &DeclaredRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO declared (object, space, party, sort, withdrawn, field)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let params: [Param<'_>; 6] = [
            object.into(),
            row.space.into(),
            self.party_no(row.party)?.into(),
            row.sort.into(),
            row.withdrawn.into(),
            row.field.into(),
        ];
        self.execute(sql, &params).map(drop)
    }

    /// At most `limit` declarations of a space from `offset` on: those that stand before those taken back, by field, and
    /// in the order in which they came.
    ///
    /// # Errors
    /// The database refuses.
    pub fn declared(
        &self,
        space: i64,
        filter: &DeclaredFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<DeclaredRow>> {
        let sql = "SELECT object.id, declared.space, party.id, sort, withdrawn, field FROM declared
                   JOIN object ON object.no = declared.object JOIN party ON party.no = declared.party
                   WHERE declared.space = ?1
                     AND (?2 IS NULL OR declared.party = (SELECT no FROM party WHERE id = ?2))
                     AND (?3 IS NULL OR sort = ?3) AND (?4 IS NULL OR field BETWEEN ?4 AND ?5)
                     AND (?6 IS NULL OR withdrawn = ?6)
                   ORDER BY withdrawn, field, declared.object LIMIT ?7 OFFSET ?8";
        let (from, to) = filter.fields.unzip();
        let params: [Param<'_>; 8] = [
            space.into(),
            filter.party.as_ref().into(),
            filter.sort.into(),
            from.into(),
            to.into(),
            filter.withdrawn.into(),
            (limit as u64).into(),
            (offset as u64).into(),
        ];
        self.query(sql, &params, |row| {
            Ok(DeclaredRow {
                object: ObjectId(row.some_id(0)?),
                space: row.int(1)?,
                party: PartyId(row.some_id(2)?),
                sort: row.int(3)?,
                withdrawn: row.flag(4)?,
                field: row.int(5)?,
            })
        })
    }
}

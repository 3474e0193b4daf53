//! What goes into the database and comes out of it.

use oplog::{ContentHash, EntryId, KeyId, ObjectId, PartyId, SpaceId};

use crate::error::StoreError;

/// A value that is bound into a statement.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// An integer.
    Int(i64),
    /// Bytes.
    Blob(&'a [u8]),
    /// A text.
    Text(&'a str),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<u64> for Param<'_> {
    /// Numbers over `i64::MAX` saturate: claimed times alone can be so large, and they are only shown.
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T> From<Option<T>> for Param<'a>
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

macro_rules! id_params {
    ($($id:ident),+) => {$(
        impl<'a> From<&'a $id> for Param<'a> {
            fn from(id: &'a $id) -> Self {
                Self::Blob(&id.0)
            }
        }
    )+};
}

id_params!(ContentHash, EntryId, KeyId, ObjectId, PartyId, SpaceId);

fn six_bytes(id: &[u8; 32]) -> i64 {
    id[..6].iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// What the index over entries holds of an entry's id: its first six bytes.
pub(crate) fn short(id: &[u8; 32]) -> i64 {
    six_bytes(id)
}

/// What an index holds of an id that a party may have made up.
pub(crate) fn spread(id: &[u8; 32]) -> i64 {
    six_bytes(&oplog::id::hash("peygir/spread/0", &[id]))
}

/// One row of an answer.
pub struct Row<'a>(pub(crate) &'a rusqlite::Row<'a>);

impl Row<'_> {
    fn get<T: rusqlite::types::FromSql>(&self, column: usize) -> Result<T, StoreError> {
        self.0.get(column).map_err(|_| StoreError::Damaged("a column holds another type"))
    }

    /// An integer.
    ///
    /// # Errors
    /// Another type.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.get(column)
    }

    /// An integer that cannot be negative.
    ///
    /// # Errors
    /// Another type, or negative.
    pub fn uint(&self, column: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| StoreError::Damaged("a negative number"))
    }

    /// A line number.
    ///
    /// # Errors
    /// Another type or out of range.
    pub fn line(&self, column: usize) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| StoreError::Damaged("a line number"))
    }

    /// Whether an integer is not 0.
    ///
    /// # Errors
    /// Another type.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// Bytes.
    ///
    /// # Errors
    /// Another type.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// A text, if there is one.
    ///
    /// # Errors
    /// Another type.
    pub fn text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// A 32-byte id, if there is one.
    ///
    /// # Errors
    /// Another type or length.
    pub fn id(&self, column: usize) -> Result<Option<[u8; 32]>, StoreError> {
        let bytes: Option<Vec<u8>> = self.get(column)?;
        bytes.map(|bytes| bytes.try_into().map_err(|_| StoreError::Damaged("an id's length"))).transpose()
    }

    /// A 32-byte id that must be there.
    ///
    /// # Errors
    /// None, or another type or length.
    pub fn some_id(&self, column: usize) -> Result<[u8; 32], StoreError> {
        self.id(column)?.ok_or(StoreError::Damaged("a missing id"))
    }
}

//! Keep it: entries, what follows from them, and what this node alone knows. The only crate with SQL.
//!
//! Every table module is written once over five primitives (begin, commit, roll back, execute, query) and a part of a long value, so that a
//! second database is one more arm of `Backend` and its dialect, held to the same contract test.

pub mod concerns;
pub mod contents;
pub mod declared;
pub mod desk;
pub mod entries;
pub mod error;
mod filter;
pub mod lists;
pub mod objects;
mod packed;
pub mod papers;
pub mod partials;
pub mod peers;
pub mod people;
pub mod register;
pub mod requests;
pub mod spaces;
mod sqlite;
pub mod value;
pub mod words;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use oplog::PartyId;

use filter::Known;

pub use error::StoreError;
pub use sqlite::Copy;
pub use value::{Param, Row};

/// The databases there are.
enum Backend {
    Sqlite(sqlite::Sqlite),
}

/// One node's database, held by its one writer.
pub struct Store {
    backend: Backend,
    /// The number of the last entry, while it is known.
    last_n: Cell<Option<i64>>,
    /// The entries that are here.
    held: Known,
    /// The contents that entries name.
    named: Known,
    /// Whether objects may be awaited, while it is known.
    awaits: Cell<Option<bool>>,
    /// The numbers of some parties, at most [`lists::PARTIES_KNOWN_MAX`].
    parties: RefCell<HashMap<PartyId, i64>>,
    /// Changes of counts within the transaction that is open.
    counted: RefCell<concerns::Counted>,
}

/// The result of asking the store.
pub type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    fn over(db: sqlite::Sqlite) -> Self {
        Self {
            backend: Backend::Sqlite(db),
            last_n: Cell::new(None),
            held: Known::new("SELECT count(*) FROM entry", "SELECT short FROM entry"),
            named: Known::new("SELECT count(*) FROM content", "SELECT spread FROM content"),
            awaits: Cell::new(None),
            parties: RefCell::default(),
            counted: RefCell::default(),
        }
    }

    /// Opens, or creates and migrates, the `SQLite` database at `path`.
    ///
    /// # Errors
    /// The file cannot be opened, is no database of ours, or is newer than this code.
    pub fn open(path: &Path) -> Result<Self> {
        sqlite::Sqlite::open(path).map(Self::over)
    }

    /// A database in memory, for tests and the simulator.
    ///
    /// # Errors
    /// The library refuses.
    pub fn in_memory() -> Result<Self> {
        sqlite::Sqlite::in_memory().map(Self::over)
    }

    /// A copy of the whole database in memory: what a backup would hold.
    ///
    /// # Errors
    /// The copy fails.
    pub fn copy(&self) -> Result<Copy> {
        match &self.backend {
            Backend::Sqlite(db) => db.copy(),
        }
    }

    /// A database in memory that holds what `copy` held.
    ///
    /// # Errors
    /// The copy fails.
    pub fn from_copy(copy: &Copy) -> Result<Self> {
        sqlite::Sqlite::from_copy(copy).map(Self::over)
    }

    /// Begins the one write transaction.
    ///
    /// # Errors
    /// The database refuses.
    pub fn begin(&mut self) -> Result<()> {
        self.last_n.set(None);
        self.awaits.set(None);
        self.write_counts()?;
        match &mut self.backend {
            Backend::Sqlite(db) => db.batch("BEGIN IMMEDIATE"),
        }
    }

    /// Makes all since [`Store::begin`] durable.
    ///
    /// # Errors
    /// The database refuses; nothing is known of what it kept, so the node must stop and open it again.
    pub fn commit(&mut self) -> Result<()> {
        self.write_counts()?;
        match &mut self.backend {
            Backend::Sqlite(db) => db.batch("COMMIT"),
        }
    }

    /// Forgets all since [`Store::begin`]. Does nothing when no transaction is open.
    ///
    /// # Errors
    /// The database refuses.
    pub fn roll_back(&mut self) -> Result<()> {
        self.last_n.set(None);
        self.awaits.set(None);
        self.parties.borrow_mut().clear();
        self.forget_counts();
        match &mut self.backend {
            Backend::Sqlite(db) if db.in_transaction() => db.batch("ROLLBACK"),
            Backend::Sqlite(_) => Ok(()),
        }
    }

    /// What `doctor` prints: the library's version and the settings that durability rests on.
    ///
    /// # Errors
    /// The database refuses.
    pub fn facts(&self) -> Result<Vec<(&'static str, String)>> {
        match &self.backend {
            Backend::Sqlite(db) => db.facts(),
        }
    }

    /// The tables in which some value holds these bytes, by name: for whoever wants to see that what is private is where
    /// it belongs and nowhere else. Reads everything.
    ///
    /// # Errors
    /// The database refuses.
    pub fn tables_holding(&self, bytes: &[u8]) -> Result<Vec<String>> {
        match &self.backend {
            Backend::Sqlite(db) => db.tables_holding(bytes),
        }
    }

    pub(crate) fn execute(&self, sql: &'static str, params: &[Param<'_>]) -> Result<usize> {
        match &self.backend {
            Backend::Sqlite(db) => db.execute(sql, params),
        }
    }

    pub(crate) fn query<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(each(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    pub(crate) fn for_each(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match &self.backend {
            Backend::Sqlite(db) => db.for_each(sql, params, &mut each),
        }
    }

    pub(crate) fn first<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        each: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.backend {
            Backend::Sqlite(db) => db.first(sql, params, each),
        }
    }

    /// At most so many bytes of a content that is here, from a place on.
    pub(crate) fn part(&self, content: i64, from: usize, most: usize) -> Result<Vec<u8>> {
        match &self.backend {
            Backend::Sqlite(db) => db.part(content, from, most),
        }
    }

    /// Executes an insertion and gives the number of the row.
    pub(crate) fn insert(&self, sql: &'static str, params: &[Param<'_>]) -> Result<i64> {
        match &self.backend {
            Backend::Sqlite(db) => db.insert(sql, params),
        }
    }
}

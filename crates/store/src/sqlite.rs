//! The `SQLite` arm: bundled, in write-ahead mode, every commit synced to the disk.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, ToSql, types::ToSqlOutput, types::ValueRef};

use crate::error::StoreError;
use crate::value::{Param, Row};

/// SQLite before this loses writes when a write-ahead log is reset.
const LIBRARY_MIN: i32 = 3_051_003;
const STATEMENTS_CACHED: usize = 128;
/// How many pages of 4 KiB the write-ahead log holds before they are copied into the file: what many transactions change
/// is copied once.
const LOG_PAGES: usize = 16_384;
/// Marks a file as ours, whatever its format: `PEYG`.
const APPLICATION_ID: i64 = 0x5045_5947;
/// Schema changes, in order; `user_version` counts how many a file has had.
const MIGRATIONS: [&str; 10] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
];

pub(crate) struct Sqlite(Connection);

/// A whole database, copied.
pub struct Copy(Connection);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::DatabaseBusy) => {
                Self::Open(error.to_string())
            }
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged("the file's structure"),
            _ => Self::Database(error.to_string()),
        }
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Blob(value) => ValueRef::Blob(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
        }))
    }
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        match Self::open_in(path, "NORMAL") {
            // The index of the write-ahead log is a file that others can map. On a full disk there is no room for it; whoever
            // has the database alone keeps the index in memory, and can read.
            Err(StoreError::Database(_) | StoreError::Full) => Self::open_in(path, "EXCLUSIVE"),
            done => done,
        }
    }

    fn open_in(path: &Path, locking_mode: &str) -> Result<Self, StoreError> {
        let db = Connection::open(path)?;
        db.execute_batch(&format!("PRAGMA locking_mode = {locking_mode}"))?;
        // Before anything is written into the file.
        check_ours(&db)?;
        let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::Open(format!("journal mode is {mode}, not wal")));
        }
        Self::prepare(db)
    }

    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(db: Connection) -> Result<Self, StoreError> {
        if rusqlite::version_number() < LIBRARY_MIN {
            return Err(StoreError::Open(format!("SQLite {} is too old", rusqlite::version())));
        }
        db.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
        // Plans do not look at bound values, so a statement is not compiled again for each.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.execute_batch(&format!(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
             PRAGMA wal_autocheckpoint = {LOG_PAGES};
             PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;",
        ))?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        for (number, migration) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
            db.execute_batch(&format!(
                "BEGIN IMMEDIATE; {migration} PRAGMA application_id = {APPLICATION_ID};
                 PRAGMA user_version = {number}; COMMIT;"
            ))?;
        }
        Ok(Self(db))
    }

    pub(crate) fn copy(&self) -> Result<Copy, StoreError> {
        copied(&self.0).map(Copy)
    }

    pub(crate) fn from_copy(copy: &Copy) -> Result<Self, StoreError> {
        Self::prepare(copied(&copy.0)?)
    }

    pub(crate) fn in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.0.execute_batch(sql)?)
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<usize, StoreError> {
        Ok(self.0.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?)
    }

    pub(crate) fn insert(&self, sql: &str, params: &[Param<'_>]) -> Result<i64, StoreError> {
        Ok(self.0.prepare_cached(sql)?.insert(rusqlite::params_from_iter(params))?)
    }

    /// At most so many bytes of a long value of a row of `content` from a place on, without reading the others.
    pub(crate) fn part(&self, content: i64, from: usize, most: usize) -> Result<Vec<u8>, StoreError> {
        let value = self.0.blob_open("main", "content", "bytes", content, true)?;
        let mut bytes = vec![0; most.min(value.len().saturating_sub(from))];
        if !bytes.is_empty() {
            value.read_at_exact(&mut bytes, from)?;
        }
        Ok(bytes)
    }

    /// The first row of an answer; the others are not looked for.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        each: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        rows.next()?.map(|row| each(&Row(row))).transpose()
    }

    pub(crate) fn for_each(
        &self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        while let Some(row) = rows.next()? {
            each(&Row(row))?;
        }
        Ok(())
    }

    /// The tables in which some value holds these bytes.
    pub(crate) fn tables_holding(&self, bytes: &[u8]) -> Result<Vec<String>, StoreError> {
        let text = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let all = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY 1";
        let tables: Vec<String> = self.0.prepare(all)?.query_map([], text)?.collect::<Result<_, _>>()?;
        let mut holding = Vec::new();
        for table in tables {
            let named = "SELECT name FROM pragma_table_info(?1)";
            let columns: Vec<String> =
                self.0.prepare(named)?.query_map([&table], text)?.collect::<Result<_, _>>()?;
            for column in columns {
                let sql =
                    format!("SELECT 1 FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS BLOB), ?1) > 0");
                if self.0.prepare(&sql)?.exists([bytes])? {
                    holding.push(table);
                    break;
                }
            }
        }
        Ok(holding)
    }

    pub(crate) fn facts(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        let pragma = |sql: &str| self.0.query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0));
        let text = |value: rusqlite::types::Value| match value {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other @ (rusqlite::types::Value::Null
            | rusqlite::types::Value::Real(_)
            | rusqlite::types::Value::Blob(_)) => format!("{other:?}"),
        };
        let level = text(pragma("PRAGMA synchronous")?);
        let synchronous =
            if level == "2" { "full".to_owned() } else { format!("{level}, which is not full") };
        Ok(vec![
            ("sqlite", rusqlite::version().to_owned()),
            ("journal mode", text(pragma("PRAGMA journal_mode")?)),
            ("synchronous", synchronous),
            ("format", text(pragma("PRAGMA user_version")?)),
        ])
    }
}

/// Refuses a database that another program made. An empty one is ours to make.
fn check_ours(db: &Connection) -> Result<(), StoreError> {
    let int = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let empty = int("SELECT count(*) FROM sqlite_schema")? == 0;
    if empty || int("PRAGMA application_id")? == APPLICATION_ID {
        return Ok(());
    }
    Err(StoreError::Open("it is a database of another program".to_owned()))
}

fn copied(from: &Connection) -> Result<Connection, StoreError> {
    let mut to = Connection::open_in_memory()?;
    Backup::new(from, &mut to)?.run_to_completion(i32::MAX, std::time::Duration::ZERO, None)?;
    Ok(to)
}

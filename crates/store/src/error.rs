//! Why the database did not do what it was asked.

/// The world failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the quota on it, is full. Nothing of the transaction was kept.
    #[error("the disk is full")]
    Full,
    /// The database file cannot be opened or is in use.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// The database was written by a newer version of this program.
    #[error("the database has format {found}, this program knows up to {known}")]
    Newer {
        /// The format of the file.
        found: i64,
        /// The newest format that is known.
        known: i64,
    },
    /// A row does not hold what was written into it.
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    /// Anything else that the database says.
    #[error("the database failed: {0}")]
    Database(String),
}

//! Contents that have arrived in part, each node's apart.

use oplog::ContentHash;

use crate::{Result, Store};

/// What a node has sent of a content so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The content.
    pub hash: ContentHash,
    /// The node's key, 33 wire bytes.
    pub node: Vec<u8>,
    /// How many bytes are here, from the first on.
    pub held: u64,
    /// When the last of them came.
    pub at_ms: u64,
}

impl Store {
    /// All that has arrived in part, the stalest first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn partials(&self) -> Result<Vec<Partial>> {
        self.query("SELECT hash, node, held, at_ms FROM partial ORDER BY at_ms, hash, node", &[], |row| {
            Ok(Partial {
                hash: ContentHash(row.some_id(0)?),
                node: row.blob(1)?,
                held: row.uint(2)?,
                at_ms: row.uint(3)?,
            })
        })
    }

    /// How many bytes of a content a node has sent.
    ///
    /// # Errors
    /// The database refuses.
    pub fn held_of(&self, hash: ContentHash, node: &[u8]) -> Result<u64> {
        let sql = "SELECT held FROM partial WHERE hash = ?1 AND node = ?2";
        Ok(self.first(sql, &[(&hash).into(), node.into()], |row| row.uint(0))?.unwrap_or(0))
    }

    /// Keeps the bytes that follow on what a node has sent of a content: `before` as it was without them, but for the time.
    ///
    /// # Errors
    /// The database refuses, as when they do not follow.
    pub fn add_part(&self, before: &Partial, bytes: &[u8]) -> Result<()> {
        let (hash, node) = (&before.hash, before.node.as_slice());
        let sql = "INSERT INTO part (hash, node, start, bytes) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, &[hash.into(), node.into(), before.held.into(), bytes.into()])?;
        let sql = "INSERT OR REPLACE INTO partial (hash, node, held, at_ms) VALUES (?1, ?2, ?3, ?4)";
        let held = before.held + bytes.len() as u64;
        self.execute(sql, &[hash.into(), node.into(), held.into(), before.at_ms.into()]).map(drop)
    }

    /// The bytes of a content that a node has sent, in their order.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sent_by(&self, hash: ContentHash, node: &[u8]) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        let sql = "SELECT bytes FROM part WHERE hash = ?1 AND node = ?2 ORDER BY start";
        self.for_each(sql, &[(&hash).into(), node.into()], |row| {
            whole.extend(row.blob(0)?);
            Ok(())
        })?;
        Ok(whole)
    }

    /// Forgets what has arrived in part of a content: what this node has sent, or, with none, what any has.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drop_partial(&self, hash: ContentHash, node: Option<&[u8]>) -> Result<()> {
        for sql in [
            "DELETE FROM part WHERE hash = ?1 AND (?2 IS NULL OR node = ?2)",
            "DELETE FROM partial WHERE hash = ?1 AND (?2 IS NULL OR node = ?2)",
        ] {
            self.execute(sql, &[(&hash).into(), node.into()])?;
        }
        Ok(())
    }
}

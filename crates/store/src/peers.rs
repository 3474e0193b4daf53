//! Who this node talks to: invitations, applicants, peers and their receipts.

use oplog::{EntryId, PartyId};

use crate::{Result, Store};

/// A party that asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicantRow {
    /// The party.
    pub party: PartyId,
    /// What it calls itself.
    pub name: String,
    /// Where its node listens; empty when it does not.
    pub url: String,
    /// Its introduction, encoded.
    pub introduction: Vec<u8>,
    /// When it asked.
    pub at_ms: u64,
}

/// Another node in a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerRow {
    /// The local number of the space.
    pub space: i64,
    /// Its node key, 33 wire bytes.
    pub node: Vec<u8>,
    /// Where it listens; empty when it does not.
    pub url: String,
    /// Whether that is its own word, for which nobody here has vouched.
    pub told: bool,
    /// The heads it had when last heard, encoded.
    pub cursor: Vec<u8>,
    /// When it was last heard.
    pub heard_ms: u64,
}

impl Store {
    /// Keeps an invitation by the hash of its secret.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_invitation(&self, secret: &[u8; 32], space: i64, expires_ms: u64) -> Result<()> {
        let params = [secret.as_slice().into(), space.into(), expires_ms.into()];
        self.execute(
            "INSERT INTO invitation (secret, space, expires_ms, used) VALUES (?1, ?2, ?3, 0)",
            &params,
        )
        .map(drop)
    }

    /// An invitation: space, expiry, and whether it was used.
    ///
    /// # Errors
    /// The database refuses.
    pub fn invitation(&self, secret: &[u8; 32]) -> Result<Option<(i64, u64, bool)>> {
        let sql = "SELECT space, expires_ms, used FROM invitation WHERE secret = ?1";
        self.first(sql, &[secret.as_slice().into()], |row| Ok((row.int(0)?, row.uint(1)?, row.flag(2)?)))
    }

    /// Notes that an invitation was used.
    ///
    /// # Errors
    /// The database refuses.
    pub fn use_invitation(&self, secret: &[u8; 32]) -> Result<()> {
        self.execute("UPDATE invitation SET used = 1 WHERE secret = ?1", &[secret.as_slice().into()])
            .map(drop)
    }

    /// Keeps an applicant.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_applicant(&self, space: i64, row: &ApplicantRow) -> Result<()> {
        self.execute(
            "INSERT OR REPLACE INTO applicant (space, party, name, url, introduction, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                space.into(),
                (&row.party).into(),
                row.name.as_str().into(),
                row.url.as_str().into(),
                row.introduction.as_slice().into(),
                row.at_ms.into(),
            ],
        )
        .map(drop)
    }

    /// The applicants of a space.
    ///
    /// # Errors
    /// The database refuses.
    pub fn applicants(&self, space: i64) -> Result<Vec<ApplicantRow>> {
        let sql = "SELECT party, name, url, introduction, at_ms FROM applicant WHERE space = ?1 ORDER BY at_ms, party";
        self.query(sql, &[space.into()], |row| {
            Ok(ApplicantRow {
                party: PartyId(row.some_id(0)?),
                name: row.text(1)?.unwrap_or_default(),
                url: row.text(2)?.unwrap_or_default(),
                introduction: row.blob(3)?,
                at_ms: row.uint(4)?,
            })
        })
    }

    /// Keeps a peer; an empty address does not replace a known one, nor whose word that is.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_peer(&self, row: &PeerRow) -> Result<()> {
        let sql = "INSERT INTO peer (space, node, url, cursor, heard_ms, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (space, node) DO UPDATE SET cursor = excluded.cursor, heard_ms = excluded.heard_ms,
                   told = CASE WHEN excluded.url = '' THEN peer.told ELSE excluded.told END,
                   url = CASE WHEN excluded.url = '' THEN peer.url ELSE excluded.url END";
        self.execute(
            sql,
            &[
                row.space.into(),
                row.node.as_slice().into(),
                row.url.as_str().into(),
                row.cursor.as_slice().into(),
                row.heard_ms.into(),
                i64::from(row.told).into(),
            ],
        )
        .map(drop)
    }

    /// All peers.
    ///
    /// # Errors
    /// The database refuses.
    pub fn peers(&self) -> Result<Vec<PeerRow>> {
        self.query(
            "SELECT space, node, url, cursor, heard_ms, told FROM peer ORDER BY space, node",
            &[],
            |row| {
                Ok(PeerRow {
                    space: row.int(0)?,
                    node: row.blob(1)?,
                    url: row.text(2)?.unwrap_or_default(),
                    cursor: row.blob(3)?,
                    heard_ms: row.uint(4)?,
                    told: row.flag(5)?,
                })
            },
        )
    }

    /// Keeps the newest receipt of a party.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_receipt(&self, space: i64, party: PartyId, entry: EntryId, at_ms: u64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO receipt (space, party, entry, at_ms) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, &[space.into(), (&party).into(), (&entry).into(), at_ms.into()]).map(drop)
    }

    /// The newest receipts of a space: party, its `ack`, when it arrived.
    ///
    /// # Errors
    /// The database refuses.
    pub fn receipts(&self, space: i64) -> Result<Vec<(PartyId, EntryId, u64)>> {
        let sql = "SELECT party, entry, at_ms FROM receipt WHERE space = ?1 ORDER BY party";
        self.query(sql, &[space.into()], |row| {
            Ok((PartyId(row.some_id(0)?), EntryId(row.some_id(1)?), row.uint(2)?))
        })
    }
}

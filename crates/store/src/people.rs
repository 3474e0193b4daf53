//! The party's people and what lets them in: accounts, invitations, sessions, failed tries. Secrets come here hashed.

use crate::value::Row;
use crate::{Result, Store};

/// One of the party's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who, within this node.
    pub id: [u8; 32],
    /// The name under which the person signs in; no two have the same.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// What the salted hash of the person in the record is made with.
    pub salt: [u8; 32],
    /// The passphrase's hash with its parameters; empty while none was chosen.
    pub passphrase: String,
    /// When the grant ends, if it does.
    pub until_ms: Option<u64>,
    /// Whether the account was closed.
    pub removed: bool,
}

/// A person at a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of its secret.
    pub id: [u8; 32],
    /// Whose it is.
    pub person: [u8; 32],
    /// When it began.
    pub since_ms: u64,
    /// When it was last used.
    pub seen_ms: u64,
}

const PERSON: &str = "SELECT id, name, role, salt, passphrase, until_ms, removed FROM person WHERE id = ?1";
const PERSON_NAMED: &str =
    "SELECT id, name, role, salt, passphrase, until_ms, removed FROM person WHERE name = ?1";
const PEOPLE: &str =
    "SELECT id, name, role, salt, passphrase, until_ms, removed FROM person ORDER BY name, id";

fn person(row: &Row<'_>) -> Result<PersonRow> {
    Ok(PersonRow {
        id: row.some_id(0)?,
        name: row.text(1)?.unwrap_or_default(),
        role: row.text(2)?.unwrap_or_default(),
        salt: row.some_id(3)?,
        passphrase: row.text(4)?.unwrap_or_default(),
        // A grant without an end is kept as 0.
        until_ms: Some(row.uint(5)?).filter(|until_ms| *until_ms != 0),
        removed: row.flag(6)?,
    })
}

fn session(row: &Row<'_>) -> Result<SessionRow> {
    Ok(SessionRow {
        id: row.some_id(0)?,
        person: row.some_id(1)?,
        since_ms: row.uint(2)?,
        seen_ms: row.uint(3)?,
    })
}

impl Store {
    /// A person by id.
    ///
    /// # Errors
    /// The database refuses.
    pub fn person(&self, id: &[u8; 32]) -> Result<Option<PersonRow>> {
        self.first(PERSON, &[id.as_slice().into()], person)
    }

    /// A person by name.
    ///
    /// # Errors
    /// The database refuses.
    pub fn person_named(&self, name: &str) -> Result<Option<PersonRow>> {
        self.first(PERSON_NAMED, &[name.into()], person)
    }

    /// All people by name, those whose accounts are closed included.
    ///
    /// # Errors
    /// The database refuses.
    pub fn people(&self) -> Result<Vec<PersonRow>> {
        self.query(PEOPLE, &[], person)
    }

    /// Keeps a person, in place of what was known of the same id.
    ///
    /// # Errors
    /// The database refuses, also when another has the name.
    pub fn set_person(&self, row: &PersonRow) -> Result<()> {
        let sql = "INSERT INTO person (id, name, role, salt, passphrase, until_ms, removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, salt = excluded.salt,
                   passphrase = excluded.passphrase, until_ms = excluded.until_ms, removed = excluded.removed";
        let params = [
            row.id.as_slice().into(),
            row.name.as_str().into(),
            row.role.as_str().into(),
            row.salt.as_slice().into(),
            row.passphrase.as_str().into(),
            row.until_ms.unwrap_or(0).into(),
            row.removed.into(),
        ];
        self.execute(sql, &params).map(drop)
    }

    /// Keeps an invitation of a person by the hash of its secret; earlier ones of the same person end.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_person_invitation(&self, secret: &[u8; 32], person: &[u8; 32], expires_ms: u64) -> Result<()> {
        self.end_person_invitations(person)?;
        let params = [secret.as_slice().into(), person.as_slice().into(), expires_ms.into()];
        let sql = "INSERT INTO person_invitation (secret, person, expires_ms) VALUES (?1, ?2, ?3)";
        self.execute(sql, &params).map(drop)
    }

    /// Whom an invitation is for, and when it expires.
    ///
    /// # Errors
    /// The database refuses.
    pub fn person_invitation(&self, secret: &[u8; 32]) -> Result<Option<([u8; 32], u64)>> {
        let sql = "SELECT person, expires_ms FROM person_invitation WHERE secret = ?1";
        self.first(sql, &[secret.as_slice().into()], |row| Ok((row.some_id(0)?, row.uint(1)?)))
    }

    /// Ends the invitations of a person.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_person_invitations(&self, person: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM person_invitation WHERE person = ?1", &[person.as_slice().into()]).map(drop)
    }

    /// Keeps a session.
    ///
    /// # Errors
    /// The database refuses.
    pub fn add_session(&self, row: &SessionRow) -> Result<()> {
        let params =
            [row.id.as_slice().into(), row.person.as_slice().into(), row.since_ms.into(), row.seen_ms.into()];
        let sql = "INSERT INTO person_session (id, person, since_ms, seen_ms) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, &params).map(drop)
    }

    /// A session by the hash of its secret.
    ///
    /// # Errors
    /// The database refuses.
    pub fn session(&self, id: &[u8; 32]) -> Result<Option<SessionRow>> {
        let sql = "SELECT id, person, since_ms, seen_ms FROM person_session WHERE id = ?1";
        self.first(sql, &[id.as_slice().into()], session)
    }

    /// The sessions of a person, the one used last first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sessions_of(&self, person: &[u8; 32]) -> Result<Vec<SessionRow>> {
        let sql = "SELECT id, person, since_ms, seen_ms FROM person_session WHERE person = ?1 ORDER BY seen_ms DESC, id";
        self.query(sql, &[person.as_slice().into()], session)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The database refuses.
    pub fn use_session(&self, id: &[u8; 32], seen_ms: u64) -> Result<()> {
        let params = [id.as_slice().into(), seen_ms.into()];
        self.execute("UPDATE person_session SET seen_ms = ?2 WHERE id = ?1", &params).map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_session(&self, id: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM person_session WHERE id = ?1", &[id.as_slice().into()]).map(drop)
    }

    /// How often in a row a subject failed, and when last.
    ///
    /// # Errors
    /// The database refuses.
    pub fn failed_tries(&self, subject: &[u8; 32]) -> Result<Option<(u64, u64)>> {
        let sql = "SELECT count, last_ms FROM failed_try WHERE subject = ?1";
        self.first(sql, &[subject.as_slice().into()], |row| Ok((row.uint(0)?, row.uint(1)?)))
    }

    /// Keeps how often a subject failed; beyond `most` subjects the one that failed longest ago is forgotten.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_failed_tries(&self, subject: &[u8; 32], count: u64, last_ms: u64, most: u64) -> Result<()> {
        let sql = "INSERT INTO failed_try (subject, count, last_ms) VALUES (?1, ?2, ?3)
                   ON CONFLICT (subject) DO UPDATE SET count = excluded.count, last_ms = excluded.last_ms";
        self.execute(sql, &[subject.as_slice().into(), count.into(), last_ms.into()])?;
        let held = self.first("SELECT count(*) FROM failed_try", &[], |row| row.uint(0))?.unwrap_or(0);
        if held > most {
            let oldest = "SELECT subject FROM failed_try ORDER BY last_ms, subject LIMIT 1";
            if let Some(oldest) = self.first(oldest, &[], |row| row.some_id(0))? {
                self.end_failed_tries(&oldest)?;
            }
        }
        Ok(())
    }

    /// Forgets that a subject failed.
    ///
    /// # Errors
    /// The database refuses.
    pub fn end_failed_tries(&self, subject: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM failed_try WHERE subject = ?1", &[subject.as_slice().into()]).map(drop)
    }
}

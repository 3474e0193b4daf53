//! Sessions and invitations: both open with a secret of 256 bits that is kept hashed.

use oplog::id::{hash, hex};
use store::people::SessionRow;

use super::{Passphrase, Person, Proven, secret_of};
use crate::policy::Right;
use crate::{Node, NodeError, Result};

/// How long a session lasts without use, in milliseconds: an hour.
const IDLE_MS: u64 = 3_600_000;
/// How long a session lasts at most, in milliseconds: twelve hours.
const WHOLE_MS: u64 = 12 * 3_600_000;
/// How far the time of last use may lag behind, in milliseconds, as noting it costs a sync of the disk: a minute.
const LAG_MS: u64 = 60_000;
/// The most sessions of one person; a further one ends the one that was idle longest.
const SESSIONS_MAX: usize = 16;

/// The name under which an invitation's secret is kept.
pub(super) fn kept_invitation(secret: &[u8; 32]) -> [u8; 32] {
    hash("peygir/desk-invitation/0", &[secret])
}

fn kept_session(secret: &[u8; 32]) -> [u8; 32] {
    hash("peygir/desk-session/0", &[secret])
}

/// One request of a person with a session, in the role that the person has at that moment. Only [`Node::visit`] makes one.
#[derive(Clone, Debug)]
pub struct Visitor {
    person: Person,
    session: [u8; 32],
    token: String,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// What it is called; opens nothing.
    pub id: String,
    /// When it began, in milliseconds since 1970-01-01 UTC.
    pub since_ms: u64,
    /// When it was last used, to the minute.
    pub seen_ms: u64,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

impl Visitor {
    /// Who.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// What every form of the session carries, in hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether a form carries the session's token. Hashes are compared, so that the time it takes tells nothing.
    #[must_use]
    pub fn made(&self, token: &str) -> bool {
        let digest = |token: &str| hash("peygir/desk-token-compared/0", &[token.as_bytes()]);
        digest(token) == digest(&self.token)
    }

    /// Whether the role allows something.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.person.role.may(right)
    }
}

fn holds(row: &SessionRow, now_ms: u64) -> bool {
    // A clock that was set back ends a session rather than prolong it.
    let within = |from_ms: u64, for_ms: u64| now_ms.checked_sub(from_ms).is_some_and(|age| age < for_ms);
    within(row.seen_ms, IDLE_MS) && within(row.since_ms, WHOLE_MS)
}

impl Node {
    /// How long a session lasts at most, in milliseconds.
    pub const SESSION_MS: u64 = WHOLE_MS;

    /// Whoever has the session of this secret, if it lasts and the person still has a role; its idle time begins again.
    ///
    /// # Errors
    /// The database refuses.
    pub fn visit(&mut self, secret: &str) -> Result<Option<Visitor>> {
        let Some(secret) = secret_of(secret) else { return Ok(None) };
        let (kept, now_ms) = (kept_session(&secret), self.clock.now_ms());
        let Some(row) = self.store.session(&kept)? else { return Ok(None) };
        let person = self.person_now(&row.person)?.map(|(_, person)| person);
        let Some(person) = person.filter(|person| person.can_sign_in && holds(&row, now_ms)) else {
            // Refused whether or not its row can be taken away.
            let _left = self.transact(|node| Ok(node.store.end_session(&kept)?));
            return Ok(None);
        };
        if now_ms.saturating_sub(row.seen_ms) >= LAG_MS {
            // On a full disk people go on reading; a session whose use cannot be noted ends the earlier.
            let _unnoted = self.transact(|node| Ok(node.store.use_session(&kept, now_ms)?));
        }
        let token = hex(&hash("peygir/desk-token/0", &[&secret]));
        Ok(Some(Visitor { person, session: kept, token }))
    }

    /// Opens a session for whoever proved to know the passphrase. Gives its secret; `None` when the account was closed.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sign_in(&mut self, proven: &Proven) -> Result<Option<String>> {
        self.note_proven(proven)?;
        match self.person_now(&proven.person().0)? {
            Some((_, person)) => self.open_session(&person).map(Some),
            None => Ok(None),
        }
    }

    fn open_session(&mut self, person: &Person) -> Result<String> {
        let (secret, now_ms) = (self.entropy.bytes(), self.clock.now_ms());
        let row =
            SessionRow { id: kept_session(&secret), person: person.id.0, since_ms: now_ms, seen_ms: now_ms };
        self.transact(|node| {
            let (last, over): (Vec<_>, Vec<_>) =
                node.store.sessions_of(&row.person)?.into_iter().partition(|held| holds(held, now_ms));
            for held in over.iter().chain(last.iter().skip(SESSIONS_MAX - 1)) {
                node.store.end_session(&held.id)?;
            }
            Ok(node.store.add_session(&row)?)
        })?;
        Ok(hex(&secret))
    }

    /// Ends the session that asks.
    ///
    /// # Errors
    /// The database refuses.
    pub fn leave_session(&mut self, visitor: &Visitor) -> Result<()> {
        self.transact(|node| Ok(node.store.end_session(&visitor.session)?))
    }

    /// The sessions of whoever asks, the one used last first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sessions(&self, visitor: &Visitor) -> Result<Vec<SessionView>> {
        let now_ms = self.clock.now_ms();
        let rows = self.store.sessions_of(&visitor.person.id.0)?.into_iter().filter(|row| holds(row, now_ms));
        let view = |row: SessionRow| SessionView {
            id: hex(&row.id),
            since_ms: row.since_ms,
            seen_ms: row.seen_ms,
            is_this: row.id == visitor.session,
        };
        Ok(rows.map(view).collect())
    }

    /// Ends a session of whoever asks.
    ///
    /// # Errors
    /// The person has no such session.
    pub fn end_session(&mut self, visitor: &Visitor, id: &str) -> Result<()> {
        let id = secret_of(id).ok_or(NodeError::NoSuch("session"))?;
        let own = self.store.session(&id)?.is_some_and(|row| row.person == visitor.person.id.0);
        if !own {
            return Err(NodeError::NoSuch("session"));
        }
        self.transact(|node| Ok(node.store.end_session(&id)?))
    }

    /// Whom an invitation is for, while it can be taken up.
    ///
    /// # Errors
    /// The database refuses.
    pub fn invited(&self, secret: &str) -> Result<Option<Person>> {
        let Some(secret) = secret_of(secret) else { return Ok(None) };
        let Some((person, expires_ms)) = self.store.person_invitation(&kept_invitation(&secret))? else {
            return Ok(None);
        };
        if expires_ms <= self.clock.now_ms() {
            return Ok(None);
        }
        Ok(self.person_now(&person)?.map(|(_, person)| person))
    }

    /// Takes an invitation up: the passphrase is set, and a session opens. Gives its secret; `None` when the invitation
    /// does not hold.
    ///
    /// # Errors
    /// The database refuses.
    pub fn take_invitation(&mut self, secret: &str, passphrase: &Passphrase) -> Result<Option<String>> {
        let Some(person) = self.invited(secret)? else { return Ok(None) };
        let Some((row, person)) = self.person_now(&person.id.0)? else { return Ok(None) };
        self.transact(|node| node.keep_passphrase(row, passphrase))?;
        self.open_session(&person).map(Some)
    }
}

//! Who may use the desk: whoever opened a one-time link, for as long as the session lasts. Secrets are kept hashed.

use std::collections::BTreeMap;

use node::Entropy;
use node::oplog::id::{hash, hex, unhex};

/// How long a link can be opened, in milliseconds: an hour.
const LINK_MS: u64 = 3_600_000;
/// The most links that wait to be opened; a further one drops the oldest.
const LINKS_MAX: usize = 64;
/// How long a session lasts without use, in milliseconds: an hour.
pub(crate) const IDLE_MS: u64 = 3_600_000;
/// How long a session lasts at most, in milliseconds: twelve hours.
pub(crate) const WHOLE_MS: u64 = 12 * 3_600_000;
/// The most sessions at one time; a further one ends the one that was idle longest.
const SESSIONS_MAX: usize = 64;

/// The name under which a secret is kept.
type Kept = [u8; 32];

/// One person at a browser.
#[derive(Clone, Debug)]
struct Session {
    token: [u8; 32],
    since_ms: u64,
    seen_ms: u64,
}

impl Session {
    fn holds(&self, now_ms: u64) -> bool {
        // A clock that was set back ends a session rather than prolong it.
        let within = |from_ms: u64, for_ms: u64| now_ms.checked_sub(from_ms).is_some_and(|age| age < for_ms);
        within(self.seen_ms, IDLE_MS) && within(self.since_ms, WHOLE_MS)
    }
}

/// A session as a request uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    kept: Kept,
    /// What every form of the session carries, in hexadecimal digits.
    pub(crate) token: String,
}

/// The links and sessions of a desk.
#[derive(Default)]
pub(crate) struct Sessions {
    links: BTreeMap<Kept, u64>,
    open: BTreeMap<Kept, Session>,
}

fn kept(domain: &str, secret: &str) -> Option<Kept> {
    let bytes = unhex(secret).filter(|bytes| bytes.len() == 32)?;
    Some(hash(domain, &[&bytes]))
}

fn kept_link(secret: &str) -> Option<Kept> {
    kept("peygir/desk-link/0", secret)
}

fn kept_session(secret: &str) -> Option<Kept> {
    kept("peygir/desk-session/0", secret)
}

impl Sessions {
    /// A fresh secret that opens one session.
    pub(crate) fn invite(&mut self, now_ms: u64) -> String {
        let secret = hex(&Entropy::System.bytes());
        self.links.retain(|_, until_ms| *until_ms > now_ms);
        if self.links.len() >= LINKS_MAX {
            let oldest = self.links.iter().min_by_key(|(_, until_ms)| **until_ms).map(|(kept, _)| *kept);
            oldest.map(|kept| self.links.remove(&kept));
        }
        if let Some(kept) = kept_link(&secret) {
            self.links.insert(kept, now_ms.saturating_add(LINK_MS));
        }
        secret
    }

    /// Uses a link's secret up. Gives the secret of the session that it opens.
    pub(crate) fn enter(&mut self, secret: &str, now_ms: u64) -> Option<String> {
        let until_ms = self.links.remove(&kept_link(secret)?)?;
        if until_ms <= now_ms {
            return None;
        }
        self.open.retain(|_, session| session.holds(now_ms));
        if self.open.len() >= SESSIONS_MAX {
            let idle = self.open.iter().min_by_key(|(_, session)| session.seen_ms).map(|(kept, _)| *kept);
            idle.map(|kept| self.open.remove(&kept));
        }
        let session = hex(&Entropy::System.bytes());
        let token = Entropy::System.bytes();
        self.open.insert(kept_session(&session)?, Session { token, since_ms: now_ms, seen_ms: now_ms });
        Some(session)
    }

    /// The session of a secret, if it lasts; its time without use begins again.
    pub(crate) fn visit(&mut self, secret: &str, now_ms: u64) -> Option<Visitor> {
        let kept = kept_session(secret)?;
        let session = self.open.get_mut(&kept)?;
        if !session.holds(now_ms) {
            self.open.remove(&kept);
            return None;
        }
        session.seen_ms = now_ms;
        Some(Visitor { kept, token: hex(&session.token) })
    }

    /// Ends a session.
    pub(crate) fn leave(&mut self, visitor: &Visitor) {
        self.open.remove(&visitor.kept);
    }
}

impl Visitor {
    /// Whether a form carries the session's token. Hashes are compared, so that the time it takes tells nothing.
    pub(crate) fn made(&self, token: &str) -> bool {
        let digest = |token: &str| hash("peygir/desk-token/0", &[token.as_bytes()]);
        digest(token) == digest(&self.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_one_session_once_and_for_an_hour() {
        let mut sessions = Sessions::default();
        let link = sessions.invite(0);
        let session = sessions.enter(&link, 1).unwrap();
        assert_eq!(sessions.enter(&link, 2), None, "twice");
        assert!(sessions.visit(&session, 2).is_some());
        assert!(sessions.visit(&link, 2).is_none(), "a link is no session");
        let late = sessions.invite(0);
        assert_eq!(sessions.enter(&late, LINK_MS), None);
        assert!(["", "zz", "00", &"0".repeat(64)].iter().all(|made_up| sessions.enter(made_up, 1).is_none()));
    }

    #[test]
    fn a_session_ends_when_idle_after_twelve_hours_and_when_left() {
        let mut sessions = Sessions::default();
        let open = |sessions: &mut Sessions| {
            let link = sessions.invite(0);
            sessions.enter(&link, 0).unwrap()
        };
        let idle = open(&mut sessions);
        assert!(sessions.visit(&idle, IDLE_MS - 1).is_some());
        assert!(sessions.visit(&idle, 2 * IDLE_MS).is_none());
        let long = open(&mut sessions);
        let visits = (0..WHOLE_MS).step_by(1_000_000);
        assert!(visits.into_iter().all(|now_ms| sessions.visit(&long, now_ms).is_some()));
        assert!(sessions.visit(&long, WHOLE_MS).is_none());
        let left = open(&mut sessions);
        let visitor = sessions.visit(&left, 1).unwrap();
        sessions.leave(&visitor);
        assert!(sessions.visit(&left, 2).is_none());
    }

    #[test]
    fn the_token_of_one_session_is_not_that_of_another() {
        let mut sessions = Sessions::default();
        let mut visitor = || {
            let link = sessions.invite(0);
            let session = sessions.enter(&link, 0).unwrap();
            sessions.visit(&session, 0).unwrap()
        };
        let (one, two) = (visitor(), visitor());
        assert!(one.made(&one.token) && !one.made(&two.token) && !one.made(""));
    }

    #[test]
    fn the_tables_of_links_and_sessions_have_an_end() {
        let mut sessions = Sessions::default();
        for now_ms in 0..200 {
            let link = sessions.invite(now_ms);
            sessions.enter(&link, now_ms).unwrap();
            sessions.invite(now_ms);
        }
        assert_eq!((sessions.links.len(), sessions.open.len()), (LINKS_MAX, SESSIONS_MAX));
    }
}

//! Guessing is made slow: failures are counted by account and by address, and each further one waits longer.

use std::net::IpAddr;

use super::{PersonId, passphrase, plain};
use crate::{Node, Result};

/// How many wrong passphrases in a row an account takes before the next one has to wait.
const FREE_PER_ACCOUNT: u64 = 5;
/// How many an address takes: it may be that of many people.
const FREE_PER_ADDRESS: u64 = 30;
/// The first wait, in milliseconds; each further one is twice as long.
const WAIT_FIRST_MS: u64 = 1_000;
/// The longest wait, in milliseconds: a quarter of an hour.
const WAIT_MAX_MS: u64 = 900_000;
/// After how long without a failure earlier ones are forgotten, in milliseconds: a day.
const FORGOTTEN_MS: u64 = 86_400_000;
/// The most accounts and addresses whose failures are kept.
const SUBJECTS_MAX: u64 = 4_096;

/// Whether a passphrase may be tried now.
#[derive(Debug)]
pub enum Begun {
    /// It may.
    Try(Try),
    /// Not before so many milliseconds have passed.
    Wait(u64),
}

/// A passphrase that is about to be tried. It counts as a failure until it proves right.
#[derive(Debug)]
#[must_use]
pub struct Try {
    person: PersonId,
    kept: String,
    account: [u8; 32],
    address: [u8; 32],
}

/// The proof that a person knew the passphrase just now. Only [`Try::prove`] makes one.
#[derive(Debug)]
#[must_use]
pub struct Proven {
    person: PersonId,
    account: [u8; 32],
    address: [u8; 32],
}

impl Try {
    /// Compares. Takes time and memory, so no lock is held meanwhile.
    #[must_use]
    pub fn prove(self, passphrase: &str) -> Option<Proven> {
        let Self { person, kept, account, address } = self;
        passphrase::is_kept(&kept, passphrase).then_some(Proven { person, account, address })
    }
}

impl Proven {
    /// Whose passphrase it was.
    pub(super) fn person(&self) -> PersonId {
        self.person
    }
}

impl Node {
    /// Begins to try a passphrase under a name. A name that nobody has is counted like any other, so that the answer
    /// tells nobody which names there are.
    ///
    /// # Errors
    /// The database refuses.
    pub fn begin_try(&mut self, name: &str, from: IpAddr) -> Result<Begun> {
        let name = &plain(name);
        let (account, address) =
            (passphrase::subject("account", name), passphrase::subject("address", &from.to_string()));
        let now_ms = self.clock.now_ms();
        let (of_account, of_address) = (self.failures(&account)?, self.failures(&address)?);
        let wait_ms =
            wait_ms(of_account, FREE_PER_ACCOUNT, now_ms).max(wait_ms(of_address, FREE_PER_ADDRESS, now_ms));
        if wait_ms > 0 {
            return Ok(Begun::Wait(wait_ms));
        }
        let row = self.store.person_named(name)?;
        let open = match &row {
            Some(row) => self.person_now(&row.id)?,
            None => None,
        };
        let (person, kept) =
            open.map_or((PersonId([0; 32]), String::new()), |(row, person)| (person.id, row.passphrase));
        self.transact(|node| {
            // Counted before it is compared, so that many at once are no more than one after another.
            node.store.set_failed_tries(&account, of_account.0 + 1, now_ms, SUBJECTS_MAX)?;
            Ok(node.store.set_failed_tries(&address, of_address.0 + 1, now_ms, SUBJECTS_MAX)?)
        })?;
        Ok(Begun::Try(Try { person, kept, account, address }))
    }

    /// Forgets the failures of whoever proved to know the passphrase: all of the account, this one of the address.
    ///
    /// # Errors
    /// The database refuses.
    pub fn note_proven(&mut self, proven: &Proven) -> Result<()> {
        let of_address = self.failures(&proven.address)?;
        self.transact(|node| {
            node.store.end_failed_tries(&proven.account)?;
            if of_address.0 <= 1 {
                return Ok(node.store.end_failed_tries(&proven.address)?);
            }
            Ok(node.store.set_failed_tries(&proven.address, of_address.0 - 1, of_address.1, SUBJECTS_MAX)?)
        })
    }

    fn failures(&self, subject: &[u8; 32]) -> Result<(u64, u64)> {
        let now_ms = self.clock.now_ms();
        let found = self.store.failed_tries(subject)?.unwrap_or((0, now_ms));
        Ok(if now_ms.saturating_sub(found.1) >= FORGOTTEN_MS { (0, now_ms) } else { found })
    }
}

/// How long the next try has to wait. A clock that was set back makes nobody wait longer than once more.
fn wait_ms((count, last_ms): (u64, u64), free: u64, now_ms: u64) -> u64 {
    if count < free {
        return 0;
    }
    let doublings = u32::try_from(count - free).unwrap_or(u32::MAX).min(20);
    let wait_ms = WAIT_FIRST_MS.saturating_mul(1 << doublings).min(WAIT_MAX_MS);
    wait_ms.saturating_sub(now_ms.saturating_sub(last_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_after_the_free_ones_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let waits = [4, 5, 6, 7, 14, 15, 1_000].map(|count| wait_ms((count, 100), FREE_PER_ACCOUNT, 100));
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 512_000, 900_000, 900_000]);
        assert_eq!(wait_ms((6, 100), FREE_PER_ACCOUNT, 1_100), 1_000);
        assert_eq!(wait_ms((6, 100), FREE_PER_ACCOUNT, 2_100), 0);
        assert_eq!(wait_ms((6, 5_000), FREE_PER_ACCOUNT, 100), 2_000, "the clock was set back");
    }
}

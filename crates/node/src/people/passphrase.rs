//! Passphrases: how long they are, and how they are kept so that whoever reads the database does not learn them.

use argon2::{Algorithm, Argon2, Params, Version};
use oplog::id::{hash, hex, unhex};

use crate::{Entropy, NodeError, Result};

/// The fewest letters of a passphrase.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// The most letters of a passphrase.
pub const PASSPHRASE_CHARS_MAX: usize = 256;

/// Memory of one hash, in KiB: 19 MiB, with [`PASSES`] and [`LANES`] as OWASP's password storage page has them first.
const MEMORY_KIB: u32 = 19_456;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes in parallel.
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// A passphrase as it is kept: parameters, salt and hash. Making one takes time and memory, so no lock is held meanwhile.
#[derive(Clone, Debug)]
pub struct Passphrase(String);

impl Passphrase {
    /// Hashes a passphrase that is long enough.
    ///
    /// # Errors
    /// It is too short or too long.
    pub fn choose(passphrase: &str) -> Result<Self> {
        let count = passphrase.chars().count();
        if !(PASSPHRASE_CHARS_MIN..=PASSPHRASE_CHARS_MAX).contains(&count) {
            return Err(NodeError::People("a passphrase has between 12 and 256 letters"));
        }
        let salt = Entropy::System.salt();
        let hash = stretch(passphrase, &salt, (MEMORY_KIB, PASSES, LANES))
            .ok_or(NodeError::People("the passphrase could not be hashed"))?;
        Ok(Self(format!("argon2id:{MEMORY_KIB}:{PASSES}:{LANES}:{}:{}", hex(&salt), hex(&hash))))
    }

    /// What the database keeps.
    pub(super) fn kept(&self) -> &str {
        &self.0
    }
}

/// Whether a passphrase is the one that was kept. Where none was kept the answer takes as long and is no.
pub(super) fn is_kept(kept: &str, passphrase: &str) -> bool {
    // Nobody chose one as long, and hashing it would take as long as whoever sent it likes.
    if passphrase.chars().count() > PASSPHRASE_CHARS_MAX {
        return false;
    }
    let Some((costs, salt, hash)) = read(kept) else {
        let _as_long = stretch(passphrase, &[0; SALT_BYTES], (MEMORY_KIB, PASSES, LANES));
        return false;
    };
    // Digests are compared, so that the time it takes tells nothing.
    let digest = |bytes: &[u8]| oplog::id::hash("peygir/passphrase-compared/0", &[bytes]);
    stretch(passphrase, &salt, costs).is_some_and(|found| digest(&found) == digest(&hash))
}

type Kept = ((u32, u32, u32), [u8; SALT_BYTES], [u8; HASH_BYTES]);

fn read(kept: &str) -> Option<Kept> {
    let mut parts = kept.strip_prefix("argon2id:")?.split(':');
    let mut number = || parts.next()?.parse().ok();
    let costs = (number()?, number()?, number()?);
    let salt = unhex(parts.next()?)?.try_into().ok()?;
    let hash = unhex(parts.next()?)?.try_into().ok()?;
    Some((costs, salt, hash))
}

fn stretch(
    passphrase: &str,
    salt: &[u8],
    (memory_kib, passes, lanes): (u32, u32, u32),
) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).ok()?;
    let mut found = [0; HASH_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.as_bytes(), salt, &mut found).ok()?;
    Some(found)
}

/// The name under which failures of a subject are kept.
pub(super) fn subject(kind: &str, of: &str) -> [u8; 32] {
    hash("peygir/failed-try/0", &[kind.as_bytes(), of.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_known_again_and_no_other_is() {
        let kept = Passphrase::choose("سه اسب سپید و یک قایق").unwrap();
        assert!(is_kept(kept.kept(), "سه اسب سپید و یک قایق"));
        for other in ["", "سه اسب سپید و یک قایق ", "three white horses"] {
            assert!(!is_kept(kept.kept(), other), "{other}");
        }
        assert_ne!(kept.kept(), Passphrase::choose("سه اسب سپید و یک قایق").unwrap().kept(), "salted");
        assert!(!is_kept("", "") && !is_kept("argon2id:1:1", "x") && !is_kept(kept.kept(), &"x".repeat(300)));
    }

    #[test]
    fn a_passphrase_is_neither_short_nor_endless() {
        assert!(Passphrase::choose("eleven lett").is_err());
        assert!(Passphrase::choose("twelve lette").is_ok());
        assert!(Passphrase::choose(&"ی".repeat(256)).is_ok());
        assert!(Passphrase::choose(&"x".repeat(257)).is_err());
    }
}

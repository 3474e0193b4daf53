//! Any bytes as an identity log, an introduction or a fork proof.

use agreement::Introduction;
use oplog::{ForkProof, IdentityLog, SpaceId, from_bytes, to_bytes};

/// Whether `data` is any of them.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    log(data) | introduction(data) | proof(data)
}

fn log(data: &[u8]) -> bool {
    let Ok(log) = IdentityLog::from_bytes(data) else { return false };
    assert_eq!(to_bytes(&log), data, "a log has two encodings");
    let hashes = log.hashes();
    assert_eq!(hashes.len(), log.revisions().len());
    assert_eq!(hashes[0].0, log.party().0, "the party is its first revision");
    let newest = &log.newest().guardians;
    let keys = newest.keys.len() as u64;
    assert!(newest.threshold <= keys && newest.threshold * 2 > keys, "a threshold of half");
    // What holds, holds without its last revision.
    let shorter = &log.revisions()[..log.revisions().len() - 1];
    assert!(shorter.is_empty() || IdentityLog::new(shorter.to_vec()).is_ok());
    true
}

fn introduction(data: &[u8]) -> bool {
    let Ok(introduction) = from_bytes::<Introduction>(data) else { return false };
    assert_eq!(to_bytes(&introduction), data, "an introduction has two encodings");
    let spaces = [SpaceId::ZERO, SpaceId([0x55; 32])];
    let holds = spaces.iter().filter(|space| introduction.check(**space).is_ok()).count();
    assert!(holds < 2 || introduction.signatures.len() >= 4, "one grant for two spaces");
    true
}

fn proof(data: &[u8]) -> bool {
    let Ok(proof) = from_bytes::<ForkProof>(data) else { return false };
    assert_eq!(to_bytes(&proof), data, "a proof has two encodings");
    std::hint::black_box(proof.check()).ok();
    true
}

//! Any bytes as a message: what is read is written the same, and a proof in it can be checked.

use oplog::sync::{Frame, read, write};

/// Whether `data` is a message of at least one frame.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    let Ok(frames) = read(data) else { return false };
    assert_eq!(write(&frames), data, "a message has two encodings");
    for frame in &frames {
        if let Frame::Proof(proof) = frame
            && let Ok([one, two]) = proof.check()
        {
            assert!(one < two, "a proof of one entry");
        }
    }
    !frames.is_empty()
}

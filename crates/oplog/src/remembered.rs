//! Signatures that were found good, remembered: guardians' signatures are met again in each fold of a space's record,
//! and to hash one is a fiftieth of checking it again.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::id::hash;
use crate::key::{PublicKey, Signature};

/// The most signatures that a thread remembers; then it begins anew.
const REMEMBERED_MAX: usize = 4_096;

thread_local! {
    static GOOD: RefCell<HashSet<[u8; 32]>> = RefCell::default();
}

/// As [`PublicKey::verifies`], for what is asked again and again. Only signatures that hold are remembered, by a hash of
/// everything that decided, so the answer is the same.
pub(crate) fn verifies(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    let all = hash("peygir/remembered/0", &[&key.to_wire(), &signature.0, message]);
    if GOOD.with_borrow(|good| good.contains(&all)) {
        return true;
    }
    let holds = key.verifies(message, signature);
    if holds {
        GOOD.with_borrow_mut(|good| {
            if good.len() >= REMEMBERED_MAX {
                good.clear();
            }
            good.insert(all);
        });
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Secret;

    #[test]
    fn a_signature_holds_the_second_time_as_the_first_and_another_never() {
        let secret = Secret::from_seed(&[7; 32]);
        let (key, signature) = (secret.public(), secret.sign(b"words"));
        for _ in 0..2 {
            assert!(verifies(&key, b"words", &signature));
            assert!(!verifies(&key, b"other words", &signature));
            assert!(!verifies(&Secret::from_seed(&[8; 32]).public(), b"words", &signature));
        }
    }
}

//! Tables with an end: what outsiders can fill never grows past a named limit.

use std::collections::BTreeMap;
use std::net::IpAddr;

use node::oplog::PublicKey;

/// The most nonces that wait to be used.
pub(crate) const NONCES_MAX: usize = 4_096;
/// How long a nonce holds, in milliseconds.
pub(crate) const NONCE_MS: u64 = 60_000;
/// The most addresses whose requests are counted at a time.
const ADDRESSES_MAX: usize = 4_096;
/// How long requests are counted before the count starts again, in milliseconds.
const WINDOW_MS: u64 = 60_000;
/// The most requests of one address in one window.
pub(crate) const REQUESTS_MAX: u32 = 600;

/// Nonces that were handed out and not used.
#[derive(Default)]
pub(crate) struct Nonces {
    open: BTreeMap<[u8; 32], (PublicKey, u64)>,
}

impl Nonces {
    /// Notes a nonce for `from`. Gives whether there was room for it.
    pub(crate) fn add(&mut self, nonce: [u8; 32], from: PublicKey, now_ms: u64) -> bool {
        if self.open.len() >= NONCES_MAX {
            self.open.retain(|_, (_, until_ms)| *until_ms > now_ms);
        }
        let room = self.open.len() < NONCES_MAX;
        if room {
            self.open.insert(nonce, (from, now_ms.saturating_add(NONCE_MS)));
        }
        room
    }

    /// Uses a nonce up. Gives whether it was issued to `from` and still held.
    pub(crate) fn spend(&mut self, nonce: &[u8; 32], from: PublicKey, now_ms: u64) -> bool {
        // Whoever presents a nonce that is not its own does not use up that of another.
        let held = self.open.get(nonce).is_some_and(|(to, until_ms)| *to == from && *until_ms > now_ms);
        if held {
            self.open.remove(nonce);
        }
        held
    }
}

/// How much each address has asked of late.
#[derive(Default)]
pub(crate) struct Rates {
    seen: BTreeMap<IpAddr, (u64, u32)>,
}

impl Rates {
    /// Counts one request. Gives whether the address may make it.
    pub(crate) fn allows(&mut self, address: IpAddr, now_ms: u64) -> bool {
        let is_over = |since_ms: u64| now_ms.saturating_sub(since_ms) >= WINDOW_MS || since_ms > now_ms;
        if self.seen.len() >= ADDRESSES_MAX && !self.seen.contains_key(&address) {
            self.seen.retain(|_, (since_ms, _)| !is_over(*since_ms));
            if self.seen.len() >= ADDRESSES_MAX {
                return false;
            }
        }
        let (since_ms, count) = self.seen.entry(address).or_insert((now_ms, 0));
        if is_over(*since_ms) {
            (*since_ms, *count) = (now_ms, 0);
        }
        *count = count.saturating_add(1);
        *count <= REQUESTS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use node::oplog::Secret;

    #[test]
    fn a_nonce_is_good_once_for_the_one_it_was_given_to_and_for_a_minute() {
        let (us, them) = (Secret::from_seed(&[1; 32]).public(), Secret::from_seed(&[2; 32]).public());
        let mut nonces = Nonces::default();
        assert!(nonces.add([7; 32], us, 0) && nonces.add([8; 32], us, 0));
        assert!(!nonces.spend(&[7; 32], them, 1), "another's");
        assert!(nonces.spend(&[7; 32], us, 1));
        assert!(!nonces.spend(&[7; 32], us, 1), "twice");
        assert!(!nonces.spend(&[8; 32], us, NONCE_MS), "too late");
    }

    #[test]
    fn a_full_table_of_nonces_takes_no_more_until_some_have_expired() {
        let us = Secret::from_seed(&[1; 32]).public();
        let mut nonces = Nonces::default();
        for number in 0..NONCES_MAX {
            let mut nonce = [0; 32];
            nonce[..8].copy_from_slice(&(number as u64).to_be_bytes());
            assert!(nonces.add(nonce, us, 0));
        }
        assert!(!nonces.add([9; 32], us, 1));
        assert!(nonces.add([9; 32], us, NONCE_MS));
    }

    #[test]
    fn an_address_waits_for_the_next_window_and_a_full_table_turns_newcomers_away() {
        let mut rates = Rates::default();
        let address = |number: u32| IpAddr::from(number.to_be_bytes());
        assert!((0..REQUESTS_MAX).all(|_| rates.allows(address(1), 0)));
        assert!(!rates.allows(address(1), 0));
        assert!(rates.allows(address(2), 0));
        assert!(rates.allows(address(1), WINDOW_MS));
        assert!((2..=4_096).all(|number| rates.allows(address(number), WINDOW_MS + 1)));
        assert!(!rates.allows(address(9_999), WINDOW_MS + 2));
        assert!(rates.allows(address(9_999), 2 * WINDOW_MS));
    }
}

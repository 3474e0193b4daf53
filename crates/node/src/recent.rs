//! A bounded memory of what was looked up last.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Keeps at least the last `half` things that were put in or found, and at most twice as many: when the younger half is
/// full the older one is forgotten.
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    half: usize,
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub(crate) fn new(half: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half }
    }

    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.put(key, value.clone());
        Some(value)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(10);
        for number in 0..1_000_u32 {
            recent.put(number, number);
            assert_eq!(recent.get(&0), Some(0));
        }
        assert_eq!(recent.get(&995), Some(995));
        assert_eq!(recent.get(&900), None);
        assert!(recent.young.len() + recent.old.len() <= 20);
    }
}

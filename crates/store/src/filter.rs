//! Tells of most things that are not in an index that they are not, without looking: a Bloom filter in memory.

use std::cell::RefCell;

use crate::{Result, Store};

/// What a column of hashes may hold, read from the database when it is first asked for.
pub(crate) struct Known {
    /// Gives how many rows there are.
    count: &'static str,
    /// Gives the column of every row.
    all: &'static str,
    filter: RefCell<Option<Filter>>,
}

impl Known {
    pub(crate) fn new(count: &'static str, all: &'static str) -> Self {
        Self { count, all, filter: RefCell::default() }
    }

    /// Notes that a row with this hash was added. One that is rolled back again is no harm: it is looked for in vain.
    pub(crate) fn put(&self, hash: i64) {
        if let Some(filter) = self.filter.borrow_mut().as_mut() {
            filter.put(hash);
        }
    }

    /// Whether a row may have this hash.
    pub(crate) fn may_hold(&self, store: &Store, hash: i64) -> Result<bool> {
        let mut filter = self.filter.borrow_mut();
        if let Some(filter) = filter.as_ref().filter(|filter| !filter.is_full()) {
            return Ok(filter.may_hold(hash));
        }
        let count = store.first(self.count, &[], |row| row.uint(0))?.unwrap_or_default();
        let mut read = Filter::for_twice(usize::try_from(count).unwrap_or(usize::MAX));
        store.for_each(self.all, &[], |row| {
            read.put(row.int(0)?);
            Ok(())
        })?;
        Ok(filter.insert(read).may_hold(hash))
    }
}

/// How many bits of memory each thing has when the filter is full.
const BITS_EACH: usize = 16;
/// In how many bits each thing shows.
const PROBES: u64 = 4;
/// The least bits of a filter.
const BITS_MIN: usize = 1 << 16;
/// The most bits of a filter, 8 MiB: over four million things it errs more often, and looks in vain.
const BITS_MAX: usize = 1 << 26;

/// A set of which it is only known what is surely not in it. What goes into it are bits of a hash.
struct Filter {
    words: Vec<u64>,
    len: usize,
}

impl Filter {
    /// An empty filter with room for twice as many things as there are.
    fn for_twice(things: usize) -> Self {
        let bits = things.saturating_mul(2 * BITS_EACH).clamp(BITS_MIN, BITS_MAX).next_power_of_two();
        Self { words: vec![0; bits / 64], len: 0 }
    }

    /// Whether more went into it than it has room for, and a larger one can be made.
    fn is_full(&self) -> bool {
        let bits = self.words.len() * 64;
        bits < BITS_MAX && self.len * BITS_EACH > bits
    }

    fn bits(&self, hash: i64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let mask = self.words.len() as u64 * 64 - 1;
        // 48 bits of a hash: two numbers of 24 bits, spread over all 64.
        let hash = hash.unsigned_abs();
        let (one, other) = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15), hash.rotate_right(24) | 1);
        (0..PROBES).map(move |probe| {
            let bit = (one >> 20).wrapping_add(probe.wrapping_mul(other)) & mask;
            (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
        })
    }

    /// Puts a thing in by its hash.
    fn put(&mut self, hash: i64) {
        for (word, bit) in self.bits(hash) {
            self.words[word] |= bit;
        }
        self.len += 1;
    }

    /// Whether the thing with this hash may have been put in.
    fn may_hold(&self, hash: i64) -> bool {
        self.bits(hash).all(|(word, bit)| self.words[word] & bit != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::spread;

    fn hash(number: u64) -> i64 {
        spread(&oplog::id::hash("test", &[&number.to_be_bytes()]))
    }

    #[test]
    fn what_was_put_in_may_be_there_and_almost_nothing_else() {
        let mut filter = Filter::for_twice(10_000);
        (0..20_000).for_each(|number| filter.put(hash(number)));
        assert!((0..20_000).all(|number| filter.may_hold(hash(number))));
        let wrong = (20_000..120_000).filter(|number| filter.may_hold(hash(*number))).count();
        assert!(wrong < 600, "{wrong} of 100,000");
    }

    #[test]
    fn a_filter_is_full_when_more_is_in_it_than_it_has_room_for() {
        let mut filter = Filter::for_twice(0);
        let room = BITS_MIN / BITS_EACH;
        (0..room as u64).for_each(|number| filter.put(hash(number)));
        assert!(!filter.is_full());
        filter.put(hash(0));
        assert!(filter.is_full());
    }
}

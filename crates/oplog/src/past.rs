//! What an entry had seen: its causal past, one number per line, and its place in the one total order.
//!
//! A *line* is a run of one key's entries without a fork in it. The first branch that a node meets and every
//! further one get line numbers of their own. The numbers are local to a node; what follows from them is not.

use crate::id::EntryId;

/// A node's number for a line within one space.
pub type Line = u32;

/// A causal past: for each line, how many of its entries (by seq + 1) were seen. Sorted by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past(Vec<(Line, u64)>);

impl Past {
    /// Whether the entry at `seq` of `line` is in this past.
    #[must_use]
    pub fn sees(&self, line: Line, seq: u64) -> bool {
        self.reach(line) > seq
    }

    /// The number of the first entry of `line` that is *not* in this past.
    #[must_use]
    pub fn reach(&self, line: Line) -> u64 {
        self.0.binary_search_by_key(&line, |(line, _)| *line).map_or(0, |at| self.0[at].1)
    }

    /// Adds the entry at `seq` of `line`.
    pub fn add(&mut self, line: Line, seq: u64) {
        match self.0.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(at) => self.0[at].1 = self.0[at].1.max(seq + 1),
            Err(at) => self.0.insert(at, (line, seq + 1)),
        }
    }

    /// Adds all of another past.
    pub fn join(&mut self, other: &Self) {
        let mut at = 0;
        for &(line, reach) in &other.0 {
            at += self.0[at..].iter().take_while(|(held, _)| *held < line).count();
            match self.0.get_mut(at) {
                Some((held, most)) if *held == line => *most = reach.max(*most),
                _ => self.0.insert(at, (line, reach)),
            }
        }
    }

    /// The lines and their reach, by line.
    pub fn lines(&self) -> impl Iterator<Item = (Line, u64)> + '_ {
        self.0.iter().copied()
    }

    /// A compact form for a database: pairs of variable-length integers.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut packed = Vec::with_capacity(self.0.len() * 4);
        for &(line, reach) in &self.0 {
            for mut value in [u64::from(line), reach] {
                while value > 0x7f {
                    packed.push(0x80 | (value & 0x7f).to_le_bytes()[0]);
                    value >>= 7;
                }
                packed.push(value.to_le_bytes()[0]);
            }
        }
        packed
    }

    /// The inverse of [`Past::pack`]; `None` when the bytes are damaged.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let mut bytes = packed.iter();
        let mut lines = Vec::new();
        while !bytes.as_slice().is_empty() {
            let line = Line::try_from(varint(&mut bytes)?).ok()?;
            lines.push((line, varint(&mut bytes)?));
        }
        lines.is_sorted_by(|a, b| a.0 < b.0).then_some(Self(lines))
    }
}

fn varint(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.next()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Where an entry stands in the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Its line.
    pub line: Line,
    /// Its number in its chain.
    pub seq: u64,
    /// One more than the deepest entry it names; a genesis has 1.
    pub depth: u64,
    /// All it had seen, itself included.
    pub past: Past,
}

impl Position {
    /// The position of an entry at `seq` of `line` that names the entries at `named` (its `prev` and `deps`).
    #[must_use]
    pub fn after(line: Line, seq: u64, named: &[&Self]) -> Self {
        let widest = named.iter().max_by_key(|position| position.past.0.len());
        let mut past = widest.map(|position| position.past.clone()).unwrap_or_default();
        named.iter().for_each(|position| past.join(&position.past));
        past.add(line, seq);
        let depth = 1 + named.iter().map(|position| position.depth).max().unwrap_or(0);
        Self { line, seq, depth, past }
    }
}

/// The one total order in which entries are folded: depth, then id. It extends causality and never asks a clock.
#[must_use]
pub fn fold_key(depth: u64, id: EntryId) -> (u64, EntryId) {
    (depth, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_holds_what_it_was_given_and_survives_packing() {
        let mut past = Past::default();
        past.add(7, 300);
        past.add(2, 0);
        past.add(7, 5);
        assert!(past.sees(7, 300) && past.sees(2, 0));
        assert!(!past.sees(7, 301) && !past.sees(2, 1) && !past.sees(3, 0));
        assert_eq!(Past::unpack(&past.pack()), Some(past));
        assert_eq!(Past::unpack(&[0x80]), None);
    }

    #[test]
    fn joined_pasts_reach_as_far_as_either_in_every_line() {
        let past = |lines: &[(Line, u64)]| {
            let mut past = Past::default();
            lines.iter().for_each(|(line, seq)| past.add(*line, *seq));
            past
        };
        let (one, other) =
            (past(&[(1, 5), (3, 2), (9, 9)]), past(&[(0, 1), (1, 4), (3, 7), (5, 0), (11, 3)]));
        let both = past(&[(0, 1), (1, 5), (3, 7), (5, 0), (9, 9), (11, 3)]);
        for (mut left, right) in [(one.clone(), &other), (other.clone(), &one), (both.clone(), &one)] {
            left.join(right);
            assert_eq!(left, both);
        }
    }

    #[test]
    fn an_entry_is_deeper_than_all_it_names() {
        let genesis = Position::after(0, 0, &[]);
        let other = Position::after(1, 0, &[&genesis]);
        let both = Position::after(0, 1, &[&genesis, &other]);
        assert_eq!((genesis.depth, other.depth, both.depth), (1, 2, 3));
        assert!(both.past.sees(1, 0) && !other.past.sees(0, 1));
    }
}

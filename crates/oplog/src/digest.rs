//! One digest over many object states: a tree keyed by object id, kept up to date as objects change.
//!
//! The digest of no object is 32 zero bytes; of one object its leaf; of several the hash of the digests of the
//! sixteen groups that the next hexadecimal digit of their ids makes. So it depends on the set alone.

use crate::id::{Digest, ObjectId, hash};

/// The leaf of one object: its id and its encoded state.
#[must_use]
pub fn leaf(object: ObjectId, state: &[u8]) -> [u8; 32] {
    hash("peygir/leaf/0", &[&object.0, state])
}

/// The most objects that lie in one list; more are divided by the next digit of their ids.
const FEW_MAX: usize = 32;

type Leaf = (ObjectId, [u8; 32]);
type Kept = Option<[u8; 32]>;

/// The objects whose ids begin alike, with their digest while it is known.
enum Node {
    /// By id.
    Few(Vec<Leaf>, Kept),
    /// So many, by the next digit.
    Many(Box<[Self; 16]>, usize, Kept),
}

impl Default for Node {
    fn default() -> Self {
        Self::Few(Vec::new(), None)
    }
}

/// The digests of one space's objects.
#[derive(Default)]
pub struct Digests(Node);

fn digit(object: ObjectId, level: usize) -> usize {
    let byte = object.0[level / 2];
    usize::from(if level.is_multiple_of(2) { byte >> 4 } else { byte & 15 })
}

fn digest_of_groups(groups: &[[u8; 32]; 16]) -> [u8; 32] {
    hash("peygir/tree/0", &[groups.as_flattened()])
}

/// The digest of objects, by id, whose ids are alike in the digits before `level`.
fn digest_of(leaves: &[Leaf], level: usize) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [(_, leaf)] => *leaf,
        _ => {
            let mut rest = leaves;
            digest_of_groups(&std::array::from_fn(|group| {
                let (here, after) = rest.split_at(rest.partition_point(|(id, _)| digit(*id, level) <= group));
                rest = after;
                digest_of(here, level + 1)
            }))
        }
    }
}

impl Node {
    /// Sets a leaf and gives whether its object is new.
    fn set(&mut self, level: usize, object: ObjectId, leaf: [u8; 32]) -> bool {
        match self {
            Self::Few(leaves, kept) => {
                *kept = None;
                match leaves.binary_search_by_key(&object, |(id, _)| *id) {
                    Ok(at) => {
                        leaves[at].1 = leaf;
                        return false;
                    }
                    Err(at) => leaves.insert(at, (object, leaf)),
                }
                if leaves.len() > FEW_MAX {
                    let (len, mut groups) = (leaves.len(), Box::<[Self; 16]>::default());
                    for (object, leaf) in leaves.drain(..) {
                        groups[digit(object, level)].set(level + 1, object, leaf);
                    }
                    *self = Self::Many(groups, len, None);
                }
                true
            }
            Self::Many(groups, len, kept) => {
                *kept = None;
                let is_new = groups[digit(object, level)].set(level + 1, object, leaf);
                *len += usize::from(is_new);
                is_new
            }
        }
    }

    /// Takes an object out and gives whether it was there.
    fn remove(&mut self, level: usize, object: ObjectId) -> bool {
        match self {
            Self::Few(leaves, kept) => {
                let Ok(at) = leaves.binary_search_by_key(&object, |(id, _)| *id) else { return false };
                *kept = None;
                leaves.remove(at);
                true
            }
            Self::Many(groups, len, kept) => {
                if !groups[digit(object, level)].remove(level + 1, object) {
                    return false;
                }
                (*kept, *len) = (None, *len - 1);
                // So that what is left of many is as small as what never were more.
                if *len <= FEW_MAX / 2 {
                    let mut leaves = Vec::with_capacity(FEW_MAX / 2);
                    groups.iter_mut().for_each(|group| group.take(&mut leaves));
                    *self = Self::Few(leaves, None);
                }
                true
            }
        }
    }

    /// Moves all leaves to the end of `to`, by id.
    fn take(&mut self, to: &mut Vec<Leaf>) {
        match self {
            Self::Few(leaves, _) => to.append(leaves),
            Self::Many(groups, ..) => groups.iter_mut().for_each(|group| group.take(to)),
        }
    }

    fn root(&mut self, level: usize) -> [u8; 32] {
        match self {
            Self::Few(_, Some(kept)) | Self::Many(_, _, Some(kept)) => *kept,
            Self::Few(leaves, kept) => *kept.insert(digest_of(leaves, level)),
            // There are more than one, so it is no leaf.
            Self::Many(groups, _, kept) => {
                let digests = std::array::from_fn(|group| groups[group].root(level + 1));
                *kept.insert(digest_of_groups(&digests))
            }
        }
    }
}

impl Digests {
    /// Sets the leaf of one object.
    pub fn set(&mut self, object: ObjectId, leaf: [u8; 32]) {
        let _is_new = self.0.set(0, object, leaf);
    }

    /// Takes one object out.
    pub fn remove(&mut self, object: ObjectId) {
        let _was_there = self.0.remove(0, object);
    }

    /// The digest over all; only what changed since the last call is hashed again.
    #[must_use]
    pub fn root(&mut self) -> Digest {
        Digest(self.0.root(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(seed: u64) -> ObjectId {
        ObjectId(hash("test", &[&seed.to_le_bytes()]))
    }

    #[test]
    fn the_root_depends_on_the_set_and_not_on_its_order() {
        let (mut up, mut down) = (Digests::default(), Digests::default());
        (0..500).for_each(|seed| up.set(object(seed), leaf(object(seed), b"state")));
        (0..500).rev().for_each(|seed| down.set(object(seed), leaf(object(seed), b"older")));
        assert_ne!(up.root(), down.root());
        (0..500).for_each(|seed| down.set(object(seed), leaf(object(seed), b"state")));
        assert_eq!(up.root(), down.root());
    }

    #[test]
    fn an_object_that_was_taken_out_leaves_no_trace() {
        let (mut few, mut many) = (Digests::default(), Digests::default());
        (0..40).for_each(|seed| few.set(object(seed), leaf(object(seed), b"state")));
        (0..400).for_each(|seed| many.set(object(seed), leaf(object(seed), b"state")));
        (40..400).for_each(|seed| many.remove(object(seed)));
        assert_eq!(few.root(), many.root());
    }

    /// The digest by its definition alone.
    fn defined(leaves: &std::collections::BTreeMap<ObjectId, [u8; 32]>) -> Digest {
        fn of(level: usize, leaves: &[Leaf]) -> [u8; 32] {
            match leaves {
                [] => [0; 32],
                [(_, leaf)] => *leaf,
                _ => {
                    let group = |digit: u8| {
                        let hex = format!("{digit:x}");
                        let begins = |leaf: &&Leaf| leaf.0.to_string()[level..].starts_with(&hex);
                        of(level + 1, &leaves.iter().filter(begins).copied().collect::<Vec<_>>())
                    };
                    hash("peygir/tree/0", &[(0..16).map(group).collect::<Vec<_>>().concat().as_slice()])
                }
            }
        }
        Digest(of(0, &leaves.iter().map(|(id, leaf)| (*id, *leaf)).collect::<Vec<_>>()))
    }

    #[test]
    fn the_root_is_what_the_definition_gives_while_objects_come_change_and_go() {
        let (mut digests, mut leaves) = (Digests::default(), std::collections::BTreeMap::new());
        for step in 0..1_500_u64 {
            // Many come at first and most go at last, through every size where lists divide and join.
            let id = object(u64::from(hash("step", &[&step.to_le_bytes()])[0]) % 200 + 200 * (step % 3));
            if step % 7 < step / 250 {
                digests.remove(id);
                leaves.remove(&id);
            } else {
                let value = leaf(id, &step.to_le_bytes());
                digests.set(id, value);
                leaves.insert(id, value);
            }
            if step % 10 == 0 {
                assert_eq!(digests.root(), defined(&leaves), "step {step}");
            }
        }
        for id in leaves.keys().copied().collect::<Vec<_>>() {
            digests.remove(id);
            leaves.remove(&id);
            assert_eq!(digests.root(), defined(&leaves));
        }
        assert_eq!(digests.root(), Digest::ZERO);
    }

    #[test]
    fn nothing_is_zeros_and_one_object_is_its_leaf() {
        let mut digests = Digests::default();
        assert_eq!(digests.root(), Digest::ZERO);
        digests.set(object(1), [7; 32]);
        assert_eq!(digests.root(), Digest([7; 32]));
    }
}

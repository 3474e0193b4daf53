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

#[derive(Default)]
enum Node {
    #[default]
    Empty,
    Leaf(ObjectId, [u8; 32]),
    Branch(Box<[Self; 16]>, Option<[u8; 32]>),
}

/// The digests of one space's objects.
#[derive(Default)]
pub struct Digests(Node);

fn digit(object: ObjectId, level: usize) -> usize {
    let byte = object.0[level / 2];
    usize::from(if level.is_multiple_of(2) { byte >> 4 } else { byte & 15 })
}

impl Node {
    fn set(&mut self, level: usize, object: ObjectId, leaf: [u8; 32]) {
        match self {
            Self::Empty => *self = Self::Leaf(object, leaf),
            Self::Leaf(held, value) if *held == object => *value = leaf,
            Self::Leaf(held, value) => {
                let (held, value) = (*held, *value);
                let mut branch = Self::Branch(Box::default(), None);
                branch.set(level, held, value);
                branch.set(level, object, leaf);
                *self = branch;
            }
            Self::Branch(children, cached) => {
                *cached = None;
                children[digit(object, level)].set(level + 1, object, leaf);
            }
        }
    }

    fn remove(&mut self, level: usize, object: ObjectId) {
        match self {
            Self::Empty => {}
            Self::Leaf(held, _) => {
                if *held == object {
                    *self = Self::Empty;
                }
            }
            Self::Branch(children, cached) => {
                *cached = None;
                children[digit(object, level)].remove(level + 1, object);
                // A branch over one object is that object's leaf: the shape follows from the set alone.
                let mut held = children.iter_mut().filter(|child| !matches!(child, Self::Empty));
                if let (Some(only), None) = (held.next(), held.next())
                    && matches!(only, Self::Leaf(..))
                {
                    *self = std::mem::take(only);
                }
            }
        }
    }

    fn root(&mut self) -> [u8; 32] {
        match self {
            Self::Empty => [0; 32],
            Self::Leaf(_, leaf) => *leaf,
            Self::Branch(_, Some(cached)) => *cached,
            Self::Branch(children, cached) => {
                let groups = std::array::from_fn::<_, 16, _>(|at| children[at].root());
                *cached.insert(hash("peygir/tree/0", &[groups.as_flattened()]))
            }
        }
    }
}

impl Digests {
    /// Sets the leaf of one object.
    pub fn set(&mut self, object: ObjectId, leaf: [u8; 32]) {
        self.0.set(0, object, leaf);
    }

    /// Takes one object out.
    pub fn remove(&mut self, object: ObjectId) {
        self.0.remove(0, object);
    }

    /// The digest over all; only what changed since the last call is hashed again.
    #[must_use]
    pub fn root(&mut self) -> Digest {
        Digest(self.0.root())
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

    #[test]
    fn nothing_is_zeros_and_one_object_is_its_leaf() {
        let mut digests = Digests::default();
        assert_eq!(digests.root(), Digest::ZERO);
        digests.set(object(1), [7; 32]);
        assert_eq!(digests.root(), Digest([7; 32]));
    }
}

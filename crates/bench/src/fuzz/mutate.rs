//! Small changes to good inputs, the same ones for the same seed: what the ordinary test run tries.

use crate::chance::Chance;

/// Values at which encodings change their form.
const EDGES: [u8; 16] =
    [0x00, 0x01, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x20, 0x40, 0x58, 0x7f, 0x80, 0x9f, 0xf6, 0xfb, 0xff];
/// The most changes to one input.
const CHANGES_MAX: usize = 4;

/// `input` after a few changes; `other` is an input to borrow from.
#[must_use]
pub fn mutated(input: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(CHANGES_MAX) {
        change(&mut bytes, other, chance);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(bytes.len());
    let end = (at + 1 + chance.below(40)).min(bytes.len());
    match chance.below(8) {
        0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
        2 if !bytes.is_empty() => bytes[at] = EDGES[chance.below(EDGES.len())],
        3 if !bytes.is_empty() => bytes[at] = bytes[at].wrapping_add(1),
        4 if !bytes.is_empty() => drop(bytes.drain(at..end)),
        5 if !bytes.is_empty() => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        6 => {
            let from = chance.below(other.len());
            let to = (from + 1 + chance.below(80)).min(other.len());
            let to_replace = at..(at + to.saturating_sub(from)).min(bytes.len());
            bytes.splice(to_replace, other[from.min(to)..to].to_vec());
        }
        _ => bytes.insert(at.min(bytes.len()), EDGES[chance.below(EDGES.len())]),
    }
}

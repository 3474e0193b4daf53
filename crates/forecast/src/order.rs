//! The order in which everything comes after what it waits for, or the cycle that forbids one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Edges grouped by one end: those of `row` lie at `offsets[row]..offsets[row + 1]`.
pub(crate) struct Grouped {
    offsets: Vec<u32>,
    /// Places in the list of edges, within a group in the order of that list.
    edges: Vec<u32>,
}

impl Grouped {
    /// Groups edges by the end that `end` gives, which is below `rows`.
    pub(crate) fn by(rows: usize, ends: impl Iterator<Item = u32> + Clone) -> Self {
        let mut offsets = vec![0u32; rows + 1];
        for end in ends.clone() {
            offsets[end as usize + 1] += 1;
        }
        for row in 0..rows {
            offsets[row + 1] += offsets[row];
        }
        let mut free = offsets.clone();
        let mut edges = vec![0; offsets[rows] as usize];
        for (edge, end) in (0u32..).zip(ends) {
            edges[free[end as usize] as usize] = edge;
            free[end as usize] += 1;
        }
        Self { offsets, edges }
    }

    pub(crate) fn of(&self, row: usize) -> &[u32] {
        &self.edges[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }

    pub(crate) fn into_parts(self) -> (Vec<u32>, Vec<u32>) {
        (self.offsets, self.edges)
    }
}

/// All of `0..rows`, each after what it waits for and otherwise in the order of their numbers, so that a list
/// that is in order already stays as it is.
///
/// # Errors
/// One cycle, from its smallest number on; each waits for the one before it.
pub(crate) fn topological(rows: usize, edges: &[(u32, u32)]) -> Result<Vec<u32>, Vec<u32>> {
    let out = Grouped::by(rows, edges.iter().map(|edge| edge.0));
    let mut waits_for = vec![0u32; rows];
    for (_, to) in edges {
        waits_for[*to as usize] += 1;
    }
    let mut ready: BinaryHeap<_> =
        (0u32..).zip(&waits_for).filter(|(_, count)| **count == 0).map(|(row, _)| Reverse(row)).collect();
    let mut order = Vec::with_capacity(rows);
    while let Some(Reverse(row)) = ready.pop() {
        order.push(row);
        for edge in out.of(row as usize) {
            let to = edges[*edge as usize].1;
            waits_for[to as usize] -= 1;
            if waits_for[to as usize] == 0 {
                ready.push(Reverse(to));
            }
        }
    }
    if order.len() == rows { Ok(order) } else { Err(cycle(rows, edges, &waits_for)) }
}

/// A cycle among the rows that still wait: going back from any of them never ends, so it meets itself.
fn cycle(rows: usize, edges: &[(u32, u32)], waits_for: &[u32]) -> Vec<u32> {
    let is_stuck = |row: u32| waits_for[row as usize] > 0;
    let mut before = vec![None; rows];
    for (from, to) in edges.iter().filter(|(from, to)| is_stuck(*from) && is_stuck(*to)) {
        before[*to as usize].get_or_insert(*from);
    }
    let mut row = (0u32..).zip(waits_for).find(|(_, count)| **count > 0).map_or(0, |(row, _)| row);
    let mut seen_at = vec![None; rows];
    let mut path = Vec::new();
    while seen_at[row as usize].is_none() {
        seen_at[row as usize] = Some(path.len());
        path.push(row);
        row = before[row as usize].expect("what is stuck waits for something that is stuck");
    }
    let mut path = path.split_off(seen_at[row as usize].expect("the loop ends on a row it has seen"));
    path.reverse();
    let smallest = (0..path.len()).min_by_key(|at| path[*at]).unwrap_or(0);
    path.rotate_left(smallest);
    path
}

//! Parents before children: whoever sends a chain backwards costs no more than who sends it as it was signed.

use std::collections::HashMap;

use oplog::EntryId;

use crate::pending::{Arriving, Form};

/// What an entry is and names; `None` when it does not decode, so that nothing can wait for it.
fn names(arriving: &Arriving) -> Option<(EntryId, Vec<EntryId>)> {
    let named = |header: &oplog::Header| header.prev.iter().chain(&header.deps).copied().collect();
    match &arriving.form {
        Form::Verified(entry) => Some((entry.id(), named(entry.header()))),
        Form::Decoded(entry) => Some((entry.id(), named(entry.header()))),
        Form::Raw(_) => None,
    }
}

/// The same entries, each behind those of them that it names, and otherwise as they came.
pub(crate) fn parents_first(arriving: Vec<Arriving>) -> Vec<Arriving> {
    let named: Vec<_> = arriving.iter().map(names).collect();
    let places: HashMap<EntryId, usize> =
        named.iter().enumerate().filter_map(|(at, named)| Some((named.as_ref()?.0, at))).collect();
    let mut left: Vec<_> = arriving.into_iter().map(Some).collect();
    let mut entered = vec![false; left.len()];
    let mut ordered = Vec::with_capacity(left.len());
    for start in 0..left.len() {
        let mut open = vec![start];
        while let Some(at) = open.last().copied() {
            let parents = named[at].iter().flat_map(|(_, parents)| parents);
            let before: Vec<_> = if entered[at] {
                Vec::new()
            } else {
                parents.filter_map(|parent| places.get(parent)).filter(|at| !entered[**at]).copied().collect()
            };
            entered[at] = true;
            if before.is_empty() {
                ordered.extend(left[at].take());
                open.pop();
            } else {
                open.extend(before);
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use oplog::{Draft, Header, Secret, SpaceId};

    use super::*;

    #[test]
    fn a_chain_that_came_backwards_stands_as_it_was_signed_and_nothing_is_lost() {
        let secret = Secret::from_seed(&[1; 32]);
        let mut chain = Vec::<oplog::Entry>::new();
        for seq in 0..50 {
            let (prev, key) = (chain.last().map(oplog::Entry::id), secret.public().id());
            let (space, deps, effect) = (SpaceId([1; 32]), Vec::new(), vec![0x80]);
            let header = Header { space, key, seq, prev, deps, time_ms: 0, kind: 5, effect, content: None };
            chain.push(Draft::new(header).expect("it is within the limits").sign(&secret));
        }
        let raw = |bytes: &[u8]| Arriving { form: Form::of(bytes), content: None };
        let mut came: Vec<_> = chain.iter().rev().map(|entry| raw(entry.raw())).collect();
        came.insert(7, raw(b"no entry"));
        let ids = |some: &[Arriving]| some.iter().filter_map(names).map(|(id, _)| id).collect::<Vec<_>>();
        let ordered = parents_first(came);
        assert_eq!(ordered.len(), 51);
        assert_eq!(ids(&ordered), chain.iter().map(oplog::Entry::id).collect::<Vec<_>>());
    }
}

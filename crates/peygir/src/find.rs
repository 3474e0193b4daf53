//! Finds what a person names: spaces, parties and objects, by name or by the first digits of an id.

use node::agreement::Record;
use node::ask::{BallotView, CommitmentView, EntryView};
use node::oplog::{KeyId, ObjectId, PartyId, SpaceId};
use node::{Node, NodeError};

use crate::failure::{Failure, Result};

/// The fewest digits of an id that name something.
const DIGITS_MIN: usize = 4;
/// How many entries of a log are looked at in one step.
const LOG_STEP: usize = 1_000;

fn begins(id: impl std::fmt::Display, digits: &str) -> bool {
    digits.len() >= DIGITS_MIN && id.to_string().starts_with(&digits.to_ascii_lowercase())
}

fn only<T: Copy>(what: &str, text: &str, found: &[T]) -> Result<T> {
    match found {
        [one] => Ok(*one),
        [] => Err(Failure::not_found(format!("no such {what}: {text}"))
            .hint("a name, or at least 4 of the first digits of its id")),
        _ => Err(Failure::not_found(format!("several a {what} could be meant by {text}"))
            .hint("give more digits of its id")),
    }
}

/// A space by name or id; left out, the only one there is.
pub(crate) fn space(node: &mut Node, text: Option<&str>) -> Result<SpaceId> {
    let all = node.space_ids();
    let Some(text) = text else {
        return match all.as_slice() {
            [one] => Ok(*one),
            [] => {
                Err(Failure::not_found("this node is in no space yet")
                    .hint("peygir found, or peygir join LINK"))
            }
            _ => Err(Failure::usage("this node is in several spaces").hint("say which with --space")),
        };
    };
    let mut found = Vec::new();
    for id in all {
        if begins(id, text) || node.space(id)?.name == text {
            found.push(id);
        }
    }
    only("space", text, &found)
}

/// A party of a space by name or id, or `me`.
pub(crate) fn party(node: &Node, space: SpaceId, text: &str) -> Result<PartyId> {
    if text == "me" {
        return Ok(node.party());
    }
    let parties = node.parties(space)?;
    let found: Vec<_> = parties
        .iter()
        .filter(|party| begins(party.id, text) || party.name == text)
        .map(|party| party.id)
        .collect();
    only("party of this space", text, &found)
}

/// An object by the first digits of its id.
pub(crate) fn object(node: &Node, text: &str) -> Result<ObjectId> {
    let object = node.find_object(text).map_err(|why| {
        if let NodeError::NoSuch(what) = why {
            Failure::not_found(format!("no such {what} ({text})"))
                .hint("peygir list and peygir log show ids; at least 4 of the first digits name one")
        } else {
            why.into()
        }
    })?;
    if begins(object, text) { Ok(object) } else { Err(NodeError::NoSuch("object").into()) }
}

/// An object, or a space as a whole, with the space it is in.
pub(crate) fn subject(node: &mut Node, text: &str) -> Result<(SpaceId, ObjectId)> {
    if let Ok(space) = space(node, Some(text)) {
        return Ok((space, space.into()));
    }
    let object = object(node, text)?;
    Ok((node.space_of(object)?, object))
}

/// What can be voted on.
pub(crate) enum Votable {
    /// A commitment.
    Commitment,
    /// A ballot about a space.
    Ballot(SpaceId, Box<BallotView>),
}

/// A commitment, or a ballot about a space.
pub(crate) fn votable(node: &mut Node, text: &str) -> Result<Votable> {
    for space in node.space_ids() {
        let mut ballots = node.space(space)?.ballots.into_iter().filter(|ballot| begins(ballot.id, text));
        if let (Some(ballot), None) = (ballots.next(), ballots.next()) {
            return Ok(Votable::Ballot(space, Box::new(ballot)));
        }
    }
    commitment(node, text).map(|_| Votable::Commitment)
}

/// A commitment.
pub(crate) fn commitment(node: &mut Node, text: &str) -> Result<CommitmentView> {
    let object = object(node, text)?;
    Ok(node.commitment(object)?)
}

/// An entry of a space by the first digits of its id.
pub(crate) fn entry(node: &Node, space: SpaceId, text: &str) -> Result<EntryView> {
    let (mut after, mut found) = (0, Vec::new());
    loop {
        let step = node.log(space, after, LOG_STEP)?;
        let Some(last) = step.last() else { break };
        after = last.n;
        found.extend(step.into_iter().filter(|entry| begins(entry.id, text)));
    }
    let which = only("entry of this space", text, &(0..found.len()).collect::<Vec<_>>())?;
    Ok(found.swap_remove(which))
}

/// A binding key of our own party by the first digits of its id.
pub(crate) fn own_key(node: &mut Node, space: SpaceId, text: &str) -> Result<KeyId> {
    let own = node.party();
    let Record::Space(record) = node.record(space, space.into())? else {
        return Err(NodeError::NoSuchSpace.into());
    };
    let keys = record.keys.iter().filter(|(id, key)| key.seat == own && begins(**id, text));
    only("key of yours", text, &keys.map(|(id, _)| *id).collect::<Vec<_>>())
}

//! Finds what a person names: spaces, parties and objects, by name or by the first digits of an id.

use node::agreement::operation::Subject;
use node::agreement::{Ballot, BallotTerms, Record};
use node::ask::{BallotView, CommitmentView, EntryView};
use node::oplog::{KeyId, ObjectId, PartyId, SpaceId, TermsHash};
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
        _ => {
            Err(Failure::not_found(format!("{text} names no single {what}: several are called or begin so"))
                .hint("give more digits of its id"))
        }
    }
}

/// What the ids or names of some come to: those named exactly so, else those whose names differ in spelling alone.
fn named<T: Copy>(text: &str, all: &[(T, String, String)]) -> Vec<T> {
    let like = |fits: &dyn Fn(&(T, String, String)) -> bool| -> Vec<T> {
        all.iter().filter(|one| fits(one)).map(|(it, ..)| *it).collect()
    };
    let exact = like(&|(_, id, name)| begins(id, text) || name == text);
    if exact.is_empty() {
        like(&|(_, _, name)| !folded(text).is_empty() && folded(name) == folded(text))
    } else {
        exact
    }
}

/// A name without what keyboards differ in: Arabic forms of Persian letters, joiners and spaces, and case.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| {
        !letter.is_whitespace()
            && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    let persian = letters.map(|letter| match letter {
        '\u{64a}' | '\u{649}' => '\u{6cc}',
        '\u{643}' => '\u{6a9}',
        '\u{629}' => '\u{647}',
        other => other,
    });
    persian.flat_map(char::to_lowercase).collect()
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
    let mut known = Vec::new();
    for id in all {
        known.push((id, id.to_string(), node.space(id)?.name));
    }
    only("space", text, &named(text, &known))
}

/// A party of a space by name or id, or `me`.
pub(crate) fn party(node: &Node, space: SpaceId, text: &str) -> Result<PartyId> {
    if text == "me" {
        return Ok(node.seat(space)?);
    }
    let parties = node.parties(space)?.into_iter();
    let known: Vec<_> = parties.map(|party| (party.id, party.id.to_string(), party.name)).collect();
    only("party of this space", text, &named(text, &known))
}

/// An applicant by the first digits of its fingerprint alone: names are what strangers call themselves.
pub(crate) fn applicant(node: &Node, space: SpaceId, text: &str) -> Result<PartyId> {
    let found = node.applicants(space)?.into_iter().filter(|one| begins(one.party, text));
    let found: Vec<_> = found.map(|one| one.party).collect();
    let [one] = found.as_slice() else {
        return Err(Failure::not_found(format!(
            "no single applicant has a fingerprint that begins with {text}"
        ))
        .hint("peygir applicants lists them; give at least 4 of the first digits"));
    };
    Ok(*one)
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
    /// A commitment or an agreement.
    Table,
    /// A ballot about a space.
    Ballot(SpaceId, Box<BallotView>),
}

/// Something balloted in rounds, or a ballot about a space.
pub(crate) fn votable(node: &mut Node, text: &str) -> Result<Votable> {
    for space in node.space_ids() {
        let mut ballots = node.space(space)?.ballots.into_iter().filter(|ballot| begins(ballot.id, text));
        if let (Some(ballot), None) = (ballots.next(), ballots.next()) {
            return Ok(Votable::Ballot(space, Box::new(ballot)));
        }
    }
    table(node, text).map(|_| Votable::Table)
}

/// What is balloted in rounds, and what is on its table.
pub(crate) struct Table {
    pub(crate) space: SpaceId,
    pub(crate) object: ObjectId,
    pub(crate) subject: Subject,
    /// The round in which something can still win.
    pub(crate) open: Option<u64>,
    /// The round after the last.
    pub(crate) next: u64,
    /// What can still win in it.
    pub(crate) offered: Vec<TermsHash>,
}

/// What is balloted in rounds.
pub(crate) fn table(node: &mut Node, text: &str) -> Result<Table> {
    let object = object(node, text)?;
    let space = node.space_of(object)?;
    match node.record(space, object)? {
        Record::Commitment(record) => Ok(table_of(space, object, Subject::Commitment, &record.ballot)),
        Record::Agreement(record) => Ok(table_of(space, object, Subject::Agreement, &record.ballot)),
        Record::Meeting(record) => Ok(table_of(space, object, Subject::Meeting, &record.ballot)),
        Record::Space(_) | Record::Transcript(_) | Record::Note(_) => {
            Err(NodeError::NoSuch("commitment, agreement or meeting").into())
        }
    }
}

fn table_of<T: BallotTerms>(space: SpaceId, object: ObjectId, subject: Subject, ballot: &Ballot<T>) -> Table {
    let open = ballot.open_slot();
    let offers = open.map(|(_, slot)| slot.offers.as_slice()).unwrap_or_default();
    Table {
        space,
        object,
        subject,
        open: open.map(|(number, _)| number),
        next: ballot.slots.len() as u64,
        offered: offers.iter().map(|offered| offered.hash).collect(),
    }
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
    let own = node.seat(space)?;
    let Record::Space(record) = node.record(space, space.into())? else {
        return Err(NodeError::NoSuchSpace.into());
    };
    let keys = record.keys.iter().filter(|(id, key)| key.seat == own && begins(**id, text));
    only("key of yours", text, &keys.map(|(id, _)| *id).collect::<Vec<_>>())
}

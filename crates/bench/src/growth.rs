//! `growth` and `rebuild`: what an entry costs when the record is long, when it comes late, when a key is taken back.

use std::fmt::Write as _;

use agreement::operation::{Accept, Offer, Report, Revoke};
use agreement::{Closure, CommitmentTerms, Due, SpaceTerms, Subject, Tag, Terms};
use oplog::{Grant, ObjectId, TermsHash};

use crate::cpu::{decimal, hundredths, machine, median, spent};
use crate::receiver::{GUESTS, Receiver, world};
use crate::record::BATCH;
use crate::world::World;

/// Where a long record is measured, and over how many thousands on either side.
const MARKS: [usize; 4] = [1_000, 10_000, 30_000, 100_000];
const WINDOW: usize = 7;
/// How many entries of a silent party arrive late.
const LATE: usize = 200;
/// How many entries are about the object that a late one makes fold again.
const CROWD: usize = 1_000;
/// How many more entries about that object arrive late in one transaction.
const CROWD_LATE: usize = 400;

fn micros(ns: u64, entries: usize) -> String {
    decimal(hundredths(ns, entries as u64 * 1_000))
}

/// What each thousand costs when it is fed to `receiver`.
fn cost(receiver: &mut Receiver, message: &Vec<u8>) -> u64 {
    spent(|| receiver.feed(std::slice::from_ref(message))).1
}

/// Feeds a record of 100,000 entries, measures at the marks, then late entries and a revocation. The machine is never the
/// same for long, so what the first thousands cost a new receiver is measured beside each mark, thousand by thousand.
///
/// # Panics
/// If an entry does not arrive.
#[must_use]
pub fn run(entries: usize) -> String {
    let (mut world, before, mut mix) = world(2, 20, entries);
    let start = world.messages(0, before, BATCH);
    let fresh = |world: &World| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut receiver = Receiver::new(world, GUESTS[0], Some(folder.path()));
        receiver.feed(&start);
        (receiver, folder)
    };
    let (mut receiver, _folder) = fresh(&world);
    let messages = world.messages(before, world.made.len(), BATCH);
    let end_of = |mark: &usize| (mark / BATCH + WINDOW / 2).clamp(WINDOW, messages.len());
    let mut text = machine();
    let mut costs = Vec::new();
    for mark in MARKS.into_iter().filter(|mark| *mark <= entries) {
        let (from, end) = (costs.len(), end_of(&mark));
        let (mut new, _folder) = fresh(&world);
        let mut beside = Vec::new();
        for at in from..end {
            costs.push(cost(&mut receiver, &messages[at]));
            if at + WINDOW >= end {
                beside.push(cost(&mut new, &messages[beside.len()]));
            }
        }
        // The mean holds what the median leaves out: the thousands in which the database's log is copied back.
        let (window, since) = (costs[end - WINDOW..].to_vec(), &costs[from..]);
        let (here, there) = (median(window), median(beside));
        let _infallible = write!(
            text,
            "\nat {mark} entries in order: median of {WINDOW} thousands {} us of CPU an entry, of the first {WINDOW} of a new \
             record beside them {} us, ratio {}; mean of all since entry {} {} us",
            micros(here, BATCH),
            micros(there, BATCH),
            decimal(hundredths(here, there)),
            from * BATCH,
            micros(since.iter().sum(), since.len() * BATCH),
        );
    }
    receiver.feed(&messages[costs.len()..]);
    text.push_str(&late(&mut world, &mut receiver, &mut mix));
    text.push_str(&crowded(&mut world, &mut receiver));
    text.push_str(&revocation(&mut world, &mut receiver));
    text.push_str(&votes(&mut world, &mut receiver));
    text
}

/// Offers to authors 1 and 19, the accepts of 19 arriving after all else: each makes its object fold again.
fn late(world: &mut World, receiver: &mut Receiver, mix: &mut crate::mix::Mix) -> String {
    let from = world.made.len();
    let silent = world.authors.len() - 1;
    let offers: Vec<_> = (0..LATE).map(|number| offer(world, silent, number)).collect();
    let voices_from = world.made.len();
    let accept = |(object, terms): &(ObjectId, TermsHash)| Accept {
        subject: Subject::Commitment,
        object: *object,
        slot: 0,
        terms: *terms,
    };
    for offer in &offers {
        world.sign(silent, voices_from, &accept(offer).into(), None);
    }
    let rest_from = world.made.len();
    world.active = silent;
    (0..BATCH).for_each(|_| mix.step(world));
    for offer in &offers {
        world.sign(1, usize::MAX, &accept(offer).into(), None);
    }
    let until = world.made.len();
    receiver.feed(&world.messages(from, voices_from, BATCH));
    receiver.feed(&world.messages(rest_from, until, BATCH));
    let late = world.messages(voices_from, rest_from, BATCH);
    let (fed, ns) = spent(|| receiver.feed(&late));
    assert_eq!((fed.new, fed.bad), (LATE, 0), "late entries arrive");
    world.active = world.authors.len();
    format!(
        "\n{LATE} late accepts, each folding an object of 3 entries again: {} us of CPU an entry",
        micros(ns, LATE)
    )
}

fn offer(world: &mut World, silent: usize, number: usize) -> (ObjectId, TermsHash) {
    let party = |number: usize| world.authors[number].party();
    let terms = Terms::Commitment(CommitmentTerms {
        tag: Tag::New,
        debtor: party(silent),
        creditors: vec![party(0), party(1)],
        closure: Closure::All,
        due: Due { day: 20_800 + i32::try_from(number).unwrap_or_default(), zone: "Asia/Tehran".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    });
    let hash = terms.hash(None);
    (world.sign(0, usize::MAX, &Offer { object: None, slot: 0, terms }.into(), None).into(), hash)
}

/// One object that so many entries are about, and an accept of it that arrives after all of them.
fn crowded(world: &mut World, receiver: &mut Receiver) -> String {
    let from = world.made.len();
    let silent = world.authors.len() - 1;
    let (object, terms) = offer(world, silent, 0);
    let late_from = world.made.len();
    let accept = Accept { subject: Subject::Commitment, object, slot: 0, terms };
    world.sign(silent, late_from, &accept.into(), None);
    let more_from = world.made.len();
    for _ in 0..CROWD_LATE {
        world.sign(silent, late_from, &Report { object, terms }.into(), None);
    }
    let rest_from = world.made.len();
    world.active = silent;
    for number in 0..CROWD {
        world.sign(number % silent, usize::MAX, &Report { object, terms }.into(), None);
    }
    let until = world.made.len();
    receiver.feed(&world.messages(from, late_from, BATCH));
    receiver.feed(&world.messages(rest_from, until, BATCH));
    let mut feed = |from, to| {
        let late = world.messages(from, to, BATCH);
        let (fed, ns) = spent(|| receiver.feed(&late));
        assert_eq!((fed.new, fed.bad), (to - from, 0), "late entries arrive");
        ns
    };
    let (one, more) = (feed(late_from, more_from), feed(more_from, rest_from));
    world.active = world.authors.len();
    format!(
        "\none late accept of an object that {CROWD} entries are about: {} ms of CPU; {CROWD_LATE} late entries about it in one \
         transaction: {} ms",
        decimal(hundredths(one, 1_000_000)),
        decimal(hundredths(more, 1_000_000))
    )
}

/// Votes on who belongs to the space while a key of it is doubtful: then its record is what its rounds come to.
fn votes(world: &mut World, receiver: &mut Receiver) -> String {
    let from = world.made.len();
    let voters: Vec<_> = (3..world.authors.len()).collect();
    let (seat, party) = (world.authors[2].party(), |number: &usize| world.authors[*number].party());
    let terms = Terms::Space(SpaceTerms::Expel { voters: voters.iter().map(party).collect(), seat });
    let hash = terms.hash(None);
    let object = world.sign(3, usize::MAX, &Offer { object: None, slot: 0, terms }.into(), None).into();
    for voter in voters.into_iter().skip(1) {
        let accept = Accept { subject: Subject::Space, object, slot: 0, terms: hash };
        world.sign(voter, usize::MAX, &accept.into(), None);
    }
    let until = world.made.len();
    let half = from.midpoint(until);
    let mut feed = |from: usize, to: usize, each| {
        let messages = world.messages(from, to, each);
        let (fed, ns) = spent(|| receiver.feed(&messages));
        assert_eq!((fed.new, fed.bad), (to - from, 0), "votes arrive");
        decimal(hundredths(ns, 1_000_000))
    };
    let (alone, together) = (feed(from, half, 1), feed(half, until, BATCH));
    format!(
        "\nacts on the space's own record after that: {} in a transaction each {alone} ms of CPU, {} in one transaction \
         {together} ms",
        half - from,
        until - half,
    )
}

/// Takes author 2's key back behind the middle of its chain.
fn revocation(world: &mut World, receiver: &mut Receiver) -> String {
    let author = &world.authors[2];
    let own = author.own.len();
    let (key, cut) = (author.binding.public().id(), Some(own as u64 / 2));
    let grant = Grant::Revoke { space: world.space, key, cut };
    let signatures = grant.sign(&author.identity, &[&author.guardian]);
    let revoke = Revoke { seat: author.party(), identity: author.identity.clone(), key, cut, signatures };
    let from = world.made.len();
    world.sign(2, usize::MAX, &revoke.into(), None);
    let message = world.messages(from, from + 1, BATCH);
    let (fed, ns) = spent(|| receiver.feed(&message));
    assert_eq!((fed.new, fed.bad), (1, 0), "the revocation arrives");
    let entries = world.made.len();
    format!(
        "\na revocation of a key with {own} of {entries} entries, behind its middle: {} ms of CPU, {} us for each of its entries",
        decimal(hundredths(ns, 1_000_000)),
        micros(ns, own)
    )
}

/// Drops and folds again everything that follows from so many entries.
///
/// # Panics
/// If the digest differs.
#[must_use]
pub fn rebuild(entries: usize) -> String {
    let (world, _, _) = world(2, 20, entries);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut receiver = Receiver::new(&world, GUESTS[0], Some(folder.path()));
    receiver.feed(&world.messages(0, world.made.len(), BATCH));
    let before = receiver.node.digest(world.space).expect("the space is there");
    let runs: Vec<_> = (0..3)
        .map(|_| {
            let (after, ns) = spent(|| receiver.node.rebuild(world.space).expect("the log is whole"));
            assert_eq!(after, before, "rebuilt equal");
            ns
        })
        .collect();
    format!(
        "{}\nrebuild of {entries} entries: median of 3 {} us of CPU an entry, {} s in all; the digest is equal",
        machine(),
        micros(median(runs.clone()), entries),
        decimal(hundredths(median(runs), 1_000_000_000))
    )
}

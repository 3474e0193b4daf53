//! Properties over random histories: parties that see some of each other's entries and do anything at all.

use std::collections::BTreeSet;

use agreement::operation::{
    Accept, Ack, Attach, Comment, Confirm, Counter, Declare, Decline, Dispute, Erase, Lapse, Offer, Pass,
    Release, Report, Satisfy, Transcribe,
};
use agreement::{
    By, Closure, CommitmentTerms, Condition, Operation, Record, Sort, Standing, Subject, Tag, Terms, decide,
    sight,
};
use oplog::{EntryId, TermsHash, from_bytes, to_bytes};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::deal::{Deal, plain_terms};
use crate::world::{
    CREDITOR, DEBTOR, Draft, Entry, Folded, OTHER, World, draft, expel, key, leave, normal, party,
};

/// One random step: the seat, the kind, two numbers, and which of the newest entries the author misses.
type Step = (u8, u8, u8, u8, u16);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..20)
}

/// The start: on the table, in force, conditional, or reported under one of the closures.
fn start(choice: u8) -> Deal {
    let closure = [Closure::All, Closure::Any, Closure::Lead][usize::from(choice / 4) % 3];
    match choice % 4 {
        0 => Deal::offered(plain_terms(closure)),
        1 => Deal::agreed(CommitmentTerms { condition: Some(Condition::Text(1)), ..plain_terms(closure) }),
        2 => Deal::plain(closure).reported(),
        _ => Deal::plain(closure),
    }
}

fn pick<T: Copy>(items: &[T], choice: u8) -> Option<T> {
    items.get(usize::from(choice) % items.len().max(1)).copied()
}

/// All terms that were ever put on the table.
fn tabled(world: &World) -> Vec<TermsHash> {
    let terms = world.entries.iter().filter_map(|entry| {
        if let Operation::Counter(counter) = &entry.operation {
            return Some(counter.terms.hash(None));
        }
        let Operation::Offer(offer) = &entry.operation else { return None };
        Some(offer.terms.hash(None))
    });
    terms.collect()
}

fn newest_first(world: &World, word: &str) -> Vec<EntryId> {
    world.entries.iter().rev().filter(|entry| entry.operation.word() == word).map(|entry| entry.id).collect()
}

fn changed(deal: &Deal, tag: u8, day: u8) -> CommitmentTerms {
    let tags = [Tag::Reschedule, Tag::MutualEnd, Tag::Delegate, Tag::Assign, Tag::Amend, Tag::New];
    let mut terms = deal.changed(tags[usize::from(tag) % 6], 21_000 + i32::from(day % 4));
    if terms.tag == Tag::New {
        terms.due.day += i32::from(day % 4);
    }
    terms
}

/// What a step does. Slots are near the newest, so that a fair share stands.
fn operation((_, kind, one, two, _): Step, deal: &Deal, slots: u64) -> Operation {
    let object = deal.object;
    let slot = (slots + u64::from(one % 2)).saturating_sub(1);
    let subject = Subject::Commitment;
    let report = || pick(&newest_first(&deal.world, "report"), two / 2).unwrap_or(EntryId::ZERO);
    let terms = || {
        let all = tabled(&deal.world);
        if two % 4 == 0 { pick(&all, one) } else { all.last().copied() }.unwrap_or(TermsHash::ZERO)
    };
    let in_force = || deal.commitment().in_force().map_or(TermsHash::ZERO, |offered| offered.hash);
    match kind % 20 {
        0 | 1 => {
            let terms = Terms::Commitment(changed(deal, one, two));
            Offer { object: Some(object), slot: slot + u64::from(two % 2), terms }.into()
        }
        2..=4 => Accept { subject, object, slot: slots.saturating_sub(1), terms: terms() }.into(),
        5 => Decline { subject, object, slot }.into(),
        6 => {
            let tag = if deal.commitment().in_force().is_none() { 5 } else { one / 2 };
            Counter {
                object,
                slot: slots.saturating_sub(1),
                terms: Terms::Commitment(changed(deal, tag, two)),
            }
            .into()
        }
        7 => Lapse { subject: Subject::Commitment, object, slot: slots.saturating_sub(1) }.into(),
        8 => Pass { subject: Subject::Commitment, object, slot: slot + u64::from(two % 2) }.into(),
        9 => Satisfy { object, condition: if two % 2 == 0 { 1 } else { 7 } }.into(),
        10 | 11 => Report { object, terms: if one % 4 == 0 { terms() } else { in_force() } }.into(),
        12 | 13 => Confirm { object, report: report() }.into(),
        14 => Dispute { object, report: report() }.into(),
        15 => Release { object }.into(),
        16 if two % 2 == 0 => agreement::operation::Cancel { object }.into(),
        16 if two % 4 == 1 => Transcribe { object: None }.into(),
        16 => {
            let held = pick(&newest_first(&deal.world, "declare"), one).filter(|_| two % 8 == 7);
            let (object, sort) = (held.map(Into::into), Sort::ALL[usize::from(one % 2)].0);
            Declare { object, sort, withdrawn: two % 16 == 15 }.into()
        }
        17 => {
            let words = ["report", "offer", "counter"];
            let entries: Vec<_> = words.iter().flat_map(|word| newest_first(&deal.world, word)).collect();
            Erase { object, entry: pick(&entries, one).unwrap_or(EntryId::ZERO) }.into()
        }
        18 if two % 2 == 0 => Attach { about: object }.into(),
        18 => Comment { about: object }.into(),
        _ => Ack { digest: None, level: 0 }.into(),
    }
}

/// A draft that misses some of the newest entries, but none that its author has seen before.
pub(crate) fn blinded(world: &World, seat: u8, operation: Operation, mask: u16) -> Draft {
    let own = world.entries.iter().rev().find(|entry| entry.signer.0 == seat);
    let newest = world.entries.iter().rev().take(6).enumerate();
    let missed = newest.filter(|(at, entry)| {
        let seen = own.is_some_and(|own| own.past.contains(&entry.id));
        !seen && (mask >> at) & 1 == 1
    });
    let missed: Vec<_> = missed.map(|(_, entry)| entry.id).collect();
    draft(seat, operation).blind_to(&missed)
}

/// Mostly someone who may do it.
fn seat((any, kind, ..): Step) -> u8 {
    match kind % 20 {
        _ if any >= 192 => any % 4,
        9..=11 | 16 => DEBTOR,
        12..=15 => [CREDITOR, OTHER][usize::from(any % 2)],
        _ => any % 3,
    }
}

fn history(choice: u8, steps: &[Step]) -> Deal {
    let mut deal = start(choice);
    for step in steps {
        let slots = deal.commitment().ballot.slots.len() as u64;
        let seat = seat(*step);
        let draft = blinded(&deal.world, seat, operation(*step, &deal, slots), step.4);
        deal.world.sign(draft);
    }
    deal
}

/// The entries in an order that extends causality and is otherwise as `whim` has it.
pub(crate) fn any_order<'a>(world: &'a World, whim: &[u8]) -> Vec<&'a Entry> {
    let mut left: Vec<&Entry> = world.entries.iter().collect();
    let (mut order, mut placed) = (Vec::new(), BTreeSet::new());
    while !left.is_empty() {
        let ready = |entry: &&Entry| entry.past.iter().all(|id| *id == entry.id || placed.contains(id));
        let can: Vec<_> =
            left.iter().enumerate().filter(|(_, entry)| ready(entry)).map(|(at, _)| at).collect();
        let wish = usize::from(*whim.get(order.len() % whim.len().max(1)).unwrap_or(&0));
        let next = left.remove(can[wish % can.len()]);
        placed.insert(next.id);
        order.push(next);
    }
    order
}

/// A random record of each sort, and the operations that made them.
fn all_records(deal: &Deal) -> (Vec<Record>, Vec<Operation>) {
    let fold = deal.world.fold();
    let operations = deal.world.entries.iter().map(|entry| entry.operation.clone()).collect();
    (fold.records.into_values().collect(), operations)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_that_extends_causality_gives_the_same_records(
        choice in any::<u8>(), steps in steps(), whim in prop::collection::vec(any::<u8>(), 1..40)
    ) {
        let world = history(choice, &steps).world;
        let (one, two) = (world.fold(), world.fold_in(&any_order(&world, &whim)));
        prop_assert_eq!(normal(&one), normal(&two));
        prop_assert!(one.refused.keys().eq(two.refused.keys()));
    }

    #[test]
    fn records_and_operations_survive_their_bytes(choice in any::<u8>(), steps in steps()) {
        let (records, operations) = all_records(&history(choice, &steps));
        for record in records {
            prop_assert_eq!(from_bytes::<Record>(&to_bytes(&record)), Ok(record));
        }
        for operation in operations {
            prop_assert_eq!(Operation::read(operation.kind(), &operation.effect()), Ok(operation));
        }
    }

    #[test]
    fn a_refused_operation_changes_nothing(choice in any::<u8>(), steps in steps()) {
        let mut deal = history(choice, &steps);
        let Some(last) = deal.world.entries.pop() else { return Ok(()) };
        let before = deal.world.fold();
        let sees_lapse = newest_first(&deal.world, "lapse").iter().any(|lapse| last.past.contains(lapse));
        let refused_id = last.id;
        deal.world.entries.push(last);
        let after = deal.world.fold();
        if after.refused.contains_key(&refused_id) && !sees_lapse {
            prop_assert_eq!(normal(&before), normal(&after));
        }
    }

    #[test]
    fn deciding_never_panics_and_what_it_decides_is_absorbed(
        choice in any::<u8>(), steps in steps(), mask in any::<u64>(), standing in 0_u8..3, seat in 0_u8..5
    ) {
        let mut deal = history(choice, &steps);
        deal.world.sign(draft(OTHER, Transcribe { object: None }));
        deal.world.sign(draft(OTHER, Declare { object: None, sort: Sort::Need, withdrawn: false }));
        let about = deal.object;
        deal.world.sign(draft(CREDITOR, Comment { about }));
        deal.world.sign(leave(OTHER));
        deal.world.sign(deal.world.open(DEBTOR, expel(CREDITOR)));
        let (records, operations) = all_records(&deal);
        let ids: Vec<_> = deal.world.entries.iter().map(|entry| entry.id).collect();
        let sees = |id: EntryId| ids.iter().position(|known| *known == id).is_some_and(|at| (mask >> (at % 64)) & 1 == 1);
        let standing = [Standing::Full, Standing::Relied, Standing::Void("test")][usize::from(standing)];
        let (party, key) = (party(seat), key((seat, 0)));
        let by = By { entry: EntryId([1; 32]), party, key, standing, content: None, sees: &sees };
        for record in records.iter().map(Some).chain([None]) {
            for operation in &operations {
                let changes = decide(record, operation, &by).unwrap_or_default();
                changes.into_iter().fold(record.cloned(), |held, change| Some(Record::absorb(held, change)));
            }
            for lapse in newest_first(&deal.world, "lapse") {
                let changes = sight(record, lapse, &by);
                changes.into_iter().fold(record.cloned(), |held, change| Some(Record::absorb(held, change)));
            }
        }
    }
}

/// Generated histories are worth their time only while a fair share of their operations stands.
#[test]
fn a_quarter_of_what_is_generated_stands_and_every_kind_is_among_it() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut all, mut stand, mut kinds) = (0, 0, BTreeSet::new());
    for choice in 0..60_u8 {
        let steps = steps().new_tree(&mut runner).expect("steps are generated").current();
        let before = start(choice).world.entries.len();
        let world = history(choice, &steps).world;
        let fold: Folded = world.fold();
        for entry in &world.entries[before..] {
            all += 1;
            if !fold.refused.contains_key(&entry.id) {
                stand += 1;
                kinds.insert(entry.operation.word());
            }
        }
    }
    assert!(stand * 4 >= all, "{stand} of {all}");
    assert_eq!(kinds.len(), 18, "{kinds:?}");
}

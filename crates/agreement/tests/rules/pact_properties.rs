//! Properties over random histories of one agreement.

use std::collections::BTreeSet;

use agreement::operation::Ack;
use agreement::{AgreementTag, AgreementTerms, BallotTerms as _, Operation, Record, Withdrawal};
use oplog::{from_bytes, to_bytes};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::pact::Pact;
use crate::properties::{any_order, blinded};
use crate::world::{DEBTOR, NEWCOMER, draft, normal, parties};

/// One random step: the seat, the kind, a number, and which of the newest entries the author misses.
type Step = (u8, u8, u8, u16);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..20)
}

fn changed(pact: &Pact, number: u8) -> AgreementTerms {
    let mut terms = pact.amended(u64::from(number % 5) + 1);
    match number % 6 {
        0 => terms = pact.ended(),
        1 => terms.parties = parties(&[0, 1, 2, NEWCOMER]),
        2 => terms.clauses = [2].into(),
        3 => terms.withdrawal = Withdrawal::Never,
        _ => {}
    }
    let agreement = pact.agreement();
    let before: Vec<_> = agreement.ballot.won_slots().map(|(_, offered)| &offered.terms).collect();
    if terms.check_after(&before).is_err() {
        terms.tag = if before.is_empty() { AgreementTag::New } else { AgreementTag::Amend };
    }
    terms
}

fn operation(pact: &Pact, seat: u8, (_, kind, number, _): Step) -> Operation {
    match kind % 16 {
        0 | 1 => pact.do_offer(seat, pact.next, changed(pact, number)),
        2..=6 => pact.do_accept(seat),
        7 => pact.do_decline(seat),
        8 => pact.do_counter(seat, changed(pact, number)),
        9 => pact.do_lapse(seat),
        10 => pact.do_pass(seat, pact.next + u64::from(number % 2)),
        11..=13 => pact.do_withdraw(seat),
        14 => pact.do_erase(),
        _ => draft(seat, Ack { digest: None, level: 0 }),
    }
    .operation
}

fn history(choice: u8, steps: &[Step]) -> Pact {
    let mut pact = match choice % 4 {
        0 => Pact::offered(Withdrawal::Notice(90)),
        1 => Pact::agreed(Withdrawal::Consent),
        2 => Pact::plain().proposed(DEBTOR),
        _ => Pact::plain(),
    };
    for step in steps {
        let seat = if step.0 >= 224 { NEWCOMER } else { step.0 % 3 };
        let act = operation(&pact, seat, *step);
        pact.world.sign(blinded(&pact.world, seat, act, step.3));
        let agreement = pact.agreement();
        pact.next = agreement.ballot.slots.len() as u64;
        if let Some(offered) = agreement.ballot.slots.last().and_then(|slot| slot.offers.last()) {
            pact.table = offered.terms.clone();
        }
        if let Some(held) = agreement.in_force() {
            pact.terms = held.terms.clone();
        }
    }
    pact
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_that_extends_causality_gives_the_same_agreement(
        choice in any::<u8>(), steps in steps(), whim in prop::collection::vec(any::<u8>(), 1..40)
    ) {
        let world = history(choice, &steps).world;
        let (one, two) = (world.fold(), world.fold_in(&any_order(&world, &whim)));
        prop_assert_eq!(normal(&one), normal(&two));
        prop_assert!(one.refused.keys().eq(two.refused.keys()));
    }

    #[test]
    fn agreements_and_what_is_done_about_them_survive_their_bytes(choice in any::<u8>(), steps in steps()) {
        let pact = history(choice, &steps);
        let record = Record::Agreement(pact.agreement());
        prop_assert_eq!(from_bytes::<Record>(&to_bytes(&record)), Ok(record));
        for entry in pact.world.entries {
            let operation = entry.operation;
            prop_assert_eq!(Operation::read(operation.kind(), &operation.effect()), Ok(operation));
        }
    }
}

/// Generated histories are worth their time only while a fair share of their operations stands.
#[test]
fn a_quarter_of_what_is_generated_about_agreements_stands_and_every_kind_is_among_it() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut all, mut stand, mut kinds) = (0, 0, BTreeSet::new());
    for choice in 0..60_u8 {
        let steps = steps().new_tree(&mut runner).expect("steps are generated").current();
        let before = history(choice, &[]).world.entries.len();
        let world = history(choice, &steps).world;
        let fold = world.fold();
        for entry in &world.entries[before..] {
            all += 1;
            if !fold.refused.contains_key(&entry.id) {
                stand += 1;
                kinds.insert(entry.operation.word());
            }
        }
    }
    assert!(stand * 4 >= all, "{stand} of {all}");
    assert_eq!(kinds.len(), 9, "{kinds:?}");
}

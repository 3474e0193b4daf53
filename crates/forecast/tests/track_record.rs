//! Track records: what they expect of whom, and what a backtest says of records made on purpose.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use calendar::CivilDay;
use forecast::{BACKTEST_MAX, FieldId, Outcome, PartyId, TrackRecord, backtest};

const FIELD: FieldId = FieldId(1);

fn day(days: i32) -> CivilDay {
    CivilDay::from_days(20_000 + days).unwrap()
}

fn outcome(party: u32, promised: i32, slip: i32) -> Outcome {
    Outcome { party: PartyId(party), field: FIELD, promised: day(promised), actual: day(promised + slip) }
}

/// Party 0 is always in time, party 1 never, party 2 has done one thing in time.
fn record() -> Vec<Outcome> {
    let mut outcomes: Vec<_> =
        (0..40).flat_map(|at| [outcome(0, at * 10, 0), outcome(1, at * 10, 5 + at % 3)]).collect();
    outcomes.push(outcome(2, 395, -1));
    outcomes
}

#[test]
fn much_record_speaks_for_itself_and_little_for_the_pool() {
    let record = TrackRecord::new(&record(), day(500));
    let [good, bad, young, unknown] = [0, 1, 2, 9].map(|party| record.due_kept_rate(PartyId(party), FIELD));
    assert!(good.expected > 0.9 && bad.expected < 0.1, "{good:?} {bad:?}");
    assert_eq!((good.outcomes, young.outcomes, unknown.outcomes), (40, 1, 0));
    assert!((0.4..0.6).contains(&unknown.expected), "{unknown:?}");
    assert!(unknown.expected < young.expected && young.expected < good.expected);
    assert!(good.own_share() > 0.8 && unknown.own_share() == 0.0);
}

#[test]
fn nothing_from_today_on_is_known() {
    let mut later = record();
    later.extend((0..500).map(|at| outcome(0, 500 + at, 0)).chain([outcome(0, 400, 100)]));
    let (before, after) = (TrackRecord::new(&record(), day(500)), TrackRecord::new(&later, day(500)));
    assert_eq!(before.due_kept_rate(PartyId(0), FIELD), after.due_kept_rate(PartyId(0), FIELD));
}

#[test]
fn what_was_long_ago_weighs_less() {
    let turned = |first: i32, second: i32| -> Vec<_> {
        (0..20).flat_map(|at| [outcome(0, at, first), outcome(0, 2_000 + at, second)]).collect()
    };
    let at = |outcomes: &[Outcome]| {
        TrackRecord::new(outcomes, day(2_100)).due_kept_rate(PartyId(0), FIELD).expected
    };
    assert!(at(&turned(5, 0)) > 0.85 && at(&turned(0, 5)) < 0.15);
}

#[test]
fn without_any_record_either_is_as_likely() {
    let empty = TrackRecord::new(&[], day(0));
    let rate = empty.due_kept_rate(PartyId(0), FIELD);
    assert_eq!((rate.expected, rate.outcomes), (0.5, 0));
    assert_eq!(empty.slip_quantile(PartyId(0), FIELD, 0.9), None);
}

#[test]
fn slips_are_the_partys_own_where_it_has_many_and_the_fields_where_it_has_none() {
    let record = TrackRecord::new(&record(), day(500));
    assert_eq!(record.slip_quantile(PartyId(0), FIELD, 0.5), Some(0));
    assert_eq!(record.slip_quantile(PartyId(1), FIELD, 0.5), Some(6));
    assert_eq!(record.slip_quantile(PartyId(9), FIELD, 1.0), Some(7));
    assert_eq!(record.slip_quantile(PartyId(9), FIELD, 0.0), Some(-1));
    assert_eq!(record.slip_quantile(PartyId(9), FieldId(77), 1.0), Some(7));
}

#[test]
fn a_backtest_rewards_telling_parties_apart() {
    let found = backtest(&record()).unwrap();
    assert!(found.outlook < 0.05 && found.pool > 0.2 && found.as_promised > 0.4, "{found:?}");
    assert!(found.calibration_error < 0.15, "{found:?}");
}

#[test]
fn a_backtest_of_too_few_or_too_many_is_none() {
    assert_eq!(backtest(&record()[..20]), None);
    assert_eq!(backtest(&vec![outcome(0, 0, 0); BACKTEST_MAX + 1]), None);
}

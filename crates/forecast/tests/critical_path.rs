//! The critical path against what its words say, on small programmes written by hand and on random ones.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod reference;

use calendar::CivilDay;
use forecast::{
    Bounds, COMMITMENTS_MAX, Commitment, CommitmentId, Driver, ERRORS_MAX, LAG_DAYS_MAX, LENGTH_DAYS_MAX,
    Length, Link, LinkKind, NetworkError, PartyId, Programme, compile,
};
use proptest::prelude::*;
use reference::{Reference, programmes, start};

fn commitment(id: u64, days: i32) -> Commitment {
    let length = if days == 0 { Length::Milestone } else { Length::Days(days) };
    Commitment { id: CommitmentId(id), party: PartyId(0), length, bounds: Bounds::default() }
}

fn link(from: u64, kind: LinkKind, to: u64, lag_days: i32) -> Link {
    Link { from: CommitmentId(from), to: CommitmentId(to), kind, lag_days }
}

fn programme(lengths: &[i32], links: &[Link]) -> Programme {
    let commitments = (0u64..).zip(lengths).map(|(id, days)| commitment(id, *days)).collect();
    Programme { start: start(), commitments, links: links.to_vec() }
}

fn day(days: i32) -> CivilDay {
    CivilDay::from_days(start().days() + days).unwrap()
}

fn ids(ids: &[u64]) -> Vec<CommitmentId> {
    ids.iter().map(|id| CommitmentId(*id)).collect()
}

fn faults(programme: &Programme) -> Vec<String> {
    compile(programme).unwrap_err().iter().map(ToString::to_string).collect()
}

/// A track of rail, its customs agreement, a port, and the opening that waits for all three.
fn corridor() -> Programme {
    use LinkKind::FinishStart;
    let links = [link(0, FinishStart, 3, 0), link(1, FinishStart, 2, 5), link(2, FinishStart, 3, 0)];
    programme(&[10, 4, 6, 0], &links)
}

#[test]
fn the_longest_path_is_critical_and_the_rest_has_float() {
    let network = compile(&corridor()).unwrap();
    let path = network.critical_path();
    assert_eq!(path.length_days(), 15);
    assert_eq!(path.path(), ids(&[1, 2, 3]));
    let rail = path.times(CommitmentId(0)).unwrap();
    assert_eq!((rail.early_finish, rail.late_finish, rail.total_float, rail.free_float), (10, 15, 5, 5));
    let opening = path.times(CommitmentId(3)).unwrap();
    assert_eq!(opening.driver, Driver::Commitment(CommitmentId(2)));
    assert_eq!(path.finish_day(opening.early_finish), Some(day(14)));
}

#[test]
fn every_kind_of_link_holds_back_the_end_that_it_names() {
    use LinkKind::{FinishFinish, FinishStart, StartFinish, StartStart};
    for (kind, lag, expected) in [
        (FinishStart, 0, 10),
        (FinishStart, 3, 13),
        (FinishStart, -4, 6),
        (StartStart, 2, 2),
        (FinishFinish, 1, 7),
        (StartFinish, 9, 5),
        (StartFinish, 2, 0),
        (FinishStart, -30, 0),
    ] {
        let network = compile(&programme(&[10, 4], &[link(0, kind, 1, lag)])).unwrap();
        let times = network.critical_path().times(CommitmentId(1)).unwrap();
        assert_eq!(times.early_start, expected, "{kind:?} {lag}");
    }
}

#[test]
fn a_deadline_that_cannot_be_met_shows_as_negative_float() {
    let mut late = corridor();
    late.commitments[3].bounds.deadline = Some(day(9));
    let network = compile(&late).unwrap();
    let path = network.critical_path();
    assert_eq!(path.times(CommitmentId(3)).unwrap().total_float, -5);
    assert_eq!(path.times(CommitmentId(1)).unwrap().total_float, -5);
    assert_eq!(path.times(CommitmentId(0)).unwrap().total_float, 0);
}

#[test]
fn a_bound_moves_what_waits_and_is_named_as_the_driver() {
    let mut bound = corridor();
    bound.commitments[0].bounds.start_not_before = Some(day(20));
    bound.commitments[1].bounds.start_not_before = Some(day(-9));
    let network = compile(&bound).unwrap();
    let path = network.critical_path();
    assert_eq!(path.length_days(), 30);
    assert_eq!(path.times(CommitmentId(0)).unwrap().driver, Driver::Bound);
    assert_eq!(path.times(CommitmentId(1)).unwrap().driver, Driver::ProgrammeStart);
    bound.commitments[0].bounds.finish_not_before = Some(day(39));
    assert_eq!(compile(&bound).unwrap().critical_path().length_days(), 40);
}

#[test]
fn an_impossible_bound_is_refused_with_its_path() {
    let mut bound = corridor();
    bound.commitments[3].bounds.must_finish_by = Some(day(14));
    assert!(compile(&bound).is_ok());
    bound.commitments[3].bounds.must_finish_by = Some(day(11));
    assert_eq!(faults(&bound), ["1 > 2 > 3 must be done by 2026-09-12, which is 3 days too early"]);
    bound.commitments[3].bounds.must_finish_by = Some(day(-1));
    assert_eq!(
        faults(&bound),
        ["commitment 3 is to be done by 2026-08-31, but the programme starts on 2026-09-01"]
    );
}

#[test]
fn a_cycle_is_named_by_its_path() {
    let mut cyclic = corridor();
    cyclic.links.push(link(3, LinkKind::StartStart, 1, -100));
    assert_eq!(faults(&cyclic), ["commitments wait for each other: 1 > 2 > 3 > 1"]);
    let alone = programme(&[1], &[link(0, LinkKind::FinishStart, 0, 0)]);
    assert_eq!(compile(&alone).unwrap_err(), [NetworkError::Cycle { path: ids(&[0]) }]);
}

#[test]
fn a_cycle_is_found_behind_and_before_what_is_in_order() {
    use LinkKind::FinishStart;
    let links = [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)].map(|(from, to)| link(from, FinishStart, to, 0));
    let found = compile(&programme(&[1; 5], &links)).unwrap_err();
    assert_eq!(found, [NetworkError::Cycle { path: ids(&[1, 2, 3]) }]);
}

#[test]
fn every_fault_of_the_input_is_told_at_once() {
    let mut bad = corridor();
    bad.commitments[0].length = Length::Days(0);
    bad.commitments[1].length = Length::Days(-3);
    bad.commitments[2].length = Length::Days(LENGTH_DAYS_MAX + 1);
    bad.commitments.push(commitment(3, 1));
    bad.links.push(link(0, LinkKind::StartStart, 77, LAG_DAYS_MAX + 1));
    let expected = [
        "two commitments are called 3",
        "commitment 0 takes 0 days, it must be 1 to 36500",
        "commitment 1 takes -3 days, it must be 1 to 36500",
        "commitment 2 takes 36501 days, it must be 1 to 36500",
        "the link from 0 to 77 has a lag of 36501 days, at most 36500 are allowed",
        "link 3 names commitment 77, which the programme does not have",
    ];
    assert_eq!(faults(&bad), expected);
    let many = programme(&[0; 1], &vec![link(0, LinkKind::StartStart, 9, 0); 10_000]);
    assert_eq!(compile(&many).unwrap_err().len(), ERRORS_MAX);
}

#[test]
fn a_million_commitments_in_a_chain_of_milestones_are_reckoned_and_more_are_refused() {
    let rows = COMMITMENTS_MAX as u64;
    let links = (1..rows).map(|to| link(to - 1, LinkKind::FinishStart, to, 0)).collect();
    let commitments = (0..rows).map(|id| commitment(id, 0)).collect();
    let mut long = Programme { start: start(), commitments, links };
    long.commitments[7].length = Length::Days(5);
    assert_eq!(compile(&long).unwrap().critical_path().length_days(), 5);
    long.commitments.push(commitment(rows, 0));
    assert_eq!(
        compile(&long).unwrap_err(),
        [NetworkError::TooManyCommitments { found: COMMITMENTS_MAX + 1 }]
    );
}

#[test]
fn a_programme_beyond_the_calendar_is_refused_whatever_its_sums() {
    let links: Vec<_> =
        (1..100_000).map(|to| link(to - 1, LinkKind::FinishStart, to, LAG_DAYS_MAX)).collect();
    let found = compile(&programme(&vec![LENGTH_DAYS_MAX; 100_000], &links)).unwrap_err();
    assert!(matches!(&found[..], [NetworkError::BeyondCalendar { path }] if path.len() == 3), "{found:?}");
}

#[test]
fn an_empty_programme_takes_no_time() {
    let network = compile(&programme(&[], &[])).unwrap();
    assert!(network.is_empty());
    assert_eq!(network.critical_path().length_days(), 0);
    assert!(network.critical_path().path().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn early_times_are_the_least_that_keep_every_link_and_bound(programme in programmes()) {
        let network = compile(&programme).unwrap();
        let path = network.critical_path();
        let starts = Reference::new(&programme).earliest(&[]);
        for (at, commitment) in programme.commitments.iter().enumerate() {
            prop_assert_eq!(path.times(commitment.id).unwrap().early_start, starts[at]);
        }
    }

    #[test]
    fn the_late_start_delays_nothing_and_a_day_more_does(programme in programmes()) {
        let network = compile(&programme).unwrap();
        let path = network.critical_path();
        let reference = Reference::new(&programme);
        for (at, commitment) in programme.commitments.iter().enumerate() {
            let times = path.times(commitment.id).unwrap();
            let late_by = |start: i32| reference.late_by(at, start, path.length_days());
            prop_assert_eq!(late_by(times.late_start), 0);
            prop_assert_eq!(late_by(times.late_start + 1), 1);
        }
    }

    #[test]
    fn the_free_float_moves_nothing_else_and_a_day_more_does(programme in programmes()) {
        let network = compile(&programme).unwrap();
        let path = network.critical_path();
        let reference = Reference::new(&programme);
        let starts = reference.earliest(&[]);
        for (at, commitment) in programme.commitments.iter().enumerate() {
            let times = path.times(commitment.id).unwrap();
            let moved = |by: i32| {
                let then = reference.earliest(&[(at, times.early_start + by)]);
                starts.iter().zip(&then).enumerate().any(|(other, (was, is))| other != at && was != is)
            };
            prop_assert!(!moved(times.free_float));
            let is_waited_for = programme.links.iter().any(|link| link.from == commitment.id);
            prop_assert_eq!(moved(times.free_float + 1), is_waited_for);
        }
    }

    #[test]
    fn the_critical_path_begins_unheld_and_each_drives_the_next(programme in programmes()) {
        let network = compile(&programme).unwrap();
        let path = network.critical_path();
        let ids = path.path();
        let last = path.times(*ids.last().unwrap()).unwrap();
        prop_assert_eq!(last.early_finish, path.length_days());
        let first = path.times(ids[0]).unwrap();
        prop_assert!(!matches!(first.driver, Driver::Commitment(_)));
        for pair in ids.windows(2) {
            prop_assert_eq!(path.times(pair[1]).unwrap().driver, Driver::Commitment(pair[0]));
        }
    }

    #[test]
    fn the_order_of_the_input_changes_no_time(programme in programmes(), turn in 0usize..20) {
        let mut turned = programme.clone();
        let by = turn % turned.commitments.len();
        turned.commitments.rotate_left(by);
        turned.links.reverse();
        let (network, other) = (compile(&programme).unwrap(), compile(&turned).unwrap());
        let (path, again) = (network.critical_path(), other.critical_path());
        for commitment in &programme.commitments {
            let strip = |times: forecast::Times| forecast::Times { driver: Driver::Bound, ..times };
            let found = again.times(commitment.id).map(strip);
            prop_assert_eq!(path.times(commitment.id).map(strip), found);
        }
    }

    #[test]
    fn any_links_and_numbers_give_times_or_faults(
        ends in proptest::collection::vec((0u64..12, 0u64..12, any::<i32>()), 0..30),
        lengths in proptest::collection::vec(any::<i32>(), 0..10),
        is_small: bool,
    ) {
        let shrink = |number: i32| if is_small { number % 100 } else { number };
        let links: Vec<_> = ends
            .iter()
            .map(|(from, to, lag)| link(*from, LinkKind::FinishFinish, *to, shrink(*lag)))
            .collect();
        let lengths: Vec<_> = lengths.into_iter().map(shrink).collect();
        if let Ok(network) = compile(&programme(&lengths, &links)) {
            prop_assert_eq!(network.critical_path().all().count(), lengths.len());
        }
    }
}

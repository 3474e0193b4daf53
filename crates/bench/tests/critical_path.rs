//! The critical path on the public scheduling instances that lie beside the checkout: PSPLIB and RCPSP/max.

#![expect(clippy::print_stderr, reason = "a test that does not run says so aloud")]
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "data/beside.rs"]
mod beside;
#[path = "data/instances.rs"]
mod instances;

use forecast::compile;
use instances::{Instance, extracted, instances_max, instances_psplib, is_minimum};

/// The least starts by Bellman and Ford: from the source over any arcs, also backwards ones, until nothing moves.
/// Nothing where the arcs contradict each other.
fn bellman_ford(rows: usize, arcs: &[(usize, usize, i32)]) -> Option<Vec<i32>> {
    let mut starts = vec![0; rows];
    for _ in 0..=rows {
        let before = starts.clone();
        for (from, to, weight) in arcs {
            starts[*to] = starts[*to].max(starts[*from] + weight);
        }
        if starts == before {
            return Some(starts);
        }
    }
    None
}

fn starts(instance: &Instance) -> Vec<i32> {
    let network = compile(&instance.programme).unwrap();
    let path = network.critical_path();
    instance.programme.commitments.iter().map(|it| path.times(it.id).unwrap().early_start).collect()
}

#[test]
fn the_critical_path_is_the_stated_one_in_every_psplib_file() {
    let Some(folder) = extracted("psplib_j30_j60.tar.gz") else {
        return;
    };
    let instances = instances_psplib(folder.path());
    assert_eq!(instances.len(), 960);
    for (instance, stated) in &instances {
        let found = compile(&instance.programme).unwrap().critical_path().length_days();
        assert_eq!(found, *stated, "{}", instance.name);
    }
    eprintln!("critical path = MPM-Time in {} PSPLIB files", instances.len());
}

#[test]
fn minimum_lags_are_right_in_every_rcpsp_max_file() {
    let Some(folder) = extracted("rcpsp_max_j10_j30.tar.gz") else {
        return;
    };
    let instances = instances_max(folder.path());
    assert_eq!(instances.len(), 540);
    let (mut lags, mut already_kept) = (0, 0);
    for instance in &instances {
        let rows = instance.programme.commitments.len();
        let minimum: Vec<_> = instance.arcs.iter().filter(|arc| is_minimum(arc)).copied().collect();
        let found = starts(instance);
        assert_eq!(Some(&found), bellman_ford(rows, &minimum).as_ref(), "{}", instance.name);
        let whole = bellman_ford(rows, &instance.arcs);
        if let Some(whole) = &whole {
            assert!(found.iter().zip(whole).all(|(ours, theirs)| ours <= theirs), "{}", instance.name);
        }
        already_kept += usize::from(whole.as_ref() == Some(&found));
        lags += minimum.len();
    }
    eprintln!(
        "{lags} minimum lags right in {} RCPSP/max files; in {already_kept} of them the maximum lags hold as well",
        instances.len()
    );
}

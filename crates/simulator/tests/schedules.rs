//! Twenty thousand simulated schedules hold, and they are made of everything that they are there to try: a generator that
//! has stopped making something fails here.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex};

use simulator::{Fault, Listener, Tally, replay, run, run_many};

/// How many schedules every test run tries.
const SCHEDULES: u64 = 20_000;
/// The fewest nodes and acts of a schedule, on average; the generator holds to both in every one.
const NODES_MIN: u64 = 3;
const ACTS_MIN: u64 = 30;

/// In how many of a thousand schedules each thing must happen at least: about two thirds of what it was when this was
/// written, so that chance does not fail it and a lost branch of the generator does.
const SHARES: &[(&str, u64)] = &[
    // What honest parties sign.
    ("offer", 900),
    ("accept", 550),
    ("decline", 60),
    ("counter", 280),
    ("lapse", 600),
    ("pass", 600),
    ("report", 130),
    ("confirm", 14),
    ("dispute", 7),
    ("release", 150),
    ("cancel", 6),
    ("satisfy", 20),
    ("attach", 240),
    ("comment", 400),
    ("transcribe", 450),
    ("erase", 75),
    ("enrol", 200),
    ("own key revoked", 80),
    ("leave", 45),
    ("ballot to expel", 130),
    ("ballot on the level", 130),
    ("agreement in force", 65),
    ("withdraw", 3),
    ("convene", 200),
    ("minutes adopted", 3),
    ("receipt", 900),
    ("seen lapse", 500),
    ("unseen lapse", 110),
    // What rules and nodes refuse.
    ("act refused", 600),
    ("illegal act refused by the own node", 600),
    ("entry refused", 300),
    ("refused to sign", 55),
    // What befalls nodes and messages.
    ("crash or restore", 500),
    ("crash between an act and its reply", 270),
    ("crash in the midst of an exchange", 300),
    ("restore", 160),
    ("restore that lost own entries", 100),
    ("reply lost and asked for again", 600),
    ("partition", 250),
    ("message lost", 400),
    ("message doubled", 350),
    ("message overtook another", 380),
    ("message cut short", 330),
    ("bundle carried", 580),
    ("bundle cut short", 270),
    ("clock skewed", 300),
    // What hostile parties do.
    ("fork", 290),
    ("fork proof at the end", 170),
    ("late shallow entry", 230),
    ("hostile revocation", 150),
    ("entries beyond a cut", 110),
    ("hostile enrolment", 100),
    ("key for another's seat", 55),
    ("back-dated or post-dated", 350),
    ("act of a party that is not named", 320),
    ("entry that names what nobody has", 150),
    ("malformed effect", 150),
    ("unknown future kind", 150),
    ("terms not on the table", 65),
    ("hostile offer", 230),
    ("hostile accept", 220),
    ("hostile vote", 130),
    ("hostile agreement", 85),
    ("hostile amendment", 65),
    ("hostile signature", 55),
    ("hostile withdrawal", 5),
    ("hostile confirm", 130),
    ("hostile report", 120),
    ("hostile lapse", 65),
    // How the same entries are heard once more.
    ("observer: any order", 200),
    ("observer: parents first", 470),
];

/// What is missing from a tally, in words.
fn missing(tally: &Tally) -> Vec<String> {
    let short = |(what, least): &(&str, u64)| {
        let share = tally.per_mille(what);
        (share < *least).then(|| format!("{what}: in {share} of 1,000 schedules, and not in {least}"))
    };
    let mut missing: Vec<_> = SHARES.iter().filter_map(short).collect();
    for (what, least) in [("honest node", NODES_MIN), ("act tried", ACTS_MIN)] {
        if tally.count(what) < least * tally.schedules {
            missing.push(format!("{what}: fewer than {least} a schedule"));
        }
    }
    missing
}

#[test]
fn twenty_thousand_schedules_hold_and_are_made_of_everything() {
    let report = run_many(1, SCHEDULES, &|seed, Fault(why)| {
        writeln!(io::stderr(), "seed {seed} fails: {why}\n  {}", replay(seed)).unwrap();
    });
    // Straight to the terminal, so that the shares are read in a run that passes.
    writeln!(io::stderr(), "{}", report.tally).unwrap();
    let faults: Vec<_> =
        report.faults.iter().map(|(seed, why)| format!("seed {seed}: {why}\n  {}", replay(*seed))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(report.tally.schedules, SCHEDULES);
    let missing = missing(&report.tally);
    assert!(missing.is_empty(), "schedules are no longer made of everything:\n{}", missing.join("\n"));
}

/// One schedule with its tally or fault, and every step of it.
fn traced(seed: u64) -> (Result<Tally, Fault>, Vec<String>) {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&steps);
    let listener: Listener = Box::new(move |step| heard.lock().unwrap().push(step));
    let done = run(seed, Some(listener));
    let steps = std::mem::take(&mut *steps.lock().unwrap());
    (done, steps)
}

#[test]
fn a_seed_does_again_what_it_did() {
    for seed in 1..=50 {
        let (one, two) = (traced(seed), traced(seed));
        assert_eq!(one, two, "seed {seed}");
        assert!(one.1.len() > 30, "the trace of seed {seed} has {} steps", one.1.len());
    }
}

#[test]
fn a_generator_that_stopped_making_something_is_noticed() {
    let tally = run(1, None).unwrap();
    let missing = missing(&tally);
    assert!(missing.iter().any(|what| what.contains("in 0 of 1,000")), "{missing:?}");
}

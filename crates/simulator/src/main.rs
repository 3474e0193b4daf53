//! `simulator --seed N [--trace]` replays one schedule; `simulator --from A --count N` runs many and prints shares.

use std::io::{self, Write as _};
use std::process::ExitCode;

use simulator::{Fault, Listener, run, run_many};

const USAGE: &str = "usage: simulator --seed N [--trace] | simulator --from A --count N";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout();
    let done = match words[..] {
        ["--seed", seed] => seed.parse().ok().map(|seed| one(seed, false)),
        ["--seed", seed, "--trace"] => seed.parse().ok().map(|seed| one(seed, true)),
        ["--from", from, "--count", count] => match (from.parse(), count.parse()) {
            (Ok(from), Ok(count)) => Some(many(from, count)),
            _ => None,
        },
        _ => None,
    };
    done.unwrap_or_else(|| {
        writeln!(out, "{USAGE}").ok();
        ExitCode::from(2)
    })
}

fn one(seed: u64, trace: bool) -> ExitCode {
    let print: Listener = Box::new(|line| {
        // A trace that nobody reads any more ends nothing.
        writeln!(io::stdout(), "{line}").ok();
    });
    let done = run(seed, trace.then_some(print));
    let said = match &done {
        Ok(tally) => writeln!(io::stdout(), "{tally}"),
        Err(Fault(why)) => writeln!(io::stdout(), "seed {seed} fails: {why}"),
    };
    if said.is_ok() && done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn many(from: u64, count: u64) -> ExitCode {
    let report = run_many(from, count, &|seed, Fault(why)| {
        writeln!(io::stdout(), "seed {seed} fails: {why}\n  {}", simulator::replay(seed)).ok();
    });
    writeln!(io::stdout(), "{}{} faults", report.tally, report.faults.len()).ok();
    if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

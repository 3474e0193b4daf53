//! Everything that must hold before a change lands: the one test command, which CI calls as it stands.

use std::io::{self, Write as _};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

/// One thing to run: what it shows, and the command line.
struct Step {
    shows: &'static str,
    line: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step { shows: "formatting", line: &["cargo", "fmt", "--all", "--check"] },
    Step {
        shows: "the shape of the repository",
        line: &["cargo", "run", "--quiet", "--package", "xtask", "--", "tidy"],
    },
    Step {
        shows: "lints",
        line: &["cargo", "clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    },
    Step {
        shows: "tests, stories, simulated schedules and the fuzz corpus",
        line: &["cargo", "test", "--workspace"],
    },
    Step { shows: "documentation", line: &["cargo", "doc", "--quiet", "--workspace", "--no-deps"] },
];

/// The second implementation needs Python with one library; without it the rest still runs, except in CI.
const VERIFIER: Step = Step {
    shows: "the second implementation, in Python",
    line: &[
        "python3",
        "-m",
        "unittest",
        "discover",
        "--start-directory",
        "verifier",
        "--pattern",
        "test_*.py",
    ],
};
const VERIFIER_NEEDS: &[&str] = &["python3", "-c", "import cryptography"];

/// Runs every step and stops at the first that fails.
///
/// # Errors
/// A step cannot be started.
pub(crate) fn run() -> Result<ExitCode> {
    for step in STEPS {
        if !passes(step)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    let has_python =
        Command::new(VERIFIER_NEEDS[0]).args(&VERIFIER_NEEDS[1..]).status().is_ok_and(|it| it.success());
    if !has_python {
        let in_ci = std::env::var_os("CI").is_some();
        writeln!(io::stderr(), "SKIPPED: {} (needs `pip install cryptography`)", VERIFIER.shows)?;
        return Ok(if in_ci { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    Ok(if passes(&VERIFIER)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn passes(step: &Step) -> Result<bool> {
    writeln!(io::stdout(), "\n== {}: {}", step.shows, step.line.join(" "))?;
    let mut command = Command::new(step.line[0]);
    command.args(&step.line[1..]).env("RUSTDOCFLAGS", "--deny warnings");
    let status = command.status().with_context(|| format!("cannot run {}", step.line[0]))?;
    if !status.success() {
        writeln!(io::stderr(), "FAILED: {}", step.shows)?;
    }
    Ok(status.success())
}

//! Everything that must hold before a change lands: the one test command, which CI calls as it stands.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

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

/// A step that needs what not every machine has. Without it the rest still runs, and says so loudly; in CI it fails.
struct Optional {
    step: Step,
    /// Command lines that succeed where what is needed is there.
    needs: &'static [&'static [&'static str]],
}

const OPTIONAL: &[Optional] = &[
    Optional {
        step: Step {
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
        },
        needs: &[&["python3", "-c", "import cryptography"]],
    },
    Optional {
        step: Step { shows: "the desk in a real browser", line: &["node", "e2e/run.mjs"] },
        needs: &[&["chromium", "--version"], &["npm", "ls", "--prefix", "e2e"]],
    },
];

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
    let mut whole = true;
    for Optional { step, needs } in OPTIONAL {
        if needs.iter().all(|line| is_there(line)) {
            whole &= passes(step)?;
        } else {
            writeln!(io::stderr(), "SKIPPED: {} (./install-optional brings what it needs)", step.shows)?;
            whole &= std::env::var_os("CI").is_none();
        }
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_there(line: &[&str]) -> bool {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}

fn passes(step: &Step) -> Result<bool> {
    writeln!(io::stdout(), "\n== {}: {}", step.shows, step.line.join(" "))?;
    let mut command = Command::new(step.line[0]);
    command.args(&step.line[1..]).env("RUSTDOCFLAGS", "--deny warnings").env("PEYGIR", program());
    let status = command.status().with_context(|| format!("cannot run {}", step.line[0]))?;
    if !status.success() {
        writeln!(io::stderr(), "FAILED: {}", step.shows)?;
    }
    Ok(status.success())
}

/// The program as the tests have built it.
fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    // A relative path would mean another file where a step runs elsewhere.
    std::path::absolute(target.join("debug/peygir")).unwrap_or_default()
}

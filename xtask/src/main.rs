//! The project's own chores, run as `cargo xtask <chore>`.

mod check;
mod tidy;

use anyhow::{Context as _, Result};
use std::io::{self, Write as _};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask check | tidy";

/// Something is untidy.
const EXIT_FOUND: u8 = 1;
/// The chore could not be done.
const EXIT_FAILED: u8 = 2;

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        // Nothing is left to do when even the report cannot be written.
        writeln!(io::stderr(), "error: {error:#}").ok();
        ExitCode::from(EXIT_FAILED)
    })
}

fn run() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check"] => check::run(),
        ["tidy"] => run_tidy(),
        _ => anyhow::bail!(USAGE),
    }
}

fn run_tidy() -> Result<ExitCode> {
    let tree = tidy::Tree::read().context("cannot read the workspace")?;
    let findings = tidy::findings(&tree);
    let mut out = io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    let files = tree.files.len();
    if findings.is_empty() {
        writeln!(out, "tidy: {files} files, nothing found")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "tidy: {files} files, {} findings", findings.len())?;
    Ok(ExitCode::from(EXIT_FOUND))
}

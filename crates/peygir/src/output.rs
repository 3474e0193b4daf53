//! The one place that prints: results on standard output, failures on standard error.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this module is where the program prints")]

use std::io::Write as _;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::request::Done;

/// Prints what was done: lines for people, or one line of JSON.
pub(crate) fn done(done: &Done, as_json: bool) {
    if as_json {
        value(&done.data);
    } else {
        for line in &done.lines {
            println!("{line}");
        }
    }
}

/// Prints one line of JSON at once, for a program that waits for it.
pub(crate) fn value(value: &Value) {
    println!("{value}");
    let _closed = std::io::stdout().flush();
}

/// Prints one line at once.
pub(crate) fn line(text: &str) {
    println!("{text}");
    let _closed = std::io::stdout().flush();
}

/// Notes something while the program goes on.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// Prints a failure, and with which id the request can be repeated.
pub(crate) fn failure(failure: &Failure, id: Option<&str>, as_json: bool) {
    if as_json {
        value(&json!({ "failed": failure, "request": id }));
    }
    eprintln!("peygir: {}", failure.text);
    if let Some(hint) = &failure.hint {
        eprintln!("  hint: {hint}");
    }
    if let Some(id) = id {
        eprintln!("  request: {id}");
    }
}

//! The one place that prints: results on standard output, failures on standard error.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::request::Done;

/// Prints what was done: lines for people, or one line of JSON.
///
/// # Errors
/// Standard output takes no more. Whoever closed it, as `head` does, has read enough: that is none.
pub(crate) fn done(done: &Done, as_json: bool) -> std::io::Result<()> {
    if as_json {
        return print(&done.data.to_string());
    }
    done.lines.iter().try_for_each(|line| print(&plain(line)))
}

/// A line as it may reach a terminal: names and words of others neither begin lines of their own, nor steer it, nor turn
/// the reading order around.
fn plain(line: &str) -> String {
    let steers = |letter: char| {
        letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    line.chars().map(|letter| if steers(letter) { ' ' } else { letter }).collect()
}

fn print(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => Err(why),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints one line of JSON at once, for a program that waits for it.
pub(crate) fn value(value: &Value) {
    line(&value.to_string());
}

/// Prints one line at once.
pub(crate) fn line(text: &str) {
    // Nobody is left to tell of an output that is closed.
    let _closed = print(text);
}

/// Notes something while the program goes on.
pub(crate) fn note(text: &str) {
    let _closed = writeln!(std::io::stderr(), "{}", plain(text));
}

/// Prints a failure, and with which id the request can be repeated.
pub(crate) fn failure(failure: &Failure, id: Option<&str>, as_json: bool) {
    if as_json {
        value(&json!({ "failed": failure, "request": id }));
    }
    note(&format!("peygir: {}", failure.text));
    if let Some(hint) = &failure.hint {
        note(&format!("  hint: {hint}"));
    }
    if let Some(id) = id {
        note(&format!("  request: {id}"));
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_neither_begins_a_line_nor_steers_the_terminal() {
        let name = "Rail\nway \u{1b}[2J\u{202e}x\u{2066}\u{200c}\u{6cc}";
        assert_eq!(plain(name), "Rail way  [2J x \u{200c}\u{6cc}");
    }
}

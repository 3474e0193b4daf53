//! A file of Rust that has grown too long holds more than one noun or verb.

use super::{File, Finding};

const LINES_MAX: usize = 600;

pub(crate) fn findings(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    (file.ends_in(&["rs"]) && lines > LINES_MAX)
        .then(|| Finding::of_file(file, format!("{lines} lines, over {LINES_MAX}")))
}

#[cfg(test)]
mod tests {
    use super::{LINES_MAX, findings};
    use crate::tidy::File;

    #[test]
    fn the_last_line_allowed_passes_and_the_next_is_found() {
        let found = |path, lines| findings(&File::new(path, &"x\n".repeat(lines))).is_some();
        assert!(!found("a.rs", LINES_MAX));
        assert!(found("a.rs", LINES_MAX + 1));
        assert!(!found("a.md", LINES_MAX + 1));
    }
}

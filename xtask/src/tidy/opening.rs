//! Every file of Rust opens with a sentence saying why it exists.

use super::{File, Finding};

/// What a first paragraph may end with: a colon leads into a list.
const SENTENCE_ENDS: [char; 4] = ['.', '?', '!', ':'];

pub(crate) fn findings(file: &File) -> Option<Finding> {
    (file.ends_in(&["rs"]) && !opens_with_sentence(&file.text))
        .then(|| Finding::of_file(file, "does not open with a `//!` sentence"))
}

fn opens_with_sentence(text: &str) -> bool {
    let paragraph: Vec<_> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.last().is_some_and(|line| line.ends_with(SENTENCE_ENDS))
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::tidy::File;

    fn found(path: &str, text: &str) -> bool {
        findings(&File::new(path, text)).is_some()
    }

    #[test]
    fn a_sentence_on_top_passes() {
        for text in [
            "//! Why.\nuse x;\n",
            "//! Why, at\n//! length.\n//!\n//! More",
            "//! Two parts:\n//!\n//! - a\n",
        ] {
            assert!(!found("a.rs", text), "{text}");
        }
        assert!(!found("a.md", "# Title\n"));
    }

    #[test]
    fn no_opening_or_a_mere_name_or_one_further_down_is_found() {
        for text in
            ["", "use x;\n", "//!\n", "//! calendar\n", "// Why.\n", "use x;\n//! Why.\n", "//!\n//! Why.\n"]
        {
            assert!(found("a.rs", text), "{text}");
        }
    }
}

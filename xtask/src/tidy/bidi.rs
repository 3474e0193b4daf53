//! No invisible character that reorders text: a reader must see what the compiler sees.

use super::{File, Finding};

pub(crate) fn findings(file: &File) -> Vec<Finding> {
    file.lines()
        .filter_map(|(number, line)| Some((number, line.chars().find(|letter| is_bidi_control(*letter))?)))
        .map(|(number, letter)| {
            let code = u32::from(letter);
            Finding::of_line(file, number, format!("a literal bidi control character, U+{code:04X}"))
        })
        .collect()
}

/// The characters of Unicode's property `Bidi_Control`.
fn is_bidi_control(letter: char) -> bool {
    matches!(
        letter,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::tidy::{File, READ};

    #[test]
    fn every_bidi_control_is_found_with_its_line() {
        let controls =
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        assert_eq!(controls.chars().count(), 12);
        for control in controls.chars() {
            for ending in READ {
                let found = findings(&File::new(&format!("a.{ending}"), &format!("fine\nx{control}y\n")));
                assert_eq!(found.len(), 1, "{control:?}");
                assert_eq!(found[0].line, Some(2));
            }
        }
    }

    #[test]
    fn persian_text_its_joiners_and_escapes_pass() {
        assert!(findings(&File::new("a.md", "پیگیری می\u{200c}شود\n")).is_empty());
        assert!(findings(&File::new("a.rs", r"'\u{2068}'")).is_empty());
    }
}

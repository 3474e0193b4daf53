//! No path of the machine that something was written on: it means nothing on any other.

use super::{File, Finding};

/// The first folders of such paths.
const ROOTS: [&str; 3] = ["root", "home", "work"];

pub(crate) fn findings(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        for path in ROOTS.map(|root| format!("/{root}/")).iter().filter(|path| has_absolute(line, path)) {
            findings.push(Finding::of_line(file, number, format!("the path of a build machine, {path}")));
        }
    }
    findings
}

/// Whether the path begins in the line, and not as a later part of a relative path or of an address.
fn has_absolute(line: &str, path: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || "._-~})]>*".contains(letter);
    line.match_indices(path).any(|(at, _)| !line[..at].ends_with(goes_on))
}

#[cfg(test)]
mod tests {
    use super::{ROOTS, findings};
    use crate::tidy::{File, READ};

    fn found(path: &str, text: &str) -> usize {
        findings(&File::new(path, text)).len()
    }

    #[test]
    fn every_such_path_is_found_in_every_kind_of_file() {
        for ending in READ {
            for root in ROOTS {
                for before in ["", "see ", "\"", "`", "(", "file://", "="] {
                    let text = format!("{before}/{root}/x\n");
                    assert_eq!(found(&format!("docs/a.{ending}"), &text), 1, "{ending}: {text}");
                }
            }
        }
    }

    #[test]
    fn relative_paths_and_addresses_pass() {
        for before in ["docs", "..", "~", "${HOME}", "https://example.org", "$DIR"] {
            for root in ROOTS {
                assert_eq!(found("a.md", &format!("{before}/{root}/x\n")), 0, "{before}");
            }
        }
        assert_eq!(found("a.md", "work/shop, /workshop/\n"), 0);
    }
}

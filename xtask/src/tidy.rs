//! The repository tests itself: rules about its shape that no compiler checks, one rule per file.

mod arrows;
mod bidi;
mod length;
mod map;
mod opening;
mod purity;
mod traces;
mod tree;

#[cfg(test)]
use tree::READ;
pub(crate) use tree::{File, Package, Tree};

use std::fmt;

/// One breach of one rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Relative to the root of the workspace.
    path: String,
    /// From 1; none when it is about the whole file.
    line: Option<usize>,
    what: String,
}

impl Finding {
    fn of_file(file: &File, what: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: None, what: what.into() }
    }

    fn of_line(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: Some(line), what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.what),
            None => write!(f, "{}: {}", self.path, self.what),
        }
    }
}

/// Every breach of every rule, in the order of paths and lines.
pub(crate) fn findings(tree: &Tree) -> Vec<Finding> {
    let mut findings = arrows::findings(&tree.packages);
    findings.extend(map::findings(&tree.files));
    for file in &tree.files {
        findings.extend(length::findings(file));
        findings.extend(opening::findings(file));
        findings.extend(purity::findings(file));
        findings.extend(traces::findings(file));
        findings.extend(bidi::findings(file));
    }
    findings.sort();
    findings
}

#[cfg(test)]
mod tests {
    use super::{File, Package, Tree, findings};

    #[test]
    fn every_rule_is_asked_and_findings_are_in_order() {
        let trace = ["//! Fine.\n// at /ro", "ot/x\n"].concat();
        let tree = Tree {
            packages: vec![Package::new("web", &["store"]), Package::new("store", &[])],
            files: vec![
                File::new("ARCHITECTURE.md", "crates/web\n"),
                File::new("crates/store/src/lib.rs", "pub fn keep() {}\n"),
                File::new("crates/web/src/a.rs", &format!("//! Long.\n{}", "\n".repeat(600))),
                File::new("crates/web/src/b.rs", &trace),
                File::new("crates/web/src/c.rs", "//! Fine.\n// \u{202e}\n"),
                File::new("crates/oplog/src/lib.rs", "//! Fine.\nuse std::fs;\n"),
            ],
        };
        let lines: Vec<_> = findings(&tree).iter().map(ToString::to_string).collect();
        let expected = [
            "ARCHITECTURE.md: does not mention crates/oplog",
            "ARCHITECTURE.md: does not mention crates/store",
            "crates/oplog/src/lib.rs:2: std::fs in a pure crate",
            "crates/store/src/lib.rs: does not open with a `//!` sentence",
            "crates/web/Cargo.toml: web may not depend on store",
            "crates/web/src/a.rs: 601 lines, over 600",
        ];
        assert_eq!(lines[..6], expected);
        assert!(lines[6].starts_with("crates/web/src/b.rs:2: the path of a build machine"), "{}", lines[6]);
        assert_eq!(lines[7], "crates/web/src/c.rs:2: a literal bidi control character, U+202E");
        assert_eq!(lines.len(), 8);
    }
}

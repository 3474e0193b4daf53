//! A pure crate computes: no files, sockets, clock, runtime, SQL or randomness, not even in its tests.

use super::{File, Finding};

const PURE: [&str; 4] = ["crates/oplog/", "crates/agreement/", "crates/calendar/", "crates/forecast/"];

const FORBIDDEN: [&str; 7] =
    ["std::fs", "std::net", "SystemTime", "Instant::now", "tokio", "rusqlite", "getrandom"];

/// Modules that hide in a grouped import, `use std::{fs, io}`.
const FORBIDDEN_IN_GROUP: [&str; 2] = ["fs", "net"];

pub(crate) fn findings(file: &File) -> Vec<Finding> {
    if !PURE.iter().any(|folder| file.path.starts_with(folder)) || !file.ends_in(&["rs", "toml"]) {
        return Vec::new();
    }
    // Words in a comment import nothing.
    let comment = if file.ends_in(&["toml"]) { "#" } else { "//" };
    file.lines()
        .filter(|(_, line)| !line.trim_start().starts_with(comment))
        .flat_map(|(number, line)| breaches(line).map(move |name| (number, name)))
        .map(|(number, name)| Finding::of_line(file, number, format!("{name} in a pure crate")))
        .collect()
}

fn breaches(line: &str) -> impl Iterator<Item = String> {
    let plain = FORBIDDEN.iter().filter(|name| has_word(line, name)).map(ToString::to_string);
    let group = line.split_once("std::{").map_or("", |(_, group)| group);
    let grouped =
        FORBIDDEN_IN_GROUP.iter().filter(|name| has_word(group, name)).map(|name| format!("std::{name}"));
    plain.chain(grouped)
}

/// Whether the name stands in the line, and not only as a part of a longer name.
fn has_word(line: &str, name: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(is_name) && !line[at + name.len()..].starts_with(is_name))
}

#[cfg(test)]
mod tests {
    use super::{FORBIDDEN, PURE, findings};
    use crate::tidy::File;

    fn whats(path: &str, text: &str) -> Vec<String> {
        findings(&File::new(path, text)).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn every_forbidden_name_is_found_in_every_pure_crate() {
        for folder in PURE {
            for name in FORBIDDEN {
                let text = format!("//! Fine.\n    let x = {name}::y();\n");
                let found = findings(&File::new(&format!("{folder}src/a.rs"), &text));
                assert_eq!(found.len(), 1, "{folder} {name}");
                assert_eq!(found[0].line, Some(2));
                assert_eq!(found[0].what, format!("{name} in a pure crate"));
            }
        }
    }

    #[test]
    fn a_dependency_and_a_grouped_import_are_found() {
        assert_eq!(whats("crates/oplog/Cargo.toml", "tokio.workspace = true\n"), ["tokio in a pure crate"]);
        let grouped = whats("crates/oplog/src/a.rs", "use std::{fmt, fs, net::IpAddr};\n");
        assert_eq!(grouped, ["std::fs in a pure crate", "std::net in a pure crate"]);
    }

    #[test]
    fn comments_longer_names_and_other_crates_pass() {
        assert!(
            whats("crates/oplog/src/a.rs", "//! Never std::fs.\n/// Nor tokio.\n// nor rusqlite\n")
                .is_empty()
        );
        assert!(whats("crates/oplog/Cargo.toml", "# without getrandom\n").is_empty());
        assert!(whats("crates/oplog/src/a.rs", "fn my_tokio() {}\nuse std::{fmt, offset};\n").is_empty());
        assert!(whats("crates/node/src/clock.rs", "use std::time::SystemTime;\n").is_empty());
    }

    #[test]
    fn an_attribute_is_not_a_comment() {
        assert_eq!(whats("crates/oplog/tests/a.rs", "#[tokio::test]\n"), ["tokio in a pure crate"]);
    }
}

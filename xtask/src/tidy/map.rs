//! The map names every room: a folder of `crates/` that ARCHITECTURE.md leaves out will be missed by readers.

use super::{File, Finding};
use std::collections::BTreeSet;

const MAP: &str = "ARCHITECTURE.md";

pub(crate) fn findings(files: &[File]) -> Vec<Finding> {
    let map = files.iter().find(|file| file.path == MAP).map_or("", |file| file.text.as_str());
    folders(files)
        .into_iter()
        .filter(|folder| !mentions(map, folder))
        .map(|folder| Finding {
            path: MAP.to_owned(),
            line: None,
            what: format!("does not mention crates/{folder}"),
        })
        .collect()
}

fn folders(files: &[File]) -> BTreeSet<&str> {
    files
        .iter()
        .filter_map(|file| file.path.strip_prefix("crates/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect()
}

/// Whether `crates/folder` stands in the text, and not only as the beginning of a longer name.
fn mentions(text: &str, folder: &str) -> bool {
    let name = format!("crates/{folder}");
    text.match_indices(&name).any(|(at, _)| {
        let after = text[at + name.len()..].chars().next();
        !after.is_some_and(|letter| letter.is_alphanumeric() || ['-', '_'].contains(&letter))
    })
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::tidy::File;

    fn whats(map: Option<&str>) -> Vec<String> {
        let mut files = vec![
            File::new("crates/web/src/a.rs", ""),
            File::new("crates/web/src/b.rs", ""),
            File::new("crates/README.md", ""),
            File::new("xtask/src/main.rs", ""),
        ];
        files.extend(map.map(|text| File::new("ARCHITECTURE.md", text)));
        findings(&files).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_folder_on_the_map_passes() {
        assert!(whats(Some("`crates/web`: shows it\n")).is_empty());
        assert!(whats(Some("crates/web/src/ SHOW IT")).is_empty());
        assert!(whats(Some("crates/website crates/web")).is_empty());
    }

    #[test]
    fn a_folder_off_the_map_is_found_once() {
        for map in [None, Some(""), Some("web"), Some("crates/website"), Some("crates/web-two")] {
            assert_eq!(whats(map), ["does not mention crates/web"], "{map:?}");
        }
    }
}

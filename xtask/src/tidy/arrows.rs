//! Which crate may depend on which: the complete list, so that a forbidden dependency is impossible.

use super::{Finding, Package};

/// Every crate of the workspace that may depend on others of it, and on which. A crate not named here may
/// depend on none.
const ARROWS: [(&str, &[&str]); 7] = [
    ("agreement", &["oplog", "calendar"]),
    ("forecast", &["calendar"]),
    ("store", &["oplog"]),
    ("node", &["oplog", "agreement", "calendar", "forecast", "store"]),
    ("web", &["node", "agreement", "calendar"]),
    ("peygir", &["node", "web", "agreement", "calendar"]),
    ("simulator", &["node", "oplog", "agreement", "calendar"]),
];

/// Tools, which may look at anything and are never shipped.
const EXEMPT: [&str; 3] = ["xtask", "bench", "fuzz"];

pub(crate) fn findings(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| !EXEMPT.contains(&package.name.as_str())) {
        let allowed = ARROWS.iter().find(|(from, _)| *from == package.name).map_or(&[][..], |(_, to)| *to);
        for dependency in &package.dependencies {
            let is_ours = packages.iter().any(|other| other.name == *dependency);
            if is_ours && !allowed.contains(&dependency.as_str()) {
                findings.push(Finding {
                    path: package.manifest.clone(),
                    line: None,
                    what: format!("{} may not depend on {dependency}", package.name),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{ARROWS, findings};
    use crate::tidy::Package;

    fn whats(packages: &[Package]) -> Vec<String> {
        findings(packages).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn the_listed_arrows_pass() {
        let mut packages: Vec<_> = ARROWS.iter().map(|(from, to)| Package::new(from, to)).collect();
        packages.push(Package::new("oplog", &["sha2"]));
        packages.push(Package::new("calendar", &[]));
        assert!(whats(&packages).is_empty());
    }

    #[test]
    fn any_other_arrow_between_our_crates_is_found() {
        let packages = [
            Package::new("web", &["node", "store", "axum"]),
            Package::new("node", &[]),
            Package::new("store", &[]),
            Package::new("oplog", &["calendar"]),
            Package::new("calendar", &[]),
            Package::new("newcomer", &["calendar"]),
        ];
        let expected = [
            "web may not depend on store",
            "oplog may not depend on calendar",
            "newcomer may not depend on calendar",
        ];
        assert_eq!(whats(&packages), expected);
    }

    #[test]
    fn tools_may_depend_on_any() {
        let packages =
            [Package::new("xtask", &["store"]), Package::new("fuzz", &["store"]), Package::new("store", &[])];
        assert!(whats(&packages).is_empty());
    }
}

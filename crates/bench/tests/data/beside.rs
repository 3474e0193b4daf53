//! Public data that the project does not ship: found beside the checkout.

use std::path::{Path, PathBuf};

/// Where the data lies: in `PEYGIR_DATA`, or beside the checkout.
pub(crate) fn beside(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("PEYGIR_DATA").map_or(beside, PathBuf::from);
    let file = folder.join(name);
    if file.exists() {
        return Some(file);
    }
    eprintln!("SKIPPED: {name} is not in {}; set PEYGIR_DATA to its folder", folder.display());
    None
}

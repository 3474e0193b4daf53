//! The bodies of the fuzz targets: each takes any bytes, and panics when a promise about them is broken.

pub mod bundle;
pub mod content;
pub mod entry;
pub mod fold;
pub mod frames;
pub mod identity;
pub mod mutate;
pub mod operation;

/// What takes bytes: it does not return whether it liked them, only whether it read them.
pub type Body = fn(&[u8]) -> bool;

/// Every target by its name, the folder of its corpus and the file in `fuzz/fuzz_targets`. A body is true when it
/// accepted the bytes.
pub const TARGETS: [(&str, Body); 7] = [
    ("bundle", bundle::run),
    ("content", content::run),
    ("entry", entry::run),
    ("fold", fold::run),
    ("frames", frames::run),
    ("identity", identity::run),
    ("operation", operation::run),
];

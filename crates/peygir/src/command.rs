//! The verbs: one file each, whose doc comment is its help.

pub(crate) mod accept;
pub(crate) mod admit;
pub(crate) mod agree;
pub(crate) mod agreements;
pub(crate) mod applicants;
pub(crate) mod attach;
pub(crate) mod ballot;
pub(crate) mod bundle;
pub(crate) mod cancel;
pub(crate) mod comment;
pub(crate) mod completions;
pub(crate) mod confirm;
pub(crate) mod convene;
pub(crate) mod counter;
pub(crate) mod decline;
pub(crate) mod demo;
pub(crate) mod dispute;
pub(crate) mod doctor;
pub(crate) mod enrol;
pub(crate) mod erase;
pub(crate) mod fork_proof;
pub(crate) mod found;
pub(crate) mod inbox;
pub(crate) mod init;
pub(crate) mod invite;
pub(crate) mod join;
pub(crate) mod lapse;
pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod meetings;
pub(crate) mod minutes;
pub(crate) mod offer;
pub(crate) mod pass;
pub(crate) mod person;
pub(crate) mod rebuild;
pub(crate) mod release;
pub(crate) mod renew_guardian;
pub(crate) mod report;
pub(crate) mod revoke;
pub(crate) mod satisfy;
pub(crate) mod save;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod spaces;
pub(crate) mod status;
pub(crate) mod sync;
pub(crate) mod terminate;
pub(crate) mod transcribe;
pub(crate) mod unbundle;
pub(crate) mod withdraw;

use std::path::PathBuf;

/// A path that means the same in whichever process reads it.
pub(crate) fn absolute(text: &str) -> Result<PathBuf, String> {
    std::path::absolute(text).map_err(|why| why.to_string())
}

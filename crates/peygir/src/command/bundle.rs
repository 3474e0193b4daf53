//! `bundle`: a space in one file, for carrying by hand.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::Done;

/// Write a whole space into one file, for carrying by hand or for an auditor
///
/// Example: `peygir bundle "Joint commission" commission.peygir`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Bundle {
    /// The space, by name or id
    space: String,
    /// The file to write; it must not exist
    #[arg(value_parser = absolute)]
    file: PathBuf,
}

impl Bundle {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let fails = |why: &std::io::Error| Failure::file(&self.file, why);
        let mut node = shared.lock();
        let space = find::space(&mut node, Some(&self.space))?;
        let file = File::create_new(&self.file).map_err(|why| fails(&why))?;
        let mut buffered = std::io::BufWriter::new(&file);
        let count = node.write_bundle(space, &mut buffered)?;
        buffered.flush().and_then(|()| file.sync_all()).map_err(|why| fails(&why))?;
        let path = self.file.display().to_string();
        Ok(Done::line(format!("{count} entries in {path}"), json!({ "entries": count, "file": path })))
    }
}

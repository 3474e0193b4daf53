//! `bundle`: a space in one file, for carrying by hand.

use node::oplog::SpaceId;
use node::{Node, NodeError, Shared};
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
        let written = write(&mut node, space, &file);
        if written.is_err() {
            // Half a bundle is of no use, and would stand in the way of the next try.
            let _left = std::fs::remove_file(&self.file);
        }
        let count =
            written.map_err(|why| if let NodeError::File(why) = why { fails(&why) } else { why.into() })?;
        let path = self.file.display().to_string();
        Ok(Done::line(format!("{count} entries in {path}"), json!({ "entries": count, "file": path })))
    }
}

fn write(node: &mut Node, space: SpaceId, file: &File) -> node::Result<u64> {
    let mut buffered = std::io::BufWriter::new(file);
    let count = node.write_bundle(space, &mut buffered)?;
    buffered.flush()?;
    file.sync_all()?;
    Ok(count)
}

//! `unbundle`: takes in what a file carries.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Take in a bundle of a space that this node is in; every entry is verified, twice changes nothing more
///
/// Example: `peygir unbundle commission.peygir`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Unbundle {
    /// The file
    #[arg(value_parser = absolute)]
    file: PathBuf,
}

impl Unbundle {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let unread = |why: std::io::Error| Failure::not_found(format!("{}: {why}", self.file.display()));
        let mut file = std::io::BufReader::new(std::fs::File::open(&self.file).map_err(unread)?);
        let answer = shared.lock().read_bundle(&mut file)?;
        let line = format!("{} new entries{}", answer.new, layout::list(&answer.bad));
        Ok(Done::line(line, json!({ "new": answer.new, "bad": answer.bad })))
    }
}

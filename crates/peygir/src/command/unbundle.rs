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
        let open = || std::fs::File::open(&self.file).map(std::io::BufReader::new).map_err(unread);
        // Looked through first, so that nothing is taken from a file that was cut short on its way.
        let damaged = |why: Failure| why.hint("nothing was taken in: ask for the bundle again");
        node::bundle::check(&mut open()?).map_err(|why| damaged(why.into()))?;
        let answer = shared.lock().read_bundle(&mut open()?)?;
        if !answer.bad.is_empty() {
            let text = format!("{} new entries and contents{}", answer.new, layout::list(&answer.bad));
            return Err(Failure::peer(text).hint(
                "what was taken in was verified and stays; ask for the bundle again, or sync, for the rest",
            ));
        }
        Ok(Done::line(format!("{} new entries and contents", answer.new), json!({ "new": answer.new })))
    }
}

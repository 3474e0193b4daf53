//! `found`: a new space with one party in it, ours.

use node::Shared;
use node::agreement::Rules;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Found a space: a joint commission, a common group
///
/// Example: `peygir found "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Its name
    name: String,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Found {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let space = shared.lock().found_once(&self.name, Rules::default(), Some(&self.once.id))?;
        let data = json!({ "done": "found", "space": space.to_string(), "request": self.once.id });
        Ok(Done {
            lines: vec![
                format!("founded {}", self.name),
                format!("  space   {space}"),
                format!("  request {}", self.once.id),
                "next: peygir invite makes a link for the other party".to_owned(),
            ],
            data,
        })
    }
}

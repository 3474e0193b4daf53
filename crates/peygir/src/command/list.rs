//! `list`: the commitments of a space.

use node::Shared;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// List the commitments of a space by due day
///
/// Example: `peygir list --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct List {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// How many to leave out first
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// How many at most
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

impl List {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let some = node.commitments(space, self.offset, self.limit)?;
        let mut done = layout::commitments(&node, some)?;
        if done.lines.len() == self.limit {
            done.lines.push(format!(
                "what follows: peygir list --offset {}",
                self.offset.saturating_add(self.limit)
            ));
        } else if done.lines.is_empty() && self.offset == 0 {
            done.lines.push("no commitments here: peygir offer puts one on the table".to_owned());
        }
        Ok(done)
    }
}

//! `meetings`: the meetings of a space.

use node::Shared;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// List the meetings of a space, the latest day first
///
/// Example: `peygir meetings --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Meetings {
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

impl Meetings {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let mut done = layout::meetings(&node.meetings(space, self.offset, self.limit)?);
        if done.lines.is_empty() && self.offset == 0 {
            done.lines.push("no meetings here: peygir convene invites to one".to_owned());
        }
        Ok(done)
    }
}

//! `log`: the entries of a space as they arrived here.

use node::Shared;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Show the entries of a space in the order of arrival here
///
/// Example: `peygir log --after 120 --limit 20`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Log {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// From behind this number on
    #[arg(long, value_name = "N", default_value_t = 0)]
    after: i64,
    /// How many at most
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

impl Log {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let names = node::ask::names(&node.parties(space)?);
        let entries = node.log(space, self.after, self.limit)?;
        let mut lines: Vec<_> = entries.iter().map(|entry| layout::entry(entry, &names)).collect();
        if let (Some(last), true) = (entries.last(), entries.len() == self.limit) {
            lines.push(format!("what follows: peygir log --after {}", last.n));
        }
        Ok(Done { lines, data: entries.iter().map(layout::entry_data).collect() })
    }
}

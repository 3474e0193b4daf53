//! `rebuild`: drops all that follows from entries and works it out again.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::{Failure, Kind, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::Done;

/// Work everything out again from the signed entries; the digest must come out equal
///
/// Example: `peygir rebuild --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Rebuild {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
}

impl Rebuild {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let (before, after) = (node.digest(space)?, node.rebuild(space)?);
        if before != after {
            return Err(Failure::new(Kind::Disk, format!("the digest was {before} and is {after} now"))
                .hint("what was kept had been damaged; what follows from the entries is in place again"));
        }
        Ok(Done::line(
            format!("rebuilt, digest {after}"),
            json!({ "space": space.to_string(), "digest": after.to_string() }),
        ))
    }
}

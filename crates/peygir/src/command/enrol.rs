//! `enrol`: a new binding key, by which a restored or copied folder signs again.

use node::Shared;
use serde::{Deserialize, Serialize};

use crate::act::receipt;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Enrol a new key in a space: how a restored or copied folder signs again; counts once another party has named it
///
/// Example: `peygir sync; peygir enrol --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Enrol {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Enrol {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let signed = node.enrol_once(space, Some(&self.once.id))?;
        Ok(receipt("enrol", signed, &self.once))
    }
}

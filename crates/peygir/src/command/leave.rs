//! `leave`: our party goes.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::sign;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Leave a space; what you promised in it stays binding
///
/// Example: `peygir leave --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Leave {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Leave {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let space = find::space(&mut shared.lock(), self.space.as_deref())?;
        sign(shared, &self.once, space, operation::Leave.into(), None)
    }
}

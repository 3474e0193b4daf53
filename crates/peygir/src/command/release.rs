//! `release`: a creditor lets go.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Let go of what is owed to you: the creditor's own act
///
/// Example: `peygir release 3f2a9c41 --note "no longer needed"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Release {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Release {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "release", |_, view| {
            Ok((operation::Release { object: view.id }.into(), noted(note.as_deref())))
        })
    }
}

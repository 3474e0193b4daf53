//! `pass`: a party gives up its turn to offer.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Give up your turn to offer, after offers that crossed or an answer that was no
///
/// Example: `peygir pass 3f2a9c41`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Pass {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Pass {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "pass", |_, view| {
            let slot = view.record.ballot.slots.len() as u64;
            Ok((operation::Pass { object: view.id, slot }.into(), noted(note.as_deref())))
        })
    }
}

//! `pass`: a party gives up its turn to offer.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_on_table};
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
        sign_on_table(shared, &object, &once, "pass", |table| {
            let slot = table.next;
            let pass = operation::Pass { subject: table.subject, object: table.object, slot };
            Ok((pass.into(), noted(note.as_deref())))
        })
    }
}

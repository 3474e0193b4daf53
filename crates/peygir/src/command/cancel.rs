//! `cancel`: the debtor ends what it owes, alone.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// End what you owe without the creditor: the record shows it as violated
///
/// Example: `peygir cancel 3f2a9c41 --note "the budget was withdrawn"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Cancel {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Cancel {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "cancel", |_, view| {
            Ok((operation::Cancel { object: view.id }.into(), noted(note.as_deref())))
        })
    }
}

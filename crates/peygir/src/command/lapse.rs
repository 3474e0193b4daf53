//! `lapse`: an offer is withdrawn.

use node::Shared;
use node::agreement::{Refusal, operation};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_on_table};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Withdraw your offer: it is gone once the others have seen that
///
/// Example: `peygir lapse 3f2a9c41`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Lapse {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Lapse {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_on_table(shared, &object, &once, "lapse", |table| {
            let slot = table.open.ok_or(Refusal::NoSuchSlot)?;
            let lapse = operation::Lapse { subject: table.subject, object: table.object, slot };
            Ok((lapse.into(), noted(note.as_deref())))
        })
    }
}

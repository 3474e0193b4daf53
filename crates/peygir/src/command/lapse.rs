//! `lapse`: an offer is withdrawn.

use node::Shared;
use node::agreement::{Refusal, operation};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
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
        sign_about(shared, &object, &once, "lapse", |_, view| {
            let (slot, _) = view.record.open_slot().ok_or(Refusal::NoSuchSlot)?;
            Ok((operation::Lapse { object: view.id, slot }.into(), noted(note.as_deref())))
        })
    }
}

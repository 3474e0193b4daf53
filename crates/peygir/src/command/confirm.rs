//! `confirm`: the creditor's answer that a report holds.

use node::Shared;
use node::agreement::{Refusal, operation};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Confirm the last report: by the closure in the terms, the commitment is fulfilled
///
/// Example: `peygir confirm 3f2a9c41`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Confirm {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Confirm {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "confirm", |_, view| {
            let report = view.record.last_report().ok_or(Refusal::NoSuchReport)?.entry;
            Ok((operation::Confirm { object: view.id, report }.into(), noted(note.as_deref())))
        })
    }
}

//! `dispute`: the creditor's answer that a report does not hold.

use node::Shared;
use node::agreement::{Refusal, operation};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Dispute the last report: the commitment binds on
///
/// Example: `peygir dispute 3f2a9c41 --note "two of twelve are missing"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Dispute {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Dispute {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "dispute", |_, view| {
            let report = view.record.last_report().ok_or(Refusal::NoSuchReport)?.entry;
            Ok((operation::Dispute { object: view.id, report }.into(), noted(note.as_deref())))
        })
    }
}

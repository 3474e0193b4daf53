//! `report`: the debtor's claim that the deliverable is done.

use node::Shared;
use node::agreement::operation;
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Say that the deliverable is done: the debtor's claim, which the creditor confirms or disputes
///
/// Example: `peygir report 3f2a9c41 --note "delivered to Brest, act 17"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Report {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Report {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "report", |_, view| {
            let operation = operation::Report { object: view.id, terms: view.terms_hash };
            Ok((operation.into(), noted(note.as_deref())))
        })
    }
}

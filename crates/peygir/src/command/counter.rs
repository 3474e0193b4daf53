//! `counter`: other terms in answer to those on the table.

use node::Shared;
use node::agreement::{Refusal, Terms, operation};
use serde::{Deserialize, Serialize};

use crate::act::sign_about;
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::{Done, Once};
use crate::terms::Stated;

/// Answer terms on the table with terms of your own; everything not stated stays as it was offered
///
/// Example: `peygir counter 3f2a9c41 --due 2027-03-31 --reason "the works need a quarter more"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Counter {
    /// The commitment, by the first digits of its id
    object: String,
    #[command(flatten)]
    #[serde(flatten)]
    stated: Stated,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Counter {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        sign_about(shared, &self.object, &self.once, "counter", |node, view| {
            let (slot, _, base, content) = view.offered.last().ok_or(Refusal::NoSuchTerms)?;
            let (terms, content) = self.stated.over(node, view.space, base, content.as_ref(), base.tag)?;
            let counter =
                operation::Counter { object: view.id, slot: *slot, terms: Terms::Commitment(terms) };
            Ok((counter.into(), Some(content)))
        })
    }
}

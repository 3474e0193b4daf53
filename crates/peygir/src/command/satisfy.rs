//! `satisfy`: the debtor signs that a condition holds.

use node::Shared;
use node::agreement::{Condition, Refusal, operation};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_about};
use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// Sign that the text condition of a commitment holds, so that it binds: the debtor's act
///
/// Example: `peygir satisfy 3f2a9c41 --note "the permit of 3 May"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Satisfy {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Satisfy {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        sign_about(shared, &object, &once, "satisfy", |_, view| {
            let Some(Condition::Text(condition)) = view.terms.condition else {
                return Err(Refusal::NoSuchCondition.into());
            };
            Ok((operation::Satisfy { object: view.id, condition }.into(), noted(note.as_deref())))
        })
    }
}

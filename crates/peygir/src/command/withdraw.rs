//! `withdraw`: our party leaves an agreement, by the agreement's own rule.

use node::agreement::operation;
use node::{Node, Shared};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign_over};
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::Done;

/// Leave an agreement, with the notice that it demands; what you promised under it stays promised
///
/// Example: `peygir withdraw 3f2a9c41 --note "by article 9"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Withdraw {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Withdraw {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        let load = |node: &mut Node| {
            let object = find::object(node, &object)?;
            Ok((node.space_of(object)?, object, object))
        };
        sign_over(shared, &once, "withdraw", load, |_, object| {
            Ok((operation::Withdraw { object: *object }.into(), noted(note.as_deref())))
        })
    }
}

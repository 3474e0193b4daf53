//! `decline`: a vote against what is on the table, of a commitment, an agreement or a ballot about a space.

use node::Shared;
use node::agreement::Refusal;
use node::agreement::operation::{self, Subject};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign, sign_on_table};
use crate::failure::Result;
use crate::find::{self, Votable};
use crate::folder::Folder;
use crate::request::Done;

/// Decline what is on the table
///
/// Example: `peygir decline 3f2a9c41 --note "the day is too early"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Decline {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
}

impl Decline {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        let ballot = find::votable(&mut shared.lock(), &object)?;
        if let Votable::Ballot(space, ballot) = ballot {
            let decline = operation::Decline { subject: Subject::Space, object: ballot.id, slot: 0 };
            return sign(shared, &once, space, decline.into(), noted(note.as_deref()));
        }
        sign_on_table(shared, &object, &once, "decline", |table| {
            let slot = table.open.ok_or(Refusal::NoSuchSlot)?;
            let decline = operation::Decline { subject: table.subject, object: table.object, slot };
            Ok((decline.into(), noted(note.as_deref())))
        })
    }
}

//! `accept`: a vote for terms on the table, of a commitment, an agreement or a ballot about a space.

use node::Shared;
use node::agreement::operation::{self, Subject};
use serde::{Deserialize, Serialize};

use crate::act::{About, noted, sign, sign_on_table};
use crate::failure::{Failure, Result};
use crate::find::{self, Votable};
use crate::folder::Folder;
use crate::request::Done;

/// Accept terms on the table: consent is to one terms hash, and the other side holds your signature under it
///
/// Example: `peygir accept 3f2a9c41`, or a ballot's id from `peygir status`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Accept {
    #[command(flatten)]
    #[serde(flatten)]
    about: About,
    /// Which terms, by the first digits of their hash, when several are on the table
    #[arg(long)]
    terms: Option<String>,
}

impl Accept {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let About { object, note, once } = self.about;
        let ballot = find::votable(&mut shared.lock(), &object)?;
        if let Votable::Ballot(space, ballot) = ballot {
            let accept = operation::Accept {
                subject: Subject::Space,
                object: ballot.id,
                slot: 0,
                terms: ballot.terms,
            };
            return sign(shared, &once, space, accept.into(), noted(note.as_deref()));
        }
        sign_on_table(shared, &object, &once, "accept", |table| {
            let wanted = self.terms.unwrap_or_default().to_ascii_lowercase();
            let mut fitting = table.offered.iter().filter(|hash| hash.to_string().starts_with(&wanted));
            let terms = match (fitting.next(), fitting.next()) {
                (Some(hash), None) => *hash,
                (None, _) => return Err(agreement::Refusal::NoSuchTerms.into()),
                (Some(_), Some(_)) => {
                    return Err(Failure::usage("several terms are on the table").hint(
                        "say which with --terms and the first digits of their hash, from peygir show",
                    ));
                }
            };
            let slot = table.open.ok_or(agreement::Refusal::NoSuchSlot)?;
            let accept = operation::Accept { subject: table.subject, object: table.object, slot, terms };
            Ok((accept.into(), noted(note.as_deref())))
        })
    }
}

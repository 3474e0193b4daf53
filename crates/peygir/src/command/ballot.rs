//! `ballot`: opens a vote about the space itself.

use node::NodeError;
use node::Shared;
use node::agreement::operation::{self, word};
use node::agreement::{Content, FieldTag, SpaceTerms, Terms};
use serde::{Deserialize, Serialize};

use crate::act::{receipt, sign};
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Open a ballot about the space: to expel a party, or to raise the rules level; letting in is `admit`
///
/// Example: `peygir ballot --expel "Third Railway" --reason "two years of silence"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Ballot {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// The party to show the door
    #[arg(long, value_name = "PARTY", conflicts_with = "level", required_unless_present = "level")]
    expel: Option<String>,
    /// The rules level to raise the space to
    #[arg(long)]
    level: Option<u64>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Ballot {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let (space, terms) = {
            let mut node = shared.lock();
            let space = find::space(&mut node, self.space.as_deref())?;
            if let Some((before, kind)) = node.done_before(&self.once.id)? {
                let same = word(kind) == "offer" && before.object == Some(space.into());
                return if same {
                    Ok(receipt("ballot", before, &self.once))
                } else {
                    Err(NodeError::RequestReused.into())
                };
            }
            let members = node.parties(space)?.into_iter().filter(|party| party.member).map(|party| party.id);
            let mut voters: std::collections::BTreeSet<_> = members.collect();
            let terms = if let Some(party) = &self.expel {
                let seat = find::party(&node, space, party)?;
                voters.remove(&seat);
                SpaceTerms::Expel { voters, seat }
            } else {
                SpaceTerms::Level { voters, level: self.level.unwrap_or_default() }
            };
            (space, terms)
        };
        let content = self.reason.map(|reason| Content::default().with(FieldTag::Reason, "", &reason));
        let offer = operation::Offer { object: None, slot: 0, terms: Terms::Space(terms) };
        sign(shared, &self.once, space, offer.into(), content)
    }
}

//! `admit`: lets an applicant in, or opens the ballot that decides on it.

use node::NodeError;
use node::Shared;
use node::agreement::operation::word;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::act::receipt;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Let an applicant in, after its fingerprint was compared: at once for the second party, by ballot for later ones and for
/// one that takes over a member's seat
///
/// Example: `peygir admit 9b1c04aa --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Admit {
    /// The applicant, by the first digits of its fingerprint
    party: String,
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// The address it named may be one of this machine or of its own network; else no such address is dialled
    #[arg(long)]
    #[serde(default)]
    local_address: bool,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Admit {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        if let Some((before, kind)) = node.done_before(&self.once.id)? {
            let word = word(kind);
            let same = (word == "admit" || word == "offer") && before.object == Some(space.into());
            if !same {
                return Err(NodeError::RequestReused.into());
            }
            if let (true, Ok(party)) = (self.local_address, find::party(&node, space, &self.party)) {
                node.vouch_for_address(space, party)?;
            }
            return Ok(receipt(word, before, &self.once));
        }
        if let (true, Ok(party)) = (self.local_address, find::party(&node, space, &self.party)) {
            node.vouch_for_address(space, party)?;
            let data = json!({ "party": party.to_string(), "local_address": true });
            return Ok(Done::line(
                "in already; its address may now be one of this machine or its network",
                data,
            ));
        }
        let party = find::applicant(&node, space, &self.party)?;
        let signed = node.admit(space, party, Some(self.once.id.clone()))?;
        if self.local_address {
            node.vouch_for_address(space, party)?;
        }
        Ok(receipt("admit", signed, &self.once))
    }
}

//! `join`: takes an invitation up.

use node::Invitation;
use node::Shared;
use node::oplog::PartyId;
use node::oplog::sync::Frame;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dial;
use crate::failure::{Failure, Kind, Result};
use crate::folder::Folder;
use crate::reach::Reach;
use crate::request::Done;

/// Take an invitation up: asks the inviting node to be let in, and shows your fingerprint to compare
///
/// Example: `peygir join 'http://127.0.0.1:7000/#join:...'`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Join {
    /// The whole link, in quotation marks
    link: String,
    /// What to call the space until its own name has arrived
    #[arg(long, default_value = "invited")]
    name: String,
    /// The member whose seat this party is to take over, by its whole fingerprint: it lost its keys, or this party is its
    /// successor
    #[arg(long, value_name = "FINGERPRINT")]
    seat: Option<String>,
    /// Where peers reach this node; left out, where it last listened
    #[arg(long)]
    url: Option<String>,
}

fn fingerprint(text: &str) -> Result<PartyId> {
    text.parse().map_err(|_| Failure::usage("a fingerprint is 64 hexadecimal digits"))
}

impl Join {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let invitation = Invitation::of_link(&self.link)?;
        let own_url = self.url.or_else(|| folder.noted_address()).unwrap_or_default();
        let seat = self.seat.as_deref().map(fingerprint).transpose()?;
        let party = take_up(shared, &invitation, seat, &self.name, &own_url)?;
        let lines = vec![
            "asked to be let in; tell the inviting party your fingerprint, to compare".to_owned(),
            format!("  fingerprint {party}"),
            format!("  space       {}", invitation.space),
            "next: once it has admitted you, peygir sync brings the space (a serving node does so by itself)"
                .to_owned(),
        ];
        Ok(Done { lines, data: json!({ "space": invitation.space.to_string(), "party": party.to_string() }) })
    }
}

/// Asks the inviting node to let us in. Gives our fingerprint, for the inviting party to compare.
pub(crate) fn take_up(
    shared: &Shared,
    invitation: &Invitation,
    seat: Option<PartyId>,
    name: &str,
    own_url: &str,
) -> Result<PartyId> {
    dial::check_url(&invitation.url)?;
    let join = {
        let mut node = shared.lock();
        let seat = seat.unwrap_or_else(|| node.party());
        node.join_for(invitation, seat, name, own_url)?
    };
    let mut call = dial::Call::new(shared, invitation.node, &invitation.url, Reach::Anywhere)?;
    match call.send(&[Frame::Join(join)])?.into_iter().find(|frame| !matches!(frame, Frame::Hello(_))) {
        Some(Frame::Joined(_)) => Ok(shared.lock().party()),
        Some(Frame::Refused(why)) => {
            Err(Failure::new(Kind::Refused, format!("the inviting node refuses: {why}")))
        }
        _ => Err(Failure::peer("the inviting node did not answer the request to join")),
    }
}

//! `invite`: a link that lets one party ask to be let in.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dial;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::Done;

const HOUR_MS: u64 = 3_600_000;

/// Make a one-time link for a party that shall join a space; hand it over by a way you trust
///
/// Example: `peygir invite --space "Joint commission" --url https://node.example.org`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Invite {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// Where peers reach this node; left out, where it last listened
    #[arg(long)]
    url: Option<String>,
    /// For how many hours the link holds
    #[arg(long, value_name = "HOURS", default_value_t = 336)]
    valid_hours: u32,
}

impl Invite {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let url = self.url.or_else(|| folder.noted_address()).ok_or_else(|| {
            Failure::usage("where peers reach this node is not known")
                .hint("run peygir serve --peers once, or give --url https://...")
        })?;
        dial::check_url(&url)?;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let invitation = node.invite_for(space, &url, u64::from(self.valid_hours) * HOUR_MS)?;
        let link = invitation.link();
        Ok(Done::line(link.clone(), json!({ "link": link, "expires_ms": invitation.expires_ms })))
    }
}

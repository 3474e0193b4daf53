//! `status`: how each space stands.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Show how each space stands: digest, what is not delivered, open ballots, who was heard when
///
/// Example: `peygir status`; two nodes with the same digest hold the same state
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Status {}

impl Status {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = (folder, self);
        let mut node = shared.lock();
        let (party, name) = (node.party(), node.name().to_owned());
        let mut lines = vec![format!("{name}  {party}")];
        let mut rows = Vec::new();
        for id in node.space_ids() {
            let space = node.space(id)?;
            let (some, row) = layout::space(&space);
            lines.extend(some);
            rows.push(row);
        }
        if rows.is_empty() {
            lines.push("in no space yet: peygir found, or peygir join LINK".to_owned());
        }
        let mut peers = Vec::new();
        for peer in node.peers()? {
            let heard = if peer.heard_ms == 0 { "never".to_owned() } else { layout::time(peer.heard_ms) };
            let url = if peer.url.is_empty() { "which calls us" } else { &peer.url };
            lines.push(format!("peer {}  {url}  last heard {heard}", peer.space.short()));
            peers
                .push(json!({ "space": peer.space.to_string(), "url": peer.url, "heard_ms": peer.heard_ms }));
        }
        let data = json!({ "party": party.to_string(), "name": name, "spaces": rows, "peers": peers });
        Ok(Done { lines, data })
    }
}

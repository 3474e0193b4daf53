//! `sync`: brings what is new from peers, and ours to them.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::exchange;
use crate::failure::Result;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Exchange entries with peers now; a serving node does so by itself
///
/// Example: `peygir sync`, or one peer alone: `peygir sync --peer https://node.example.org`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Sync {
    /// One peer alone: its address, or the first digits of its node key
    #[arg(long)]
    peer: Option<String>,
}

impl Sync {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let results = exchange::with_all(shared, self.peer.as_deref())?;
        let failed = results.iter().filter(|(_, result)| result.is_err()).count();
        let mut lines = Vec::new();
        let mut rows = Vec::new();
        for (peer, result) in &results {
            let (text, row) = match result {
                Ok(done) => (
                    format!("{} new, {} trips{}", done.new, done.trips, layout::list(&done.bad)),
                    json!({ "peer": peer.url, "space": peer.space.to_string(), "new": done.new, "trips": done.trips, "bad": done.bad }),
                ),
                Err(why) => (
                    why.text.clone(),
                    json!({ "peer": peer.url, "space": peer.space.to_string(), "failed": why }),
                ),
            };
            lines.push(format!("{}  {}  {text}", peer.url, peer.space.short()));
            rows.push(row);
        }
        if rows.is_empty() {
            lines.push(
                "no peer here has an address: those that know ours come to us by themselves".to_owned(),
            );
        }
        match results.into_iter().find_map(|(_, result)| result.err()) {
            Some(why) if failed == rows.len() => Err(why),
            _ => Ok(Done { lines, data: json!(rows) }),
        }
    }
}

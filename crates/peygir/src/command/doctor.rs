//! `doctor`: what a person who looks after a node wants to know.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Result;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// Check this node: versions, durability settings, clock, keys, marks, peers
///
/// Example: `peygir doctor`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = self;
        let mut node = shared.lock();
        let mut facts: Vec<(String, String)> =
            vec![("peygir".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
        facts.push(("folder".to_owned(), folder.path.display().to_string()));
        facts.extend(node.facts()?.into_iter().map(|(name, value)| (name.to_owned(), value)));
        facts.push(("clock (UTC)".to_owned(), layout::time(node::Clock::System.now_ms())));
        facts.push(("node key".to_owned(), node.node_key()?.id().to_string()));
        let left = folder.path.join(crate::command::init::RECOVERY_FILE).exists();
        let recovery = if left {
            "is still in the data folder: move it away"
        } else {
            "is not in the data folder: good"
        };
        facts.push(("recovery file".to_owned(), recovery.to_owned()));
        for id in node.space_ids() {
            let space = node.space(id)?;
            let signs = space.will_not_sign.unwrap_or_else(|| "signs".to_owned());
            facts.push((
                format!("space {}", id.short()),
                format!("{}; {signs}; {} not delivered", space.name, space.undelivered),
            ));
        }
        for peer in node.peers()? {
            let heard = if peer.heard_ms == 0 {
                "never heard".to_owned()
            } else {
                format!("heard {}", layout::time(peer.heard_ms))
            };
            facts.push((format!("peer in {}", peer.space.short()), format!("{} {heard}", peer.url)));
        }
        let lines = facts.iter().map(|(name, value)| format!("{name:<24} {value}")).collect();
        Ok(Done { lines, data: facts.into_iter().map(|(name, value)| (name, Value::from(value))).collect() })
    }
}

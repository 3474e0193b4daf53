//! `spaces`: the spaces of this node.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::folder::Folder;
use crate::request::Done;

/// List the spaces of this node and who is in them
///
/// Example: `peygir spaces`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Spaces {}

impl Spaces {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = (folder, self);
        let mut node = shared.lock();
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for id in node.space_ids() {
            let space = node.space(id)?;
            lines.push(format!("{id}  {}", space.name));
            let mut parties = Vec::new();
            for party in &space.parties {
                let member = if party.member { "" } else { "  (gone)" };
                lines.push(format!("  {}  {}{member}", party.id.short(), party.name));
                parties.push(json!({ "id": party.id.to_string(), "name": party.name, "own": party.own, "member": party.member }));
            }
            rows.push(json!({ "id": id.to_string(), "name": space.name, "parties": parties }));
        }
        if lines.is_empty() {
            lines.push("in no space yet: peygir found, or peygir join LINK".to_owned());
        }
        Ok(Done { lines, data: json!(rows) })
    }
}

//! `applicants`: who asks to be let in.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// List who asks to be let into a space; compare the fingerprints by another way before you admit
///
/// Example: `peygir applicants --space "Joint commission"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Applicants {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
}

impl Applicants {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let all = node.applicants(space)?;
        let mut lines: Vec<_> = all
            .iter()
            .map(|one| {
                let line = format!("{}  {}  {}", one.party, layout::time(one.at_ms), one.name);
                if one.seat == one.party { line } else { format!("{line}  for the seat of {}", one.seat) }
            })
            .collect();
        if lines.is_empty() {
            lines.push("nobody asks to be let in: peygir invite makes a link to hand over".to_owned());
        }
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                json!({
                    "party": one.party.to_string(), "name": one.name, "seat": one.seat.to_string(),
                    "url": one.url, "at_ms": one.at_ms,
                })
            })
            .collect();
        Ok(Done { lines, data: json!(rows) })
    }
}

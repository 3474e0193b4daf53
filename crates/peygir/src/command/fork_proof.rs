//! `fork-proof`: the proof that a key signed two entries for one place.

use node::NodeError;
use node::Shared;
use node::oplog::id::hex;
use node::oplog::to_bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::Done;

/// Show the proofs that keys of a space signed two entries for one place; anyone can check them
///
/// Example: `peygir fork-proof --space "Joint commission" --json > proof.json`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct ForkProof {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
}

impl ForkProof {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for proof in node.fork_proofs(space)? {
            let [one, two] = proof.check().map_err(NodeError::from)?;
            lines.push(format!("key {} signed both {one} and {two}", proof.key.id()));
            rows.push(json!({
                "key": proof.key.id().to_string(), "one": one.to_string(), "two": two.to_string(),
                "proof": hex(&to_bytes(&proof)),
            }));
        }
        if rows.is_empty() {
            lines.push("no key of this space signed two entries for one place".to_owned());
        }
        Ok(Done { lines, data: json!(rows) })
    }
}

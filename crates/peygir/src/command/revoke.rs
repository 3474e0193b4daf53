//! `revoke`: takes a key of our own back.

use node::Shared;
use serde::{Deserialize, Serialize};

use crate::act::receipt;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Take a key of your own back, by your guardian; entries behind the cut are void unless others relied on them
///
/// Example: `peygir revoke 51aa90de --cut 41`, where entry 41 of the key is the last you trust
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Revoke {
    /// The key, by the first digits of its id, as peygir log shows it
    key: String,
    /// The sequence number of its last entry that counts; left out, none of them does
    #[arg(long, value_name = "SEQ")]
    cut: Option<u64>,
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Revoke {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let key = find::own_key(&mut node, space, &self.key)?;
        let signed = node.revoke_once(space, key, self.cut, Some(self.once.id.clone()))?;
        Ok(receipt("revoke", signed, &self.once))
    }
}

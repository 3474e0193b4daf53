//! `init`: makes a party: its folder, its keys, its recovery file, its high-water mark.

use std::path::Path;

use node::oplog::Secret;
use node::oplog::id::{hex, unhex};
use node::{Clock, Entropy, Keys, Mark, Node, NodeError, Store};
use serde_json::json;

use crate::failure::{Failure, Kind, Result};
use crate::folder::{Folder, write_new_private};
use crate::request::Done;

/// The name of the file with the recovery secret.
pub(crate) const RECOVERY_FILE: &str = "recovery-MOVE-ME-AWAY.txt";

/// Make a party in the data folder: its keys, sealed by a passphrase, and a recovery file that you move away
///
/// Example: `peygir init --name "Ministry of Roads" --data ./roads`
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Init {
    /// What the party calls itself
    #[arg(long)]
    name: String,
}

impl Init {
    pub(crate) fn run(&self, folder: &Folder) -> Result<Done> {
        if folder.database().exists() {
            return Err(Failure::usage(format!("there is a party in {} already", folder.path.display())));
        }
        if folder.keys().exists() {
            return Err(Failure::usage(format!("there are keys in {} already", folder.keys().display()))
                .hint("if they are what an init that was cut short has left, remove the folder; else restore its database"));
        }
        if self.name.trim().is_empty() || self.name.len() > 200 {
            return Err(Failure::usage("a name has between 1 and 200 bytes"));
        }
        make_private(&folder.path)?;
        let _lock =
            folder.try_lock()?.ok_or_else(|| Failure::usage("another peygir is at work in this folder"))?;
        let passphrase = folder.passphrase(true)?;
        let path = folder.path.join(RECOVERY_FILE);
        let made = self.make(folder, &passphrase, &path);
        if made.is_err() {
            // A party without its recovery file or its mark is none: the next try begins afresh.
            clear(folder);
        }
        let node = made?;
        let party = node.party();
        let lines = vec![
            format!("made {}", self.name),
            format!("  fingerprint {party}"),
            format!("  folder      {}", folder.path.display()),
            "move this file to a medium that you put away; whoever has it can take the party over:"
                .to_owned(),
            format!("  {}", path.display()),
            "next: peygir serve, and peygir found in a space of your own or peygir join by a link".to_owned(),
        ];
        let data = json!({
            "party": party.to_string(), "node_key": node.node_key()?.id().to_string(),
            "folder": folder.path.display().to_string(), "recovery_file": path.display().to_string(),
        });
        Ok(Done { lines, data })
    }

    fn make(&self, folder: &Folder, passphrase: &str, recovery: &Path) -> Result<Node> {
        let mut entropy = Entropy::System;
        let keys = Keys::open(folder.keys(), passphrase, &mut entropy)?;
        let store = Store::open(&folder.database()).map_err(NodeError::from)?;
        let (node, seed) = Node::create(store, keys, Mark::memory(), Clock::System, entropy, &self.name)?;
        folder.mark(node.node_key()?.id())?.adopt(false)?;
        write_recovery(recovery, &seed)?;
        Ok(node)
    }
}

/// Removes what an init that failed has made.
fn clear(folder: &Folder) {
    let _none = std::fs::remove_dir_all(folder.keys());
    for ending in ["", "-wal", "-shm"] {
        let mut path = folder.database().into_os_string();
        path.push(ending);
        let _none = std::fs::remove_file(path);
    }
}

fn make_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|why| Failure::file(path, &why))
}

/// Writes a recovery secret for a person to move away.
pub(crate) fn write_recovery(path: &Path, seed: &[u8; 32]) -> Result<()> {
    let text = format!(
        "This is the recovery secret of a peygir party. Whoever has it can take the party over.\n\
         Move it to a medium that you put away. It is needed after a total loss: peygir renew-guardian --recovery-file\n\
         {}\n",
        hex(seed)
    );
    write_new_private(path, &text)
}

/// Reads a recovery secret.
pub(crate) fn read_recovery(path: &Path) -> Result<Secret> {
    let wrong =
        |why: String| Failure::new(Kind::Keys, format!("the recovery file {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|why| wrong(why.to_string()))?;
    let seed = text.lines().rev().find_map(|line| unhex(line.trim())?.try_into().ok());
    let seed: [u8; 32] = seed.ok_or_else(|| wrong("it holds no recovery secret".to_owned()))?;
    Ok(Secret::from_seed(&seed))
}

//! `doctor`: what a person who looks after a node wants to know.

use std::path::Path;

use node::{Node, Shared};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Result;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

const MEBIBYTE: u64 = 1024 * 1024;
/// Less room than this is worth a warning, in mebibytes.
const ROOM_MIN_MIB: u64 = 256;

/// Check this node: versions, durability settings, clock, room on the disk, keys, mark, spaces, peers
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
        facts.extend(node.facts()?.into_iter().map(|(name, value)| (name.to_owned(), value)));
        facts.push(("clock (UTC)".to_owned(), layout::time(node.clock().now_ms())));
        facts.push(("folder".to_owned(), folder.path.display().to_string()));
        facts.push(("room for the folder".to_owned(), room(&folder.path)));
        let key = node.node_key()?;
        let mark = folder.mark_path(key.id())?;
        let there = if mark.exists() { "" } else { " (is not there)" };
        facts.push(("high-water mark".to_owned(), format!("{}{there}", mark.display())));
        facts.push(("room for the mark".to_owned(), room(mark.parent().unwrap_or(&mark))));
        facts.push(("node key".to_owned(), key.id().to_string()));
        let left = folder.path.join(crate::command::init::RECOVERY_FILE).exists();
        let recovery = if left {
            "is still in the data folder: move it away"
        } else {
            "is not in the data folder: good"
        };
        facts.push(("recovery file".to_owned(), recovery.to_owned()));
        facts.push((
            "address for peers".to_owned(),
            folder.noted_address().unwrap_or_else(|| "none: peygir serve --peers opens one".to_owned()),
        ));
        spaces_and_peers(&mut node, &mut facts)?;
        let lines = facts.iter().map(|(name, value)| format!("{name:<24} {value}")).collect();
        Ok(Done { lines, data: facts.into_iter().map(|(name, value)| (name, Value::from(value))).collect() })
    }
}

fn spaces_and_peers(node: &mut Node, facts: &mut Vec<(String, String)>) -> Result<()> {
    for id in node.space_ids() {
        let space = node.space(id)?;
        let signs = match space.will_not_sign {
            _ if space.parties.is_empty() => "waits to be let in".to_owned(),
            Some(why) => why,
            None => "signs".to_owned(),
        };
        let delivered = match space.undelivered {
            0 => "all delivered".to_owned(),
            some => format!("{some} own entries no peer is known to hold yet"),
        };
        facts.push((format!("space {}", id.short()), format!("{}; {signs}; {delivered}", space.name)));
    }
    for peer in node.peers()? {
        let heard = if peer.heard_ms == 0 {
            "never heard".to_owned()
        } else {
            format!("heard {}", layout::time(peer.heard_ms))
        };
        let url = if peer.url.is_empty() { "calls us:" } else { &peer.url };
        // Two peers may share a space, and a fact is found by its name.
        let name = format!("peer {} in {}", peer.node.id().short(), peer.space.short());
        facts.push((name, format!("{url} {heard}")));
    }
    Ok(())
}

/// How much room is left where a path is, in words.
fn room(path: &Path) -> String {
    let Ok(disk) = rustix::fs::statvfs(path) else { return "not known".to_owned() };
    let left_mib = disk.f_bavail.saturating_mul(disk.f_frsize) / MEBIBYTE;
    if disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        "cannot be written: it is read-only".to_owned()
    } else if left_mib < ROOM_MIN_MIB {
        format!("{left_mib} MiB, which is little")
    } else {
        format!("{left_mib} MiB")
    }
}

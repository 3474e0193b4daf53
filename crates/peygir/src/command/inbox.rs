//! `inbox`: what waits for our party, what it owes, what it is owed.

use node::Shared;
use node::Voice;
use node::agreement::Phase;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::folder::Folder;
use crate::layout;
use crate::request::Done;

/// How many commitments of a list are looked at to find the open ones.
const LOOK_MAX: usize = 100_000;

/// Whether something is owed: terms are in force, and nothing has closed them.
fn is_open(phase: Phase) -> bool {
    matches!(phase, Phase::Conditional | Phase::Detached | Phase::Reported | Phase::Disputed)
}

/// Show what waits for you, what you owe and what you are owed, over all spaces
///
/// Example: `peygir inbox`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Inbox {
    /// How many of each at most
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

impl Inbox {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let node = shared.lock();
        let (mut lines, mut data) = (Vec::new(), serde_json::Map::new());
        for (voice, word, title) in [
            (Voice::Waited, "waits", "waits for you"),
            (Voice::Owes, "owes", "you owe"),
            (Voice::Owed, "owed", "you are owed"),
        ] {
            let mut some = node.inbox(voice, LOOK_MAX)?;
            some.retain(|line| voice == Voice::Waited || is_open(line.phase));
            some.truncate(self.limit);
            let some = layout::commitments(&node, some)?;
            lines.push(format!("{title}: {}", some.lines.len()));
            lines.extend(some.lines.into_iter().map(|line| format!("  {line}")));
            data.insert(word.to_owned(), some.data);
        }
        let agreements = layout::agreements(&node.agreements_to_answer(self.limit)?);
        lines.push(format!("agreements wait for your signature: {}", agreements.lines.len()));
        lines.extend(agreements.lines.into_iter().map(|line| format!("  {line}")));
        data.insert("agreements".to_owned(), agreements.data);
        let minutes = layout::meetings(&node.minutes_to_answer(self.limit)?);
        lines.push(format!("minutes wait for your signature: {}", minutes.lines.len()));
        lines.extend(minutes.lines.into_iter().map(|line| format!("  {line}")));
        data.insert("minutes".to_owned(), minutes.data);
        Ok(Done { lines, data: data.into() })
    }
}

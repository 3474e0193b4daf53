//! `erase`: forgets the words of one's own.

use node::Shared;
use node::agreement::{Content, FieldTag, operation};
use serde::{Deserialize, Serialize};

use crate::act::sign;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Forget the content of a comment, a file, a report or a failed offer of your own: the entry stays, its words go
///
/// Example: `peygir erase 77ab0f12`, or one entry of a thread: `peygir erase 3f2a9c41 --entry 5c0d`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Erase {
    /// The object, by the first digits of its id
    object: String,
    /// The entry; left out, the one that founded the object
    #[arg(long)]
    entry: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Erase {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let (space, object, entry) = {
            let node = shared.lock();
            let object = find::object(&node, &self.object)?;
            let space = node.space_of(object)?;
            let entry = match &self.entry {
                Some(text) => find::entry(&node, space, text)?.id,
                None => object.into(),
            };
            (space, object, entry)
        };
        let content = self.reason.map(|reason| Content::default().with(FieldTag::Reason, "", &reason));
        sign(shared, &self.once, space, operation::Erase { object, entry }.into(), content)
    }
}

//! `comment`: words about an object or a space.

use node::Shared;
use node::agreement::{Content, FieldTag, operation};
use serde::{Deserialize, Serialize};

use crate::act::sign;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Sign a comment, which all parties of the space see
///
/// Example: `peygir comment 3f2a9c41 "the loading plan is ready"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Comment {
    /// What it is about: the first digits of an object's id, or a space
    about: String,
    /// The words
    text: String,
    /// Their language, as BCP 47 has it: fa, en, ru
    #[arg(long, default_value = "")]
    language: String,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Comment {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let (space, about) = find::subject(&mut shared.lock(), &self.about)?;
        let content = Content::default().with(FieldTag::Note, &self.language, &self.text);
        sign(shared, &self.once, space, operation::Comment { about }.into(), Some(content))
    }
}

//! `attach`: a file as evidence.

use node::Shared;
use node::agreement::{Content, FieldTag, operation};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

use crate::act::{noted, sign};
use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// The longest file that is taken as evidence.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Attach a file as evidence; its hash is signed, and its bytes travel to the parties of the space
///
/// Example: `peygir attach 3f2a9c41 act-17.pdf --media-type application/pdf`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Attach {
    /// What it is about: the first digits of an object's id, or a space
    about: String,
    /// The file
    #[arg(value_parser = absolute)]
    file: PathBuf,
    /// Its media type
    #[arg(long, default_value = "application/octet-stream")]
    media_type: String,
    /// Words that go with it
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Attach {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let unread = |why: std::io::Error| Failure::not_found(format!("{}: {why}", self.file.display()));
        let len_bytes = std::fs::metadata(&self.file).map_err(unread)?.len();
        if len_bytes > FILE_BYTES_MAX {
            return Err(Failure::usage(format!(
                "the file has {len_bytes} bytes, at most {FILE_BYTES_MAX} are taken"
            )));
        }
        let attachment = std::fs::read(&self.file).map_err(unread)?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let content = Content { attachment, ..noted(self.note.as_deref()).unwrap_or_default() }
            .with(FieldTag::FileName, "", &name)
            .with(FieldTag::MediaType, "", &self.media_type);
        let (space, about) = find::subject(&mut shared.lock(), &self.about)?;
        sign(shared, &self.once, space, operation::Attach { about }.into(), Some(content))
    }
}

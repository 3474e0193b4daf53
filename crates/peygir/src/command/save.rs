//! `save`: writes a file that was attached as evidence.

use std::path::PathBuf;

use node::agreement::FieldTag;
use node::{ContentState, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::{Folder, write_new_private};
use crate::request::Done;

/// Save a file that was attached as evidence, byte for byte as it was signed
///
/// Example: `peygir save 9c02b7e1 act-17.pdf`, with the id that `peygir show` gives beside the file
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Save {
    /// The evidence, by the first digits of its id
    id: String,
    /// The file to write; it must not exist
    #[arg(value_parser = absolute)]
    file: PathBuf,
}

impl Save {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let entry = {
            let node = shared.lock();
            let object = find::object(&node, &self.id)?;
            let space = node.space_of(object)?;
            find::entry(&node, space, &object.to_string())?
        };
        if entry.word != "attach" {
            return Err(Failure::not_found(format!(
                "{} is no evidence but a {}",
                entry.id.short(),
                entry.word
            ))
            .hint("peygir show lists the files beside a commitment"));
        }
        let Ok(content) = shared.lock().file(entry.id) else {
            return Err(match entry.content_state {
                Some(ContentState::Erased) => Failure::not_found("the file was erased by its author"),
                Some(ContentState::Withheld) => Failure::not_found("the file is withheld by its author"),
                _ => Failure::not_found("the file has not arrived yet").hint("peygir sync"),
            });
        };
        write_new_private(&self.file, &content.attachment)?;
        let (bytes, path) = (content.attachment.len(), self.file.display().to_string());
        let name = content.text(FieldTag::FileName, "").unwrap_or_default().to_owned();
        Ok(Done::line(
            format!("{bytes} bytes in {path}"),
            json!({ "bytes": bytes, "file": path, "name": name }),
        ))
    }
}

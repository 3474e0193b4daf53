//! `transcribe`: takes down what was agreed elsewhere.

use node::Shared;
use node::agreement::{Content, FieldTag, operation};
use serde::{Deserialize, Serialize};

use crate::act::sign;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Take down what was agreed elsewhere: recorded by you, signed by nobody else, never a commitment
///
/// Example: `peygir transcribe --source "Protocol of 3 May 2025, item 4" --title "Rail tariff" --debtor "Ministry" --due "by autumn"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Transcribe {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
    /// An earlier transcript of yours that this corrects
    #[arg(long, value_name = "OBJECT")]
    correct: Option<String>,
    /// Where it comes from
    #[arg(long)]
    source: String,
    /// The name by which people speak of it
    #[arg(long)]
    title: String,
    /// The debtor as written
    #[arg(long)]
    debtor: Option<String>,
    /// The creditor as written
    #[arg(long)]
    creditor: Option<String>,
    /// The due date as written
    #[arg(long)]
    due: Option<String>,
    /// Further words
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Transcribe {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let (space, object) = {
            let mut node = shared.lock();
            match &self.correct {
                Some(text) => {
                    let object = find::object(&node, text)?;
                    (node.space_of(object)?, Some(object))
                }
                None => (find::space(&mut node, self.space.as_deref())?, None),
            }
        };
        let stated = [
            (FieldTag::Title, Some(self.title)),
            (FieldTag::Source, Some(self.source)),
            (FieldTag::DebtorAsWritten, self.debtor),
            (FieldTag::CreditorAsWritten, self.creditor),
            (FieldTag::DueAsWritten, self.due),
            (FieldTag::Note, self.note),
        ];
        let fields = stated.into_iter().filter_map(|(tag, text)| Some((tag, text?)));
        let content = fields.fold(Content::default(), |content, (tag, text)| content.with(tag, "", &text));
        sign(shared, &self.once, space, operation::Transcribe { object }.into(), Some(content))
    }
}

//! `minutes`: the minutes of a meeting on the table, first or corrected, or in answer to others.

use std::path::PathBuf;

use node::agreement::operation::{Counter, Offer, Operation};
use node::agreement::{Content, FieldTag, MinutesTerms, Terms};
use node::{Node, Shared};
use serde::{Deserialize, Serialize};

use crate::act::sign_over;
use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// The longest text that is read.
const TEXT_BYTES_MAX: u64 = 512 * 1024;

/// Offer the minutes of a meeting; they are adopted when every invited party has signed them (`peygir accept`)
///
/// Example: `peygir minutes 3f2a9c41 --present me --present "Belarusian Railway" --text minutes.txt --outcome 1/9c417ab2`, where an
/// outcome is the number of an agenda item and the agreement or commitment that was made or taken up.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Minutes {
    /// The meeting, by the first digits of its id
    object: String,
    /// Who was there; may be given several times
    #[arg(long, value_name = "PARTY", required = true)]
    present: Vec<String>,
    /// The text of the minutes, from a file
    #[arg(long, value_name = "FILE", value_parser = absolute)]
    text: PathBuf,
    /// The language of the text
    #[arg(long, default_value = "en")]
    language: String,
    /// What came of an item: its number, a stroke, the first digits of the object's id; may be given several times
    #[arg(long = "outcome", value_name = "ITEM/OBJECT")]
    outcomes: Vec<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Minutes {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let text = self.words()?;
        let load = |node: &mut Node| {
            let view = node.meeting(find::object(node, &self.object)?)?;
            Ok((view.space, view.id, view))
        };
        let answers = {
            let mut node = shared.lock();
            load(&mut node)?.2.record.ballot.open_slot().is_some()
        };
        let word = if answers { "counter" } else { "offer" };
        sign_over(shared, &self.once, word, load, |node, view| {
            let present = self.present.iter().map(|party| find::party(node, view.space, party));
            let terms = Terms::Minutes(MinutesTerms {
                parties: view.record.invited.clone(),
                present: present.collect::<Result<_>>()?,
                outcomes: self.outcomes.iter().map(|text| outcome(node, text)).collect::<Result<_>>()?,
                reply_by: None,
            });
            let object = view.id;
            let operation: Operation = match view.record.ballot.open_slot() {
                Some((slot, _)) => Counter { object, slot, terms }.into(),
                None => {
                    let slot = view.record.ballot.slots.len() as u64;
                    Offer { object: Some(object), slot, terms }.into()
                }
            };
            Ok((operation, Some(Content::default().with(FieldTag::Text, &self.language, &text))))
        })
    }

    fn words(&self) -> Result<String> {
        let unread = |why: std::io::Error| Failure::not_found(format!("{}: {why}", self.text.display()));
        if std::fs::metadata(&self.text).map_err(unread)?.len() > TEXT_BYTES_MAX {
            return Err(Failure::usage(format!("{} is over {TEXT_BYTES_MAX} bytes", self.text.display())));
        }
        std::fs::read_to_string(&self.text).map_err(unread)
    }
}

fn outcome(node: &mut Node, text: &str) -> Result<(u64, node::oplog::ObjectId)> {
    let (item, object) =
        text.split_once('/')
            .and_then(|(item, object)| Some((item.parse().ok()?, object)))
            .ok_or_else(|| Failure::usage("an outcome is written ITEM/OBJECT, as in 1/3f2a9c41"))?;
    Ok((item, find::object(node, object)?))
}

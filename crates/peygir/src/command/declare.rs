//! `declare`: says what our party can do or lacks, corrects that, or takes it back.

use clap::ValueEnum;
use node::agreement::{Content, FieldCode, FieldTag, Sort, operation};
use node::ask::Declared;
use node::{Node, NodeError, Shared};
use serde::{Deserialize, Serialize};

use crate::act::{receipt, sign};
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Which of the two.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SortWord {
    /// What you can do
    Capability,
    /// What you lack
    Need,
}

impl From<SortWord> for Sort {
    fn from(word: SortWord) -> Self {
        match word {
            SortWord::Capability => Self::Capability,
            SortWord::Need => Self::Need,
        }
    }
}

/// Say what you can do or what you lack, for all parties of the space to read; it promises nothing
///
/// Example: `peygir declare capability --field 2.3 --title "Gauge-changing wagons" --description "60 sets a year" --achieved
/// "Four border stations since 2019"`. Evidence goes beside it with `peygir attach`, and `peygir matches` shows what
/// meets it. A correction states what changes and leaves the rest: `peygir declare --correct 3f2a9c41 --description
/// "80 sets a year"`. To take it back: `peygir declare --correct 3f2a9c41 --withdraw --reason "the works closed"`; a
/// later correction states it again.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
#[command(after_long_help = fields())]
pub(crate) struct Declare {
    /// Which of the two; a correction keeps what it was
    #[arg(value_enum, required_unless_present = "correct", conflicts_with = "correct")]
    sort: Option<SortWord>,
    /// The space, by name or id; needed when there are several
    #[arg(long, conflicts_with = "correct")]
    space: Option<String>,
    /// A capability or need of yours that this corrects
    #[arg(long, value_name = "OBJECT")]
    correct: Option<String>,
    /// Take it back
    #[arg(long, requires = "correct")]
    withdraw: bool,
    /// Its field, by code: `peygir declare --help` lists them
    #[arg(long, value_name = "CODE", value_parser = field)]
    field: Option<String>,
    /// The name by which people speak of it
    #[arg(long)]
    title: Option<String>,
    /// The same in Persian
    #[arg(long)]
    title_fa: Option<String>,
    /// What it is, how much, under which conditions
    #[arg(long)]
    description: Option<String>,
    /// What was achieved with a capability so far
    #[arg(long)]
    achieved: Option<String>,
    /// Why it is corrected or taken back
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

/// The code of a field, if there is such a field.
fn field(text: &str) -> std::result::Result<String, String> {
    FieldCode::of_code(text).map(|field| field.code().to_owned()).ok_or_else(|| {
        format!("no field has the code {text}: 2.3, T, C and F are some; peygir declare --help lists all")
    })
}

/// The list of fields, for the help.
fn fields() -> String {
    let line = |field: FieldCode| {
        let indent = if field.is_group() { "" } else { "  " };
        format!("  {indent}{:<5} {}\n", field.code(), field.name())
    };
    let all: String = FieldCode::all().map(line).collect();
    format!("Fields (OECD's fields of research and development, and three of ours):\n{all}")
}

impl Declare {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        if let Some(text) = &self.correct {
            return self.correct(shared, text);
        }
        let missing = |what: &str| Failure::usage(format!("{what} is missing from what is declared"));
        let sort = self.sort.ok_or_else(|| missing("capability or need"))?.into();
        if self.field.is_none() {
            return Err(missing("--field").hint("peygir declare --help lists the codes"));
        }
        if self.title.is_none() && self.title_fa.is_none() {
            return Err(missing("--title or --title-fa"));
        }
        let space = find::space(&mut shared.lock(), self.space.as_deref())?;
        let declare = operation::Declare { object: None, sort, withdrawn: false };
        sign(shared, &self.once, space, declare.into(), Some(self.over(None)))
    }

    fn correct(&self, shared: &Shared, text: &str) -> Result<Done> {
        let (space, declare, content) = {
            let mut node: std::sync::MutexGuard<'_, Node> = shared.lock();
            let view = find::declaration(&mut node, text)?;
            let object = Some(view.shown.id);
            // When the request was carried out before, what stands has moved on.
            if let Some((before, kind)) = node.done_before(&self.once.id)? {
                let same = operation::word(kind) == "declare" && before.object == object;
                return if same {
                    Ok(receipt("declare", before, &self.once))
                } else {
                    Err(NodeError::RequestReused.into())
                };
            }
            let declare = operation::Declare { object, sort: view.record.sort, withdrawn: self.withdraw };
            (view.space, declare, self.over(Some(&view.shown)))
        };
        sign(shared, &self.once, space, declare.into(), Some(content))
    }

    /// What is stated, and what stood before where nothing is.
    fn over(&self, before: Option<&Declared>) -> Content {
        let stated = [
            (FieldTag::Title, "en", &self.title),
            (FieldTag::Title, "fa", &self.title_fa),
            (FieldTag::FieldCode, "", &self.field),
            (FieldTag::Description, "", &self.description),
            (FieldTag::Achievement, "", &self.achieved),
            (FieldTag::Reason, "", &self.reason),
        ];
        let mut content = Content::default();
        let fields = before.and_then(|declared| declared.content.as_ref()).map(|held| held.fields.as_slice());
        for held in fields.unwrap_or_default() {
            let of_then = matches!(held.tag, FieldTag::Reason | FieldTag::Role | FieldTag::Person);
            let is_said = |(tag, language, text): &(FieldTag, &str, &Option<String>)| {
                *tag == held.tag && *language == held.language && text.is_some()
            };
            if !of_then && !stated.iter().any(is_said) {
                content.fields.push(held.clone());
            }
        }
        for (tag, language, text) in stated {
            if let Some(text) = text {
                content = content.with(tag, language, text);
            }
        }
        content
    }
}

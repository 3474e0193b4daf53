//! Terms as the command line states them: what is left out is taken from the terms that are there.

use clap::ValueEnum;
use node::agreement::{Closure, CommitmentTerms, Condition, Content, Due, FieldTag, Tag};
use node::oplog::SpaceId;
use node::{Clock, Node};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::find;

/// Whose confirmation closes the commitment.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ClosureWord {
    /// Every creditor's
    All,
    /// Any one creditor's
    Any,
    /// The first creditor's
    Lead,
}

/// What kind of change terms make.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TagWord {
    /// First terms
    New,
    /// Any change
    Amend,
    /// The due day alone
    Reschedule,
    /// Another debtor alone
    Delegate,
    /// Other creditors alone
    Assign,
    /// The end, by consent
    MutualEnd,
}

impl From<TagWord> for Tag {
    fn from(word: TagWord) -> Self {
        match word {
            TagWord::New => Self::New,
            TagWord::Amend => Self::Amend,
            TagWord::Reschedule => Self::Reschedule,
            TagWord::Delegate => Self::Delegate,
            TagWord::Assign => Self::Assign,
            TagWord::MutualEnd => Self::MutualEnd,
        }
    }
}

/// Terms, as far as they are stated.
#[derive(Clone, Debug, Default, clap::Args, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stated {
    /// Who owes: a party's name, the first digits of its id, or `me`
    #[arg(long)]
    debtor: Option<String>,
    /// To whom, the lead first; may be given several times
    #[arg(long, value_name = "PARTY")]
    creditor: Vec<String>,
    /// By when, in the Gregorian reckoning: 2026-12-31
    #[arg(long, value_name = "DAY", conflicts_with = "due_jalali")]
    due: Option<String>,
    /// By when, in the Jalali reckoning: 1405/10/10
    #[arg(long, value_name = "DAY")]
    due_jalali: Option<String>,
    /// The time zone at the end of whose day it is due: Asia/Tehran
    #[arg(long)]
    zone: Option<String>,
    /// The name by which people speak of it
    #[arg(long)]
    title: Option<String>,
    /// The same in Persian
    #[arg(long)]
    title_fa: Option<String>,
    /// What is to be delivered
    #[arg(long)]
    deliverable: Option<String>,
    /// How one sees that it is done
    #[arg(long)]
    criterion: Option<String>,
    /// Whose confirmation closes it
    #[arg(long, value_enum)]
    closure: Option<ClosureWord>,
    /// A condition in words, which the debtor later signs with `satisfy`
    #[arg(long, conflicts_with = "after")]
    condition_text: Option<String>,
    /// A condition: that another commitment is fulfilled
    #[arg(long, value_name = "OBJECT")]
    after: Option<String>,
    /// The clause of an agreement that it carries out: the first digits of the agreement's id, a stroke, the number
    #[arg(long, value_name = "AGREEMENT/NUMBER")]
    clause: Option<String>,
    /// From which day on the offer may be let lapse: 2026-06-30
    #[arg(long, value_name = "DAY")]
    reply_by: Option<String>,
    /// What kind of change it is, when terms are in force
    #[arg(long, value_enum)]
    tag: Option<TagWord>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

fn day(text: &str, reckoning: calendar::Reckoning) -> Result<i32> {
    calendar::parse_day(text, reckoning).map(|day| day.days()).map_err(|why| Failure::usage(why.to_string()))
}

impl Stated {
    /// First terms.
    pub(crate) fn first(&self, node: &mut Node, space: SpaceId) -> Result<(CommitmentTerms, Content)> {
        let missing = |what: &str| Failure::usage(format!("{what} is missing from the terms"));
        let debtor = find::party(node, space, self.debtor.as_deref().ok_or_else(|| missing("--debtor"))?)?;
        let day = self.day()?.ok_or_else(|| missing("--due or --due-jalali"))?;
        let zone =
            self.zone.clone().ok_or_else(|| missing("--zone").hint("for example --zone Asia/Tehran"))?;
        if self.title.is_none() && self.title_fa.is_none() {
            return Err(missing("--title or --title-fa"));
        }
        let base = CommitmentTerms {
            tag: Tag::New,
            debtor,
            creditors: Vec::new(),
            closure: Closure::All,
            due: Due { day, zone },
            condition: None,
            clause: None,
            reply_by: None,
        };
        if self.creditor.is_empty() {
            return Err(missing("--creditor"));
        }
        self.over(node, space, &base, None, Tag::New)
    }

    /// Terms like `base`, with what is stated here in place of what is there.
    pub(crate) fn over(
        &self,
        node: &mut Node,
        space: SpaceId,
        base: &CommitmentTerms,
        content: Option<&Content>,
        tag: Tag,
    ) -> Result<(CommitmentTerms, Content)> {
        let mut terms =
            CommitmentTerms { tag: self.tag.map_or(tag, Tag::from), reply_by: None, ..base.clone() };
        if let Some(debtor) = &self.debtor {
            terms.debtor = find::party(node, space, debtor)?;
        }
        if !self.creditor.is_empty() {
            terms.creditors =
                self.creditor.iter().map(|party| find::party(node, space, party)).collect::<Result<_>>()?;
        }
        if let Some(day) = self.day()? {
            terms.due.day = day;
        }
        if let Some(zone) = &self.zone {
            terms.due.zone.clone_from(zone);
        }
        if !Clock::knows_zone(&terms.due.zone) {
            return Err(Failure::usage(format!("no such time zone: {}", terms.due.zone))
                .hint("an IANA name, such as Asia/Tehran or Europe/Minsk"));
        }
        match self.closure {
            Some(ClosureWord::All) => terms.closure = Closure::All,
            Some(ClosureWord::Any) => terms.closure = Closure::Any,
            Some(ClosureWord::Lead) => terms.closure = Closure::Lead,
            None => {}
        }
        if let Some(after) = &self.after {
            terms.condition = Some(Condition::Fulfilled(find::object(node, after)?));
        } else if self.condition_text.is_some() {
            // A changed text wants a new number, so that an old signature does not satisfy it.
            let number = if let Some(Condition::Text(number)) = base.condition { number + 1 } else { 1 };
            terms.condition = Some(Condition::Text(number));
        }
        if let Some(clause) = &self.clause {
            let (agreement, number) = clause
                .rsplit_once('/')
                .and_then(|(agreement, number)| Some((agreement, number.parse().ok()?)))
                .ok_or_else(|| Failure::usage("a clause is written AGREEMENT/NUMBER, as in 3f2a9c41/2"))?;
            let agreement = node.agreement(find::object(node, agreement)?)?;
            if !agreement.text.terms.clauses.contains(&number) {
                return Err(Failure::not_found(format!("the agreement has no clause {number}")));
            }
            terms.clause = Some((agreement.id, number));
        }
        if let Some(reply_by) = &self.reply_by {
            terms.reply_by = Some(day(reply_by, calendar::Reckoning::Gregorian)?);
        }
        Ok((terms, self.content_over(content)))
    }

    fn day(&self) -> Result<Option<i32>> {
        match (&self.due, &self.due_jalali) {
            (Some(text), _) => day(text, calendar::Reckoning::Gregorian).map(Some),
            (None, Some(text)) => day(text, calendar::Reckoning::Jalali).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn content_over(&self, base: Option<&Content>) -> Content {
        let stated = [
            (FieldTag::Title, "en", &self.title),
            (FieldTag::Title, "fa", &self.title_fa),
            (FieldTag::Deliverable, "", &self.deliverable),
            (FieldTag::Criterion, "", &self.criterion),
            (FieldTag::Condition, "", &self.condition_text),
            (FieldTag::Reason, "", &self.reason),
        ];
        let mut content = Content::default();
        for field in base.map(|content| content.fields.as_slice()).unwrap_or_default() {
            let replaced = stated.iter().any(|(tag, language, text)| {
                *tag == field.tag && *language == field.language && text.is_some()
            });
            // The reason belongs to one change and is not handed down.
            if !replaced && field.tag != FieldTag::Reason {
                content.fields.push(field.clone());
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

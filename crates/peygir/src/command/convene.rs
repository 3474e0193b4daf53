//! `convene`: a meeting, or another day or agenda for one, or that it is called off.

use node::agreement::operation::{self, Operation};
use node::agreement::{Content, Due, FieldTag};
use node::oplog::{ObjectId, PartyId, SpaceId};
use node::{Clock, Node, Shared};
use serde::{Deserialize, Serialize};

use crate::act::{sign, sign_over};
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Convene a meeting, or say anew when and where one is; only its convener can
///
/// Example: `peygir convene --party me --party "Belarusian Railway" --on 2026-10-01 --zone Asia/Tehran --title "First session"
/// --place "Tehran" --item "Transit tariffs" --item "Locomotives"`. Later: `peygir convene --object 3f2a9c41 --on 2026-10-02`, or
/// `peygir convene --object 3f2a9c41 --off`. Who is invited does not change.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Convene {
    /// The space of a new meeting
    #[arg(long, conflicts_with = "object")]
    space: Option<String>,
    /// The meeting to correct
    #[arg(long, conflicts_with = "parties")]
    object: Option<String>,
    /// Who is invited: a name, the first digits of an id, or `me`; may be given several times
    #[arg(long = "party", value_name = "PARTY")]
    parties: Vec<String>,
    /// The day, in the Gregorian reckoning: 2026-10-01
    #[arg(long, value_name = "DAY", conflicts_with = "on_jalali")]
    on: Option<String>,
    /// The day, in the Jalali reckoning: 1405/07/09
    #[arg(long, value_name = "DAY")]
    on_jalali: Option<String>,
    /// The time zone of the place: Asia/Tehran
    #[arg(long)]
    zone: Option<String>,
    /// Its title
    #[arg(long)]
    title: Option<String>,
    /// The title in Persian
    #[arg(long)]
    title_fa: Option<String>,
    /// Where it is
    #[arg(long)]
    place: Option<String>,
    /// An item of the agenda; several are numbered in their order
    #[arg(long = "item", value_name = "WORDS")]
    items: Vec<String>,
    /// Call it off
    #[arg(long, requires = "object")]
    off: bool,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Convene {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let Some(object) = &self.object else { return self.found(shared) };
        let load = |node: &mut Node| {
            let view = node.meeting(find::object(node, object)?)?;
            Ok((view.space, view.id, view))
        };
        sign_over(shared, &self.once, "convene", load, |_, view| {
            let before = view.record.day().cloned();
            let invited = view.record.invited.clone();
            let day = if self.off { None } else { Some(self.day(before)?) };
            let content = (!self.off).then(|| self.content(view.content.as_ref()));
            let object = Some(view.id);
            Ok((operation::Convene { object, invited, day }.into(), content))
        })
    }

    fn found(&self, shared: &Shared) -> Result<Done> {
        if self.title.is_none() && self.title_fa.is_none() {
            return Err(Failure::usage("--title or --title-fa is missing"));
        }
        if self.parties.is_empty() {
            return Err(Failure::usage("--party is missing: say who is invited, `me` too"));
        }
        let day = Some(self.day(None)?);
        let (space, operation): (SpaceId, Operation) = {
            let mut node = shared.lock();
            let space = find::space(&mut node, self.space.as_deref())?;
            let invited: Result<std::collections::BTreeSet<PartyId>> =
                self.parties.iter().map(|party| find::party(&node, space, party)).collect();
            let object: Option<ObjectId> = None;
            (space, operation::Convene { object, invited: invited?, day }.into())
        };
        sign(shared, &self.once, space, operation, Some(self.content(None)))
    }

    fn day(&self, before: Option<Due>) -> Result<Due> {
        let read = |text: &str, reckoning| {
            calendar::parse_day(text, reckoning)
                .map(|day| day.days())
                .map_err(|why| Failure::usage(why.to_string()))
        };
        let stated = match (&self.on, &self.on_jalali) {
            (Some(text), _) => Some(read(text, calendar::Reckoning::Gregorian)?),
            (None, Some(text)) => Some(read(text, calendar::Reckoning::Jalali)?),
            (None, None) => None,
        };
        let held = before.as_ref();
        let day = stated.or(held.map(|due| due.day));
        let zone = self.zone.clone().or(held.map(|due| due.zone.clone()));
        let day = day.ok_or_else(|| Failure::usage("--on or --on-jalali is missing"))?;
        let zone = zone.ok_or_else(|| Failure::usage("--zone is missing, for example Asia/Tehran"))?;
        if !Clock::knows_zone(&zone) {
            return Err(Failure::usage(format!("no such time zone: {zone}")));
        }
        Ok(Due { day, zone })
    }

    /// What is stated, and else what was said before.
    fn content(&self, before: Option<&Content>) -> Content {
        let held = |tag, language: &str| {
            let fields = before.map(|content| content.fields.as_slice()).unwrap_or_default();
            let found = fields.iter().find(|field| field.tag == tag && field.language == language);
            found.map(|field| field.text.clone())
        };
        let stated = [
            (FieldTag::Title, "en", self.title.clone()),
            (FieldTag::Title, "fa", self.title_fa.clone()),
            (FieldTag::Place, "", self.place.clone()),
        ];
        let mut content = Content::default();
        for (tag, language, text) in stated {
            if let Some(text) = text.or_else(|| held(tag, language)) {
                content = content.with(tag, language, &text);
            }
        }
        if self.items.is_empty() {
            let agenda = before.into_iter().flat_map(|content| &content.fields);
            let agenda = agenda.filter(|field| matches!(field.tag, FieldTag::Number | FieldTag::Heading));
            content.fields.extend(agenda.cloned());
            return content;
        }
        (1..).zip(&self.items).fold(content, |content, (number, item): (u64, _)| {
            content.with(FieldTag::Number, "", &number.to_string()).with(FieldTag::Heading, "", item)
        })
    }
}

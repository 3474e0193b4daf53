//! `agree`: the text of an agreement on the table, new, changed, or in answer to another text.

use std::path::PathBuf;

use node::agreement::operation::{Counter, Offer};
use node::agreement::{
    AgreementTag, AgreementTerms, Content, FieldTag, Operation, Terms, Withdrawal, Wording, wording,
};
use node::oplog::SpaceId;
use node::{Node, Shared};
use serde::{Deserialize, Serialize};

use crate::act::{sign, sign_over};
use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// The longest text that is read.
const TEXT_BYTES_MAX: u64 = 1024 * 1024;

/// Put the text of an agreement on the table: a new one, a change of one, or another text in answer to an offer
///
/// A text is a file in one language. A line such as `Article 2. Deliveries` (or `Clause`, `ماده`, `Статья`, `#`) begins a
/// clause; what stands before the first is the preamble. Example: `peygir agree --party me --party "Belarusian Railway"
/// --title en="Transit" --text en=transit.en.txt --text fa=transit.fa.txt --withdrawal 90`. A change keeps what is not
/// stated: `peygir agree --object 3f2a9c41 --text en=new.txt --reason "a third clause"`.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Agree {
    /// The space of a new agreement
    #[arg(long, conflicts_with = "object")]
    space: Option<String>,
    /// The agreement to change, or to answer while an offer is open
    #[arg(long)]
    object: Option<String>,
    /// A party to it: a name, the first digits of an id, or `me`; may be given several times
    #[arg(long = "party", value_name = "PARTY")]
    parties: Vec<String>,
    /// Its title in a language: en="Transit"; may be given several times
    #[arg(long = "title", value_name = "LANGUAGE=TITLE", value_parser = pair)]
    titles: Vec<(String, String)>,
    /// A text in a language, from a file: en=transit.txt; may be given several times
    #[arg(long = "text", value_name = "LANGUAGE=FILE", value_parser = text_file)]
    texts: Vec<(String, PathBuf)>,
    /// How a party may leave: never, consent, or the days of notice
    #[arg(long, value_name = "never|consent|DAYS")]
    withdrawal: Option<String>,
    /// From which day on the offer may be let lapse: 2026-06-30
    #[arg(long, value_name = "DAY")]
    reply_by: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    let (language, rest) = text.split_once('=').ok_or("a language stands before it: en=…")?;
    let sound = !language.is_empty()
        && language.len() <= 35
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if sound { Ok((language.to_owned(), rest.to_owned())) } else { Err(format!("no language: {language}")) }
}

fn text_file(text: &str) -> std::result::Result<(String, PathBuf), String> {
    let (language, file) = pair(text)?;
    Ok((language, absolute(&file)?))
}

impl Agree {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let wordings = self.wordings()?;
        let Some(object) = &self.object else { return self.found(shared, &wordings) };
        // A text is an answer while another is on the table.
        let answers = {
            let mut node = shared.lock();
            let id = find::object(&node, object)?;
            node.agreement(id)?.record.ballot.open_slot().is_some()
        };
        let word = if answers { "counter" } else { "offer" };
        let load = |node: &mut Node| {
            let view = node.agreement(find::object(node, object)?)?;
            Ok((view.space, view.id, view))
        };
        sign_over(shared, &self.once, word, load, |node, view| {
            let open = view.offered.last();
            let (base, content) = match (open, view.record.in_force()) {
                (Some(offer), _) => (&offer.offered.terms, &offer.content),
                (None, Some(held)) => (&held.terms, &view.content),
                (None, None) => (&view.text.terms, &view.content),
            };
            let tag = match view.record.in_force() {
                Some(_) => AgreementTag::Amend,
                None => AgreementTag::New,
            };
            let base = AgreementTerms { tag, reply_by: None, ..base.clone() };
            let (terms, content) = self.stated(node, view.space, base, content.as_ref(), &wordings)?;
            let (object, terms) = (view.id, Terms::Agreement(terms));
            let operation: Operation = match open {
                Some(offer) => Counter { object, slot: offer.slot, terms }.into(),
                None => {
                    let slot = view.record.ballot.slots.len() as u64;
                    Offer { object: Some(object), slot, terms }.into()
                }
            };
            Ok((operation, Some(content)))
        })
    }

    fn found(&self, shared: &Shared, wordings: &[(String, Wording)]) -> Result<Done> {
        let missing = |what: &str| Failure::usage(format!("{what} is missing from the agreement"));
        for (is_there, what) in [
            (!self.parties.is_empty(), "--party"),
            (!self.titles.is_empty(), "--title"),
            (!wordings.is_empty(), "--text"),
            (self.withdrawal.is_some(), "--withdrawal"),
        ] {
            if !is_there {
                return Err(missing(what));
            }
        }
        let (space, terms, content) = {
            let mut node = shared.lock();
            let space = find::space(&mut node, self.space.as_deref())?;
            let base = AgreementTerms {
                tag: AgreementTag::New,
                parties: [].into(),
                clauses: [].into(),
                withdrawal: Withdrawal::Never,
                reply_by: None,
            };
            let (terms, content) = self.stated(&mut node, space, base, None, wordings)?;
            (space, terms, content)
        };
        let offer = Offer { object: None, slot: 0, terms: Terms::Agreement(terms) };
        sign(shared, &self.once, space, offer.into(), Some(content))
    }

    fn wordings(&self) -> Result<Vec<(String, Wording)>> {
        let read = |(language, file): &(String, PathBuf)| {
            let unread = |why: std::io::Error| Failure::not_found(format!("{}: {why}", file.display()));
            if std::fs::metadata(file).map_err(unread)?.len() > TEXT_BYTES_MAX {
                return Err(Failure::usage(format!("{} is over {TEXT_BYTES_MAX} bytes", file.display())));
            }
            let text = std::fs::read_to_string(file).map_err(unread)?;
            let wording =
                Wording::read(&text).map_err(|why| Failure::usage(format!("{}: {why}", file.display())))?;
            Ok((language.clone(), wording))
        };
        self.texts.iter().map(read).collect()
    }

    /// Terms and text like those of `base`, with what is stated here in place of what is there.
    fn stated(
        &self,
        node: &mut Node,
        space: SpaceId,
        base: AgreementTerms,
        content: Option<&Content>,
        wordings: &[(String, Wording)],
    ) -> Result<(AgreementTerms, Content)> {
        let mut terms = base;
        if !self.parties.is_empty() {
            terms.parties =
                self.parties.iter().map(|party| find::party(node, space, party)).collect::<Result<_>>()?;
        }
        match self.withdrawal.as_deref() {
            None => {}
            Some("never") => terms.withdrawal = Withdrawal::Never,
            Some("consent") => terms.withdrawal = Withdrawal::Consent,
            Some(days) => {
                let days = days.parse().map_err(|_| {
                    Failure::usage("--withdrawal is never, consent, or a number of days of notice")
                })?;
                terms.withdrawal = Withdrawal::Notice(days);
            }
        }
        if let Some(day) = &self.reply_by {
            let day = calendar::parse_day(day, calendar::Reckoning::Gregorian)
                .map_err(|why| Failure::usage(why.to_string()))?;
            terms.reply_by = Some(day.days());
        }
        let text = self.text(content, wordings);
        terms.clauses = text.parts().into_keys().flatten().collect();
        Ok((terms, text))
    }

    fn text(&self, content: Option<&Content>, wordings: &[(String, Wording)]) -> Content {
        let mut titles: Vec<(&str, &str)> = Vec::new();
        let mut all: Vec<(&str, Wording)> = Vec::new();
        if let Some(content) = content {
            let held = content.fields.iter().filter(|field| field.tag == FieldTag::Title);
            titles.extend(held.map(|field| (field.language.as_str(), field.text.as_str())));
            for language in wording::languages(content) {
                all.push((language, Wording::of(content, language)));
            }
        }
        for (language, title) in &self.titles {
            titles.retain(|(held, _)| held != language);
            titles.push((language, title));
        }
        for (language, wording) in wordings {
            all.retain(|(held, _)| held != language);
            all.push((language, wording.clone()));
        }
        let text = wording::content_of(&titles, &all);
        self.reason.iter().fold(text, |text, reason| text.with(FieldTag::Reason, "", reason))
    }
}

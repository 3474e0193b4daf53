//! The text of an agreement as a person types it: kept as typed, checked, and turned into what an offer signs.

use std::collections::BTreeSet;

use agreement::content::FIELDS_BYTES_MAX;
use agreement::terms::NOTICE_DAYS_MAX;
use agreement::{AgreementTag, AgreementTerms, BadWording, Content, FieldTag, Withdrawal, Wording, wording};
use calendar::parse_number;
use node::oplog::PartyId;

use super::Fault;
use super::provisions::language;
use crate::fields::Fields;
use crate::markup::Markup;
use crate::messages::Told;
use crate::reader::Reader;

/// The most letters of a title, and of a reason.
const TITLE_CHARS_MAX: usize = 300;
const REASON_CHARS_MAX: usize = 5_000;
/// Bytes that a content needs beside its texts: each of its fields has a few of its own.
const FIELDS_BYTES_BESIDE: usize = 65_536;

/// The languages that a form has fields for; what a text has in others is taken over as it is.
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("en", "title-en", "text-en"),
    ("fa", "title-fa", "text-fa"),
    ("ru", "title-ru", "text-ru"),
    ("be", "title-be", "text-be"),
    ("ar", "title-ar", "text-ar"),
];

/// What kind of text a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first text of a new agreement.
    New,
    /// Another text in answer to the one on the table.
    Counter,
    /// A change of what is in force, or a new first text after one that failed.
    Amend,
}

impl Kind {
    /// The word for it in addresses and messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Counter => "counter",
            Self::Amend => "amend",
        }
    }

    /// The kind of a word, of those that change something that is there.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::Counter, Self::Amend].into_iter().find(|kind| kind.word() == word)
    }
}

/// What the text begins from: nothing, the one on the table, or the one in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    pub(super) terms: Option<AgreementTerms>,
    pub(super) content: Option<Content>,
    /// What is in force, beside which a change is a change.
    pub(super) in_force: Option<(AgreementTerms, Option<Content>)>,
}

/// The words typed in one language.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) code: &'static str,
    pub(super) title_field: &'static str,
    pub(super) text_field: &'static str,
    pub(super) title: String,
    pub(super) text: String,
}

/// An agreement as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) texts: Vec<Typed>,
    pub(super) parties: Vec<String>,
    pub(super) withdrawal: String,
    pub(super) days: String,
    pub(super) reason: String,
}

fn typed(title: impl Fn(&str, &str) -> String, text: impl Fn(&str, &str) -> String) -> Vec<Typed> {
    let one = |(code, title_field, text_field): (&'static str, &'static str, &'static str)| Typed {
        code,
        title_field,
        text_field,
        title: title(code, title_field),
        text: text(code, text_field),
    };
    LANGUAGES.into_iter().map(one).collect()
}

impl Draft {
    /// A form that nobody has typed into: empty, or with the text that it begins from.
    pub(super) fn begin(base: &Base) -> Self {
        let content = base.content.as_ref();
        let title = |code: &str, _: &str| {
            let fields = content.map(|content| content.fields.as_slice()).unwrap_or_default();
            let held = fields.iter().find(|field| field.tag == FieldTag::Title && field.language == code);
            held.map(|field| field.text.clone()).unwrap_or_default()
        };
        let text = |code: &str, _: &str| {
            content.map(|content| Wording::of(content, code).written(code)).unwrap_or_default()
        };
        let (withdrawal, days) = match base.terms.as_ref().map(|terms| terms.withdrawal) {
            None => ("notice", "90".to_owned()),
            Some(Withdrawal::Notice(days)) => ("notice", days.to_string()),
            Some(Withdrawal::Consent) => ("consent", String::new()),
            Some(Withdrawal::Never) => ("never", String::new()),
        };
        let parties =
            base.terms.as_ref().map(|terms| terms.parties.iter().map(ToString::to_string).collect());
        Self {
            texts: typed(title, text),
            parties: parties.unwrap_or_default(),
            withdrawal: withdrawal.to_owned(),
            days,
            reason: String::new(),
        }
    }

    /// What a form says.
    pub(super) fn of_fields(fields: &Fields) -> Self {
        let words = |_: &str, field: &str| fields.words(field);
        Self {
            texts: typed(words, words),
            parties: fields.all("party"),
            withdrawal: fields.words("withdrawal"),
            days: fields.words("days"),
            reason: fields.words("reason"),
        }
    }

    /// What is to be signed, or everything that is wrong with it.
    pub(super) fn read(
        &self,
        reader: Reader,
        kind: Kind,
        base: &Base,
        (own, members): (PartyId, &[PartyId]),
    ) -> Result<(AgreementTerms, Content), Vec<Fault>> {
        let mut faults = self.title_faults(reader);
        let wordings = self.wordings(reader, base).map_err(|more| faults.extend(more)).ok();
        let named = self.parties.iter().filter_map(|id| id.parse().ok());
        let parties: BTreeSet<PartyId> = named.filter(|party| members.contains(party)).collect();
        if parties.len() < 2 {
            faults.push(fault(reader, "party", "fault-agreement-parties"));
        } else if kind == Kind::New && !parties.contains(&own) {
            faults.push(fault(reader, "party", "fault-not-named"));
        }
        let withdrawal = self.withdrawal(reader).map_err(|fault| faults.push(fault)).ok();
        let (Some(wordings), Some(withdrawal), true) = (wordings, withdrawal, faults.is_empty()) else {
            return Err(faults);
        };
        let content = self.content(base, &wordings);
        let tag = if base.in_force.is_some() { AgreementTag::Amend } else { AgreementTag::New };
        let clauses = content.parts().into_keys().flatten().collect();
        let terms = AgreementTerms { tag, parties, clauses, withdrawal, reply_by: None };
        let beside = base.in_force.as_ref().or(None);
        if let Some((old, text)) = beside
            && (AgreementTerms { tag: old.tag, reply_by: old.reply_by, ..terms.clone() }) == *old
            && text.as_ref().is_some_and(|text| words(text) == words(&content))
        {
            return Err(vec![fault(reader, "reason", "fault-nothing-changed")]);
        }
        Ok((terms, content))
    }

    fn title_faults(&self, reader: Reader) -> Vec<Fault> {
        let mut faults = Vec::new();
        let written = |typed: &&Typed| !typed.text.is_empty();
        if self.texts.iter().all(|typed| typed.title.is_empty()) {
            let first = self.texts.iter().find(written).or(self.texts.first());
            let field = first.map_or("title-en", |typed| typed.title_field);
            faults.push(fault(reader, field, "fault-agreement-title"));
        }
        let too_long = |field: &'static str, count: usize, most: usize| Fault {
            field,
            text: reader.tell("fault-too-long", &[("count", Told::from(count)), ("most", most.into())]),
        };
        for typed in &self.texts {
            let count = typed.title.chars().count();
            if count > TITLE_CHARS_MAX {
                faults.push(too_long(typed.title_field, count, TITLE_CHARS_MAX));
            }
        }
        let count = self.reason.chars().count();
        if count > REASON_CHARS_MAX {
            faults.push(too_long("reason", count, REASON_CHARS_MAX));
        }
        faults
    }

    /// The text of each language, all with the same clauses.
    fn wordings(&self, reader: Reader, base: &Base) -> Result<Vec<(String, Wording)>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut all: Vec<(&'static str, String, Wording)> = Vec::new();
        for typed in self.texts.iter().filter(|typed| !typed.text.is_empty()) {
            match Wording::read(&typed.text) {
                Ok(wording) => all.push((typed.text_field, typed.code.to_owned(), wording)),
                Err(why) => faults.push(bad_wording(reader, typed.text_field, why)),
            }
        }
        if all.is_empty() && faults.is_empty() {
            let field = self.texts.iter().find(|typed| typed.code == reader.lang.code());
            faults.push(fault(
                reader,
                field.map_or("text-en", |typed| typed.text_field),
                "fault-agreement-text",
            ));
        }
        let bytes: usize = self.texts.iter().map(|typed| typed.text.len()).sum();
        if bytes > FIELDS_BYTES_MAX - FIELDS_BYTES_BESIDE {
            faults.push(fault(reader, "text-en", "fault-agreement-too-long"));
        }
        if let Some((_, first, whole)) = all.first() {
            for (field, code, wording) in &all[1..] {
                let keys = |wording: &Wording| wording.clauses.keys().copied().collect::<BTreeSet<_>>();
                if let Some(number) = keys(whole).symmetric_difference(&keys(wording)).next() {
                    let lacking = if wording.clauses.contains_key(number) { first } else { code };
                    let name = language(reader, lacking);
                    let number = reader.number(number);
                    let told = [("language", name.as_str().into()), ("number", number.as_str().into())];
                    faults.push(Fault { field, text: reader.tell("fault-clause-lacking", &told) });
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut wordings: Vec<_> = all.into_iter().map(|(_, code, wording)| (code, wording)).collect();
        // A language that the form has no field for stays as it was.
        if let Some(content) = &base.content {
            let shown = |code: &&str| !LANGUAGES.iter().any(|(known, ..)| known == code);
            let others = wording::languages(content).into_iter().filter(shown);
            wordings.extend(others.map(|code| (code.to_owned(), Wording::of(content, code))));
        }
        Ok(wordings)
    }

    fn withdrawal(&self, reader: Reader) -> Result<Withdrawal, Fault> {
        match self.withdrawal.as_str() {
            "never" => Ok(Withdrawal::Never),
            "consent" => Ok(Withdrawal::Consent),
            "notice" => {
                let days = parse_number(&self.days).map(u64::from);
                let days = days.filter(|days| (1..=NOTICE_DAYS_MAX).contains(days));
                days.map(Withdrawal::Notice).ok_or_else(|| fault(reader, "days", "fault-notice"))
            }
            _ => Err(fault(reader, "withdrawal", "fault-withdrawal")),
        }
    }

    fn content(&self, base: &Base, wordings: &[(String, Wording)]) -> Content {
        let held = base.content.iter().flat_map(|content| &content.fields);
        let other = held.filter(|field| {
            field.tag == FieldTag::Title && !LANGUAGES.iter().any(|(known, ..)| *known == field.language)
        });
        let mut titles: Vec<(&str, &str)> = self
            .texts
            .iter()
            .filter(|typed| !typed.title.is_empty())
            .map(|typed| (typed.code, typed.title.as_str()))
            .collect();
        titles.extend(other.map(|field| (field.language.as_str(), field.text.as_str())));
        let wordings: Vec<_> =
            wordings.iter().map(|(code, wording)| (code.as_str(), wording.clone())).collect();
        let content = wording::content_of(&titles, &wordings);
        if self.reason.is_empty() { content } else { content.with(FieldTag::Reason, "", &self.reason) }
    }
}

/// The words of a text without what belongs to one act.
fn words(content: &Content) -> Vec<&agreement::Field> {
    let lasts = |field: &&agreement::Field| {
        !matches!(field.tag, FieldTag::Reason | FieldTag::Role | FieldTag::Person)
    };
    content.fields.iter().filter(lasts).collect()
}

fn bad_wording(reader: Reader, field: &'static str, why: BadWording) -> Fault {
    let of = |id: &str, number: u64| {
        let number = reader.number(number);
        reader.tell(id, &[("number", number.as_str().into())])
    };
    let text = match why {
        BadWording::NoClause => Markup::isolating(&reader.say("fault-no-clause")),
        BadWording::Twice(number) => of("fault-clause-twice", number),
        BadWording::Number(number) => of("fault-clause-number", number),
    };
    Fault { field, text }
}

fn fault(reader: Reader, field: &'static str, id: &str) -> Fault {
    Fault { field, text: Markup::isolating(&reader.say(id)) }
}

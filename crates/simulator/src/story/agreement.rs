//! Agreements in stories: what is said of one, and the operations that this comes to.

use agreement::operation::{Counter, Offer, Subject, Withdraw};
use agreement::{
    Agreement, AgreementTag, AgreementTerms, BallotTerms as _, Clause, Content, Operation, Record, Terms,
    Withdrawal, Wording, wording,
};
use oplog::{ObjectId, TermsHash};

use crate::fault::{Fault, Step};
use crate::story::cursor::Cursor;
use crate::story::event::Who;
use crate::story::play::Play;

/// One thing that the terms of an agreement say; what they do not say stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Provision {
    Between(Vec<Who>),
    Clause(u64, String),
    Without(u64),
    Withdrawal(Withdrawal),
    Terminated,
}

/// What stands on a table: for what, in which slot, and the offers by party and terms.
pub(crate) struct Round {
    pub(crate) subject: Subject,
    pub(crate) object: ObjectId,
    pub(crate) slot: u64,
    pub(crate) offers: Vec<(oplog::PartyId, TermsHash)>,
}

pub(crate) fn provisions(at: &mut Cursor<'_>) -> Result<Vec<Provision>, String> {
    at.want(":")?;
    let mut all = vec![provision(at)?];
    while at.eat(";") {
        all.push(provision(at)?);
    }
    Ok(all)
}

fn provision(at: &mut Cursor<'_>) -> Result<Provision, String> {
    Ok(if at.eat("between") {
        Provision::Between(at.parties()?)
    } else if at.eat("without clause") {
        Provision::Without(at.number()?)
    } else if at.eat("clause") {
        let number = at.number()?;
        Provision::Clause(number, at.title()?)
    } else if at.eat("nobody may withdraw") {
        Provision::Withdrawal(Withdrawal::Never)
    } else if at.eat("withdrawal by consent") {
        Provision::Withdrawal(Withdrawal::Consent)
    } else if at.eat("notice of") {
        let days = at.number()?;
        at.want("days")?;
        Provision::Withdrawal(Withdrawal::Notice(days))
    } else if at.eat("it is terminated") {
        Provision::Terminated
    } else {
        return Err(format!("nothing said of an agreement begins with `{}`", at.rest()));
    })
}

impl Play<'_> {
    fn agreement(&mut self, who: Who, title: &str) -> Step<(ObjectId, Agreement)> {
        let (object, space) = (self.object(title)?, self.space);
        match self.actors[who].node()?.record(space, object) {
            Ok(Record::Agreement(record)) => Ok((object, record)),
            Ok(_) => Err(Fault(format!("\"{title}\" is no agreement"))),
            Err(_) => Err(Fault(format!("its node has not heard of \"{title}\""))),
        }
    }

    /// The terms and the text that provisions spell: what they do not say is as in those in force, or else on the table.
    fn agreed(&mut self, who: Who, title: &str, said: &[Provision]) -> Step<(AgreementTerms, Content)> {
        let mut terms = AgreementTerms {
            tag: AgreementTag::New,
            parties: [].into(),
            clauses: [].into(),
            withdrawal: Withdrawal::Consent,
            reply_by: None,
        };
        let (mut wording, mut before) = (Wording::default(), Vec::new());
        if self.book.titles.contains_key(title) {
            let (object, record) = self.agreement(who, title)?;
            if let Some(shown) = record.ballot.shown() {
                terms = shown.terms.clone();
            }
            before = record.ballot.won_slots().map(|(_, offered)| offered.terms.clone()).collect();
            let content = self.actors[who].node()?.agreement(object)?.content.unwrap_or_default();
            wording = Wording::of(&content, "");
        }
        let mut tags = vec![AgreementTag::New, AgreementTag::Amend];
        for provision in said {
            match provision {
                Provision::Between(parties) => {
                    terms.parties = parties.iter().map(|who| self.actors[*who].party).collect();
                }
                Provision::Clause(number, text) => {
                    let clause = Clause { heading: String::new(), text: text.clone() };
                    wording.clauses.insert(*number, clause);
                }
                Provision::Without(number) => {
                    wording.clauses.remove(number);
                }
                Provision::Withdrawal(withdrawal) => terms.withdrawal = *withdrawal,
                Provision::Terminated => tags.insert(0, AgreementTag::Terminate),
            }
        }
        terms.clauses = wording.clauses.keys().copied().collect();
        let before: Vec<_> = before.iter().collect();
        let holds =
            |tag: &AgreementTag| AgreementTerms { tag: *tag, ..terms.clone() }.check_after(&before).is_ok();
        terms.tag = tags.iter().copied().find(holds).unwrap_or(AgreementTag::Amend);
        let content = match terms.tag {
            AgreementTag::Terminate => Content::default().with(agreement::FieldTag::Title, "", title),
            AgreementTag::New | AgreementTag::Amend => wording::content_of(&[("", title)], &[("", wording)]),
        };
        Ok((terms, content))
    }

    pub(crate) fn offer_agreement(
        &mut self,
        who: Who,
        title: &str,
        said: &[Provision],
    ) -> Step<(Operation, Content)> {
        let (terms, content) = self.agreed(who, title, said)?;
        let held = self.book.titles.contains_key(title).then(|| self.agreement(who, title)).transpose()?;
        let (object, slot) =
            held.map_or((None, 0), |(object, record)| (Some(object), record.ballot.slots.len() as u64));
        Ok((Offer { object, slot, terms: Terms::Agreement(terms) }.into(), content))
    }

    pub(crate) fn counter_agreement(
        &mut self,
        who: Who,
        title: &str,
        said: &[Provision],
    ) -> Step<(Operation, Content)> {
        let (terms, content) = self.agreed(who, title, said)?;
        let round = self.round(who, title)?;
        let (object, slot) = (round.object, round.slot);
        Ok((Counter { object, slot, terms: Terms::Agreement(terms) }.into(), content))
    }

    pub(crate) fn withdraw(&self, title: &str) -> Step<Operation> {
        Ok(Withdraw { object: self.object(title)? }.into())
    }
}

/// How an offer changes an agreement in force, as an operation of its own in a story's list.
pub(crate) fn change(terms: &AgreementTerms) -> Option<&'static str> {
    match terms.tag {
        AgreementTag::New => None,
        AgreementTag::Amend => Some("amend an agreement"),
        AgreementTag::Terminate => Some("terminate an agreement"),
    }
}

//! From what a story says that a party does to the operation that its node signs, made from what that node shows.

use agreement::ballot::{Offered, Outcome};
use agreement::operation::{
    Accept, Attach, Cancel, Comment, Confirm, Convene, Counter, Decline, Dispute, Erase, Lapse, Leave, Offer,
    Pass, Release, Report, Satisfy, Subject, Transcribe,
};
use agreement::{
    Ballot, BallotTerms, Closure, Commitment, CommitmentTerms, Condition, Content, Due, FieldTag, Operation,
    Record, SpaceTerms, Tag, Terms,
};
use node::{Act, Receipt};
use oplog::{EntryId, KeyId, ObjectId, TermsHash, Unverified};

use crate::fault::{Fault, Step};
use crate::story::agreement::Round;
use crate::story::event::{About, Clause, Deed, Own, Who};
use crate::story::observe::items_of;
use crate::story::play::{Halt, Play};

const ZONE: &str = "Asia/Tehran";
/// How the space is called where a title would stand.
const SPACE: &str = "the space";

/// What is signed, what stands behind it, and the title it is about.
struct Draft {
    title: String,
    operation: Operation,
    content: Option<Content>,
}

fn words(tag: FieldTag, text: Option<&String>) -> Option<Content> {
    text.map(|text| Content::default().with(tag, "", text))
}

impl Play<'_> {
    /// Signs what a party does, and notes the entry.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else there is, now or later, is signed as an operation of its own"
    )]
    pub(crate) fn act(&mut self, who: Who, deed: &Deed) -> Result<(), Halt> {
        let space = self.space;
        match deed {
            Deed::Founds => self.found().map(drop)?,
            Deed::Acknowledges => self.acknowledge(who)?,
            Deed::Admits(newcomer) => self.admit(who, *newcomer)?,
            Deed::OpensBallot(About::Admit(newcomer), _) => self.admit(who, *newcomer)?,
            Deed::OpensBallot(about, reason) => self.open_ballot(who, *about, reason.as_ref())?,
            Deed::Enrols => {
                self.operations.insert("enrol".to_owned());
                let receipt = self.actors[who].node()?.enrol(space)?;
                self.sign_book(who, receipt.entry, "enrol", SPACE);
            }
            Deed::Revokes(number, after) => {
                self.operations.insert("revoke".to_owned());
                let key = self.key(who, *number)?;
                let cut = after.as_ref().map(|own| self.place(who, own)).transpose()?;
                let receipt = self.actors[who].node()?.revoke(space, key, cut)?;
                self.sign_book(who, receipt.entry, "revoke", SPACE);
            }
            deed => {
                let draft = self.draft(who, deed)?;
                self.sign(who, draft)?;
            }
        }
        Ok(())
    }

    fn sign(&mut self, who: Who, draft: Draft) -> Result<(), Halt> {
        let Draft { title, operation, content } = draft;
        let word = operation.word();
        self.operations.insert(word.to_owned());
        self.operations.extend(change(&operation).map(str::to_owned));
        let founds = matches!(&operation, Operation::Offer(Offer { object: None, terms, .. }) if !matches!(terms, Terms::Space(_)))
            || matches!(&operation, Operation::Convene(Convene { object: None, .. }))
            || matches!(operation, Operation::Transcribe(Transcribe { object: None }));
        let act = Act { space: self.space, operation, content, request: None };
        let Receipt { entry, .. } = self.actors[who].node()?.submit(act)?;
        if founds {
            self.book.titles.insert(title.clone(), entry.into());
        }
        self.sign_book(who, entry, word, &title);
        Ok(())
    }

    fn acknowledge(&mut self, who: Who) -> Result<(), Halt> {
        let space = self.space;
        self.operations.insert("ack".to_owned());
        let node = self.actors[who].node()?;
        if !node.acknowledge()?.contains(&space) {
            return Err(Halt::Broken("its node has no receipt to write yet".to_owned()));
        }
        let newest = node.log(space, 0, usize::MAX >> 1)?.pop();
        let newest = newest.ok_or_else(|| Fault("a receipt that was signed".to_owned()))?;
        self.sign_book(who, newest.id, "ack", SPACE);
        Ok(())
    }

    fn admit(&mut self, who: Who, newcomer: Who) -> Result<(), Halt> {
        let (space, party) = (self.space, self.actors[newcomer].party);
        let receipt = self.actors[who].node()?.admit(space, party, None);
        let founders = self.actors[who].node()?.parties(space)?.len() == 2
            && self.actors[who].node()?.space(space)?.ballots.is_empty();
        let word = if founders { "admit" } else { "offer" };
        self.operations.insert(word.to_owned());
        self.sign_book(who, receipt?.entry, word, SPACE);
        Ok(())
    }

    fn open_ballot(&mut self, who: Who, about: About, reason: Option<&String>) -> Result<(), Halt> {
        let introduction = match about {
            About::Succeed { by, .. } => Some(self.introductions.get(&by).cloned().ok_or_else(|| {
                Halt::Broken("who takes a seat over must ask to be let in first".to_owned())
            })?),
            About::Admit(_) | About::Expel(_) | About::Level(_) => None,
        };
        let about_seat = match about {
            About::Expel(seat) | About::Succeed { seat, .. } => Some(self.actors[seat].party),
            About::Admit(_) | About::Level(_) => None,
        };
        let level = if let About::Level(level) = about { level } else { 0 };
        let (space, reason) = (self.space, reason.map_or("", String::as_str));
        self.operations.insert("offer".to_owned());
        let terms = |mut voters: std::collections::BTreeSet<oplog::PartyId>| match (about_seat, introduction)
        {
            (Some(seat), introduction) => {
                voters.remove(&seat);
                match introduction {
                    Some(introduction) => SpaceTerms::Succeed { voters, introduction },
                    None => SpaceTerms::Expel { voters, seat },
                }
            }
            (None, _) => SpaceTerms::Level { voters, level },
        };
        let receipt = self.actors[who].node()?.ballot(space, terms, reason)?;
        self.sign_book(who, receipt.entry, "offer", SPACE);
        Ok(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else there is, now or later, is words or cannot be drafted"
    )]
    fn draft(&mut self, who: Who, deed: &Deed) -> Step<Draft> {
        let note = |text: &Option<String>| words(FieldTag::Note, text.as_ref());
        let (title, operation, content) = match deed {
            Deed::Offers(title, clauses) => return self.offer(who, title, clauses),
            Deed::Counters(title, clauses) => return self.counter(who, title, clauses),
            Deed::Votes(about, in_favour) => (SPACE, self.vote(who, *about, *in_favour)?, None),
            Deed::Accepts(title, of) => (title.as_str(), self.accept(who, title, *of)?, None),
            Deed::Declines(title) => {
                let Round { subject, object, slot, .. } = self.round(who, title)?;
                (title.as_str(), Decline { subject, object, slot }.into(), None)
            }
            Deed::Withdraws(title) => {
                let Round { subject, object, slot, .. } = self.round(who, title)?;
                (title.as_str(), Lapse { subject, object, slot }.into(), None)
            }
            Deed::Passes(title) => {
                let Round { subject, object, slot, .. } = self.round(who, title)?;
                (title.as_str(), Pass { subject, object, slot: slot + 1 }.into(), None)
            }
            Deed::OffersAgreement(title, said) => {
                let (operation, content) = self.offer_agreement(who, title, said)?;
                (title.as_str(), operation, Some(content))
            }
            Deed::CountersAgreement(title, said) => {
                let (operation, content) = self.counter_agreement(who, title, said)?;
                (title.as_str(), operation, Some(content))
            }
            Deed::Convenes(title, invited, day) => {
                let (operation, content) = self.convene(title, invited, *day)?;
                (title.as_str(), operation, Some(content))
            }
            Deed::CallsOff(title) => (title.as_str(), self.call_off(who, title)?, None),
            Deed::OffersMinutes(title, present, outcomes) => {
                let (operation, content) = self.offer_minutes(who, title, present, outcomes)?;
                (title.as_str(), operation, Some(content))
            }
            Deed::WithdrawsFrom(title) => (title.as_str(), self.withdraw(title)?, None),
            Deed::Satisfies(title, condition) => {
                let (object, condition) = (self.object(title)?, *condition);
                (title.as_str(), Satisfy { object, condition }.into(), None)
            }
            Deed::Reports(title, text) => {
                let (object, record) = self.commitment(who, title)?;
                let terms = record.shown().map_or(TermsHash::ZERO, |shown| shown.hash);
                (title.as_str(), Report { object, terms }.into(), note(text))
            }
            Deed::Confirms(title, text) => {
                let (object, report) = self.last_report(who, title)?;
                (title.as_str(), Confirm { object, report }.into(), note(text))
            }
            Deed::Disputes(title, text) => {
                let (object, report) = self.last_report(who, title)?;
                (title.as_str(), Dispute { object, report }.into(), note(text))
            }
            Deed::Releases(title, text) => {
                (title.as_str(), Release { object: self.object(title)? }.into(), note(text))
            }
            Deed::Cancels(title, text) => {
                (title.as_str(), Cancel { object: self.object(title)? }.into(), note(text))
            }
            deed => return self.draft_words(who, deed),
        };
        Ok(Draft { title: title.to_owned(), operation, content })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else there is, now or later, is signed elsewhere"
    )]
    fn draft_words(&mut self, who: Who, deed: &Deed) -> Step<Draft> {
        let note = |text: &Option<String>| words(FieldTag::Note, text.as_ref());
        let (title, operation, content): (&str, Operation, _) = match deed {
            Deed::Attaches(file, title) => {
                let content = Content { attachment: file.clone().into_bytes(), ..Content::default() };
                let content = content.with(FieldTag::FileName, "", file);
                (title, Attach { about: self.object(title)? }.into(), Some(content))
            }
            Deed::Comments(title, text) => {
                let about = title.as_ref().map_or(Ok(self.space.into()), |title| self.object(title))?;
                (title.as_deref().unwrap_or(SPACE), Comment { about }.into(), note(text))
            }
            Deed::Transcribes(title, text) => (title, Transcribe { object: None }.into(), note(text)),
            Deed::Corrects(title, text) => {
                (title, Transcribe { object: Some(self.object(title)?) }.into(), note(text))
            }
            Deed::Erases(own, reason) => {
                let entry = self.own_entry(who, own)?;
                let is_note = matches!(own.word, "comment" | "attach");
                let object = if is_note { entry.into() } else { self.object(&own.title)? };
                (&own.title, Erase { object, entry }.into(), words(FieldTag::Reason, reason.as_ref()))
            }
            Deed::Leaves => (SPACE, Leave.into(), None),
            deed => return Err(Fault(format!("{deed:?} is signed elsewhere"))),
        };
        Ok(Draft { title: title.to_owned(), operation, content })
    }

    pub(crate) fn object(&self, title: &str) -> Step<ObjectId> {
        let object = self.book.titles.get(title).copied();
        object.ok_or_else(|| Fault(format!("nothing is called \"{title}\" yet")))
    }

    fn commitment(&mut self, who: Who, title: &str) -> Step<(ObjectId, Commitment)> {
        let (object, space) = (self.object(title)?, self.space);
        match self.actors[who].node()?.record(space, object) {
            Ok(Record::Commitment(record)) => Ok((object, record)),
            Ok(_) => Err(Fault(format!("\"{title}\" is no commitment"))),
            Err(_) => Err(Fault(format!("its node has not heard of \"{title}\""))),
        }
    }

    /// The round that is open by what the party's node shows, or else the last one.
    pub(crate) fn round(&mut self, who: Who, title: &str) -> Step<Round> {
        let (object, space) = (self.object(title)?, self.space);
        match self.actors[who].node()?.record(space, object) {
            Ok(Record::Commitment(record)) => Ok(round_of(Subject::Commitment, object, &record.ballot)),
            Ok(Record::Agreement(record)) => Ok(round_of(Subject::Agreement, object, &record.ballot)),
            Ok(Record::Meeting(record)) => Ok(round_of(Subject::Meeting, object, &record.ballot)),
            Ok(_) => Err(Fault(format!("nothing is offered about \"{title}\""))),
            Err(_) => Err(Fault(format!("its node has not heard of \"{title}\""))),
        }
    }

    fn accept(&mut self, who: Who, title: &str, of: Option<Who>) -> Step<Operation> {
        let Round { subject, object, slot, mut offers } = self.round(who, title)?;
        if let Some(of) = of {
            let party = self.actors[of].party;
            offers.retain(|(by, _)| *by == party);
        }
        let [(_, terms)] = offers.as_slice() else {
            return Err(Fault(format!("{} offers of \"{title}\" could be meant", offers.len())));
        };
        Ok(Accept { subject, object, slot, terms: *terms }.into())
    }

    fn last_report(&mut self, who: Who, title: &str) -> Step<(ObjectId, EntryId)> {
        let (object, record) = self.commitment(who, title)?;
        Ok((object, record.reports.last().map_or(EntryId::ZERO, |report| report.entry)))
    }

    fn offer(&mut self, who: Who, title: &str, clauses: &[Clause]) -> Step<Draft> {
        let is_known = self.book.titles.contains_key(title);
        let (object, slot, terms) = if is_known {
            let (object, record) = self.commitment(who, title)?;
            let terms = self.terms(clauses, record.in_force(), record.shown())?;
            (Some(object), record.ballot.slots.len() as u64, terms)
        } else {
            (None, 0, self.terms(clauses, None, None)?)
        };
        let operation = Offer { object, slot, terms: Terms::Commitment(terms) }.into();
        Ok(Draft { title: title.to_owned(), operation, content: Some(text_of(title, clauses)) })
    }

    fn counter(&mut self, who: Who, title: &str, clauses: &[Clause]) -> Step<Draft> {
        let (object, record) = self.commitment(who, title)?;
        let slot = record.ballot.slots.len().saturating_sub(1) as u64;
        let terms = self.terms(clauses, record.in_force(), record.shown())?;
        let operation = Counter { object, slot, terms: Terms::Commitment(terms) }.into();
        Ok(Draft { title: title.to_owned(), operation, content: Some(text_of(title, clauses)) })
    }

    /// The terms that clauses spell: what they do not say is as in the terms `shown`; the tag is the narrowest that is true.
    fn terms(
        &self,
        clauses: &[Clause],
        in_force: Option<&Offered<CommitmentTerms>>,
        shown: Option<&Offered<CommitmentTerms>>,
    ) -> Step<CommitmentTerms> {
        let nobody = oplog::PartyId::ZERO;
        let mut terms = shown.map_or_else(
            || CommitmentTerms {
                tag: Tag::New,
                debtor: nobody,
                creditors: Vec::new(),
                closure: Closure::All,
                due: Due { day: i32::MAX, zone: ZONE.to_owned() },
                condition: None,
                clause: None,
                reply_by: None,
            },
            |shown| shown.terms.clone(),
        );
        for clause in clauses {
            match clause {
                Clause::Owes(debtor, creditors) => {
                    terms.debtor = self.actors[*debtor].party;
                    terms.creditors = creditors.iter().map(|who| self.actors[*who].party).collect();
                }
                Clause::Due(day) => terms.due.day = *day,
                Clause::Closes(closure) => terms.closure = *closure,
                Clause::Condition(number, _) => terms.condition = Some(Condition::Text(*number)),
                Clause::After(title) => terms.condition = Some(Condition::Fulfilled(self.object(title)?)),
                Clause::NoCondition => terms.condition = None,
                Clause::Ends => {}
            }
        }
        if shown.is_none() && (terms.debtor == nobody || terms.due.day == i32::MAX) {
            return Err(Fault("first terms say who owes whom, and by when it is due".to_owned()));
        }
        let tags = [Tag::New, Tag::Reschedule, Tag::Delegate, Tag::Assign, Tag::MutualEnd, Tag::Amend];
        let old = in_force.map(|offered| &offered.terms);
        let is_true = |tag: &Tag| CommitmentTerms { tag: *tag, ..terms.clone() }.check_change(old).is_ok();
        let tag = tags.into_iter().find(is_true).unwrap_or(Tag::Amend);
        Ok(CommitmentTerms { tag, ..terms })
    }

    fn vote(&mut self, who: Who, about: About, in_favour: bool) -> Step<Operation> {
        let space = self.space;
        let (what, party) = match about {
            About::Admit(who) => ("admit", Some(self.actors[who].party)),
            About::Expel(who) => ("expel", Some(self.actors[who].party)),
            About::Succeed { seat, .. } => ("succeed", Some(self.actors[seat].party)),
            About::Level(_) => ("level", None),
        };
        let before: Vec<_> = self.book.signed[..self.book.before].iter().map(|signed| signed.entry).collect();
        let ballots = self.actors[who].node()?.space(space)?.ballots;
        let ballot = ballots
            .into_iter()
            .rfind(|held| held.what == what && held.about == party && !before.contains(&held.id.into()))
            .ok_or_else(|| Fault("its node has heard of no such ballot".to_owned()))?;
        let (subject, object) = (Subject::Space, ballot.id);
        Ok(if in_favour {
            Accept { subject, object, slot: 0, terms: ballot.terms }.into()
        } else {
            Decline { subject, object, slot: 0 }.into()
        })
    }

    /// The last entry of the party that fits.
    fn own_entry(&self, who: Who, own: &Own) -> Step<EntryId> {
        let fits = |signed: &&crate::story::play::Signed| {
            (signed.by, signed.word, signed.title.as_str()) == (who, own.word, own.title.as_str())
        };
        let found = self.book.signed.iter().rfind(fits).map(|signed| signed.entry);
        found.ok_or_else(|| Fault(format!("it has signed no {} about \"{}\"", own.word, own.title)))
    }

    /// The place of an own entry in the chain of its key.
    fn place(&mut self, who: Who, own: &Own) -> Step<u64> {
        let (entry, space) = (self.own_entry(who, own)?, self.space);
        for item in items_of(self.actors[who].node()?, space)? {
            let held = Unverified::decode(&item.raw.0)?;
            if held.id() == entry {
                return Ok(held.header().seq);
            }
        }
        Err(Fault("its node does not hold that entry".to_owned()))
    }

    /// The party's key of this number, in the order in which it brought them.
    fn key(&mut self, who: Who, number: u64) -> Step<KeyId> {
        let (space, party) = (self.space, self.actors[who].party);
        let Record::Space(record) = self.actors[who].node()?.record(space, space.into())? else {
            return Err(Fault("a space without its record".to_owned()));
        };
        let keys = self.book.keys_of(&record, party);
        let place = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        keys.get(place).copied().ok_or_else(|| Fault(format!("it has no key {number}")))
    }
}

/// How an offer changes the terms in force, as an operation of its own in the story's list.
fn change(operation: &Operation) -> Option<&'static str> {
    let (Operation::Offer(Offer { terms, .. }) | Operation::Counter(Counter { terms, .. })) = operation
    else {
        return None;
    };
    match terms {
        Terms::Commitment(terms) => tag_word(terms.tag),
        Terms::Agreement(terms) => super::agreement::change(terms),
        Terms::Space(_) | Terms::Minutes(_) => None,
    }
}

/// The word for a change of terms in force; `None` for new terms.
pub(crate) fn tag_word(tag: Tag) -> Option<&'static str> {
    match tag {
        Tag::New => None,
        Tag::Amend => Some("amend"),
        Tag::Reschedule => Some("reschedule"),
        Tag::Delegate => Some("delegate"),
        Tag::Assign => Some("assign"),
        Tag::MutualEnd => Some("mutual end"),
    }
}

fn text_of(title: &str, clauses: &[Clause]) -> Content {
    let mut content = Content::default().with(FieldTag::Title, "", title);
    for clause in clauses {
        if let Clause::Condition(_, text) = clause {
            content = content.with(FieldTag::Condition, "", text);
        }
    }
    content
}

/// How a round of a commitment stands, in words.
pub(crate) fn outcome_word(outcome: Outcome, is_in_force: bool, is_closed: bool) -> &'static str {
    match outcome {
        Outcome::Open if is_closed => "left undecided",
        Outcome::Open => "on the table",
        Outcome::Failed => "failed",
        Outcome::Won(_) if is_in_force => "in force",
        Outcome::Won(_) => "was in force",
    }
}

fn round_of<T: BallotTerms>(subject: Subject, object: ObjectId, ballot: &Ballot<T>) -> Round {
    let offers = ballot.slots.last().map(|slot| slot.offers.as_slice()).unwrap_or_default();
    Round {
        subject,
        object,
        slot: ballot.slots.len().saturating_sub(1) as u64,
        offers: offers.iter().map(|offered| (offered.by, offered.hash)).collect(),
    }
}

//! What honest people do: whatever their page offers them, terms of their own, and now and then something drastic.

use agreement::operation::{
    Accept, Attach, Comment, Counter, Decline, Erase, Leave, Offer, Subject, Transcribe,
};
use agreement::{
    Closure, CommitmentTerms, Condition, Content, Due, FieldTag, Operation, Record, SpaceTerms, Tag, Terms,
};
use node::ask::CommitmentView;
use node::{Act, NodeError, Receipt};
use oplog::{ObjectId, PartyId};

use crate::chance::Chance;
use crate::fault::{Fault, Step, must};
use crate::run::ACT_TRIED;
use crate::world::{Told, World};

const ZONES: [&str; 3] = ["Asia/Tehran", "Europe/Minsk", "UTC"];

/// Whether the node may refuse an act, or has promised on its page that it will not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    None,
    Shown,
}

/// A text as content.
pub(crate) fn text(tag: FieldTag, words: &str) -> Option<Content> {
    Some(Content::default().with(tag, "en", words))
}

/// New terms that name `own`.
pub(crate) fn new_terms(
    chance: &mut Chance,
    members: &[PartyId],
    own: PartyId,
    others: &[ObjectId],
) -> CommitmentTerms {
    let mut parties = members.to_vec();
    chance.shuffle(&mut parties);
    let named = 2 + usize::from(parties.len() > 2 && chance.percent(40));
    parties.truncate(named);
    if !parties.contains(&own)
        && let Some(place) = parties.last_mut()
    {
        *place = own;
    }
    chance.shuffle(&mut parties);
    let condition = match chance.below(6) {
        0 => Some(Condition::Text(1)),
        1 => chance.pick(others).map(|other| Condition::Fulfilled(*other)),
        _ => None,
    };
    CommitmentTerms {
        tag: Tag::New,
        debtor: parties.pop().unwrap_or(own),
        creditors: parties,
        closure: *chance.pick(&[Closure::All, Closure::Any, Closure::Lead]).unwrap_or(&Closure::All),
        due: due(chance),
        condition,
        clause: None,
        reply_by: chance.percent(30).then_some(20_750),
    }
}

fn due(chance: &mut Chance) -> Due {
    let day = 20_700 + i32::try_from(chance.below(400)).unwrap_or(0);
    Due { day, zone: (*chance.pick(&ZONES).unwrap_or(&"UTC")).to_owned() }
}

/// Terms that change what is in force, or what is on the table, under a tag that says so.
pub(crate) fn changed_terms(
    chance: &mut Chance,
    in_force: Option<&CommitmentTerms>,
    shown: &CommitmentTerms,
    members: &[PartyId],
) -> CommitmentTerms {
    let Some(old) = in_force else {
        return CommitmentTerms { tag: Tag::New, due: due(chance), ..shown.clone() };
    };
    let newcomers: Vec<_> = members.iter().filter(|party| !old.parties().contains(party)).copied().collect();
    match (chance.below(5), chance.pick(&newcomers)) {
        (0, Some(newcomer)) => CommitmentTerms { tag: Tag::Delegate, debtor: *newcomer, ..old.clone() },
        (1, Some(newcomer)) => {
            CommitmentTerms { tag: Tag::Assign, creditors: vec![*newcomer], ..old.clone() }
        }
        (0 | 1, None) => CommitmentTerms { tag: Tag::MutualEnd, ..old.clone() },
        (2, _) => {
            let closure = if old.closure == Closure::Any { Closure::All } else { Closure::Any };
            CommitmentTerms { tag: Tag::Amend, closure, due: due(chance), ..old.clone() }
        }
        (3, _) => CommitmentTerms { tag: Tag::MutualEnd, ..old.clone() },
        _ => CommitmentTerms { tag: Tag::Reschedule, due: due(chance), ..old.clone() },
    }
}

/// A counter if something is on the table, else an offer for the next round.
pub(crate) fn next_terms(
    object: ObjectId,
    record: &agreement::Commitment,
    terms: CommitmentTerms,
) -> Operation {
    match record.open_slot() {
        Some((slot, _)) => Counter { object, slot, terms: Terms::Commitment(terms) }.into(),
        None => {
            let slot = record.ballot.slots.len() as u64;
            Offer { object: Some(object), slot, terms: Terms::Commitment(terms) }.into()
        }
    }
}

impl World {
    /// The members as a node sees them.
    pub(crate) fn members(&mut self, at: usize) -> Step<Vec<PartyId>> {
        let space = self.space;
        let parties = self.node(at)?.parties(space)?;
        let mut members: Vec<_> = parties.into_iter().filter(|p| p.member).map(|p| p.id).collect();
        members.sort();
        Ok(members)
    }

    /// The commitments that a node lists.
    pub(crate) fn commitments(&mut self, at: usize) -> Step<Vec<ObjectId>> {
        let space = self.space;
        Ok(self.node(at)?.commitments(space, 0, 100)?.into_iter().map(|line| line.id).collect())
    }

    /// A commitment that chance picks, as a node shows it.
    pub(crate) fn some_commitment(&mut self, at: usize) -> Step<Option<CommitmentView>> {
        let all = self.commitments(at)?;
        let Some(id) = self.chance.pick(&all).copied() else { return Ok(None) };
        Ok(Some(self.node(at)?.commitment(id)?))
    }

    /// One act of one honest party.
    pub(crate) fn act(&mut self, at: usize) -> Step {
        let space = self.space;
        if self.stations[at].enrolments < 3 && self.wants_new_key(at)? {
            return self.enrol(at);
        }
        if self.node(at)?.space(space)?.will_not_sign.is_some() {
            return self.try_in_vain(at);
        }
        match self.chance.below(100) {
            0..=13 => self.offer(at),
            14..=60 => self.take_a_move(at),
            61..=67 => self.change_terms(at),
            68..=74 => self.act_on_an_agreement(at),
            75..=79 => self.act_on_a_meeting(at),
            80..=87 => self.note_something(at),
            88..=91 => self.vote(at),
            92..=96 => self.try_illegal(at),
            _ => self.act_drastically(at),
        }
    }

    /// Signs, sometimes with a reply that is lost and asked for again.
    pub(crate) fn submit(
        &mut self,
        at: usize,
        operation: Operation,
        content: Option<Content>,
        promise: Promise,
    ) -> Step<Option<Receipt>> {
        let (space, word) = (self.space, operation.word());
        self.tally.add(ACT_TRIED);
        let request = self.chance.percent(40).then(|| self.request());
        let act = Act { space, operation, content, request };
        let marks = self.marks(at);
        let done = self.node(at)?.submit(act.clone());
        self.note(|| match &done {
            Ok(receipt) => format!("{at} {word}: {}", receipt.entry.short()),
            Err(why) => format!("{at} {word} refused: {why}"),
        });
        match done {
            Ok(receipt) => {
                self.tally.add("act");
                self.tally.add(word);
                self.told.push(Told { by: at, entry: receipt.entry, media_lost: false });
                if act.request.is_some() && self.chance.percent(30) {
                    self.ask_again(at, act, receipt, marks)?;
                }
                Ok(Some(receipt))
            }
            Err(NodeError::Refused(_) | NodeError::TextMissing | NodeError::WillNotSign(_))
                if promise == Promise::None =>
            {
                self.tally.add("act refused");
                Ok(None)
            }
            Err(NodeError::TextMissing) => Ok(None),
            Err(why) => Err(Fault(format!("{at} is shown `{word}` and may not sign it: {why}"))),
        }
    }

    fn offer(&mut self, at: usize) -> Step {
        let (members, others) = (self.members(at)?, self.commitments(at)?);
        if members.len() < 2 {
            return Ok(());
        }
        let own = self.stations[at].party;
        let mut terms = new_terms(&mut self.chance, &members, own, &others);
        let agreements = self.agreements(at)?;
        terms.clause = self.chance.pick(&agreements).map(|agreement| (*agreement, 1));
        let offer = Offer { object: None, slot: 0, terms: Terms::Commitment(terms) };
        self.submit(at, offer.into(), text(FieldTag::Title, "Gauge station"), Promise::None).map(drop)
    }

    /// Does one of the things that the page of a commitment offers. What is offered must not be refused.
    fn take_a_move(&mut self, at: usize) -> Step {
        let Some(view) = self.some_commitment(at)? else { return self.offer(at) };
        let ready: Vec<_> = view.moves.iter().filter_map(|step| step.operation.clone()).collect();
        // A cancel and a release end things, so they are rarer than what leads on.
        let calm: Vec<_> = ready
            .iter()
            .filter(|op| !matches!(op.word(), "cancel" | "release" | "decline"))
            .cloned()
            .collect();
        let from = if self.chance.percent(80) && !calm.is_empty() { calm } else { ready };
        // What makes a promise, or leads it to its end, is done more often than what is always there to be done.
        let many = |operation: &Operation| match operation.word() {
            "accept" | "confirm" => 6,
            "report" | "satisfy" | "dispute" => 4,
            _ => 1,
        };
        let from: Vec<_> = from.iter().flat_map(|one| std::iter::repeat_n(one, many(one))).collect();
        let Some(operation) = self.chance.pick(&from).map(|one| (*one).clone()) else { return Ok(()) };
        let content = self.chance.percent(20).then(|| text(FieldTag::Note, "as agreed by letter")).flatten();
        self.submit(at, operation, content, Promise::Shown).map(drop)
    }

    fn change_terms(&mut self, at: usize) -> Step {
        let Some(view) = self.some_commitment(at)? else { return Ok(()) };
        let members = self.members(at)?;
        let in_force = view.record.in_force().map(|offered| offered.terms.clone());
        let terms = changed_terms(&mut self.chance, in_force.as_ref(), &view.terms, &members);
        let operation = next_terms(view.id, &view.record, terms);
        self.submit(at, operation, text(FieldTag::Title, "Gauge station, changed"), Promise::None).map(drop)
    }

    /// Words, evidence, something from elsewhere; or takes the content of an own one out again.
    fn note_something(&mut self, at: usize) -> Step {
        let all = self.commitments(at)?;
        let about = self.chance.pick(&all).copied().unwrap_or_else(|| self.space.into());
        let held = self.stations[at].notes.clone();
        let own = self.chance.pick(&held).copied();
        let (operation, content): (Operation, _) = match (self.chance.below(6), own) {
            (0 | 1, _) => (Comment { about }.into(), text(FieldTag::Note, "noted")),
            (2, _) => {
                let file = Content { attachment: vec![7; 300], ..Content::default() };
                (Attach { about }.into(), Some(file.with(FieldTag::FileName, "", "levels.csv")))
            }
            (4, Some((object, entry))) => {
                (Erase { object, entry }.into(), text(FieldTag::Reason, "a name that must go"))
            }
            (5, Some((object, _))) => {
                (Transcribe { object: Some(object) }.into(), text(FieldTag::Source, "minutes, corrected"))
            }
            _ => (Transcribe { object: None }.into(), text(FieldTag::Source, "minutes of 2019")),
        };
        if let Some(Receipt { entry, object: Some(object) }) =
            self.submit(at, operation, content, Promise::None)?
        {
            self.stations[at].notes.push((object, entry));
        }
        Ok(())
    }

    /// Votes on a ballot about the space that waits for this party.
    fn vote(&mut self, at: usize) -> Step {
        let (space, own) = (self.space, self.stations[at].party);
        let ballots = self.node(at)?.space(space)?.ballots;
        let Some(ballot) = ballots.into_iter().find(|ballot| !ballot.won && ballot.awaited.contains(&own))
        else {
            return Ok(());
        };
        let (subject, object) = (Subject::Space, ballot.id);
        let operation: Operation = if self.chance.percent(70) {
            Accept { subject, object, slot: 0, terms: ballot.terms }.into()
        } else {
            Decline { subject, object, slot: 0 }.into()
        };
        self.submit(at, operation, None, Promise::None).map(drop)
    }

    /// A ballot about the space, a key taken back, a new key, or the door.
    fn act_drastically(&mut self, at: usize) -> Step {
        match self.chance.below(8) {
            0..=2 => self.open_ballot(at),
            3 | 4 if self.stations[at].enrolments < 3 => self.enrol(at),
            5 if self.stations[at].enrolments < 3 => self.revoke(at),
            6 if self.members(at)?.len() > 3 => self.submit(at, Leave.into(), None, Promise::None).map(drop),
            _ => self.open_ballot(at),
        }
    }

    fn open_ballot(&mut self, at: usize) -> Step {
        let (space, members) = (self.space, self.members(at)?);
        let subject = *self.chance.pick(&members).unwrap_or(&self.stations[at].party);
        let level = self.node(at)?.space(space)?.level;
        let expels = self.chance.percent(60);
        let terms = |mut voters: std::collections::BTreeSet<PartyId>| {
            if expels {
                voters.remove(&subject);
                SpaceTerms::Expel { voters, seat: subject }
            } else {
                SpaceTerms::Level { voters, level: level + 1 }
            }
        };
        let done = self.node(at)?.ballot(space, terms, "as the rules of the space say");
        self.signed(at, if expels { "ballot to expel" } else { "ballot on the level" }, done)
    }

    /// A key of one's own is taken back, sometimes behind entries on which others rely.
    fn revoke(&mut self, at: usize) -> Step {
        let (space, own) = (self.space, self.stations[at].party);
        let Record::Space(record) = self.node(at)?.record(space, space.into())? else {
            return Err(Fault("a space without its record".to_owned()));
        };
        let keys: Vec<_> = record.keys.iter().filter(|(_, key)| key.seat == own).map(|(id, _)| *id).collect();
        let Some(key) = self.chance.pick(&keys).copied() else { return Ok(()) };
        let cut = if self.chance.percent(15) { None } else { Some(self.chance.below(20) as u64) };
        let done = self.node(at)?.revoke(space, key, cut);
        self.signed(at, "own key revoked", done)
    }

    /// Notes what came of an act that a node builds itself.
    pub(crate) fn signed(&mut self, at: usize, what: &'static str, done: node::Result<Receipt>) -> Step {
        self.tally.add(ACT_TRIED);
        self.note(|| match &done {
            Ok(receipt) => format!("{at} {what}: {}", receipt.entry.short()),
            Err(why) => format!("{at} {what} refused: {why}"),
        });
        match done {
            Ok(receipt) => {
                self.tally.add("act");
                self.tally.add(what);
                self.told.push(Told { by: at, entry: receipt.entry, media_lost: false });
                Ok(())
            }
            Err(NodeError::Refused(_) | NodeError::WillNotSign(_)) => {
                self.tally.add("act refused");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A node that must not sign signs nothing, whatever it is asked.
    fn try_in_vain(&mut self, at: usize) -> Step {
        let space = self.space;
        let (operation, request) = (Operation::from(Comment { about: space.into() }), None);
        let act = Act { space, operation, content: text(FieldTag::Note, "hello"), request };
        let done = self.node(at)?.submit(act);
        self.note(|| format!("{at} tries to sign and must not"));
        self.tally.add(ACT_TRIED);
        self.tally.add("refused to sign");
        must(matches!(done, Err(NodeError::WillNotSign(_))), || {
            format!("{at} must not sign, and answers {done:?}")
        })?;
        let views = self.some_commitment(at)?;
        must(views.is_none_or(|view| view.moves.is_empty()), || {
            format!("{at} must not sign, and its page shows moves")
        })
    }
}

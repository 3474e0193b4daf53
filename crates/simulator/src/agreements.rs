//! What honest and hostile people do about agreements.

use agreement::operation::{Accept, Counter, Decline, Lapse, Offer, Pass, Subject, Withdraw};
use agreement::{
    AgreementTag, AgreementTerms, Clause, Content, Operation, Terms, Withdrawal, Wording, wording,
};
use node::ask::AgreementView;
use oplog::{ObjectId, PartyId, TermsHash};

use crate::acts::{Promise, text};
use crate::chance::Chance;
use crate::fault::Step;
use crate::world::World;

fn new_agreement(chance: &mut Chance, members: &[PartyId], own: PartyId) -> AgreementTerms {
    let mut others: Vec<_> = members.iter().copied().filter(|party| *party != own).collect();
    chance.shuffle(&mut others);
    others.truncate(1 + usize::from(chance.percent(50)));
    let withdrawal = match chance.below(4) {
        0 => Withdrawal::Never,
        1 => Withdrawal::Consent,
        _ => Withdrawal::Notice(1 + chance.below(90) as u64),
    };
    AgreementTerms {
        tag: AgreementTag::New,
        parties: others.into_iter().chain([own]).collect(),
        clauses: (1..=1 + chance.below(3) as u64).collect(),
        withdrawal,
        reply_by: chance.percent(30).then_some(20_750),
    }
}

/// Terms that change what is in force, or what is on the table.
fn changed(chance: &mut Chance, view: &AgreementView, members: &[PartyId]) -> AgreementTerms {
    let Some(held) = view.record.in_force() else {
        let clauses = view.text.terms.clauses.iter().copied().chain([4 + chance.below(3) as u64]).collect();
        return AgreementTerms { tag: AgreementTag::New, clauses, ..view.text.terms.clone() };
    };
    let mut terms = AgreementTerms { tag: AgreementTag::Amend, ..held.terms.clone() };
    match chance.below(5) {
        0 => terms.tag = AgreementTag::Terminate,
        1 => terms.parties.extend(chance.pick(members)),
        2 => {
            let dropped = terms.clauses.iter().next().copied();
            terms.clauses.retain(|number| Some(*number) != dropped);
            terms.clauses.insert(7 + chance.below(90) as u64);
        }
        _ => {
            terms.clauses.insert(7 + chance.below(90) as u64);
        }
    }
    terms
}

/// A text with the clauses that the terms number.
pub(crate) fn worded(terms: &AgreementTerms) -> Option<Content> {
    if terms.tag == AgreementTag::Terminate {
        return text(agreement::FieldTag::Reason, "its work is done");
    }
    let clause =
        |number: &u64| (*number, Clause { heading: String::new(), text: format!("clause {number}") });
    let wording = Wording { preamble: String::new(), clauses: terms.clauses.iter().map(clause).collect() };
    Some(wording::content_of(&[("en", "Transit")], &[("en", wording)]))
}

/// What is done, the operation, and the text behind it.
type Said = (&'static str, Operation, Option<Vec<u8>>);

impl World {
    /// The agreements that a node lists.
    pub(crate) fn agreements(&mut self, at: usize) -> Step<Vec<ObjectId>> {
        let space = self.space;
        Ok(self.node(at)?.agreements(space, 0, 100)?.into_iter().map(|line| line.id).collect())
    }

    fn some_agreement(&mut self, at: usize) -> Step<Option<AgreementView>> {
        let all = self.agreements(at)?;
        let Some(id) = self.chance.pick(&all).copied() else { return Ok(None) };
        Ok(Some(self.node(at)?.agreement(id)?))
    }

    /// Offers one, does what the page of one offers, or changes one.
    pub(crate) fn act_on_an_agreement(&mut self, at: usize) -> Step {
        let members = self.members(at)?;
        let view = self.some_agreement(at)?;
        let (Some(view), false) = (view, self.chance.percent(20)) else {
            if members.len() < 2 {
                return Ok(());
            }
            let terms = new_agreement(&mut self.chance, &members, self.stations[at].party);
            let content = worded(&terms);
            let offer = Offer { object: None, slot: 0, terms: Terms::Agreement(terms) };
            return self.submit(at, offer.into(), content, Promise::None).map(drop);
        };
        if self.chance.percent(30) {
            let terms = changed(&mut self.chance, &view, &members);
            let content = worded(&terms);
            let operation = next(&view, Terms::Agreement(terms));
            return self.submit(at, operation, content, Promise::None).map(drop);
        }
        let ready: Vec<_> = view.moves.iter().filter_map(|step| step.operation.clone()).collect();
        let many = |operation: &Operation| match operation.word() {
            "accept" => 8,
            "withdraw" => 3,
            _ => 1,
        };
        let from: Vec<_> = ready.iter().flat_map(|one| std::iter::repeat_n(one, many(one))).collect();
        let Some(operation) = self.chance.pick(&from).map(|one| (*one).clone()) else { return Ok(()) };
        self.submit(at, operation, None, Promise::Shown).map(drop)
    }

    /// An act about an agreement that may or may not be legal.
    pub(crate) fn hostile_on_an_agreement(&mut self, who: usize, at: usize) -> Step<Option<Said>> {
        let (members, own) = (self.members(at)?, self.puppets[who].party());
        // Now and then without a text, which nobody's node signs.
        let says = self.chance.percent(70);
        let text = |terms: &AgreementTerms| worded(terms).filter(|_| says).map(|content| content.to_bytes());
        let Some(view) = self.some_agreement(at)? else {
            let terms = new_agreement(&mut self.chance, &members, own);
            let content = text(&terms);
            let offer = Offer { object: None, slot: 0, terms: Terms::Agreement(terms) };
            return Ok(Some(("hostile agreement", offer.into(), content)));
        };
        let (object, subject) = (view.id, Subject::Agreement);
        let slots = view.record.ballot.slots.len() as u64;
        let slot = if self.chance.percent(85) { slots.saturating_sub(1) } else { slots };
        let offers: Vec<_> = view
            .record
            .ballot
            .slots
            .iter()
            .flat_map(|slot| &slot.offers)
            .map(|offered| offered.hash)
            .collect();
        let terms = self.chance.pick(&offers).copied().unwrap_or(TermsHash::ZERO);
        let changed = changed(&mut self.chance, &view, &members);
        let content = text(&changed);
        let changed = Terms::Agreement(changed);
        let (what, operation): (_, Operation) = match self.chance.below(12) {
            0..=3 => ("hostile signature", Accept { subject, object, slot, terms }.into()),
            4 => ("hostile signature", Accept { subject: Subject::Commitment, object, slot, terms }.into()),
            5 => ("hostile amendment", Decline { subject, object, slot }.into()),
            6 => ("hostile amendment", Counter { object, slot, terms: changed }.into()),
            7 | 8 => ("hostile amendment", next(&view, changed)),
            9 => ("hostile amendment", Lapse { subject, object, slot }.into()),
            10 => ("hostile amendment", Pass { subject, object, slot: slot + 1 }.into()),
            _ => ("hostile withdrawal", Withdraw { object }.into()),
        };
        let content = content.filter(|_| matches!(operation, Operation::Offer(_) | Operation::Counter(_)));
        Ok(Some((what, operation, content)))
    }
}

/// A counter if something is on the table, else an offer for the next round.
fn next(view: &AgreementView, terms: Terms) -> Operation {
    let object = view.id;
    match view.record.ballot.open_slot() {
        Some((slot, _)) => Counter { object, slot, terms }.into(),
        None => {
            let slot = view.record.ballot.slots.len() as u64;
            Offer { object: Some(object), slot, terms }.into()
        }
    }
}

//! An agreement between debtor, creditor and other to try the rules with; the newcomer is a member that it does not name.

use agreement::operation::{Accept, Counter, Decline, Erase, Lapse, Offer, Pass, Withdraw};
use agreement::{Agreement, AgreementTag, AgreementTerms, Subject, Terms, Withdrawal};
use oplog::{EntryId, ObjectId};

use crate::world::{CREDITOR, DEBTOR, Draft, OTHER, World, draft, parties};

const SUBJECT: Subject = Subject::Agreement;

/// Terms between the three with these clauses.
pub(crate) fn pact_terms(tag: AgreementTag, clauses: &[u64], withdrawal: Withdrawal) -> AgreementTerms {
    let clauses = clauses.iter().copied().collect();
    AgreementTerms { tag, parties: parties(&[DEBTOR, CREDITOR, OTHER]), clauses, withdrawal, reply_by: None }
}

/// The agreement and the world in which it is.
#[derive(Clone)]
pub(crate) struct Pact {
    pub(crate) world: World,
    pub(crate) object: ObjectId,
    /// What is in force, or on the table before anything is.
    pub(crate) terms: AgreementTerms,
    /// What was put on the table last.
    pub(crate) table: AgreementTerms,
    /// The entry that put it there.
    pub(crate) offer: EntryId,
    /// The next slot.
    pub(crate) next: u64,
}

impl Pact {
    /// The first terms on the table, by the debtor; slot 0 has failed, with an offer of the debtor's to erase.
    pub(crate) fn offered(withdrawal: Withdrawal) -> Self {
        Self::offered_in(World::of_four(), withdrawal)
    }

    fn offered_in(mut world: World, withdrawal: Withdrawal) -> Self {
        let first = pact_terms(AgreementTag::New, &[9], withdrawal);
        let founding = Offer { object: None, slot: 0, terms: Terms::Agreement(first) };
        let founding = world.sign(draft(DEBTOR, founding));
        let object = founding.into();
        world.sign(draft(CREDITOR, Decline { subject: SUBJECT, object, slot: 0 }));
        let terms = pact_terms(AgreementTag::New, &[1, 2], withdrawal);
        let mut pact =
            Self { world, object, terms: terms.clone(), table: terms.clone(), offer: founding, next: 1 };
        pact.put(DEBTOR, terms);
        pact
    }

    /// In force.
    pub(crate) fn agreed(withdrawal: Withdrawal) -> Self {
        Self::offered(withdrawal).signed()
    }

    fn signed(self) -> Self {
        let pact = self.clone().then(self.do_accept(CREDITOR));
        pact.clone().then(pact.do_accept(OTHER))
    }

    /// As [`Pact::plain`], beside whatever else there is.
    pub(crate) fn plain_in(world: World) -> Self {
        Self::offered_in(world, Withdrawal::Notice(90)).signed()
    }

    /// In force, to be left with ninety days of notice.
    pub(crate) fn plain() -> Self {
        Self::agreed(Withdrawal::Notice(90))
    }

    /// With an amendment by `seat` on the table.
    pub(crate) fn proposed(mut self, seat: u8) -> Self {
        let terms = self.amended(3);
        self.put(seat, terms);
        self
    }

    /// As [`Pact::proposed`] by the debtor, and lacking the vote of `other` alone.
    pub(crate) fn nearly(self) -> Self {
        let pact = self.proposed(DEBTOR);
        pact.clone().then(pact.do_accept(CREDITOR))
    }

    fn put(&mut self, seat: u8, terms: AgreementTerms) {
        self.offer = self.world.sign(self.do_offer(seat, self.next, terms.clone()));
        (self.table, self.next) = (terms, self.next + 1);
    }

    /// The next entry, which must stand.
    pub(crate) fn then(mut self, draft: Draft) -> Self {
        let word = draft.operation.word();
        let entry = self.world.sign(draft);
        assert_eq!(self.world.fold().refused.get(&entry), None, "{word}");
        self
    }

    /// Terms with one clause more.
    pub(crate) fn amended(&self, clause: u64) -> AgreementTerms {
        let clauses = self.terms.clauses.iter().copied().chain([clause]).collect();
        AgreementTerms { tag: AgreementTag::Amend, clauses, ..self.terms.clone() }
    }

    /// The terms in force, ended.
    pub(crate) fn ended(&self) -> AgreementTerms {
        AgreementTerms { tag: AgreementTag::Terminate, ..self.terms.clone() }
    }

    /// The record.
    pub(crate) fn agreement(&self) -> Agreement {
        self.world.fold().agreement(self.object).clone()
    }

    pub(crate) fn do_offer(&self, seat: u8, slot: u64, terms: AgreementTerms) -> Draft {
        draft(seat, Offer { object: Some(self.object), slot, terms: Terms::Agreement(terms) })
    }

    /// Consent to what was put on the table last.
    pub(crate) fn do_accept(&self, seat: u8) -> Draft {
        let terms = Terms::Agreement(self.table.clone()).hash(None);
        draft(seat, Accept { subject: SUBJECT, object: self.object, slot: self.next - 1, terms })
    }

    pub(crate) fn do_decline(&self, seat: u8) -> Draft {
        draft(seat, Decline { subject: SUBJECT, object: self.object, slot: self.next - 1 })
    }

    pub(crate) fn do_counter(&self, seat: u8, terms: AgreementTerms) -> Draft {
        draft(seat, Counter { object: self.object, slot: self.next - 1, terms: Terms::Agreement(terms) })
    }

    pub(crate) fn do_lapse(&self, seat: u8) -> Draft {
        draft(seat, Lapse { subject: SUBJECT, object: self.object, slot: self.next - 1 })
    }

    pub(crate) fn do_pass(&self, seat: u8, slot: u64) -> Draft {
        draft(seat, Pass { subject: SUBJECT, object: self.object, slot })
    }

    pub(crate) fn do_withdraw(&self, seat: u8) -> Draft {
        draft(seat, Withdraw { object: self.object })
    }

    /// The debtor's founding offer, which failed, is forgotten.
    pub(crate) fn do_erase(&self) -> Draft {
        draft(DEBTOR, Erase { object: self.object, entry: self.object.into() })
    }
}

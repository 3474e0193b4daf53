//! A commitment in a space of four, and short words for what its parties do.
//!
//! Every deal has a past: the founding offer was countered and the counter declined, so slots 0 and 1 failed and
//! both the debtor and the creditor have an offer of their own to erase. The terms that matter stand in slot 2.

use agreement::operation::{
    Accept, Cancel, Confirm, Counter, Decline, Dispute, Erase, Lapse, Offer, Pass, Release, Report, Satisfy,
};
use agreement::{Closure, Commitment, CommitmentTerms, Condition, Due, Subject, Tag, Terms};
use oplog::{EntryId, ObjectId, TermsHash};

use crate::world::{CREDITOR, DEBTOR, Draft, NEWCOMER, OTHER, World, draft, party};

/// The slot of the terms that matter.
pub(crate) const FIRST: u64 = 2;

/// A commitment and what happened to it.
#[derive(Clone)]
pub(crate) struct Deal {
    pub(crate) world: World,
    pub(crate) object: ObjectId,
    /// The terms in slot [`FIRST`].
    pub(crate) terms: CommitmentTerms,
    /// The newest terms on the table.
    pub(crate) table: CommitmentTerms,
    /// The entry that put them there.
    pub(crate) offer: EntryId,
    /// Votes for what is on the table, oldest first.
    pub(crate) votes: Vec<EntryId>,
    /// The newest report.
    pub(crate) report: EntryId,
}

/// Terms from the debtor to the creditor and the other.
pub(crate) fn plain_terms(closure: Closure) -> CommitmentTerms {
    CommitmentTerms {
        tag: Tag::New,
        debtor: party(DEBTOR),
        creditors: vec![party(CREDITOR), party(OTHER)],
        closure,
        due: Due { day: 20_000, zone: "Asia/Tehran".into() },
        condition: None,
        clause: None,
        reply_by: None,
    }
}

/// The hash of terms without content.
pub(crate) fn hash(terms: &CommitmentTerms) -> TermsHash {
    Terms::Commitment(terms.clone()).hash(None)
}

impl Deal {
    /// The terms on the table of [`FIRST`], offered by the debtor, with nobody's answer.
    pub(crate) fn offered(terms: CommitmentTerms) -> Self {
        let mut world = World::of_four();
        let dated = |day| CommitmentTerms { due: Due { day, ..terms.due.clone() }, ..terms.clone() };
        let founding = Offer { object: None, slot: 0, terms: Terms::Commitment(dated(18_000)) };
        let founding = world.sign(draft(DEBTOR, founding));
        let object = founding.into();
        world.sign(draft(CREDITOR, Counter { object, slot: 0, terms: Terms::Commitment(dated(19_000)) }));
        world.sign(draft(OTHER, Decline { subject: Subject::Commitment, object, slot: 1 }));
        let mut deal = Self {
            world,
            object,
            terms: terms.clone(),
            table: terms.clone(),
            offer: founding,
            votes: Vec::new(),
            report: EntryId::ZERO,
        };
        deal.put(DEBTOR, FIRST, terms);
        deal
    }

    /// In force.
    pub(crate) fn agreed(terms: CommitmentTerms) -> Self {
        let mut deal = Self::offered(terms);
        deal.vote(CREDITOR, FIRST);
        deal.vote(OTHER, FIRST);
        deal
    }

    /// In force, plain, with this closure.
    pub(crate) fn plain(closure: Closure) -> Self {
        Self::agreed(plain_terms(closure))
    }

    /// In force with an open condition.
    pub(crate) fn conditional() -> Self {
        Self::agreed(CommitmentTerms { condition: Some(Condition::Text(1)), ..plain_terms(Closure::All) })
    }

    /// Reported by the debtor.
    pub(crate) fn reported(mut self) -> Self {
        let report = self.do_report(DEBTOR);
        self.report = self.world.sign(report);
        self
    }

    /// The next slot has an offer by `seat`: changed terms.
    pub(crate) fn proposed(mut self, seat: u8, tag: Tag) -> Self {
        let terms = self.changed(tag, 21_000);
        self.put(seat, FIRST + 1, terms);
        self
    }

    /// As [`Self::proposed`] by the debtor, and everyone has voted for it but for the other.
    pub(crate) fn nearly(self, tag: Tag) -> Self {
        let mut deal = self.proposed(DEBTOR, tag);
        deal.vote(CREDITOR, FIRST + 1);
        if matches!(tag, Tag::Delegate | Tag::Assign) {
            deal.vote(NEWCOMER, FIRST + 1);
        }
        deal
    }

    /// As [`Self::nearly`], and the other has voted too.
    pub(crate) fn changed_by_all(self, tag: Tag) -> Self {
        let mut deal = self.nearly(tag);
        deal.vote(OTHER, FIRST + 1);
        deal
    }

    /// Offers by debtor and creditor crossed in the next slot.
    pub(crate) fn crossed(self) -> Self {
        let mut deal = self.proposed(DEBTOR, Tag::Reschedule);
        let terms = deal.changed(Tag::Reschedule, 22_000);
        let rival = deal.do_offer(CREDITOR, FIRST + 1, terms).blind_to(&[deal.offer]);
        deal.world.sign(rival);
        deal
    }

    /// The terms in slot [`FIRST`], changed as a tag says.
    pub(crate) fn changed(&self, tag: Tag, day: i32) -> CommitmentTerms {
        let mut terms = CommitmentTerms { tag, ..self.terms.clone() };
        match tag {
            Tag::New | Tag::MutualEnd => {}
            Tag::Amend => terms.condition = Some(Condition::Text(7)),
            Tag::Reschedule => terms.due.day = day,
            Tag::Delegate => terms.debtor = party(NEWCOMER),
            Tag::Assign => terms.creditors = vec![party(NEWCOMER), party(OTHER)],
        }
        terms
    }

    fn put(&mut self, seat: u8, slot: u64, terms: CommitmentTerms) {
        self.table = terms.clone();
        let offer = self.do_offer(seat, slot, terms);
        self.offer = self.world.sign(offer);
        self.votes.clear();
    }

    fn vote(&mut self, seat: u8, slot: u64) {
        let vote = self.do_accept(seat, slot);
        self.votes.push(self.world.sign(vote));
    }

    /// Signs one more.
    pub(crate) fn then(mut self, draft: Draft) -> Self {
        self.world.sign(draft);
        self
    }

    /// What it comes to.
    pub(crate) fn commitment(&self) -> Commitment {
        self.world.fold().commitment(self.object).clone()
    }

    pub(crate) fn do_offer(&self, seat: u8, slot: u64, terms: CommitmentTerms) -> Draft {
        draft(seat, Offer { object: Some(self.object), slot, terms: Terms::Commitment(terms) })
    }

    /// Consent to what is on the table.
    pub(crate) fn do_accept(&self, seat: u8, slot: u64) -> Draft {
        let terms = hash(&self.table);
        draft(seat, Accept { subject: Subject::Commitment, object: self.object, slot, terms })
    }

    pub(crate) fn do_decline(&self, seat: u8, slot: u64) -> Draft {
        draft(seat, Decline { subject: Subject::Commitment, object: self.object, slot })
    }

    pub(crate) fn do_counter(&self, seat: u8, slot: u64, day: i32) -> Draft {
        let tag = if slot == FIRST { Tag::New } else { Tag::Reschedule };
        let mut terms = self.changed(tag, day);
        terms.due.day = day;
        draft(seat, Counter { object: self.object, slot, terms: Terms::Commitment(terms) })
    }

    pub(crate) fn do_lapse(&self, seat: u8, slot: u64) -> Draft {
        draft(seat, Lapse { subject: Subject::Commitment, object: self.object, slot })
    }

    pub(crate) fn do_pass(&self, seat: u8, slot: u64) -> Draft {
        draft(seat, Pass { subject: Subject::Commitment, object: self.object, slot })
    }

    pub(crate) fn do_satisfy(&self, seat: u8, condition: u64) -> Draft {
        draft(seat, Satisfy { object: self.object, condition })
    }

    /// A report under the terms in slot [`FIRST`].
    pub(crate) fn do_report(&self, seat: u8) -> Draft {
        draft(seat, Report { object: self.object, terms: hash(&self.terms) })
    }

    pub(crate) fn do_confirm(&self, seat: u8) -> Draft {
        draft(seat, Confirm { object: self.object, report: self.report })
    }

    pub(crate) fn do_dispute(&self, seat: u8) -> Draft {
        draft(seat, Dispute { object: self.object, report: self.report })
    }

    pub(crate) fn do_release(&self, seat: u8) -> Draft {
        draft(seat, Release { object: self.object })
    }

    pub(crate) fn do_cancel(&self, seat: u8) -> Draft {
        draft(seat, Cancel { object: self.object })
    }

    pub(crate) fn do_erase(&self, seat: u8, entry: EntryId) -> Draft {
        draft(seat, Erase { object: self.object, entry })
    }
}

impl Deal {
    /// The failed offer that `seat` may erase: the debtor's founding one, or the creditor's counter.
    pub(crate) fn failed_offer(&self, seat: u8) -> EntryId {
        let counter = self.world.entries.iter().find(|entry| entry.operation.word() == "counter");
        if seat == DEBTOR { self.object.into() } else { counter.expect("each deal has one").id }
    }
}

impl Deal {
    /// A creditor let go.
    pub(crate) fn released_by(self, seat: u8) -> Self {
        let release = self.do_release(seat);
        self.then(release)
    }
}

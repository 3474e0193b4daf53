//! A meeting of debtor, creditor and other to try the rules with; the newcomer is a member that was not invited.

use agreement::operation::{Accept, Convene, Counter, Decline, Lapse, Offer, Pass};
use agreement::{Due, Meeting, MinutesTerms, Subject, Terms};
use oplog::ObjectId;

use crate::world::{CREDITOR, DEBTOR, Draft, OTHER, World, draft, parties};

const SUBJECT: Subject = Subject::Meeting;
const INVITED: [u8; 3] = [DEBTOR, CREDITOR, OTHER];

/// A day of a meeting.
pub(crate) fn on(day: i32) -> Option<Due> {
    Some(Due { day, zone: "Asia/Tehran".to_owned() })
}

/// The meeting and the world in which it is.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) world: World,
    pub(crate) object: ObjectId,
    /// The minutes that were offered last.
    pub(crate) table: MinutesTerms,
    /// The next slot.
    pub(crate) next: u64,
}

impl Session {
    /// Convened by the debtor.
    pub(crate) fn convened() -> Self {
        let mut world = World::of_four();
        let convene = Convene { object: None, invited: parties(&INVITED), day: on(20_000) };
        let object = world.sign(draft(DEBTOR, convene)).into();
        let table = minutes(&INVITED);
        Self { world, object, table, next: 0 }
    }

    /// With minutes by the debtor on the table.
    pub(crate) fn offered() -> Self {
        Self::convened().proposed(DEBTOR, minutes(&[DEBTOR, CREDITOR]))
    }

    /// With minutes that all have signed.
    pub(crate) fn adopted() -> Self {
        let session = Self::offered();
        let session = session.clone().then(session.do_accept(CREDITOR));
        session.clone().then(session.do_accept(OTHER))
    }

    pub(crate) fn proposed(self, seat: u8, terms: MinutesTerms) -> Self {
        let mut session = self.clone().then(self.do_offer(seat, self.next, terms.clone()));
        (session.table, session.next) = (terms, self.next + 1);
        session
    }

    /// The next entry, which must stand.
    pub(crate) fn then(mut self, draft: Draft) -> Self {
        let word = draft.operation.word();
        let entry = self.world.sign(draft);
        assert_eq!(self.world.fold().refused.get(&entry), None, "{word}");
        self
    }

    /// The record.
    pub(crate) fn meeting(&self) -> Meeting {
        self.world.fold().meeting(self.object).clone()
    }

    pub(crate) fn do_offer(&self, seat: u8, slot: u64, terms: MinutesTerms) -> Draft {
        draft(seat, Offer { object: Some(self.object), slot, terms: Terms::Minutes(terms) })
    }

    pub(crate) fn do_accept(&self, seat: u8) -> Draft {
        let terms = Terms::Minutes(self.table.clone()).hash(None);
        draft(seat, Accept { subject: SUBJECT, object: self.object, slot: self.next - 1, terms })
    }

    pub(crate) fn do_decline(&self, seat: u8) -> Draft {
        draft(seat, Decline { subject: SUBJECT, object: self.object, slot: self.next - 1 })
    }

    pub(crate) fn do_counter(&self, seat: u8, terms: MinutesTerms) -> Draft {
        draft(seat, Counter { object: self.object, slot: self.next - 1, terms: Terms::Minutes(terms) })
    }

    pub(crate) fn do_lapse(&self, seat: u8) -> Draft {
        draft(seat, Lapse { subject: SUBJECT, object: self.object, slot: self.next - 1 })
    }

    pub(crate) fn do_pass(&self, seat: u8, slot: u64) -> Draft {
        draft(seat, Pass { subject: SUBJECT, object: self.object, slot })
    }

    /// The meeting is said to be on another day, or called off.
    pub(crate) fn do_convene(&self, seat: u8, day: Option<Due>) -> Draft {
        draft(seat, Convene { object: Some(self.object), invited: parties(&INVITED), day })
    }
}

/// Minutes that say who was there.
pub(crate) fn minutes(present: &[u8]) -> MinutesTerms {
    MinutesTerms {
        parties: parties(&INVITED),
        present: parties(present),
        outcomes: [].into(),
        reply_by: None,
    }
}

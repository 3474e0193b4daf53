//! What honest people do about meetings.

use agreement::operation::{Convene, Counter, Offer};
use agreement::{Due, FieldTag, MinutesTerms, Operation, Terms};
use node::ask::MeetingView;
use oplog::{ObjectId, PartyId};

use crate::acts::{Promise, text};
use crate::chance::Chance;
use crate::fault::Step;
use crate::world::World;

fn some_day(chance: &mut Chance) -> Option<Due> {
    let day = 20_700 + i32::try_from(chance.below(400)).unwrap_or(0);
    Some(Due { day, zone: "Asia/Tehran".to_owned() })
}

impl World {
    /// The meetings that a node lists.
    pub(crate) fn meetings(&mut self, at: usize) -> Step<Vec<ObjectId>> {
        let space = self.space;
        Ok(self.node(at)?.meetings(space, 0, 100)?.into_iter().map(|line| line.id).collect())
    }

    /// Convenes one, does what its page offers, or writes its minutes.
    pub(crate) fn act_on_a_meeting(&mut self, at: usize) -> Step {
        let all = self.meetings(at)?;
        let Some(id) = self.chance.pick(&all).copied().filter(|_| self.chance.percent(88)) else {
            let own = self.stations[at].party;
            let mut invited = self.members(at)?;
            self.chance.shuffle(&mut invited);
            invited.truncate(2);
            let invited = invited.into_iter().chain([own]).collect();
            let convene = Convene { object: None, invited, day: some_day(&mut self.chance) };
            let title = text(FieldTag::Title, "Session");
            return self.submit(at, convene.into(), title, Promise::None).map(drop);
        };
        let view = self.node(at)?.meeting(id)?;
        if self.chance.percent(35) {
            let operation = self.minutes(at, &view)?;
            let words = text(FieldTag::Text, "what was said");
            return self.submit(at, operation, words, Promise::None).map(drop);
        }
        let ready: Vec<_> = view.moves.iter().filter_map(|step| step.operation.clone()).collect();
        let many = |operation: &Operation| if operation.word() == "accept" { 24 } else { 1 };
        let from: Vec<_> = ready.iter().flat_map(|one| std::iter::repeat_n(one, many(one))).collect();
        let Some(operation) = self.chance.pick(&from).map(|one| (*one).clone()) else { return Ok(()) };
        self.submit(at, operation, None, Promise::Shown).map(drop)
    }

    /// Minutes, in answer to others if some are on the table.
    fn minutes(&mut self, at: usize, view: &MeetingView) -> Step<Operation> {
        let mut present: Vec<PartyId> = view.record.invited.iter().copied().collect();
        self.chance.shuffle(&mut present);
        present.truncate(1 + self.chance.below(3));
        let objects = self.commitments(at)?;
        let terms = Terms::Minutes(MinutesTerms {
            parties: view.record.invited.clone(),
            present: present.into_iter().collect(),
            outcomes: self.chance.pick(&objects).map(|object| (1, *object)).into_iter().collect(),
            reply_by: None,
        });
        let object = view.id;
        Ok(match view.record.ballot.open_slot() {
            Some((slot, _)) => Counter { object, slot, terms }.into(),
            None => {
                let slot = view.record.ballot.slots.len() as u64;
                Offer { object: Some(object), slot, terms }.into()
            }
        })
    }
}

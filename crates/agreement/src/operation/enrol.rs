//! `enrol` makes a new binding key count: the first entry of its own chain, by the guardians' grant.

use oplog::wire_struct;

use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::{Introduction, Space};
use crate::standing::By;

/// A new key for a seat. It counts for entries that had seen another seat name it; while the author had seen no other
/// member, it counts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrol {
    /// The identity log, the seat and the new key, granted for this space.
    pub introduction: Introduction,
}

wire_struct!(Enrol { introduction });

impl Enrol {
    pub(crate) fn decide(&self, space: &Space, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        if by.key != self.introduction.key.id() {
            return Err(Refusal::Space("a key enrols itself"));
        }
        let seat = self.introduction.seat;
        space.check_identity(seat, &self.introduction.identity)?;
        self.introduction.check(space.id)?;
        if space.keys.contains_key(&by.key) {
            return Err(Refusal::Space("the key is in use here"));
        }
        if space.keys.len() >= crate::space::KEYS_MAX {
            return Err(Refusal::Limit("the number of keys of the space"));
        }
        let introduction = Box::new(self.introduction.clone());
        let alone = space.members_seen(by.sees).iter().all(|member| *member == seat);
        let mut changes = vec![
            Change::KeyBrought(seat, introduction.clone(), by.entry, false, !alone),
            Change::IdentityShown(seat, introduction),
        ];
        let older = space.keys.iter().filter(|(_, key)| key.seat == seat && (by.sees)(key.introduced));
        changes.extend(older.map(|(id, _)| Change::KeyRetired(*id, by.entry)));
        Ok(changes)
    }
}

//! `admit` lets the second party in, by the founder alone; later ones come by ballot.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::{Introduction, Space};
use crate::standing::By;

/// The founder admits its first counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admit {
    /// The party and its key, granted for this space.
    pub introduction: Introduction,
}

wire_struct!(Admit { introduction });

impl Admit {
    pub(crate) fn decide(&self, space: &Space, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        let party = self.introduction.identity.party();
        if by.party != space.founder {
            return Err(Refusal::Space("only the founder admits the second party"));
        }
        // Two keys could each let in a party, unseen by the other, and the one of them be the founder's own puppet.
        if space.keys.get(&by.key).is_none_or(|key| ObjectId::from(key.introduced) != space.id.into()) {
            return Err(Refusal::Space(
                "only the key that founded the space admits the second party; with another key, found a new space",
            ));
        }
        if space.members_seen(by.sees).len() != 1 {
            return Err(Refusal::Space("a third party is let in by ballot"));
        }
        if party == space.founder {
            return Err(Refusal::Space("the party is a member already"));
        }
        self.introduction.check_own_seat()?;
        self.introduction.check(space.id)?;
        space.check_room(&self.introduction)?;
        let introduction = Box::new(self.introduction.clone());
        let unseen = space.admits.keys().filter(|admit| !(by.sees)(**admit)).copied().collect();
        Ok(vec![
            Change::AdmitStands(by.entry, unseen),
            Change::SeatTaken(party, introduction.clone(), by.entry, None),
            Change::KeyBrought(party, introduction, by.entry, false, false),
        ])
    }
}

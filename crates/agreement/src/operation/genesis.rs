//! `genesis` founds a space: its rules and its founder.

use std::collections::BTreeMap;

use oplog::{SpaceId, wire_struct};

use crate::change::Change;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::{Introduction, Rules, Space};
use crate::standing::By;

/// The first entry of a space. Its id is the space's id, its `space` field is zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// A random number, so that two spaces of one founder differ.
    pub nonce: u64,
    /// What the space lives by.
    pub rules: Rules,
    /// The founder and its key, granted for the space of zeros.
    pub founder: Introduction,
}

wire_struct!(Genesis { nonce, rules, founder });

impl Genesis {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        if record.is_some() || by.key != self.founder.key.id() {
            return Err(Refusal::Space(
                "a genesis is the first entry of its space, signed by the founder's key",
            ));
        }
        self.founder.check_own_seat()?;
        self.founder.check(SpaceId::ZERO)?;
        if !self.rules.admit.is_sound() || !self.rules.expel.is_sound() {
            return Err(Refusal::Space("a quorum is over half and at most all"));
        }
        let founder = self.founder.identity.party();
        let space = Space {
            id: by.entry.into(),
            founder,
            rules: self.rules,
            level: 0,
            seats: BTreeMap::new(),
            keys: BTreeMap::new(),
            ballots: BTreeMap::new(),
            admits: BTreeMap::new(),
        };
        let introduction = Box::new(self.founder.clone());
        Ok(vec![
            Change::Founded(Box::new(Record::Space(space))),
            Change::SeatTaken(founder, introduction.clone(), by.entry, None),
            Change::KeyBrought(founder, introduction, by.entry, false, false),
        ])
    }
}

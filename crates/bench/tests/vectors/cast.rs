//! Who plays in the vectors: parties whose every secret follows from a number that the files give.

use agreement::Introduction;
use oplog::{IdentityLog, PartyId, RecoverySet, Revision, Secret, SpaceId};

use crate::said::{Said, say};

/// The secret key whose seed is 32 times this byte.
pub(crate) fn secret(seed: u8) -> Secret {
    Secret::from_seed(&[seed; 32])
}

/// A party of one guardian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    Alfa,
    Beta,
    Gamma,
    /// Not in the space: what ballots are about.
    Delta,
}

pub(crate) const PARTIES: [(Party, &str); 4] =
    [(Party::Alfa, "alfa"), (Party::Beta, "beta"), (Party::Gamma, "gamma"), (Party::Delta, "delta")];

impl Party {
    fn seed(self) -> u8 {
        match self {
            Self::Alfa => 0x10,
            Self::Beta => 0x20,
            Self::Gamma => 0x30,
            Self::Delta => 0x40,
        }
    }

    /// Its one guardian.
    pub(crate) fn guardian(self) -> Secret {
        secret(self.seed())
    }

    /// Its node's key.
    pub(crate) fn node(self) -> Secret {
        secret(self.seed() + 1)
    }

    /// Its binding keys, from 0.
    pub(crate) fn binding(self, number: u8) -> Secret {
        secret(self.seed() + 2 + number)
    }

    /// One revision, signed by the one guardian.
    pub(crate) fn identity(self) -> IdentityLog {
        let guardians = RecoverySet { keys: [self.guardian().public()].into(), threshold: 1 };
        let revision = Revision { number: 0, prev: None, guardians, next: None };
        IdentityLog::new(vec![revision.sign(&[&self.guardian()], None)]).unwrap()
    }

    pub(crate) fn id(self) -> PartyId {
        self.identity().party()
    }

    /// What it brings to a space.
    pub(crate) fn introduction(self, space: SpaceId, number: u8) -> Introduction {
        self.introduction_for(space, self, number)
    }

    /// What it brings to a space to take over the seat of another.
    pub(crate) fn introduction_for(self, space: SpaceId, seat: Self, number: u8) -> Introduction {
        let (guardian, key, node) = (self.guardian(), self.binding(number), self.node().public());
        Introduction::sign(space, seat.id(), &self.identity(), &[&guardian], &key, node)
    }
}

/// A key as a file shows it.
pub(crate) fn key_said(secret: &Secret) -> Said {
    say! { "seed": Said::hex(secret.seed().as_slice()), "public": secret.public(), "id": secret.public().id() }
}

/// All parties with their keys.
pub(crate) fn said() -> Said {
    let party = |(party, name): &(Party, &str)| {
        say! {
            "name": *name,
            "party": party.id(),
            "guardian": key_said(&party.guardian()),
            "node": key_said(&party.node()),
            "binding": (0..2).map(|number| key_said(&party.binding(number))).collect::<Said>(),
        }
    };
    PARTIES.iter().map(party).collect()
}

//! What a party says that it can do, or that it lacks: a statement of its own, and never a commitment.

use oplog::{wire_code, wire_struct};

use crate::statement::Statement;

/// Which of the two a declaration states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// What its author can do.
    Capability,
    /// What its author lacks.
    Need,
}

wire_code!(Sort { Capability = 1, Need = 2 });

impl Sort {
    /// Either sort, with the name it has on pages and in the CLI.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Capability, "capability"), (Self::Need, "need")];

    /// The sort's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Capability => "capability",
            Self::Need => "need",
        }
    }

    /// The sort of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, held)| *held == name).map(|(sort, _)| *sort)
    }

    /// The sort that it can meet.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Capability => Self::Need,
            Self::Need => Self::Capability,
        }
    }
}

/// A capability or a need. Its field, title and words stand in the contents of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Which of the two. It stays what it was.
    pub sort: Sort,
    /// Whether its newest version takes it back.
    pub withdrawn: bool,
    /// Its author and versions.
    pub statement: Statement,
}

wire_struct!(Declaration { sort, withdrawn, statement });

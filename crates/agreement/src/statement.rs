//! What one party says in its own name and alone corrects: transcripts and declarations are statements.

use std::collections::BTreeSet;

use oplog::{EntryId, PartyId, wire_struct};

use crate::refusal::Refusal;
use crate::standing::By;

/// The most versions of one statement.
pub const VERSIONS_MAX: usize = 1_024;

/// A statement of one party, with its corrections. It binds nobody, its author included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who made it.
    pub author: PartyId,
    /// The first version and its corrections, in fold order. There is at least one.
    pub versions: Vec<EntryId>,
    /// Versions whose content was erased.
    pub erased: BTreeSet<EntryId>,
}

wire_struct!(Statement { author, versions, erased });

impl Statement {
    /// A statement whose first version `by` signs.
    pub(crate) fn first(by: &By<'_>) -> Self {
        Self { author: by.party, versions: vec![by.entry], erased: BTreeSet::new() }
    }

    /// Whether `by` may add a version.
    pub(crate) fn may_correct(&self, by: &By<'_>) -> Result<(), Refusal> {
        if self.author != by.party {
            return Err(Refusal::OnlyAuthor);
        }
        if self.versions.len() >= VERSIONS_MAX {
            return Err(Refusal::Limit("the number of corrections"));
        }
        Ok(())
    }

    /// Whether `by` may have the content of `version` forgotten.
    pub(crate) fn may_erase(&self, version: EntryId, by: &By<'_>) -> bool {
        self.author == by.party && self.versions.contains(&version) && !self.erased.contains(&version)
    }
}

//! What parties can do and lack: the register of a space, one declaration, and what of ours meets what of others.

use std::collections::{BTreeMap, BTreeSet};

use agreement::{Content, Declaration, FieldCode, FieldTag, Record, Sort, Statement};
use oplog::{ObjectId, PartyId, SpaceId};
use store::declared::{DeclaredFilter, DeclaredRow};

use super::EntryView;
use crate::matching::{Stated, meetings};
use crate::{Node, NodeError, Result};

/// The most declarations of a space that are looked at for matches.
pub const DECLARED_MAX: usize = 10_000;
/// The most matches that are given of one space.
pub const MATCHES_MAX: usize = 200;

/// What a register shows; what is not said does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Of this party.
    pub party: Option<PartyId>,
    /// Of this sort.
    pub sort: Option<Sort>,
    /// Of this field, or in this group.
    pub field: Option<FieldCode>,
}

/// A capability or need, as lists show it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The declaration.
    pub id: ObjectId,
    /// Whose it is.
    pub party: PartyId,
    /// Which of the two.
    pub sort: Sort,
    /// Whether it is taken back.
    pub withdrawn: bool,
    /// Its field, when its words are here and name one.
    pub field: Option<FieldCode>,
    /// Its words, when they are here.
    pub content: Option<Content>,
}

/// A declaration with everything a page needs.
#[derive(Clone, Debug)]
pub struct DeclarationView {
    /// Its space.
    pub space: SpaceId,
    /// What lists show of it.
    pub shown: Declared,
    /// The record.
    pub record: Declaration,
    /// Every version.
    pub thread: Vec<EntryView>,
    /// Comments on it and evidence.
    pub notes: Vec<EntryView>,
    /// Whether our party could sign another version now.
    pub open: bool,
}

/// A capability and a need that meet.
#[derive(Clone, Debug)]
pub struct Match {
    /// What one party can do.
    pub capability: Declared,
    /// What another lacks.
    pub need: Declared,
    /// Whether both are of the same field; else one lies within the other.
    pub exact: bool,
}

/// What of ours meets what of others in a space.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    /// Those of the same field first.
    pub met: Vec<Match>,
    /// What of ours nothing of others meets.
    pub unmet: Vec<Declared>,
    /// Whether there may be more than was looked at or is given.
    pub cut: bool,
}

fn sort_no(sort: Sort) -> i64 {
    match sort {
        Sort::Capability => 1,
        Sort::Need => 2,
    }
}

fn place(field: FieldCode) -> i64 {
    i64::try_from(field.place()).unwrap_or(-1)
}

/// The field that a content names.
fn field_of(content: Option<&Content>) -> Option<FieldCode> {
    content.and_then(|content| content.text(FieldTag::FieldCode, "")).and_then(FieldCode::of_code)
}

impl Node {
    /// The words that stand for a statement: of its newest version that has any and was not erased, when they are here.
    fn stated(&self, statement: &Statement) -> Result<Option<Content>> {
        let kept = statement.versions.iter().rev().filter(|version| !statement.erased.contains(version));
        for version in kept {
            if self.store.entry(*version)?.is_some_and(|row| row.content.is_some()) {
                return self.content_of(*version);
            }
        }
        Ok(None)
    }

    /// What lists should show of a declaration that has changed.
    pub(crate) fn declared_row(
        &self,
        space: i64,
        object: ObjectId,
        declaration: &Declaration,
    ) -> Result<DeclaredRow> {
        let content = self.stated(&declaration.statement)?;
        Ok(DeclaredRow {
            object,
            space,
            party: declaration.statement.author,
            sort: sort_no(declaration.sort),
            withdrawn: declaration.withdrawn,
            field: field_of(content.as_ref()).map_or(-1, place),
        })
    }

    fn declared(&mut self, space: SpaceId, id: ObjectId) -> Result<(Declared, Declaration)> {
        let Record::Declaration(record) = self.record(space, id)? else {
            return Err(NodeError::NoSuch("capability or need"));
        };
        let content = self.stated(&record.statement)?;
        let declared = Declared {
            id,
            party: record.statement.author,
            sort: record.sort,
            withdrawn: record.withdrawn,
            field: field_of(content.as_ref()),
            content,
        };
        Ok((declared, record))
    }

    /// The capabilities and needs of a space from `offset` on: those that stand before those taken back, by field, and in
    /// the order in which they came.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn register(
        &mut self,
        space: SpaceId,
        register: &Register,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Declared>> {
        let filter = DeclaredFilter {
            party: register.party,
            sort: register.sort.map(sort_no),
            fields: register.field.map(|field| (place(field), place(field.last_within()))),
            withdrawn: None,
        };
        let rows = self.store.declared(self.live(space)?.no, &filter, offset, limit)?;
        rows.into_iter().map(|row| Ok(self.declared(space, row.object)?.0)).collect()
    }

    /// A capability or need with everything a page needs.
    ///
    /// # Errors
    /// No such declaration, or the database fails.
    pub fn declaration(&mut self, id: ObjectId) -> Result<DeclarationView> {
        let space = self.space_of(id)?;
        let (shown, record) = self.declared(space, id)?;
        let no = self.store.object_no(self.live(space)?.no, id)?.ok_or(NodeError::NoSuch("object"))?;
        let mut thread = Vec::new();
        for row in self.store.entries_of(no)? {
            thread.push(self.entry_view(space, row)?);
        }
        let notes = self.notes(space, id)?;
        let open = self.seat(space)? == shown.party && self.may_sign(space).is_ok();
        Ok(DeclarationView { space, shown, record, thread, notes, open })
    }

    /// What our party can do and others of the space lack, and the other way round.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn matches(&mut self, space: SpaceId) -> Result<Matches> {
        let live = self.live(space)?;
        let (Some(own), Some(record)) = (live.own_party, live.space()) else { return Ok(Matches::default()) };
        let members = record.members();
        let standing = DeclaredFilter { withdrawn: Some(false), ..DeclaredFilter::default() };
        let rows = self.store.declared(live.no, &standing, 0, DECLARED_MAX)?;
        let mut cut = rows.len() == DECLARED_MAX;
        let stated: Vec<_> = rows
            .iter()
            .filter(|row| members.contains(&row.party))
            .filter_map(|row| {
                let field = usize::try_from(row.field).ok().and_then(FieldCode::at)?;
                let sort = Sort::ALL.iter().find(|(sort, _)| sort_no(*sort) == row.sort)?.0;
                Some(Stated { id: row.object, party: row.party, sort, field })
            })
            .collect();
        let met = meetings(own, &stated);
        cut |= met.len() > MATCHES_MAX;
        let paired: BTreeSet<_> = met.iter().flat_map(|met| [met.need.id, met.capability.id]).collect();
        let mut known = BTreeMap::new();
        let mut shown = |node: &mut Self, id| -> Result<Declared> {
            if let Some(known) = known.get(&id) {
                return Ok(Declared::clone(known));
            }
            let declared = node.declared(space, id)?.0;
            known.insert(id, declared.clone());
            Ok(declared)
        };
        let mut matches = Matches { cut, ..Matches::default() };
        for met in met.iter().take(MATCHES_MAX) {
            let capability = shown(self, met.capability.id)?;
            let need = shown(self, met.need.id)?;
            matches.met.push(Match { capability, need, exact: met.is_exact() });
        }
        let unmet = rows.iter().filter(|row| row.party == own && !paired.contains(&row.object));
        for row in unmet.take(MATCHES_MAX) {
            matches.unmet.push(shown(self, row.object)?);
        }
        Ok(matches)
    }
}

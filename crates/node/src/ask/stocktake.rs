//! The stocktake: how things stand, what is stuck and with whom and for how long, what was given and received.

use std::collections::{BTreeMap, BTreeSet};

use agreement::{FieldCode, Phase};
use oplog::{PartyId, SpaceId};

use super::{Concern, Heap};
use crate::lists::{field_of, phase_of};
use crate::{Node, Result};

/// The most commitments of one heap that are looked through for whom they wait and for how long.
pub const LOOKED_THROUGH_MAX: usize = 2_000;

/// How many commitments stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// On the table, nothing in force.
    pub offered: u64,
    /// In force and not done: also conditional, reported or disputed.
    pub open: u64,
    /// Of those, reported and not answered yet.
    pub reported: u64,
    /// Of those, disputed.
    pub disputed: u64,
    /// Fulfilled.
    pub fulfilled: u64,
    /// Ended otherwise: by consent, by release, or by the debtor alone.
    pub ended: u64,
    /// Of those, ended by the debtor alone.
    pub cancelled: u64,
}

impl Stand {
    fn add(&mut self, phase: Phase, count: u64) {
        match phase {
            Phase::Offered => self.offered += count,
            Phase::NotAgreed => {}
            Phase::Conditional | Phase::Detached => self.open += count,
            Phase::Reported => {
                self.open += count;
                self.reported += count;
            }
            Phase::Disputed => {
                self.open += count;
                self.disputed += count;
            }
            Phase::Confirmed => self.fulfilled += count,
            Phase::Released | Phase::Ended => self.ended += count,
            Phase::Cancelled => {
                self.ended += count;
                self.cancelled += count;
            }
        }
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What stands between our party and another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// What we owe it or have given it.
    pub given: Stand,
    /// What it owes us or has given us.
    pub received: Stand,
    /// How many are overdue that we owe it.
    pub late_given: u64,
    /// How many are overdue that it owes us.
    pub late_received: u64,
    /// How many wait for us.
    pub on_us: u64,
    /// How many wait for it.
    pub on_them: u64,
    /// Since which minute the oldest of what waits for it has waited, or has been overdue.
    pub oldest_min: Option<i64>,
}

/// How things stand, over all spaces of the node or in one.
#[derive(Clone, Debug, Default)]
pub struct Stocktake {
    /// All together.
    pub whole: Stand,
    /// By group of fields; without one at the end.
    pub fields: Vec<(Option<FieldCode>, Stand)>,
    /// By space.
    pub spaces: Vec<(SpaceId, Stand)>,
    /// Our party with each other.
    pub between: BTreeMap<PartyId, Between>,
    /// Of other parties: who owes, to whom.
    pub others: Vec<(PartyId, PartyId, Stand)>,
    /// How many are in each heap, in the order of [`Heap::ALL`].
    pub counts: [u64; 5],
    /// The first of what waits for our answer.
    pub answer: Vec<Concern>,
    /// The first of what is overdue.
    pub overdue: Vec<Concern>,
    /// The first of what waits for others.
    pub sent: Vec<Concern>,
    /// Whether there is more than was looked through for whom things wait.
    pub cut: bool,
}

impl Node {
    /// How things stand, over all spaces or in one, with the first `limit` of each heap that needs attention.
    ///
    /// # Errors
    /// The database fails.
    pub fn stocktake(&mut self, only: Option<SpaceId>, limit: usize) -> Result<Stocktake> {
        let mut found = Stocktake::default();
        let own = self.party();
        let (mut fields, mut spaces, mut others) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for row in self.store.tally()? {
            let space = self.spaces.values().find(|live| live.no == row.space).map(|live| live.id);
            let (Some(space), Some(phase)) = (space, phase_of(row.phase)) else { continue };
            if only.is_some_and(|only| only != space) {
                continue;
            }
            let stand = match row.creditor {
                None => {
                    found.whole.add(phase, row.count);
                    spaces.entry(space).or_insert_with(Stand::default).add(phase, row.count);
                    // What has no field comes last.
                    let field = field_of(row.field);
                    fields.entry((field.is_none(), row.field, field)).or_insert_with(Stand::default)
                }
                Some(creditor) if row.debtor == own => &mut found.between.entry(creditor).or_default().given,
                Some(creditor) if creditor == own => {
                    &mut found.between.entry(row.debtor).or_default().received
                }
                Some(creditor) => others.entry((row.debtor, creditor)).or_insert_with(Stand::default),
            };
            stand.add(phase, row.count);
        }
        found.fields = fields.into_iter().map(|((_, _, code), stand)| (code, stand)).collect();
        found.spaces = spaces.into_iter().collect();
        found.others =
            others.into_iter().map(|((debtor, creditor), stand)| (debtor, creditor, stand)).collect();
        for (at, heap) in Heap::ALL.into_iter().enumerate() {
            let (concerns, more) = self.heap(heap, None, LOOKED_THROUGH_MAX)?;
            found.cut |= more.is_some();
            let here =
                concerns.into_iter().filter(|concern| only.is_none_or(|only| only == concern.line.space));
            let here: Vec<_> = here.collect();
            found.counts[at] = here.len() as u64;
            for concern in &here {
                note(&mut found.between, own, heap, concern);
            }
            match heap {
                Heap::Answer => found.answer = here,
                Heap::Overdue => found.overdue = here,
                Heap::Sent => found.sent = here,
                Heap::Owe | Heap::Owed => {}
            }
        }
        if only.is_none() {
            found.counts = self.heap_counts()?;
        }
        for heap in [&mut found.answer, &mut found.overdue, &mut found.sent] {
            heap.truncate(limit);
        }
        Ok(found)
    }
}

/// Notes with whom a concern is stuck, and since when.
fn note(between: &mut BTreeMap<PartyId, Between>, own: PartyId, heap: Heap, concern: &Concern) {
    let Some(shown) = concern.record.shown() else { return };
    let (terms, waits) = (&shown.terms, concern.record.waits_on());
    let named: BTreeSet<_> = terms.parties().into_iter().filter(|party| *party != own).collect();
    for party in named {
        let held = between.entry(party).or_default();
        if heap == Heap::Overdue {
            if terms.debtor == own && terms.creditors.contains(&party) {
                held.late_given += 1;
            }
            if terms.debtor == party {
                held.late_received += 1;
            }
        }
        if heap == Heap::Answer {
            held.on_us += 1;
        }
        if waits.contains(&party) && heap != Heap::Answer {
            held.on_them += 1;
            // What is owed and not due yet keeps nobody waiting.
            if matches!(heap, Heap::Overdue | Heap::Sent) {
                held.oldest_min = Some(held.oldest_min.map_or(concern.at_min, |old| old.min(concern.at_min)));
            }
        }
    }
}

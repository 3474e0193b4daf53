//! What concerns our party now: heaps of commitments in the order in which people go through them, each with the record
//! that says why it is there.

use agreement::{Commitment, Content, FieldTag, Record};
use oplog::{ObjectId, SpaceId};
use store::concerns::{At, Place};
use store::lists::CommitmentRow;

use super::Line;
use crate::lists::place_of;
use crate::{Clock, Node, NodeError, Result};

/// The most overdue commitments that are counted; beyond, there are more.
pub const OVERDUE_COUNTED_MAX: u64 = 10_000;

/// A commitment that something can still come of.
#[derive(Clone, Debug)]
pub struct Concern {
    /// Its line.
    pub line: Line,
    /// Its record.
    pub record: Commitment,
    /// The texts of the terms shown, when they are here.
    pub content: Option<Content>,
    /// The minute since 1970 since which somebody waits for an answer, or at which its due day ends.
    pub at_min: i64,
}

/// A heap of concerns. Each concern is in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heap {
    /// Waiting for our answer, longest first.
    Answer,
    /// Past the due day, owed by us or to us.
    Overdue,
    /// Owed by us.
    Owe,
    /// Owed to us.
    Owed,
    /// Waiting for others, longest first.
    Sent,
}

impl Heap {
    /// Every heap, in the order of the inbox.
    pub const ALL: [Self; 5] = [Self::Answer, Self::Overdue, Self::Owe, Self::Owed, Self::Sent];

    /// The places of its concerns, and whether those whose due day is over, or those alone whose due day is not.
    fn places(self) -> (&'static [Place], Option<bool>) {
        match self {
            Self::Answer => (&[Place::Answer], None),
            Self::Overdue => (&[Place::Owe, Place::Owed], Some(true)),
            Self::Owe => (&[Place::Owe, Place::OweLater], Some(false)),
            Self::Owed => (&[Place::Owed, Place::OwedLater], Some(false)),
            Self::Sent => (&[Place::Sent], None),
        }
    }
}

impl Node {
    /// The minute that it is.
    pub(crate) fn now_min(&self) -> i64 {
        i64::try_from(self.clock.now_ms() / 60_000).unwrap_or(i64::MAX)
    }

    /// How many commitments each heap has, in the order of [`Heap::ALL`]; those that are overdue are counted up to
    /// [`OVERDUE_COUNTED_MAX`], and those beyond stay in the heap in which they were.
    ///
    /// # Errors
    /// The database fails.
    pub fn heap_counts(&self) -> Result<[u64; 5]> {
        let count = |place| self.store.concern_count(place);
        let now = self.now_min();
        let most = usize::try_from(OVERDUE_COUNTED_MAX).unwrap_or(usize::MAX);
        let late = |place| self.store.concerns_until(place, now, most);
        let (late_owe, late_owed) = (late(Place::Owe)?, late(Place::Owed)?);
        Ok([
            count(Place::Answer)?,
            late_owe + late_owed,
            count(Place::Owe)?.saturating_sub(late_owe) + count(Place::OweLater)?,
            count(Place::Owed)?.saturating_sub(late_owed) + count(Place::OwedLater)?,
            count(Place::Sent)?,
        ])
    }

    /// At most `limit` commitments of a heap over all spaces, from behind `after` on, and from where on there are more.
    ///
    /// # Errors
    /// The database fails.
    pub fn heap(
        &mut self,
        heap: Heap,
        after: Option<At>,
        limit: usize,
    ) -> Result<(Vec<Concern>, Option<At>)> {
        let now = self.now_min();
        let (places, late) = heap.places();
        let mut rows: Vec<(At, CommitmentRow)> = Vec::new();
        for place in places {
            let bound = matches!(place, Place::Owe | Place::Owed);
            // What waits for its condition is not late, however old its day is.
            let from = if late == Some(false) && bound { (now, i64::MAX) } else { (i64::MIN, 0) };
            let until = if late == Some(true) { now } else { i64::MAX };
            let from = after.map_or(from, |after| after.max(from));
            rows.extend(self.store.concerns(*place, from, until, limit.saturating_add(1))?);
        }
        rows.sort_by_key(|(at, _)| *at);
        let more = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit).map(|(at, _)| *at);
        rows.truncate(limit);
        let mut concerns = Vec::new();
        for ((at_min, _), row) in rows {
            let Some(line) = self.line(row) else { continue };
            if let Record::Commitment(record) = self.record(line.space, line.id)? {
                let content = self.shown_content(&record)?;
                concerns.push(Concern { line, record, content, at_min });
            }
        }
        Ok((concerns, more))
    }

    /// The heap in which a concern is.
    #[must_use]
    pub fn heap_of(&self, concern: &Concern) -> Option<Heap> {
        let late = concern.at_min <= self.now_min();
        Some(match place_of(&concern.record, self.party())? {
            Place::Answer => Heap::Answer,
            Place::Owe | Place::Owed if late => Heap::Overdue,
            Place::Owe | Place::OweLater => Heap::Owe,
            Place::Owed | Place::OwedLater => Heap::Owed,
            Place::Sent => Heap::Sent,
        })
    }

    /// Those of these commitments that something can still come of, by due day.
    pub(crate) fn concerns_among(&mut self, objects: Vec<ObjectId>) -> Result<Vec<Concern>> {
        let mut concerns = Vec::new();
        for id in objects {
            // What was assigned before a restore may not be here again yet.
            let space = match self.space_of(id) {
                Ok(space) => space,
                Err(NodeError::NoSuch(_) | NodeError::NoSuchSpace) => continue,
                Err(why) => return Err(why),
            };
            let Record::Commitment(record) = self.record(space, id)? else { continue };
            let Some(shown) = record.shown().filter(|_| !record.phase().is_over()) else { continue };
            let (terms, phase) = (&shown.terms, record.phase());
            let content = self.shown_content(&record)?;
            let title = content.as_ref().and_then(|content| content.text(FieldTag::Title, ""));
            let title = title.unwrap_or_default().to_owned();
            let end = terms.due.civil().and_then(|day| Clock::day_end_min(day, &terms.due.zone));
            let line = Line { id, space, title, debtor: terms.debtor, phase, due: terms.due.day };
            concerns.push(Concern { line, record, content, at_min: end.unwrap_or(i64::MAX) });
        }
        concerns.sort_by_key(|concern| (concern.line.due, concern.line.id));
        Ok(concerns)
    }

    /// The texts of the terms that a commitment shows, when they are here.
    ///
    /// # Errors
    /// No such object or space, or the database fails.
    pub fn texts(&mut self, space: SpaceId, object: ObjectId) -> Result<Option<Content>> {
        match self.record(space, object)? {
            Record::Commitment(record) => self.shown_content(&record),
            Record::Agreement(record) => record.text().map_or(Ok(None), |text| self.content_of(text.entry)),
            Record::Space(_) | Record::Transcript(_) | Record::Note(_) | Record::Declaration(_) => Ok(None),
        }
    }

    pub(crate) fn shown_content(&self, record: &Commitment) -> Result<Option<Content>> {
        record.shown().map_or(Ok(None), |shown| self.content_of(shown.entry))
    }
}

//! Which ends of lines are told to a peer. A key that forks without end makes more than fit into a message: then the
//! foremost of each key with a seat are told always, so that no honest one is ever left out, and the others by turns.

use std::collections::{BTreeMap, BTreeSet};

use oplog::past::Line;
use oplog::sync::{Between, HEADS_MAX, Head, Heads};
use oplog::{EntryId, SpaceId};

use crate::live::{LineEnd, Live};
use crate::{Node, Result};

/// Of which lines a peer said, or is taken to have said, all that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Of all.
    All,
    /// Of the foremost of each key with a seat, and of the others whose heads lie in the range, if there is one.
    Foremost(Option<Between>),
}

impl From<Option<Between>> for Told {
    fn from(between: Option<Between>) -> Self {
        between.map_or(Self::All, |between| Self::Foremost(Some(between)))
    }
}

fn head(line: &LineEnd) -> Head {
    Head { key: Head::hint(line.row.key), seq: line.row.head_seq, id: line.row.head_id }
}

impl Live {
    /// The line that leads furthest, of each key that has a seat: at most as many as a space may have keys.
    fn foremost(&self) -> BTreeSet<Line> {
        let keys = self.space().into_iter().flat_map(|space| space.keys.keys());
        let furthest = |line: &&LineEnd| (line.row.head_seq, line.row.head_id);
        keys.filter_map(|key| self.lines_of(*key).max_by_key(furthest)).map(|line| line.row.no).collect()
    }

    /// The lines that a peer may lack entries of, by what it told: in groups, of which the first goes first.
    pub(crate) fn concerned(&self, told: Told) -> Vec<Vec<&LineEnd>> {
        let Told::Foremost(between) = told else { return vec![self.lines.values().collect()] };
        let foremost = self.foremost();
        let (first, others): (Vec<_>, Vec<_>) =
            self.lines.values().partition(|line| foremost.contains(&line.row.no));
        let in_range = |line: &&LineEnd| between.is_some_and(|between| between.holds(line.row.head_id));
        vec![first, others.into_iter().filter(in_range).collect()]
    }
}

impl Node {
    /// What we hold of a space. Where that is more than fits, each call tells another part of it.
    pub(crate) fn heads(&mut self, space: SpaceId) -> Result<Heads> {
        let live = self.live(space)?;
        if live.lines.len() <= HEADS_MAX {
            return Ok(Heads { space, heads: live.lines.values().map(head).collect(), between: None });
        }
        let foremost = live.foremost();
        let (first, others): (Vec<_>, Vec<_>) =
            live.lines.values().partition(|line| foremost.contains(&line.row.no));
        let mut heads: Vec<_> = first.into_iter().map(head).collect();
        let others: BTreeMap<_, _> = others.into_iter().map(|line| (line.row.head_id, head(line))).collect();
        let room = HEADS_MAX - heads.len();
        let mut from = self.pending.page(space);
        if others.range(from..).count() <= room {
            // The last page is full too, so that whoever gets it knows by its length that it is one.
            let first = others.keys().rev().nth(room.saturating_sub(1)).copied();
            from = first.map_or(from, |first| first.min(from));
        }
        let mut page = others.range(from..);
        heads.extend(page.by_ref().take(room).map(|(_, head)| *head));
        let to = page.next().map(|(id, _)| *id);
        self.pending.turn_page(space, to.unwrap_or(EntryId([0; 32])));
        Ok(Heads { space, heads, between: Some(Between { from, to }) })
    }

    /// Of which lines a peer whose last heads were so many is known to hold all it said.
    pub(crate) fn told_before(&self, space: SpaceId, heads: usize) -> Result<Told> {
        let is_part = heads >= HEADS_MAX || self.live(space)?.lines.len() > HEADS_MAX;
        Ok(if is_part { Told::Foremost(None) } else { Told::All })
    }
}

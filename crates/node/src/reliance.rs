//! Who had noticed, who had learned, who relied: what the graph says about keys that are new, taken back or forked.
//!
//! Only a member's word counts in this: a party that introduces keys of its own making cannot vouch for itself.

use std::collections::{BTreeMap, BTreeSet};

use agreement::Space;
use oplog::past::Line;
use oplog::{EntryId, KeyId, ObjectId, Position, SpaceId};

use crate::fold::Authored;
use crate::live::{LineEnd, Live, Sight};
use crate::{Node, NodeError, Result};

impl Node {
    /// Works out what a fork or new reliance changes for entries that are here.
    pub(crate) fn rely(&mut self, space: SpaceId, author: &Authored<'_>, forks: bool) -> Result<()> {
        let mut again = BTreeSet::new();
        if forks {
            again.insert(ObjectId::from(space));
        }
        // Where the space's record is to be folded again, reliance is worked out anew with it.
        let anew = forks || self.live(space)?.again.contains(&ObjectId::from(space));
        for key in self.live(space)?.doubts().keys.iter().filter(|_| !anew) {
            again.extend(self.extend_reliance(space, *key, author)?);
        }
        if again.is_empty() { Ok(()) } else { self.fold_again(space, again) }
    }

    /// For each doubtful key those of its lines on which others relied, and how far.
    pub(crate) fn reliance(&self, space: SpaceId) -> Result<BTreeMap<KeyId, Vec<(Line, u64)>>> {
        let live = self.live(space)?;
        let relied = |line: &&LineEnd| line.row.relied > 0;
        let lines =
            |key| live.lines_of(key).filter(relied).map(|line| (line.row.no, line.row.relied)).collect();
        Ok(live.doubts().keys.iter().map(|key| (*key, lines(*key))).collect())
    }

    /// Whether an entry of another member in the author's past had seen the author's chain begin.
    pub(crate) fn noticed(&self, live: &Live, record: &Space, author: &Authored<'_>) -> Result<bool> {
        let (line, seq) = (author.row.position.line, author.row.position.seq);
        if live.noticed.borrow().get(&line).is_some_and(|from| *from <= seq) {
            return Ok(true);
        }
        let view = Sight::new(live, &self.store, &author.row.position, author.id);
        let roots: Vec<_> = live
            .lines_of(author.key)
            .filter(|line| line.row.start_seq == 0)
            .map(|line| line.row.no)
            .collect();
        for other in live.lines.values().filter(|other| other.row.seat != author.seat) {
            // A later entry of a line has seen all that an earlier one has, so the last one in the past tells.
            let reach = author.row.position.past.reach(other.row.no);
            if reach <= other.row.start_seq
                || !record.speaks(other.row.key, other.row.seat, &|id| view.sees(id))
            {
                continue;
            }
            let last = self.store.entry_at(other.row.no, reach - 1)?;
            if last.is_some_and(|row| roots.iter().any(|root| row.position.past.sees(*root, 0))) {
                view.finish()?;
                live.noticed
                    .borrow_mut()
                    .entry(line)
                    .and_modify(|from| *from = seq.min(*from))
                    .or_insert(seq);
                return Ok(true);
            }
        }
        view.finish()?;
        Ok(false)
    }

    /// Whether an entry with this past had learned that `key` was taken back or had forked.
    fn had_learned(&self, live: &Live, key: KeyId, position: &Position) -> Result<bool> {
        let revocations = live.space().and_then(|record| record.keys.get(&key)).map(|key| key.revoked.keys());
        for revocation in revocations.into_iter().flatten() {
            if let Some((line, seq)) = live.place(&self.store, *revocation)?
                && position.past.sees(line, seq)
            {
                return Ok(true);
            }
        }
        // Of two lines the later to begin stands beside an entry of the other at its first place, if that one reaches so far.
        let lines = live.lines_of(key).map(|line| (line.row.start_seq, line.row.no));
        let mut seen: Vec<_> = lines.filter(|(start, line)| position.past.sees(*line, *start)).collect();
        seen.sort_unstable();
        let mut farthest = 0;
        Ok(seen.into_iter().any(|(start, line)| {
            let beside = farthest > start;
            farthest = farthest.max(position.past.reach(line));
            beside
        }))
    }

    /// Whether the entry `id` of `line` is a member's voice in what it had seen.
    fn is_voice(&self, live: &Live, line: &LineEnd, position: &Position, id: EntryId) -> Result<bool> {
        let Some(record) = live.space() else { return Ok(false) };
        let view = Sight::new(live, &self.store, position, id);
        let speaks = record.speaks(line.row.key, line.row.seat, &|id| view.sees(id));
        view.finish()?;
        Ok(speaks)
    }

    /// Adds what a new entry relies on. Gives the objects that must be folded again.
    fn extend_reliance(
        &mut self,
        space: SpaceId,
        key: KeyId,
        author: &Authored<'_>,
    ) -> Result<BTreeSet<ObjectId>> {
        let (live, position) = (self.live(space)?, &author.row.position);
        let mut again = BTreeSet::new();
        let own = live.lines.get(&position.line).ok_or(NodeError::NoSuch("line"))?;
        let is_news = |line: &LineEnd, reach: u64| {
            line.row.key == key && line.row.seat != author.seat && reach > line.row.relied
        };
        let known =
            position.past.lines().filter_map(|(no, reach)| live.lines.get(&no).map(|line| (line, reach)));
        let news: Vec<_> =
            known.filter(|(line, reach)| is_news(line, *reach)).map(|(line, _)| line.row.no).collect();
        if news.is_empty() || self.had_learned(live, key, position)? {
            return Ok(again);
        }
        if !self.is_voice(live, own, position, author.id)? {
            // It may be a voice by the very entries that it relies on: then only the rounds of the whole fold tell.
            again.insert(ObjectId::from(space));
            return Ok(again);
        }
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        for line in news {
            let Some(line) = live.lines.get_mut(&line) else { continue };
            let reach = position.past.reach(line.row.no);
            again.extend(self.store.objects_touched(line.row.no, line.row.relied, reach)?);
            line.row.relied = reach;
            self.store.set_line(&line.row)?;
        }
        Ok(again)
    }

    /// Forgets all reliance on doubtful keys, so that it is worked out from nothing.
    pub(crate) fn forget_reliance(&mut self, space: SpaceId) -> Result<()> {
        for key in &self.live(space)?.doubts().keys {
            self.set_reliance(space, *key, &BTreeMap::new())?;
        }
        Ok(())
    }

    /// Works out from all that is here how far other members relied on a key before they learned that it was taken back
    /// or had forked. Gives whether that differs from what was known.
    pub(crate) fn taint(&mut self, space: SpaceId, key: KeyId) -> Result<bool> {
        let live = self.live(space)?;
        let own: Vec<_> = live.lines_of(key).map(|line| (line.row.no, line.row.seat)).collect();
        let mut relied = BTreeMap::new();
        // Nobody relies on its own, so a seat's lines tell nothing of keys that are all its own.
        let seats: BTreeSet<_> = own.iter().map(|(_, seat)| *seat).collect();
        let is_own = |line: &&LineEnd| seats.len() == 1 && seats.contains(&line.row.seat);
        let others = live.lines.values().filter(|line| !seats.is_empty() && !is_own(line));
        for line in others {
            // Learning is for ever, so the entries of a line that had not learned are a prefix: bisect for its end.
            let (mut low, mut high, mut last) = (line.row.start_seq, line.row.head_seq + 1, None);
            while low < high {
                let middle = low + (high - low) / 2;
                let Some(row) = self.store.entry_at(line.row.no, middle)? else { break };
                if self.had_learned(live, key, &row.position)? {
                    high = middle;
                } else {
                    low = middle + 1;
                    last = Some((row.id, row.position));
                }
            }
            let Some((id, position)) = last else { continue };
            if !self.is_voice(live, line, &position, id)? {
                continue;
            }
            for (no, _) in own.iter().filter(|(_, seat)| *seat != line.row.seat) {
                let reach: &mut u64 = relied.entry(*no).or_default();
                *reach = (*reach).max(position.past.reach(*no));
            }
        }
        self.set_reliance(space, key, &relied)
    }

    fn set_reliance(&mut self, space: SpaceId, key: KeyId, relied: &BTreeMap<Line, u64>) -> Result<bool> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let mut differs = false;
        for line in live.lines.values_mut().filter(|line| line.row.key == key) {
            let reach = relied.get(&line.row.no).copied().unwrap_or(0);
            if line.row.relied != reach {
                differs = true;
                line.row.relied = reach;
                self.store.set_line(&line.row)?;
            }
        }
        Ok(differs)
    }

    /// The objects into which anything is folded that a key signed at `from` or later.
    pub(crate) fn touched_by(&self, space: SpaceId, key: KeyId, from: u64) -> Result<BTreeSet<ObjectId>> {
        let mut touched = BTreeSet::new();
        for line in self.live(space)?.lines_of(key).filter(|line| line.row.head_seq >= from) {
            touched.extend(self.store.objects_touched(line.row.no, from, line.row.head_seq + 1)?);
        }
        Ok(touched)
    }
}

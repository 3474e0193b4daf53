//! From entries to what is true: one step when an entry is its object's last, the whole fold of one object when
//! something late, a revocation or a fork changes what came before.

use std::collections::{BTreeMap, BTreeSet};

use agreement::space::Key;
use agreement::{Authorship, By, Change, Ending, Operation, Record, Refusal, Space, Standing, decide, sight};
use oplog::{EntryId, KeyId, ObjectId, PartyId, SpaceId, Unverified, from_bytes, to_bytes};
use store::StoreError;
use store::contents::ContentState;
use store::entries::EntryRow;
use store::objects::ObjectRow;

use crate::live::{Held, Live, Sight};
use crate::{Node, NodeError, Result};

/// A stored entry with its author.
pub(crate) struct Authored<'a> {
    pub(crate) id: EntryId,
    pub(crate) key: KeyId,
    pub(crate) seat: PartyId,
    pub(crate) row: &'a EntryRow,
}

/// Revocations by key, as the record knows them.
type Cuts = BTreeMap<KeyId, BTreeMap<EntryId, Option<u64>>>;

fn cuts_of(space: Option<&Space>) -> Cuts {
    let keys = space.into_iter().flat_map(|space| &space.keys);
    keys.filter(|(_, key)| !key.revoked.is_empty()).map(|(id, key)| (*id, key.revoked.clone())).collect()
}

/// A record after one more change.
#[expect(clippy::unnecessary_wraps, reason = "it is the step of a fold that begins with no record")]
fn absorbed(record: Option<Record>, change: Change) -> Option<Record> {
    Some(Record::absorb(record, change))
}

/// What an object of the log looked at: its own operation, or a withdrawal that it was the first to see.
enum Step {
    Operation(Box<Operation>),
    Sighting(EntryId),
}

impl Node {
    /// How much an author's entry counts, by `space` as it is known and by `cuts`.
    fn standing(
        &self,
        live: &Live,
        space: Option<&Space>,
        cuts: &Cuts,
        author: &Authored<'_>,
        sight: &Sight<'_>,
    ) -> Result<Standing> {
        let Some(space) = space else { return Ok(Standing::Void("the space was never founded")) };
        let seq = author.row.position.seq;
        let line = live.lines.get(&author.row.position.line);
        let waits = space.keys.get(&author.key).is_some_and(|key| key.needs_notice);
        Ok(space.standing(&Authorship {
            entry: author.id,
            key: author.key,
            seat: author.seat,
            seq,
            noticed: waits && self.noticed(live, space, author)?,
            cut: cuts
                .get(&author.key)
                .is_some_and(|cuts| cuts.values().any(|cut| cut.is_none_or(|last| seq > last))),
            forked: live.forked_at(author.key).is_some_and(|forked_at| seq >= forked_at),
            relied: line.is_some_and(|line| line.row.relied > seq),
            sees: &|id| sight.sees(id),
        }))
    }

    /// What a step changes in `record`. `space` is the space's record as far as it is folded.
    fn judge(
        &self,
        id: SpaceId,
        (record, space, cuts): (Option<&Record>, Option<&Space>, &Cuts),
        step: &Step,
        author: &Authored<'_>,
    ) -> Result<std::result::Result<Vec<Change>, Refusal>> {
        let live = self.live(id)?;
        let view = Sight::new(live, &self.store, &author.row.position, author.id);
        let sees = |id| view.sees(id);
        let by = By {
            entry: author.id,
            party: author.seat,
            key: author.key,
            standing: self.standing(live, space, cuts, author, &view)?,
            content: author.row.content,
            sees: &sees,
        };
        let judged = match step {
            Step::Operation(operation) => decide(record, operation, &by),
            Step::Sighting(lapse) => Ok(sight(record, *lapse, &by)),
        };
        view.finish()?;
        Ok(judged)
    }

    /// Judges an operation that is not in the log: what it would change if it were signed now, by `record` as
    /// [`Node::foreseen`] gives it.
    pub(crate) fn foresee(
        &self,
        space: SpaceId,
        record: Option<&Record>,
        operation: &Operation,
        author: &Authored<'_>,
    ) -> Result<std::result::Result<Vec<Change>, Refusal>> {
        let own = self.live(space)?.space();
        let cuts = cuts_of(own);
        self.judge(space, (record, own, &cuts), &Step::Operation(Box::new(operation.clone())), author)
    }

    /// The record of an object as the next entry of a chain would find it. That entry may be the first of its chain to
    /// see a withdrawal, and to have seen one is a vote before any that it casts itself.
    pub(crate) fn foreseen(
        &self,
        space: SpaceId,
        object: ObjectId,
        record: Option<Record>,
        author: &Authored<'_>,
    ) -> Result<Option<Record>> {
        let live = self.live(space)?;
        let position = &author.row.position;
        let before = live.lines.get(&position.line).map(|line| &line.head.past);
        let own = live.space();
        let cuts = cuts_of(own);
        let mut record = record;
        for (lapse, about) in live.first_sights(&position.past, before) {
            if about == object {
                let step = Step::Sighting(lapse);
                let changes = self.judge(space, (record.as_ref(), own, &cuts), &step, author)?;
                record = changes.unwrap_or_default().into_iter().fold(record, absorbed);
            }
        }
        Ok(record)
    }

    /// Folds an operation into its object and gives the refusal, if the rules refuse it.
    pub(crate) fn fold_in(
        &mut self,
        space: SpaceId,
        object: ObjectId,
        operation: &Operation,
        author: &Authored<'_>,
    ) -> Result<Option<String>> {
        let step = Step::Operation(Box::new(operation.clone()));
        match self.step(space, object, &step, author)? {
            Some(refusal) => {
                if let Some(refusal) = &refusal {
                    self.store.set_refusal(author.id, Some(refusal))?;
                }
                Ok(refusal)
            }
            None => Ok(self.store.entry(author.id)?.and_then(|row| row.refusal)),
        }
    }

    /// Folds sightings of one entry into an object, in the order of what was seen, as they are folded again. When they
    /// come late, the object is folded again once for all.
    pub(crate) fn fold_sightings(
        &mut self,
        space: SpaceId,
        object: ObjectId,
        mut lapses: Vec<EntryId>,
        author: &Authored<'_>,
    ) -> Result<()> {
        lapses.sort_unstable();
        for lapse in lapses {
            if self.step(space, object, &Step::Sighting(lapse), author)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Takes one step in order, or folds the object again when the step is not its last. Gives the refusal of a step
    /// in order.
    fn step(
        &mut self,
        space: SpaceId,
        object: ObjectId,
        step: &Step,
        author: &Authored<'_>,
    ) -> Result<Option<Option<String>>> {
        let place = (author.row.position.depth, author.id);
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let (no, last) = (live.no, live.hold(&self.store, object)?.last);
        // Whoever has not seen an object founded may speak of it before it is here.
        let founds = last.is_none() && object == ObjectId::from(author.id);
        let is_late =
            last.is_some_and(|last| last > place) || (founds && self.store.is_awaited(no, object)?);
        // Where something is doubtful, or becomes so, the space's record is whatever its rounds come to, not one step more.
        let revokes =
            matches!(step, Step::Operation(operation) if matches!(**operation, Operation::Revoke(_)));
        let doubtful = object == ObjectId::from(space) && (revokes || !self.tainted(space)?.is_empty());
        if is_late || doubtful {
            self.fold_again(space, [object].into())?;
            return Ok(None);
        }
        let live = self.live(space)?;
        let record = live.objects.get(&object).and_then(|held| held.record.as_ref());
        let own = live.space();
        let cuts = cuts_of(own);
        let changes = match self.judge(space, (record, own, &cuts), step, author)? {
            Ok(changes) => changes,
            Err(refusal) => {
                self.live_mut(space)?.objects.entry(object).or_default().reach(place);
                return Ok(Some(Some(refusal.to_string())));
            }
        };
        self.forget_erased(&changes)?;
        let held = self.live_mut(space)?.objects.entry(object).or_default();
        if changes.iter().any(|change| matches!(change, Change::Erased(_))) {
            held.listed = None;
        }
        if !changes.is_empty() {
            held.record = changes.into_iter().fold(held.record.take(), absorbed);
            held.changed = true;
        }
        held.reach(place);
        Ok(Some(None))
    }

    /// The bytes of contents that a signed entry erased are forgotten, once every entry that names them was erased: who
    /// names the words of another does not decide over them.
    fn forget_erased(&self, changes: &[Change]) -> Result<()> {
        const NAMING_MAX: usize = 64;
        for change in changes {
            let Change::Erased(entry) = change else { continue };
            let Some(content) = self.store.entry(*entry)?.and_then(|row| row.content) else { continue };
            let naming = self.store.entries_naming(content, NAMING_MAX + 1)?;
            let mut others = naming.iter().filter(|(_, other, _)| other != entry);
            let mut kept = naming.len() > NAMING_MAX;
            while let (false, Some((no, other, object))) = (kept, others.next()) {
                kept = !self.was_erased(*no, *other, *object)?;
            }
            if !kept {
                self.store.set_content_state(content, ContentState::Erased)?;
            }
        }
        Ok(())
    }

    /// Whether the content of an entry was erased, by the record of its object.
    fn was_erased(&self, no: i64, entry: EntryId, object: Option<ObjectId>) -> Result<bool> {
        let Some(object) = object else { return Ok(false) };
        let live = self.spaces.values().find(|live| live.no == no);
        if let Some(held) = live.and_then(|live| live.objects.get(&object)) {
            return Ok(held.record.as_ref().is_some_and(|record| record.has_erased(entry)));
        }
        let Some(row) = self.store.object(no, object)? else { return Ok(false) };
        let record: Record = from_bytes(&row.state).map_err(|_| StoreError::Damaged("an object's state"))?;
        Ok(record.has_erased(entry))
    }

    /// Folds objects again from their entries, and whatever a change of the space's own record touches besides.
    pub(crate) fn fold_again(&mut self, space: SpaceId, objects: BTreeSet<ObjectId>) -> Result<()> {
        let own = ObjectId::from(space);
        let mut objects = objects;
        if objects.remove(&own) {
            let before = (self.live(space)?.space().cloned(), self.doubts(space)?);
            self.fold_space_again(space)?;
            let mut keys = self.keys_changed(space, before.0.as_ref())?;
            let doubts = self.doubts(space)?;
            let differs = |key: &&KeyId| before.1.get(key) != doubts.get(key);
            keys.extend(before.1.keys().chain(doubts.keys()).filter(differs));
            for key in keys {
                objects.extend(self.touched_by(space, key)?);
            }
            objects.remove(&own);
        }
        let cuts = cuts_of(self.live(space)?.space());
        for object in objects {
            let record = self.fold_whole(space, object, &cuts)?;
            self.replace(space, object, record)?;
        }
        Ok(())
    }

    /// The keys whose say has changed, so that what they signed must be looked at again.
    fn keys_changed(&self, space: SpaceId, before: Option<&Space>) -> Result<Vec<KeyId>> {
        let Some(now) = self.live(space)?.space() else { return Ok(Vec::new()) };
        let Some(before) = before else { return Ok(now.keys.keys().copied().collect()) };
        let ids: BTreeSet<_> = now.keys.keys().chain(before.keys.keys()).copied().collect();
        let mut changed: Vec<_> =
            ids.into_iter().filter(|key| before.keys.get(key) != now.keys.get(key)).collect();
        // What an entry sees won depends on single votes, also in a ballot that is won before and after.
        let revoted = |ballot: &ObjectId| before.ballots.get(ballot) != now.ballots.get(ballot);
        let ballots = before.ballots.keys().chain(now.ballots.keys());
        let revoted: BTreeSet<_> = ballots.filter(|ballot| revoted(ballot)).copied().collect();
        // Notice is by a voice, so it may come or go with any other key.
        let any = !changed.is_empty() || !revoted.is_empty();
        let concerned = |key: &Key| {
            let ends = |ending: &Ending| matches!(ending, Ending::Ballot(ballot) if revoted.contains(ballot));
            (any && key.needs_notice)
                || (key.by_ballot && revoted.contains(&key.introduced.into()))
                || key.ended.iter().any(ends)
        };
        changed.extend(now.keys.iter().filter(|(_, key)| concerned(key)).map(|(id, _)| *id));
        Ok(changed)
    }

    /// Folds the space's own record, at first as if nothing were taken back and nobody had relied on anything, until
    /// revocations and reliance agree with the standing that they give.
    fn fold_space_again(&mut self, space: SpaceId) -> Result<()> {
        const ROUNDS_MAX: usize = 8;
        let own = ObjectId::from(space);
        self.forget_reliance(space)?;
        let mut cuts = Cuts::new();
        for _ in 0..ROUNDS_MAX {
            self.live(space)?.noticed.borrow_mut().clear();
            let mut held = self.fold_whole(space, own, &cuts)?;
            let live = self.live(space)?;
            if let Some(Record::Space(record)) = &mut held.record {
                for (id, key) in &mut record.keys {
                    key.forked_at = live.forked_at(*id);
                }
            }
            self.replace(space, own, held)?;
            let found = cuts_of(self.live(space)?.space());
            let mut settled = found == cuts;
            cuts = found;
            for key in self.tainted(space)? {
                settled &= !self.taint(space, key)?;
            }
            if settled {
                break;
            }
        }
        Ok(())
    }

    /// Folds one object from nothing, and corrects the refusals of its entries.
    fn fold_whole(&mut self, space: SpaceId, object: ObjectId, cuts: &Cuts) -> Result<Held> {
        let mut held = Held { changed: true, ..Held::default() };
        let is_space = object == ObjectId::from(space);
        for (row, steps) in self.history(space, object)? {
            let header = Unverified::decode(&row.raw)?.header().clone();
            let live = self.live(space)?;
            let seat = live
                .lines
                .get(&row.position.line)
                .map(|line| line.row.seat)
                .ok_or(NodeError::NoSuch("line"))?;
            let author = Authored { id: row.id, key: header.key, seat, row: &row };
            for step in steps {
                let own = match &held.record {
                    Some(Record::Space(folded)) if is_space => Some(folded),
                    _ if is_space => None,
                    _ => self.live(space)?.space(),
                };
                let judged = self.judge(space, (held.record.as_ref(), own, cuts), &step, &author)?;
                if matches!(step, Step::Operation(_)) {
                    let refusal = judged.as_ref().err().map(ToString::to_string);
                    if refusal != row.refusal {
                        self.store.set_refusal(row.id, refusal.as_deref())?;
                    }
                }
                let changes = judged.unwrap_or_default();
                self.forget_erased(&changes)?;
                held.record = changes.into_iter().fold(held.record.take(), absorbed);
                held.reach((row.position.depth, row.id));
            }
        }
        Ok(held)
    }

    /// All steps of an object in fold order: an entry's sightings before its operation.
    fn history(&self, space: SpaceId, object: ObjectId) -> Result<Vec<(EntryRow, Vec<Step>)>> {
        let no = self.live(space)?.no;
        let mut history: BTreeMap<(u64, EntryId), (EntryRow, Vec<Step>)> = BTreeMap::new();
        for (depth, id, lapse) in self.store.sightings_of(no, object)? {
            if let Some((_, steps)) = history.get_mut(&(depth, id)) {
                steps.push(Step::Sighting(lapse));
            } else {
                let row = self.store.entry(id)?.ok_or(NodeError::NoSuch("entry"))?;
                history.insert((depth, id), (row, vec![Step::Sighting(lapse)]));
            }
        }
        for row in self.store.entries_of(no, object)? {
            let header = Unverified::decode(&row.raw)?.header().clone();
            let Ok(operation) = Operation::read(header.kind, &header.effect) else { continue };
            let place = (row.position.depth, row.id);
            let (_, steps) = history.entry(place).or_insert_with(|| (row, Vec::new()));
            steps.push(Step::Operation(Box::new(operation)));
        }
        Ok(history.into_values().collect())
    }

    fn replace(&mut self, space: SpaceId, object: ObjectId, held: Held) -> Result<()> {
        self.live_mut(space)?.objects.insert(object, held);
        Ok(())
    }

    /// Writes one changed object and its list rows.
    pub(crate) fn keep(&mut self, space: SpaceId, object: ObjectId) -> Result<()> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let Some(mut held) = live.objects.remove(&object) else { return Ok(()) };
        held.changed = false;
        let no = live.no;
        if let (Some(record), Some(last)) = (&held.record, held.last) {
            let state = to_bytes(record);
            let leaf = live.digest_of(object, &state);
            self.store.set_object(no, &ObjectRow { id: object, last, leaf, state })?;
            self.list(no, object, &mut held)?;
        } else {
            live.digests.remove(object);
            held.listed = None;
            self.store.drop_object(no, object)?;
            self.store.drop_commitment(no, object)?;
        }
        self.live_mut(space)?.objects.insert(object, held);
        Ok(())
    }

    /// Drops everything that follows from entries and folds all of it again. The digest must come out equal.
    ///
    /// # Errors
    /// The database refuses, or a stored entry is damaged.
    pub fn rebuild(&mut self, space: SpaceId) -> Result<oplog::Digest> {
        self.transact(|node| {
            let no = node.live(space)?.no;
            let objects: BTreeSet<_> = node.store.objects_named(no)?.into_iter().collect();
            node.store.drop_derived(no)?;
            let live = node.live_mut(space)?;
            live.objects.clear();
            live.digests = oplog::Digests::default();
            node.fold_again(space, objects)?;
            node.settle(space)?;
            Ok(node.live_mut(space)?.digests.root())
        })
    }
}

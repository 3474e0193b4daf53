//! From entries to what is true: one step when an entry is its object's last, the whole fold of one object when
//! something late, a revocation or a fork changes what came before.

use std::collections::{BTreeMap, BTreeSet};

use agreement::space::Key;
use agreement::{Authorship, By, Change, Ending, Operation, Record, Refusal, Space, Standing, decide, sight};
use oplog::digest::leaf;
use oplog::{EntryId, Header, KeyId, ObjectId, PartyId, SpaceId, to_bytes};
use store::entries::EntryRow;
use store::objects::{ObjectNo, RecordRow};

use crate::live::{Cuts, Live, Sight, cuts_of};
use crate::{Node, NodeError, Result};

/// A stored entry with its author.
pub(crate) struct Authored<'a> {
    pub(crate) id: EntryId,
    pub(crate) key: KeyId,
    pub(crate) seat: PartyId,
    pub(crate) row: &'a EntryRow,
}

/// A record after one more change.
#[expect(clippy::unnecessary_wraps, reason = "it is the step of a fold that begins with no record")]
fn absorbed(record: Option<Record>, change: Change) -> Option<Record> {
    Some(Record::absorb(record, change))
}

fn erased(change: &Change) -> Option<EntryId> {
    if let Change::Erased(entry) = change { Some(*entry) } else { None }
}

/// What folding an object from its first step gives.
#[derive(Default)]
struct Folded {
    record: Option<Record>,
    last: Option<(u64, EntryId)>,
    last_n: i64,
}

/// What an object of the log looked at: its own operation, or a withdrawal that it was the first to see.
enum Step {
    Operation(Box<Operation>),
    Sighting(EntryId),
}

impl Node {
    /// How much an author's entry counts, by `space` as it is known and by `cuts`; without `cuts` as if no key had ever
    /// been taken back or forked.
    fn standing(
        &self,
        live: &Live,
        space: Option<&Space>,
        cuts: Option<&Cuts>,
        author: &Authored<'_>,
        sight: &Sight<'_>,
    ) -> Result<Standing> {
        let Some(space) = space else { return Ok(Standing::Void("the space was never founded")) };
        let seq = author.row.position.seq;
        let line = author.row.position.line;
        let end = live.lines.get(&line);
        let waits = space.keys.get(&author.key).is_some_and(|key| key.needs_notice);
        let admitted = live.admitted.borrow().get(&line).is_some_and(|from| *from <= seq);
        let standing = space.standing(&Authorship {
            entry: author.id,
            key: author.key,
            seat: author.seat,
            seq,
            admitted,
            noticed: waits && self.noticed(live, space, author)?,
            cut: cuts
                .and_then(|cuts| cuts.get(&author.key))
                .is_some_and(|cuts| cuts.values().any(|cut| cut.is_none_or(|last| seq > last))),
            forked: cuts.is_some() && live.forked_at(author.key).is_some_and(|forked_at| seq >= forked_at),
            relied: end.is_some_and(|end| end.row.relied > seq),
            sees: &|id| sight.sees(id),
        });
        // A later entry of a line has seen all that an earlier one has, and what has arrived is not lost again.
        if !admitted
            && end.is_some_and(|end| seq <= end.row.head_seq)
            && !matches!(standing, Standing::Void(_))
        {
            live.admitted.borrow_mut().insert(line, seq);
        }
        Ok(standing)
    }

    /// What a step changes in `record`. `space` is the space's record as far as it is folded.
    fn judge(
        &self,
        id: SpaceId,
        (record, space, cuts): (Option<&Record>, Option<&Space>, Option<&Cuts>),
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
        let live = self.live(space)?;
        self.judge(
            space,
            (record, live.space(), Some(&live.doubts().cuts)),
            &Step::Operation(Box::new(operation.clone())),
            author,
        )
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
        let (own, doubts) = (live.space(), live.doubts());
        let mut record = record;
        for (lapse, about) in live.first_sights(&position.past, before) {
            if about == object {
                let step = Step::Sighting(lapse);
                let changes = self.judge(space, (record.as_ref(), own, Some(&doubts.cuts)), &step, author)?;
                record = changes.unwrap_or_default().into_iter().fold(record, absorbed);
            }
        }
        Ok(record)
    }

    /// Folds an operation into its object and gives the refusal, if the rules refuse it and that is known already.
    pub(crate) fn fold_in(
        &mut self,
        space: SpaceId,
        object: ObjectId,
        operation: Operation,
        author: &Authored<'_>,
    ) -> Result<Option<String>> {
        let refusal = self.step(space, object, &Step::Operation(Box::new(operation)), author)?;
        if let Some(refusal) = &refusal {
            self.store.set_refusal(author.row.n, Some(refusal))?;
        }
        Ok(refusal)
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
            self.step(space, object, &Step::Sighting(lapse), author)?;
        }
        Ok(())
    }

    /// Takes one step in order, or has the object folded again when the step is not its last. Gives the refusal of a
    /// step in order.
    fn step(
        &mut self,
        space: SpaceId,
        object: ObjectId,
        step: &Step,
        author: &Authored<'_>,
    ) -> Result<Option<String>> {
        let place = (author.row.position.depth, author.id);
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let held = live.hold(&self.store, object)?;
        // Whoever has not seen an object founded may speak of it before it is here.
        let founds = held.last.is_none() && object == ObjectId::from(author.id);
        let awaited = founds && held.numbered_for != Some(author.id);
        let is_late = awaited || held.last.is_some_and(|last| last > place);
        // Where something is doubtful, or becomes so, the space's record is whatever its rounds come to, not one step more.
        let revokes =
            matches!(step, Step::Operation(operation) if matches!(**operation, Operation::Revoke(_)));
        let doubtful = object == ObjectId::from(space) && (revokes || !live.doubts().keys.is_empty());
        if is_late || doubtful {
            self.fold_again(space, [object].into())?;
            return Ok(None);
        }
        let live = self.live(space)?;
        if live.again.contains(&object) {
            return Ok(None);
        }
        let record = live.objects.get(&object).and_then(|held| held.record.as_ref());
        let judged = self.judge(space, (record, live.space(), Some(&live.doubts().cuts)), step, author)?;
        let (changes, refusal) = match judged {
            Ok(changes) => (changes, None),
            Err(refusal) => (Vec::new(), Some(refusal.to_string())),
        };
        self.erasures.extend(changes.iter().filter_map(erased));
        let live = self.live_mut(space)?;
        let held = live.objects.entry(object).or_default();
        let changed = !changes.is_empty();
        held.record = changes.into_iter().fold(held.record.take(), absorbed);
        held.reach(author.row);
        if held.record.is_some() {
            live.changed.insert(object);
        }
        if changed && object == ObjectId::from(space) {
            live.forget_doubts();
        }
        Ok(refusal)
    }

    /// Has objects folded again from their first step, once for all that this transaction brings.
    pub(crate) fn fold_again(&mut self, space: SpaceId, objects: BTreeSet<ObjectId>) -> Result<()> {
        self.live_mut(space)?.again.extend(objects);
        Ok(())
    }

    /// Folds again what must be: first the space's own record, by which the others are judged, then those that were to be
    /// folded anyway or that the change of it touches. What was judged since it was to be folded was judged by the record
    /// as it was, like all before, so what that gets wrong is among what is touched.
    pub(crate) fn fold_pending(&mut self, space: SpaceId) -> Result<()> {
        let own = ObjectId::from(space);
        if self.live_mut(space)?.again.remove(&own) {
            let touched = self.refold_space(space)?;
            let live = self.live_mut(space)?;
            live.again.extend(touched);
            live.again.remove(&own);
        }
        for object in std::mem::take(&mut self.live_mut(space)?.again) {
            self.refold(space, object)?;
        }
        Ok(())
    }

    /// Folds the space's own record again, and gives the objects of which entries may count otherwise now.
    fn refold_space(&mut self, space: SpaceId) -> Result<BTreeSet<ObjectId>> {
        let before = (self.live(space)?.space().cloned(), self.reliance(space)?);
        self.fold_space_again(space)?;
        let after = self.reliance(space)?;
        let differs = |key: &&KeyId| before.1.get(key) != after.get(key);
        let doubtful = before.1.keys().chain(after.keys()).filter(differs).map(|key| (*key, false));
        let mut keys: BTreeMap<_, _> = doubtful.collect();
        for (key, whole) in self.keys_changed(space, before.0.as_ref())? {
            *keys.entry(key).or_default() |= whole;
        }
        let mut touched = BTreeSet::new();
        for (key, whole) in keys {
            let from = if whole { 0 } else { self.doubtful_from(space, key, before.0.as_ref())? };
            touched.extend(self.touched_by(space, key, from)?);
        }
        Ok(touched)
    }

    /// The first place of a key from which on its entries may count otherwise now that it was taken back or forked, or
    /// no longer is.
    fn doubtful_from(&self, space: SpaceId, key: KeyId, before: Option<&Space>) -> Result<u64> {
        let live = self.live(space)?;
        let cuts = [before, live.space()].into_iter().flatten().filter_map(|space| space.keys.get(&key));
        let cuts = cuts.flat_map(|key| key.revoked.values()).map(|cut| cut.map_or(0, |last| last + 1));
        // More entries only ever move the place where a key forked back.
        Ok(cuts.chain(live.forked_at(key)).min().unwrap_or(u64::MAX))
    }

    /// The keys whose say has changed, and whether it has for all that they signed: revocations and forks leave alone
    /// what was signed before them.
    fn keys_changed(&self, space: SpaceId, before: Option<&Space>) -> Result<Vec<(KeyId, bool)>> {
        let Some(now) = self.live(space)?.space() else { return Ok(Vec::new()) };
        let Some(before) = before else { return Ok(now.keys.keys().map(|key| (*key, true)).collect()) };
        let ids: BTreeSet<_> = now.keys.keys().chain(before.keys.keys()).copied().collect();
        let undoubted = |key: Option<&Key>| {
            key.map(|key| Key { revoked: BTreeMap::new(), forked_at: None, ..key.clone() })
        };
        let changed = |key: KeyId| {
            let (old, new) = (before.keys.get(&key), now.keys.get(&key));
            (old != new).then(|| (key, undoubted(old) != undoubted(new)))
        };
        let mut changed: Vec<_> = ids.into_iter().filter_map(changed).collect();
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
        changed.extend(now.keys.iter().filter(|(_, key)| concerned(key)).map(|(id, _)| (*id, true)));
        Ok(changed)
    }

    /// Folds the space's own record, at first as if no key had been taken back or forked, until revocations and reliance
    /// agree with the standing that they give. To begin with, every voice is heard: a party relies by its own entries on
    /// what let it in, and would never be heard if that had to count without them.
    fn fold_space_again(&mut self, space: SpaceId) -> Result<()> {
        const ROUNDS_MAX: usize = 8;
        let own = ObjectId::from(space);
        self.forget_reliance(space)?;
        let mut cuts = None;
        for _ in 0..ROUNDS_MAX {
            let live = self.live(space)?;
            live.noticed.borrow_mut().clear();
            live.admitted.borrow_mut().clear();
            let mut folded = self.fold_whole(space, own, cuts.as_ref())?;
            let live = self.live_mut(space)?;
            if let Some(Record::Space(record)) = &mut folded.record {
                for (id, key) in &mut record.keys {
                    key.forked_at = live.forked_at(*id);
                }
            }
            let held = live.objects.entry(own).or_default();
            (held.record, held.last, held.last_n) = (folded.record, folded.last, folded.last_n);
            live.changed.insert(own);
            live.forget_doubts();
            let found = Some(cuts_of(live.space()));
            // The first round let everything count: what doubts take away, only another one tells.
            let mut settled = if cuts.is_none() { live.doubts().keys.is_empty() } else { found == cuts };
            cuts = found;
            for key in &self.live(space)?.doubts().keys {
                settled &= !self.taint(space, *key)?;
            }
            if settled {
                break;
            }
        }
        Ok(())
    }

    /// Folds an object other than the space again from its first step.
    fn refold(&mut self, space: SpaceId, object: ObjectId) -> Result<()> {
        let doubts = self.live(space)?.doubts();
        let folded = self.fold_whole(space, object, Some(&doubts.cuts))?;
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let held = live.hold(&self.store, object)?;
        if (&held.record, held.last) == (&folded.record, folded.last) {
            return Ok(());
        }
        let erased_in = |record: &Option<Record>| record.as_ref().map(|record| record.erased(object));
        let (before, after) = (erased_in(&held.record), erased_in(&folded.record));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        self.erasures.extend(before.symmetric_difference(&after));
        (held.record, held.last, held.last_n) = (folded.record, folded.last, folded.last_n);
        live.changed.insert(object);
        Ok(())
    }

    /// Folds one object from nothing, and corrects the refusals of its entries.
    fn fold_whole(&mut self, space: SpaceId, object: ObjectId, cuts: Option<&Cuts>) -> Result<Folded> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let no = live.hold(&self.store, object)?.no;
        let mut folded = Folded::default();
        let is_space = object == ObjectId::from(space);
        for (row, steps) in no.map(|no| self.history(no)).transpose()?.unwrap_or_default() {
            let live = self.live(space)?;
            let line = live.lines.get(&row.position.line).ok_or(NodeError::NoSuch("line"))?;
            let author = Authored { id: row.id, key: line.row.key, seat: line.row.seat, row: &row };
            for step in steps {
                let own = match &folded.record {
                    Some(Record::Space(folded)) if is_space => Some(folded),
                    _ if is_space => None,
                    _ => self.live(space)?.space(),
                };
                let judged = self.judge(space, (folded.record.as_ref(), own, cuts), &step, &author)?;
                if matches!(step, Step::Operation(_)) {
                    let refusal = judged.as_ref().err().map(ToString::to_string);
                    if refusal != row.refusal {
                        self.store.set_refusal(row.n, refusal.as_deref())?;
                    }
                }
                let changes = judged.unwrap_or_default();
                folded.record = changes.into_iter().fold(folded.record.take(), absorbed);
                if folded.record.is_some() {
                    (folded.last, folded.last_n) = (Some((row.position.depth, row.id)), row.n);
                }
            }
        }
        Ok(folded)
    }

    /// All steps of an object in fold order: an entry's sightings before its operation.
    fn history(&self, object: ObjectNo) -> Result<Vec<(EntryRow, Vec<Step>)>> {
        let mut history: BTreeMap<(u64, EntryId), (EntryRow, Vec<Step>)> = BTreeMap::new();
        for (id, lapse) in self.store.sightings_of(object)? {
            let row = self.store.entry(id)?.ok_or(NodeError::NoSuch("entry"))?;
            let (_, steps) = history.entry((row.position.depth, id)).or_insert_with(|| (row, Vec::new()));
            steps.push(Step::Sighting(lapse));
        }
        for row in self.store.entries_of(object)? {
            let header = Header::of_stored(&row.raw)?;
            let Ok(operation) = Operation::read(header.kind, &header.effect) else { continue };
            let place = (row.position.depth, row.id);
            let (_, steps) = history.entry(place).or_insert_with(|| (row, Vec::new()));
            steps.push(Step::Operation(Box::new(operation)));
        }
        Ok(history.into_values().collect())
    }

    /// Writes one changed object and its list rows.
    pub(crate) fn keep(&mut self, space: SpaceId, object: ObjectId) -> Result<()> {
        let live = self.live(space)?;
        let Some((held, no)) = live.objects.get(&object).and_then(|held| Some((held, held.no?))) else {
            return Ok(());
        };
        let now = self.list(live, object, held)?;
        let before = held.listed.as_ref().map(|(_, listed)| listed);
        let state = held.record.as_ref().map(to_bytes);
        match &state {
            Some(state) => {
                let row = RecordRow { id: object, last: held.last_n, state };
                self.store.set_record(live.no, no, &row, now.as_ref().map(|(_, listed)| listed), before)?;
                match &held.record {
                    Some(Record::Note(note)) => {
                        self.store.set_beside(no, note.about.into())?;
                        let about =
                            if held.reread { self.store.object_no(live.no, note.about)? } else { None };
                        self.unread_words(no, about, held.reread)?;
                    }
                    Some(Record::Commitment(_)) => self.unread_words(no, None, held.reread)?,
                    Some(Record::Transcript(transcript)) => self.keep_registered(no, transcript)?,
                    Some(Record::Declaration(declaration)) => {
                        self.store.set_declared(no, &self.declared_row(live.no, object, declaration)?)?;
                    }
                    Some(Record::Space(_) | Record::Agreement(_)) | None => {}
                }
            }
            None => self.store.drop_record(no, before)?,
        }
        let live = self.live_mut(space)?;
        match state {
            Some(state) => live.digests.set(object, leaf(object, &state)),
            None => live.digests.remove(object),
        }
        if let Some(held) = live.objects.get_mut(&object) {
            (held.listed, held.reread) = (now, false);
        }
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
            live.forget_doubts();
            live.digests = oplog::Digests::default();
            node.fold_again(space, objects)?;
            node.settle(space)?;
            Ok(node.live_mut(space)?.digests.root())
        })
    }
}

//! What a node keeps in memory of one space: the ends of its lines, its keys, its own record, recent objects.

use std::cell::{Cell, RefCell};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use agreement::{Record, Space};
use oplog::digest::leaf;
use oplog::key::PreparedKey;
use oplog::past::{Line, Past};
use oplog::{Digests, EntryId, KeyId, ObjectId, PartyId, Position, PublicKey, SpaceId, from_bytes};
use store::entries::EntryRow;
use store::lists::Listing;
use store::objects::ObjectNo;
use store::spaces::{LineRow, SpaceRow};
use store::{Store, StoreError};

use crate::Result;
use crate::lists::listing;
use crate::recent::Recent;

/// How many objects are kept in memory between transactions.
const OBJECTS_MAX: usize = 8_192;
/// How many positions of entries, with their pasts, are kept in memory at least.
const POSITIONS_KEPT: usize = 1_024;
/// How many places of entries are kept in memory at least.
const PLACES_KEPT: usize = 16_384;

/// One line with where its head stands.
pub(crate) struct LineEnd {
    pub(crate) row: LineRow,
    pub(crate) head: Arc<Position>,
}

/// An introduction of a key by a stored entry.
pub(crate) struct Intro {
    pub(crate) depth: u64,
    pub(crate) entry: EntryId,
    pub(crate) seat: PartyId,
}

/// A key that some stored entry introduces, whether the rules let it in or not.
pub(crate) struct KnownKey {
    pub(crate) public: PublicKey,
    pub(crate) prepared: PreparedKey,
    pub(crate) intros: Vec<Intro>,
}

/// An object's state in memory.
#[derive(Clone, Default)]
pub(crate) struct Held {
    /// The period in which it was last asked for.
    used: u64,
    /// Its number, once an entry is about it.
    pub(crate) no: Option<ObjectNo>,
    pub(crate) record: Option<Record>,
    pub(crate) last: Option<(u64, EntryId)>,
    /// The number of the entry there.
    pub(crate) last_n: i64,
    /// The entry for which it was numbered, when that was since the object came into memory.
    pub(crate) numbered_for: Option<EntryId>,
    /// What lists show of it, with the entry whose terms these are.
    pub(crate) listed: Option<(EntryId, Listing)>,
    /// Whether its title must be read again: a content of it has arrived or was erased.
    pub(crate) reread: bool,
}

impl Held {
    /// Notes that the fold has come to an entry, whether or not the step there changed anything.
    pub(crate) fn reach(&mut self, row: &EntryRow) {
        if self.record.is_some() {
            (self.last, self.last_n) = (Some((row.position.depth, row.id)), row.n);
        }
    }
}

/// Revocations by key, as the record knows them.
pub(crate) type Cuts = BTreeMap<KeyId, BTreeMap<EntryId, Option<u64>>>;

/// The keys of which not every entry counts.
#[derive(Default)]
pub(crate) struct Doubts {
    /// Revocations.
    pub(crate) cuts: Cuts,
    /// The keys that were taken back or forked.
    pub(crate) keys: BTreeSet<KeyId>,
}

impl Doubts {
    fn of(space: Option<&Space>, lines: &HashMap<KeyId, Vec<Line>>) -> Self {
        let cuts = cuts_of(space);
        let forked = lines.iter().filter(|(_, lines)| lines.len() > 1).map(|(key, _)| *key);
        let keys = cuts.keys().copied().chain(forked).collect();
        Self { cuts, keys }
    }
}

/// The revocations in a space's record.
pub(crate) fn cuts_of(space: Option<&Space>) -> Cuts {
    let keys = space.into_iter().flat_map(|space| &space.keys);
    keys.filter(|(_, key)| !key.revoked.is_empty()).map(|(id, key)| (*id, key.revoked.clone())).collect()
}

/// A space in memory.
pub(crate) struct Live {
    pub(crate) no: i64,
    pub(crate) id: SpaceId,
    pub(crate) name: String,
    pub(crate) own_party: Option<PartyId>,
    pub(crate) founder: PartyId,
    pub(crate) lines: BTreeMap<Line, LineEnd>,
    /// The lines of each key, in the order of their numbers.
    lines_by_key: HashMap<KeyId, Vec<Line>>,
    /// The first place at which a key signed two entries, of those that did.
    forks: HashMap<KeyId, u64>,
    pub(crate) heads: HashMap<EntryId, Line>,
    /// Lines whose heads have moved since they were written.
    moved: BTreeSet<Line>,
    pub(crate) keys: HashMap<KeyId, KnownKey>,
    pub(crate) lapses: BTreeMap<Line, BTreeMap<u64, (EntryId, ObjectId)>>,
    pub(crate) objects: HashMap<ObjectId, Held>,
    /// The number of the period, which ends when objects are forgotten.
    period: u64,
    /// Objects that a transaction has changed.
    pub(crate) changed: BTreeSet<ObjectId>,
    /// Objects whose fold must be taken again from the first step before the transaction ends.
    pub(crate) again: BTreeSet<ObjectId>,
    pub(crate) digests: Digests,
    /// From which place on the entries of a line are known to be noticed.
    pub(crate) noticed: RefCell<HashMap<Line, u64>>,
    /// From which place on the entries of a line are known to have seen their key admitted.
    pub(crate) admitted: RefCell<HashMap<Line, u64>>,
    /// What is doubtful, until the space's record or the lines of a key change.
    doubts: RefCell<Option<Arc<Doubts>>>,
    /// Places of entries that standing is asked about again and again.
    places: RefCell<Recent<EntryId, (Line, u64)>>,
    /// Positions of entries that new ones are likely to name.
    positions: RefCell<Recent<EntryId, Arc<Position>>>,
}

impl Live {
    /// Reads a space from the database.
    pub(crate) fn load(store: &Store, row: &SpaceRow) -> Result<Self> {
        let mut live = Self {
            no: row.no,
            id: row.id,
            name: row.name.clone(),
            own_party: row.own_party,
            founder: row.founder,
            lines: BTreeMap::new(),
            lines_by_key: HashMap::new(),
            forks: HashMap::new(),
            heads: HashMap::new(),
            moved: BTreeSet::new(),
            keys: HashMap::new(),
            lapses: BTreeMap::new(),
            objects: HashMap::new(),
            period: 0,
            changed: BTreeSet::new(),
            again: BTreeSet::new(),
            digests: Digests::default(),
            noticed: RefCell::default(),
            admitted: RefCell::default(),
            doubts: RefCell::default(),
            places: RefCell::new(Recent::new(PLACES_KEPT)),
            positions: RefCell::new(Recent::new(POSITIONS_KEPT)),
        };
        for line in store.lines(row.no)? {
            let head = store.placed(line.head_id)?.ok_or(StoreError::Damaged("a line without its head"))?;
            live.add_line(line, Arc::new(head.position));
        }
        for intro in store.introduced(row.no)? {
            let public = PublicKey::from_wire(&intro.public).ok_or(StoreError::Damaged("a public key"))?;
            live.introduce(public, Intro { depth: intro.depth, entry: intro.entry, seat: intro.seat });
        }
        for (line, seq, id, object) in store.lapses(row.no)? {
            live.lapses.entry(line).or_default().insert(seq, (id, object));
        }
        store.records(row.no, |object, state| live.digests.set(object, leaf(object, state)))?;
        live.hold(store, row.id.into())?;
        Ok(live)
    }

    /// Adds an introduction. A key that is no point of the curve verifies nothing and is left out.
    pub(crate) fn introduce(&mut self, public: PublicKey, intro: Intro) {
        if let Some(prepared) = public.prepare() {
            let known = || KnownKey { public, prepared, intros: Vec::new() };
            let intros = &mut self.keys.entry(public.id()).or_insert_with(known).intros;
            intros.push(intro);
            intros.sort_by_key(|intro| (intro.depth, intro.entry));
        }
    }

    /// Sees that an object's state is in memory.
    pub(crate) fn hold(&mut self, store: &Store, object: ObjectId) -> Result<&mut Held> {
        match self.objects.entry(object) {
            Entry::Occupied(held) => {
                let held = held.into_mut();
                held.used = self.period;
                Ok(held)
            }
            Entry::Vacant(place) => {
                let no = store.object_no(self.no, object)?;
                let mut held = Held { no, used: self.period, ..Held::default() };
                if let Some(row) = no.map(|no| store.record(no)).transpose()?.flatten() {
                    let record =
                        from_bytes(&row.state).map_err(|_| StoreError::Damaged("an object's state"))?;
                    held.listed = listing(self.no, object, &record, row.title.unwrap_or_default());
                    let (n, depth, id) = row.last;
                    (held.record, held.last, held.last_n) = (Some(record), Some((depth, id)), n);
                }
                Ok(place.insert(held))
            }
        }
    }

    /// The space's own record; `None` until its genesis has arrived.
    pub(crate) fn space(&self) -> Option<&Space> {
        match self.objects.get(&ObjectId::from(self.id))?.record.as_ref()? {
            Record::Space(space) => Some(space),
            Record::Commitment(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_)
            | Record::Meeting(_) => None,
        }
    }

    /// The lines of a key.
    pub(crate) fn lines_of(&self, key: KeyId) -> impl Iterator<Item = &LineEnd> {
        let lines = self.lines_by_key.get(&key).map(Vec::as_slice).unwrap_or_default();
        lines.iter().filter_map(|line| self.lines.get(line))
    }

    /// What is doubtful.
    pub(crate) fn doubts(&self) -> Arc<Doubts> {
        let mut doubts = self.doubts.borrow_mut();
        doubts.get_or_insert_with(|| Arc::new(Doubts::of(self.space(), &self.lines_by_key))).clone()
    }

    /// Sees that doubts are worked out again, after the space's record or the lines of a key have changed.
    pub(crate) fn forget_doubts(&self) {
        *self.doubts.borrow_mut() = None;
    }

    /// The first place at which a key signed two entries.
    pub(crate) fn forked_at(&self, key: KeyId) -> Option<u64> {
        self.forks.get(&key).copied()
    }

    /// The withdrawals that an entry with the past `past` is the first of its chain to see, with what they are about;
    /// `before` is the past of the entry before it in its chain.
    pub(crate) fn first_sights(&self, past: &Past, before: Option<&Past>) -> Vec<(EntryId, ObjectId)> {
        let reach = |line| before.map_or(0, |before| before.reach(line));
        self.lapses
            .iter()
            .filter(|(line, _)| past.reach(**line) > reach(**line))
            .flat_map(|(line, lapses)| lapses.range(reach(*line)..past.reach(*line)).map(|(_, lapse)| *lapse))
            .collect()
    }

    /// The number of an object for the entry `by` that is about it, a new one if no entry was before.
    pub(crate) fn number(&mut self, store: &Store, object: ObjectId, by: EntryId) -> Result<ObjectNo> {
        let (space, used) = (self.no, self.period);
        if object == ObjectId::from(by) {
            // It has no record before the entry that founds it.
            let held = self.objects.entry(object).or_default();
            let (no, awaited) = store.add_founded(space, object)?;
            (held.used, held.no, held.numbered_for) = (used, Some(no), (!awaited).then_some(by));
            return Ok(no);
        }
        let held = self.hold(store, object)?;
        match held.no {
            Some(no) => Ok(no),
            None => {
                held.numbered_for = Some(by);
                Ok(*held.no.insert(store.add_awaited(space, object)?))
            }
        }
    }

    /// Whether an entry is stored, told by its place in the chain of its key: a new one is beyond all that are here.
    pub(crate) fn holds(&self, store: &Store, id: EntryId, key: KeyId, seq: u64) -> Result<bool> {
        // Unless its key forks on and on: then it is looked for by its id, not on every branch.
        if self.lines_of(key).nth(1).is_some() {
            return Ok(self.heads.contains_key(&id) || self.place(store, id)?.is_some());
        }
        for line in self.lines_of(key) {
            if (line.row.start_seq..=line.row.head_seq).contains(&seq)
                && store.id_at(line.row.no, seq)? == Some(id)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where a stored entry stands.
    pub(crate) fn position(&self, store: &Store, id: EntryId) -> Result<Option<Arc<Position>>> {
        if let Some(end) = self.heads.get(&id).and_then(|line| self.lines.get(line)) {
            return Ok(Some(end.head.clone()));
        }
        if let Some(position) = self.positions.borrow_mut().get(&id) {
            return Ok(Some(position));
        }
        let Some(placed) = store.placed(id)?.filter(|placed| placed.space == self.no) else {
            return Ok(None);
        };
        let position = Arc::new(placed.position);
        self.positions.borrow_mut().put(id, position.clone());
        Ok(Some(position))
    }

    /// The place of a stored entry.
    pub(crate) fn place(&self, store: &Store, id: EntryId) -> Result<Option<(Line, u64)>> {
        if let Some(place) = self.places.borrow_mut().get(&id) {
            return Ok(Some(place));
        }
        // Whoever knows the id of another space's entry learns nothing more of it here.
        let place = store.place(id)?.filter(|(line, _)| self.lines.contains_key(line));
        if let Some(place) = place {
            self.places.borrow_mut().put(id, place);
        }
        Ok(place)
    }

    /// Moves the end of a line to an entry that was just stored.
    pub(crate) fn move_head(&mut self, id: EntryId, position: &Arc<Position>) -> bool {
        self.places.borrow_mut().put(id, (position.line, position.seq));
        let Some(end) = self.lines.get_mut(&position.line) else { return false };
        self.heads.remove(&end.row.head_id);
        self.positions.borrow_mut().put(end.row.head_id, end.head.clone());
        (end.row.head_seq, end.row.head_id) = (position.seq, id);
        end.head = position.clone();
        self.heads.insert(id, position.line);
        self.moved.insert(position.line);
        true
    }

    /// Writes the ends of the lines that have moved.
    pub(crate) fn write_heads(&mut self, store: &Store) -> Result<()> {
        for line in std::mem::take(&mut self.moved) {
            if let Some(end) = self.lines.get(&line) {
                store.set_line(&end.row)?;
            }
        }
        Ok(())
    }

    /// Adds a line with its first entry.
    pub(crate) fn add_line(&mut self, row: LineRow, head: Arc<Position>) {
        self.forget_doubts();
        self.heads.insert(row.head_id, row.no);
        let lines = self.lines_by_key.entry(row.key).or_default();
        // Of the lines of a key all but the one that arrived first are branches and begin where they part from it.
        if !lines.is_empty() {
            let first = self.forks.entry(row.key).or_insert(row.start_seq);
            *first = row.start_seq.min(*first);
        }
        lines.push(row.no);
        self.lines.insert(row.no, LineEnd { row, head });
    }

    /// When objects are many, forgets those that nobody asked for since it last did; the space's own record stays. Only
    /// between transactions: what is changed must be kept first.
    pub(crate) fn trim(&mut self) {
        if self.objects.len() > OBJECTS_MAX {
            let own = ObjectId::from(self.id);
            self.objects.retain(|object, held| *object == own || held.used == self.period);
            self.period += 1;
        }
    }
}

/// Answers "is this entry in that past?" for the rules, and remembers if the database failed meanwhile.
pub(crate) struct Sight<'a> {
    pub(crate) live: &'a Live,
    pub(crate) store: &'a Store,
    pub(crate) position: &'a Position,
    pub(crate) own: EntryId,
    failed: Cell<Option<crate::NodeError>>,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(live: &'a Live, store: &'a Store, position: &'a Position, own: EntryId) -> Self {
        Self { live, store, position, own, failed: Cell::new(None) }
    }

    pub(crate) fn sees(&self, id: EntryId) -> bool {
        if id == self.own {
            return true;
        }
        match self.live.place(self.store, id) {
            Ok(place) => place.is_some_and(|(line, seq)| self.position.past.sees(line, seq)),
            Err(error) => {
                self.failed.set(Some(error));
                false
            }
        }
    }

    /// # Errors
    /// The database failed while it was asked.
    pub(crate) fn finish(&self) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

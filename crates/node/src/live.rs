//! What a node keeps in memory of one space: the ends of its lines, its keys, its own record, recent objects.

use std::cell::{Cell, RefCell};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use agreement::{Record, Space};
use oplog::digest::leaf;
use oplog::key::PreparedKey;
use oplog::past::{Line, Past};
use oplog::{Digests, EntryId, KeyId, ObjectId, PartyId, Position, PublicKey, SpaceId, from_bytes};
use store::entries::Placed;
use store::lists::Listed;
use store::spaces::{LineRow, SpaceRow};
use store::{Store, StoreError};

use crate::Result;

/// How many objects are kept in memory between transactions.
const OBJECTS_MAX: usize = 4_096;

/// One line with where its head stands.
pub(crate) struct LineEnd {
    pub(crate) row: LineRow,
    pub(crate) head: Position,
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
    pub(crate) record: Option<Record>,
    pub(crate) last: Option<(u64, EntryId)>,
    pub(crate) changed: bool,
    /// What lists hold of it, with the entry whose terms they show, when that is known.
    pub(crate) listed: Option<(EntryId, Listed)>,
}

impl Held {
    /// Notes that the fold has come to `place`, whether or not the step there changed anything.
    pub(crate) fn reach(&mut self, place: (u64, EntryId)) {
        if self.record.is_some() {
            self.last = Some(place);
            self.changed = true;
        }
    }
}

/// A space in memory.
pub(crate) struct Live {
    pub(crate) no: i64,
    pub(crate) id: SpaceId,
    pub(crate) name: String,
    pub(crate) own_party: Option<PartyId>,
    pub(crate) founder: PartyId,
    pub(crate) lines: BTreeMap<Line, LineEnd>,
    pub(crate) heads: HashMap<EntryId, Line>,
    pub(crate) keys: HashMap<KeyId, KnownKey>,
    pub(crate) lapses: BTreeMap<Line, BTreeMap<u64, (EntryId, ObjectId)>>,
    pub(crate) objects: HashMap<ObjectId, Held>,
    pub(crate) digests: Digests,
    /// From which place on the entries of a line are known to be noticed.
    pub(crate) noticed: RefCell<HashMap<Line, u64>>,
    /// Places of entries that standing is asked about again and again.
    places: RefCell<HashMap<EntryId, (Line, u64)>>,
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
            heads: HashMap::new(),
            keys: HashMap::new(),
            lapses: BTreeMap::new(),
            objects: HashMap::new(),
            digests: Digests::default(),
            noticed: RefCell::default(),
            places: RefCell::default(),
        };
        for line in store.lines(row.no)? {
            let head = store.placed(line.head_id)?.ok_or(StoreError::Damaged("a line without its head"))?;
            live.heads.insert(line.head_id, line.no);
            live.lines.insert(line.no, LineEnd { row: line, head: head.position });
        }
        for intro in store.introduced(row.no)? {
            let public = PublicKey::from_wire(&intro.public).ok_or(StoreError::Damaged("a public key"))?;
            live.introduce(public, Intro { depth: intro.depth, entry: intro.entry, seat: intro.seat });
        }
        for (line, seq, id, object) in store.lapses(row.no)? {
            live.lapses.entry(line).or_default().insert(seq, (id, object));
        }
        for (object, leaf) in store.leaves(row.no)? {
            live.digests.set(object, leaf);
        }
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
            Entry::Occupied(held) => Ok(held.into_mut()),
            Entry::Vacant(place) => {
                let held = match store.object(self.no, object)? {
                    None => Held::default(),
                    Some(row) => Held {
                        record: Some(
                            from_bytes(&row.state).map_err(|_| StoreError::Damaged("an object's state"))?,
                        ),
                        last: Some(row.last),
                        changed: false,
                        listed: None,
                    },
                };
                Ok(place.insert(held))
            }
        }
    }

    /// The space's own record; `None` until its genesis has arrived.
    pub(crate) fn space(&self) -> Option<&Space> {
        match self.objects.get(&ObjectId::from(self.id))?.record.as_ref()? {
            Record::Space(space) => Some(space),
            Record::Commitment(_) | Record::Transcript(_) | Record::Note(_) => None,
        }
    }

    /// The lines of a key.
    pub(crate) fn lines_of(&self, key: KeyId) -> impl Iterator<Item = &LineEnd> {
        self.lines.values().filter(move |line| line.row.key == key)
    }

    /// The first place at which a key signed two entries.
    pub(crate) fn forked_at(&self, key: KeyId) -> Option<u64> {
        // Of the lines of a key all but the one that arrived first are branches and begin where they part from it.
        self.lines_of(key).skip(1).map(|line| line.row.start_seq).min()
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

    /// Where a stored entry stands, from memory if it is a head.
    pub(crate) fn placed(&self, store: &Store, id: EntryId) -> Result<Option<Placed>> {
        if let Some(end) = self.heads.get(&id).and_then(|line| self.lines.get(line)) {
            return Ok(Some(Placed { space: self.no, position: end.head.clone() }));
        }
        Ok(store.placed(id)?.filter(|placed| placed.space == self.no))
    }

    /// The place of a stored entry.
    pub(crate) fn place(&self, store: &Store, id: EntryId) -> Result<Option<(Line, u64)>> {
        if let Some(place) = self.places.borrow().get(&id) {
            return Ok(Some(*place));
        }
        if let Some(end) = self.heads.get(&id).and_then(|line| self.lines.get(line)) {
            return Ok(Some((end.row.no, end.row.head_seq)));
        }
        // Whoever knows the id of another space's entry learns nothing more of it here.
        let place = store.place(id)?.filter(|(line, _)| self.lines.contains_key(line));
        if let Some(place) = place {
            let mut places = self.places.borrow_mut();
            if places.len() >= OBJECTS_MAX {
                places.clear();
            }
            places.insert(id, place);
        }
        Ok(place)
    }

    /// Forgets unchanged objects when there are many; the space's own record stays.
    pub(crate) fn trim(&mut self) {
        if self.objects.len() > OBJECTS_MAX {
            let own = ObjectId::from(self.id);
            self.objects.retain(|object, held| *object == own || held.changed);
        }
    }

    /// Keeps an object's new state in the digest tree and gives its leaf.
    pub(crate) fn digest_of(&mut self, object: ObjectId, state: &[u8]) -> [u8; 32] {
        let leaf = leaf(object, state);
        self.digests.set(object, leaf);
        leaf
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

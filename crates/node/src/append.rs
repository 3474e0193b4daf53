//! The corridor: the only writer of entries. What is signed here and what comes from peers takes the same steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use agreement::{Introduction, Operation, Refusal, SpaceTerms, Terms};
use oplog::past::Line;
use oplog::{ContentHash, ContentRef, Entry, EntryId, Header, KeyId, ObjectId, PartyId, Position, SpaceId};
use store::entries::EntryRow;
use store::objects::ObjectNo;
use store::spaces::{IntroducedRow, LineRow};

use crate::fold::Authored;
use crate::lists::Heading;
use crate::live::Intro;
use crate::{Node, NodeError, Result};

/// What became of an entry that was handed to the corridor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was here.
    Known,
    /// It is in the log; the refusal says why it changes nothing. One that came late is judged when the transaction
    /// settles; whether it counts is then in the log.
    Stored(Option<String>),
    /// It names entries that are not here.
    Missing(Vec<EntryId>),
    /// It can never be stored; says why.
    Impossible(&'static str),
}

/// Where an entry goes in the graph.
pub(crate) struct Spot {
    pub(crate) position: Arc<Position>,
    pub(crate) seat: PartyId,
    /// Whether its key forks here first, or earlier than was known.
    forks: bool,
    prev: Option<Arc<Position>>,
}

/// The introduction that an operation brings.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other operation, also a later one, introduces nobody"
)]
fn introduced(operation: &Operation) -> Option<&Introduction> {
    match operation {
        Operation::Genesis(genesis) => Some(&genesis.founder),
        Operation::Admit(admit) => Some(&admit.introduction),
        Operation::Enrol(enrol) => Some(&enrol.introduction),
        Operation::Offer(agreement::operation::Offer { terms: Terms::Space(terms), .. }) => match terms {
            SpaceTerms::Admit { introduction, .. } | SpaceTerms::Succeed { introduction, .. } => {
                Some(introduction)
            }
            SpaceTerms::Expel { .. } | SpaceTerms::Level { .. } => None,
        },
        _ => None,
    }
}

/// The bytes that came along, if they are what an entry names. The hash alone says so: the length may be a lie.
fn fitting(named: ContentRef, bytes: Option<&[u8]>) -> Option<&[u8]> {
    bytes.filter(|bytes| ContentHash::of(bytes) == named.hash)
}

/// Whether lists may show the text of an entry that does this.
fn lays_terms(operation: &Operation) -> bool {
    matches!(operation, Operation::Offer(_) | Operation::Counter(_))
}

impl Node {
    /// Puts a verified entry at the end of the arrival order, with its content if that came along, and works out what
    /// follows from it. Runs inside a transaction, before whose end [`Node::settle`] comes.
    pub(crate) fn append(&mut self, entry: &Entry, content: Option<&[u8]>, arrived_ms: u64) -> Result<Fate> {
        let (space, id) = (entry.space(), entry.id());
        let header = entry.header();
        if self.live(space)?.holds(&self.store, id, header.key, header.seq)? {
            return Ok(Fate::Known);
        }
        let operation = Operation::read(header.kind, &header.effect);
        let spot = match self.spot(space, header, operation.as_ref().ok())? {
            Ok(spot) => spot,
            Err(fate) => return Ok(fate),
        };
        let object = operation.as_ref().ok().and_then(|operation| operation.object(space, id));
        let row = EntryRow {
            n: self.store.last_n()? + 1,
            id,
            position: spot.position.clone(),
            kind: header.kind,
            object,
            arrived_ms,
            content: header.content.map(|content| content.hash),
            refusal: operation.as_ref().err().map(|why| Refusal::from(why.clone()).to_string()),
            raw: entry.raw().to_vec(),
        };
        let fitting = header.content.and_then(|named| fitting(named, content));
        let named = header.content.map(|named| self.store.name_content(named, fitting)).transpose()?;
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let object = object.map(|object| live.number(&self.store, object, id)).transpose()?;
        if let (Some(bytes), Some((_, true)), Ok(operation)) = (fitting, named, &operation)
            && lays_terms(operation)
        {
            live.headings.insert(id, Heading::in_bytes(bytes));
        }
        self.store.add_entry(live.no, &row, object, named.map(|(no, _)| no))?;
        self.advance(space, header.key, &spot, id)?;
        if let Ok(operation) = &operation {
            self.note_introduction(space, operation, &row)?;
        }
        let author = Authored { id, key: header.key, seat: spot.seat, row: &row };
        self.see_lapses(space, &author, spot.prev.as_deref())?;
        let refusal = match operation {
            Ok(operation) => self.apply(space, operation, &author)?,
            Err(_) => row.refusal.clone(),
        };
        self.rely(space, &author, spot.forks)?;
        Ok(Fate::Stored(refusal))
    }

    /// Finds the place of an entry, or says why it has none.
    pub(crate) fn spot(
        &self,
        space: SpaceId,
        header: &Header,
        operation: Option<&Operation>,
    ) -> Result<std::result::Result<Spot, Fate>> {
        let live = self.live(space)?;
        let mut missing = Vec::new();
        let mut find = |id: EntryId| -> Result<Option<Arc<Position>>> {
            let placed = live.position(&self.store, id)?;
            if placed.is_none() {
                missing.push(id);
            }
            Ok(placed)
        };
        let prev = header.prev.map(&mut find).transpose()?.flatten();
        let deps: Vec<_> = header.deps.iter().map(|dep| find(*dep)).collect::<Result<_>>()?;
        if !missing.is_empty() {
            return Ok(Err(Fate::Missing(missing)));
        }
        let deps: Vec<_> = deps.into_iter().flatten().collect();
        let key_of = |position: &Position| live.lines.get(&position.line).map(|line| line.row.key);
        if deps.iter().any(|dep| key_of(dep) == Some(header.key)) {
            return Ok(Err(Fate::Impossible("an entry names its own chain in its deps")));
        }
        if let Some(prev) = &prev
            && (key_of(prev) != Some(header.key) || prev.seq + 1 != header.seq)
        {
            return Ok(Err(Fate::Impossible("prev is not the entry before in the same chain")));
        }
        // By its kind alone, as everyone who reads the bytes can tell: also when its effect does not decode.
        let first = agreement::operation::word(header.kind) == "genesis";
        if first != (header.space == SpaceId::ZERO) || (first && header.seq != 0) {
            return Ok(Err(Fate::Impossible("a genesis and nothing else names the space of zeros")));
        }
        let (line, forks) = self.line_for(space, header, prev.as_deref())?;
        let named: Vec<_> = prev.iter().chain(&deps).map(Arc::as_ref).collect();
        let position = Arc::new(Position::after(line, header.seq, &named));
        let seat = match &prev {
            Some(prev) => live.lines.get(&prev.line).map(|line| line.row.seat),
            None => self.seat_of_first(space, header.key, operation, &position)?,
        };
        let Some(seat) = seat else {
            return Ok(Err(Fate::Impossible("no entry that it had seen introduces its key")));
        };
        Ok(Ok(Spot { position, seat, forks, prev }))
    }

    /// The line an entry continues, or a new one, and whether that moves the place where its key forked. One more branch
    /// behind that place changes nothing for the entries that are here: none has seen it.
    fn line_for(&self, space: SpaceId, header: &Header, prev: Option<&Position>) -> Result<(Line, bool)> {
        let live = self.live(space)?;
        let continues = prev.and_then(|prev| live.lines.get(&prev.line).map(|line| (prev, line)));
        match continues {
            Some((prev, line)) if line.row.head_seq == prev.seq => Ok((line.row.no, false)),
            _ => {
                let newest = self.spaces.values().filter_map(|live| live.lines.last_key_value());
                let newest = newest.map(|(no, _)| *no).max().unwrap_or(0);
                let known = live.forked_at(header.key);
                let forks = live.lines_of(header.key).next().is_some();
                Ok((newest + 1, forks && known.is_none_or(|known| header.seq < known)))
            }
        }
    }

    /// The seat of a chain's first entry: that of the first introduction of its key in its past.
    fn seat_of_first(
        &self,
        space: SpaceId,
        key: KeyId,
        operation: Option<&Operation>,
        position: &Position,
    ) -> Result<Option<PartyId>> {
        if let Some(introduction) = operation.and_then(introduced)
            && introduction.key.id() == key
        {
            let granted_for =
                if matches!(operation, Some(Operation::Genesis(_))) { SpaceId::ZERO } else { space };
            return Ok(introduction.check(granted_for).is_ok().then_some(introduction.seat));
        }
        let live = self.live(space)?;
        for intro in live.keys.get(&key).map(|known| known.intros.as_slice()).unwrap_or_default() {
            if let Some((line, seq)) = live.place(&self.store, intro.entry)?
                && position.past.sees(line, seq)
            {
                return Ok(Some(intro.seat));
            }
        }
        Ok(None)
    }

    /// Moves the end of the entry's line.
    fn advance(&mut self, space: SpaceId, key: KeyId, spot: &Spot, id: EntryId) -> Result<()> {
        let (line, seq) = (spot.position.line, spot.position.seq);
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        if !live.move_head(id, &spot.position) {
            let row = LineRow {
                no: line,
                key,
                seat: spot.seat,
                start_seq: seq,
                head_seq: seq,
                head_id: id,
                relied: 0,
            };
            self.store.add_line(live.no, &row)?;
            live.add_line(row, spot.position.clone());
        }
        Ok(())
    }

    /// Keeps the key that an operation introduces, if its grant holds, so that its signatures can be checked.
    fn note_introduction(&mut self, space: SpaceId, operation: &Operation, row: &EntryRow) -> Result<()> {
        let Some(introduction) = introduced(operation) else { return Ok(()) };
        let granted_for = if matches!(operation, Operation::Genesis(_)) { SpaceId::ZERO } else { space };
        if introduction.check(granted_for).is_err() {
            return Ok(());
        }
        let (seat, key) = (introduction.seat, introduction.key);
        let (depth, entry) = (row.position.depth, row.id);
        let live = self.live_mut(space)?;
        live.introduce(key, Intro { depth, entry, seat });
        let no = live.no;
        let kept = IntroducedRow { key: key.id(), seat, depth, entry, public: key.to_wire().to_vec() };
        Ok(self.store.add_introduced(no, &kept)?)
    }

    /// Folds into their objects the withdrawals of which this entry is its chain's first sight.
    fn see_lapses(&mut self, space: SpaceId, author: &Authored<'_>, prev: Option<&Position>) -> Result<()> {
        let past = &author.row.position.past;
        let seen = self.live(space)?.first_sights(past, prev.map(|prev| &prev.past));
        let mut lapses = BTreeMap::<ObjectId, Vec<EntryId>>::new();
        for (lapse, object) in seen {
            let no = self.number(space, object, author.id)?;
            self.store.add_sighting(no, author.row.n, lapse)?;
            lapses.entry(object).or_default().push(lapse);
        }
        for (object, lapses) in lapses {
            self.fold_sightings(space, object, lapses, author)?;
        }
        Ok(())
    }

    /// Applies an operation to its object: in order if it is the object's last, else by folding the object again when
    /// the transaction settles. Gives the refusal as far as it is known.
    fn apply(
        &mut self,
        space: SpaceId,
        operation: Operation,
        author: &Authored<'_>,
    ) -> Result<Option<String>> {
        if matches!(operation, Operation::Ack(_)) {
            let (no, at_ms) = (self.live(space)?.no, author.row.arrived_ms);
            self.store.set_receipt(no, author.seat, author.id, at_ms)?;
            return Ok(None);
        }
        if let Operation::Lapse(lapse) = &operation {
            let (line, seq) = (author.row.position.line, author.row.position.seq);
            let object = self.number(space, lapse.object, author.id)?;
            let live = self.live_mut(space)?;
            live.lapses.entry(line).or_default().insert(seq, (author.id, lapse.object));
            let no = live.no;
            self.store.add_lapse(no, line, seq, author.id, object)?;
        }
        let Some(object) = author.row.object else { return Ok(None) };
        self.fold_in(space, object, operation, author)
    }

    /// The number of an object, a new one if no entry was about it before.
    fn number(&mut self, space: SpaceId, object: ObjectId, by: EntryId) -> Result<ObjectNo> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        live.number(&self.store, object, by)
    }

    /// Folds again what must be, and writes every object that changed with its list rows: before a transaction ends.
    pub(crate) fn settle(&mut self, space: SpaceId) -> Result<()> {
        self.fold_pending(space)?;
        let live = self.live_mut(space)?;
        let number = |object: &ObjectId| live.objects.get(object).and_then(|held| held.no);
        // In the order of their numbers, so that neighbours on the disk are written one after the other.
        let mut changed: Vec<_> = live.changed.iter().map(|object| (number(object), *object)).collect();
        changed.sort_unstable();
        live.changed.clear();
        for (_, object) in changed {
            self.keep(space, object)?;
        }
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        live.headings.clear();
        live.write_heads(&self.store)?;
        live.trim();
        Ok(())
    }
}

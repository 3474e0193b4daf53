//! Door 2: peers and bundles. Bytes become frames, frames become verified entries, and those go through the corridor.

use agreement::Operation;
use oplog::sync::{
    Entries, Frame, HEADS_MAX, Head, Heads, INLINE_BYTES_MAX, Item, PART_BYTES_MAX, Part, WANTS_MAX, Want,
    WantContent,
};
use oplog::{
    ContentHash, Entry, EntryId, Past, PublicKey, Signature, SpaceId, Unverified, bytes::Blob, from_bytes,
    id::hash, to_bytes,
};
use store::contents::ContentState;
use store::entries::EntryRow;
use store::peers::PeerRow;

use crate::append::Fate;
use crate::pending::{Arriving, Form};
use crate::{Node, NodeError, Result};

/// The most bytes of entries in one answer.
const ENTRIES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most entries looked at in one line for one answer.
const LINE_ENTRIES_MAX: usize = 4_096;
/// How many entries of one transaction at most.
const BATCH_MAX: usize = 1_000;
/// How many entries before a wanted one are asked for: a fork's branch point is found in that many steps fewer.
const WANT_BACK: u64 = 64;
/// How many contents are asked for in one message.
const CONTENTS_WANTED_MAX: usize = 8;

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The space in which we know it.
    pub space: SpaceId,
    /// Its node key, as pinned.
    pub node: PublicKey,
    /// Where it listens; empty when it does not.
    pub url: String,
    /// When it was last heard.
    pub heard_ms: u64,
}

/// What an exchange came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What to send back; an exchange is over when the asking side has nothing more to send.
    pub frames: Vec<Frame>,
    /// How many entries were new.
    pub new: usize,
    /// Items that were no good, with the reason: quarantined, while the peer's others flow.
    pub bad: Vec<String>,
}

/// Which side of an exchange we are on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Asking,
    Answering,
}

impl Node {
    /// The peers that can be asked: those with an address.
    ///
    /// # Errors
    /// The database fails.
    pub fn peers(&self) -> Result<Vec<Peer>> {
        let mut peers = Vec::new();
        for row in self.store.peers()? {
            let space = self.spaces.values().find(|live| live.no == row.space).map(|live| live.id);
            if let (Some(space), Some(node)) = (space, PublicKey::from_wire(&row.node)) {
                peers.push(Peer { space, node, url: row.url, heard_ms: row.heard_ms });
            }
        }
        Ok(peers)
    }

    /// Whether a node may see a space: it is a member's, or it is the one that the invitation pinned.
    fn admits(&self, space: SpaceId, from: PublicKey) -> Result<bool> {
        let Ok(live) = self.live(space) else { return Ok(false) };
        match live.space() {
            Some(record) => {
                let members = record.members();
                Ok(record.seats.iter().any(|(party, seat)| seat.node == from && members.contains(party)))
            }
            None => {
                Ok(self.store.peers()?.iter().any(|row| row.space == live.no && row.node == from.to_wire()))
            }
        }
    }

    /// The first message of an exchange: what we hold, and what the peer lacked when last heard.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn greet(&mut self, space: SpaceId, peer: PublicKey) -> Result<Vec<Frame>> {
        let mut frames = vec![Frame::Hello(self.node_key()?), Frame::Heads(self.heads(space)?)];
        let no = self.live(space)?.no;
        let rows = self.store.peers()?;
        let cursor =
            rows.iter().find(|row| row.space == no && row.node == peer.to_wire() && row.heard_ms > 0);
        if let Some(row) = cursor {
            let heads: Vec<EntryId> = from_bytes(&row.cursor)?;
            let have = self.past_of(space, &heads)?;
            frames.extend(self.lacking(space, &have)?.map(Frame::Entries));
        }
        Ok(frames)
    }

    /// What the asking side makes of an answer. Nothing in `frames` means that the exchange is over.
    ///
    /// # Errors
    /// The database fails.
    pub fn exchange(&mut self, from: PublicKey, frames: &[Frame]) -> Result<Answer> {
        self.take(from, frames, Side::Asking)
    }

    /// What the answering side says to a message.
    ///
    /// # Errors
    /// The database fails.
    pub fn answer(&mut self, from: PublicKey, frames: &[Frame]) -> Result<Answer> {
        let mut answer = self.take(from, frames, Side::Answering)?;
        answer.frames.insert(0, Frame::Hello(self.node_key()?));
        Ok(answer)
    }

    fn take(&mut self, from: PublicKey, frames: &[Frame], side: Side) -> Result<Answer> {
        let mut answer = Answer::default();
        for frame in frames {
            match frame {
                Frame::Hello(node) if *node == from => {}
                Frame::Hello(_) => return Err(NodeError::Peer("it speaks for another node".to_owned())),
                Frame::Join(join) => answer.frames.push(match self.take_join(join) {
                    Ok(()) => Frame::Joined(join.space),
                    Err(fatal @ (NodeError::Store(_) | NodeError::File(_))) => return Err(fatal),
                    Err(why) => Frame::Refused(why.to_string()),
                }),
                Frame::Joined(_) | Frame::Proof(_) | Frame::End(_) => {}
                Frame::Refused(why) => return Err(NodeError::Peer(why.clone())),
                Frame::Heads(Heads { space, .. })
                | Frame::Want(Want { space, .. })
                | Frame::Entries(Entries { space, .. })
                | Frame::WantContent(WantContent { space, .. })
                | Frame::Part(Part { space, .. })
                    if !self.admits(*space, from)? =>
                {
                    // The same words whether the space is unknown here or not for this peer.
                    answer.frames.push(Frame::Refused(NodeError::NoSuchSpace.to_string()));
                    return Ok(answer);
                }
                Frame::Heads(heads) => self.take_heads(from, heads, side, &mut answer)?,
                Frame::Want(want) => {
                    let entries = self.wanted(want)?;
                    answer.frames.push(Frame::Entries(entries));
                }
                Frame::Entries(entries) => self.take_entries(entries, &mut answer)?,
                Frame::WantContent(want) => answer.frames.push(Frame::Part(self.part(want)?)),
                Frame::Part(part) => self.take_part(part, &mut answer)?,
            }
        }
        Ok(answer)
    }

    /// What we hold of a space.
    pub(crate) fn heads(&self, space: SpaceId) -> Result<Heads> {
        let live = self.live(space)?;
        let heads = live.lines.values().map(|line| Head {
            key: Head::hint(line.row.key),
            seq: line.row.head_seq,
            id: line.row.head_id,
        });
        Ok(Heads { space, heads: heads.take(HEADS_MAX).collect() })
    }

    /// All that the entries `ids` and what they name hold, as far as we know them.
    fn past_of(&self, space: SpaceId, ids: &[EntryId]) -> Result<Past> {
        let (live, mut past) = (self.live(space)?, Past::default());
        for id in ids {
            if let Some(placed) = live.placed(&self.store, *id)? {
                past.join(&placed.position.past);
            }
        }
        Ok(past)
    }

    fn take_heads(&mut self, from: PublicKey, heads: &Heads, side: Side, answer: &mut Answer) -> Result<()> {
        if heads.heads.len() > HEADS_MAX {
            return Err(NodeError::Peer("more heads than a space can have".to_owned()));
        }
        let space = heads.space;
        let live = self.live(space)?;
        let ids: Vec<_> = heads.heads.iter().map(|head| head.id).collect();
        let mut have = self.past_of(space, &ids)?;
        // What waits is asked for once in every exchange: whoever was asked before may have lacked it, or not have heard.
        let mut wanted = Vec::new();
        for id in self.pending.named(space) {
            if !self.pending.holds(id) && live.place(&self.store, id)?.is_none() {
                wanted.push(id);
            }
        }
        for head in &heads.heads {
            if live.place(&self.store, head.id)?.is_some() {
                continue;
            }
            // The peer is ahead on this line, so it holds ours; unless it stands no further and differs: then a fork.
            let mut own = live.lines.values().filter(|line| Head::hint(line.row.key) == head.key);
            match own.next() {
                Some(line) if head.seq > line.row.head_seq => have.add(line.row.no, line.row.head_seq),
                Some(_) => wanted.push(head.id),
                None => {}
            }
        }
        let lacking = self.lacking(space, &have)?;
        self.note_heard(space, from, &ids)?;
        answer.frames.extend(lacking.map(Frame::Entries));
        if !wanted.is_empty() {
            wanted.truncate(WANTS_MAX);
            answer.frames.push(Frame::Want(Want { space, ids: wanted, back: WANT_BACK }));
        }
        if side == Side::Answering {
            answer.frames.push(Frame::Heads(self.heads(space)?));
        }
        self.want_contents(space, answer)
    }

    /// Notes what a peer holds: the cursor for the next exchange, and that our entries are out.
    fn note_heard(&mut self, space: SpaceId, from: PublicKey, ids: &[EntryId]) -> Result<()> {
        let past = self.past_of(space, ids)?;
        let live = self.live(space)?;
        let row = PeerRow {
            space: live.no,
            node: from.to_wire().to_vec(),
            url: String::new(),
            cursor: to_bytes(&ids.to_vec()),
            heard_ms: self.clock.now_ms(),
        };
        let own: Vec<_> = live
            .lines
            .values()
            .filter(|line| Some(line.row.seat) == live.own_party && past.reach(line.row.no) > 0)
            .map(|line| (line.row.no, past.reach(line.row.no) - 1))
            .collect();
        self.transact(|node| {
            node.store.set_peer(&row)?;
            for (line, seq) in own {
                node.store.clear_outbox(line, seq)?;
            }
            Ok(())
        })
    }

    /// The entries that are not in `have`, parents first, as many as fit into one answer.
    fn lacking(&self, space: SpaceId, have: &Past) -> Result<Option<Entries>> {
        self.mark_before_telling(space)?;
        let live = self.live(space)?;
        let (mut rows, mut end) = (Vec::new(), i64::MAX);
        for line in live.lines.values() {
            let from = have.reach(line.row.no).max(line.row.start_seq);
            if from > line.row.head_seq {
                continue;
            }
            let some = self.store.entries_from(line.row.no, from, LINE_ENTRIES_MAX)?;
            if let Some(last) = some.last()
                && last.position.seq < line.row.head_seq
            {
                // What follows in arrival order may name entries of this line that did not fit.
                end = end.min(last.n);
            }
            rows.extend(some);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let found = rows.len();
        rows.retain(|row| row.n <= end);
        rows.sort_by_key(|row| row.n);
        let items = self.items(rows)?;
        let more = items.len() < found || end < i64::MAX;
        Ok(Some(Entries { space, items, more }))
    }

    /// Entries with their small contents, until an answer is full.
    fn items(&self, rows: Vec<EntryRow>) -> Result<Vec<Item>> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        for row in rows {
            let content = match row.content {
                Some(hash) if self.is_small(hash)? => self.store.content(hash)?.map(Blob),
                _ => None,
            };
            bytes += row.raw.len() + content.as_ref().map_or(0, |content| content.0.len());
            if bytes > ENTRIES_BYTES_MAX && !items.is_empty() {
                break;
            }
            items.push(Item { raw: Blob(row.raw), content });
        }
        Ok(items)
    }

    fn is_small(&self, hash: ContentHash) -> Result<bool> {
        let state = self.store.content_state(hash)?;
        Ok(state.is_some_and(|(state, len)| state == ContentState::Present && len <= INLINE_BYTES_MAX as u64))
    }

    /// The entries that a peer asks for by name, each with some before it.
    fn wanted(&self, want: &Want) -> Result<Entries> {
        self.mark_before_telling(want.space)?;
        let live = self.live(want.space)?;
        let mut rows = std::collections::BTreeMap::new();
        for id in want.ids.iter().take(WANTS_MAX) {
            let Some((line, seq)) = live.place(&self.store, *id)? else { continue };
            let back = want.back.min(LINE_ENTRIES_MAX as u64);
            let limit = usize::try_from(back + 1).unwrap_or(LINE_ENTRIES_MAX);
            for row in self.store.entries_from(line, seq.saturating_sub(back), limit)? {
                if row.position.seq <= seq {
                    rows.insert(row.n, row);
                }
            }
        }
        Ok(Entries { space: want.space, items: self.items(rows.into_values().collect())?, more: false })
    }

    pub(crate) fn take_entries(&mut self, entries: &Entries, answer: &mut Answer) -> Result<()> {
        let space = entries.space;
        let parked = self.pending.take(space);
        let (new_before, parked_before) = (answer.new, parked.len());
        let items = entries.items.iter().map(|item| Arriving {
            form: Form::Raw(item.raw.0.clone()),
            content: item.content.clone().map(|blob| blob.0),
        });
        let mut todo: Vec<_> = items.chain(parked).collect();
        let mut missing = std::collections::BTreeSet::new();
        // What was parked may fit once others are in, so go round until nothing moves.
        loop {
            let before = answer.new;
            let mut waiting = Vec::new();
            missing.clear();
            let mut todo_now = todo.into_iter();
            loop {
                let batch: Vec<_> = todo_now.by_ref().take(BATCH_MAX).collect();
                if batch.is_empty() {
                    break;
                }
                waiting.extend(self.ingest(space, batch, answer, &mut missing)?);
            }
            if waiting.is_empty() || answer.new == before {
                let now_ms = self.clock.now_ms();
                for (id, arriving) in waiting {
                    self.pending.park(id, space, arriving, now_ms);
                }
                break;
            }
            todo = waiting.into_iter().map(|(_, arriving)| arriving).collect();
        }
        missing.retain(|id| !self.pending.holds(*id));
        // What a frame without news still misses was asked for already: the peer does not hold it either.
        let moved = answer.new > new_before || self.pending.count(space) > parked_before;
        if moved && !missing.is_empty() {
            let ids = missing.into_iter().take(WANTS_MAX).collect();
            answer.frames.push(Frame::Want(Want { space, ids, back: WANT_BACK }));
        }
        if entries.more {
            answer.frames.push(Frame::Heads(self.heads(space)?));
        }
        if self.pending.count(space) == 0 {
            self.want_contents(space, answer)?;
        }
        Ok(())
    }

    /// One transaction of entries. Gives those that wait for others.
    fn ingest(
        &mut self,
        space: SpaceId,
        batch: Vec<Arriving>,
        answer: &mut Answer,
        missing: &mut std::collections::BTreeSet<EntryId>,
    ) -> Result<Vec<Early>> {
        let mut done = (0, Vec::new(), Vec::new());
        self.transact(|node| {
            let (new, waiting, bad) = &mut done;
            for Arriving { form, content } in batch {
                let entry = match node.check(space, form) {
                    Ok(Checked::Known) => continue,
                    Ok(Checked::Good(entry)) => entry,
                    Ok(Checked::Early(id, raw)) => {
                        waiting.push((id, Arriving { form: Form::Raw(raw), content }));
                        continue;
                    }
                    Err(fatal @ NodeError::Store(_)) => return Err(fatal),
                    Err(why) => {
                        bad.push(why.to_string());
                        continue;
                    }
                };
                match node.append(&entry, node.clock.now_ms())? {
                    Fate::Known => {}
                    Fate::Stored(_) => {
                        *new += 1;
                        node.welcome(space, &entry, content.as_deref())?;
                    }
                    Fate::Missing(ids) => {
                        missing.extend(ids);
                        waiting.push((entry.id(), Arriving { form: Form::Verified(entry), content }));
                    }
                    Fate::Impossible(why) => bad.push(format!("entry {}: {why}", entry.id().short())),
                }
            }
            node.settle(space)
        })?;
        let (new, waiting, bad) = done;
        answer.new += new;
        answer.bad.extend(bad);
        Ok(waiting)
    }

    /// What is done with an entry from a peer besides storing it.
    fn welcome(&mut self, space: SpaceId, entry: &Entry, content: Option<&[u8]>) -> Result<()> {
        if self.own_key(space).is_ok_and(|own| own == entry.header().key) {
            self.note_regression(space)?;
        }
        if let (Some(bytes), Some(expected)) = (content, entry.header().content)
            && ContentHash::of(bytes) == expected.hash
            && bytes.len() as u64 == expected.len_bytes
        {
            self.store.keep_content(expected.hash, bytes)?;
        }
        Ok(())
    }

    /// Checks the bytes of an entry: shape, space, key, signature; before anything is looked up for it.
    fn check(&self, space: SpaceId, form: Form) -> Result<Checked> {
        let raw = match form {
            Form::Raw(raw) => raw,
            Form::Verified(entry) => return Ok(Checked::Good(entry)),
        };
        let entry = Unverified::decode(&raw)?;
        let live = self.live(space)?;
        if live.place(&self.store, entry.id())?.is_some() {
            return Ok(Checked::Known);
        }
        let header = entry.header();
        let genesis = header.space == SpaceId::ZERO;
        if (genesis && SpaceId::from(entry.id()) != space) || (!genesis && header.space != space) {
            return Err(NodeError::Peer(format!("entry {} belongs to another space", entry.id().short())));
        }
        let key = header.key;
        let own = match Operation::read(header.kind, &header.effect) {
            Ok(Operation::Genesis(genesis)) => {
                if genesis.founder.identity.party() != live.founder {
                    return Err(NodeError::Peer(
                        "the founder is not the one that the invitation named".to_owned(),
                    ));
                }
                Some(genesis.founder.key)
            }
            Ok(Operation::Enrol(enrol)) => Some(enrol.introduction.key),
            Ok(_) | Err(_) => None,
        };
        let prepared = match live.keys.get(&key) {
            Some(known) => Some(known.prepared),
            None => own.filter(|own| own.id() == key).and_then(|own| own.prepare()),
        };
        match prepared {
            Some(prepared) => Ok(Checked::Good(Box::new(entry.verify(key, &prepared)?))),
            None => Ok(Checked::Early(entry.id(), raw)),
        }
    }

    /// Asks for contents that entries name and that are not here.
    fn want_contents(&self, space: SpaceId, answer: &mut Answer) -> Result<()> {
        for hash in self.store.contents_missing(self.live(space)?.no, CONTENTS_WANTED_MAX)? {
            let offset = self.pending.partial(hash);
            let want = Frame::WantContent(WantContent { space, hash, offset });
            if !answer.frames.contains(&want) {
                answer.frames.push(want);
            }
        }
        Ok(())
    }

    /// A part of a content, for a party of a space in which an entry names it.
    fn part(&self, want: &WantContent) -> Result<Part> {
        let WantContent { space, hash, offset } = *want;
        let named = self.store.names_content(self.live(space)?.no, hash)?;
        let state = if named { self.store.content_state(hash)? } else { None };
        let (state, len_bytes) = state.unwrap_or((ContentState::Missing, 0));
        let code = match state {
            ContentState::Missing => 0,
            ContentState::Present => 1,
            ContentState::Withheld => 2,
            ContentState::Erased => 3,
        };
        let mut bytes = Vec::new();
        if state == ContentState::Present {
            let whole = self.store.content(hash)?.unwrap_or_default();
            let from = usize::try_from(offset).unwrap_or(usize::MAX).min(whole.len());
            bytes = whole[from..whole.len().min(from + PART_BYTES_MAX)].to_vec();
        }
        Ok(Part { space, hash, state: code, len_bytes, offset, bytes: Blob(bytes) })
    }

    pub(crate) fn take_part(&mut self, part: &Part, answer: &mut Answer) -> Result<()> {
        let (space, hash) = (part.space, part.hash);
        let no = self.live(space)?.no;
        let Some((ContentState::Missing, len_bytes)) = self.store.content_state(hash)? else { return Ok(()) };
        if !self.store.names_content(no, hash)? || part.len_bytes != len_bytes || part.state != 1 {
            if part.state == 2 {
                self.transact(|node| Ok(node.store.set_content_state(hash, ContentState::Withheld)?))?;
            }
            return Ok(());
        }
        let Some(whole) = self.pending.add_part(hash, part.offset, &part.bytes.0, len_bytes) else {
            return self.want_contents(space, answer);
        };
        if ContentHash::of(&whole) != hash {
            answer.bad.push(format!("content {} arrived damaged", hash.short()));
            return Ok(());
        }
        self.transact(|node| {
            node.store.keep_content(hash, &whole)?;
            for object in node.store.objects_with_content(no, hash)? {
                node.relist(space, object)?;
            }
            Ok(())
        })?;
        answer.new += 1;
        self.want_contents(space, answer)
    }

    /// Signs a request: our node key, over the nonce that the receiver gave, the receiver, and the body.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_request(&self, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&request_message("peygir/request/0", nonce, to, body)))
    }

    /// Signs an answer to a request of `to`.
    ///
    /// # Errors
    /// The node key is not in the key folder.
    pub fn sign_answer(&self, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Result<Signature> {
        Ok(self.keys.node()?.sign(&request_message("peygir/answer/0", nonce, to, body)))
    }

    /// A nonce for a peer to sign.
    pub fn nonce(&mut self) -> [u8; 32] {
        self.entropy.bytes()
    }
}

/// An entry that waits for others.
type Early = (EntryId, Arriving);

enum Checked {
    Known,
    Good(Box<Entry>),
    /// Its key is not known yet: what introduces it has not arrived.
    Early(EntryId, Vec<u8>),
}

fn request_message(domain: &str, nonce: &[u8; 32], to: PublicKey, body: &[u8]) -> Vec<u8> {
    [domain.as_bytes(), nonce, &to.to_wire(), &hash("", &[body])].concat()
}

/// Whether `from` signed a request to `to`.
#[must_use]
pub fn request_holds(
    from: PublicKey,
    nonce: &[u8; 32],
    to: PublicKey,
    body: &[u8],
    signature: &Signature,
) -> bool {
    from.verifies(&request_message("peygir/request/0", nonce, to, body), signature)
}

/// Whether `from` signed an answer to a request of `to`.
#[must_use]
pub fn answer_holds(
    from: PublicKey,
    nonce: &[u8; 32],
    to: PublicKey,
    body: &[u8],
    signature: &Signature,
) -> bool {
    from.verifies(&request_message("peygir/answer/0", nonce, to, body), signature)
}

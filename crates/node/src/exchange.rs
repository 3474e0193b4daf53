//! Door 2: peers and bundles. Bytes become frames, frames become verified entries, and those go through the corridor.

use std::collections::HashMap;

use oplog::sync::{
    Entries, Frame, HEADS_MAX, Head, Heads, INLINE_BYTES_MAX, Item, MESSAGE_BYTES_MAX, PART_BYTES_MAX, Part,
    WANTS_MAX, Want, WantContent,
};
use oplog::{EntryId, Past, PublicKey, SpaceId, bytes::Blob, from_bytes, to_bytes};
use store::entries::EntryRow;
use store::peers::PeerRow;

use crate::heads::Told;
use crate::live::LineEnd;
use crate::{Node, NodeError, Result};

/// The most bytes of entries in one answer.
const ENTRIES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most entries looked at in one line for one answer.
const LINE_ENTRIES_MAX: usize = 4_096;
/// How many entries before a wanted one are asked for: a fork's branch point is found in that many steps fewer.
pub(crate) const WANT_BACK: u64 = 64;
/// The most frames of one message.
const FRAMES_MAX: usize = 64;
/// From how many bytes of an answer on nothing more is looked up for it: one more frame still fits into a message.
const ANSWER_BYTES_MAX: usize = MESSAGE_BYTES_MAX - ENTRIES_BYTES_MAX - PART_BYTES_MAX;

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
            let told = self.told_before(space, heads.len())?;
            frames.extend(self.lacking(space, &have, told)?.map(Frame::Entries));
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
        if frames.len() > FRAMES_MAX {
            return Err(NodeError::Peer("more frames than a message may have".to_owned()));
        }
        for frame in frames {
            let is_full = answer.frames.iter().map(size).sum::<usize>() > ANSWER_BYTES_MAX;
            match frame {
                Frame::Hello(node) if *node == from => {}
                Frame::Hello(_) => return Err(NodeError::Peer("it speaks for another node".to_owned())),
                Frame::Join(join) => answer.frames.push(match self.take_join(from, join) {
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
                // What is left out is asked for again, once this has arrived.
                Frame::Heads(_) | Frame::Want(_) | Frame::WantContent(_) if is_full => {}
                Frame::Heads(heads) => self.take_heads(from, heads, side, &mut answer)?,
                Frame::Want(want) => {
                    let entries = self.wanted(want)?;
                    answer.frames.push(Frame::Entries(entries));
                }
                Frame::Entries(entries) => self.take_entries(from, entries, &mut answer)?,
                Frame::WantContent(want) => answer.frames.push(Frame::Part(self.part(want)?)),
                Frame::Part(part) => self.take_part(from, part, &mut answer)?,
            }
        }
        Ok(answer)
    }

    /// All that the entries `ids` and what they name hold, as far as we know them.
    fn past_of(&self, space: SpaceId, ids: &[EntryId]) -> Result<Past> {
        let (live, mut past) = (self.live(space)?, Past::default());
        for id in ids {
            if let Some(position) = live.position(&self.store, *id)? {
                past.join(&position.past);
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
        let mut first_of = HashMap::new();
        for line in live.lines.values() {
            first_of.entry(Head::hint(line.row.key)).or_insert(line);
        }
        for head in &heads.heads {
            if live.place(&self.store, head.id)?.is_some() {
                continue;
            }
            // The peer is ahead on this line, so it holds ours; unless it stands no further and differs: then a fork.
            match first_of.get(&head.key) {
                Some(line) if head.seq > line.row.head_seq => have.add(line.row.no, line.row.head_seq),
                Some(_) => wanted.push(head.id),
                None => {}
            }
        }
        let lacking = self.lacking(space, &have, heads.between.into())?;
        self.note_heard(space, from, &ids)?;
        answer.frames.extend(lacking.map(Frame::Entries));
        if !wanted.is_empty() {
            wanted.truncate(WANTS_MAX);
            answer.frames.push(Frame::Want(Want { space, ids: wanted, back: WANT_BACK }));
        }
        if side == Side::Answering {
            answer.frames.push(Frame::Heads(self.heads(space)?));
        }
        self.want_contents(from, space, answer)
    }

    /// Notes what a peer holds: the cursor for the next exchange, and that our entries are out.
    fn note_heard(&mut self, space: SpaceId, from: PublicKey, ids: &[EntryId]) -> Result<()> {
        let past = self.past_of(space, ids)?;
        let live = self.live(space)?;
        let row = PeerRow {
            space: live.no,
            node: from.to_wire().to_vec(),
            url: String::new(),
            told: false,
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

    /// The entries of what a peer told of that are not in `have`, parents first, as many as fit into one answer.
    fn lacking(&self, space: SpaceId, have: &Past, told: Told) -> Result<Option<Entries>> {
        self.mark_before_telling(space)?;
        let (mut rows, mut more) = (Vec::new(), false);
        for lines in self.live(space)?.concerned(told) {
            let (of_these, are_more) = self.unsent(&lines, have)?;
            rows.extend(of_these);
            more |= are_more;
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let found = rows.len();
        let items = self.items(rows)?;
        let more = more || items.len() < found;
        Ok(Some(Entries { space, items, more }))
    }

    /// The entries of some lines that are not in `have`, in the order of their arrival, and whether there are more.
    fn unsent(&self, lines: &[&LineEnd], have: &Past) -> Result<(Vec<EntryRow>, bool)> {
        let (mut rows, mut end) = (Vec::new(), i64::MAX);
        for line in lines {
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
        rows.retain(|row| row.n <= end);
        rows.sort_by_key(|row| row.n);
        Ok((rows, end < i64::MAX))
    }

    /// Entries with their small contents, until an answer is full.
    fn items(&self, rows: Vec<EntryRow>) -> Result<Vec<Item>> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        for row in rows {
            let content = match row.content {
                Some(_) => self.store.content_at(row.n, INLINE_BYTES_MAX as u64)?.map(Blob),
                None => None,
            };
            bytes += row.raw.len() + content.as_ref().map_or(0, |content| content.0.len());
            if bytes > ENTRIES_BYTES_MAX && !items.is_empty() {
                break;
            }
            items.push(Item { raw: Blob(row.raw), content });
        }
        Ok(items)
    }

    /// The entries that a peer asks for by name, each with some before it.
    fn wanted(&self, want: &Want) -> Result<Entries> {
        self.mark_before_telling(want.space)?;
        let live = self.live(want.space)?;
        let (mut rows, mut looked) = (std::collections::BTreeMap::new(), 0);
        for id in want.ids.iter().take(WANTS_MAX) {
            let Some((line, seq)) = live.place(&self.store, *id)? else { continue };
            // However many are wanted with many before them, so many are looked at, and one for each.
            let back = want.back.min(LINE_ENTRIES_MAX as u64 - looked);
            looked += back;
            let limit = usize::try_from(back + 1).unwrap_or(LINE_ENTRIES_MAX);
            for row in self.store.entries_from(line, seq.saturating_sub(back), limit)? {
                if row.position.seq <= seq {
                    rows.insert(row.n, row);
                }
            }
        }
        Ok(Entries { space: want.space, items: self.items(rows.into_values().collect())?, more: false })
    }
}

/// About how many bytes a frame takes; those that carry little count as nothing.
fn size(frame: &Frame) -> usize {
    const HEAD_BYTES: usize = 64;
    if let Frame::Entries(entries) = frame {
        let content = |item: &Item| item.content.as_ref().map_or(0, |content| content.0.len());
        entries.items.iter().map(|item| item.raw.0.len() + content(item)).sum()
    } else if let Frame::Part(part) = frame {
        part.bytes.0.len()
    } else if let Frame::Heads(heads) = frame {
        heads.heads.len() * HEAD_BYTES
    } else {
        0
    }
}

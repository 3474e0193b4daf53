//! Contents between nodes: what is asked for, what is handed out, and what is kept of what arrives.

use std::collections::BTreeMap;

use oplog::entry::CONTENT_BYTES_MAX;
use oplog::sync::{Frame, PART_BYTES_MAX, Part, WantContent};
use oplog::{ContentHash, PublicKey, SpaceId, bytes::Blob};
use store::contents::ContentState;
use store::partials::Partial;

use crate::exchange::Answer;
use crate::{Node, Result};

/// How many contents are asked for in one message.
const CONTENTS_WANTED_MAX: usize = 8;
/// How many contents of one node are here in part; the stalest of it makes room.
const PARTIALS_OF_ONE_MAX: usize = CONTENTS_WANTED_MAX;
/// The most bytes of contents of one node that are here in part, but for the one of which most is here.
const PARTIAL_BYTES_OF_ONE_MAX: u64 = CONTENT_BYTES_MAX;
/// The most bytes of contents that are here in part, of all nodes; whoever has most of them gives up its stalest.
const PARTIAL_BYTES_MAX: u64 = 8 * CONTENT_BYTES_MAX;
/// How long what is here in part waits for the next part, in milliseconds: a week.
const PARTIAL_MS_MAX: u64 = 7 * 24 * 3_600_000;

impl Node {
    /// Asks for contents that entries name and that are not here, those after the one that was last asked for in vain
    /// before the others: so what nobody has keeps nothing else from arriving.
    pub(crate) fn want_contents(&self, from: PublicKey, space: SpaceId, answer: &mut Answer) -> Result<()> {
        let (no, after) = (self.live(space)?.no, self.pending.passed_over(space));
        let mut missing = self.store.contents_missing(no, after, CONTENTS_WANTED_MAX)?;
        if missing.len() < CONTENTS_WANTED_MAX && after != ContentHash::ZERO {
            let first = self.store.contents_missing(no, ContentHash::ZERO, CONTENTS_WANTED_MAX)?;
            let room = CONTENTS_WANTED_MAX - missing.len();
            missing.extend(first.into_iter().filter(|hash| *hash <= after).take(room));
        }
        for hash in missing {
            let offset = self.store.held_of(hash, &from.to_wire())?;
            let want = Frame::WantContent(WantContent { space, hash, offset });
            if !answer.frames.contains(&want) {
                answer.frames.push(want);
            }
        }
        Ok(())
    }

    /// A part of a content, for a party of a space in which an entry names it.
    pub(crate) fn part(&self, want: &WantContent) -> Result<Part> {
        let WantContent { space, hash, offset } = *want;
        let named = self.store.names_content(self.live(space)?.no, hash)?;
        let state = if named { self.store.content_state(hash)? } else { None };
        let (mut state, len_bytes) = state.unwrap_or((ContentState::Missing, 0));
        if state == ContentState::Withheld && self.store.content(hash)?.is_none() {
            // Another said so; whoever asks may hear it from that one.
            state = ContentState::Missing;
        }
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

    /// A part of a content from a node, which may be ours: then a bundle brought it.
    pub(crate) fn take_part(&mut self, from: PublicKey, part: &Part, answer: &mut Answer) -> Result<()> {
        let (space, hash) = (part.space, part.hash);
        let no = self.live(space)?.no;
        let state = match self.store.content_state(hash)? {
            Some((state @ (ContentState::Missing | ContentState::Withheld), _)) => state,
            Some((ContentState::Present | ContentState::Erased, _)) | None => return Ok(()),
        };
        if self.store.content(hash)?.is_some() || !self.store.names_content(no, hash)? {
            return Ok(());
        }
        // The hash alone says what is right: an entry may name a length that is a lie.
        if part.state != 1 || part.len_bytes > CONTENT_BYTES_MAX {
            self.pending.pass_over(space, hash);
            if part.state == 2 && state == ContentState::Missing {
                self.transact(|node| Ok(node.store.set_content_state(hash, ContentState::Withheld)?))?;
            }
            return Ok(());
        }
        let before = self.store.held_of(hash, &from.to_wire())?;
        let Some(whole) = self.transact(|node| node.keep_part(from, part))? else {
            let offset = self.store.held_of(hash, &from.to_wire())?;
            if offset > before {
                answer.frames.push(Frame::WantContent(WantContent { space, hash, offset }));
            } else {
                self.pending.pass_over(space, hash);
            }
            return Ok(());
        };
        if ContentHash::of(&whole) != hash {
            self.pending.pass_over(space, hash);
            answer.bad.push(format!("content {} arrived damaged", hash.short()));
            return Ok(());
        }
        self.transact(|node| {
            node.store.drop_partial(hash, None)?;
            node.store.keep_content(hash, &whole)?;
            for object in node.store.objects_with_content(no, hash)? {
                node.relist(space, object)?;
            }
            Ok(())
        })?;
        answer.new += 1;
        self.want_contents(from, space, answer)
    }

    /// Keeps a part that follows on what the same node has sent, or begins anew, as far as there is room. Gives the whole
    /// when it is complete; then nothing of it is here in part any more.
    fn keep_part(&self, from: PublicKey, part: &Part) -> Result<Option<Vec<u8>>> {
        let (hash, node, bytes) = (part.hash, from.to_wire(), part.bytes.0.as_slice());
        let mut held = self.store.held_of(hash, &node)?;
        if part.offset == 0 && held > 0 {
            self.store.drop_partial(hash, Some(&node))?;
            held = 0;
        }
        let len_bytes = held + bytes.len() as u64;
        if part.offset != held || len_bytes > part.len_bytes {
            return Ok(None);
        }
        if len_bytes == part.len_bytes {
            let mut whole = self.store.sent_by(hash, &node)?;
            self.store.drop_partial(hash, Some(&node))?;
            whole.extend_from_slice(bytes);
            return Ok(Some(whole));
        }
        let before = Partial { hash, node: node.to_vec(), held, at_ms: self.clock.now_ms() };
        if !bytes.is_empty() && self.make_room(&before, bytes.len() as u64)? {
            self.store.add_part(&before, bytes)?;
        }
        Ok(None)
    }

    /// Makes room for `more` bytes of what is here in part. Gives whether there is.
    fn make_room(&self, wanted: &Partial, more: u64) -> Result<bool> {
        let is_it = |partial: &Partial| partial.hash == wanted.hash && partial.node == wanted.node;
        let (mut others, mut gone) = (self.store.partials()?, Vec::new());
        others.retain(|partial| !is_it(partial));
        let is_over = |partial: &Partial| partial.at_ms.saturating_add(PARTIAL_MS_MAX) < wanted.at_ms;
        gone.extend(others.extract_if(.., |partial| is_over(partial)));
        let of_it = |partial: &&Partial| partial.node == wanted.node;
        if others.iter().filter(of_it).count() >= PARTIALS_OF_ONE_MAX
            && let Some(stalest) = others.iter().position(|partial| partial.node == wanted.node)
        {
            gone.push(others.remove(stalest));
        }
        let most = others.iter().filter(of_it).map(|partial| partial.held).max().unwrap_or(0);
        let all_of_it: u64 = others.iter().filter(of_it).map(|partial| partial.held).sum();
        // The one of which most is here is carried to its end, whatever else has begun.
        let mut room = wanted.held >= most || all_of_it + wanted.held + more <= PARTIAL_BYTES_OF_ONE_MAX;
        let of_all = |others: &[Partial]| others.iter().map(|partial| partial.held).sum::<u64>();
        while room && of_all(&others) + wanted.held + more > PARTIAL_BYTES_MAX {
            let greatest = greatest(wanted, more, &others);
            match others.iter().position(|partial| partial.node == greatest) {
                Some(stalest) => gone.push(others.remove(stalest)),
                None => room = false,
            }
        }
        for partial in gone {
            self.store.drop_partial(partial.hash, Some(&partial.node))?;
        }
        Ok(room)
    }
}

/// The node of which most is here in part, once `more` has come of what is wanted.
fn greatest(wanted: &Partial, more: u64, others: &[Partial]) -> Vec<u8> {
    let mut by_node = BTreeMap::from([(wanted.node.clone(), wanted.held + more)]);
    for partial in others {
        *by_node.entry(partial.node.clone()).or_default() += partial.held;
    }
    let greatest = by_node.into_iter().max_by_key(|(_, held)| *held);
    greatest.map_or_else(Vec::new, |(node, _)| node)
}

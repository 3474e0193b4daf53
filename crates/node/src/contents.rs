//! Contents between nodes: what is asked for, what is handed out, and what is kept of what arrives.

use oplog::entry::CONTENT_BYTES_MAX;
use oplog::sync::{Frame, PART_BYTES_MAX, Part, WantContent};
use oplog::{ContentHash, SpaceId, bytes::Blob};
use store::contents::ContentState;

use crate::exchange::Answer;
use crate::{Node, Result};

/// How many contents are asked for in one message.
const CONTENTS_WANTED_MAX: usize = 8;

impl Node {
    /// Asks for contents that entries name and that are not here, those after the one that was last asked for in vain
    /// before the others: so what nobody has keeps nothing else from arriving.
    pub(crate) fn want_contents(&self, space: SpaceId, answer: &mut Answer) -> Result<()> {
        let (no, after) = (self.live(space)?.no, self.pending.passed_over(space));
        let mut missing = self.store.contents_missing(no, after, CONTENTS_WANTED_MAX)?;
        if missing.len() < CONTENTS_WANTED_MAX && after != ContentHash::ZERO {
            let first = self.store.contents_missing(no, ContentHash::ZERO, CONTENTS_WANTED_MAX)?;
            let room = CONTENTS_WANTED_MAX - missing.len();
            missing.extend(first.into_iter().filter(|hash| *hash <= after).take(room));
        }
        for hash in missing {
            let offset = self.pending.partial(hash);
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

    pub(crate) fn take_part(&mut self, part: &Part, answer: &mut Answer) -> Result<()> {
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
        let before = self.pending.partial(hash);
        let Some(whole) = self.pending.add_part(hash, part.offset, &part.bytes.0, part.len_bytes) else {
            let offset = self.pending.partial(hash);
            if offset > before {
                answer.frames.push(Frame::WantContent(WantContent { space, hash, offset }));
            }
            return Ok(());
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
}

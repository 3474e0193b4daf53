//! A space in one file, for carrying by hand or handing to an auditor: the frames of an exchange after a magic word.

use std::io::{Read, Write};

use oplog::sync::{BUNDLE_MAGIC, Entries, Frame, Item, Part, frame_start, read_frame};
use oplog::{ForkProof, PublicKey, SpaceId, bytes::Blob};
use store::contents::ContentState;

use crate::exchange::Answer;
use crate::{Node, NodeError, Result};

/// How many entries stand in one frame of a bundle.
const ENTRIES_PER_FRAME: usize = 500;
/// The most bytes of a content's part in a bundle.
const PART_BYTES_MAX: usize = 1024 * 1024;

impl Node {
    /// Writes a whole space, a content that several entries name once. Memory stays bounded by one frame and the
    /// contents' hashes.
    ///
    /// # Errors
    /// No such space, or the file or the database fails.
    pub fn write_bundle(&self, space: SpaceId, to: &mut dyn Write) -> Result<u64> {
        to.write_all(BUNDLE_MAGIC)?;
        put(to, &Frame::Hello(self.node_key()?))?;
        let no = self.live(space)?.no;
        let (mut after, mut count, mut written) = (0, 0, std::collections::BTreeSet::new());
        loop {
            let rows = self.store.entries_after(no, after, ENTRIES_PER_FRAME)?;
            let Some(last) = rows.last() else { break };
            after = last.n;
            count += rows.len() as u64;
            let contents: Vec<_> =
                rows.iter().filter_map(|row| row.content).filter(|hash| written.insert(*hash)).collect();
            let items = rows.into_iter().map(|row| Item { raw: Blob(row.raw), content: None }).collect();
            put(to, &Frame::Entries(Entries { space, items, more: false }))?;
            for hash in contents {
                let Some((ContentState::Present, len_bytes)) = self.store.content_state(hash)? else {
                    continue;
                };
                let whole = self.store.content(hash)?.unwrap_or_default();
                for (at, part) in whole.chunks(PART_BYTES_MAX).enumerate() {
                    let offset = (at * PART_BYTES_MAX) as u64;
                    let bytes = Blob(part.to_vec());
                    put(to, &Frame::Part(Part { space, hash, state: 1, len_bytes, offset, bytes }))?;
                }
            }
        }
        for proof in self.fork_proofs(space)? {
            put(to, &Frame::Proof(proof))?;
        }
        Ok(count)
    }

    /// Reads a bundle of a space that this node is in. Reading it twice changes nothing more.
    ///
    /// # Errors
    /// Not a bundle, cut short, or the database fails. What was read before stays.
    pub fn read_bundle(&mut self, from: &mut dyn Read) -> Result<Answer> {
        let mut magic = [0; 8];
        from.read_exact(&mut magic).map_err(|_| NodeError::Peer("this is no bundle".to_owned()))?;
        if magic != *BUNDLE_MAGIC {
            return Err(NodeError::Peer("this is no bundle".to_owned()));
        }
        let (mut all, mut carrier) = (Answer::default(), None);
        while let Some(frame) = next_frame(from)? {
            match (&frame, carrier) {
                (Frame::Hello(node), None) => carrier = Some(*node),
                (Frame::Entries(_) | Frame::Part(_) | Frame::Proof(_), Some(node)) => {
                    let answer = self.carried(node, &frame)?;
                    all.new += answer.new;
                    all.bad.extend(answer.bad);
                }
                _ => {
                    return Err(NodeError::Peer(
                        "a bundle holds entries, contents and proofs alone".to_owned(),
                    ));
                }
            }
        }
        Ok(all)
    }

    /// One frame of a bundle. Whoever carries it need be no member: entries speak for themselves, and the space must be
    /// one that this node is in.
    fn carried(&mut self, _carrier: PublicKey, frame: &Frame) -> Result<Answer> {
        let mut answer = Answer::default();
        if let Frame::Entries(entries) = frame {
            self.live(entries.space)?;
            self.take_entries(entries, &mut answer)?;
        } else if let Frame::Part(part) = frame {
            self.live(part.space)?;
            self.take_part(part, &mut answer)?;
        }
        Ok(answer)
    }

    /// The proofs that keys of a space signed two entries for one place.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn fork_proofs(&self, space: SpaceId) -> Result<Vec<ForkProof>> {
        let live = self.live(space)?;
        let mut proofs = Vec::new();
        for (key, known) in &live.keys {
            let mut lines = live.lines_of(*key);
            let Some(first) = lines.next() else { continue };
            for branch in lines {
                // The other entry for the branch's first place: on the first line, or on a branch that parted before.
                let Some(one) = self.store.entry_at(branch.row.no, branch.row.start_seq)? else { continue };
                let Some(two) = self.store.entry_at(first.row.no, branch.row.start_seq)? else { continue };
                let open = |raw: &[u8]| oplog::Unverified::decode(raw)?.verify(*key, &known.prepared);
                proofs.extend(ForkProof::of(known.public, &open(&one.raw)?, &open(&two.raw)?));
            }
        }
        Ok(proofs)
    }
}

fn put(to: &mut dyn Write, frame: &Frame) -> Result<()> {
    let mut bytes = Vec::new();
    frame.put(&mut bytes);
    Ok(to.write_all(&bytes)?)
}

fn next_frame(from: &mut dyn Read) -> Result<Option<Frame>> {
    let mut start = [0; 5];
    match from.read(&mut start[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut start[1..])?,
    }
    let (code, len) = frame_start(start)?;
    let mut payload = vec![0; len];
    from.read_exact(&mut payload).map_err(|_| NodeError::Peer("the bundle is cut short".to_owned()))?;
    Ok(Some(read_frame(code, &payload)?))
}

//! A space in one file, for carrying by hand or handing to an auditor: the frames of an exchange after a magic word.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use oplog::entry::CONTENT_BYTES_MAX;
use oplog::sync::{BUNDLE_MAGIC, Entries, Frame, Item, Part, frame_start, read_frame};
use oplog::{ContentHash, ForkProof, PublicKey, SpaceId, Unverified, bytes::Blob};
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
        self.mark_before_telling(space)?;
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
        put(to, &Frame::End(count))?;
        Ok(count)
    }

    /// Reads a bundle of a space that this node is in. Reading it twice changes nothing more.
    ///
    /// # Errors
    /// Not a bundle, cut short, or the database fails. What was read before stays.
    pub fn read_bundle(&mut self, from: &mut dyn Read) -> Result<Answer> {
        let mut all = Answer::default();
        // What waited before waits for something else than this file.
        let mut waited = BTreeMap::new();
        each_frame(from, &mut |_, frame| {
            if let Frame::Entries(Entries { space, .. }) = frame {
                waited.entry(*space).or_insert_with(|| self.pending.count(*space));
            }
            let answer = self.carried(frame)?;
            all.new += answer.new;
            all.bad.extend(answer.bad);
            Ok(())
        })?;
        for (space, before) in waited {
            let waiting = self.pending.count(space).saturating_sub(before);
            if waiting > 0 {
                all.bad.push(format!("{waiting} entries wait for others that are not here"));
            }
        }
        Ok(all)
    }

    /// One frame of a bundle. Whoever carries it need be no member: entries speak for themselves, and the space must be
    /// one that this node is in.
    fn carried(&mut self, frame: &Frame) -> Result<Answer> {
        // Whose bundle it is nobody proves, so it counts as ours.
        let (own, mut answer) = (self.node_key()?, Answer::default());
        if let Frame::Entries(entries) = frame {
            self.live(entries.space)?;
            self.take_entries(own, entries, &mut answer)?;
        } else if let Frame::Part(part) = frame {
            self.live(part.space)?;
            self.take_part(own, part, &mut answer)?;
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
                let open = |raw: &[u8]| Unverified::decode(raw)?.verify(*key, &known.prepared);
                proofs.extend(ForkProof::of(known.public, &open(&one.raw)?, &open(&two.raw)?));
            }
        }
        Ok(proofs)
    }
}

/// Checks a bundle and takes nothing in: whole to its last byte, frames that a bundle may hold, entries that decode, and
/// contents that are what their hashes say. Signatures are left to [`Node::read_bundle`], which knows the keys.
///
/// # Errors
/// It is not so, or the file fails.
pub fn check(from: &mut dyn Read) -> Result<()> {
    let mut open: Option<(ContentHash, u64, Vec<u8>)> = None;
    let damaged =
        || Err(NodeError::Peer("the bundle is damaged: a content is not what its hash says".to_owned()));
    each_frame(from, &mut |_, frame| {
        match (frame, open.as_mut()) {
            (Frame::Part(part), None) if part.offset == 0 && part.len_bytes <= CONTENT_BYTES_MAX => {
                open = Some((part.hash, part.len_bytes, part.bytes.0.clone()));
            }
            (Frame::Part(part), Some((hash, len_bytes, bytes)))
                if part.hash == *hash
                    && part.len_bytes == *len_bytes
                    && part.offset == bytes.len() as u64 =>
            {
                bytes.extend_from_slice(&part.bytes.0);
            }
            (Frame::Entries(entries), None) => {
                for item in &entries.items {
                    Unverified::decode(&item.raw.0)
                        .map_err(|why| NodeError::Peer(format!("the bundle is damaged: {why}")))?;
                }
            }
            (Frame::Proof(_), None) => {}
            _ => return damaged(),
        }
        match open.take() {
            Some((hash, len_bytes, bytes)) if bytes.len() as u64 == len_bytes => {
                if ContentHash::of(&bytes) == hash { Ok(()) } else { damaged() }
            }
            Some((_, len_bytes, bytes)) if bytes.len() as u64 > len_bytes => damaged(),
            unfinished => {
                open = unfinished;
                Ok(())
            }
        }
    })?;
    if open.is_some() { damaged() } else { Ok(()) }
}

/// Hands each frame of a bundle on, with the node that wrote it.
fn each_frame(from: &mut dyn Read, take: &mut dyn FnMut(PublicKey, &Frame) -> Result<()>) -> Result<()> {
    let mut magic = [0; 8];
    from.read_exact(&mut magic).map_err(|_| NodeError::Peer("this is no bundle".to_owned()))?;
    if magic != *BUNDLE_MAGIC {
        return Err(NodeError::Peer("this is no bundle".to_owned()));
    }
    let refuse = |why: &str| Err(NodeError::Peer(why.to_owned()));
    let (mut carrier, mut entries, mut ended) = (None, 0, false);
    while let Some(frame) = next_frame(from)? {
        match (&frame, carrier) {
            _ if ended => return refuse("something follows the end of the bundle"),
            (Frame::Hello(node), None) => carrier = Some(*node),
            (Frame::Entries(Entries { items, .. }), Some(node)) => {
                entries += items.len() as u64;
                take(node, &frame)?;
            }
            (Frame::Part(_) | Frame::Proof(_), Some(node)) => take(node, &frame)?,
            (Frame::End(count), Some(_)) if *count == entries => ended = true,
            (Frame::End(_), Some(_)) => return refuse("the bundle is damaged: it lacks some of its entries"),
            _ => return refuse("a bundle holds entries, contents and proofs alone"),
        }
    }
    if ended { Ok(()) } else { refuse("the bundle is cut short") }
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
        _ => fill(from, &mut start[1..])?,
    }
    let (code, len) = frame_start(start)?;
    let mut payload = vec![0; len];
    fill(from, &mut payload)?;
    Ok(Some(read_frame(code, &payload)?))
}

fn fill(from: &mut dyn Read, bytes: &mut [u8]) -> Result<()> {
    from.read_exact(bytes).map_err(|why| {
        let is_short = why.kind() == std::io::ErrorKind::UnexpectedEof;
        if is_short { NodeError::Peer("the bundle is cut short".to_owned()) } else { why.into() }
    })
}

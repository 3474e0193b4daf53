//! What nodes say to one another, and what a bundle holds: the same frames, one decoder.
//!
//! A frame on the wire is a type byte, the length of its payload in four bytes (big endian), and the payload in
//! canonical CBOR. A message is frames one after another.

use crate::bytes::{BadBytes, Blob, Wire, from_bytes, to_bytes};
use crate::fork::ForkProof;
use crate::id::{ContentHash, EntryId, KeyId, SpaceId};
use crate::key::PublicKey;
use crate::wire_struct;

/// The most bytes of one frame's payload.
pub const FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most bytes of one message.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most heads in one frame.
pub const HEADS_MAX: usize = 8_192;
/// The most ids that one frame wants.
pub const WANTS_MAX: usize = 1_024;
/// The most bytes of a content that travels beside its entry; a larger one is asked for in parts.
pub const INLINE_BYTES_MAX: usize = 64 * 1024;
/// The most bytes of one part of a content.
pub const PART_BYTES_MAX: usize = 1024 * 1024;
/// The first bytes of a bundle.
pub const BUNDLE_MAGIC: &[u8; 8] = b"PEYGIR0\n";

/// The end of one line: enough to say what a node holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The first 8 bytes of the key's id: a hint where to look for the last common entry.
    pub key: [u8; 8],
    /// The last sequence number.
    pub seq: u64,
    /// The entry there.
    pub id: EntryId,
}

impl Wire for Head {
    fn write(&self, to: &mut crate::Writer) {
        to.array(3).bytes(&self.key).uint(self.seq).put(&self.id);
    }
    fn read(from: &mut crate::Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(3)?;
        Ok(Self { key: from.fixed("key hint")?, seq: from.uint()?, id: from.get()? })
    }
}

impl Head {
    /// The hint for a key.
    #[must_use]
    pub fn hint(key: KeyId) -> [u8; 8] {
        key.0.first_chunk().copied().unwrap_or_default()
    }
}

/// An entry on its way, with its content if that is small and here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The entry.
    pub raw: Blob,
    /// Its content.
    pub content: Option<Blob>,
}

wire_struct!(Item { raw, content });

/// A request to be let into a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The space.
    pub space: SpaceId,
    /// The invitation's secret.
    pub secret: Blob,
    /// The party's introduction, encoded.
    pub introduction: Blob,
    /// What the party calls itself.
    pub name: String,
    /// Where its node listens; empty when it does not.
    pub url: String,
}

wire_struct!(Join { space, secret, introduction, name, url });

/// A range of entries by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The first id that lies in it, if there is such an entry.
    pub from: EntryId,
    /// The first that does not; all that follow do when there is none.
    pub to: Option<EntryId>,
}

wire_struct!(Between { from, to });

impl Between {
    /// Whether an id lies in it.
    #[must_use]
    pub fn holds(&self, id: EntryId) -> bool {
        self.from <= id && self.to.is_none_or(|to| id < to)
    }
}

/// What a node holds of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    /// The space.
    pub space: SpaceId,
    /// The ends of lines.
    pub heads: Vec<Head>,
    /// When not all ends fit: they are the foremost of each key that has a seat, and of the others those in this range.
    pub between: Option<Between>,
}

wire_struct!(Heads { space, heads, between });

/// A request for entries by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// The space.
    pub space: SpaceId,
    /// The entries.
    pub ids: Vec<EntryId>,
    /// How many entries before each in its chain are wanted too; doubled until a branch point is found.
    pub back: u64,
}

wire_struct!(Want { space, ids, back });

/// Entries, parents before children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The space.
    pub space: SpaceId,
    /// The entries.
    pub items: Vec<Item>,
    /// Whether the sender has more that the receiver lacks.
    pub more: bool,
}

wire_struct!(Entries { space, items, more });

/// A request for a part of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantContent {
    /// The space in which an entry names it.
    pub space: SpaceId,
    /// The content.
    pub hash: ContentHash,
    /// From which byte on.
    pub offset: u64,
}

wire_struct!(WantContent { space, hash, offset });

/// A part of a content, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The space.
    pub space: SpaceId,
    /// The content.
    pub hash: ContentHash,
    /// 0 missing here too, 1 present, 2 withheld, 3 erased.
    pub state: u64,
    /// The length of the whole.
    pub len_bytes: u64,
    /// Where the part begins.
    pub offset: u64,
    /// The part.
    pub bytes: Blob,
}

wire_struct!(Part { space, hash, state, len_bytes, offset, bytes });

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident($payload:ty) = $code:literal;)+) => {
        /// One frame.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Frame {$(
            $(#[$doc])*
            $name($payload),
        )+}

        impl Frame {
            fn code(&self) -> u8 {
                match self { $(Self::$name(_) => $code),+ }
            }

            fn payload(&self) -> Vec<u8> {
                match self { $(Self::$name(payload) => to_bytes(payload)),+ }
            }

            fn read(code: u8, payload: &[u8]) -> Result<Self, BadBytes> {
                match code {
                    $($code => from_bytes(payload).map(Self::$name),)+
                    _ => Err(BadBytes::Malformed("frame type")),
                }
            }
        }
    };
}

frames! {
    /// The sender's node key; first in every message and bundle.
    Hello(PublicKey) = 1;
    /// A request to be let in.
    Join(Join) = 2;
    /// A request to be let in was taken down; a person decides.
    Joined(SpaceId) = 3;
    /// The receiver has no such space for the sender, or will not go on; says why as far as it may.
    Refused(String) = 4;
    /// What the sender holds.
    Heads(Heads) = 5;
    /// What it wants.
    Want(Want) = 6;
    /// Entries.
    Entries(Entries) = 7;
    /// What content it wants.
    WantContent(WantContent) = 8;
    /// Content.
    Part(Part) = 9;
    /// That a key forked.
    Proof(ForkProof) = 10;
    /// The end of a bundle: how many entries it holds, so that one that was cut short between frames is noticed.
    End(u64) = 11;
}

impl Frame {
    /// Appends the frame to a message.
    pub fn put(&self, message: &mut Vec<u8>) {
        let payload = self.payload();
        message.push(self.code());
        message.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
        message.extend_from_slice(&payload);
    }
}

/// A message of frames.
#[must_use]
pub fn write(frames: &[Frame]) -> Vec<u8> {
    let mut message = Vec::new();
    frames.iter().for_each(|frame| frame.put(&mut message));
    message
}

/// A whole bundle of a few frames, with its beginning and its end.
#[must_use]
pub fn bundle(carrier: PublicKey, frames: &[Frame]) -> Vec<u8> {
    let mut file = BUNDLE_MAGIC.to_vec();
    Frame::Hello(carrier).put(&mut file);
    frames.iter().for_each(|frame| frame.put(&mut file));
    let entries =
        frames.iter().map(|frame| if let Frame::Entries(some) = frame { some.items.len() } else { 0 });
    Frame::End(entries.sum::<usize>() as u64).put(&mut file);
    file
}

/// The type and payload length of the frame that begins with `start`; what a reader of a stream needs first.
///
/// # Errors
/// A length over [`FRAME_BYTES_MAX`].
pub fn frame_start(start: [u8; 5]) -> Result<(u8, usize), BadBytes> {
    let len = u32::from_be_bytes([start[1], start[2], start[3], start[4]]);
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    if len > FRAME_BYTES_MAX { Err(BadBytes::TooLong("frame")) } else { Ok((start[0], len)) }
}

/// One frame, by its type and payload.
///
/// # Errors
/// An unknown type, or a payload that is not its one encoding.
pub fn read_frame(code: u8, payload: &[u8]) -> Result<Frame, BadBytes> {
    Frame::read(code, payload)
}

/// The frames of a message.
///
/// # Errors
/// A message or frame over its limit, cut short, of an unknown type, or not in its one encoding.
pub fn read(mut message: &[u8]) -> Result<Vec<Frame>, BadBytes> {
    if message.len() > MESSAGE_BYTES_MAX {
        return Err(BadBytes::TooLong("message"));
    }
    let mut frames = Vec::new();
    while let Some((start, rest)) = message.split_first_chunk::<5>() {
        let (code, len) = frame_start(*start)?;
        let (payload, rest) = rest.split_at_checked(len).ok_or(BadBytes::Malformed("frame cut short"))?;
        frames.push(read_frame(code, payload)?);
        message = rest;
    }
    if message.is_empty() { Ok(frames) } else { Err(BadBytes::Trailing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_and_a_cut_one_is_refused() {
        let head = Head { key: [1; 8], seq: 7, id: EntryId([9; 32]) };
        let frames = vec![
            Frame::Heads(Heads { space: SpaceId([2; 32]), heads: vec![head], between: None }),
            Frame::Refused("no such space".to_owned()),
        ];
        let message = write(&frames);
        assert_eq!(read(&message), Ok(frames));
        assert!(read(&message[..message.len() - 1]).is_err());
        assert_eq!(read(&[99, 0, 0, 0, 0]), Err(BadBytes::Malformed("frame type")));
        assert_eq!(read(&[5, 0xff, 0, 0, 0]), Err(BadBytes::TooLong("frame")));
    }

    #[test]
    fn twenty_heads_fit_in_a_kilobyte() {
        let heads = vec![Head { key: [1; 8], seq: 5_000, id: EntryId([9; 32]) }; 20];
        let heads = Heads { space: SpaceId([2; 32]), heads, between: None };
        assert!(write(&[Frame::Heads(heads)]).len() < 1_100);
    }
}

//! One signed, hash-linked statement. Verifying or signing is the only way to get an [`Entry`].
//!
//! On the wire an entry is a `COSE_Sign1` of exactly one legal shape (RFC 9052), its payload the header.

use crate::bytes::{BadBytes, Reader, Wire, Writer, from_bytes, to_bytes};
use crate::id::{ContentHash, EntryId, KeyId, SpaceId, hash};
use crate::key::{PreparedKey, Secret, Signature};

/// The version of the wire. It stays 0 until the wire has survived an attack.
pub const VERSION: u64 = 0;
/// The most entries of other chains that one entry may name.
pub const DEPS_MAX: usize = 16;
/// The most bytes of an effect, whatever its kind; kinds have lower limits of their own.
pub const EFFECT_BYTES_MAX: usize = 65_536;
/// The most bytes of a whole entry.
pub const ENTRY_BYTES_MAX: usize = EFFECT_BYTES_MAX + 2_048;
/// The most bytes of a content.
pub const CONTENT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Tag 18, an array of four, the protected header `{alg: EdDSA}` and an empty unprotected one.
const ENVELOPE_START: [u8; 7] = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0];
const PROTECTED: [u8; 3] = [0xa1, 0x01, 0x27];
const EXTERNAL_AAD: &[u8] = b"peygir/entry/0";

/// The name and the length of a content that stands beside an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRef {
    /// SHA-256 of the content, its 16-byte salt included.
    pub hash: ContentHash,
    /// Its length in bytes.
    pub len_bytes: u64,
}

crate::wire_struct!(ContentRef { hash, len_bytes });

/// What the author signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The space, zeros in its genesis.
    pub space: SpaceId,
    /// The author's binding key.
    pub key: KeyId,
    /// The place in the key's chain, from 0 without a gap.
    pub seq: u64,
    /// The entry at `seq - 1`; `None` at 0.
    pub prev: Option<EntryId>,
    /// Heads of other chains that the author newly saw, strictly ascending, at most [`DEPS_MAX`].
    pub deps: Vec<EntryId>,
    /// Milliseconds since 1970-01-01 UTC by the author's clock: a claim, which orders and refuses nothing.
    pub time_ms: u64,
    /// What was done, a number of the crate `agreement`.
    pub kind: u64,
    /// The fields of what was done, encoded by kind.
    pub effect: Vec<u8>,
    /// What stands behind the entry and may be erased.
    pub content: Option<ContentRef>,
}

impl Wire for Header {
    fn write(&self, to: &mut Writer) {
        to.array(10)
            .uint(VERSION)
            .put(&self.space)
            .put(&self.key)
            .uint(self.seq)
            .put(&self.prev)
            .put(&self.deps);
        to.uint(self.time_ms).uint(self.kind).bytes(&self.effect).put(&self.content);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(10)?;
        if from.uint()? != VERSION {
            return Err(BadBytes::Malformed("version"));
        }
        Ok(Self {
            space: from.get()?,
            key: from.get()?,
            seq: from.uint()?,
            prev: from.get()?,
            deps: from.get()?,
            time_ms: from.uint()?,
            kind: from.uint()?,
            effect: from.bytes()?.to_vec(),
            content: from.get()?,
        })
    }
}

/// Why bytes are not an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadEntry {
    /// More than [`ENTRY_BYTES_MAX`] bytes.
    Oversized,
    /// Not the one legal envelope.
    Envelope,
    /// The header does not decode, or not from its canonical bytes.
    Header(BadBytes),
    /// A rule about the header's fields is broken; names the field.
    Field(&'static str),
    /// The signature is not the named key's.
    Signature,
}

impl std::fmt::Display for BadEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Oversized => write!(f, "entry is over {ENTRY_BYTES_MAX} bytes"),
            Self::Envelope => write!(f, "entry is not in the one legal envelope"),
            Self::Header(why) => write!(f, "entry header: {why}"),
            Self::Field(what) => write!(f, "entry header breaks a rule: {what}"),
            Self::Signature => write!(f, "signature does not verify"),
        }
    }
}

impl std::error::Error for BadEntry {}

impl Header {
    /// The header in the bytes of an entry that this node verified before it stored it.
    ///
    /// # Errors
    /// The bytes are not an entry's.
    pub fn of_stored(raw: &[u8]) -> Result<Self, BadEntry> {
        let mut reader = Reader::new(raw.strip_prefix(&ENVELOPE_START).ok_or(BadEntry::Envelope)?);
        let header = reader.bytes().map_err(|_| BadEntry::Envelope)?;
        Self::read(&mut Reader::new(header)).map_err(BadEntry::Header)
    }

    fn check(&self) -> Result<(), BadEntry> {
        let rules = [
            (self.prev.is_some() == (self.seq > 0), "prev must be there exactly when seq is over 0"),
            (self.deps.len() <= DEPS_MAX, "more than 16 deps"),
            (self.deps.is_sorted_by(|a, b| a < b), "deps must ascend strictly"),
            (self.prev.is_none_or(|prev| !self.deps.contains(&prev)), "deps must not name prev"),
            (self.effect.len() <= EFFECT_BYTES_MAX, "effect is over its limit"),
            (
                self.content.is_none_or(|content| content.len_bytes <= CONTENT_BYTES_MAX),
                "content is over its limit",
            ),
        ];
        rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(BadEntry::Field(rule)))
    }
}

fn id_of(header: &[u8]) -> EntryId {
    EntryId(hash("peygir/id/0", &[header]))
}

/// RFC 9052 section 4.4: the bytes that a `COSE_Sign1` signature covers.
fn sig_structure(header: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(4).text("Signature1").bytes(&PROTECTED).bytes(EXTERNAL_AAD).bytes(header);
    writer.into_bytes()
}

/// A header that is about to be signed.
pub struct Draft(Header);

impl Draft {
    /// A draft of `header`.
    ///
    /// # Errors
    /// A rule about the header's fields is broken.
    pub fn new(header: Header) -> Result<Self, BadEntry> {
        header.check()?;
        Ok(Self(header))
    }

    /// The id the entry will have: the signature is not in it.
    #[must_use]
    pub fn id(&self) -> EntryId {
        id_of(&to_bytes(&self.0))
    }

    /// What will be signed.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.0
    }

    /// Signs.
    ///
    /// # Panics
    /// If `secret` is not the key the header names, which only our own bug can cause.
    #[must_use]
    pub fn sign(self, secret: &Secret) -> Entry {
        assert_eq!(secret.public().id(), self.0.key, "a draft is signed by the key it names");
        let header = to_bytes(&self.0);
        let signature = secret.sign(&sig_structure(&header));
        let mut writer = Writer::new();
        writer.raw(&ENVELOPE_START).bytes(&header).bytes(&signature.0);
        Entry { id: id_of(&header), header: self.0, raw: writer.into_bytes() }
    }
}

/// A well-formed entry whose signature nobody has checked yet.
#[derive(Clone, Debug)]
pub struct Unverified {
    id: EntryId,
    header: Header,
    signature: Signature,
    signed: Vec<u8>,
    raw: Vec<u8>,
}

impl Unverified {
    /// Takes apart the whole of `raw`.
    ///
    /// # Errors
    /// Too long, another envelope, or a header that is malformed, not canonical or against its rules.
    pub fn decode(raw: &[u8]) -> Result<Self, BadEntry> {
        if raw.len() > ENTRY_BYTES_MAX {
            return Err(BadEntry::Oversized);
        }
        let rest = raw.strip_prefix(&ENVELOPE_START).ok_or(BadEntry::Envelope)?;
        let mut reader = Reader::new(rest);
        let header_bytes = reader.bytes().map_err(|_| BadEntry::Envelope)?;
        let signature = Signature(reader.fixed("signature").map_err(|_| BadEntry::Envelope)?);
        let mut again = Writer::new();
        again.bytes(header_bytes).bytes(&signature.0);
        if reader.left() != 0 || again.into_bytes() != rest {
            return Err(BadEntry::Envelope);
        }
        let header: Header = from_bytes(header_bytes).map_err(BadEntry::Header)?;
        header.check()?;
        Ok(Self {
            id: id_of(header_bytes),
            signed: sig_structure(header_bytes),
            header,
            signature,
            raw: raw.to_vec(),
        })
    }

    /// The id it would have.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What it says, unverified.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The bytes that it was decoded from.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Checks the signature. `key` must be the key that the header names.
    ///
    /// # Errors
    /// Another key, or a signature that is not its.
    pub fn verify(self, name: KeyId, key: &PreparedKey) -> Result<Entry, BadEntry> {
        if name != self.header.key || !key.verifies(&self.signed, &self.signature) {
            return Err(BadEntry::Signature);
        }
        Ok(self.trust_stored())
    }

    /// Takes an entry that this node verified before it stored it.
    #[must_use]
    pub fn trust_stored(self) -> Entry {
        Entry { id: self.id, header: self.header, raw: self.raw }
    }
}

/// A verified statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: EntryId,
    header: Header,
    raw: Vec<u8>,
}

impl Entry {
    /// Its content address.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What it says.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The space it belongs to: for a genesis, the one it founds.
    #[must_use]
    pub fn space(&self) -> SpaceId {
        if self.header.space == SpaceId::ZERO { self.id.into() } else { self.header.space }
    }

    /// The bytes that were signed and sent: the authority over everything derived.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }
}

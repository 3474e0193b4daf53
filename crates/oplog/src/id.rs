//! Content addresses: every id is a SHA-256 under a domain of its own, so that no id can pass for another.

use sha2::{Digest as _, Sha256};

use crate::bytes::{BadBytes, Reader, Wire, Writer};

/// SHA-256 of `domain` followed by `parts`, in order. `domain` must not be a prefix of another domain.
#[must_use]
pub fn hash(domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(domain.as_bytes());
    parts.iter().for_each(|part| sha.update(part));
    sha.finalize().into()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of an even-length hexadecimal text, `None` when it is not one.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The all-zero value, which no hash gives in practice.
            pub const ZERO: Self = Self([0; 32]);

            /// The id that `bytes` spell, if there are 32 of them.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The first 16 hexadecimal digits, for people.
            #[must_use]
            pub fn short(&self) -> String {
                hex(&self.0[..8])
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.short())
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadBytes;
            fn from_str(text: &str) -> Result<Self, BadBytes> {
                unhex(text).and_then(|bytes| Self::from_slice(&bytes)).ok_or(BadBytes::Malformed(stringify!($name)))
            }
        }

        impl Wire for $name {
            fn write(&self, to: &mut Writer) {
                to.bytes(&self.0);
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
                from.fixed(stringify!($name)).map(Self)
            }
        }
    )+};
}

ids! {
    /// An entry: SHA-256 of `peygir/id/0` and the header bytes; the signature is outside.
    EntryId;
    /// A space: the id of its genesis entry; zeros inside the genesis itself.
    SpaceId;
    /// An object of a space: the id of the entry that founded it.
    ObjectId;
    /// A key: SHA-256 of `peygir/key/0`, the algorithm byte and the public key.
    KeyId;
    /// A party: the hash of revision 0 of its identity log.
    PartyId;
    /// A content: plain SHA-256 of its bytes, the salt first.
    ContentHash;
    /// A digest over all records of a space.
    Digest;
    /// Terms: SHA-256 of `peygir/terms/0`, the encoded terms and the hash of their content.
    TermsHash;
}

impl From<EntryId> for ObjectId {
    fn from(id: EntryId) -> Self {
        Self(id.0)
    }
}

impl From<ObjectId> for EntryId {
    fn from(id: ObjectId) -> Self {
        Self(id.0)
    }
}

impl From<EntryId> for SpaceId {
    fn from(id: EntryId) -> Self {
        Self(id.0)
    }
}

impl From<SpaceId> for ObjectId {
    fn from(id: SpaceId) -> Self {
        Self(id.0)
    }
}

impl ContentHash {
    /// The hash of a whole content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(hash("", &[content]))
    }
}

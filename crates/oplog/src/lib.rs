//! Who said what, provably: signed, hash-linked entries and the graph they form.
//!
//! Pure and deterministic. Nothing here reads a clock, a file, a socket or a source of randomness, and nothing
//! here knows what an entry *means*: that is the crate `agreement`.

pub mod bytes;
pub mod digest;
pub mod entry;
pub mod fork;
pub mod id;
pub mod identity;
pub mod key;
pub mod past;
mod remembered;
pub mod sync;

pub use bytes::{BadBytes, Reader, Wire, Writer, from_bytes, to_bytes};
pub use digest::Digests;
pub use entry::{BadEntry, ContentRef, Draft, Entry, Header, Unverified};
pub use fork::ForkProof;
pub use id::{ContentHash, Digest, EntryId, KeyId, ObjectId, PartyId, SpaceId, TermsHash};
pub use identity::{BadIdentity, Grant, IdentityLog, RecoverySet, Revision, SignedRevision};
pub use key::{PublicKey, Secret, Signature};
pub use past::{Past, Position};

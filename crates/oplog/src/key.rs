//! Keys and signatures: Ed25519, named by a hash that leaves room for a second algorithm.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::bytes::{BadBytes, Reader, Wire, Writer};
use crate::id::{KeyId, hash};

const ALGORITHM_ED25519: u8 = 1;

/// A public key: on the wire 33 bytes, the algorithm (1 = Ed25519) and the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature(pub [u8; 64]);

/// A secret key. It has no `Debug`, no `Display` and no encoding; its memory is wiped when dropped.
pub struct Secret(SigningKey);

impl PublicKey {
    /// The key's name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId(hash("peygir/key/0", &[&[ALGORITHM_ED25519], &self.0]))
    }

    /// Whether `signature` is this key's over `message`, by the strict rules of RFC 8032 that also refuse
    /// small-order points. One by one, never in a batch: nodes must agree on what is valid.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.prepare().is_some_and(|key| key.verifies(message, signature))
    }

    /// The key decompressed, for many verifications; `None` when the bytes are no point of the curve.
    #[must_use]
    pub fn prepare(&self) -> Option<PreparedKey> {
        VerifyingKey::from_bytes(&self.0).ok().map(PreparedKey)
    }

    /// The 33 wire bytes.
    #[must_use]
    pub fn to_wire(&self) -> [u8; 33] {
        let mut wire = [ALGORITHM_ED25519; 33];
        wire[1..].copy_from_slice(&self.0);
        wire
    }

    /// The key that 33 wire bytes spell, if the algorithm is known.
    #[must_use]
    pub fn from_wire(wire: &[u8]) -> Option<Self> {
        match wire {
            [ALGORITHM_ED25519, key @ ..] => key.try_into().ok().map(Self),
            _ => None,
        }
    }
}

/// A public key with its curve point at hand.
#[derive(Clone, Copy)]
pub struct PreparedKey(VerifyingKey);

impl PreparedKey {
    /// As [`PublicKey::verifies`].
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.id().short())
    }
}

impl Wire for PublicKey {
    fn write(&self, to: &mut Writer) {
        to.bytes(&self.to_wire());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Self::from_wire(from.bytes()?).ok_or(BadBytes::Malformed("public key"))
    }
}

impl Wire for Signature {
    fn write(&self, to: &mut Writer) {
        to.bytes(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.fixed("signature").map(Self)
    }
}

impl Secret {
    /// The key of a 32-byte seed; where the seed comes from is the caller's business.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The seed, to be sealed.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message that a typed, domain-separated constructor built. There is no route by which a peer's
    /// bytes reach this.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

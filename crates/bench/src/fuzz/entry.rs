//! Any bytes as an entry: what is accepted has this one encoding, and asking about it never panics.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use agreement::Operation;
use oplog::{KeyId, PublicKey, Secret, SpaceId, Unverified, Writer, to_bytes};

/// The keys under which the golden vectors are signed, so that some inputs verify.
static KEYS: LazyLock<BTreeMap<KeyId, PublicKey>> = LazyLock::new(|| {
    let keys = (0..=u8::MAX).map(|seed| Secret::from_seed(&[seed; 32]).public());
    keys.map(|key| (key.id(), key)).collect()
});

/// The public key of a name, if the golden vectors sign with it.
#[must_use]
pub fn known_key(name: KeyId) -> Option<PublicKey> {
    KEYS.get(&name).copied()
}

/// The entry of a header and a signature, put together from the protocol's text and not from the decoder.
#[must_use]
pub fn envelope(header: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.raw(&[0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0]).bytes(header).bytes(signature);
    writer.into_bytes()
}

/// Whether `data` decodes.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    let Ok(entry) = Unverified::decode(data) else { return false };
    let header = entry.header();
    let again = envelope(&to_bytes(header), &data[data.len() - 64..]);
    assert_eq!(again, data, "an accepted entry has another encoding");
    if let Ok(operation) = Operation::read(header.kind, &header.effect) {
        assert_eq!(operation.effect(), header.effect, "an effect has two encodings");
        let space = if header.space == SpaceId::ZERO { entry.id().into() } else { header.space };
        std::hint::black_box(operation.object(space, entry.id()));
    }
    if let Some(prepared) = known_key(header.key).and_then(|key| key.prepare()) {
        let (id, name) = (entry.id(), header.key);
        if let Ok(verified) = entry.verify(name, &prepared) {
            assert_eq!((verified.id(), verified.raw()), (id, data), "a verified entry is another one");
        }
    }
    true
}

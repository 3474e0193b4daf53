//! What we take for an entry, the crate `coset` takes for the same `COSE_Sign1`, and it verifies for both or for neither.
#![no_main]

use bench::fuzz::entry::known_key;
use coset::{CoseSign1, RegisteredLabelWithPrivate, TaggedCborSerializable as _, iana};
use oplog::{Signature, Unverified, to_bytes};

libfuzzer_sys::fuzz_target!(|data: &[u8]| compare(data));

fn compare(data: &[u8]) {
    let Ok(ours) = Unverified::decode(data) else { return };
    let theirs = CoseSign1::from_tagged_slice(data).expect("coset refuses what we accept");
    let header = ours.header().clone();
    assert_eq!(theirs.payload.as_deref(), Some(to_bytes(&header).as_slice()), "another payload");
    let algorithm = RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA);
    assert_eq!(theirs.protected.header.alg, Some(algorithm), "another algorithm");
    assert!(theirs.unprotected.is_empty(), "an unprotected header");
    let Some(key) = known_key(header.key) else { return };
    let verified = theirs.verify_signature(b"peygir/entry/0", |signature, signed| {
        let signature = Signature(signature.try_into().map_err(|_| ())?);
        key.verifies(signed, &signature).then_some(()).ok_or(())
    });
    let prepared = key.prepare().expect("a known key is a point");
    assert_eq!(
        ours.verify(header.key, &prepared).is_ok(),
        verified.is_ok(),
        "one verifies and the other does not"
    );
    assert_eq!(theirs.to_tagged_vec().expect("coset encodes what it read"), data, "another encoding");
}

//! Any bytes as an effect: the first names the kind, the rest has one encoding or none.

use agreement::operation::KINDS;
use agreement::{BallotTerms as _, Operation, Terms};
use oplog::{EntryId, SpaceId};

/// The input that reads `effect` as an effect of `kind`; `None` when no input does.
#[must_use]
pub fn input(kind: u64, effect: &[u8]) -> Option<Vec<u8>> {
    let at = KINDS.iter().position(|(known, _, _)| *known == kind)?;
    Some([&[u8::try_from(at).ok()?], effect].concat())
}

/// Whether `data` is an effect.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    let Some((choice, effect)) = data.split_first() else { return false };
    let (kind, word, limit) = KINDS[usize::from(*choice) % KINDS.len()];
    let Ok(operation) = Operation::read(kind, effect) else { return false };
    assert!(effect.len() <= limit, "{word} is over its limit");
    assert_eq!((operation.kind(), operation.word()), (kind, word));
    assert_eq!(operation.effect(), effect, "{word} has two encodings");
    std::hint::black_box(operation.object(SpaceId::ZERO, EntryId::ZERO));
    if let Operation::Offer(offer) = &operation
        && let Terms::Commitment(terms) = &offer.terms
    {
        let sound = terms.check().is_ok();
        assert!(!sound || (terms.due.civil().is_some() && terms.parties().len() > 1));
        terms.check_change(None).ok();
        terms.check_change(Some(terms)).ok();
    }
    true
}

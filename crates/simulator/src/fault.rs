//! What a schedule found: a property that does not hold, or an error that nothing excuses.

/// Why a schedule failed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

/// A step of a schedule.
pub(crate) type Step<T = ()> = Result<T, Fault>;

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// A fault when `holds` is false.
pub(crate) fn must(holds: bool, why: impl FnOnce() -> String) -> Step {
    if holds { Ok(()) } else { Err(Fault(why())) }
}

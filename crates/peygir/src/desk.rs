//! The desk that this process serves, for the verb that asks it for a link.

use std::sync::OnceLock;

use web::Desk;

static OPEN: OnceLock<Desk> = OnceLock::new();

/// Makes the desk known. A process serves one node, and so has one desk.
pub(crate) fn open(desk: Desk) -> &'static Desk {
    OPEN.get_or_init(|| desk)
}

/// The desk, if this process serves one.
pub(crate) fn opened() -> Option<&'static Desk> {
    OPEN.get()
}

//! The desk that this process serves, for the verbs that print links into it.

use std::sync::OnceLock;

use web::{Desk, Lang};

/// Where the desk is served when no address is given.
pub(crate) const DEFAULT: &str = "127.0.0.1:7080";

static OPEN: OnceLock<Desk> = OnceLock::new();

/// Makes the desk known. A process serves one node, and so has one desk.
pub(crate) fn open(desk: Desk) -> &'static Desk {
    OPEN.get_or_init(|| desk)
}

/// The link by which whoever has an invitation's secret chooses a passphrase; where this process serves no desk, the
/// link to where one is served when no address is given.
pub(crate) fn invitation_link(lang: Lang, secret: &str) -> String {
    match OPEN.get() {
        Some(desk) => desk.invitation_link(lang, secret),
        None => format!("http://{DEFAULT}/{}/invitation/{secret}", lang.code()),
    }
}

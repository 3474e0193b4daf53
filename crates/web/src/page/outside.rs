//! One request of whoever has no session: at the pages that lead in.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::desk::{Desk, Unproven};
use crate::error::Trouble;
use crate::fields::Fields;
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::address;

const MS_PER_SECOND: u64 = 1_000;

/// One request of whoever has no session.
pub(crate) struct Outside {
    pub(super) desk: Desk,
    pub(super) reader: Reader,
    pub(super) form: Option<Fields>,
    pub(super) from: IpAddr,
}

impl FromRequestParts<Desk> for Outside {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Trouble> {
        let reader = parts.extensions.get::<Reader>().copied().ok_or(Trouble::Missing)?;
        if parts.uri.path().split('/').nth(1) != Some(reader.lang.code()) {
            return Err(Trouble::Missing);
        }
        let form = parts.extensions.remove::<Fields>();
        Ok(Self { desk: desk.clone(), reader, form, from: address(parts) })
    }
}

/// Why a passphrase opened nothing, for whoever typed it; `wrong` is the message for one that is not the right one.
pub(super) fn unproven(reader: Reader, why: Unproven, wrong: &str) -> Markup {
    match why {
        Unproven::Wrong => Markup::isolating(&reader.say(wrong)),
        Unproven::Wait(wait_ms) => {
            reader.tell("fault-wait", &[("seconds", wait_ms.div_ceil(MS_PER_SECOND).into())])
        }
    }
}

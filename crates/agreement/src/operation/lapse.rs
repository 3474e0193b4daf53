//! `lapse` withdraws one's own offer, effective on notice: whoever answers before seeing it binds both sides.

use oplog::{ObjectId, wire_struct};

use crate::operation::Subject;

/// Withdraws the author's offer in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// What it is about.
    pub subject: Subject,
    /// The object.
    pub object: ObjectId,
    /// The slot.
    pub slot: u64,
}

wire_struct!(Lapse { subject, object, slot });

//! `pass` gives up one's turn to offer after offers crossed; it may be signed ahead.

use oplog::{ObjectId, wire_struct};

use crate::operation::Subject;

/// Gives up the turn in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// What it is about.
    pub subject: Subject,
    /// The object.
    pub object: ObjectId,
    /// The slot.
    pub slot: u64,
}

wire_struct!(Pass { subject, object, slot });

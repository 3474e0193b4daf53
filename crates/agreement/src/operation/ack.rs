//! `ack` says what a party has received: its `deps` name heads. It changes no record.

use oplog::{Digest, wire_struct};

/// A receipt that people see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The digest of the author's records, when it held all that it names.
    pub digest: Option<Digest>,
    /// The rules level that the author's node can live by.
    pub level: u64,
}

wire_struct!(Ack { digest, level });

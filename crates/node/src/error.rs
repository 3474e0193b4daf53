//! Why a node did not do what it was asked.

use agreement::Refusal;
use oplog::{BadBytes, BadEntry};
use store::StoreError;

/// The world failed, or a person asked for what cannot be.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The database failed; nothing of the request was kept.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The rules refuse; nothing was signed.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// An entry is not well formed or not signed by its key.
    #[error("{0}")]
    Entry(#[from] BadEntry),
    /// Bytes do not decode.
    #[error("{0}")]
    Bytes(#[from] BadBytes),
    /// This node must not sign in this space; says why and what to do.
    #[error("this node will not sign: {0}")]
    WillNotSign(String),
    /// The node is in no such space.
    #[error("no such space")]
    NoSuchSpace,
    /// There is no such object.
    #[error("no such {0}")]
    NoSuch(&'static str),
    /// The content of the terms is not here, so nobody can sign them.
    #[error("the full text of these terms has not arrived yet: sync first")]
    TextMissing,
    /// The request's id was used for another request.
    #[error("this request id was used for something else")]
    RequestReused,
    /// An invitation does not hold.
    #[error("invitation: {0}")]
    Invitation(&'static str),
    /// The role of whoever asks does not allow it.
    #[error("the role of this person does not allow it")]
    NotAllowed,
    /// An account cannot be as it was asked for.
    #[error("{0}")]
    People(&'static str),
    /// A peer broke the protocol.
    #[error("peer: {0}")]
    Peer(String),
    /// Keys cannot be read or written.
    #[error("keys: {0}")]
    Keys(String),
    /// The folder or its settings do not do.
    #[error("{0}")]
    Config(String),
    /// A file cannot be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

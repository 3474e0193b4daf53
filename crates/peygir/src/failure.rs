//! Why a verb did not do what it was asked: what kind of failure, a sentence, and a hint where one helps.

use node::NodeError;
use serde::{Deserialize, Serialize};

/// What kind of failure it is; `main` gives each its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// The command line asks for what cannot be.
    Usage,
    /// The rules refuse.
    Refused,
    /// This node must not sign.
    WillNotSign,
    /// There is no such thing here.
    NotFound,
    /// The disk is full, or the database or a file failed.
    Disk,
    /// A peer, a bundle or the network failed.
    Peer,
    /// Keys or passphrase.
    Keys,
}

/// A failure, as it is told on standard error and over the control socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// What kind.
    pub(crate) kind: Kind,
    /// What went wrong, in one sentence.
    pub(crate) text: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

/// The result of a verb.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure of a kind.
    pub(crate) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), hint: None }
    }

    /// The command line asks for what cannot be.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::new(Kind::Usage, text)
    }

    /// There is no such thing here.
    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, text)
    }

    /// A peer or the network failed.
    pub(crate) fn peer(text: impl Into<String>) -> Self {
        Self::new(Kind::Peer, text)
    }

    /// A file failed.
    pub(crate) fn file(what: &std::path::Path, why: &std::io::Error) -> Self {
        Self::new(Kind::Disk, format!("{}: {why}", what.display()))
    }

    /// This failure with a hint.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        let (kind, hint) = match &error {
            NodeError::Store(node::StoreError::Full) => {
                (Kind::Disk, Some("free some space; nothing acknowledged was lost, and reading goes on"))
            }
            NodeError::File(why) if why.kind() == std::io::ErrorKind::StorageFull => (
                Kind::Disk,
                Some("free some space and repeat the act with the same --id; nothing acknowledged was lost"),
            ),
            NodeError::Store(_) | NodeError::File(_) => (
                Kind::Disk,
                Some("an act that failed so may be done all the same: repeat it with the same --id"),
            ),
            NodeError::Refused(_) | NodeError::Invitation(_) | NodeError::NotAllowed => (Kind::Refused, None),
            NodeError::RequestReused => (Kind::Refused, Some("leave --id out, and a fresh one is made")),
            NodeError::TextMissing => (Kind::Refused, Some("peygir sync")),
            NodeError::WillNotSign(_) => (Kind::WillNotSign, None),
            NodeError::NoSuchSpace => (Kind::NotFound, Some("peygir spaces lists them")),
            NodeError::NoSuch(_) => (Kind::NotFound, Some("peygir list and peygir log show ids")),
            NodeError::Entry(_) | NodeError::Bytes(_) | NodeError::Peer(_) => (Kind::Peer, None),
            NodeError::Keys(_) => (Kind::Keys, None),
            NodeError::Config(_) | NodeError::People(_) => (Kind::Usage, None),
        };
        Self { kind, text: error.to_string(), hint: hint.map(str::to_owned) }
    }
}

impl From<agreement::Refusal> for Failure {
    fn from(refusal: agreement::Refusal) -> Self {
        NodeError::Refused(refusal).into()
    }
}

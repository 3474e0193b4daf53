//! What an entry does: one file per operation, holding its fields, its rule and its tests.

pub mod accept;
pub mod ack;
pub mod admit;
pub mod attach;
pub mod cancel;
pub mod comment;
pub mod confirm;
pub mod convene;
pub mod counter;
pub mod decline;
pub mod dispute;
pub mod enrol;
pub mod erase;
pub mod genesis;
pub mod lapse;
pub mod leave;
pub mod offer;
pub mod pass;
pub mod release;
pub mod report;
pub mod revoke;
pub mod satisfy;
pub mod transcribe;
pub mod withdraw;

use oplog::{BadBytes, EntryId, ObjectId, SpaceId, from_bytes, to_bytes, wire_code};

use crate::agreement::Agreement;
use crate::ballot;
use crate::change::Change;
use crate::commitment::Commitment;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::Space;
use crate::standing::By;
use crate::terms::Terms;

pub use accept::Accept;
pub use ack::Ack;
pub use admit::Admit;
pub use attach::Attach;
pub use cancel::Cancel;
pub use comment::Comment;
pub use confirm::Confirm;
pub use convene::Convene;
pub use counter::Counter;
pub use decline::Decline;
pub use dispute::Dispute;
pub use enrol::Enrol;
pub use erase::Erase;
pub use genesis::Genesis;
pub use lapse::Lapse;
pub use leave::Leave;
pub use offer::Offer;
pub use pass::Pass;
pub use release::Release;
pub use report::Report;
pub use revoke::Revoke;
pub use satisfy::Satisfy;
pub use transcribe::Transcribe;
pub use withdraw::Withdraw;

/// Which type of object a step of a ballot is about, so that it finds its record whatever else is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A commitment.
    Commitment,
    /// The space itself.
    Space,
    /// An agreement.
    Agreement,
    /// A meeting, of which the minutes are balloted.
    Meeting,
}

wire_code!(Subject { Commitment = 1, Space = 2, Agreement = 3, Meeting = 4 });

/// Applies a rule of ballots to a record, if it is one of the subject that has a ballot of slots.
macro_rules! balloted {
    ($subject:expr, $record:expr, $it:ident => $rule:expr) => {
        match ($subject, $record) {
            ($crate::operation::Subject::Commitment, Some($crate::record::Record::Commitment($it))) => $rule,
            ($crate::operation::Subject::Agreement, Some($crate::record::Record::Agreement($it))) => $rule,
            ($crate::operation::Subject::Meeting, Some($crate::record::Record::Meeting($it))) => $rule,
            _ => Err($crate::refusal::Refusal::NoSuchObject),
        }
    };
}
pub(crate) use balloted;

/// Why an effect is not read: the entry stays in the log and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The kind is not known at this code's rules level.
    Kind(u64),
    /// The effect is over its kind's limit.
    TooLong,
    /// The effect is not the one encoding of its kind.
    Bytes(BadBytes),
}

impl From<Unreadable> for Refusal {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Kind(kind) => Self::Kind(kind),
            Unreadable::TooLong => Self::Unreadable("it is over its kind's limit"),
            Unreadable::Bytes(BadBytes::Malformed(what) | BadBytes::TooLong(what)) => Self::Unreadable(what),
            Unreadable::Bytes(BadBytes::Trailing) => Self::Unreadable("bytes remain"),
            Unreadable::Bytes(BadBytes::NotCanonical) => Self::Unreadable("not canonical"),
        }
    }
}

macro_rules! operations {
    ($($name:ident = $kind:literal, $word:literal, $limit:literal;)+) => {
        /// What was done.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Operation {$(
            #[doc = concat!("`", $word, "`, kind ", $kind, ", at most ", $limit, " bytes of effect.")]
            $name($name),
        )+}

        /// Every kind: its number, its word, and the most bytes of its effect.
        pub const KINDS: &[(u64, &str, usize)] = &[$(($kind, $word, $limit)),+];

        impl Operation {
            /// The number on the wire.
            #[must_use]
            pub fn kind(&self) -> u64 {
                match self { $(Self::$name(_) => $kind),+ }
            }

            /// The encoded fields.
            #[must_use]
            pub fn effect(&self) -> Vec<u8> {
                match self { $(Self::$name(fields) => to_bytes(fields)),+ }
            }

            /// Reads an effect.
            ///
            /// # Errors
            /// An unknown kind, or an effect over its limit or not in its one encoding.
            pub fn read(kind: u64, effect: &[u8]) -> Result<Self, Unreadable> {
                match kind {
                    $($kind if effect.len() > $limit => Err(Unreadable::TooLong),
                    $kind => from_bytes(effect).map(Self::$name).map_err(Unreadable::Bytes),)+
                    _ => Err(Unreadable::Kind(kind)),
                }
            }
        }

        $(impl From<$name> for Operation {
            fn from(fields: $name) -> Self {
                Self::$name(fields)
            }
        })+
    };
}

operations! {
    Genesis = 1, "genesis", 16_384;
    Admit = 2, "admit", 16_384;
    Enrol = 3, "enrol", 16_384;
    Revoke = 4, "revoke", 16_384;
    Leave = 5, "leave", 64;
    Ack = 6, "ack", 256;
    Offer = 16, "offer", 32_768;
    Accept = 17, "accept", 256;
    Decline = 18, "decline", 256;
    Counter = 19, "counter", 32_768;
    Lapse = 20, "lapse", 256;
    Pass = 21, "pass", 256;
    Satisfy = 32, "satisfy", 256;
    Report = 33, "report", 256;
    Confirm = 34, "confirm", 256;
    Dispute = 35, "dispute", 256;
    Release = 36, "release", 256;
    Cancel = 37, "cancel", 256;
    Attach = 48, "attach", 256;
    Erase = 49, "erase", 256;
    Transcribe = 50, "transcribe", 256;
    Comment = 51, "comment", 256;
    Withdraw = 64, "withdraw", 256;
    Convene = 65, "convene", 16_384;
}

impl Operation {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        word(self.kind())
    }

    /// What sort of object it is about, as far as it says; comments, files and transcripts do not.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        let of_terms = |terms: &Terms| match terms {
            Terms::Commitment(_) => Subject::Commitment,
            Terms::Space(_) => Subject::Space,
            Terms::Agreement(_) => Subject::Agreement,
            Terms::Minutes(_) => Subject::Meeting,
        };
        Some(match self {
            Self::Genesis(_) | Self::Admit(_) | Self::Enrol(_) | Self::Revoke(_) | Self::Leave(_) => {
                Subject::Space
            }
            Self::Offer(offer) => of_terms(&offer.terms),
            Self::Counter(counter) => of_terms(&counter.terms),
            Self::Accept(accept) => accept.subject,
            Self::Decline(decline) => decline.subject,
            Self::Lapse(lapse) => lapse.subject,
            Self::Pass(pass) => pass.subject,
            Self::Satisfy(_)
            | Self::Report(_)
            | Self::Confirm(_)
            | Self::Dispute(_)
            | Self::Release(_)
            | Self::Cancel(_) => Subject::Commitment,
            Self::Withdraw(_) => Subject::Agreement,
            Self::Convene(_) => Subject::Meeting,
            Self::Ack(_) | Self::Attach(_) | Self::Erase(_) | Self::Transcribe(_) | Self::Comment(_) => {
                return None;
            }
        })
    }

    /// The object whose record it is folded into, when it stands in the entry `id` of `space`; `None` for an `ack`.
    #[must_use]
    pub fn object(&self, space: SpaceId, id: EntryId) -> Option<ObjectId> {
        let subject = |subject: Subject, object: ObjectId| match subject {
            Subject::Commitment | Subject::Agreement | Subject::Meeting => object,
            Subject::Space => space.into(),
        };
        Some(match self {
            Self::Genesis(_) | Self::Admit(_) | Self::Enrol(_) | Self::Revoke(_) | Self::Leave(_) => {
                space.into()
            }
            Self::Ack(_) => return None,
            Self::Offer(Offer { terms: Terms::Space(_), .. }) => space.into(),
            Self::Offer(offer) => offer.object.unwrap_or_else(|| id.into()),
            Self::Accept(accept) => subject(accept.subject, accept.object),
            Self::Decline(decline) => subject(decline.subject, decline.object),
            Self::Counter(counter) => counter.object,
            Self::Lapse(lapse) => subject(lapse.subject, lapse.object),
            Self::Pass(pass) => subject(pass.subject, pass.object),
            Self::Satisfy(satisfy) => satisfy.object,
            Self::Report(report) => report.object,
            Self::Confirm(confirm) => confirm.object,
            Self::Dispute(dispute) => dispute.object,
            Self::Release(release) => release.object,
            Self::Cancel(cancel) => cancel.object,
            Self::Withdraw(withdraw) => withdraw.object,
            Self::Convene(convene) => convene.object.unwrap_or_else(|| id.into()),
            Self::Attach(_) | Self::Comment(_) => id.into(),
            Self::Erase(erase) => erase.object,
            Self::Transcribe(transcribe) => transcribe.object.unwrap_or_else(|| id.into()),
        })
    }

    /// Whether it speaks against its author, so that it binds when another party relied on it before it learned
    /// that the key was taken back or forked. Votes of every sort are among them: the others acted on them.
    #[must_use]
    pub fn binds_its_author(&self) -> bool {
        match self {
            Self::Genesis(_)
            | Self::Admit(_)
            | Self::Offer(_)
            | Self::Accept(_)
            | Self::Decline(_)
            | Self::Counter(_)
            | Self::Lapse(_)
            | Self::Pass(_)
            | Self::Satisfy(_)
            | Self::Confirm(_)
            | Self::Release(_)
            | Self::Convene(_) => true,
            Self::Enrol(_)
            | Self::Revoke(_)
            | Self::Leave(_)
            | Self::Ack(_)
            | Self::Report(_)
            | Self::Dispute(_)
            | Self::Cancel(_)
            | Self::Withdraw(_)
            | Self::Attach(_)
            | Self::Erase(_)
            | Self::Transcribe(_)
            | Self::Comment(_) => false,
        }
    }

    /// Whether guardians' signatures inside it, and not the signing key, give it its force.
    #[must_use]
    pub fn rests_on_guardians(&self) -> bool {
        matches!(self, Self::Genesis(_) | Self::Enrol(_) | Self::Revoke(_))
    }

    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match self {
            Self::Genesis(genesis) => genesis.decide(record, by),
            Self::Admit(admit) => admit.decide(space(record)?, by),
            Self::Enrol(enrol) => enrol.decide(space(record)?, by),
            Self::Revoke(revoke) => revoke.decide(space(record)?, by),
            Self::Leave(leave) => leave.decide(space(record)?, by),
            Self::Ack(_) => Ok(Vec::new()),
            Self::Offer(offer) => offer.decide(record, by),
            Self::Accept(accept) => accept.decide(record, by),
            Self::Decline(decline) => decline.decide(record, by),
            Self::Counter(counter) => counter.decide(record, by),
            Self::Lapse(lapse) => balloted!(lapse.subject, record, it => ballot::lapse(it, lapse.slot, by)),
            Self::Pass(pass) => balloted!(pass.subject, record, it => ballot::pass(it, pass.slot, by)),
            Self::Satisfy(satisfy) => satisfy.decide(commitment(record)?, by),
            Self::Report(report) => report.decide(commitment(record)?, by),
            Self::Confirm(confirm) => confirm.decide(commitment(record)?, by),
            Self::Dispute(dispute) => dispute.decide(commitment(record)?, by),
            Self::Release(release) => release.decide(commitment(record)?, by),
            Self::Cancel(cancel) => cancel.decide(commitment(record)?, by),
            Self::Withdraw(withdraw) => withdraw.decide(agreement(record)?, by),
            Self::Convene(convene) => convene.decide(record, by),
            Self::Attach(attach) => attach.decide(record, by),
            Self::Comment(comment) => comment.decide(record, by),
            Self::Erase(erase) => erase.decide(record, by),
            Self::Transcribe(transcribe) => transcribe.decide(record, by),
        }
    }
}

/// The word for a kind; `future` when this code does not know it.
#[must_use]
pub fn word(kind: u64) -> &'static str {
    KINDS.iter().find(|(known, _, _)| *known == kind).map_or("future", |(_, word, _)| word)
}

fn space(record: Option<&Record>) -> Result<&Space, Refusal> {
    match record {
        Some(Record::Space(space)) => Ok(space),
        _ => Err(Refusal::NoSuchObject),
    }
}

fn agreement(record: Option<&Record>) -> Result<&Agreement, Refusal> {
    match record {
        Some(Record::Agreement(agreement)) => Ok(agreement),
        _ => Err(Refusal::NoSuchObject),
    }
}

fn commitment(record: Option<&Record>) -> Result<&Commitment, Refusal> {
    match record {
        Some(Record::Commitment(commitment)) => Ok(commitment),
        _ => Err(Refusal::NoSuchObject),
    }
}

//! Why an operation changes nothing: a party broke a rule. A refusal is data, shown beside the entry.

use oplog::PartyId;

/// The rule that an operation breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The kind is not known at the space's rules level.
    Kind(u64),
    /// The effect does not decode as its kind demands.
    Unreadable(&'static str),
    /// The author's key does not count here; says why.
    Standing(&'static str),
    /// The object is not in this space, or of another type.
    NoSuchObject,
    /// The terms break a rule; says which one they must keep.
    Terms(&'static str),
    /// The slot does not exist, or an earlier one is undecided.
    NoSuchSlot,
    /// An offer is on the table that the author has seen: it wants an answer, not another offer.
    AnswerFirst,
    /// After two colliding offers the turn is another party's.
    NotYourTurn(PartyId),
    /// The party has voted in this slot.
    AlreadyVoted,
    /// The author had seen that the offer was withdrawn.
    Lapsed,
    /// The terms are not on the table in this slot.
    NoSuchTerms,
    /// The party has no voice in this.
    NotNamed,
    /// Only the debtor may.
    OnlyDebtor,
    /// Only a creditor who has not released may.
    OnlyCreditor,
    /// Only the author may.
    OnlyAuthor,
    /// Nothing is in force.
    NotInForce,
    /// No more can come of it.
    Closed,
    /// Its condition does not hold yet.
    Conditional,
    /// There is no such condition, or it holds already.
    NoSuchCondition,
    /// The report is unknown, made under other terms, or answered.
    NoSuchReport,
    /// The author has a vote on the table for other terms, on which the others may rely; it must be decided first.
    OwnVoteOpen,
    /// The terms in force let no party leave by its own act.
    NoWithdrawal,
    /// The party has withdrawn from the terms in force.
    AlreadyWithdrawn,
    /// A named limit is reached.
    Limit(&'static str),
    /// Guardians' signatures, or the identity log, do not hold.
    Identity(&'static str),
    /// A rule of the space is broken; says which one.
    Space(&'static str),
    /// What others have signed is not erased by one.
    NotErasable,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind(kind) => write!(f, "kind {kind} is not known at this space's rules level"),
            Self::Unreadable(why) => write!(f, "the effect does not read: {why}"),
            Self::Standing(why) => write!(f, "the signing key does not count: {why}"),
            Self::NoSuchObject => write!(f, "no such object of this kind in this space"),
            Self::Terms(rule) => write!(f, "terms need {rule}"),
            Self::NoSuchSlot => write!(f, "no such round, or an earlier one is undecided"),
            Self::AnswerFirst => write!(f, "an offer is on the table: accept, counter or decline it"),
            Self::NotYourTurn(party) => {
                write!(f, "two offers crossed, and the next offer belongs to party {}", party.short())
            }
            Self::AlreadyVoted => write!(f, "this party has answered in this round"),
            Self::Lapsed => write!(f, "the offer was withdrawn, and the author had seen that"),
            Self::NoSuchTerms => write!(f, "these terms are not on the table"),
            Self::NotNamed => write!(f, "this party is not named in the terms"),
            Self::OnlyDebtor => write!(f, "only the debtor can do this"),
            Self::OnlyCreditor => write!(f, "only a creditor that has not released can do this"),
            Self::OnlyAuthor => write!(f, "only its author can do this"),
            Self::NotInForce => write!(f, "no terms are in force"),
            Self::Closed => write!(f, "it is closed"),
            Self::Conditional => write!(f, "the condition does not hold yet"),
            Self::NoSuchCondition => write!(f, "no such open condition"),
            Self::NoSuchReport => write!(f, "no such open report under the terms in force"),
            Self::OwnVoteOpen => {
                write!(f, "this party has voted for other terms; they must be decided first")
            }
            Self::NoWithdrawal => write!(f, "the terms in force let no party leave by its own act"),
            Self::AlreadyWithdrawn => write!(f, "this party has withdrawn from the terms in force"),
            Self::Limit(what) => write!(f, "{what} is at its limit"),
            Self::Identity(why) => write!(f, "identity: {why}"),
            Self::Space(rule) => write!(f, "{rule}"),
            Self::NotErasable => {
                write!(f, "what others signed, or what is not the author's, cannot be erased")
            }
        }
    }
}

impl std::error::Error for Refusal {}

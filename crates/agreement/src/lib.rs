//! What is true now: the rules of spaces, agreements, meetings and commitments, as pure functions of signed operations.
//!
//! [`decide`] looks at a record and an operation and says what would change or why not; [`Record::absorb`] makes
//! the change and cannot fail. So an operation applies whole or not at all.

pub mod agreement;
pub mod ballot;
pub mod change;
pub mod commitment;
pub mod content;
pub mod meeting;
pub mod operation;
pub mod quorum;
pub mod record;
pub mod refusal;
pub mod space;
pub mod standing;
pub mod terms;
pub mod wording;

pub use agreement::{Agreement, AgreementPhase};
pub use ballot::{Ballot, BallotTerms, Balloted};
pub use change::Change;
pub use commitment::{Commitment, Phase};
pub use content::{Content, Field, FieldTag};
pub use meeting::{Convened, Meeting, MeetingPhase};
pub use operation::{Operation, Subject, Unreadable};
pub use record::{Note, Record, Transcript, decide, sight};
pub use refusal::Refusal;
pub use space::{Ending, Introduction, Rules, Space};
pub use standing::{Authorship, By, Standing};
pub use terms::{
    AgreementTag, AgreementTerms, Closure, CommitmentTerms, Condition, Due, MinutesTerms, SpaceTerms, Tag,
    Terms, Withdrawal,
};
pub use wording::{BadWording, Clause, Wording};

/// The newest rules level that this code can live by.
pub const RULES_LEVEL: u64 = 0;

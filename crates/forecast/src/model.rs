//! What is uncertain about a programme, and why a forecast of it may be refused.

use crate::{CommitmentId, LENGTH_DAYS_MAX, Spread};
use core::fmt;
use std::collections::BTreeMap;

/// The most samples of one forecast.
pub const SAMPLES_MAX: u32 = 1_000_000;
/// The most parties whose own pace is drawn.
pub const PARTIES_MAX: usize = 4_096;

/// What is uncertain about a programme. A length's normal number is `√shared Z + √party Z_p + √(1 - shared -
/// party) ε`: one Z for all, one for each party, one for each commitment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// How long commitments may take; one that is not named takes as long as planned.
    pub spreads: BTreeMap<CommitmentId, Spread>,
    /// The share of the variance that all commitments have in common, from 0 to 1.
    pub shared: f32,
    /// The share that those of one party have in common; with [`Model::shared`] at most 1.
    pub party: f32,
}

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForecastError {
    /// The model names a commitment that the programme does not have.
    UnknownCommitment {
        /// That name.
        id: CommitmentId,
    },
    /// A spread whose numbers are in no order or beyond the limits.
    BadSpread {
        /// Of which commitment.
        id: CommitmentId,
    },
    /// The shares of variance are below 0, or above 1 together.
    BadShares,
    /// No samples, or more than [`SAMPLES_MAX`].
    BadSamples {
        /// How many were wanted.
        found: u32,
    },
    /// More than [`PARTIES_MAX`].
    TooManyParties {
        /// How many there are.
        found: usize,
    },
    /// More bytes than kept samples may take.
    TooLarge {
        /// How many it would take.
        bytes: u64,
    },
    /// At the worst the programme ends too late for the numbers that samples are kept in.
    TooLong,
    /// A sample ended too late for them.
    Saturated,
}

impl fmt::Display for ForecastError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommitment { id } => {
                write!(to, "the model names commitment {id}, which the programme does not have")
            }
            Self::BadSpread { id } => write!(
                to,
                "the lengths of commitment {id} are in no order, or beyond {LENGTH_DAYS_MAX} days at the worst"
            ),
            Self::BadShares => write!(to, "shares of variance must be 0 to 1, and together at most 1"),
            Self::BadSamples { found } => write!(to, "{found} samples, there must be 1 to {SAMPLES_MAX}"),
            Self::TooManyParties { found } => {
                write!(to, "{found} parties, at most {PARTIES_MAX} are drawn for")
            }
            Self::TooLarge { bytes } => write!(to, "the samples would take {bytes} bytes"),
            Self::TooLong => write!(to, "the programme may last too long to be drawn for"),
            Self::Saturated => write!(to, "a sample ended too late for its numbers"),
        }
    }
}

impl core::error::Error for ForecastError {}

//! When it will be done: the timetable of a programme, reckoned from its commitments and the links between them.
//!
//! Pure: nothing here reads a clock, a file or chance, and no result flows back into the record. Days are whole
//! numbers; a float is a probability or a point of the normal distribution.

mod backtest;
mod beta;
mod chance;
mod critical_path;
mod kernel;
mod model;
mod monte_carlo;
mod network;
mod network_error;
mod normal;
#[cfg(test)]
mod oracle;
mod order;
mod plan;
mod spread;
mod ticked;
mod track_record;
mod what_if;

pub use backtest::{BACKTEST_MAX, Backtest, KNOWN_MIN, backtest};
pub use critical_path::{CriticalPath, Driver, Times};
pub use model::{ForecastError, Model, PARTIES_MAX, SAMPLES_MAX};
pub use monte_carlo::{Chance, Forecast, THREADS_MAX};
pub use network::{Network, compile};
pub use network_error::{ERRORS_MAX, NetworkError};
pub use plan::{
    Bounds, COMMITMENTS_MAX, Commitment, CommitmentId, LAG_DAYS_MAX, LENGTH_DAYS_MAX, LINKS_MAX, Length,
    Link, LinkKind, PartyId, Programme,
};
pub use spread::{RECORD_MAX, SIGMA_MAX, Spread};
pub use track_record::{DueKeptRate, FieldId, HALF_LIFE_DAYS, OUTCOMES_MAX, Outcome, TrackRecord};
pub use what_if::{KEPT_BYTES_MAX, Kept};

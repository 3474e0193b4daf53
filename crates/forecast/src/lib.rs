//! When it will be done: the timetable of a programme, reckoned from its commitments and the links between them.
//!
//! Pure: nothing here reads a clock, a file or chance, and no result flows back into the record. Days are whole
//! numbers; a float is a probability or a point of the normal distribution.

mod critical_path;
mod network;
mod network_error;
mod order;
mod plan;

pub use critical_path::{CriticalPath, Driver, Times};
pub use network::{Network, compile};
pub use network_error::{ERRORS_MAX, NetworkError};
pub use plan::{
    Bounds, COMMITMENTS_MAX, Commitment, CommitmentId, LAG_DAYS_MAX, LENGTH_DAYS_MAX, LINKS_MAX, Length,
    Link, LinkKind, PartyId, Programme,
};

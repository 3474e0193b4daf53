//! Many real nodes in one process, driven by one seed: time, loss, doubling, reordering, crashes, restores and
//! parties that cheat. Whatever a seed does, it does again.

mod acts;
mod agreements;
mod chance;
mod checks;
mod fault;
mod found;
mod heal;
mod hostile;
mod illegal;
mod meetings;
mod network;
mod plan;
mod puppet;
mod retry;
mod run;
mod story;
mod tally;
mod trouble;
mod world;

pub use fault::Fault;
pub use run::{Report, last_bundle, replay, run, run_many};
pub use story::{BadStory, Story, Telling};
pub use tally::Tally;
pub use world::Listener;

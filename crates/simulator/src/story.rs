//! Executable stories: prose that a diplomat can read, with parties, acts, and the text that results.
//!
//! A story is a Markdown file. On top it says which operations it is about and who takes part; its `acts` blocks say
//! who does what and who hears from whom; its one `result` block is what the record says when all have heard all.

mod actor;
mod agreement;
mod cursor;
mod event;
mod file;
mod meeting;
mod observe;
mod play;
mod render;
mod sign;

pub use file::{BadStory, Story};
pub use play::Telling;

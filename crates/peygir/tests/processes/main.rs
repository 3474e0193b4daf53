//! The program as its users meet it: every party is processes with folders of its own, met by the command line, the
//! control socket and HTTP alone.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod agreements;
mod carried;
mod cli;
mod full_disk;
mod kill;
mod party;
mod readme;
mod restored;
mod two_processes;

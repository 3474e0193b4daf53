//! Measurements and generated input: for developers, never shipped, and no timed tests.

pub mod chance;
pub mod cpu;
pub mod exchange;
pub mod forecast;
pub mod fuzz;
pub mod growth;
pub mod mix;
pub mod pages;
pub mod receiver;
pub mod record;
pub mod start;
pub mod world;

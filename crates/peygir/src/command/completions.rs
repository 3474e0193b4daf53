//! `completions`: what a shell wants to know to complete verbs and options.

use clap::CommandFactory as _;
use clap_complete::Shell;
use serde_json::json;

use crate::Cli;
use crate::failure::Result;
use crate::request::Done;

/// Print completions for a shell
///
/// Example: `peygir completions bash > /etc/bash_completion.d/peygir`
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<Done> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "peygir", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        Ok(Done::line(script.clone(), json!({ "script": script })))
    }
}

//! Start it: a sovereign node for signed commitments, one verb per file in `command`.

mod act;
mod case;
mod command;
mod control;
mod desk;
mod dial;
mod exchange;
mod failure;
mod find;
mod folder;
mod layout;
mod output;
mod reach;
mod request;
mod terms;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::{completions::Completions, demo::Demo, init::Init, serve::Serve};
use failure::Kind;
use folder::Folder;
use request::Request;

const AFTER_HELP: &str = "\
Ids may be given by their first digits, at least four, where no other begins so; spaces and parties also by name.
While `peygir serve` runs in a data folder, every other verb speaks to it; else it opens the folder itself.

Exit codes:
  0  done
  2  the command line asks for what cannot be
  3  refused by the rules
  4  this node will not sign
  5  not found
  6  the disk is full, or the database or a file failed
  7  a peer, a bundle or the network failed
  8  keys or passphrase";

/// The exit code of each kind of failure, as the help above says.
fn exit_code(kind: Kind) -> ExitCode {
    ExitCode::from(match kind {
        Kind::Usage => 2,
        Kind::Refused => 3,
        Kind::WillNotSign => 4,
        Kind::NotFound => 5,
        Kind::Disk => 6,
        Kind::Peer => 7,
        Kind::Keys => 8,
    })
}

/// Carry signed commitments between sovereign parties
///
/// Example: `peygir demo` shows two nodes at work; `peygir init --name "Ministry of Roads"` begins your own.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Cli {
    /// The data folder
    #[arg(long, global = true, env = "PEYGIR_DATA", value_name = "DIR", default_value = "./peygir-data")]
    data: PathBuf,
    /// Print JSON on standard output
    #[arg(long, global = true)]
    json: bool,
    /// The file that holds the passphrase; left out, it is asked for
    #[arg(long, global = true, env = "PEYGIR_PASSPHRASE_FILE", value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Verb {
    Init(Init),
    Serve(Serve),
    Demo(Demo),
    Completions(Completions),
    #[command(flatten)]
    Node(Request),
}

/// The command line, or why it does not read: in JSON too when that was asked for.
fn parse() -> Result<Cli, ExitCode> {
    let wrong = match Cli::try_parse() {
        Ok(cli) => return Ok(cli),
        Err(wrong) => wrong,
    };
    if wrong.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let told = wrong.render().to_string();
        let told: Vec<_> = told.trim_start_matches("error: ").split_whitespace().collect();
        output::failure(&failure::Failure::usage(told.join(" ")), None, true);
        return Err(exit_code(Kind::Usage));
    }
    wrong.exit()
}

fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let folder = Folder { path: cli.data, passphrase_file: cli.passphrase_file };
    let mut id = None;
    let done = match cli.verb {
        Verb::Init(init) => init.run(&folder),
        Verb::Serve(serve) => serve.run(&folder, cli.json),
        Verb::Demo(demo) => demo.run(),
        Verb::Completions(completions) => completions.run(),
        Verb::Node(request) => {
            id = request.id();
            control::ask(&folder, request)
        }
    };
    match done {
        Ok(done) => match output::done(&done, cli.json) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                let told =
                    failure::Failure::new(Kind::Disk, format!("it is done, but could not be printed: {why}"));
                output::failure(&told, id.as_deref(), false);
                exit_code(told.kind)
            }
        },
        Err(failure) => {
            output::failure(&failure, id.as_deref(), cli.json);
            exit_code(failure.kind)
        }
    }
}

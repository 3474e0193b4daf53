//! `demo`: plays a case with every party on this machine, each a process with a folder, keys and a mark of its own, by the
//! verbs alone.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use calendar::CivilDay;
use serde_json::{Value, json};

use crate::case::{Case, Kept};
use crate::failure::{Failure, Kind, Result};
use crate::output;
use crate::request::Done;

/// The cases that can be shown.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Which {
    /// A visit of 13 March 2023: what was reported, and what could follow from it
    Visit,
    /// A river commission of three: a counter-offer, a dispute, a space of two beside the common one
    River,
    /// One offer, one acceptance
    First,
}

impl Which {
    fn text(self) -> &'static str {
        match self {
            Self::Visit => include_str!("../../../../examples/visit.md"),
            Self::River => include_str!("../../../../examples/river.md"),
            Self::First => include_str!("../../../../examples/first.md"),
        }
    }
}

/// Show parties at work, each on a node of its own, and where to click on every side
///
/// Example: `peygir demo`, `peygir demo river`; `peygir demo --once` plays the case, compares the records and ends
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Demo {
    /// What is shown
    #[arg(value_enum, default_value = "visit")]
    case: Which,
    /// Where the nodes keep their folders; left out, in a temporary folder
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Keep the folder afterwards
    #[arg(long)]
    keep: bool,
    /// Play the case, print every side's digests, and stop
    #[arg(long)]
    once: bool,
}

/// One of the parties.
struct Side {
    name: String,
    folder: PathBuf,
    serving: Child,
    peers: String,
    desk: String,
    /// The passphrase of whoever signs in on this side.
    passphrase: String,
}

/// Under which name one signs in on either side.
const HEAD: &str = "Head of delegation";

impl Drop for Side {
    fn drop(&mut self) {
        // One that has ended already needs no end, and nobody is left to tell of one that does not.
        let _ended = self.serving.kill();
        let _code = self.serving.wait();
    }
}

/// This program, against the folders of one party.
fn command(folder: &Path) -> Result<Command> {
    let program = std::env::current_exe().map_err(|why| Failure::file(Path::new("this program"), &why))?;
    let mut command = Command::new(program);
    command
        .env("PEYGIR_DATA", folder.join("data"))
        .env("PEYGIR_STATE", folder.join("state"))
        .env("PEYGIR_PASSPHRASE_FILE", folder.join("passphrase"))
        .arg("--json")
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs a verb of one party and gives its data.
fn verb(folder: &Path, arguments: &[&str]) -> Result<Value> {
    let output = command(folder)?.args(arguments).output();
    let output = output.map_err(|why| Failure::file(Path::new("this program"), &why))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new(Kind::Peer, format!("peygir {}: {told}", arguments.join(" "))));
    }
    let data = serde_json::from_slice(&output.stdout);
    data.map_err(|why| Failure::new(Kind::Peer, format!("peygir {}: {why}", arguments.join(" "))))
}

fn text(data: &Value, field: &str) -> String {
    data.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Side {
    /// Makes a party and begins to serve it.
    fn begin(name: &str, folder: PathBuf, address: &str) -> Result<Self> {
        let fails = |why: &std::io::Error| Failure::file(&folder, why);
        std::fs::create_dir_all(&folder).map_err(|why| fails(&why))?;
        let passphrase = node::oplog::id::hex(&node::Entropy::System.salt());
        crate::folder::write_new_private(&folder.join("passphrase"), &passphrase)?;
        verb(&folder, &["init", "--name", name])?;
        let mut serving = command(&folder)?
            .args([
                "serve",
                "--peers",
                &format!("{address}:0"),
                "--desk",
                &format!("{address}:0"),
                "--every",
                "1",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|why| fails(&why))?;
        let mut line = String::new();
        if let Some(stdout) = serving.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|why| fails(&why))?;
        }
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let [peers, desk] = ["peers", "desk"].map(|field| text(&told, field));
        let passphrase = node::oplog::id::hex(&node::Entropy::System.salt()[..8]);
        let side = Self { name: name.to_owned(), peers, desk, passphrase, folder, serving };
        if side.peers.is_empty() {
            return Err(Failure::new(Kind::Peer, format!("{name} does not serve")));
        }
        let file = side.folder.join("head-passphrase");
        crate::folder::write_new_private(&file, &side.passphrase)?;
        side.verb(&["person", "add", HEAD, "--role", "head", "--secret-file", &file.to_string_lossy()])?;
        Ok(side)
    }

    fn verb(&self, arguments: &[&str]) -> Result<Value> {
        output::note(&format!("{}: peygir {}", self.name, arguments.join(" ")));
        verb(&self.folder, arguments)
    }

    /// The digest of every space that this side is in.
    fn digests(&self) -> Result<Vec<(String, String)>> {
        let status = self.verb(&["status"])?;
        let spaces = status.get("spaces").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(spaces.iter().map(|space| (text(space, "id"), text(space, "digest"))).collect())
    }
}

impl Demo {
    pub(crate) fn run(&self) -> Result<Done> {
        let tag = node::oplog::id::hex(&node::Entropy::System.salt()[..4]);
        let folder =
            self.folder.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("peygir-demo-{tag}")));
        let folder = std::path::absolute(&folder).map_err(|why| Failure::file(&folder, &why))?;
        if folder.exists() && std::fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some()) {
            return Err(Failure::usage(format!("{} is not empty", folder.display())));
        }
        let done = self.play(&folder);
        if !self.keep {
            // What could not be removed is in a folder whose name was printed.
            let _left = std::fs::remove_dir_all(&folder);
        }
        done
    }

    fn play(&self, folder: &Path) -> Result<Done> {
        let case = Case::read(self.case.text())?;
        // Before anything starts, so that an early ctrl-c also stops them all.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|why| Failure::file(folder, &why))?;
        let begin = |(number, name): (usize, &String)| {
            let folder = folder.join((number + 1).to_string());
            Side::begin(name, folder, &format!("127.0.0.{}", number + 1))
        };
        let sides: Vec<_> = case.parties.iter().enumerate().map(begin).collect::<Result<_>>()?;
        let texts = folder.join("texts");
        std::fs::create_dir_all(&texts).map_err(|why| Failure::file(&texts, &why))?;
        for (name, text) in &case.texts {
            let file = texts.join(name);
            std::fs::write(&file, text).map_err(|why| Failure::file(&file, &why))?;
        }
        act_out(&case, &sides, &texts)?;
        if self.once {
            return compared(&sides);
        }
        output::line(&format!("{} nodes run in {}", sides.len(), folder.display()));
        for side in &sides {
            output::line(&format!("{} hears peers at {}", side.name, side.peers));
            for (language, name) in [("en", "English"), ("fa", "Persian")] {
                output::line(&format!("  sign in, in {name}: {}/{language}/sign-in", side.desk));
            }
            output::line(&format!("    as {HEAD}, with the passphrase {}", side.passphrase));
            output::line(&format!(
                "  or by the command line: PEYGIR_STATE={0}/state peygir --data {0}/data status",
                side.folder.display()
            ));
        }
        output::line("ctrl-c ends them");
        runtime.block_on(tokio::signal::ctrl_c()).map_err(|why| Failure::file(folder, &why))?;
        Ok(Done { lines: vec!["ended".to_owned()], data: json!({ "ended": true }) })
    }
}

/// Has the parties do what the case tells.
fn act_out(case: &Case, sides: &[Side], texts: &Path) -> Result<()> {
    let day = node::Clock::System.now_ms() / 86_400_000;
    let today = i32::try_from(day).ok().and_then(|days| CivilDay::from_days(days).ok());
    let today = today.ok_or_else(|| Failure::usage("the clock of this machine is far off"))?;
    let mut kept = Kept::default();
    for act in &case.acts {
        let Some(side) = act.by.and_then(|number| sides.get(number)) else {
            exchange(sides)?;
            continue;
        };
        let words = act.words(&kept, today, texts)?;
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        kept.keep(act, side.verb(&words)?);
    }
    exchange(sides)
}

/// Everyone exchanges with everyone it knows, forth and back.
fn exchange(sides: &[Side]) -> Result<()> {
    for side in sides.iter().chain(sides) {
        side.verb(&["sync"])?;
    }
    Ok(())
}

/// Every side's digests, which must be equal for each space.
fn compared(sides: &[Side]) -> Result<Done> {
    let (mut lines, mut spaces) = (Vec::new(), std::collections::BTreeMap::new());
    for side in sides {
        for (space, digest) in side.digests()? {
            lines.push(format!("{}: digest {digest}", side.name));
            let first: &mut String = spaces.entry(space).or_insert_with(|| digest.clone());
            if *first != digest || digest.is_empty() {
                return Err(Failure::new(
                    Kind::Disk,
                    format!("the nodes do not agree: {first} and {digest}"),
                ));
            }
        }
    }
    Ok(Done { lines, data: json!({ "spaces": spaces }) })
}

//! `demo`: two parties on this machine, each a process with a folder, keys and a mark of its own, by the verbs alone.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::failure::{Failure, Kind, Result};
use crate::output;
use crate::request::Done;

/// Show two nodes at work: an offer that was accepted, and where to click on either side
///
/// Example: `peygir demo`, `peygir demo --once` runs the whole job and ends
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Demo {
    /// Where the two nodes keep their folders; left out, in a temporary folder
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Keep the folder afterwards
    #[arg(long)]
    keep: bool,
    /// Carry the commitment to its end, print both digests, and stop
    #[arg(long)]
    once: bool,
}

/// One of the two parties.
struct Side {
    name: &'static str,
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
    fn begin(name: &'static str, folder: PathBuf, address: &str) -> Result<Self> {
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
        let side = Self { name, peers, desk, passphrase, folder, serving };
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

    fn digest(&self) -> Result<String> {
        let status = self.verb(&["status"])?;
        let space = status.get("spaces").and_then(|spaces| spaces.get(0)).cloned().unwrap_or_default();
        Ok(text(&space, "digest"))
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
        // Before anything starts, so that an early ctrl-c also stops both.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|why| Failure::file(folder, &why))?;
        let a = Side::begin("Ministry of Roads", folder.join("a"), "127.0.0.1")?;
        let b = Side::begin("Belarusian Railway", folder.join("b"), "127.0.0.2")?;
        let object = meet(&a, &b)?;
        if self.once {
            return carry_through(&a, &b, &object);
        }
        output::line(&format!("two nodes run in {}", folder.display()));
        for side in [&a, &b] {
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
        output::line("ctrl-c ends both");
        runtime.block_on(tokio::signal::ctrl_c()).map_err(|why| Failure::file(folder, &why))?;
        Ok(Done { lines: vec!["ended".to_owned()], data: json!({ "ended": true }) })
    }
}

/// From nothing to a commitment in force. Gives the commitment.
fn meet(a: &Side, b: &Side) -> Result<String> {
    let space = text(&a.verb(&["found", "Joint commission"])?, "space");
    let link = text(&a.verb(&["invite", "--space", &space])?, "link");
    let fingerprint = text(&b.verb(&["join", &link])?, "party");
    a.verb(&["admit", &fingerprint, "--space", &space])?;
    b.verb(&["sync"])?;
    let offer = a.verb(&[
        "offer",
        "--space",
        &space,
        "--debtor",
        b.name,
        "--creditor",
        "me",
        "--due",
        "2027-03-20",
        "--zone",
        "Asia/Tehran",
        "--title",
        "Deliver 12 locomotives",
        "--title-fa",
        "تحویل ۱۲ لوکوموتیو",
        "--deliverable",
        "12 locomotives, at the Sarakhs border station",
        "--criterion",
        "an act of acceptance signed at the station",
    ])?;
    let object = text(&offer, "object");
    b.verb(&["sync"])?;
    b.verb(&["accept", &object])?;
    b.verb(&["sync"])?;
    Ok(object)
}

/// From a commitment in force to its end. Gives both digests, which must be equal.
fn carry_through(a: &Side, b: &Side, object: &str) -> Result<Done> {
    b.verb(&["report", object, "--note", "delivered, act 17"])?;
    b.verb(&["sync"])?;
    a.verb(&["confirm", object])?;
    a.verb(&["sync"])?;
    let (one, two) = (a.digest()?, b.digest()?);
    let phases = [a, b].map(|side| side.verb(&["show", object]).map(|shown| text(&shown, "phase")));
    let lines = vec![format!("{}: digest {one}", a.name), format!("{}: digest {two}", b.name)];
    for phase in phases {
        if phase? != "confirmed" || one != two || one.is_empty() {
            return Err(Failure::new(Kind::Disk, format!("the two nodes do not agree: {one} and {two}")));
        }
    }
    Ok(Done { lines, data: json!({ "digests": [one, two], "phase": "confirmed", "object": object }) })
}

//! A party as its people meet it: the real program, a data folder, a state folder, keys; nothing else is shared.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// How often something is asked before a test gives up waiting, and how long the pause is between.
const ASKED_MAX: u32 = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// The program under test, with nothing of the environment that it was built in.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peygir"));
    for variable in ["PEYGIR_DATA", "PEYGIR_STATE", "PEYGIR_PASSPHRASE_FILE", "XDG_STATE_HOME", "HOME"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null());
    command
}

/// What a verb that failed has told, in JSON and on standard error alike.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) text: String,
    pub(crate) hint: String,
}

/// One party.
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) data: PathBuf,
    pub(crate) state: PathBuf,
    pub(crate) passphrase: PathBuf,
    pub(crate) url: String,
    serving: Option<Child>,
    _home: TempDir,
}

impl Drop for Party {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Party {
    /// A party in folders of its own.
    pub(crate) fn new(name: &str) -> Self {
        let party = Self::unmade(name);
        party.ok(&["init", "--name", name]);
        party
    }

    /// A party before its `init`.
    pub(crate) fn unmade(name: &str) -> Self {
        let home = TempDir::new().unwrap();
        let at = |folder: &str| home.path().join(folder);
        let (data, state, passphrase) = (at("data"), at("state"), at("passphrase"));
        std::fs::write(&passphrase, format!("the words of {name}\n")).unwrap();
        Self {
            name: name.to_owned(),
            data,
            state,
            passphrase,
            url: String::new(),
            serving: None,
            _home: home,
        }
    }

    /// The program against this party's folders.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .env("PEYGIR_DATA", &self.data)
            .env("PEYGIR_STATE", &self.state)
            .env("PEYGIR_PASSPHRASE_FILE", &self.passphrase)
            .args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a verb that must be done, and gives its data.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{}: {arguments:?}: {told}", self.name);
        serde_json::from_slice(&output.stdout).expect("one JSON value")
    }

    /// Runs a verb that must fail with this exit code, and gives what it told.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> Failed {
        failed(code, arguments, &self.run(&[arguments, &["--json"]].concat()))
    }

    /// What people read when a verb is done.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{}: {arguments:?}: {told}", self.name);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Begins to serve on a free port, and goes round every second.
    pub(crate) fn serve(&mut self) {
        let address = self.url.strip_prefix("http://").unwrap_or("127.0.0.1:0").to_owned();
        let (child, url) = self.try_serve(&address).expect("the node serves");
        (self.serving, self.url) = (Some(child), url);
    }

    /// Tries to serve at an address; `None` when the program ends instead.
    pub(crate) fn try_serve(&self, address: &str) -> Option<(Child, String)> {
        let mut command = self.command(&["serve", "--json", "--every", "1", "--peers", address]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        match told["peers"].as_str() {
            Some(url) => Some((child, url.to_owned())),
            None => {
                child.wait().unwrap();
                None
            }
        }
    }

    /// Ends serving as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.serving.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Ends serving as a service manager would. Gives the exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let mut child = self.serving.take().expect("it serves");
        let pid = child.id().to_string();
        assert!(Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status().unwrap().success());
        child.wait().unwrap().code()
    }

    /// The digest of the one space this party is in.
    pub(crate) fn digest(&self) -> String {
        text(&self.ok(&["status"])["spaces"][0], "digest")
    }

    /// Where a commitment stands.
    pub(crate) fn phase(&self, object: &str) -> String {
        text(&self.ok(&["show", object]), "phase")
    }

    /// Puts an offer on the table: B owes A twelve locomotives, or whatever the title says.
    pub(crate) fn offer(&self, debtor: &str, creditor: &str, title: &str) -> String {
        let terms = ["--due", "2027-03-20", "--zone", "Asia/Tehran", "--title", title];
        let parties = ["offer", "--debtor", debtor, "--creditor", creditor];
        text(&self.ok(&[&parties[..], &terms].concat()), "object")
    }

    pub(crate) fn comment(&self, words: &str) -> Value {
        let space = self.space();
        self.ok(&["comment", &space, words])
    }

    /// The one space this party is in.
    pub(crate) fn space(&self) -> String {
        text(&self.ok(&["spaces"])[0], "id")
    }

    /// The ids of all entries here, in order of arrival.
    pub(crate) fn entries(&self) -> Vec<String> {
        let log = self.ok(&["log", "--limit", "1000000"]);
        log.as_array().unwrap().iter().map(|entry| text(entry, "id")).collect()
    }
}

/// What a verb told that must have failed with this exit code.
pub(crate) fn failed(code: i32, arguments: &[&str], output: &Output) -> Failed {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let short: Vec<_> =
        arguments.iter().map(|argument| argument.chars().take(60).collect::<String>()).collect();
    assert_eq!(output.status.code(), Some(code), "{short:?}: {told}");
    let data: Value = serde_json::from_slice(&output.stdout).expect("one JSON value");
    let failed = Failed { text: text(&data["failed"], "text"), hint: text(&data["failed"], "hint") };
    assert!(!failed.text.is_empty() && told.contains(&failed.text), "{arguments:?}: {told}");
    failed
}

/// The text in a field, empty when there is none.
pub(crate) fn text(data: &Value, field: &str) -> String {
    data[field].as_str().unwrap_or_default().to_owned()
}

/// Asks until there is an answer.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..ASKED_MAX {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("{what} did not come about");
}

/// Lets `joining` into a new space of `founding`, which serves.
pub(crate) fn let_in(founding: &Party, joining: &Party) -> String {
    let space = text(&founding.ok(&["found", "Joint commission"]), "space");
    let link = text(&founding.ok(&["invite", "--space", &space]), "link");
    let fingerprint = text(&joining.ok(&["join", &link]), "party");
    founding.ok(&["admit", &fingerprint, "--space", &space, "--local-address"]);
    joining.ok(&["sync"]);
    space
}

/// Two parties in one space. The first serves; the second opens its folder for each verb.
pub(crate) fn pair() -> (Party, Party) {
    let (mut a, b) = (Party::new("Ministry of Roads"), Party::new("Belarusian Railway"));
    a.serve();
    let_in(&a, &b);
    (a, b)
}

/// Copies a folder with all that is in it, sockets apart.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let (kind, to) = (file.file_type().unwrap(), to.join(file.file_name()));
        if kind.is_dir() {
            copy_folder(&file.path(), &to);
        } else if kind.is_file() {
            std::fs::copy(file.path(), to).unwrap();
        }
    }
}

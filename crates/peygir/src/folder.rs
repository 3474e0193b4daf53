//! The data folder: where the database, the keys, the lock and the control socket are, and how a node is opened in it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use node::oplog::KeyId;
use node::{Clock, Entropy, Keys, Mark, Node, Store};

use crate::failure::{Failure, Kind, Result};

/// The variable that names the folder for marks.
const STATE_VARIABLE: &str = "PEYGIR_STATE";
/// The longest passphrase file, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 4_096;

/// A data folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The file that holds the passphrase; none means to ask.
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// The right to open the database: one process has it at a time, and the system takes it back when that one ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Folder {
    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("node.sqlite")
    }

    /// The sealed keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The socket on which a serving node hears the command line.
    pub(crate) fn socket(&self) -> PathBuf {
        self.path.join("control.sock")
    }

    /// Where the address that peers use is noted.
    fn address(&self) -> PathBuf {
        self.path.join("peers-url")
    }

    /// Checks that a party was made here.
    pub(crate) fn check(&self) -> Result<()> {
        if self.database().exists() {
            return Ok(());
        }
        Err(Failure::not_found(format!("there is no party in {}", self.path.display()))
            .hint("peygir init --name \"Ministry of Roads\", or name the folder with --data"))
    }

    /// Takes the lock, `None` when another process has it.
    pub(crate) fn try_lock(&self) -> Result<Option<Lock>> {
        let path = self.path.join("lock");
        let fails = |why: &std::io::Error| Failure::file(&path, why);
        let open = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        // A full disk must not keep an existing folder from being read.
        let file = open.or_else(|_| File::open(&path)).map_err(|why| fails(&why))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(fails(&why)),
        }
    }

    /// The passphrase, from the file or the person.
    pub(crate) fn passphrase(&self, twice: bool) -> Result<String> {
        let wrong = |text: String| Failure::new(Kind::Keys, text);
        let read = match &self.passphrase_file {
            Some(path) => {
                let told =
                    |why: std::io::Error| wrong(format!("the passphrase file {}: {why}", path.display()));
                if std::fs::metadata(path).map_err(told)?.len() > PASSPHRASE_BYTES_MAX {
                    return Err(wrong("the passphrase file is longer than 4096 bytes".to_owned()));
                }
                let text = std::fs::read_to_string(path).map_err(told)?;
                text.trim_end_matches(['\n', '\r']).to_owned()
            }
            None => {
                let ask = |prompt: &str| {
                    rpassword::prompt_password(prompt).map_err(|why| {
                        wrong(format!("the passphrase cannot be asked for: {why}"))
                            .hint("give --passphrase-file FILE")
                    })
                };
                let once = ask("passphrase: ")?;
                if twice && ask("once more: ")? != once {
                    return Err(wrong("the two passphrases differ".to_owned()));
                }
                once
            }
        };
        if read.is_empty() { Err(wrong("the passphrase is empty".to_owned())) } else { Ok(read) }
    }

    /// The high-water mark of a node.
    pub(crate) fn mark(&self, node: KeyId) -> Result<Mark> {
        Ok(Mark::File { path: self.mark_path(node)?, folder: self.path.clone() })
    }

    /// Where the high-water mark of a node is: outside the data folder, so that a copy of the folder lacks it.
    pub(crate) fn mark_path(&self, node: KeyId) -> Result<PathBuf> {
        let state = std::env::var_os(STATE_VARIABLE).map(PathBuf::from);
        let xdg = || std::env::var_os("XDG_STATE_HOME").map(|base| PathBuf::from(base).join("peygir"));
        let home = || std::env::var_os("HOME").map(|base| PathBuf::from(base).join(".local/state/peygir"));
        let state = state.or_else(xdg).or_else(home).ok_or_else(|| {
            Failure::usage("there is no place for the high-water mark")
                .hint("set PEYGIR_STATE to a folder outside the data folder")
        })?;
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or(path.to_owned());
        if absolute(&state).starts_with(absolute(&self.path)) {
            return Err(Failure::usage("the high-water mark would lie inside the data folder")
                .hint("set PEYGIR_STATE to a folder that no backup of the data folder takes along"));
        }
        Ok(state.join(node.to_string()))
    }

    /// Opens the node. Whoever calls holds the lock.
    pub(crate) fn open(&self, _lock: &Lock) -> Result<Node> {
        self.check()?;
        if !self.keys().join("salt").exists() {
            return Err(Failure::new(Kind::Keys, format!("there are no keys in {}", self.keys().display())));
        }
        let passphrase = self.passphrase(false)?;
        let mut entropy = Entropy::System;
        let keys = Keys::open(self.keys(), &passphrase, &mut entropy)?;
        let id = keys
            .node_id()
            .ok_or_else(|| Failure::new(Kind::Keys, "the node key is not in the key folder"))?;
        let mark = self.mark(id)?;
        let store = Store::open(&self.database()).map_err(node::NodeError::from)?;
        Ok(Node::open(store, keys, mark, Clock::System, entropy)?)
    }

    /// Notes the address at which peers reach this node.
    pub(crate) fn note_address(&self, url: &str) -> Result<()> {
        std::fs::write(self.address(), url).map_err(|why| Failure::file(&self.address(), &why))
    }

    /// The address at which peers reached this node when it last served.
    pub(crate) fn noted_address(&self) -> Option<String> {
        let url = std::fs::read_to_string(self.address()).ok()?;
        (!url.trim().is_empty()).then(|| url.trim().to_owned())
    }
}

/// Writes a file for the owner alone, durably; one that exists is an error.
pub(crate) fn write_new_private(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let fails = |why: &std::io::Error| Failure::file(path, why);
    let made = File::options().write(true).create_new(true).mode(0o600).open(path);
    let mut file = made.map_err(|why| fails(&why))?;
    let written = file.write_all(bytes.as_ref()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a file would stand in the way of the next try.
        let _left = std::fs::remove_file(path);
    }
    written.map_err(|why| fails(&why))
}

//! The high-water mark: the last entry this node has signed in each space, kept outside the database. A database
//! that does not hold it was restored or copied, and must not sign: it would contradict what was sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use oplog::{EntryId, KeyId, SpaceId};

use crate::{NodeError, Result};

/// The last signed entry: key, sequence number, entry.
pub type Signed = (KeyId, u64, EntryId);

/// Stands in the place of the last signed entry while nothing was signed in a space yet. It is written before the space
/// is, so that a crash behind the first commit does not look like a restored backup.
pub const NOTHING: EntryId = EntryId::ZERO;

/// Where marks are kept.
#[derive(Clone)]
pub enum Mark {
    /// In memory that outlives a node: the simulator.
    Memory(Arc<Mutex<BTreeMap<SpaceId, Signed>>>),
    /// In a file that names the folder it belongs to.
    File {
        /// The mark file.
        path: PathBuf,
        /// The node's folder.
        folder: PathBuf,
    },
}

const FIRST_LINE: &str = "peygir high-water mark 1";
/// More than a line of one space needs.
const LINE_BYTES_MAX: usize = 512;

/// A failure that says which file it is about.
fn named(path: &Path, error: &std::io::Error) -> NodeError {
    std::io::Error::new(error.kind(), format!("the high-water mark {}: {error}", path.display())).into()
}

impl Mark {
    /// A mark in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// The marks of all spaces. `None` when there is no mark at all.
    ///
    /// # Errors
    /// The file cannot be read, or belongs to another folder.
    pub fn read(&self) -> Result<Option<BTreeMap<SpaceId, Signed>>> {
        match self {
            Self::Memory(marks) => Ok(Some(marks.lock().unwrap_or_else(PoisonError::into_inner).clone())),
            Self::File { path, folder } => match std::fs::read_to_string(path) {
                Ok(text) => parse(&text, folder).map(Some),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(named(path, &error)),
            },
        }
    }

    /// Raises the mark of one space, durably. Called after the database has committed and before anyone is told.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn raise(&self, space: SpaceId, signed: Signed) -> Result<()> {
        match self {
            Self::Memory(marks) => {
                marks.lock().unwrap_or_else(PoisonError::into_inner).insert(space, signed);
                Ok(())
            }
            Self::File { path, folder } => {
                let mut marks = self.read()?.unwrap_or_default();
                if marks.insert(space, signed) == Some(signed) {
                    return Ok(());
                }
                write(path, folder, &marks).map_err(|error| named(path, &error))
            }
        }
    }

    /// Says that nothing was signed in a space yet, unless something was. Called before the space is in the database.
    ///
    /// # Errors
    /// The file cannot be read or written, or belongs to another folder.
    pub fn begin(&self, space: SpaceId, key: KeyId) -> Result<()> {
        let known = self.read()?.is_some_and(|marks| marks.contains_key(&space));
        if known { Ok(()) } else { self.raise(space, (key, 0, NOTHING)) }
    }

    /// Tries whether the mark could be written now, and changes nothing.
    ///
    /// # Errors
    /// It could not.
    pub fn probe(&self) -> Result<()> {
        let Self::File { path, folder } = self else { return Ok(()) };
        let held = match std::fs::read(path) {
            Ok(held) => held.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(named(path, &error)),
        };
        // As long as the mark may become with one more space in it.
        let text = vec![b' '; held + folder.as_os_str().len() + LINE_BYTES_MAX];
        let trial = path.with_extension("probe");
        let tried = write_durably(&trial, &text);
        let removed = std::fs::remove_file(&trial);
        tried.and(removed).map_err(|error| named(path, &error))
    }

    /// Binds the mark file to its folder, forgetting nothing: done when a folder is made, and when a person enrols a new
    /// key in a restored or copied one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn adopt(&self, keep: bool) -> Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::File { path, folder } => {
                let marks = match std::fs::read_to_string(path) {
                    Ok(text) if keep => lines(&text).map(|(_, marks)| marks).unwrap_or_default(),
                    _ => BTreeMap::new(),
                };
                write(path, folder, &marks).map_err(|error| named(path, &error))
            }
        }
    }
}

/// The folder's identity: its path and, where the system has one, its inode, so that a copy is not taken for it.
fn folder_identity(folder: &Path) -> std::io::Result<String> {
    use std::os::unix::fs::MetadataExt as _;
    let folder = folder.canonicalize()?;
    Ok(format!("{} {}", folder.metadata()?.ino(), folder.display()))
}

fn lines(text: &str) -> Option<(String, BTreeMap<SpaceId, Signed>)> {
    let mut lines = text.lines();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let folder = lines.next()?.to_owned();
    let marks = lines.map(|line| {
        let mut words = line.split(' ');
        let space = words.next()?.parse().ok()?;
        let signed = (words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((space, signed))
    });
    Some((folder, marks.collect::<Option<_>>()?))
}

fn parse(text: &str, folder: &Path) -> Result<BTreeMap<SpaceId, Signed>> {
    let (held, marks) =
        lines(text).ok_or_else(|| NodeError::Config("the high-water mark does not read".to_owned()))?;
    if held == folder_identity(folder)? {
        return Ok(marks);
    }
    Err(NodeError::WillNotSign(format!(
        "this folder is a copy (the high-water mark belongs to {held}); enrol a new key with `peygir enrol`"
    )))
}

fn write(path: &Path, folder: &Path, marks: &BTreeMap<SpaceId, Signed>) -> std::io::Result<()> {
    let mut text = format!("{FIRST_LINE}\n{}\n", folder_identity(folder)?);
    for (space, (key, seq, id)) in marks {
        use std::fmt::Write as _;
        let _infallible = writeln!(text, "{space} {key} {seq} {id}");
    }
    let next = path.with_extension("next");
    write_durably(&next, text.as_bytes())?;
    std::fs::rename(&next, path)?;
    std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

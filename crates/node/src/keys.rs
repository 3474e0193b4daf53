//! This party's secrets: sealed by a passphrase in a folder, or in memory for tests and the simulator.

use std::collections::BTreeMap;
use std::path::PathBuf;

use argon2::Argon2;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use oplog::{EntryId, IdentityLog, KeyId, RecoverySet, Revision, Secret};
use zeroize::Zeroizing;

use crate::{Entropy, NodeError, Result};

const SALT_FILE: &str = "salt";
const NONCE_BYTES: usize = 24;

/// The secrets of a party: its guardian, its node key, and its binding keys.
pub struct Keys {
    secrets: BTreeMap<String, Secret>,
    sealed: Option<Sealed>,
}

struct Sealed {
    folder: PathBuf,
    cipher: XChaCha20Poly1305,
}

const GUARDIAN: &str = "guardian";
const NODE: &str = "node";

impl Keys {
    /// Secrets that are never written.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { secrets: BTreeMap::new(), sealed: None }
    }

    /// Opens the key folder, or begins one when it is not there.
    ///
    /// # Errors
    /// The folder cannot be read, or the passphrase is not its.
    pub fn open(folder: PathBuf, passphrase: &str, entropy: &mut Entropy) -> Result<Self> {
        let salt = match std::fs::read(folder.join(SALT_FILE)) {
            Ok(salt) => salt,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(&folder)?;
                let salt = entropy.bytes().to_vec();
                write_private(&folder.join(SALT_FILE), &salt)?;
                salt
            }
            Err(error) => return Err(error.into()),
        };
        let mut key = Zeroizing::new([0_u8; 32]);
        Argon2::default()
            .hash_password_into(passphrase.as_bytes(), &salt, key.as_mut_slice())
            .map_err(|error| NodeError::Keys(error.to_string()))?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*key));
        let mut keys =
            Self { secrets: BTreeMap::new(), sealed: Some(Sealed { folder: folder.clone(), cipher }) };
        for file in std::fs::read_dir(&folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "sealed")
                && let Some(name) = path.file_stem().and_then(|stem| stem.to_str())
            {
                keys.unseal(name.to_owned(), &std::fs::read(&path)?)?;
            }
        }
        Ok(keys)
    }

    fn unseal(&mut self, name: String, bytes: &[u8]) -> Result<()> {
        let Some(sealed) = &self.sealed else { return Ok(()) };
        let (nonce, body) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(|| NodeError::Keys(format!("the key file {name} is cut short")))?;
        let wrong = |_| NodeError::Keys("the passphrase is wrong, or a key file is damaged".to_owned());
        let seed = Zeroizing::new(sealed.cipher.decrypt(&XNonce::from(*nonce), body).map_err(wrong)?);
        let seed: &[u8; 32] = seed
            .as_slice()
            .try_into()
            .map_err(|_| NodeError::Keys(format!("the key file {name} is damaged")))?;
        self.secrets.insert(name, Secret::from_seed(seed));
        Ok(())
    }

    fn keep(&mut self, name: String, secret: Secret, entropy: &mut Entropy) -> Result<()> {
        if let Some(sealed) = &self.sealed {
            let mut nonce = [0; NONCE_BYTES];
            nonce.copy_from_slice(&entropy.bytes()[..NONCE_BYTES]);
            let body = sealed
                .cipher
                .encrypt(&XNonce::from(nonce), secret.seed().as_slice())
                .map_err(|_| NodeError::Keys("a key could not be sealed".to_owned()))?;
            write_private(
                &sealed.folder.join(format!("{name}.sealed")),
                &[nonce.as_slice(), &body].concat(),
            )?;
        }
        self.secrets.insert(name, secret);
        Ok(())
    }

    /// Makes the guardian and the node key, and revision 0 of the identity log, which names `recovery`.
    pub(crate) fn create_identity(
        &mut self,
        entropy: &mut Entropy,
        recovery: &Secret,
    ) -> Result<IdentityLog> {
        let guardian = Secret::from_seed(&entropy.bytes());
        let set = |secret: &Secret| RecoverySet { keys: [secret.public()].into(), threshold: 1 };
        let next = Some(EntryId(set(recovery).hash()));
        let revision = Revision { number: 0, prev: None, guardians: set(&guardian), next };
        let log = IdentityLog::new(vec![revision.sign(&[&guardian], None)])
            .map_err(|why| NodeError::Keys(why.to_string()))?;
        self.keep(GUARDIAN.to_owned(), guardian, entropy)?;
        let node = Secret::from_seed(&entropy.bytes());
        self.keep(NODE.to_owned(), node, entropy)?;
        Ok(log)
    }

    /// Makes a binding key.
    pub(crate) fn create_binding(&mut self, entropy: &mut Entropy) -> Result<KeyId> {
        let secret = Secret::from_seed(&entropy.bytes());
        let id = secret.public().id();
        self.keep(id.to_string(), secret, entropy)?;
        Ok(id)
    }

    /// Replaces the guardian, after a revision of the identity log has named the new one.
    pub(crate) fn set_guardian(&mut self, secret: Secret, entropy: &mut Entropy) -> Result<()> {
        self.keep(GUARDIAN.to_owned(), secret, entropy)
    }

    fn named(&self, name: &str) -> Result<&Secret> {
        self.secrets.get(name).ok_or_else(|| NodeError::Keys(format!("the key {name} is not in this folder")))
    }

    /// The id of the node key, by which things outside the folder name this node; `None` before there is one.
    #[must_use]
    pub fn node_id(&self) -> Option<KeyId> {
        self.secrets.get(NODE).map(|secret| secret.public().id())
    }

    pub(crate) fn guardian(&self) -> Result<&Secret> {
        self.named(GUARDIAN)
    }

    pub(crate) fn node(&self) -> Result<&Secret> {
        self.named(NODE)
    }

    pub(crate) fn binding(&self, id: KeyId) -> Result<&Secret> {
        self.named(&id.to_string())
    }

    pub(crate) fn holds(&self, id: KeyId) -> bool {
        self.secrets.contains_key(&id.to_string())
    }
}

/// Writes a file that only its owner reads, durably and whole: a crash leaves the old one or the new one.
pub(crate) fn write_private(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let next = path.with_extension("next");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&next)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&next, path)?;
    let parent = path.parent().unwrap_or(std::path::Path::new("."));
    Ok(std::fs::File::open(parent)?.sync_all()?)
}

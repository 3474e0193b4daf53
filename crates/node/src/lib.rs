//! One sovereign node: the place where the log, the rules and the database meet.
//!
//! Entries come in by two doors, [`submit`](Node::submit) for our own people and [`exchange`](Node::exchange) for
//! peers and bundles, and both lead through one corridor, `append`, the only writer of entries.

mod append;
pub mod ask;
pub mod bundle;
pub mod clock;
mod contents;
mod desk;
pub mod entropy;
mod erasure;
pub mod error;
mod exchange;
mod fold;
mod heads;
mod ingest;
mod invitation;
pub mod keys;
mod letters;
mod lists;
mod live;
pub mod mark;
mod matching;
mod membership;
mod notes;
mod order;
mod own_keys;
mod peer;
mod pending;
pub mod people;
pub mod policy;
mod recent;
mod reliance;
mod request;
mod shared;
mod submit;

use std::collections::{BTreeMap, BTreeSet};

use oplog::{EntryId, IdentityLog, SpaceId};

pub use agreement;
pub use append::Fate;
pub use clock::Clock;
pub use desk::{
    Chosen, DeskView, Draft, DraftView, KeepDesk, PRIVATE_NOTE_CHARS_MAX, PrivateNote, SeeDesk, Unkept,
    plain_file_name,
};
pub use entropy::Entropy;
pub use error::NodeError;
pub use exchange::Answer;
pub use invitation::Invitation;
pub use keys::Keys;
pub use letters::QUESTION_LETTERS_MAX;
pub use mark::Mark;
pub use membership::Applicant;
pub use oplog;
pub use peer::Peer;
pub use people::{Begun, Passphrase, Person, PersonId, Proven, SessionView, Visitor};
pub use policy::{Authorized, ManagePeople, Right, Role};
pub use request::{answer_holds, body_hash, request_holds};
pub use shared::Shared;
pub use store::concerns::Place;
pub use store::contents::ContentState;
pub use store::lists::Voice;
pub use store::{Store, StoreError};
pub use submit::{Act, Receipt};

use live::Live;
use pending::Pending;

/// The result of asking a node.
pub type Result<T> = std::result::Result<T, NodeError>;

/// A party's node: its copy of the shared record, its keys, and what it alone knows.
pub struct Node {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) mark: Mark,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) identity: IdentityLog,
    pub(crate) name: String,
    pub(crate) spaces: BTreeMap<SpaceId, Live>,
    pub(crate) pending: Pending,
    /// Entries whose content was erased in the transaction that runs, or no longer is.
    pub(crate) erasures: BTreeSet<EntryId>,
    /// Set when the database failed inside a transaction: what memory holds may differ from what it kept.
    pub(crate) stale: bool,
}

const META_IDENTITY: &str = "identity";
const META_NAME: &str = "name";
/// Which lists the database holds. When this code keeps more, they are made from the entries once.
const META_LISTS: &str = "lists";
const LISTS: [u8; 1] = [4];

impl Node {
    /// Makes a party: an identity log of one guardian with a recovery set, and a node key. Gives the node and the
    /// recovery secret's seed, which belongs on a medium that is put away.
    ///
    /// # Errors
    /// The database or the key folder refuses, or the database belongs to a party already.
    pub fn create(
        store: Store,
        mut keys: Keys,
        mark: Mark,
        clock: Clock,
        mut entropy: Entropy,
        name: &str,
    ) -> Result<(Self, zeroize::Zeroizing<[u8; 32]>)> {
        if store.meta(META_IDENTITY)?.is_some() {
            return Err(NodeError::Config("this folder holds a party already".to_owned()));
        }
        let recovery = oplog::Secret::from_seed(&entropy.bytes());
        let identity = keys.create_identity(&mut entropy, &recovery)?;
        let mut node = Self::assemble(store, keys, mark, clock, entropy, identity, name.to_owned());
        node.store.begin()?;
        node.store.set_meta(META_IDENTITY, &oplog::to_bytes(&node.identity))?;
        node.store.set_meta(META_NAME, name.as_bytes())?;
        node.store.set_meta(META_LISTS, &LISTS)?;
        node.store.commit()?;
        Ok((node, recovery.seed()))
    }

    /// Opens a party's node.
    ///
    /// # Errors
    /// The database holds no party, or is damaged.
    pub fn open(store: Store, keys: Keys, mark: Mark, clock: Clock, entropy: Entropy) -> Result<Self> {
        let identity = store
            .meta(META_IDENTITY)?
            .ok_or_else(|| NodeError::Config("no party here yet: run `peygir init` first".to_owned()))?;
        let identity = IdentityLog::from_bytes(&identity)
            .map_err(|why| NodeError::Config(format!("the stored identity does not hold: {why}")))?;
        let name = store.meta(META_NAME)?.unwrap_or_default();
        let name = String::from_utf8_lossy(&name).into_owned();
        let mut node = Self::assemble(store, keys, mark, clock, entropy, identity, name);
        node.reload()?;
        node.renew_lists()?;
        Ok(node)
    }

    /// Makes from the entries what lists the database does not hold yet.
    fn renew_lists(&mut self) -> Result<()> {
        if self.store.meta(META_LISTS)?.as_deref() == Some(&LISTS) {
            return Ok(());
        }
        for space in self.space_ids() {
            self.rebuild(space)?;
        }
        self.transact(|node| Ok(node.store.set_meta(META_LISTS, &LISTS)?))
    }

    fn assemble(
        store: Store,
        keys: Keys,
        mark: Mark,
        clock: Clock,
        entropy: Entropy,
        identity: IdentityLog,
        name: String,
    ) -> Self {
        let (spaces, pending, erasures) = (BTreeMap::new(), Pending::default(), BTreeSet::new());
        Self { store, keys, mark, clock, entropy, identity, name, spaces, pending, erasures, stale: false }
    }

    /// Reads everything that is kept in memory from the database again.
    pub(crate) fn reload(&mut self) -> Result<()> {
        self.store.roll_back()?;
        self.spaces.clear();
        self.erasures.clear();
        for row in self.store.spaces()? {
            self.spaces.insert(row.id, Live::load(&self.store, &row)?);
        }
        self.stale = false;
        Ok(())
    }

    /// Runs `work` in one transaction. When anything fails, nothing of it is kept and memory is read again.
    pub(crate) fn transact<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.stale {
            self.reload()?;
        }
        self.store.begin()?;
        let done = work(self).and_then(|done| {
            self.settle_all()?;
            if self.weigh_erasures()? {
                self.settle_all()?;
            }
            self.store.commit()?;
            Ok(done)
        });
        if done.is_err() {
            self.stale = true;
            self.reload()?;
        }
        done
    }

    fn settle_all(&mut self) -> Result<()> {
        for space in self.spaces.keys().copied().collect::<Vec<_>>() {
            self.settle(space)?;
        }
        Ok(())
    }

    pub(crate) fn live(&self, space: SpaceId) -> Result<&Live> {
        self.spaces.get(&space).ok_or(NodeError::NoSuchSpace)
    }

    pub(crate) fn live_mut(&mut self, space: SpaceId) -> Result<&mut Live> {
        self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)
    }

    /// This node started again: over its own database after a crash (`None`), or over one that was restored. Keys and mark
    /// stay as they are.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn restarted(self, store: Option<Store>) -> Result<Self> {
        Self::open(store.unwrap_or(self.store), self.keys, self.mark, self.clock, self.entropy)
    }

    /// The database's own facts, for `doctor`.
    ///
    /// # Errors
    /// The database refuses.
    pub fn facts(&self) -> Result<Vec<(&'static str, String)>> {
        Ok(self.store.facts()?)
    }

    /// A copy of the whole database, as a backup would hold it.
    ///
    /// # Errors
    /// The copy fails.
    pub fn copy_store(&self) -> Result<store::Copy> {
        Ok(self.store.copy()?)
    }
}

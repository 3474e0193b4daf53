//! One node, many hands: whoever gets the lock signs for all who wait, in one transaction and one sync to the disk.

use std::sync::mpsc::{SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::StoreError;

use crate::policy::Authorized;
use crate::{Act, Node, NodeError, Receipt, Result};

/// The most acts in one transaction.
const BATCH_MAX: usize = 256;

type Waiting = (Authorized<Act>, SyncSender<Result<Receipt>>);

/// A handle on a node that threads share.
#[derive(Clone)]
pub struct Shared {
    node: Arc<Mutex<Node>>,
    queue: Arc<Mutex<Vec<Waiting>>>,
}

impl Shared {
    /// Shares a node.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node: Arc::new(Mutex::new(node)), queue: Arc::default() }
    }

    /// The node, alone. A thread that panicked with it left nothing half done: transactions are whole.
    pub fn lock(&self) -> MutexGuard<'_, Node> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs several acts of one person in one transaction; one that the rules refuse leaves the others alone.
    ///
    /// # Errors
    /// As [`Node::submit_batch`]: nothing was signed.
    pub fn submit_all(&self, acts: Vec<Authorized<Act>>) -> Result<Vec<Result<Receipt>>> {
        self.lock().submit_authorized(acts)
    }

    /// Signs an act together with all that wait: the one door for acts of people, so it wants the proof that they may.
    ///
    /// # Errors
    /// As [`Node::submit_batch`]; when the whole batch failed, each act of it fails alike.
    pub fn submit(&self, act: Authorized<Act>) -> Result<Receipt> {
        let (give, take) = sync_channel(1);
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push((act, give));
        let mut node = self.lock();
        loop {
            match take.try_recv() {
                Ok(done) => return done,
                Err(TryRecvError::Disconnected) => {
                    return Err(NodeError::Config(
                        "the act was lost to a fault; ask by its request id".to_owned(),
                    ));
                }
                Err(TryRecvError::Empty) => {}
            }
            let batch: Vec<_> = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                let some = queue.len().min(BATCH_MAX);
                queue.drain(..some).collect()
            };
            let (acts, givers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let results = match node.submit_authorized(acts) {
                Ok(results) => results,
                Err(error) => givers.iter().map(|_| Err(alike(&error))).collect(),
            };
            for (giver, result) in givers.into_iter().zip(results) {
                // Whoever stopped waiting finds the act in the record, by its request id.
                let _gone = giver.send(result);
            }
        }
    }
}

/// The failure of a batch, as each of those who wait for it hears it: what kind of fault it was is kept.
fn alike(error: &NodeError) -> NodeError {
    if let NodeError::Store(StoreError::Full) = error {
        StoreError::Full.into()
    } else if let NodeError::Store(why) = error {
        StoreError::Database(why.to_string()).into()
    } else if let NodeError::File(why) = error {
        NodeError::File(std::io::Error::new(why.kind(), why.to_string()))
    } else if let NodeError::WillNotSign(why) = error {
        NodeError::WillNotSign(why.clone())
    } else {
        NodeError::Config(error.to_string())
    }
}

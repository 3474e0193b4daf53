//! The desk: one node as its own people use it in a browser, on this machine alone.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use node::{Act, Clock, Node, NodeError, Receipt, Shared};
use tokio::sync::Semaphore;

use crate::error::Trouble;
use crate::lang::Lang;
use crate::session::Sessions;

/// How many requests are worked on at a time: each holds a thread, and may hold a form.
const REQUESTS_AT_ONCE: usize = 8;

/// What the people's listener holds between requests.
#[derive(Clone)]
pub struct Desk {
    shared: Shared,
    /// The node's clock, by which sessions end.
    pub(crate) clock: Clock,
    address: SocketAddr,
    sessions: Arc<Mutex<Sessions>>,
    places: Arc<Semaphore>,
}

/// The address is not one of this machine alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoopback(pub SocketAddr);

impl std::fmt::Display for NotLoopback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the desk is for this machine alone, and {} can be reached from others", self.0)
    }
}

impl std::error::Error for NotLoopback {}

impl Desk {
    /// A desk at the address on which it listens.
    ///
    /// # Errors
    /// The address is not a loopback address.
    pub fn new(shared: Shared, address: SocketAddr) -> Result<Self, NotLoopback> {
        if !address.ip().to_canonical().is_loopback() {
            return Err(NotLoopback(address));
        }
        let clock = shared.lock().clock();
        let places = Arc::new(Semaphore::new(REQUESTS_AT_ONCE));
        Ok(Self { shared, clock, address, sessions: Arc::default(), places })
    }

    /// A link that opens one session, once.
    #[must_use]
    pub fn link(&self, lang: Lang) -> String {
        let secret = self.sessions().invite(self.clock.now_ms());
        format!("http://{}/{}/enter/{secret}", self.address, lang.code())
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cookie's name. It bears the port, as browsers do not keep the cookies of two ports apart.
    pub(crate) fn cookie(&self) -> String {
        format!("peygir-desk-{}", self.address.port())
    }

    /// Whether a Host header names this listener; another's name that was made to point here does not.
    pub(crate) fn is_host(&self, host: &str) -> bool {
        host == self.address.to_string() || host == format!("localhost:{}", self.address.port())
    }

    /// Asks the node, on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Node) -> node::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let shared = self.shared.clone();
        Ok(self.on_thread(move || question(&mut shared.lock())).await??)
    }

    /// Has an act signed.
    pub(crate) async fn sign(&self, act: Act) -> Result<Result<Receipt, NodeError>, Trouble> {
        let shared = self.shared.clone();
        self.on_thread(move || shared.submit(act)).await
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        tokio::task::spawn_blocking(work).await.map_err(|why| Trouble::Failed(why.to_string()))
    }

    /// A place among those who are served, until it is dropped.
    pub(crate) async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Trouble> {
        self.places.clone().acquire_owned().await.map_err(|_| Trouble::Busy)
    }
}

//! The desk: one node as its own people use it in a browser, on this machine alone.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use node::{Act, Begun, Node, NodeError, Proven, Receipt, Shared, Visitor};
use tokio::sync::Semaphore;

use crate::error::Trouble;
use crate::lang::Lang;

/// How many requests are worked on at a time: each holds a thread, and may hold a form.
const REQUESTS_AT_ONCE: usize = 8;
/// How many passphrases are hashed at a time: each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;
/// How many files are received at a time: each is held whole, and copied once or twice on its way.
const UPLOADS_AT_ONCE: usize = 2;

/// What the people's listener holds between requests.
#[derive(Clone)]
pub struct Desk {
    shared: Shared,
    address: SocketAddr,
    /// The host under which browsers reach the desk by TLS, when something in front of it speaks that.
    tls_host: Option<Arc<str>>,
    places: Arc<Semaphore>,
    hashes: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
}

/// Why a passphrase did not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unproven {
    /// It is not the one.
    Wrong,
    /// There were too many wrong ones; says for how many milliseconds none is compared.
    Wait(u64),
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
        let [places, hashes, uploads] =
            [REQUESTS_AT_ONCE, HASHES_AT_ONCE, UPLOADS_AT_ONCE].map(|count| Arc::new(Semaphore::new(count)));
        Ok(Self { shared, address, tls_host: None, places, hashes, uploads })
    }

    /// This desk behind a proxy on the same machine that browsers reach by TLS at `host`, and by nothing else.
    #[must_use]
    pub fn behind_tls(self, host: &str) -> Self {
        Self { tls_host: Some(host.into()), ..self }
    }

    /// Where the desk is found.
    #[must_use]
    pub fn origin(&self) -> String {
        match &self.tls_host {
            Some(host) => format!("https://{host}"),
            None => format!("http://{}", self.address),
        }
    }

    /// The link by which whoever has an invitation's secret chooses a passphrase.
    #[must_use]
    pub fn invitation_link(&self, lang: Lang, secret: &str) -> String {
        format!("{}/{}/invitation/{secret}", self.origin(), lang.code())
    }

    /// The cookie's name. Without TLS it bears the port, as browsers do not keep the cookies of two ports apart.
    pub(crate) fn cookie(&self) -> String {
        match &self.tls_host {
            Some(_) => "__Host-peygir-desk".to_owned(),
            None => format!("peygir-desk-{}", self.address.port()),
        }
    }

    /// Whether browsers reach the desk by TLS.
    pub(crate) fn has_tls(&self) -> bool {
        self.tls_host.is_some()
    }

    /// Whether a Host header names this listener; another's name that was made to point here does not.
    pub(crate) fn is_host(&self, host: &str) -> bool {
        match &self.tls_host {
            Some(own) => host == own.as_ref(),
            None => host == self.address.to_string() || host == format!("localhost:{}", self.address.port()),
        }
    }

    /// Asks the node, on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Node) -> node::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let shared = self.shared.clone();
        Ok(self.on_thread(move || question(&mut shared.lock())).await??)
    }

    /// Compares a passphrase with the one that was chosen under a name.
    pub(crate) async fn prove(
        &self,
        name: String,
        from: IpAddr,
        passphrase: String,
    ) -> Result<Result<Proven, Unproven>, Trouble> {
        let _turn = self.hashes.clone().acquire_owned().await.map_err(|_| Trouble::Busy)?;
        let begun = self.ask(move |node| node.begin_try(&name, from)).await?;
        match begun {
            Begun::Wait(wait_ms) => Ok(Err(Unproven::Wait(wait_ms))),
            Begun::Try(begun) => {
                let proven = self.on_thread(move || begun.prove(&passphrase)).await?;
                Ok(proven.ok_or(Unproven::Wrong))
            }
        }
    }

    /// Does something that takes as much memory as comparing a passphrase.
    pub(crate) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let _turn = self.hashes.clone().acquire_owned().await.map_err(|_| Trouble::Busy)?;
        self.on_thread(work).await
    }

    /// Has an act signed for a person who proved the passphrase just now, if the person's role allows it.
    pub(crate) async fn sign(
        &self,
        visitor: Visitor,
        proven: Proven,
        act: Act,
    ) -> Result<Result<Receipt, NodeError>, Trouble> {
        let shared = self.shared.clone();
        self.on_thread(move || {
            let authorized = {
                let mut node = shared.lock();
                node.note_proven(&proven)?;
                node.authorize(&visitor, &proven, act)?
            };
            shared.submit(authorized)
        })
        .await
    }

    /// Has several acts signed for a person who proved the passphrase just now, each with a signature of its own, if the
    /// person's role allows them all.
    pub(crate) async fn sign_all(
        &self,
        visitor: Visitor,
        proven: Proven,
        acts: Vec<Act>,
    ) -> Result<Vec<Result<Receipt, NodeError>>, Trouble> {
        let shared = self.shared.clone();
        let signed = self.on_thread(move || {
            let authorized = {
                let mut node = shared.lock();
                node.note_proven(&proven)?;
                acts.into_iter()
                    .map(|act| node.authorize(&visitor, &proven, act))
                    .collect::<node::Result<Vec<_>>>()?
            };
            shared.submit_all(authorized)
        });
        Ok(signed.await??)
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        tokio::task::spawn_blocking(work).await.map_err(|why| Trouble::Failed(why.to_string()))
    }

    /// The turn to send a file, until it is dropped.
    pub(crate) async fn upload_turn(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Trouble> {
        self.uploads.clone().acquire_owned().await.map_err(|_| Trouble::Busy)
    }

    /// A place among those who are served, until it is dropped.
    pub(crate) async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Trouble> {
        self.places.clone().acquire_owned().await.map_err(|_| Trouble::Busy)
    }
}

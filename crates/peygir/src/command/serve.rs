//! `serve`: keeps the node open for its peers and for the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use node::Shared;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::{Failure, Result};
use crate::folder::Folder;
use crate::request::Done;
use crate::{control, desk, exchange, output};

/// The longest pause between two rounds, in seconds: a day.
const EVERY_SECONDS_MAX: u64 = 86_400;

/// Serve the exchange to peers, the desk to your own people, and the other verbs through a socket
///
/// Example: `peygir serve --desk --peers 127.0.0.1:7000 --public-url https://node.example.org`. A peer elsewhere reaches
/// the listener through a TLS proxy of yours. The desk is for browsers on this machine, or for those that reach a TLS
/// proxy on it (`--desk-host`); `peygir person add` says who may sign in.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where peers are heard; left out, none is
    #[arg(long, value_name = "ADDR")]
    peers: Option<SocketAddr>,
    /// Under which URL peers reach that listener
    #[arg(long, value_name = "URL", requires = "peers")]
    public_url: Option<String>,
    /// Where the desk is served, on this machine alone
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = desk::DEFAULT)]
    desk: Option<SocketAddr>,
    /// The host under which browsers reach the desk by TLS, through a proxy on this machine
    #[arg(long, value_name = "HOST", requires = "desk")]
    desk_host: Option<String>,
    /// Seconds between two rounds of exchange with peers
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=EVERY_SECONDS_MAX))]
    every: u64,
}

impl Serve {
    pub(crate) fn run(&self, folder: &Folder, as_json: bool) -> Result<Done> {
        folder.check()?;
        // Absolute, as paths from the command line are read in this process.
        let path = std::fs::canonicalize(&folder.path).map_err(|why| Failure::file(&folder.path, &why))?;
        let folder = Folder { path, ..folder.clone() };
        let lock = control::lock_for_good(&folder)?;
        let shared = Shared::new(folder.open(&lock)?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|why| Failure::file(&PathBuf::from("runtime"), &why))?;
        let served = runtime.block_on(self.listen(shared, &folder, as_json));
        runtime.shutdown_timeout(Duration::from_secs(2));
        let _gone = std::fs::remove_file(folder.socket());
        drop(lock);
        served
    }

    async fn listen(&self, shared: Shared, folder: &Folder, as_json: bool) -> Result<Done> {
        let bound = |address: SocketAddr| async move {
            let listener = TcpListener::bind(address).await;
            let listener =
                listener.map_err(|why| Failure::usage(format!("cannot listen on {address}: {why}")))?;
            let address = listener.local_addr().map_err(|why| Failure::usage(why.to_string()))?;
            Ok::<_, Failure>((listener, address))
        };
        let mut stop = Stop::new()?;
        let desk_at = match self.desk {
            // Before anything listens, so that the desk is never open to others, not for a moment.
            Some(address) if !address.ip().to_canonical().is_loopback() => {
                return Err(Failure::usage(web::NotLoopback(address).to_string())
                    .hint("give a loopback address, such as --desk 127.0.0.1:7080"));
            }
            Some(address) => {
                let (listener, address) = bound(address).await?;
                let desk = web::Desk::new(shared.clone(), address);
                let desk = desk.map_err(|why| Failure::usage(why.to_string()))?;
                let desk = match &self.desk_host {
                    Some(host) => desk.behind_tls(host),
                    None => desk,
                };
                tokio::spawn(web::serve(listener, web::desk(desk.clone())));
                Some(desk::open(desk).origin())
            }
            None => None,
        };
        let peers = match self.peers {
            Some(address) => Some(bound(address).await?),
            None => None,
        };
        let peers_url = peers.as_ref().map(|(_, address)| {
            let url = self.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
            url.trim_end_matches('/').to_owned()
        });
        if let Some(url) = &peers_url {
            // The note only saves typing; a full disk must not stop the node.
            folder.note_address(url).unwrap_or_else(|why| output::note(&why.text));
        }
        if let Some((listener, _)) = peers {
            tokio::spawn(web::serve(listener, web::peers(shared.clone())));
        }
        control::listen(shared.clone(), folder.clone())?;
        go_round(shared.clone(), Duration::from_secs(self.every));
        let has_people = shared.lock().has_people()?;
        announce(peers_url.as_deref(), desk_at.as_deref(), has_people, as_json);
        stop.wait().await;
        // Whoever has the node now finishes a whole transaction; nobody gets it after us.
        std::mem::forget(shared.lock());
        Ok(Done { lines: vec!["stopped".to_owned()], data: json!({ "stopped": true }) })
    }
}

/// The signals that ask for an end.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn new() -> Result<Self> {
        let listen = |kind| signal(kind).map_err(|why| Failure::usage(format!("no signals: {why}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// How many objects the search reads while nobody else has the node.
const READ_AT_ONCE: usize = 200;
/// How often it does so after each exchange.
const READ_STEPS: usize = 50;

/// Exchanges with all peers every so often, and writes the receipts that are due. What fails is told once, until it
/// fails in another way.
fn go_round(shared: Shared, every: Duration) {
    std::thread::spawn(move || {
        let mut told = std::collections::BTreeMap::<(String, String), String>::new();
        loop {
            std::thread::sleep(every);
            for (peer, done) in exchange::with_all(&shared, None).unwrap_or_default() {
                let key = (peer.url.clone(), peer.space.short());
                let why = done.map_or_else(|why| why.text, |done| done.bad.join("; "));
                if told.get(&key).is_none_or(|before| *before != why) {
                    if !why.is_empty() {
                        output::note(&format!("exchange in {}: {why}", peer.space.short()));
                    }
                    told.insert(key, why);
                }
            }
            // What the search has yet to read, in steps, so that nobody waits long for the node.
            for _ in 0..READ_STEPS {
                match shared.lock().read_in(READ_AT_ONCE) {
                    Ok(READ_AT_ONCE) => {}
                    Ok(_) => break,
                    Err(why) => {
                        output::note(&format!("search: {why}"));
                        break;
                    }
                }
            }
            if let Err(why) = shared.lock().acknowledge() {
                output::note(&format!("receipts: {why}"));
            }
        }
    });
}

fn announce(peers_url: Option<&str>, desk_at: Option<&str>, has_people: bool, as_json: bool) {
    if as_json {
        output::value(&json!({ "serving": true, "peers": peers_url, "desk": desk_at }));
        return;
    }
    match peers_url {
        Some(url) => output::line(&format!("serving; peers reach this node at {url}")),
        None => output::line("serving the command line; no listener for peers"),
    }
    if let Some(origin) = desk_at {
        output::line(&format!("the desk is at {origin}/"));
        if !has_people {
            output::line("  nobody can sign in yet; invite the first: peygir person add NAME --role head");
        }
    }
}

//! The control socket: while a node serves, the command line asks it; when none serves, it opens the folder itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Kind, Result};
use crate::folder::{Folder, Lock};
use crate::request::{Done, Request, carry_out};

/// The longest request, in bytes.
const REQUEST_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most connections at one time.
const CONNECTIONS_MAX: usize = 64;
/// How often a held lock is tried again, and how long to wait between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// What goes over the socket in answer to a request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reply {
    Done(Done),
    Failed(Failure),
}

/// Has a request carried out: by the node that serves this folder, or here.
pub(crate) fn ask(folder: &Folder, request: Request) -> Result<Done> {
    folder.check()?;
    for _ in 0..TRIES {
        if let Ok(stream) = UnixStream::connect(folder.socket()) {
            return send(stream, &request);
        }
        if let Some(lock) = folder.try_lock()? {
            let shared = node::Shared::new(folder.open(&lock)?);
            return carry_out(&shared, folder, request);
        }
        std::thread::sleep(PAUSE);
    }
    Err(Failure::new(
        Kind::Disk,
        format!("the folder {} is in use, but nothing answers in it", folder.path.display()),
    )
    .hint("wait for the other peygir to end, or end it and try again"))
}

/// Takes the folder's lock for good. A verb that is at work in it is waited for; a node that serves it is not.
pub(crate) fn lock_for_good(folder: &Folder) -> Result<Lock> {
    for _ in 0..TRIES {
        if let Some(lock) = folder.try_lock()? {
            return Ok(lock);
        }
        if UnixStream::connect(folder.socket()).is_ok() {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Err(Failure::usage(format!("another peygir is at work in {}", folder.path.display()))
        .hint("one node serves a folder at a time; end the other, or use it through the other verbs"))
}

fn send(mut stream: UnixStream, request: &Request) -> Result<Done> {
    let lost = |why: String| {
        Failure::new(Kind::Disk, format!("the serving node did not answer: {why}"))
            .hint("the act may be done all the same: repeat it with the same --id")
    };
    let mut line = serde_json::to_string(request).map_err(|why| lost(why.to_string()))?;
    line.push('\n');
    stream.write_all(line.as_bytes()).map_err(|why| lost(why.to_string()))?;
    let mut answer = String::new();
    let mut reader = BufReader::new(stream).take(ANSWER_BYTES_MAX);
    reader.read_line(&mut answer).map_err(|why| lost(why.to_string()))?;
    if !answer.ends_with('\n') {
        return Err(lost("it ended".to_owned()));
    }
    match serde_json::from_str(&answer).map_err(|why| lost(why.to_string()))? {
        Reply::Done(done) => Ok(done),
        Reply::Failed(failure) => Err(failure),
    }
}

/// Listens on the control socket until the process ends. Whoever calls holds the folder's lock, so what is left of an
/// earlier socket is stale.
pub(crate) fn listen(shared: node::Shared, folder: Folder) -> Result<()> {
    let path = folder.socket();
    let fails = |why: std::io::Error| {
        let failure = Failure::file(&path, &why);
        // The system wants the path of a socket short.
        let is_long = why.kind() == std::io::ErrorKind::InvalidInput;
        if is_long { failure.hint("use a data folder with a shorter path, under 90 bytes") } else { failure }
    };
    match std::fs::remove_file(&path) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(fails(why)),
        Ok(()) | Err(_) => {}
    }
    // Bound under a name of its own and shown under the known one only when nobody else may open it.
    let hidden = folder.path.join("control.new");
    let _none = std::fs::remove_file(&hidden);
    let listener = UnixListener::bind(&hidden).map_err(fails)?;
    std::fs::set_permissions(&hidden, std::fs::Permissions::from_mode(0o600)).map_err(fails)?;
    std::fs::rename(&hidden, &path).map_err(fails)?;
    let open = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else {
                std::thread::sleep(PAUSE);
                continue;
            };
            if open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS_MAX {
                open.fetch_sub(1, Ordering::SeqCst);
                continue;
            }
            let (shared, folder, open) = (shared.clone(), folder.clone(), Arc::clone(&open));
            std::thread::spawn(move || {
                // A client that went away asks for nothing more.
                let _gone = converse(&shared, &folder, &stream);
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    Ok(())
}

fn converse(shared: &node::Shared, folder: &Folder, stream: &UnixStream) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let mut line = String::new();
        let read = (&mut reader).take(REQUEST_BYTES_MAX).read_line(&mut line)?;
        if read == 0 {
            return Ok(());
        }
        let reply = match serde_json::from_str::<Request>(&line) {
            Ok(request) => match carry_out(shared, folder, request) {
                Ok(done) => Reply::Done(done),
                Err(failure) => Reply::Failed(failure),
            },
            Err(why) => Reply::Failed(Failure::usage(format!("the request does not read: {why}"))),
        };
        let mut line = serde_json::to_string(&reply)?;
        line.push('\n');
        writer.write_all(line.as_bytes())?;
    }
}

//! The door of both listeners: so many connections in all and of one address, and none that only stands in it.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep};

use crate::arrival::{STALL_MAX, is_too_slow};

/// The most connections of a listener.
const CONNECTIONS_MAX: usize = 256;
/// The most of one address, unless that is this machine's, where a proxy may stand that speaks for many.
const CONNECTIONS_OF_ONE_MAX: usize = 32;
/// How long the head of a request may take to arrive, also that of the next one on a connection that is kept.
const HEAD_MAX: Duration = Duration::from_secs(20);
/// The most bytes of a head, and of what is read at a time.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long to wait when the system has no more connections to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Whom a connection is counted for. Whoever has one address of the newer kind has the 2^64 around it.
pub(crate) fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// One connection, as the door knows it.
struct Guest {
    source: Option<IpAddr>,
    /// How many of its requests are being answered.
    asked: AtomicUsize,
    /// Whether it has not yet taken all of an answer.
    takes: AtomicBool,
    /// Told when it must leave.
    leave: Notify,
}

impl Guest {
    fn is_idle(&self) -> bool {
        self.asked.load(Ordering::Relaxed) == 0 && !self.takes.load(Ordering::Relaxed)
    }
}

/// Who is within, in the order in which they came.
#[derive(Default)]
struct Within {
    /// How many have come so far.
    count: u64,
    guests: BTreeMap<u64, Arc<Guest>>,
}

#[derive(Clone, Default)]
struct Door(Arc<Mutex<Within>>);

/// A place within, until it is dropped.
struct Place {
    door: Door,
    number: u64,
    guest: Arc<Guest>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.door.within().guests.remove(&self.number);
    }
}

impl Door {
    fn within(&self) -> MutexGuard<'_, Within> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a newcomer. Where there is none, whoever has stood there longest without asking anything makes room; if
    /// all are being answered, there is none.
    fn enter(&self, address: IpAddr) -> Option<Place> {
        let source = (!address.to_canonical().is_loopback()).then(|| source(address));
        let mut within = self.within();
        let Within { count, guests } = &mut *within;
        let of_it = |guest: &Guest| source.is_some() && guest.source == source;
        let crowds = guests.values().filter(|guest| of_it(guest)).count() >= CONNECTIONS_OF_ONE_MAX;
        if crowds || guests.len() >= CONNECTIONS_MAX {
            let mut idle = guests.iter().filter(|(_, guest)| guest.is_idle() && (!crowds || of_it(guest)));
            let number = *idle.next()?.0;
            guests.remove(&number)?.leave.notify_one();
        }
        *count += 1;
        let guest = Arc::new(Guest {
            source,
            asked: AtomicUsize::new(0),
            takes: AtomicBool::new(false),
            leave: Notify::new(),
        });
        guests.insert(*count, guest.clone());
        Some(Place { door: self.clone(), number: *count, guest })
    }
}

/// A request that is being answered, until it is dropped.
struct Asked(Arc<Guest>);

impl Asked {
    fn of(guest: &Arc<Guest>) -> Self {
        guest.asked.fetch_add(1, Ordering::Relaxed);
        Self(guest.clone())
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.asked.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves a router until the process ends; handlers learn the other side's address, by which peers are limited.
///
/// # Errors
/// The listener's own address cannot be told.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    listener.local_addr()?;
    let door = Door::default();
    loop {
        // Whatever failed concerns one connection, or passes when others have gone.
        let Ok((stream, address)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        if let Some(place) = door.enter(address.ip()) {
            tokio::spawn(attend(stream, address, place, router.clone()));
        }
    }
}

/// Answers what is asked on one connection.
async fn attend(stream: TcpStream, address: SocketAddr, place: Place, router: Router) {
    let guest = place.guest.clone();
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let asked = Asked::of(&guest);
        request.extensions_mut().insert(ConnectInfo(address));
        let answering = router.call(request);
        async move {
            let answer = answering.await;
            drop(asked);
            answer
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_MAX).max_buf_size(HEAD_BYTES_MAX);
    let taken = Taken { stream, guest: place.guest.clone(), written: 0, waited: Duration::ZERO, stall: None };
    tokio::select! {
        // However a connection ends, it ends for the other side alone.
        _ended = http.serve_connection(TokioIo::new(taken), service) => {}
        () = place.guest.leave.notified() => {}
    }
}

/// A stream on which an answer is taken as slowly as links are, and no more slowly.
struct Taken {
    stream: TcpStream,
    guest: Arc<Guest>,
    written: u64,
    /// For how long altogether the other side was waited for.
    waited: Duration,
    /// Since when it is waited for, and until when.
    stall: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Taken {
    /// Notes what came of writing: while that must wait, the other side is timed.
    fn time<T>(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<T>>,
        bytes: impl FnOnce(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        let Poll::Ready(done) = done else {
            self.guest.takes.store(true, Ordering::Relaxed);
            let (_, end) = self.stall.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(STALL_MAX))));
            ready!(end.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        };
        self.guest.takes.store(false, Ordering::Relaxed);
        if let Some((since, _)) = self.stall.take() {
            self.waited += since.elapsed();
        }
        let moved = done.as_ref().map_or(0, bytes);
        self.written = self.written.saturating_add(moved as u64);
        if is_too_slow(self.written, self.waited) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Ready(done)
    }
}

impl AsyncRead for Taken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Taken {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.time(context, done, |written| *written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.time(context, done, |written| *written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(number: u32) -> IpAddr {
        IpAddr::from((0x0800_0000 + number).to_be_bytes())
    }

    #[test]
    fn one_address_has_so_many_places_and_a_newcomer_takes_that_of_who_has_stood_there_longest() {
        let door = Door::default();
        let mut places: Vec<_> = (0..CONNECTIONS_OF_ONE_MAX).map(|_| door.enter(v4(1)).unwrap()).collect();
        let asked: Vec<_> = places.iter().map(|place| Asked::of(&place.guest)).collect();
        assert!(door.enter(v4(1)).is_none(), "all of it are being answered");
        let other = door.enter(v4(2)).unwrap();
        drop(asked);
        places.push(door.enter(v4(1)).unwrap());
        let within: Vec<_> = door.within().guests.keys().copied().collect();
        assert!(!within.contains(&places[0].number) && within.contains(&other.number));
        assert_eq!(within.len(), CONNECTIONS_OF_ONE_MAX + 1);
        drop((places, other));
        assert!(door.within().guests.is_empty());
    }

    #[test]
    fn a_full_house_makes_room_and_this_machine_alone_may_fill_it() {
        let door = Door::default();
        let places: Vec<_> =
            (0..CONNECTIONS_MAX).map(|_| door.enter([127, 0, 0, 1].into()).unwrap()).collect();
        let _busy = Asked::of(&places[0].guest);
        let _newcomer = door.enter(v4(1)).unwrap();
        let within = door.within();
        assert_eq!(within.guests.len(), CONNECTIONS_MAX);
        assert!(
            within.guests.contains_key(&places[0].number) && !within.guests.contains_key(&places[1].number)
        );
    }

    #[test]
    fn addresses_of_one_network_are_one_source() {
        let of = |text: &str| source(text.parse().unwrap());
        assert_eq!(of("2a00:1:2:3::1"), of("2a00:1:2:3:ffff::9"));
        assert_ne!(of("2a00:1:2:3::1"), of("2a00:1:2:4::1"));
        assert_eq!(of("::ffff:8.8.8.8"), of("8.8.8.8"));
        assert_ne!(of("8.8.8.8"), of("8.8.8.9"));
    }
}

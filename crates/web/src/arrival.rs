//! How a body is taken in: as slow as links are, but never as slow as whoever means to hold a place.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use tokio::time::{Instant, timeout};

/// How long nothing at all may arrive, or be taken.
pub(crate) const STALL_MAX: Duration = Duration::from_secs(30);
/// How long any rate will do.
pub(crate) const GRACE: Duration = Duration::from_secs(60);
/// From then on so many bytes a second must have moved, on the average since the beginning.
pub(crate) const RATE_MIN: u64 = 1_024;

/// Why a body was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It is over its limit.
    TooLarge,
    /// It came more slowly than [`RATE_MIN`], or not at all.
    TooSlow,
    /// The other side went away.
    CutOff,
}

/// Whether so many bytes in so long a time are fewer than an honest link brings.
pub(crate) fn is_too_slow(bytes: u64, during: Duration) -> bool {
    during > GRACE && bytes < during.as_secs().saturating_mul(RATE_MIN)
}

/// The whole of a body of at most `bytes_max` bytes.
pub(crate) async fn receive(mut body: Body, bytes_max: usize) -> Result<Vec<u8>, NotTaken> {
    let (begun, mut bytes) = (Instant::now(), Vec::new());
    loop {
        let arriving = timeout(STALL_MAX, poll_fn(|context| Pin::new(&mut body).poll_frame(context)));
        let Some(frame) = arriving.await.map_err(|_| NotTaken::TooSlow)? else { return Ok(bytes) };
        let frame = frame.map_err(|_| NotTaken::CutOff)?;
        if let Some(data) = frame.data_ref() {
            if data.len() > bytes_max.saturating_sub(bytes.len()) {
                return Err(NotTaken::TooLarge);
            }
            bytes.extend_from_slice(data);
        }
        if is_too_slow(bytes.len() as u64, begun.elapsed()) {
            return Err(NotTaken::TooSlow);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::task::{Context, Poll, ready};

    use axum::body::Bytes;
    use hyper::body::Frame;
    use tokio::time::{Sleep, sleep};

    use super::*;

    /// Brings `size` bytes every so often, `left` times.
    struct Trickle {
        size: usize,
        left: usize,
        every: Duration,
        next: Pin<Box<Sleep>>,
    }

    impl hyper::body::Body for Trickle {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            ready!(self.next.as_mut().poll(context));
            self.left -= 1;
            self.next = Box::pin(sleep(self.every));
            Poll::Ready(Some(Ok(Frame::data(vec![0; self.size].into()))))
        }
    }

    /// What comes of a body that brings so many bytes at a time, so often, and with such pauses; and after how long.
    async fn taken(size: usize, left: usize, every_s: u64) -> (Result<usize, NotTaken>, u64) {
        let (begun, every) = (Instant::now(), Duration::from_secs(every_s));
        let body = Body::new(Trickle { size, left, every, next: Box::pin(sleep(every)) });
        let taken = receive(body, 1_000_000).await;
        (taken.map(|bytes| bytes.len()), begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_link_is_waited_for_and_one_that_holds_a_place_is_not() {
        assert_eq!(taken(20_000, 30, 10).await, (Ok(600_000), 300), "2 kB a second, for five minutes");
        assert_eq!(taken(1, 10_000, 1).await, (Err(NotTaken::TooSlow), 61), "a byte a second");
        assert_eq!(taken(100_000, 5, 31).await, (Err(NotTaken::TooSlow), 30), "nothing for half a minute");
        assert_eq!(taken(1_000, 20, 1).await, (Ok(20_000), 20), "little is in before it is measured");
        assert_eq!(taken(600_000, 2, 1).await.0, Err(NotTaken::TooLarge));
    }
}

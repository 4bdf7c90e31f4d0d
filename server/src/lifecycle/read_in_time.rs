//! A connection whose other end must read: hyper bounds how long a head may take to come, and not
//! how long an answer may take to go.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Ends with an error when nothing that is to be written has gone for a while. Who reads slowly, but
/// reads, is waited for.
#[derive(Debug)]
pub(super) struct ReadInTime<Io> {
    io: Io,
    within: Duration,
    timer: Pin<Box<Sleep>>,
    /// Whether something waits to be written; the timer runs then.
    is_waiting: bool,
}

impl<Io> ReadInTime<Io> {
    pub(super) fn new(io: Io, within: Duration) -> Self {
        let timer = Box::pin(sleep_until(Instant::now() + within));
        Self { io, within, timer, is_waiting: false }
    }

    /// What writing came to, or an error when it has waited for too long.
    fn bounded<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.is_waiting = false;
            return written;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.timer.as_mut().reset(Instant::now() + self.within);
        }
        ready!(self.timer.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end does not read")))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for ReadInTime<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for ReadInTime<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.bounded(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(context, bytes);
        self.bounded(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(context);
        self.bounded(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.io).poll_shutdown(context);
        self.bounded(ended, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const WITHIN: Duration = Duration::from_secs(20);
    const ALMOST: Duration = Duration::from_secs(19);

    #[tokio::test(start_paused = true)]
    async fn who_never_reads_ends_the_writing_and_who_reads_slowly_does_not() {
        let (near, mut far) = duplex(8);
        let mut near = ReadInTime::new(near, WITHIN);
        let began = Instant::now();
        let slow = async {
            let mut heard = Vec::new();
            while heard.len() < 32 {
                tokio::time::advance(ALMOST).await;
                let mut some = [0; 8];
                let read = far.read(&mut some).await.expect("it goes on");
                heard.extend_from_slice(&some[..read]);
            }
            heard
        };
        let (written, heard) = tokio::join!(near.write_all(&[7; 40]), slow);
        written.expect("each piece went in time");
        assert_eq!(heard, [7; 32]);
        assert!(began.elapsed() > 3 * WITHIN, "for all of it there is no bound");

        // Eight bytes lie there unread; the next ones wait.
        let began = Instant::now();
        let error = near.write_all(&[7; 8]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(began.elapsed(), WITHIN);
        drop(far);
    }
}

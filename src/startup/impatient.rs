//! A connection that is given up when the other side takes nothing of what it is sent.
//!
//! Whoever does not read, but keeps the connection open, would otherwise hold for good what waits for it: the kernel asks
//! such a peer again and again, for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::realtime::connection::Connection;

/// A stream to which every write gets on within a time, or it has ended.
#[derive(Debug)]
pub(super) struct Impatient<S> {
    stream: S,
    patience: Duration,
    /// Only while a write waits; a connection at rest carries no timer.
    deadline: Option<Pin<Box<Sleep>>>,
    given_up: bool,
    /// Tells whoever wants to send more.
    connection: Connection,
}

impl<S> Impatient<S> {
    pub(super) const fn new(stream: S, patience: Duration, connection: Connection) -> Self {
        Self { stream, patience, deadline: None, given_up: false, connection }
    }

    /// Lets a write go on waiting, but not for ever.
    fn bounded<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            self.connection.goes_on();
            return written;
        }
        self.connection.is_stopped();
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(self.patience)));
        ready!(deadline.as_mut().poll(context));
        self.given_up = true;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn usable(&self) -> io::Result<()> {
        if self.given_up { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Whoever is not listening any more is not listened to either.
        this.usable()?;
        Pin::new(&mut this.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.usable()?;
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.bounded(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.usable()?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, bytes);
        this.bounded(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.usable()?;
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.bounded(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.usable()?;
        let shut = Pin::new(&mut this.stream).poll_shutdown(context);
        this.bounded(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn whoever_takes_nothing_is_given_up_in_both_directions() {
        let (mut deaf, here) = duplex(16);
        let mut here = Impatient::new(here, Duration::from_millis(50), Connection::default());
        deaf.write_all(b"something").await.unwrap();
        let error = here.write_all(&[0; 64]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(here.write_all(b"more").await.is_err() && here.read_u8().await.is_err());
    }

    #[tokio::test]
    async fn whoever_takes_something_has_all_the_time_again() {
        let (mut slow, here) = duplex(16);
        let mut here = Impatient::new(here, Duration::from_mins(10), Connection::default());
        let mut read = [0; 160];
        let (written, got) = tokio::join!(here.write_all(&[7; 160]), slow.read_exact(&mut read));
        written.unwrap();
        got.unwrap();
        assert!(here.deadline.is_none(), "a connection at rest carries no timer");
    }
}

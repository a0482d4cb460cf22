//! A connection that is heard in turns while it is not known who it is, and when it says much.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use crate::realtime::{
    connection::Connection,
    turns::{Turn, Turns},
};

/// How many bytes one turn hears.
const TURN: usize = 1 << 10;

/// How many bytes one who is known may say in a [`SPELL`] before they wait for turns: hundreds of messages.
const FREE: usize = 128 << 10;

/// How long what somebody has said is held against them.
const SPELL: Duration = Duration::from_secs(1);

/// A connection of which no more is heard than its turn allows.
#[derive(Debug)]
pub(super) struct Patient {
    stream: TcpStream,
    turns: Turns,
    connection: Connection,
    waits: Option<Turn>,
    spell: Spell,
}

/// How much was said lately.
#[derive(Debug)]
struct Spell {
    began: Instant,
    said: usize,
}

impl Spell {
    const fn begins(now: Instant) -> Self {
        Self { began: now, said: 0 }
    }

    fn is_long(&self, now: Instant) -> bool {
        self.said > FREE && now - self.began < SPELL
    }

    fn goes_on(&mut self, bytes: usize, now: Instant) {
        if now - self.began >= SPELL {
            *self = Self::begins(now);
        }
        self.said += bytes;
    }
}

impl Patient {
    pub(super) fn new(stream: TcpStream, turns: Turns, connection: Connection) -> Self {
        Self { stream, turns, connection, waits: None, spell: Spell::begins(Instant::now()) }
    }

    /// Waits for a turn.
    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let waits = self.waits.get_or_insert_with(|| self.turns.mine());
        ready!(Pin::new(waits).poll(context));
        self.waits = None;
        Poll::Ready(())
    }
}

impl AsyncRead for Patient {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let (filled, now) = (into.filled().len(), Instant::now());
        if this.waits.is_none() && this.connection.is_known() && !this.spell.is_long(now) {
            ready!(Pin::new(&mut this.stream).poll_read(context, into))?;
            this.spell.goes_on(into.filled().len() - filled, now);
            return Poll::Ready(Ok(()));
        }
        // Whoever has nothing to say needs no turn.
        ready!(this.stream.poll_read_ready(context))?;
        ready!(this.poll_turn(context));
        let mut piece = ReadBuf::new(into.initialize_unfilled_to(TURN.min(into.remaining())));
        ready!(Pin::new(&mut this.stream).poll_read(context, &mut piece))?;
        let heard = piece.filled().len();
        into.advance(heard);
        this.spell.goes_on(heard, now);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Patient {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        task::JoinSet,
    };

    use super::*;

    struct Door {
        listener: TcpListener,
        turns: Turns,
    }

    impl Door {
        async fn open() -> Self {
            Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap(), turns: Turns::start() }
        }

        async fn enters(&self) -> (TcpStream, Patient, Connection) {
            let there = TcpStream::connect(self.listener.local_addr().unwrap()).await.unwrap();
            let (here, _) = self.listener.accept().await.unwrap();
            let connection = Connection::default();
            (there, Patient::new(here, self.turns.clone(), connection.clone()), connection)
        }
    }

    #[tokio::test]
    async fn who_is_known_is_heard_before_a_crowd_that_came_first() {
        let door = Door::open().await;
        let mut all = Vec::new();
        for one in 0..100 {
            let (mut there, here, connection) = door.enters().await;
            if one == 99 {
                connection.knows();
            }
            there.write_all(b"x").await.unwrap();
            here.stream.readable().await.unwrap();
            all.push((one, there, here));
        }
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut readers = JoinSet::new();
        for (one, there, mut here) in all {
            let heard = Arc::clone(&heard);
            readers.spawn(async move {
                here.read_u8().await.unwrap();
                heard.lock().unwrap().push(one);
                there
            });
        }
        while readers.join_next().await.is_some() {}
        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 100, "everybody is heard");
        assert!(heard[..3].contains(&99), "{heard:?}");
    }

    #[tokio::test]
    async fn a_turn_hears_a_piece_and_nothing_is_lost_between_two() {
        let door = Door::open().await;
        let (mut there, mut here, _) = door.enters().await;
        let said: Vec<u8> = (0..TURN * 20).map(|place| u8::try_from(place % 251).unwrap()).collect();
        there.write_all(&said).await.unwrap();
        drop(there);
        let mut heard: Vec<u8> = Vec::new();
        loop {
            let mut piece = vec![0; said.len()];
            let read = here.read(&mut piece).await.unwrap();
            if read == 0 {
                break;
            }
            assert!(read <= TURN, "{read} bytes");
            heard.extend(&piece[..read]);
        }
        assert!(heard == said, "all of it, in its order");
    }

    #[test]
    fn who_says_much_waits_for_turns_until_the_spell_is_over() {
        let now = Instant::now();
        let mut spell = Spell::begins(now);
        spell.goes_on(FREE, now);
        assert!(!spell.is_long(now));
        spell.goes_on(1, now + SPELL / 2);
        assert!(spell.is_long(now + SPELL / 2), "too much in one spell");
        assert!(!spell.is_long(now + SPELL), "another begins");
        spell.goes_on(FREE, now + SPELL);
        assert!(!spell.is_long(now + SPELL));
    }
}

//! Ports for servers in processes of their own.

use std::net::TcpListener;

use uuid::Uuid;

/// One that nobody listens on. Linux gives out ports from 32,768 on by itself, to whoever asks for any and to each connection
/// that goes out; one of those could be somebody else's before the process listens on it, and another server would answer.
pub fn free() -> u16 {
    loop {
        let port = 12_000 + u16::try_from(Uuid::new_v4().as_u128() % 20_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

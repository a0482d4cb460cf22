//! What the store holds, read from the SQLite file by its schema alone, without the server.

use std::{collections::BTreeMap, path::Path};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

/// Whose a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Candidate,
    Team,
}

/// The conversations of a store.
#[derive(Clone, Debug, Default)]
pub struct Stored(pub BTreeMap<Uuid, Conversation>);

#[derive(Clone, Debug, Default)]
pub struct Conversation {
    pub last_seq: i64,
    /// By `seq`.
    pub messages: Vec<Message>,
    /// Those that have not ended.
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: Uuid,
    pub seq: i64,
    pub side: Side,
    pub author: Uuid,
    pub client_id: Uuid,
    pub body: String,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub first_seq: i64,
    pub last_seq: i64,
    pub unread: i64,
    /// Whether the candidate asks for a new chat link, which an entry without a message is for.
    pub asks_for_link: bool,
    /// Who holds it, by which token.
    pub holder: Option<(Uuid, String)>,
}

const CONVERSATIONS: &str = "SELECT id, last_seq FROM conversations";

const MESSAGES: &str = "SELECT conversation_id, id, seq, author_kind, author_id, client_id, body FROM messages \
                        WHERE kind = 'text' ORDER BY conversation_id, seq";

const ENTRIES: &str = "SELECT conversation_id, first_seq, last_seq, unread, asks_for_link, holder_id, lease_token FROM queue_entries \
                       WHERE state <> 'ended'";

type MessageRow = (Uuid, Uuid, i64, String, Uuid, Uuid, String);
type EntryRow = (Uuid, i64, i64, i64, bool, Option<Uuid>, Option<String>);

impl Stored {
    /// Reads a file that nobody writes any more, and has SQLite look through all of it.
    pub async fn read(file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let (sound,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
        assert_eq!(sound, "ok", "{}", file.display());
        let mut stored = Self::default();
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(CONVERSATIONS).fetch_all(&mut connection).await.unwrap();
        for (id, last_seq) in rows {
            stored.0.insert(id, Conversation { last_seq, ..Conversation::default() });
        }
        let rows: Vec<MessageRow> = sqlx::query_as(MESSAGES).fetch_all(&mut connection).await.unwrap();
        for (conversation, id, seq, kind, author, client_id, body) in rows {
            let side = if kind == "candidate" { Side::Candidate } else { Side::Team };
            let message = Message { id, seq, side, author, client_id, body };
            stored.0.get_mut(&conversation).unwrap().messages.push(message);
        }
        let rows: Vec<EntryRow> = sqlx::query_as(ENTRIES).fetch_all(&mut connection).await.unwrap();
        for (conversation, first_seq, last_seq, unread, asks_for_link, holder, token) in rows {
            let entry = Entry { first_seq, last_seq, unread, asks_for_link, holder: holder.zip(token) };
            stored.0.get_mut(&conversation).unwrap().entries.push(entry);
        }
        connection.close().await.unwrap();
        stored
    }
}

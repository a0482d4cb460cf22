//! What the store holds, read from the file without the program.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use uuid::Uuid;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Message {
    pub conversation_id: Uuid,
    pub seq: i64,
    pub id: Uuid,
    pub author_kind: String,
    pub client_id: Uuid,
    pub body: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Conversation {
    pub id: Uuid,
    pub last_seq: i64,
    pub handled_seq: i64,
}

/// An entry that has not ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub conversation_id: Uuid,
    pub first_seq: i64,
    pub last_seq: i64,
    pub unread: i64,
}

/// Everything that the checker looks at.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub messages: Vec<Message>,
    pub conversations: Vec<Conversation>,
    pub entries: Vec<Entry>,
}

/// Reads it; whatever the killed program left in the write-ahead log counts, as it would at the next start.
pub async fn read(file: &Path) -> Stored {
    let pool = SqlitePoolOptions::new().connect_with(SqliteConnectOptions::new().filename(file)).await.unwrap();
    let (sound,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&pool).await.unwrap();
    assert_eq!(sound, "ok", "the database is damaged");
    let messages = "SELECT conversation_id, seq, id, author_kind, client_id, body FROM messages ORDER BY row";
    let entries = "SELECT conversation_id, first_seq, last_seq, unread FROM queue_entries WHERE state <> 'ended'";
    let stored = Stored {
        messages: sqlx::query_as(messages).fetch_all(&pool).await.unwrap(),
        conversations: sqlx::query_as("SELECT id, last_seq, handled_seq FROM conversations")
            .fetch_all(&pool)
            .await
            .unwrap(),
        entries: sqlx::query_as(entries).fetch_all(&pool).await.unwrap(),
    };
    pool.close().await;
    stored
}

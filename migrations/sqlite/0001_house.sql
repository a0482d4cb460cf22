-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are 16-byte UUIDs version 7, secrets are SHA-256 hashes.
-- The twin of this file for PostgreSQL has the same tables and columns in the same order, but for `row`: the full-text
-- indexes below name rows by it, and only a declared INTEGER PRIMARY KEY stays the same through VACUUM.

CREATE TABLE organizations (
    id BLOB PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    target_urgent INTEGER NOT NULL,
    target_normal INTEGER NOT NULL,
    target_low INTEGER NOT NULL,
    suspended_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    operator INTEGER NOT NULL,
    confirmed_at INTEGER,
    removed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX users_of_address ON users (email);
-- Until an operator vouches for one, several organizations may each know the same address under a password of their own.
CREATE UNIQUE INDEX users_confirmed ON users (email) WHERE confirmed_at IS NOT NULL;

CREATE TABLE memberships (
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT;
CREATE INDEX memberships_of_user ON memberships (user_id);

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash BLOB NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE one_time_links (
    id BLOB PRIMARY KEY,
    secret_hash BLOB NOT NULL UNIQUE,
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- People who were asked to join and have not accepted. They are no members and may have no account.
CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (organization_id, email)
) STRICT;

CREATE TABLE api_tokens (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE,
    last_used_at INTEGER,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_tokens_of_organization ON api_tokens (organization_id);

CREATE TABLE projects (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    restricted INTEGER NOT NULL,
    last_announcement_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX projects_of_organization ON projects (organization_id, id);

CREATE TABLE project_members (
    project_id BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, user_id)
) STRICT;

CREATE TABLE candidates (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    locale TEXT,
    time_zone TEXT,
    external_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX candidates_of_organization ON candidates (organization_id, id);
CREATE INDEX candidates_by_email ON candidates (organization_id, email) WHERE email IS NOT NULL;
CREATE INDEX candidates_by_external_id ON candidates (organization_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE conversations (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    candidate_id BLOB NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    snooze_until INTEGER,
    assignee_id BLOB REFERENCES users (id) ON DELETE SET NULL,
    priority TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    last_note_seq INTEGER NOT NULL,
    handled_seq INTEGER NOT NULL,
    candidate_read_seq INTEGER NOT NULL,
    team_read_seq INTEGER NOT NULL,
    last_message_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (project_id, candidate_id)
) STRICT;
CREATE INDEX conversations_latest ON conversations (organization_id, (COALESCE(last_message_at, created_at)), id);
CREATE INDEX conversations_of_candidate ON conversations (candidate_id);
CREATE INDEX conversations_set_aside ON conversations (organization_id, status, (COALESCE(last_message_at, created_at)), id)
    WHERE status <> 'open';
CREATE INDEX conversations_of_assignee ON conversations (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snooze_until) WHERE snooze_until IS NOT NULL;

CREATE TABLE conversation_labels (
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    -- The label as labels are compared: in small letters, composed, with single spaces.
    folded TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (conversation_id, folded)
) STRICT;
CREATE INDEX conversation_labels_in_use ON conversation_labels (organization_id, folded);

CREATE TABLE conversation_reads (
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
) STRICT;

CREATE TABLE messages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    UNIQUE (conversation_id, seq),
    -- A page of ours makes ids that begin with their time, so that this grows at its end, wherever the messages belong.
    UNIQUE (client_id, conversation_id, author_id)
) STRICT;

CREATE TABLE notes (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    after_seq INTEGER NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (conversation_id, seq),
    UNIQUE (conversation_id, author_kind, author_id, client_id)
) STRICT;

CREATE TABLE announcements (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (project_id, seq),
    UNIQUE (project_id, author_kind, author_id, client_id)
) STRICT;

CREATE TABLE chat_links (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    secret_hash BLOB NOT NULL UNIQUE,
    issued_by TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    asked_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_links_of_conversation ON chat_links (conversation_id);

CREATE TABLE candidate_sessions (
    id BLOB PRIMARY KEY,
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    -- Set where the device is not the candidate's own.
    ends_at INTEGER
) STRICT;

CREATE TABLE candidate_grants (
    session_id BLOB NOT NULL REFERENCES candidate_sessions (id) ON DELETE CASCADE,
    link_id BLOB NOT NULL REFERENCES chat_links (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, link_id)
) STRICT;
CREATE INDEX candidate_grants_of_link ON candidate_grants (link_id);

CREATE TABLE queue_entries (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    unread INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    preview TEXT NOT NULL,
    asks_for_link INTEGER NOT NULL,
    outcome TEXT,
    enqueued_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    holder_kind TEXT,
    holder_id BLOB,
    holder_name TEXT,
    lease_token TEXT,
    lease_expires_at INTEGER,
    changed_at INTEGER NOT NULL
) STRICT;
-- One entry for a conversation that has not ended: the store itself keeps that promise.
CREATE UNIQUE INDEX queue_entries_live ON queue_entries (conversation_id) WHERE state <> 'ended';
CREATE INDEX queue_entries_order ON queue_entries (organization_id, due_at, id) WHERE state IN ('waiting', 'claimed');
CREATE INDEX queue_entries_of_project ON queue_entries (project_id, state, enqueued_at);
CREATE INDEX queue_entries_oldest ON queue_entries (priority, enqueued_at) WHERE state = 'waiting';
CREATE INDEX queue_entries_of_conversation ON queue_entries (conversation_id);
CREATE INDEX queue_entries_held ON queue_entries (holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX queue_entries_leases ON queue_entries (lease_expires_at) WHERE lease_expires_at IS NOT NULL;

-- How many conversations and entries of the queue a project has, so that no page counts rows. The twins are views that
-- count: there several write at once and would wait for each other here. Nobody's conversations are those of sixteen zeros.
CREATE TABLE conversation_counts (
    project_id BLOB NOT NULL,
    status TEXT NOT NULL,
    assignee_id BLOB NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (project_id, status, assignee_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER conversation_counts_insert AFTER INSERT ON conversations BEGIN
    INSERT INTO conversation_counts VALUES (new.project_id, new.status, COALESCE(new.assignee_id, zeroblob(16)), 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER conversation_counts_delete AFTER DELETE ON conversations BEGIN
    UPDATE conversation_counts SET count = count - 1 WHERE project_id = old.project_id AND status = old.status
        AND assignee_id = COALESCE(old.assignee_id, zeroblob(16));
END;
CREATE TRIGGER conversation_counts_update AFTER UPDATE OF status, assignee_id ON conversations
    WHEN new.status <> old.status OR new.assignee_id IS NOT old.assignee_id BEGIN
    UPDATE conversation_counts SET count = count - 1 WHERE project_id = old.project_id AND status = old.status
        AND assignee_id = COALESCE(old.assignee_id, zeroblob(16));
    INSERT INTO conversation_counts VALUES (new.project_id, new.status, COALESCE(new.assignee_id, zeroblob(16)), 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TABLE queue_counts (
    project_id BLOB NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (project_id, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER queue_counts_insert AFTER INSERT ON queue_entries WHEN new.state <> 'ended' BEGIN
    INSERT INTO queue_counts VALUES (new.project_id, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER queue_counts_delete AFTER DELETE ON queue_entries WHEN old.state <> 'ended' BEGIN
    UPDATE queue_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
END;
CREATE TRIGGER queue_counts_update AFTER UPDATE OF state ON queue_entries WHEN new.state <> old.state BEGIN
    UPDATE queue_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
    INSERT INTO queue_counts SELECT new.project_id, new.state, 1 WHERE new.state <> 'ended'
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER projects_uncounted AFTER DELETE ON projects BEGIN
    DELETE FROM conversation_counts WHERE project_id = old.id;
    DELETE FROM queue_counts WHERE project_id = old.id;
END;

-- What another process on the same database has to tell the running server (SQLite has no NOTIFY).
CREATE TABLE notices (
    id BLOB PRIMARY KEY,
    event TEXT NOT NULL
) STRICT;

-- Full-text search. The words are folded and cut by the program, which writes them here as terms with one space between them,
-- some time after a row was written, many rows at once, and always before a search: the rows after the last one that is in an
-- index are not in it yet, and those in `search_changed` no longer. Deleting a row takes its terms out of the file.
CREATE TABLE search_changed (
    kind TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (kind, row)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE messages_search USING fts5 (terms, columnsize = 0, tokenize = 'ascii');
INSERT INTO messages_search (messages_search, rank) VALUES ('secure-delete', 1);
INSERT INTO messages_search (messages_search, rank) VALUES ('automerge', 16);
CREATE TRIGGER messages_search_delete AFTER DELETE ON messages BEGIN
    DELETE FROM messages_search WHERE rowid = old.row;
    DELETE FROM search_changed WHERE kind = 'messages' AND row = old.row;
END;
CREATE TRIGGER messages_search_update AFTER UPDATE OF body ON messages WHEN new.body IS NOT old.body BEGIN
    INSERT INTO search_changed SELECT 'messages', rowid FROM messages_search WHERE rowid = old.row ON CONFLICT DO NOTHING;
    DELETE FROM messages_search WHERE rowid = old.row;
END;

CREATE VIRTUAL TABLE notes_search USING fts5 (terms, columnsize = 0, tokenize = 'ascii');
INSERT INTO notes_search (notes_search, rank) VALUES ('secure-delete', 1);
INSERT INTO notes_search (notes_search, rank) VALUES ('automerge', 16);
CREATE TRIGGER notes_search_delete AFTER DELETE ON notes BEGIN
    DELETE FROM notes_search WHERE rowid = old.row;
    DELETE FROM search_changed WHERE kind = 'notes' AND row = old.row;
END;
CREATE TRIGGER notes_search_update AFTER UPDATE OF body ON notes WHEN new.body IS NOT old.body BEGIN
    INSERT INTO search_changed SELECT 'notes', rowid FROM notes_search WHERE rowid = old.row ON CONFLICT DO NOTHING;
    DELETE FROM notes_search WHERE rowid = old.row;
END;

CREATE VIRTUAL TABLE announcements_search USING fts5 (terms, columnsize = 0, tokenize = 'ascii');
INSERT INTO announcements_search (announcements_search, rank) VALUES ('secure-delete', 1);
INSERT INTO announcements_search (announcements_search, rank) VALUES ('automerge', 16);
CREATE TRIGGER announcements_search_delete AFTER DELETE ON announcements BEGIN
    DELETE FROM announcements_search WHERE rowid = old.row;
    DELETE FROM search_changed WHERE kind = 'announcements' AND row = old.row;
END;
CREATE TRIGGER announcements_search_update AFTER UPDATE OF body ON announcements WHEN new.body IS NOT old.body BEGIN
    INSERT INTO search_changed SELECT 'announcements', rowid FROM announcements_search WHERE rowid = old.row ON CONFLICT DO NOTHING;
    DELETE FROM announcements_search WHERE rowid = old.row;
END;

CREATE VIRTUAL TABLE candidates_search USING fts5 (terms, columnsize = 0, tokenize = 'ascii');
INSERT INTO candidates_search (candidates_search, rank) VALUES ('secure-delete', 1);
INSERT INTO candidates_search (candidates_search, rank) VALUES ('automerge', 16);
CREATE TRIGGER candidates_search_delete AFTER DELETE ON candidates BEGIN
    DELETE FROM candidates_search WHERE rowid = old.row;
    DELETE FROM search_changed WHERE kind = 'candidates' AND row = old.row;
END;
CREATE TRIGGER candidates_search_update AFTER UPDATE OF name, email, phone, external_id ON candidates WHEN new.name IS NOT old.name OR new.email IS NOT old.email OR new.phone IS NOT old.phone OR new.external_id IS NOT old.external_id BEGIN
    INSERT INTO search_changed SELECT 'candidates', rowid FROM candidates_search WHERE rowid = old.row ON CONFLICT DO NOTHING;
    DELETE FROM candidates_search WHERE rowid = old.row;
END;

-- One row, written to find out whether writing works.
CREATE TABLE probes (
    id INTEGER PRIMARY KEY,
    checked_at INTEGER NOT NULL
) STRICT;

-- One row while the example organization is being made. A start that finds it takes away what a broken-off one left.
CREATE TABLE examples_begun (
    id INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL
) STRICT;

-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDs version 7, secrets are SHA-256 hashes.
-- The twin of this file for SQLite has the same tables and columns in the same order.

-- What SQLite has by itself: rows that travel as one JSON array, and ids in hexadecimal digits.
-- A batch has few rows beside the tables that it is joined with; the planner would expect a thousand.
CREATE FUNCTION jsonb_each(text) RETURNS TABLE (value jsonb) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10
    AS $$ SELECT e.value FROM jsonb_array_elements(CAST($1 AS jsonb)) AS e (value) $$;
CREATE FUNCTION unhex(text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CAST($1 AS uuid);

CREATE TABLE organizations (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    target_urgent BIGINT NOT NULL,
    target_normal BIGINT NOT NULL,
    target_low BIGINT NOT NULL,
    suspended_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    operator BOOLEAN NOT NULL,
    confirmed_at BIGINT,
    removed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX users_of_address ON users (email);
-- Until an operator vouches for one, several organizations may each know the same address under a password of their own.
CREATE UNIQUE INDEX users_confirmed ON users (email) WHERE confirmed_at IS NOT NULL;

CREATE TABLE memberships (
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id);

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash BYTEA NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE one_time_links (
    id UUID PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);

-- People who were asked to join and have not accepted. They are no members and may have no account.
CREATE TABLE invitations (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, email)
);

CREATE TABLE api_tokens (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    last_used_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX api_tokens_of_organization ON api_tokens (organization_id);

CREATE TABLE projects (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    restricted BOOLEAN NOT NULL,
    last_announcement_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX projects_of_organization ON projects (organization_id, id);

CREATE TABLE project_members (
    project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, user_id)
);

CREATE TABLE candidates (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    locale TEXT,
    time_zone TEXT,
    external_id TEXT,
    created_at BIGINT NOT NULL,
    search TSVECTOR
);
CREATE INDEX candidates_of_organization ON candidates (organization_id, id);
CREATE INDEX candidates_by_email ON candidates (organization_id, email) WHERE email IS NOT NULL;
CREATE INDEX candidates_by_external_id ON candidates (organization_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE conversations (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    candidate_id UUID NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    snooze_until BIGINT,
    assignee_id UUID REFERENCES users (id) ON DELETE SET NULL,
    priority TEXT NOT NULL,
    last_seq BIGINT NOT NULL,
    last_note_seq BIGINT NOT NULL,
    handled_seq BIGINT NOT NULL,
    candidate_read_seq BIGINT NOT NULL,
    team_read_seq BIGINT NOT NULL,
    last_message_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, candidate_id)
);
CREATE INDEX conversations_latest ON conversations (organization_id, (COALESCE(last_message_at, created_at)), id);
CREATE INDEX conversations_of_candidate ON conversations (candidate_id);
CREATE INDEX conversations_set_aside ON conversations (organization_id, status, (COALESCE(last_message_at, created_at)), id)
    WHERE status <> 'open';
CREATE INDEX conversations_of_assignee ON conversations (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snooze_until) WHERE snooze_until IS NOT NULL;

CREATE TABLE conversation_labels (
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    -- The label as labels are compared: in small letters, composed, with single spaces.
    folded TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (conversation_id, folded)
);
CREATE INDEX conversation_labels_in_use ON conversation_labels (organization_id, folded);

CREATE TABLE conversation_reads (
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);

CREATE TABLE messages (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id UUID NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    search TSVECTOR,
    UNIQUE (conversation_id, seq),
    -- A page of ours makes ids that begin with their time, so that this grows at its end, wherever the messages belong.
    UNIQUE (client_id, conversation_id, author_id)
);

CREATE TABLE notes (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    after_seq BIGINT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id UUID NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    search TSVECTOR,
    UNIQUE (conversation_id, seq),
    UNIQUE (conversation_id, author_kind, author_id, client_id)
);

CREATE TABLE announcements (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id UUID NOT NULL,
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    client_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    search TSVECTOR,
    UNIQUE (project_id, seq),
    UNIQUE (project_id, author_kind, author_id, client_id)
);

CREATE TABLE chat_links (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    secret_hash BYTEA NOT NULL UNIQUE,
    issued_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    asked_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX chat_links_of_conversation ON chat_links (conversation_id);

CREATE TABLE candidate_sessions (
    id UUID PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- Set where the device is not the candidate's own.
    ends_at BIGINT
);

CREATE TABLE candidate_grants (
    session_id UUID NOT NULL REFERENCES candidate_sessions (id) ON DELETE CASCADE,
    link_id UUID NOT NULL REFERENCES chat_links (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, link_id)
);
CREATE INDEX candidate_grants_of_link ON candidate_grants (link_id);

CREATE TABLE queue_entries (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    unread BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    preview TEXT NOT NULL,
    asks_for_link BOOLEAN NOT NULL,
    outcome TEXT,
    enqueued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    holder_kind TEXT,
    holder_id UUID,
    holder_name TEXT,
    lease_token TEXT,
    lease_expires_at BIGINT,
    changed_at BIGINT NOT NULL
);
-- One entry for a conversation that has not ended: the store itself keeps that promise.
CREATE UNIQUE INDEX queue_entries_live ON queue_entries (conversation_id) WHERE state <> 'ended';
CREATE INDEX queue_entries_order ON queue_entries (organization_id, due_at, id) WHERE state IN ('waiting', 'claimed');
CREATE INDEX queue_entries_of_project ON queue_entries (project_id, state, enqueued_at);
CREATE INDEX queue_entries_oldest ON queue_entries (priority, enqueued_at) WHERE state = 'waiting';
CREATE INDEX queue_entries_of_conversation ON queue_entries (conversation_id);
CREATE INDEX queue_entries_held ON queue_entries (holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX queue_entries_leases ON queue_entries (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX queue_entries_changes ON queue_entries (changed_at);

CREATE VIEW conversation_counts (project_id, status, assignee_id, count) AS
    SELECT project_id, status, COALESCE(assignee_id, '00000000-0000-0000-0000-000000000000'), COUNT(*)
    FROM conversations GROUP BY 1, 2, 3;
CREATE VIEW queue_counts (project_id, state, count) AS
    SELECT project_id, state, COUNT(*) FROM queue_entries WHERE state <> 'ended' GROUP BY 1, 2;

CREATE TABLE notices (
    id UUID PRIMARY KEY,
    event TEXT NOT NULL
);

-- Full-text search. The words are folded and cut by the program, which writes them as terms into `search` some time after a row
-- was written, many rows at once, and always before a search: where it is NULL they are not there yet, or no longer.
CREATE FUNCTION search_outdated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := NULL;
    RETURN NEW;
END $$;
CREATE INDEX messages_search ON messages USING gin (search);
CREATE INDEX messages_unindexed ON messages (id) WHERE search IS NULL;
CREATE TRIGGER messages_search_update BEFORE UPDATE OF body ON messages FOR EACH ROW
    WHEN (NEW.body <> OLD.body) EXECUTE FUNCTION search_outdated();
CREATE INDEX notes_search ON notes USING gin (search);
CREATE INDEX notes_unindexed ON notes (id) WHERE search IS NULL;
CREATE TRIGGER notes_search_update BEFORE UPDATE OF body ON notes FOR EACH ROW
    WHEN (NEW.body <> OLD.body) EXECUTE FUNCTION search_outdated();
CREATE INDEX announcements_search ON announcements USING gin (search);
CREATE INDEX announcements_unindexed ON announcements (id) WHERE search IS NULL;
CREATE TRIGGER announcements_search_update BEFORE UPDATE OF body ON announcements FOR EACH ROW
    WHEN (NEW.body <> OLD.body) EXECUTE FUNCTION search_outdated();
CREATE INDEX candidates_search ON candidates USING gin (search);
CREATE INDEX candidates_unindexed ON candidates (id) WHERE search IS NULL;
CREATE TRIGGER candidates_search_update BEFORE UPDATE OF name, email, phone, external_id ON candidates FOR EACH ROW
    WHEN ((NEW.name, NEW.email, NEW.phone, NEW.external_id)
        IS DISTINCT FROM (OLD.name, OLD.email, OLD.phone, OLD.external_id)) EXECUTE FUNCTION search_outdated();

-- One row, written to find out whether writing works.
CREATE TABLE probes (
    id BIGINT PRIMARY KEY,
    checked_at BIGINT NOT NULL
);

-- One row while the example organization is being made. A start that finds it takes away what a broken-off one left.
CREATE TABLE examples_begun (
    id BIGINT PRIMARY KEY,
    began_at BIGINT NOT NULL
);

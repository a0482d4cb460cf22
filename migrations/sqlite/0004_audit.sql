-- Who did what to whom, when, from where. Nothing here hangs on another table: what happened stays true when the
-- organization or the person it happened to is gone. `facts` is a JSON object. No message's text and no candidate's name
-- stands here; of an erased one the id stays, and the address by which a link was opened.
CREATE TABLE audit_entries (
    id BLOB PRIMARY KEY,
    organization_id BLOB,
    organization_slug TEXT,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT,
    subject_id BLOB,
    subject_label TEXT,
    whence TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_entries_of_organization ON audit_entries (organization_id, id);
CREATE INDEX audit_entries_of_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_of_action ON audit_entries (action, id);
CREATE INDEX audit_entries_of_actor_kind ON audit_entries (actor_kind, id);

-- Append-only: the store itself refuses everything else. The third is for INSERT OR REPLACE, which deletes without asking
-- the second.
CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_entries_replace BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

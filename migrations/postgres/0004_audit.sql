-- Who did what to whom, when, from where. Nothing here hangs on another table: what happened stays true when the
-- organization or the person it happened to is gone. `facts` is a JSON object. No message's text and no candidate's name
-- stands here; of an erased one the id stays, and the address by which a link was opened.
CREATE TABLE audit_entries (
    id UUID PRIMARY KEY,
    organization_id UUID,
    organization_slug TEXT,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    actor_name TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT,
    subject_id UUID,
    subject_label TEXT,
    whence TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_entries_of_organization ON audit_entries (organization_id, id);
CREATE INDEX audit_entries_of_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_of_action ON audit_entries (action, id);
CREATE INDEX audit_entries_of_actor_kind ON audit_entries (actor_kind, id);

-- Append-only: the store itself refuses everything else.
CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_entries_change BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse();
CREATE TRIGGER audit_entries_truncate BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse();

-- What is to be done later or again: mails, calls of webhooks. `run_at` is when a job may be taken; of one that runs, when
-- its lease ends, so that it may be taken from whoever has died.

CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    organization_id BLOB REFERENCES organizations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    claimed_by BLOB,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX jobs_due ON jobs (kind, run_at, id) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_of_state ON jobs (state, run_at, id);
CREATE INDEX jobs_of_organization ON jobs (organization_id) WHERE organization_id IS NOT NULL;

-- What is to be done later or again: mails, calls of webhooks. `run_at` is when a job may be taken; of one that runs, when
-- its lease ends, so that it may be taken from whoever has died.

CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    claimed_by UUID,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX jobs_due ON jobs (kind, run_at, id) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_of_state ON jobs (state, run_at, id);
CREATE INDEX jobs_of_organization ON jobs (organization_id) WHERE organization_id IS NOT NULL;

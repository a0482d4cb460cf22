-- Proof of life: who serves, what travelled, what somebody has to look at.

-- The servers, by a name that outlives the process, each with the hidden project and token of its heartbeats.
CREATE TABLE nodes (
    name TEXT PRIMARY KEY,
    node_id UUID NOT NULL,
    version TEXT NOT NULL,
    project_id UUID NOT NULL,
    token_id UUID NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    stopped_at BIGINT
);

-- Microseconds of each stage; NULL for one that was not gone to its end.
CREATE TABLE heartbeats (
    id UUID PRIMARY KEY,
    node TEXT NOT NULL,
    priority TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    connect_us BIGINT,
    post_us BIGINT,
    claim_us BIGINT,
    resolve_us BIGINT,
    fan_out_us BIGINT,
    total_us BIGINT,
    failed_stage TEXT
);

CREATE TABLE alerts (
    id UUID PRIMARY KEY,
    check_name TEXT NOT NULL,
    -- Of one organization or one server, or of the installation.
    organization_id UUID,
    node TEXT,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    remedy TEXT NOT NULL,
    fired_at BIGINT NOT NULL,
    cleared_at BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT
);
-- One open alert for each check and subject: however many servers find the same, it is told once.
CREATE UNIQUE INDEX alerts_open ON alerts (check_name, (COALESCE(CAST(organization_id AS TEXT), node, ''))) WHERE cleared_at IS NULL;

CREATE TABLE backups (
    id UUID PRIMARY KEY,
    finished_at BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

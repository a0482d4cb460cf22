-- Proof of life: who serves, what travelled, what somebody has to look at.

-- The servers, by a name that outlives the process, each with the hidden project and token of its heartbeats.
CREATE TABLE nodes (
    name TEXT PRIMARY KEY,
    node_id BLOB NOT NULL,
    version TEXT NOT NULL,
    project_id BLOB NOT NULL,
    token_id BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    stopped_at INTEGER
) STRICT;

-- Microseconds of each stage; NULL for one that was not gone to its end.
CREATE TABLE heartbeats (
    id BLOB PRIMARY KEY,
    node TEXT NOT NULL,
    priority TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    connect_us INTEGER,
    post_us INTEGER,
    claim_us INTEGER,
    resolve_us INTEGER,
    fan_out_us INTEGER,
    total_us INTEGER,
    failed_stage TEXT
) STRICT;

CREATE TABLE alerts (
    id BLOB PRIMARY KEY,
    check_name TEXT NOT NULL,
    -- Of one organization or one server, or of the installation.
    organization_id BLOB,
    node TEXT,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    remedy TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    cleared_at INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT
) STRICT;
-- One open alert for each check and subject: however many servers find the same, it is told once.
CREATE UNIQUE INDEX alerts_open ON alerts (check_name, (COALESCE(NULLIF(hex(organization_id), ''), node, ''))) WHERE cleared_at IS NULL;

CREATE TABLE backups (
    id BLOB PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;

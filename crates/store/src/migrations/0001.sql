-- Shared by all nodes: entries. Raw bytes are the authority; every other column follows from them and from the
-- entries they name.
CREATE TABLE space (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    own_party BLOB,
    founder BLOB NOT NULL
);
CREATE TABLE line (
    no INTEGER PRIMARY KEY,
    space INTEGER NOT NULL REFERENCES space (no),
    key BLOB NOT NULL,
    seat BLOB NOT NULL,
    start_seq INTEGER NOT NULL,
    head_seq INTEGER NOT NULL,
    head_id BLOB NOT NULL,
    relied INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX line_space ON line (space);
CREATE TABLE entry (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    space INTEGER NOT NULL,
    line INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    object BLOB,
    past BLOB NOT NULL,
    arrived_ms INTEGER NOT NULL,
    content BLOB,
    refusal TEXT,
    raw BLOB NOT NULL
);
CREATE UNIQUE INDEX entry_line ON entry (line, seq);
CREATE INDEX entry_object ON entry (object) WHERE object IS NOT NULL;
CREATE INDEX entry_content ON entry (content) WHERE content IS NOT NULL;
-- The first entries of a chain that had seen the withdrawal of an offer.
CREATE TABLE sighting (
    object BLOB NOT NULL,
    depth INTEGER NOT NULL,
    id BLOB NOT NULL,
    lapse BLOB NOT NULL,
    PRIMARY KEY (object, depth, id, lapse)
);
CREATE TABLE lapse (
    line INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    space INTEGER NOT NULL,
    id BLOB NOT NULL,
    object BLOB NOT NULL,
    PRIMARY KEY (line, seq)
);
-- Every key that any stored entry introduces, whether the rules let it in or not: signatures are checked by these.
CREATE TABLE introduced (
    space INTEGER NOT NULL,
    key BLOB NOT NULL,
    seat BLOB NOT NULL,
    depth INTEGER NOT NULL,
    entry BLOB NOT NULL,
    public BLOB NOT NULL,
    PRIMARY KEY (space, key, entry)
);
-- What follows from entries: dropped and rebuilt equal.
CREATE TABLE object (
    id BLOB PRIMARY KEY,
    space INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    last BLOB NOT NULL,
    leaf BLOB NOT NULL,
    state BLOB NOT NULL
);
CREATE INDEX object_space ON object (space);
CREATE TABLE commitment (
    object BLOB PRIMARY KEY,
    space INTEGER NOT NULL,
    debtor BLOB NOT NULL,
    phase INTEGER NOT NULL,
    due INTEGER NOT NULL,
    title TEXT NOT NULL
);
CREATE INDEX commitment_due ON commitment (space, due);
CREATE TABLE voice (
    party BLOB NOT NULL,
    box INTEGER NOT NULL,
    due INTEGER NOT NULL,
    object BLOB NOT NULL,
    PRIMARY KEY (object, party, box)
) WITHOUT ROWID;
CREATE INDEX voice_box ON voice (party, box, due);
-- What stands behind entries.
CREATE TABLE content (
    hash BLOB PRIMARY KEY,
    len INTEGER NOT NULL,
    state INTEGER NOT NULL,
    bytes BLOB
);
CREATE INDEX content_missing ON content (state) WHERE state = 0;
-- This node's own.
CREATE TABLE outbox (n INTEGER PRIMARY KEY);
CREATE TABLE receipt (
    space INTEGER NOT NULL,
    party BLOB NOT NULL,
    entry BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (space, party)
);
CREATE TABLE request (
    id TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    result BLOB NOT NULL,
    at_ms INTEGER NOT NULL
);
CREATE TABLE invitation (
    secret BLOB PRIMARY KEY,
    space INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE TABLE applicant (
    space INTEGER NOT NULL,
    party BLOB NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    introduction BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (space, party)
);
CREATE TABLE peer (
    space INTEGER NOT NULL,
    node BLOB NOT NULL,
    url TEXT NOT NULL,
    cursor BLOB NOT NULL,
    heard_ms INTEGER NOT NULL,
    PRIMARY KEY (space, node)
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);

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
-- Ids are hashes: a tree ordered by them is touched all over by whatever is new. So entries, objects, contents and
-- parties go by numbers in the order in which they came. Where an id must be found, six bytes of it are indexed; those of
-- entries and contents era by era, so that what is new touches the last era alone. Ids that a party can name as it likes are spread by
-- a hash first, so that nobody can pile them up.
CREATE TABLE entry (
    n INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    id BLOB NOT NULL,
    space INTEGER NOT NULL,
    line INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    object INTEGER,
    past BLOB NOT NULL,
    arrived_ms INTEGER NOT NULL,
    content INTEGER,
    refusal TEXT,
    raw BLOB NOT NULL
);
CREATE INDEX entry_short ON entry (n >> 13, short);
CREATE UNIQUE INDEX entry_line ON entry (line, seq);
CREATE INDEX entry_object ON entry (object) WHERE object IS NOT NULL;
CREATE INDEX entry_content ON entry (content) WHERE content IS NOT NULL;
-- Whatever the entries of a space are about, whether it is here or not.
CREATE TABLE object (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    space INTEGER NOT NULL
);
CREATE INDEX object_space ON object (space);
-- Objects that are named and whose founding entry is not here; the others are found by that entry.
CREATE TABLE awaited (object INTEGER PRIMARY KEY, spread INTEGER NOT NULL);
CREATE INDEX awaited_spread ON awaited (spread);
-- The first entries of a chain that had seen the withdrawal of an offer.
CREATE TABLE sighting (
    n INTEGER NOT NULL,
    lapse BLOB NOT NULL,
    object INTEGER NOT NULL,
    PRIMARY KEY (n, lapse)
);
CREATE INDEX sighting_object ON sighting (object);
CREATE TABLE lapse (
    line INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    space INTEGER NOT NULL,
    id BLOB NOT NULL,
    object INTEGER NOT NULL,
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
CREATE TABLE party (no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
-- Of a commitment also what lists show of it.
CREATE TABLE record (
    object INTEGER PRIMARY KEY,
    space INTEGER NOT NULL,
    debtor INTEGER,
    phase INTEGER,
    due INTEGER,
    title TEXT,
    last INTEGER NOT NULL,
    state BLOB NOT NULL
);
CREATE INDEX record_due ON record (space, due) WHERE due IS NOT NULL;
-- What is open of each party's, in the order of arrival: new and moving commitments lie together, and to sort what one
-- party has open by due day is quick. The bits of `boxes` say in which of its lists a commitment is.
CREATE TABLE voice (
    party INTEGER NOT NULL,
    object INTEGER NOT NULL,
    boxes INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (party, object)
) WITHOUT ROWID;
-- What stands behind entries.
CREATE TABLE content (
    no INTEGER PRIMARY KEY,
    spread INTEGER NOT NULL,
    hash BLOB NOT NULL,
    len INTEGER NOT NULL,
    state INTEGER NOT NULL,
    bytes BLOB
);
CREATE INDEX content_spread ON content (no >> 13, spread);
CREATE INDEX content_missing ON content (hash) WHERE bytes IS NULL AND state <> 3;
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

-- Contents that have arrived in part, of each node apart: what one sends does not spoil what another does.
CREATE TABLE partial (
    hash BLOB NOT NULL,
    node BLOB NOT NULL,
    held INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (hash, node)
);
CREATE TABLE part (
    hash BLOB NOT NULL,
    node BLOB NOT NULL,
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (hash, node, start)
);

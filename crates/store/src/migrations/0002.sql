-- The people of the party and what lets them in. Nothing of it leaves the node.

-- One who may sign in, or once could: a row stays, so that the record's salted hashes can be opened later.
CREATE TABLE person (
    id         BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    role       TEXT    NOT NULL,
    salt       BLOB    NOT NULL,
    passphrase TEXT    NOT NULL,
    until_ms   INTEGER NOT NULL,
    removed    INTEGER NOT NULL
);

-- A link by which a person chooses a passphrase, by the hash of its secret.
CREATE TABLE person_invitation (
    secret     BLOB    NOT NULL PRIMARY KEY,
    person     BLOB    NOT NULL REFERENCES person (id),
    expires_ms INTEGER NOT NULL
);

-- A person at a browser, by the hash of the session's secret.
CREATE TABLE person_session (
    id         BLOB    NOT NULL PRIMARY KEY,
    person     BLOB    NOT NULL REFERENCES person (id),
    since_ms   INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
);

-- How often in a row a passphrase was wrong, by account and by address.
CREATE TABLE failed_try (
    subject    BLOB    NOT NULL PRIMARY KEY,
    count      INTEGER NOT NULL,
    last_ms    INTEGER NOT NULL
);

-- What stands beside an entry: comments and files, by the number of the entry that they are about. It follows from
-- entries and can be dropped.
CREATE TABLE beside (object INTEGER PRIMARY KEY, about INTEGER NOT NULL);
CREATE INDEX beside_about ON beside (about);

-- The private desk: what the party's own people keep about shared things. Nothing of it leaves the node, so nothing
-- else is kept in these tables, and none of it in others.

-- A file that somebody chose and has not signed yet.
CREATE TABLE desk_upload (
    id     BLOB    NOT NULL PRIMARY KEY,
    person BLOB    NOT NULL,
    name   TEXT    NOT NULL,
    media  TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL,
    bytes  BLOB    NOT NULL
);

-- Who of us looks after something.
CREATE TABLE desk_assignee (
    object BLOB    NOT NULL PRIMARY KEY,
    person BLOB    NOT NULL,
    at_ms  INTEGER NOT NULL
);
CREATE INDEX desk_assignee_person ON desk_assignee (person);

-- What we say among ourselves.
CREATE TABLE desk_note (
    no     INTEGER PRIMARY KEY,
    object BLOB    NOT NULL,
    person BLOB    NOT NULL,
    at_ms  INTEGER NOT NULL,
    text   TEXT    NOT NULL
);
CREATE INDEX desk_note_object ON desk_note (object);

-- Terms that somebody typed and has not signed: the form, as it was sent.
CREATE TABLE desk_draft (
    id     BLOB    NOT NULL PRIMARY KEY,
    person BLOB    NOT NULL,
    space  BLOB    NOT NULL,
    object BLOB,
    kind   TEXT    NOT NULL,
    fields TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL
);
CREATE INDEX desk_draft_at ON desk_draft (at_ms);

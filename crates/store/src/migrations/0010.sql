-- What is transcribed from elsewhere, by the day that it names; one that names none comes last. It follows from entries.
CREATE TABLE register (object INTEGER PRIMARY KEY, due INTEGER NOT NULL, version BLOB NOT NULL);
CREATE INDEX register_due ON register (due, object);
-- The private desk: what of it our own people hold to be done.
CREATE TABLE desk_done (object BLOB NOT NULL PRIMARY KEY, person BLOB NOT NULL, at_ms INTEGER NOT NULL);

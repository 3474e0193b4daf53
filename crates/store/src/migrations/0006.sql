-- What parties say that they can do or lack, as lists show it. It follows from entries and can be dropped. The field is a
-- place in the list of fields, -1 when its text is not here or names none.
CREATE TABLE declared (
    object    INTEGER PRIMARY KEY,
    space     INTEGER NOT NULL,
    party     INTEGER NOT NULL,
    sort      INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    field     INTEGER NOT NULL
);
CREATE INDEX declared_space ON declared (space, withdrawn, field, object);

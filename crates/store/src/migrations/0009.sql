-- How commitments concern our own party, and how many there are of what. All of it follows from entries.
ALTER TABLE record ADD COLUMN place INTEGER;
ALTER TABLE record ADD COLUMN at INTEGER;
ALTER TABLE record ADD COLUMN field INTEGER;
-- In the order in which people go through them: by the minute at which the due day ends, or since which somebody waits.
CREATE TABLE concern (
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    object INTEGER NOT NULL,
    PRIMARY KEY (place, at, object)
) WITHOUT ROWID;
CREATE TABLE concern_count (place INTEGER PRIMARY KEY, count INTEGER NOT NULL);
-- A commitment counts once as a whole, with creditor 0, and once with each of its creditors.
CREATE TABLE tally (
    space INTEGER NOT NULL,
    debtor INTEGER NOT NULL,
    creditor INTEGER NOT NULL,
    field INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (space, debtor, creditor, field, phase)
) WITHOUT ROWID;

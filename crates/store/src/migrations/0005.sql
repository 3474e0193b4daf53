-- Agreements and meetings, as lists show them; their titles stand with their records.
CREATE TABLE paper (
    object INTEGER PRIMARY KEY,
    space  INTEGER NOT NULL,
    sort   INTEGER NOT NULL,
    phase  INTEGER NOT NULL,
    day    INTEGER NOT NULL
);
CREATE INDEX paper_space ON paper (space, sort, day);
-- Commitments by the agreement of which they carry out a clause: what an index holds of its id.
CREATE TABLE under (
    spread INTEGER NOT NULL,
    object INTEGER NOT NULL,
    PRIMARY KEY (spread, object)
) WITHOUT ROWID;
-- Commitments that are there are listed under their agreements when their records are made again.

-- The words of commitments, as they are sought. They follow from entries and can be dropped.
CREATE VIRTUAL TABLE words USING fts5 (sought, detail = 'none', tokenize = 'ascii');
-- What is taken out leaves the index at once, not when it is next merged.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
-- Objects whose words have changed since they were read into the index.
CREATE TABLE unread (object INTEGER PRIMARY KEY);

-- Whether a peer's address is its own word, for which nobody here has vouched.
ALTER TABLE peer ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

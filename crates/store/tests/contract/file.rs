//! The file of the SQLite arm: what is on the disk after a crash, and which files are refused.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use store::{Store, StoreError};
use tempfile::TempDir;

use crate::rows::{add, content, entry, entry_id, space};

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    (folder, path)
}

/// A database with an entry in it.
fn written() -> (TempDir, PathBuf) {
    let (folder, path) = place();
    let store = Store::open(&path).unwrap();
    let no = space(&store, 1);
    add(&store, no, &entry(1, 1, 0)).unwrap();
    (folder, path)
}

/// Changes a file behind the store's back.
fn behind(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn an_empty_file_becomes_a_database_and_the_next_start_finds_it_as_it_was() {
    let (_folder, path) = place();
    std::fs::write(&path, b"").unwrap();
    for start in 0..3_u8 {
        let store = Store::open(&path).unwrap();
        assert_eq!(store.meta("start").unwrap(), start.checked_sub(1).map(|before| vec![before]));
        store.set_meta("start", &[start]).unwrap();
        let facts = store.facts().unwrap();
        let fact = |name| facts.iter().find(|(fact, _)| *fact == name).map(|(_, value)| value.as_str());
        assert_eq!((fact("journal mode"), fact("synchronous")), (Some("wal"), Some("full")));
    }
}

#[test]
fn what_was_not_committed_before_a_crash_never_was() {
    let (_folder, path) = written();
    let mut store = Store::open(&path).unwrap();
    store.begin().unwrap();
    add(&store, 1, &entry(2, 1, 1)).unwrap();
    store.set_meta("key", b"value").unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    assert_eq!((store.last_n().unwrap(), store.meta("key").unwrap()), (1, None));
    assert_eq!(store.entry(entry_id(1)).unwrap(), Some(entry(1, 1, 0)));
}

#[test]
fn what_was_committed_outlives_a_process_that_never_closed_the_file() {
    let (folder, path) = written();
    let mut store = Store::open(&path).unwrap();
    store.begin().unwrap();
    add(&store, 1, &entry(2, 1, 1)).unwrap();
    store.commit().unwrap();
    store.begin().unwrap();
    add(&store, 1, &entry(3, 1, 2)).unwrap();
    // The files as a kill at this moment leaves them: the database and its write-ahead log, and no goodbye.
    let elsewhere = folder.path().join("killed.db");
    for ending in ["", "-wal"] {
        let (from, to) = (format!("{}{ending}", path.display()), format!("{}{ending}", elsewhere.display()));
        std::fs::copy(from, to).unwrap();
    }
    let found = Store::open(&elsewhere).unwrap();
    assert_eq!(found.last_n().unwrap(), 2);
    assert_eq!(found.entry(entry_id(2)).unwrap(), Some(entry(2, 1, 1)));
}

#[test]
fn a_newer_format_is_refused_by_its_number_and_left_alone() {
    let (_folder, path) = written();
    behind(&path, "PRAGMA user_version = 900");
    let refused = Store::open(&path).err().unwrap();
    assert!(matches!(refused, StoreError::Newer { found: 900, known: 10 }), "{refused}");
    behind(&path, "PRAGMA user_version = 10");
    assert_eq!(Store::open(&path).unwrap().last_n().unwrap(), 1);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, path) = place();
    let text = "Minutes of the first session.\n".repeat(300);
    std::fs::write(&path, &text).unwrap();
    let refused = Store::open(&path).err().unwrap();
    assert!(matches!(refused, StoreError::Open(_)), "{refused}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_refused_and_gets_no_table_of_ours() {
    for version in [0, 1] {
        let (_folder, path) = place();
        behind(&path, &format!("CREATE TABLE guest (name TEXT); PRAGMA user_version = {version}"));
        let refused = Store::open(&path).err().unwrap();
        assert!(matches!(refused, StoreError::Open(_)), "{refused}");
        let guest = Connection::open(&path).unwrap();
        assert_eq!(
            guest.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)),
            Ok(1)
        );
        let mode = guest.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0));
        assert_eq!(mode.as_deref(), Ok("delete"));
    }
}

#[test]
fn a_folder_and_a_path_without_one_are_refused() {
    let (folder, _) = place();
    for path in [folder.path().to_owned(), folder.path().join("none").join("node.db")] {
        let refused = Store::open(&path).err().unwrap();
        assert!(matches!(refused, StoreError::Open(_)), "{refused}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_read_and_takes_nothing() {
    let (_folder, path) = written();
    // By the mode of the connection: the mode of a file does not bind every user.
    let uri = PathBuf::from(format!("file:{}?mode=ro", path.display()));
    let mut store = Store::open(&uri).unwrap();
    assert_eq!(store.entry(entry_id(1)).unwrap(), Some(entry(1, 1, 0)));
    assert!(store.set_meta("key", b"value").is_err());
    assert!(store.begin().is_err() || store.set_meta("key", b"value").is_err());
    store.roll_back().unwrap();
    assert_eq!(Store::open(&path).unwrap().meta("key").unwrap(), None);
}

#[test]
fn a_second_writer_waits_and_is_then_told_that_the_database_is_in_use() {
    let (_folder, path) = written();
    let (mut one, mut two) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    one.begin().unwrap();
    one.set_meta("key", b"one").unwrap();
    assert_eq!(two.meta("key").unwrap(), None, "readers do not wait");
    let refused = two.begin().unwrap_err();
    assert!(matches!(refused, StoreError::Open(_)), "{refused}");
    one.commit().unwrap();
    two.begin().unwrap();
    assert_eq!(two.meta("key").unwrap().as_deref(), Some(&b"one"[..]));
    two.roll_back().unwrap();
}

#[test]
fn a_file_with_a_page_of_noise_is_called_damaged() {
    let (_folder, path) = written();
    let mut bytes = std::fs::read(&path).unwrap();
    let page = 4_096;
    assert!(bytes.len() > 3 * page);
    bytes[page..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let found = Store::open(&path).and_then(|store| store.entry(entry_id(1)));
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}

#[test]
fn a_row_that_does_not_hold_what_was_written_is_called_damaged() {
    type Ask = fn(&Store) -> Result<(), StoreError>;
    let ask_entry: Ask = |store| store.entry(entry_id(1)).map(drop);
    let ask_content: Ask = |store| store.content_state(content(1)).map(drop);
    let ask_spaces: Ask = |store| store.spaces().map(drop);
    let ask_placed: Ask = |store| store.placed(entry_id(1)).map(drop);
    let rows: [(&str, Ask); 9] = [
        ("UPDATE entry SET past = x'80'", ask_entry),
        ("UPDATE entry SET past = x'80'", ask_placed),
        ("UPDATE entry SET seq = -1", ask_entry),
        ("UPDATE entry SET line = 4294967296", ask_placed),
        ("UPDATE entry SET kind = 'offer'", ask_entry),
        ("UPDATE object SET id = x'0102'", ask_entry),
        ("UPDATE entry SET raw = 'text'", ask_entry),
        ("UPDATE content SET state = 9", ask_content),
        ("UPDATE space SET founder = x'01'", ask_spaces),
    ];
    for (sql, ask) in rows {
        let (_folder, path) = place();
        let store = Store::open(&path).unwrap();
        let no = space(&store, 1);
        let row = store::entries::EntryRow { content: Some(content(1)), ..entry(1, 1, 0) };
        add(&store, no, &row).unwrap();
        drop(store);
        ask(&Store::open(&path).unwrap()).unwrap();
        behind(&path, sql);
        let found = ask(&Store::open(&path).unwrap());
        assert!(matches!(found, Err(StoreError::Damaged(_))), "{sql}: {found:?}");
    }
}

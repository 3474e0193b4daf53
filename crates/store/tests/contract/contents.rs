//! What stands behind entries.

use oplog::{ContentHash, ContentRef};
use store::Store;
use store::contents::ContentState;
use store::entries::EntryRow;

use crate::Fresh;
use crate::rows::{add, content, entry, entry_id, object, space};

const WORDS: &[u8] = b"four";

fn expect(store: &Store, hash: ContentHash) {
    store.name_content(ContentRef { hash, len_bytes: WORDS.len() as u64 }, None).unwrap();
}

/// An entry that names a content and is folded into an object.
fn naming(n: u8, hash: ContentHash, folded_into: u8) -> EntryRow {
    EntryRow { content: Some(hash), object: Some(object(folded_into)), ..entry(n, u32::from(n), 0) }
}

pub(crate) fn an_expected_content_is_missing_until_it_is_kept(fresh: Fresh<'_>) {
    let store = fresh();
    assert_eq!(store.content_state(content(1)).unwrap(), None);
    expect(&store, content(1));
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Missing, 4)));
    assert_eq!(store.content(content(1)).unwrap(), None);
    store.keep_content(content(1), WORDS).unwrap();
    expect(&store, content(1));
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Present, 4)));
    assert_eq!(store.content(content(1)).unwrap().as_deref(), Some(WORDS));
}

pub(crate) fn a_content_that_comes_along_is_kept(fresh: Fresh<'_>) {
    let store = fresh();
    let named = |number| ContentRef { hash: content(number), len_bytes: WORDS.len() as u64 };
    let (first, is_new) = store.name_content(named(1), Some(WORDS)).unwrap();
    assert!(is_new);
    assert_eq!(store.content(content(1)).unwrap().as_deref(), Some(WORDS));
    assert_eq!(store.name_content(named(1), None).unwrap(), (first, false));
    assert_eq!(store.content(content(1)).unwrap().as_deref(), Some(WORDS));
    let (second, _) = store.name_content(named(2), None).unwrap();
    assert_ne!(first, second);
    assert_eq!(store.name_content(named(2), Some(WORDS)).unwrap(), (second, false));
    assert_eq!(store.content(content(2)).unwrap().as_deref(), Some(WORDS));
}

pub(crate) fn the_bytes_of_a_content_settle_its_length(fresh: Fresh<'_>) {
    let store = fresh();
    expect(&store, content(1));
    store.keep_content(content(1), b"longer").unwrap();
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Present, 6)));
    assert_eq!(store.content(content(1)).unwrap().as_deref(), Some(&b"longer"[..]));
}

pub(crate) fn an_erased_content_stays_erased_until_one_more_entry_names_it(fresh: Fresh<'_>) {
    let store = fresh();
    expect(&store, content(1));
    store.set_content_state(content(1), ContentState::Erased).unwrap();
    store.keep_content(content(1), WORDS).unwrap();
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Erased, 4)));
    assert_eq!(store.content(content(1)).unwrap(), None);
    expect(&store, content(1));
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Missing, 4)));
    store.set_content_state(content(1), ContentState::Erased).unwrap();
    let named = ContentRef { hash: content(1), len_bytes: 4 };
    store.name_content(named, Some(WORDS)).unwrap();
    assert_eq!(store.content_state(content(1)).unwrap(), Some((ContentState::Present, 4)));
}

pub(crate) fn what_is_missing_or_erased_has_no_bytes_and_what_is_withheld_has(fresh: Fresh<'_>) {
    let states = [
        (ContentState::Missing, false),
        (ContentState::Present, true),
        (ContentState::Withheld, true),
        (ContentState::Erased, false),
    ];
    for (state, kept) in states {
        let store = fresh();
        expect(&store, content(1));
        store.keep_content(content(1), WORDS).unwrap();
        store.set_content_state(content(1), state).unwrap();
        assert_eq!(store.content_state(content(1)).unwrap(), Some((state, 4)));
        assert_eq!(store.content(content(1)).unwrap().is_some(), kept, "{state:?}");
    }
}

pub(crate) fn a_content_is_found_behind_its_entry(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    add(&store, no, &naming(1, content(1), 9)).unwrap();
    add(&store, no, &entry(2, 2, 0)).unwrap();
    expect(&store, content(1));
    assert_eq!(store.content_behind(entry_id(1)).unwrap(), None);
    store.keep_content(content(1), WORDS).unwrap();
    assert_eq!(store.content_behind(entry_id(1)).unwrap().as_deref(), Some(WORDS));
    assert_eq!(store.content_behind(entry_id(2)).unwrap(), None);
}

pub(crate) fn a_content_goes_out_with_its_entry_when_it_is_here_and_small(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    add(&store, no, &naming(1, content(1), 9)).unwrap();
    add(&store, no, &entry(2, 2, 0)).unwrap();
    let at = |n, len_max| store.content_at(n, len_max).unwrap();
    assert_eq!(at(1, 4), None, "it is missing");
    store.keep_content(content(1), WORDS).unwrap();
    assert_eq!(at(1, 4).as_deref(), Some(WORDS));
    assert_eq!((at(1, 3), at(2, 4), at(3, 4)), (None, None, None));
    store.set_content_state(content(1), ContentState::Withheld).unwrap();
    assert_eq!(at(1, 4), None, "it is withheld");
}

pub(crate) fn a_content_is_found_in_any_era_and_beside_many(fresh: Fresh<'_>) {
    let mut store = fresh();
    let many = |number: u32| {
        let hash = ContentHash(oplog::id::hash("test", &[&number.to_be_bytes()]));
        ContentRef { hash, len_bytes: u64::from(number) }
    };
    store.begin().unwrap();
    let (first, _) = store.name_content(many(0), None).unwrap();
    for number in 1..20_000 {
        assert!(store.name_content(many(number), None).unwrap().1);
    }
    store.commit().unwrap();
    assert_eq!(store.name_content(many(0), None).unwrap(), (first, false));
    for number in [0, 8_191, 8_192, 12_345, 19_999] {
        let state = (ContentState::Missing, u64::from(number));
        assert_eq!(store.content_state(many(number).hash).unwrap(), Some(state));
    }
    assert_eq!(store.content_state(many(20_000).hash).unwrap(), None);
}

pub(crate) fn a_part_of_a_content_is_as_long_as_was_asked_for(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    add(&store, no, &naming(1, content(1), 9)).unwrap();
    expect(&store, content(1));
    let part = |from, most| store.content_part_behind(entry_id(1), from, most).unwrap();
    assert_eq!(part(0, 9), None);
    let long: Vec<u8> = (0..60_000_u32).flat_map(u32::to_be_bytes).collect();
    store.keep_content(content(1), &long).unwrap();
    for from in [0, 1, 100_000, long.len() - 1, long.len(), long.len() + 1] {
        for most in [0, 1, 9, 100_000, long.len() - 1, long.len(), long.len() + 1] {
            let expected = long.iter().copied().skip(from).take(most).collect();
            assert_eq!(part(from as u64, most), Some((expected, long.len() as u64)), "{most} from {from}");
        }
    }
    assert_eq!(store.content_part_behind(entry_id(2), 0, 9).unwrap(), None);
}

pub(crate) fn missing_contents_are_those_that_the_space_names_and_so_many(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for n in 1..=3 {
        add(&store, one, &naming(n, content(n), 9)).unwrap();
        expect(&store, content(n));
    }
    add(&store, two, &naming(4, content(4), 9)).unwrap();
    expect(&store, content(4));
    store.keep_content(content(2), WORDS).unwrap();
    let missing = |after: ContentHash, limit| store.contents_missing(one, after, limit).unwrap();
    assert_eq!(missing(ContentHash::ZERO, 10), [content(1), content(3)]);
    assert_eq!(missing(ContentHash::ZERO, 1), [content(1)]);
    assert_eq!(missing(content(1), 10), [content(3)]);
    store.set_content_state(content(1), ContentState::Withheld).unwrap();
    assert_eq!(missing(ContentHash::ZERO, 10), [content(1), content(3)], "withheld by another");
    store.keep_content(content(1), WORDS).unwrap();
    store.set_content_state(content(1), ContentState::Withheld).unwrap();
    assert_eq!(missing(ContentHash::ZERO, 10), [content(3)], "withheld by us");
}

pub(crate) fn the_entries_that_name_a_content_are_those_of_every_space_and_so_many(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    add(&store, one, &naming(1, content(1), 9)).unwrap();
    add(&store, two, &EntryRow { object: None, ..naming(2, content(1), 9) }).unwrap();
    add(&store, two, &naming(3, content(2), 9)).unwrap();
    let mut naming = store.entries_naming(content(1), 10).unwrap();
    naming.sort();
    assert_eq!(naming, [(one, entry_id(1), Some(object(9))), (two, entry_id(2), None)]);
    assert_eq!(store.entries_naming(content(1), 1).unwrap().len(), 1);
}

pub(crate) fn a_content_is_named_only_where_an_entry_of_the_space_names_it(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    add(&store, one, &naming(1, content(1), 9)).unwrap();
    assert!(store.names_content(one, content(1)).unwrap());
    assert!(!store.names_content(two, content(1)).unwrap());
    assert!(!store.names_content(one, content(2)).unwrap());
}

pub(crate) fn the_objects_of_a_content_are_those_of_the_space(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for row in [naming(1, content(1), 20), naming(2, content(1), 21), naming(3, content(1), 20)] {
        add(&store, one, &row).unwrap();
    }
    add(&store, one, &EntryRow { object: None, ..naming(4, content(1), 0) }).unwrap();
    add(&store, two, &naming(5, content(1), 22)).unwrap();
    let mut objects = store.objects_with_content(one, content(1)).unwrap();
    objects.sort();
    assert_eq!(objects, [object(20), object(21)]);
}

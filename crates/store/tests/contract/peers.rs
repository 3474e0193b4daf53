//! Who this node talks to, and what it was asked.

use store::peers::{ApplicantRow, PeerRow};

use crate::Fresh;
use crate::rows::{entry_id, party, space};

pub(crate) fn an_invitation_is_kept_until_it_is_used(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    assert_eq!(store.invitation(&[1; 32]).unwrap(), None);
    store.add_invitation(&[1; 32], no, 5_000).unwrap();
    store.add_invitation(&[2; 32], no, 6_000).unwrap();
    assert_eq!(store.invitation(&[1; 32]).unwrap(), Some((no, 5_000, false)));
    store.use_invitation(&[1; 32]).unwrap();
    assert_eq!(store.invitation(&[1; 32]).unwrap(), Some((no, 5_000, true)));
    assert_eq!(store.invitation(&[2; 32]).unwrap(), Some((no, 6_000, false)));
}

pub(crate) fn an_invitation_is_added_once(fresh: Fresh<'_>) {
    let store = fresh();
    let no = space(&store, 1);
    store.add_invitation(&[1; 32], no, 5_000).unwrap();
    store.use_invitation(&[1; 32]).unwrap();
    assert!(store.add_invitation(&[1; 32], no, 9_000).is_err());
    assert_eq!(store.invitation(&[1; 32]).unwrap(), Some((no, 5_000, true)));
}

pub(crate) fn the_newest_application_of_a_party_counts_and_the_oldest_comes_first(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let row = |number, at_ms| ApplicantRow {
        party: party(number),
        name: format!("name {at_ms}"),
        url: String::new(),
        introduction: vec![number; 3],
        at_ms,
    };
    for row in [row(1, 10), row(3, 30), row(2, 30), row(1, 40)] {
        store.set_applicant(one, &row).unwrap();
    }
    store.set_applicant(two, &row(1, 5)).unwrap();
    assert_eq!(store.applicants(one).unwrap(), [row(2, 30), row(3, 30), row(1, 40)]);
    assert_eq!(store.applicants(two).unwrap(), [row(1, 5)]);
}

pub(crate) fn a_peer_keeps_its_address_when_told_none(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    let row = |space, node, url: &str, heard_ms| PeerRow {
        space,
        node: vec![node; 33],
        url: url.to_owned(),
        told: url == "http://b",
        cursor: vec![0x80],
        heard_ms,
    };
    for row in [row(two, 1, "", 1), row(one, 2, "http://a", 1), row(one, 1, "http://b", 1)] {
        store.set_peer(&row).unwrap();
    }
    let later = PeerRow { cursor: vec![0x81, 0], ..row(one, 1, "", 9) };
    store.set_peer(&later).unwrap();
    let kept = PeerRow { url: "http://b".to_owned(), told: true, ..later };
    assert_eq!(store.peers().unwrap(), [kept, row(one, 2, "http://a", 1), row(two, 1, "", 1)]);
    store.set_peer(&row(one, 1, "http://c", 10)).unwrap();
    assert_eq!(store.peers().unwrap()[0], row(one, 1, "http://c", 10));
}

pub(crate) fn the_newest_receipt_of_a_party_counts(fresh: Fresh<'_>) {
    let store = fresh();
    let (one, two) = (space(&store, 1), space(&store, 2));
    for (no, number, entry, at_ms) in [(one, 2, 1, 10), (one, 1, 2, 20), (one, 2, 3, 30), (two, 2, 4, 40)] {
        store.set_receipt(no, party(number), entry_id(entry), at_ms).unwrap();
    }
    assert_eq!(store.receipts(one).unwrap(), [(party(1), entry_id(2), 20), (party(2), entry_id(3), 30)]);
    assert_eq!(store.receipts(two).unwrap(), [(party(2), entry_id(4), 40)]);
}

pub(crate) fn the_result_of_a_request_is_kept_under_its_id_once(fresh: Fresh<'_>) {
    let mut store = fresh();
    assert_eq!(store.request("id").unwrap(), None);
    store.add_request("id", &[1; 32], b"result", 5).unwrap();
    assert_eq!(store.request("id").unwrap(), Some(([1; 32], b"result".to_vec())));
    assert!(store.add_request("id", &[1; 32], b"other", 6).is_err());
    assert!(store.add_request("id", &[2; 32], b"other", 6).is_err());
    assert_eq!(store.request("id").unwrap(), Some(([1; 32], b"result".to_vec())));
    store.begin().unwrap();
    store.add_request("gone", &[1; 32], b"result", 5).unwrap();
    store.roll_back().unwrap();
    assert_eq!(store.request("gone").unwrap(), None);
}

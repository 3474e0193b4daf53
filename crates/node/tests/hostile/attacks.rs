//! A member that reaches for what is another space's, for what others wrote, or for a node's memory.

use agreement::operation::{Accept, Cancel, Comment, Erase, Offer, Subject, Transcribe};
use agreement::{Content, FieldTag, Operation, Phase, Rules, Terms};
use node::{Act, Node};
use oplog::bytes::Blob;
use oplog::sync::{Frame, Heads, Join, MESSAGE_BYTES_MAX, Part, Want, WantContent};
use oplog::{ContentHash, ContentRef, Entry, EntryId, ObjectId, SpaceId, Unverified};

use crate::{Puppet, comment, heads, refusal, terms, together};

/// Founds one more space of the node and lets the same party in.
fn another_space(node: &mut Node) -> Puppet {
    let space = node.found("Another", Rules::default()).unwrap();
    let puppet = Puppet::new(space);
    assert!(matches!(ask_in(node, &puppet, ""), Frame::Joined(_)));
    node.admit(space, puppet.identity.party(), None).unwrap();
    puppet
}

/// What the node says to a request to be let in by a party that listens at `url`.
fn ask_in(node: &mut Node, puppet: &Puppet, url: &str) -> Frame {
    let invitation = node.invite(puppet.space, "http://127.0.0.1:1").unwrap();
    let join = Join {
        space: puppet.space,
        secret: Blob(invitation.secret),
        introduction: Blob(oplog::to_bytes(&puppet.introduction())),
        name: "Puppet".to_owned(),
        url: url.to_owned(),
    };
    node.answer(puppet.node.public(), &[Frame::Join(join)]).unwrap().frames.remove(1)
}

/// A commitment of the puppet to the node that both have signed.
pub(crate) fn promised(node: &mut Node, puppet: &mut Puppet) -> ObjectId {
    let terms = Terms::Commitment(terms(puppet.identity.party(), node.party()));
    let (hash, deps) = (terms.hash(None), heads(node, puppet));
    let offer = puppet.next(&Offer { object: None, slot: 0, terms }.into(), deps);
    assert!(puppet.send(node, &[&offer]).is_empty());
    let object = ObjectId::from(offer.id());
    let accept = Accept { subject: Subject::Commitment, object, slot: 0, terms: hash };
    node.submit(Act { space: puppet.space, operation: accept.into(), content: None, request: None }).unwrap();
    object
}

/// The next entry of the puppet, with a content that it names.
pub(crate) fn naming(
    node: &mut Node,
    puppet: &mut Puppet,
    operation: &Operation,
    content: ContentRef,
) -> Entry {
    let deps = heads(node, puppet);
    let mut header = puppet.header(operation.kind(), operation.effect(), deps);
    header.content = Some(content);
    let entry = puppet.sign(header);
    puppet.chain.push(entry.id());
    assert!(puppet.send(node, &[&entry]).is_empty());
    entry
}

pub(crate) fn part(space: SpaceId, bytes: &[u8], state: u64) -> Frame {
    let (hash, len_bytes) = (ContentHash::of(bytes), bytes.len() as u64);
    let bytes = if state == 1 { bytes.to_vec() } else { Vec::new() };
    Frame::Part(Part { space, hash, state, len_bytes, offset: 0, bytes: Blob(bytes) })
}

/// What the node holds of a content, as it tells its parties.
pub(crate) fn held(node: &mut Node, puppet: &Puppet, hash: ContentHash) -> (u64, Vec<u8>) {
    let want = Frame::WantContent(WantContent { space: puppet.space, hash, offset: 0 });
    let answer = node.answer(puppet.node.public(), &[want]).unwrap();
    let Some(Frame::Part(part)) = answer.frames.into_iter().nth(1) else { panic!("no part") };
    (part.state, part.bytes.0)
}

/// The content that an entry of the node names.
fn named_by(node: &mut Node, puppet: &Puppet, id: EntryId) -> ContentRef {
    let answer = node.answer(puppet.node.public(), &[greeting(puppet.space)]).unwrap();
    let Frame::Entries(entries) = &answer.frames[1] else { panic!("{:?}", answer.frames) };
    let mut found = entries.items.iter().map(|item| Unverified::decode(&item.raw.0).unwrap());
    found.find(|entry| entry.id() == id).unwrap().header().content.unwrap()
}

fn greeting(space: SpaceId) -> Frame {
    Frame::Heads(Heads { space, heads: Vec::new(), between: None })
}

fn bytes(node: &mut Node, puppet: &Puppet, message: &[Frame]) -> usize {
    oplog::sync::write(&node.answer(puppet.node.public(), message).unwrap().frames).len()
}

#[test]
fn an_entry_of_one_space_does_nothing_to_an_object_of_another() {
    let (mut node, mut puppet) = together();
    let object = promised(&mut node, &mut puppet);
    let digest = node.digest(puppet.space).unwrap();
    let mut elsewhere = another_space(&mut node);
    let deps = heads(&mut node, &elsewhere);
    let stray = elsewhere.next(&Cancel { object }.into(), deps);
    assert!(elsewhere.send(&mut node, &[&stray]).is_empty());
    assert_eq!(
        refusal(&node, elsewhere.space, stray.id()).as_deref(),
        Some("no such object of this kind in this space")
    );
    node.rebuild(elsewhere.space).unwrap();
    assert_eq!(node.rebuild(puppet.space).unwrap(), digest);
    let mut node = node.restarted(None).unwrap();
    assert_eq!(node.commitment(object).unwrap().phase, Phase::Detached);
}

#[test]
fn an_entry_of_another_space_is_not_handed_out_to_who_knows_its_id() {
    let (mut node, puppet) = together();
    let private = node.found("Private", Rules::default()).unwrap();
    let want = Want { space: puppet.space, ids: vec![EntryId(private.0)], back: 4_096 };
    let answer = node.answer(puppet.node.public(), &[Frame::Want(want)]).unwrap();
    let Frame::Entries(entries) = &answer.frames[1] else { panic!("{:?}", answer.frames) };
    assert!(entries.items.is_empty());
}

#[test]
fn who_erases_its_own_note_forgets_nothing_that_others_signed() {
    let (mut node, mut puppet) = together();
    let content = Content::default().with(FieldTag::Note, "en", "what was promised");
    let act =
        Act { space: puppet.space, operation: comment(puppet.space), content: Some(content), request: None };
    let signed = node.submit(act).unwrap().entry;
    let named = named_by(&mut node, &puppet, signed);
    let about = comment(puppet.space);
    let note = naming(&mut node, &mut puppet, &about, named);
    let deps = heads(&mut node, &puppet);
    let erase = puppet.next(&Erase { object: note.id().into(), entry: note.id() }.into(), deps);
    assert!(puppet.send(&mut node, &[&erase]).is_empty());
    assert_eq!(refusal(&node, puppet.space, erase.id()), None);
    assert_eq!(held(&mut node, &puppet, named.hash).0, 1, "the node's own words are there");
    let erase = Erase { object: signed.into(), entry: signed }.into();
    node.submit(Act { space: puppet.space, operation: erase, content: None, request: None }).unwrap();
    assert_eq!(held(&mut node, &puppet, named.hash), (3, Vec::new()), "now nobody's words are");
}

#[test]
fn an_erased_note_keeps_no_words_from_an_entry_that_names_them_later() {
    let (mut node, mut puppet) = together();
    let (space, about) = (puppet.space, comment(puppet.space));
    let words = Content::default().with(FieldTag::Note, "en", "what was promised").to_bytes();
    let hash = ContentHash::of(&words);
    let note = naming(&mut node, &mut puppet, &about, Content::reference(&words));
    let deps = heads(&mut node, &puppet);
    let erase = puppet.next(&Erase { object: note.id().into(), entry: note.id() }.into(), deps);
    assert!(puppet.send(&mut node, &[&erase]).is_empty());
    assert_eq!(held(&mut node, &puppet, hash).0, 3, "nothing else names them yet");
    let victim = naming(&mut node, &mut puppet, &about, Content::reference(&words));
    let asked = node.answer(puppet.node.public(), &[greeting(space)]).unwrap().frames;
    assert!(asked.iter().any(|frame| matches!(frame, Frame::WantContent(want) if want.hash == hash)));
    node.answer(puppet.node.public(), &[part(space, &words, 1)]).unwrap();
    assert_eq!(held(&mut node, &puppet, hash), (1, words.clone()));
    node.rebuild(space).unwrap();
    assert_eq!(held(&mut node, &puppet, hash), (1, words), "also after everything is folded again");
    let deps = heads(&mut node, &puppet);
    let erase = puppet.next(&Erase { object: victim.id().into(), entry: victim.id() }.into(), deps);
    assert!(puppet.send(&mut node, &[&erase]).is_empty());
    assert_eq!(held(&mut node, &puppet, hash).0, 3, "now all that name them are erased");
}

#[test]
fn the_reason_of_an_erasure_is_not_erased_with_what_it_erases() {
    let (mut node, mut puppet) = together();
    let (space, about) = (puppet.space, comment(puppet.space));
    let reason = Content::default().with(FieldTag::Reason, "en", "it was wrong").to_bytes();
    let note = naming(&mut node, &mut puppet, &about, Content::reference(b"note"));
    let erase = Erase { object: note.id().into(), entry: note.id() }.into();
    naming(&mut node, &mut puppet, &erase, Content::reference(&reason));
    node.answer(puppet.node.public(), &[part(space, &reason, 1)]).unwrap();
    // Another note that names the reason, and is erased.
    let other = naming(&mut node, &mut puppet, &about, Content::reference(&reason));
    let deps = heads(&mut node, &puppet);
    let erase = puppet.next(&Erase { object: other.id().into(), entry: other.id() }.into(), deps);
    assert!(puppet.send(&mut node, &[&erase]).is_empty());
    assert_eq!(held(&mut node, &puppet, ContentHash::of(&reason)), (1, reason));
}

#[test]
fn versions_that_name_the_same_words_are_forgotten_together_in_any_order() {
    let (mut node, mut puppet) = together();
    let (space, words) = (puppet.space, b"both versions".as_slice());
    let hash = ContentHash::of(words);
    let first =
        naming(&mut node, &mut puppet, &Transcribe { object: None }.into(), Content::reference(words));
    let object: ObjectId = first.id().into();
    let more = Transcribe { object: Some(object) }.into();
    let second = naming(&mut node, &mut puppet, &more, Content::reference(words));
    node.answer(puppet.node.public(), &[part(space, words, 1)]).unwrap();
    for entry in [first.id(), second.id()] {
        assert_eq!(held(&mut node, &puppet, hash).0, 1);
        let deps = heads(&mut node, &puppet);
        let erase = puppet.next(&Erase { object, entry }.into(), deps);
        assert!(puppet.send(&mut node, &[&erase]).is_empty());
    }
    assert_eq!(held(&mut node, &puppet, hash).0, 3);
    node.rebuild(space).unwrap();
    assert_eq!(held(&mut node, &puppet, hash).0, 3);
}

/// The part of `whole` that begins at `at`, of a third of it at most, and its length as a peer may say it is.
fn third(space: SpaceId, whole: &[u8], at: usize, len_bytes: u64) -> Frame {
    let (hash, end) = (ContentHash::of(whole), whole.len().min(at + whole.len().div_ceil(3)));
    let bytes = Blob(whole[at..end].to_vec());
    Frame::Part(Part { space, hash, state: 1, len_bytes, offset: at as u64, bytes })
}

/// From which byte on the node asks a party for a content.
fn asked_from(node: &mut Node, puppet: &Puppet, hash: ContentHash) -> Option<u64> {
    let frames = node.answer(puppet.node.public(), &[greeting(puppet.space)]).unwrap().frames;
    let asked = |frame| if let Frame::WantContent(want) = frame { Some(want) } else { None };
    frames.into_iter().filter_map(asked).find(|want| want.hash == hash).map(|want| want.offset)
}

#[test]
fn a_content_that_was_cut_off_goes_on_where_it_stood_after_a_restart() {
    let (mut node, mut puppet) = together();
    let (space, whole) = (puppet.space, [7; 3_000].as_slice());
    let (hash, about) = (ContentHash::of(whole), comment(puppet.space));
    naming(&mut node, &mut puppet, &about, Content::reference(whole));
    let from = puppet.node.public();
    node.answer(from, &[third(space, whole, 0, 3_000)]).unwrap();
    let mut node = node.restarted(None).unwrap();
    assert_eq!(asked_from(&mut node, &puppet, hash), Some(1_000));
    node.answer(from, &[third(space, whole, 1_000, 3_000), third(space, whole, 2_000, 3_000)]).unwrap();
    assert_eq!(held(&mut node, &puppet, hash), (1, whole.to_vec()));
}

#[test]
fn what_one_peer_sends_of_a_content_does_not_spoil_what_another_does() {
    let (mut node, mut puppet) = together();
    let (space, whole) = (puppet.space, [7; 3_000].as_slice());
    let (hash, about) = (ContentHash::of(whole), comment(puppet.space));
    naming(&mut node, &mut puppet, &about, Content::reference(whole));
    let honest = puppet.node.public();
    // The carrier of a bundle is another than the peer, and sends what is not the content, or says another length.
    let lies = [
        Frame::Part(Part { space, hash, state: 1, len_bytes: 3_000, offset: 0, bytes: Blob(vec![8; 1_000]) }),
        Frame::Part(Part { space, hash, state: 1, len_bytes: 1, offset: 0, bytes: Blob(vec![8]) }),
    ];
    for at in [0, 1_000, 2_000] {
        for lie in &lies {
            let bundle = oplog::sync::bundle(honest, std::slice::from_ref(lie));
            node.read_bundle(&mut bundle.as_slice()).unwrap();
        }
        node.answer(honest, &[third(space, whole, at, 3_000)]).unwrap();
    }
    assert_eq!(held(&mut node, &puppet, hash), (1, whole.to_vec()));
}

#[test]
fn a_peer_that_begins_many_contents_gives_up_its_own_stalest() {
    let (mut node, mut puppet) = together();
    let (space, from) = (puppet.space, puppet.node.public());
    let wholes: Vec<_> = (0..9).map(|number| vec![number; 3_000]).collect();
    for whole in &wholes {
        let about = comment(space);
        naming(&mut node, &mut puppet, &about, Content::reference(whole));
        node.answer(from, &[third(space, whole, 0, 3_000)]).unwrap();
    }
    let hashes: Vec<_> = wholes.iter().map(|whole| ContentHash::of(whole)).collect();
    let again = |node: &mut Node, whole: &[u8]| {
        for at in [1_000, 2_000] {
            node.answer(from, &[third(space, whole, at, 3_000)]).unwrap();
        }
    };
    wholes.iter().for_each(|whole| again(&mut node, whole));
    let whole = hashes.iter().filter(|hash| held(&mut node, &puppet, **hash).0 == 1).count();
    assert_eq!(whole, 8);
}

#[test]
fn a_content_that_one_peer_withholds_is_taken_from_another() {
    let (mut node, mut puppet) = together();
    let words = Content::default().with(FieldTag::Note, "en", "words").to_bytes();
    let space = puppet.space;
    naming(&mut node, &mut puppet, &comment(space), Content::reference(&words));
    node.answer(puppet.node.public(), &[part(space, &words, 2)]).unwrap();
    let asked = node.answer(puppet.node.public(), &[greeting(space)]).unwrap().frames;
    assert!(asked.iter().any(|frame| matches!(frame, Frame::WantContent(_))), "it is asked for again");
    node.answer(puppet.node.public(), &[part(space, &words, 1)]).unwrap();
    assert_eq!(held(&mut node, &puppet, ContentHash::of(&words)), (1, words));
}

#[test]
fn a_length_that_is_a_lie_does_not_keep_a_content_out() {
    let (mut node, mut puppet) = together();
    let words = Content::default().with(FieldTag::Note, "en", "words").to_bytes();
    let truth = Content::reference(&words);
    for len_bytes in [truth.len_bytes + 1, truth.len_bytes] {
        let about = comment(puppet.space);
        naming(&mut node, &mut puppet, &about, ContentRef { len_bytes, ..truth });
    }
    node.answer(puppet.node.public(), &[part(puppet.space, &words, 1)]).unwrap();
    assert_eq!(held(&mut node, &puppet, truth.hash), (1, words));
}

#[test]
fn contents_that_nobody_has_do_not_keep_others_from_being_asked_for() {
    let (mut node, mut puppet) = together();
    let space = puppet.space;
    let phantom = |number: u64| ContentHash(oplog::id::hash("test", &[&number.to_be_bytes()]));
    for number in 0..20 {
        let content = ContentRef { hash: phantom(number), len_bytes: 100_000 };
        naming(&mut node, &mut puppet, &comment(space), content);
    }
    let mut asked = std::collections::BTreeSet::new();
    for _ in 0..6 {
        for frame in node.answer(puppet.node.public(), &[greeting(space)]).unwrap().frames {
            if let Frame::WantContent(WantContent { hash, .. }) = frame {
                asked.insert(hash);
                let none = Part { space, hash, state: 0, len_bytes: 0, offset: 0, bytes: Blob(Vec::new()) };
                node.answer(puppet.node.public(), &[Frame::Part(none)]).unwrap();
            }
        }
    }
    assert_eq!(asked.len(), 20);
}

#[test]
fn a_small_message_gets_no_huge_answer() {
    let (mut node, puppet) = together();
    let space = puppet.space;
    for _ in 0..90 {
        let content = Content::default().with(FieldTag::Note, "en", &"x".repeat(60_000));
        node.submit(Act { space, operation: comment(space), content: Some(content), request: None }).unwrap();
    }
    assert!(bytes(&mut node, &puppet, &[greeting(space)]) > 4_000_000);
    assert!(bytes(&mut node, &puppet, &vec![greeting(space); 20]) <= MESSAGE_BYTES_MAX);
    let log = node.log(space, 0, 1_000).unwrap();
    let ids = log.iter().map(|line| line.id).collect();
    let want = Frame::Want(Want { space, ids, back: 0 });
    assert!(bytes(&mut node, &puppet, &vec![want; 20]) <= MESSAGE_BYTES_MAX);
}

#[test]
fn a_chain_that_arrives_backwards_is_taken_in_whole() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let about: ObjectId = puppet.space.into();
    let mut chain = vec![puppet.next(&Comment { about }.into(), deps)];
    for _ in 1..2_500 {
        chain.push(puppet.next(&Comment { about }.into(), Vec::new()));
    }
    let backwards: Vec<_> = chain.iter().rev().collect();
    assert!(puppet.send(&mut node, &backwards).is_empty());
    assert!(node.log(puppet.space, 0, 5_000).unwrap().iter().any(|line| line.id == chain[2_499].id()));
}

#[test]
fn a_revocation_in_order_comes_to_the_same_as_a_fold_of_everything() {
    let (mut node, puppet) = together();
    let space = puppet.space;
    let terms = Terms::Commitment(terms(node.party(), puppet.identity.party()));
    let offer = Offer { object: None, slot: 0, terms }.into();
    let offered = node.submit(Act { space, operation: offer, content: None, request: None }).unwrap().entry;
    let log = node.log(space, 0, 100).unwrap();
    let (key, seq) = log.iter().find(|line| line.id == offered).unwrap().key;
    node.revoke(space, key, Some(seq - 1)).unwrap();
    assert!(refusal(&node, space, offered).is_some(), "beyond the cut, and nobody relied on it");
    let digest = node.digest(space).unwrap();
    assert_eq!(node.rebuild(space).unwrap(), digest);
}

#[test]
fn nobody_asks_to_be_let_in_under_another_nodes_key() {
    let (mut node, mut puppet) = together();
    let honest = puppet.node.public();
    puppet.node = oplog::Secret::from_seed(&[90; 32]);
    let invitation = node.invite(puppet.space, "http://127.0.0.1:1").unwrap();
    let introduction = Blob(oplog::to_bytes(&puppet.introduction()));
    let (secret, name, url) = (Blob(invitation.secret), "Puppet".to_owned(), "https://a.example".to_owned());
    let join = Join { space: puppet.space, secret, introduction, name, url };
    let said =
        |node: &mut Node, from| node.answer(from, &[Frame::Join(join.clone())]).unwrap().frames.remove(1);
    assert!(matches!(said(&mut node, honest), Frame::Refused(_)));
    assert!(matches!(said(&mut node, puppet.node.public()), Frame::Joined(_)));
}

#[test]
fn an_address_that_is_longer_than_an_address_is_refused() {
    let (mut node, puppet) = together();
    assert!(matches!(
        ask_in(&mut node, &puppet, &format!("https://{}", "a".repeat(3_000))),
        Frame::Refused(_)
    ));
}

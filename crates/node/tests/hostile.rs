//! A peer that signs what it should not: every trick is answered with a clear reason, and nothing else is lost.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "hostile/attacks.rs"]
mod attacks;
#[path = "hostile/erasure.rs"]
mod erasure;
#[path = "hostile/founder.rs"]
mod founder;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use agreement::operation::{Accept, Comment, Offer, Subject};
use agreement::{
    Closure, CommitmentTerms, Content, Due, FieldTag, Introduction, Operation, Phase, Rules, Tag, Terms,
};
use node::{Act, Clock, Entropy, Invitation, Keys, Mark, Node, NodeError};
use oplog::bytes::Blob;
use oplog::sync::{Entries, Frame, Heads, Item, Join};
use oplog::{
    ContentRef, Draft, Entry, EntryId, Header, IdentityLog, ObjectId, PartyId, RecoverySet, Revision, Secret,
    SpaceId,
};
use store::Store;

const NOW_MS: u64 = 1_790_000_000_000;

fn party(name: &str, seed: u8) -> (Node, Arc<AtomicU64>) {
    let time = Arc::new(AtomicU64::new(NOW_MS));
    let (clock, entropy) = (Clock::Set(time.clone()), Entropy::Seeded([seed; 32], 0));
    let made =
        Node::create(Store::in_memory().unwrap(), Keys::in_memory(), Mark::memory(), clock, entropy, name);
    (made.unwrap().0, time)
}

/// A party whose entries are signed by hand.
struct Puppet {
    space: SpaceId,
    identity: IdentityLog,
    guardian: Secret,
    binding: Secret,
    node: Secret,
    chain: Vec<EntryId>,
}

impl Puppet {
    fn new(space: SpaceId) -> Self {
        Self::with(space, 70)
    }

    fn with(space: SpaceId, seed: u8) -> Self {
        let guardian = Secret::from_seed(&[seed; 32]);
        let guardians = RecoverySet { keys: [guardian.public()].into(), threshold: 1 };
        let revision = Revision { number: 0, prev: None, guardians, next: None };
        let identity = IdentityLog::new(vec![revision.sign(&[&guardian], None)]).unwrap();
        let (binding, node) = (Secret::from_seed(&[seed + 1; 32]), Secret::from_seed(&[seed + 2; 32]));
        Self { space, identity, guardian, binding, node, chain: Vec::new() }
    }

    fn introduction(&self) -> Introduction {
        self.introduction_for(self.identity.party())
    }

    fn introduction_for(&self, seat: PartyId) -> Introduction {
        let guardians = [&self.guardian];
        Introduction::sign(self.space, seat, &self.identity, &guardians, &self.binding, self.node.public())
    }

    fn header(&self, kind: u64, effect: Vec<u8>, deps: Vec<EntryId>) -> Header {
        Header {
            space: self.space,
            key: self.binding.public().id(),
            seq: self.chain.len() as u64,
            prev: self.chain.last().copied(),
            deps,
            time_ms: NOW_MS,
            kind,
            effect,
            content: None,
        }
    }

    fn sign(&self, header: Header) -> Entry {
        Draft::new(header).unwrap().sign(&self.binding)
    }

    /// Signs the next entry of the chain.
    fn next(&mut self, operation: &Operation, deps: Vec<EntryId>) -> Entry {
        let entry = self.sign(self.header(operation.kind(), operation.effect(), deps));
        self.chain.push(entry.id());
        entry
    }

    fn send(&self, to: &mut Node, entries: &[&Entry]) -> Vec<String> {
        let raw: Vec<_> = entries.iter().map(|entry| entry.raw().to_vec()).collect();
        self.send_raw(to, &raw)
    }

    fn send_raw(&self, to: &mut Node, raw: &[Vec<u8>]) -> Vec<String> {
        let items = raw.iter().map(|raw| Item { raw: Blob(raw.clone()), content: None }).collect();
        let frame = Frame::Entries(Entries { space: self.space, items, more: false });
        to.answer(self.node.public(), &[frame]).unwrap().bad
    }
}

fn together() -> (Node, Puppet) {
    let (mut node, _) = party("Alfa", 1);
    let space = node.found("Space", Rules::default()).unwrap();
    let puppet = Puppet::new(space);
    let invitation = node.invite(space, "http://127.0.0.1:1").unwrap();
    let join = Join {
        space,
        secret: Blob(invitation.secret),
        introduction: Blob(oplog::to_bytes(&puppet.introduction())),
        name: "Puppet".to_owned(),
        url: String::new(),
    };
    node.answer(puppet.node.public(), &[Frame::Join(join)]).unwrap();
    node.admit(space, puppet.identity.party(), None).unwrap();
    (node, puppet)
}

fn heads(node: &mut Node, puppet: &Puppet) -> Vec<EntryId> {
    let asked = [Frame::Heads(Heads { space: puppet.space, heads: Vec::new(), between: None })];
    let answer = node.answer(puppet.node.public(), &asked).unwrap();
    let heads = answer
        .frames
        .iter()
        .find_map(|frame| if let Frame::Heads(heads) = frame { Some(heads.heads.clone()) } else { None });
    let own = Head::of(puppet);
    let mut ids: Vec<_> =
        heads.unwrap().into_iter().filter(|head| head.key != own).map(|head| head.id).collect();
    ids.sort();
    ids
}

struct Head;

impl Head {
    fn of(puppet: &Puppet) -> [u8; 8] {
        oplog::sync::Head::hint(puppet.binding.public().id())
    }
}

fn comment(about: SpaceId) -> Operation {
    Comment { about: about.into() }.into()
}

fn terms(debtor: PartyId, creditor: PartyId) -> CommitmentTerms {
    CommitmentTerms {
        tag: Tag::New,
        debtor,
        creditors: vec![creditor],
        closure: Closure::All,
        due: Due { day: 20_800, zone: "Europe/Minsk".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    }
}

fn refusal(node: &Node, space: SpaceId, entry: EntryId) -> Option<String> {
    let log = node.log(space, 0, 1_000).unwrap();
    log.into_iter().find(|line| line.id == entry).and_then(|line| line.refusal)
}

#[test]
fn a_forged_entry_is_quarantined_and_the_others_flow() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let good = puppet.next(&Operation::Ack(agreement::operation::Ack { digest: None, level: 0 }), deps);
    let mut forged = good.raw().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let bad = puppet.send_raw(&mut node, &[forged, good.raw().to_vec()]);
    assert_eq!(bad, ["signature does not verify"]);
    assert!(node.counts(good.id()).unwrap());
}

#[test]
fn an_entry_of_another_space_is_refused() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let mut header = puppet.header(6, vec![0x82, 0xf6, 0x00], deps);
    header.space = SpaceId([9; 32]);
    let stray = puppet.sign(header);
    puppet.chain.clear();
    let bad = puppet.send(&mut node, &[&stray]);
    assert_eq!(bad, [format!("peer: entry {} belongs to another space", stray.id().short())]);
}

#[test]
fn an_old_head_signed_again_is_a_proven_fork() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let first =
        puppet.next(&Operation::Ack(agreement::operation::Ack { digest: None, level: 0 }), deps.clone());
    puppet.chain.pop();
    let second = puppet.next(&Operation::Ack(agreement::operation::Ack { digest: None, level: 7 }), deps);
    assert!(puppet.send(&mut node, &[&first, &second]).is_empty());
    let proofs = node.fork_proofs(puppet.space).unwrap();
    assert_eq!(proofs.len(), 1);
    let mut ids = [first.id(), second.id()];
    ids.sort();
    assert_eq!(proofs[0].check(), Ok(ids));
    assert_eq!(node.space(puppet.space).unwrap().forked, [puppet.binding.public().id()]);
}

#[test]
fn an_oversized_a_deep_and_a_cut_entry_are_refused_before_anything_is_looked_up() {
    let (mut node, puppet) = together();
    let oversized = vec![0; oplog::entry::ENTRY_BYTES_MAX + 1];
    let mut deep = vec![0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0, 0x59, 0x10, 0x00];
    deep.extend([0x81; 4_096]);
    deep.extend([0x58, 0x40]);
    deep.extend([0; 64]);
    let cut = vec![0xd2, 0x84, 0x43];
    let bad = puppet.send_raw(&mut node, &[oversized, deep, cut]);
    assert_eq!(
        bad,
        [
            "entry is over 67584 bytes",
            "entry header: malformed array length",
            "entry is not in the one legal envelope"
        ]
    );
}

#[test]
fn an_entry_of_a_future_kind_is_stored_forwarded_and_void() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let future = puppet.sign(puppet.header(77, b"who knows".to_vec(), deps));
    puppet.chain.push(future.id());
    assert!(puppet.send(&mut node, &[&future]).is_empty());
    let why = refusal(&node, puppet.space, future.id());
    assert_eq!(why.as_deref(), Some("kind 77 is not known at this space's rules level"));
    let asked = [Frame::Heads(Heads { space: puppet.space, heads: Vec::new(), between: None })];
    let answer = node.answer(puppet.node.public(), &asked).unwrap();
    let sent = answer.frames.iter().any(|frame| {
        matches!(frame, Frame::Entries(entries) if entries.items.iter().any(|item| item.raw.0 == future.raw()))
    });
    assert!(sent, "an entry that nobody understands is forwarded all the same");
}

#[test]
fn an_effect_that_does_not_read_is_stored_and_void() {
    let (mut node, mut puppet) = together();
    let deps = heads(&mut node, &puppet);
    let garbled = puppet.sign(puppet.header(17, vec![0xff; 12], deps));
    puppet.chain.push(garbled.id());
    assert!(puppet.send(&mut node, &[&garbled]).is_empty());
    assert!(refusal(&node, puppet.space, garbled.id()).unwrap().starts_with("the effect does not read"));
}

#[test]
fn an_expired_and_a_used_invitation_are_refused_in_words() {
    let (mut node, time) = party("Alfa", 1);
    let space = node.found("Space", Rules::default()).unwrap();
    let invitation = node.invite(space, "http://127.0.0.1:1").unwrap();
    let (mut late, late_time) = party("Late", 2);
    let join = late.join(&invitation, "Space", "").unwrap();
    time.store(invitation.expires_ms + 1, Ordering::SeqCst);
    let answer = node.answer(late.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
    let words = "invitation: it has expired; ask for a new one".to_owned();
    assert_eq!(answer.frames[1], Frame::Refused(words.clone()));
    late_time.store(invitation.expires_ms + 1, Ordering::SeqCst);
    assert_eq!(late.join(&invitation, "Space", "").unwrap_err().to_string(), words);
    let again = node.invite(space, "http://127.0.0.1:1").unwrap();
    let (mut first, _) = party("First", 3);
    let (mut second, _) = party("Second", 4);
    for (party, taken) in [(&mut first, true), (&mut second, false)] {
        let join = party.join(&again, "Space", "").unwrap();
        let answer = node.answer(party.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
        assert_eq!(matches!(answer.frames[1], Frame::Joined(_)), taken);
    }
    assert!(Invitation::of_link("http://127.0.0.1:1/#join:abc").is_err());
}

#[test]
fn nobody_consents_for_another_party() {
    let (mut node, mut puppet) = together();
    let terms = terms(node.party(), puppet.identity.party());
    let deps = heads(&mut node, &puppet);
    let offer =
        puppet.next(&Offer { object: None, slot: 0, terms: Terms::Commitment(terms.clone()) }.into(), deps);
    let object = ObjectId::from(offer.id());
    let accept =
        Accept { subject: Subject::Commitment, object, slot: 0, terms: Terms::Commitment(terms).hash(None) };
    let accept = puppet.next(&accept.into(), Vec::new());
    assert!(puppet.send(&mut node, &[&offer, &accept]).is_empty());
    assert!(refusal(&node, puppet.space, accept.id()).unwrap().contains("has answered"));
    assert_eq!(node.commitment(object).unwrap().phase, Phase::Offered);
}

#[test]
fn terms_are_not_signed_while_their_text_is_missing() {
    let (mut node, mut puppet) = together();
    let terms = terms(node.party(), puppet.identity.party());
    let deps = heads(&mut node, &puppet);
    let offer: Operation = Offer { object: None, slot: 0, terms: Terms::Commitment(terms) }.into();
    let text = Content::default().with(FieldTag::Title, "en", "what is really meant").to_bytes();
    let mut header = puppet.header(offer.kind(), offer.effect(), deps);
    header.content = Some(ContentRef { hash: oplog::ContentHash::of(&text), len_bytes: text.len() as u64 });
    let entry = puppet.sign(header);
    puppet.chain.push(entry.id());
    puppet.send(&mut node, &[&entry]);
    let view = node.commitment(entry.id().into()).unwrap();
    let accept = view.moves.into_iter().find(|step| step.word == "accept").unwrap().operation.unwrap();
    let act = Act { space: puppet.space, operation: accept, content: None, request: None };
    assert!(matches!(node.submit(act.clone()), Err(NodeError::TextMissing)));
    let part = Frame::Part(oplog::sync::Part {
        space: puppet.space,
        hash: entry.header().content.unwrap().hash,
        state: 1,
        len_bytes: entry.header().content.unwrap().len_bytes,
        offset: 0,
        bytes: Blob(text),
    });
    node.answer(puppet.node.public(), &[part]).unwrap();
    node.submit(act).unwrap();
}

#[test]
fn a_stranger_learns_nothing_about_a_space() {
    let (mut node, puppet) = together();
    let stranger = Secret::from_seed(&[99; 32]).public();
    for space in [puppet.space, SpaceId([1; 32])] {
        let answer = node
            .answer(stranger, &[Frame::Heads(Heads { space, heads: Vec::new(), between: None })])
            .unwrap();
        assert_eq!(answer.frames[1..], [Frame::Refused("no such space".to_owned())]);
    }
}

#[test]
fn a_party_cannot_vouch_for_itself_under_a_name_of_its_own_making() {
    let (mut node, puppet) = together();
    let space = puppet.space;
    // A second identity that nobody let in, claiming the founder's seat: its entries are kept and count for nothing.
    let mut mask = Puppet::new(space);
    mask.guardian = Secret::from_seed(&[80; 32]);
    let guardians = RecoverySet { keys: [mask.guardian.public()].into(), threshold: 1 };
    let revision = Revision { number: 0, prev: None, guardians, next: None };
    mask.identity = IdentityLog::new(vec![revision.sign(&[&mask.guardian], None)]).unwrap();
    mask.binding = Secret::from_seed(&[81; 32]);
    let deps = heads(&mut node, &puppet);
    let posing = agreement::operation::Enrol { introduction: mask.introduction_for(node.party()) };
    let posed = mask.next(&posing.into(), deps);
    assert!(puppet.send(&mut node, &[&posed]).is_empty());
    assert!(refusal(&node, space, posed.id()).is_some());
    // The puppet enrols a new key and lets the mask name it: that is no notice.
    let mut renewed = Puppet::new(space);
    renewed.binding = Secret::from_seed(&[82; 32]);
    let deps = heads(&mut node, &puppet);
    let enrol = agreement::operation::Enrol { introduction: renewed.introduction() };
    let enrolled = renewed.next(&enrol.into(), deps);
    let naming =
        mask.next(&Operation::Ack(agreement::operation::Ack { digest: None, level: 0 }), vec![enrolled.id()]);
    let transcribe = agreement::operation::Transcribe { object: None };
    let early = renewed.next(&transcribe.into(), vec![naming.id()]);
    assert!(puppet.send(&mut node, &[&enrolled, &naming, &early]).is_empty());
    assert_eq!(
        refusal(&node, space, early.id()).as_deref(),
        Some("the signing key does not count: the new key awaits notice by another party")
    );
    // A member's word is.
    node.acknowledge().unwrap();
    let deps = heads(&mut node, &renewed).into_iter().filter(|id| *id != naming.id()).collect();
    let late = renewed.next(&transcribe.into(), deps);
    assert!(puppet.send(&mut node, &[&late]).is_empty());
    assert_eq!(refusal(&node, space, late.id()), None);
}

#[test]
fn an_enrolment_without_its_guardians_is_not_even_stored() {
    let (mut node, puppet) = together();
    let mut forged = Puppet::new(puppet.space);
    forged.binding = Secret::from_seed(&[83; 32]);
    let mut introduction = forged.introduction();
    introduction.signatures.retain(|(key, _)| *key == forged.binding.public());
    let deps = heads(&mut node, &puppet);
    let enrol = agreement::operation::Enrol { introduction };
    let entry = forged.next(&enrol.into(), deps);
    let bad = puppet.send(&mut node, &[&entry]);
    assert_eq!(bad.len(), 1);
    assert!(bad[0].contains("introduces its key"), "{bad:?}");
}

#[test]
fn a_late_shallow_entry_gives_the_same_state_as_one_in_order() {
    let (mut node, mut puppet) = together();
    let old = heads(&mut node, &puppet);
    let early = puppet.next(&comment(puppet.space), old);
    for word in ["one", "two", "three"] {
        let content = Some(Content::default().with(FieldTag::Note, "en", word));
        node.submit(Act { space: puppet.space, operation: comment(puppet.space), content, request: None })
            .unwrap();
    }
    puppet.send(&mut node, &[&early]);
    assert_eq!(node.rebuild(puppet.space).unwrap(), node.digest(puppet.space).unwrap());
}

//! The entries so far, by keys that may fork, and the space of three in which it all begins.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use agreement::operation::{Accept, Ack, Admit, Offer, word};
use agreement::{
    Closure, CommitmentTerms, Condition, Content, Due, Introduction, Operation, Subject, Tag, Terms,
};
use oplog::entry::DEPS_MAX;
use oplog::sync::Item;
use oplog::{
    Draft, EntryId, Grant, Header, KeyId, ObjectId, PartyId, Secret, SpaceId, TermsHash, bytes::Blob,
};

use crate::receiver::Receiver;
use crate::world::{Author, Made, World, secret};

/// The bytes of one act: who, what, how much of the others' it has seen, and two choices.
pub const ACT_BYTES: usize = 5;
/// The members.
pub(super) const MEMBERS: usize = 3;
/// The one that founded the space.
const FOUNDER: usize = 0;
/// Who is no member, unless a ballot or the founder lets it in.
const ACCOMPLICE: usize = usize::MAX;
const SEED: u64 = 7;
/// Where that one comes from.
static OUTSIDE: LazyLock<World> = LazyLock::new(|| World::found(SEED + 1, 1));
/// The most keys of all parties.
const KEYS_MAX: usize = 8;

/// Where every history begins: three members that have seen each other come in, and two commitments in force.
static BEGUN: LazyLock<(World, Vec<Offered>)> = LazyLock::new(|| {
    let mut world = World::found(SEED, MEMBERS);
    world.assemble(&[]);
    for author in 0..MEMBERS {
        world.sign(author, usize::MAX, &Ack { digest: None, level: 0 }.into(), None);
    }
    let plain = agree(&mut world, 0, &[1, 2], None);
    let conditional = agree(&mut world, 1, &[0], Some(Condition::Text(1)));
    (world, vec![plain, conditional])
});

/// A commitment that all who are named in it have agreed to.
fn agree(world: &mut World, debtor: usize, creditors: &[usize], condition: Option<Condition>) -> Offered {
    let party = |number: &usize| world.authors[*number].party();
    let terms = CommitmentTerms {
        tag: Tag::New,
        debtor: party(&debtor),
        creditors: creditors.iter().map(party).collect(),
        closure: Closure::All,
        due: Due { day: 20_000, zone: "UTC".to_owned() },
        condition,
        clause: None,
        reply_by: None,
    };
    let (by, creditor_ids) = (terms.debtor, terms.creditors.clone());
    let terms = Terms::Commitment(terms);
    let hash = terms.hash(None);
    let object = world.sign(debtor, usize::MAX, &Offer { object: None, slot: 0, terms }.into(), None).into();
    for creditor in creditors {
        let accept = Accept { subject: Subject::Commitment, object, slot: 0, terms: hash };
        world.sign(*creditor, usize::MAX, &accept.into(), None);
    }
    let subject = Subject::Commitment;
    Offered { subject, object, slot: 0, terms: hash, by, debtor: by, creditors: creditor_ids }
}

/// A node that waits for the space.
pub(super) fn receiver(seed: u8) -> Receiver {
    Receiver::new(&BEGUN.0, seed, None)
}

struct Key {
    author: usize,
    secret: Secret,
    /// Its entries, by their place in the history.
    own: Vec<usize>,
}

struct Signed {
    id: EntryId,
    key: usize,
    seq: u64,
    kind: u64,
    item: Item,
}

/// Terms that were put on the table.
#[derive(Clone)]
pub(super) struct Offered {
    pub(super) subject: Subject,
    pub(super) object: ObjectId,
    pub(super) slot: u64,
    pub(super) terms: TermsHash,
    pub(super) by: PartyId,
    pub(super) debtor: PartyId,
    pub(super) creditors: Vec<PartyId>,
}

/// A history under way.
pub(super) struct History {
    keys: Vec<Key>,
    signed: Vec<Signed>,
    begun: usize,
    /// What later acts can be about.
    pub(super) objects: Vec<ObjectId>,
    pub(super) offers: Vec<Offered>,
    pub(super) ballots: Vec<(ObjectId, TermsHash)>,
    pub(super) reports: Vec<(ObjectId, EntryId)>,
    pub(super) notes: Vec<(ObjectId, EntryId)>,
}

/// The item at a place that a choice makes, if there is any.
pub(super) fn pick<T: Clone>(items: &[T], choice: u8) -> Option<T> {
    items.get(usize::from(choice) % items.len().max(1)).cloned()
}

impl History {
    /// The founding: author 0, then the others.
    pub(super) fn begun() -> Self {
        let keys = (0..MEMBERS).map(|author| Key {
            author,
            secret: secret(SEED, author, "binding"),
            own: Vec::new(),
        });
        let mut history = Self {
            keys: keys.collect(),
            signed: Vec::new(),
            begun: BEGUN.0.made.len(),
            objects: BEGUN.1.iter().map(|offered| offered.object).collect(),
            offers: BEGUN.1.clone(),
            ballots: Vec::new(),
            reports: Vec::new(),
            notes: Vec::new(),
        };
        for made in &BEGUN.0.made {
            let Made { id, raw, content, author, position, kind, .. } = made;
            let item = Item { raw: Blob(raw.clone()), content: content.clone().map(Blob) };
            history.keys[*author].own.push(history.signed.len());
            history.signed.push(Signed { id: *id, key: *author, seq: position.seq, kind: *kind, item });
        }
        history
    }

    pub(super) fn space(&self) -> SpaceId {
        BEGUN.0.space
    }

    /// A member, or who is none yet.
    fn author(author: usize) -> &'static Author {
        if author == ACCOMPLICE { &OUTSIDE.authors[0] } else { &BEGUN.0.authors[author % MEMBERS] }
    }

    pub(super) fn party(&self, author: usize) -> PartyId {
        Self::author(author).party()
    }

    /// The name of any key so far.
    pub(super) fn key(&self, choice: u8) -> (usize, KeyId, u64) {
        let key = &self.keys[usize::from(choice) % self.keys.len()];
        (key.author, key.secret.public().id(), key.own.len() as u64)
    }

    /// A new key of a member, granted by its guardian.
    pub(super) fn introduction(&self, author: usize, seat: PartyId, key: &Secret) -> Introduction {
        let author = Self::author(author);
        let guardians = [&author.guardian];
        Introduction::sign(self.space(), seat, &author.identity, &guardians, key, author.node.public())
    }

    /// A party that is not in the space; for `seat`, or one of its own.
    pub(super) fn stranger(&self, seat: Option<PartyId>) -> Introduction {
        let stranger = Self::author(ACCOMPLICE);
        stranger.introduction_for(BEGUN.0.space, seat.unwrap_or_else(|| stranger.party()))
    }

    /// What a guardian signs to take a key back.
    pub(super) fn revocation(&self, author: usize, key: KeyId, cut: Option<u64>) -> Operation {
        let author = Self::author(author);
        let grant = Grant::Revoke { space: self.space(), key, cut };
        let signatures = grant.sign(&author.identity, &[&author.guardian]);
        let (seat, identity) = (author.party(), author.identity.clone());
        agreement::operation::Revoke { seat, identity, key, cut, signatures }.into()
    }

    /// Makes a key for an author, unless there are enough.
    pub(super) fn new_key(&mut self, author: usize) -> Option<usize> {
        let number = self.keys.len();
        if number >= KEYS_MAX {
            return None;
        }
        self.keys.push(Key { author, secret: secret(SEED, number, "later"), own: Vec::new() });
        Some(number)
    }

    pub(super) fn secret(&self, key: usize) -> &Secret {
        &self.keys[key].secret
    }

    /// The number of the key that a choice makes, and its author.
    pub(super) fn signer(&self, choice: u8) -> (usize, usize) {
        let number = usize::from(choice & 0x1f) % self.keys.len();
        (number, self.keys[number].author)
    }

    /// Other keys' entries that an author names. By the bits of `view` it has not seen the last few entries (3, and how many
    /// 0 to 2), has heard nothing new of one key (6, and which 4 and 5), and names older entries too (7).
    fn named(&self, key: usize, view: u8) -> BTreeSet<EntryId> {
        let unseen = if view & 0x08 == 0 { 0 } else { view & 0x07 };
        let visible = self.signed.len().saturating_sub(usize::from(unseen));
        let unheard = usize::from(view >> 4 & 3);
        let mut named = BTreeSet::new();
        for (number, other) in self.keys.iter().enumerate() {
            let part = other.own.partition_point(|at| *at < visible);
            if number == key || (view & 0x40 != 0 && number == unheard) {
                continue;
            }
            let some = if view & 0x80 == 0 { 1 } else { 2 };
            named.extend(other.own[..part].iter().rev().take(some).map(|at| self.signed[*at].id));
        }
        named
    }

    /// Signs one entry. `back` tells how many entries of the chain it passes over: more than none is a fork.
    pub(super) fn sign(
        &mut self,
        key: usize,
        back: usize,
        view: u8,
        spelled: (u64, Vec<u8>),
        content: Option<Vec<u8>>,
    ) -> EntryId {
        self.sign_seeing(key, back, self.named(key, view), spelled, content)
    }

    fn sign_seeing(
        &mut self,
        key: usize,
        back: usize,
        named: BTreeSet<EntryId>,
        (kind, effect): (u64, Vec<u8>),
        content: Option<Vec<u8>>,
    ) -> EntryId {
        let own = &self.keys[key].own;
        let prev = own.len().checked_sub(1 + back.min(own.len().saturating_sub(1)));
        let prev = prev.map(|at| &self.signed[own[at]]);
        let secret = &self.keys[key].secret;
        let other = |dep: &EntryId| prev.is_none_or(|prev| prev.id != *dep);
        let deps = named.into_iter().filter(other).take(DEPS_MAX).collect();
        let header = Header {
            space: self.space(),
            key: secret.public().id(),
            seq: prev.map_or(0, |prev| prev.seq + 1),
            prev: prev.map(|prev| prev.id),
            deps,
            time_ms: 1_800_000_000_000 + self.signed.len() as u64,
            kind,
            effect,
            content: content.as_deref().map(Content::reference),
        };
        let seq = header.seq;
        let entry = Draft::new(header).expect("a made header keeps the rules").sign(secret);
        let item = Item { raw: Blob(entry.raw().to_vec()), content: content.map(Blob) };
        self.keys[key].own.push(self.signed.len());
        self.signed.push(Signed { id: entry.id(), key, seq, kind, item });
        entry.id()
    }

    /// The founder lets another party in, blind to the one that it has let in: a fork right behind the genesis. That
    /// party says a first word, and goes on with whatever later acts tell.
    pub(super) fn admit_beside(&mut self) {
        let admit = Operation::from(Admit { introduction: self.stranger(None) });
        let own = self.keys[FOUNDER].own.len();
        let admit = self.sign_seeing(FOUNDER, own, BTreeSet::new(), (admit.kind(), admit.effect()), None);
        if self.keys.len() < KEYS_MAX && self.keys.iter().all(|key| key.author != ACCOMPLICE) {
            let secret = secret(SEED + 1, 0, "binding");
            self.keys.push(Key { author: ACCOMPLICE, secret, own: Vec::new() });
            let ack = Operation::from(Ack { digest: None, level: 0 });
            let key = self.keys.len() - 1;
            self.sign_seeing(key, 0, [admit].into(), (ack.kind(), ack.effect()), None);
        }
    }

    /// All entries in the order in which they were signed: parents first.
    pub(super) fn items(&self) -> Vec<Item> {
        self.signed.iter().map(|signed| signed.item.clone()).collect()
    }

    /// The entries that the input told, with their words.
    pub(super) fn acts(&self) -> impl Iterator<Item = (EntryId, &'static str)> + '_ {
        self.signed[self.begun..].iter().map(|signed| (signed.id, word(signed.kind)))
    }

    /// An entry for people: place, key, seq, what.
    pub(super) fn describe(&self, id: EntryId) -> String {
        let at = self.signed.iter().position(|signed| signed.id == id);
        at.map_or_else(String::new, |at| {
            let signed = &self.signed[at];
            format!("#{at} key {} seq {} {} {}", signed.key, signed.seq, word(signed.kind), id.short())
        })
    }
}

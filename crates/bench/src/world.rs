//! A space of several authors whose entries are signed here, without a node: fast, and as causal as real ones.

use agreement::operation::{Accept, Admit, Genesis, Offer};
use agreement::quorum::Quorum;
use agreement::{Content, FieldTag, Introduction, Operation, Rules, SpaceTerms, Subject, Terms};
use oplog::bytes::Blob;
use oplog::id::hash;
use oplog::sync::{Entries, Frame, Item};
use oplog::{
    Draft, EntryId, Header, IdentityLog, PartyId, Past, Position, RecoverySet, Revision, Secret, SpaceId,
};

use crate::chance::Chance;

/// One party with the keys that real parties never show.
pub struct Author {
    /// Its guardian.
    pub guardian: Secret,
    /// Its binding key.
    pub binding: Secret,
    /// Its node's key.
    pub node: Secret,
    /// Its identity log.
    pub identity: IdentityLog,
    /// How many entries of the world it has seen.
    pub seen: usize,
    /// Its entries, by their place in the world.
    pub own: Vec<usize>,
}

/// An entry that was signed.
pub struct Made {
    /// The entry.
    pub id: EntryId,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Its content.
    pub content: Option<Vec<u8>>,
    /// Its author's number.
    pub author: usize,
    /// Where it stands.
    pub position: Position,
    /// Its kind.
    pub kind: u64,
    /// How many entries of others it names.
    pub deps: usize,
}

/// A space, its authors, and all that they signed, in an order of arrival that causality allows.
pub struct World {
    /// The space.
    pub space: SpaceId,
    /// The authors; the founder first.
    pub authors: Vec<Author>,
    /// The entries.
    pub made: Vec<Made>,
    /// How many of the authors are in touch: what the others sign is not seen by any.
    pub active: usize,
    /// Where choices come from.
    pub chance: Chance,
    time_ms: u64,
}

/// A secret that only tests and measurements have.
#[must_use]
pub fn secret(seed: u64, number: usize, role: &str) -> Secret {
    Secret::from_seed(&hash(
        "peygir/bench/0",
        &[&seed.to_be_bytes(), &(number as u64).to_be_bytes(), role.as_bytes()],
    ))
}

fn author(seed: u64, number: usize) -> Author {
    let guardian = secret(seed, number, "guardian");
    let guardians = RecoverySet { keys: [guardian.public()].into(), threshold: 1 };
    let revision = Revision { number: 0, prev: None, guardians, next: None };
    let identity =
        IdentityLog::new(vec![revision.sign(&[&guardian], None)]).expect("one guardian signs for itself");
    let (binding, node) = (secret(seed, number, "binding"), secret(seed, number, "node"));
    Author { guardian, binding, node, identity, seen: 0, own: Vec::new() }
}

impl Author {
    /// The party.
    #[must_use]
    pub fn party(&self) -> PartyId {
        self.identity.party()
    }

    /// Its introduction to a space (zeros in a genesis).
    #[must_use]
    pub fn introduction(&self, space: SpaceId) -> Introduction {
        self.introduction_for(space, self.party())
    }

    /// As [`Author::introduction`], for the seat of another.
    #[must_use]
    pub fn introduction_for(&self, space: SpaceId, seat: PartyId) -> Introduction {
        let guardians = [&self.guardian];
        Introduction::sign(space, seat, &self.identity, &guardians, &self.binding, self.node.public())
    }
}

impl World {
    /// A space that author 0 of `authors` founded and that has nobody else in it yet.
    #[must_use]
    pub fn found(seed: u64, authors: usize) -> Self {
        let active = authors;
        let authors = (0..authors).map(|number| author(seed, number)).collect();
        let chance = Chance::new(seed);
        let (space, time_ms) = (SpaceId::ZERO, 1_790_000_000_000);
        let mut world = Self { space, authors, made: Vec::new(), active, chance, time_ms };
        let founder = world.authors[0].introduction(SpaceId::ZERO);
        let genesis =
            Genesis { nonce: seed, rules: Rules { admit: Quorum::TWO_THIRDS, ..Rules::default() }, founder };
        let content = Content::default().with(FieldTag::Title, "", "Joint commission");
        let id = world.sign(0, 0, &genesis.into(), Some(content));
        world.space = id.into();
        world
    }

    /// Lets all authors in, and then `guests`: the second party by the founder, the others by ballot of all.
    pub fn assemble(&mut self, guests: &[Introduction]) {
        let mut introductions: Vec<_> =
            self.authors.iter().skip(1).map(|author| author.introduction(self.space)).collect();
        introductions.extend_from_slice(guests);
        let mut members = vec![self.authors[0].party()];
        for introduction in introductions {
            let newcomer = introduction.identity.party();
            if members.len() == 1 {
                self.sign(0, usize::MAX, &Admit { introduction }.into(), None);
            } else {
                let terms = Terms::Space(SpaceTerms::Admit {
                    voters: members.iter().copied().collect(),
                    introduction,
                });
                let hash = terms.hash(None);
                let offer = self.sign(0, usize::MAX, &Offer { object: None, slot: 0, terms }.into(), None);
                // Two thirds are enough; guests do not vote.
                for voter in 1..members.len().min(self.authors.len()) {
                    let accept =
                        Accept { subject: Subject::Space, object: offer.into(), slot: 0, terms: hash };
                    self.sign(voter, usize::MAX, &accept.into(), None);
                }
            }
            members.push(newcomer);
        }
    }

    /// Signs an operation of an author that has seen the first `view` entries (at most all, at least what it had).
    ///
    /// # Panics
    /// The world made a header that breaks the rules of headers: a fault of the world.
    pub fn sign(
        &mut self,
        author: usize,
        view: usize,
        operation: &Operation,
        content: Option<Content>,
    ) -> EntryId {
        let seen = view.min(self.made.len()).max(self.authors[author].seen);
        self.authors[author].seen = seen;
        let named = self.newly_seen(author, seen);
        let prev = self.authors[author].own.last().copied();
        let bytes = content.map(|content| {
            let mut salt = [0; 16];
            salt[..8].copy_from_slice(&self.chance.number().to_be_bytes());
            Content { salt, ..content }.to_bytes()
        });
        let mut deps: Vec<_> = named.iter().map(|at| self.made[*at].id).collect();
        deps.sort();
        self.time_ms += 1_000;
        let header = Header {
            space: self.space,
            key: self.authors[author].binding.public().id(),
            seq: self.authors[author].own.len() as u64,
            prev: prev.map(|at| self.made[at].id),
            deps,
            time_ms: self.time_ms,
            kind: operation.kind(),
            effect: operation.effect(),
            content: bytes.as_deref().map(Content::reference),
        };
        let (seq, kind, deps) = (header.seq, header.kind, header.deps.len());
        let entry =
            Draft::new(header).expect("a made header keeps the rules").sign(&self.authors[author].binding);
        let before: Vec<_> = prev.iter().chain(&named).map(|at| &self.made[*at].position).collect();
        let position = Position::after(u32::try_from(author).unwrap_or_default(), seq, &before);
        self.authors[author].own.push(self.made.len());
        let (id, raw) = (entry.id(), entry.raw().to_vec());
        self.made.push(Made { id, raw, content: bytes, author, position, kind, deps });
        id
    }

    /// What an author has seen: itself and all that its last entry and the first `seen` entries of the world hold.
    fn newly_seen(&self, author: usize, seen: usize) -> Vec<usize> {
        let none = Past::default();
        let past = self.authors[author].own.last().map_or(&none, |at| &self.made[*at].position.past);
        let mut heads = Vec::new();
        let others = self.authors.iter().enumerate().take(self.active);
        for (number, other) in others.filter(|(number, _)| *number != author) {
            let visible = other.own.partition_point(|at| *at < seen);
            if let Some(head) = visible.checked_sub(1)
                && !past.sees(u32::try_from(number).unwrap_or_default(), head as u64)
            {
                heads.push(other.own[head]);
            }
        }
        let covered = |at: &usize| {
            let position = &self.made[*at].position;
            heads
                .iter()
                .any(|other| other != at && self.made[*other].position.past.sees(position.line, position.seq))
        };
        let mut named: Vec<_> = heads.iter().copied().filter(|at| !covered(at)).collect();
        named.sort_unstable_by(|a, b| b.cmp(a));
        named.truncate(oplog::entry::DEPS_MAX);
        named
    }

    /// The wire messages that carry the entries from `from` to `to`, so many in each.
    #[must_use]
    pub fn messages(&self, from: usize, to: usize, each: usize) -> Vec<Vec<u8>> {
        let chunks: Vec<_> = self.made[from..to].chunks(each).collect();
        let last = chunks.len().saturating_sub(1);
        let message = |(at, chunk): (usize, &[Made])| self.message(chunk.iter(), at < last);
        chunks.into_iter().enumerate().map(message).collect()
    }

    /// One wire message of these entries.
    pub fn message<'a>(&self, made: impl Iterator<Item = &'a Made>, more: bool) -> Vec<u8> {
        let item =
            |made: &Made| Item { raw: Blob(made.raw.clone()), content: made.content.clone().map(Blob) };
        let entries = Entries { space: self.space, items: made.map(item).collect(), more };
        oplog::sync::write(&[Frame::Hello(self.authors[0].node.public()), Frame::Entries(entries)])
    }
}

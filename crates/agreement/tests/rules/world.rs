//! A small world to try the rules in: entries with the past that each had seen, folded as a node folds them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use agreement::operation::{Accept, Ack, Admit, Decline, Enrol, Genesis, Leave, Offer, Revoke};
use agreement::{
    Agreement, Authorship, Ballot, By, Commitment, Introduction, Meeting, Operation, Record, Refusal, Rules,
    Space, SpaceTerms, Standing, Subject, Terms, decide, sight,
};
use oplog::{
    ContentHash, EntryId, Grant, IdentityLog, KeyId, ObjectId, PartyId, RecoverySet, Revision, Secret,
    SpaceId, TermsHash, id::hash, to_bytes,
};

/// The founder of the space, and the debtor of most commitments.
pub(crate) const DEBTOR: u8 = 0;
/// The first creditor, the lead.
pub(crate) const CREDITOR: u8 = 1;
/// The second creditor.
pub(crate) const OTHER: u8 = 2;
/// A member that most commitments do not name.
pub(crate) const NEWCOMER: u8 = 3;
/// A party outside the space.
pub(crate) const OUTSIDER: u8 = 4;

/// A key of a party: the seat's number, and which of its keys, from 0.
pub(crate) type Signer = (u8, u8);

/// A party's only guardian.
pub(crate) fn guardian(seat: u8) -> Secret {
    Secret::from_seed(&[100 + seat; 32])
}

fn binding(signer: Signer) -> Secret {
    Secret::from_seed(&[1 + signer.0 * 8 + signer.1; 32])
}

/// The party's identity log: one guardian, one revision.
pub(crate) fn identity(seat: u8) -> IdentityLog {
    static LOGS: OnceLock<Vec<IdentityLog>> = OnceLock::new();
    let log = |seat| {
        let guardians = RecoverySet { keys: [guardian(seat).public()].into(), threshold: 1 };
        let revision = Revision { number: 0, prev: None, guardians, next: None };
        IdentityLog::new(vec![revision.sign(&[&guardian(seat)], None)]).expect("a log of one revision holds")
    };
    LOGS.get_or_init(|| (0..8).map(log).collect())[usize::from(seat)].clone()
}

/// The same log with a second revision, signed by the guardian of the first; the guardian stays.
pub(crate) fn longer_identity(seat: u8) -> IdentityLog {
    let log = identity(seat);
    let guardians = RecoverySet { keys: [guardian(seat).public()].into(), threshold: 1 };
    let prev = Some(EntryId(log.newest().hash()));
    let revision = Revision { number: 1, prev, guardians, next: None };
    log.extended(revision.sign(&[&guardian(seat)], None)).expect("the revision follows")
}

/// The party's id.
pub(crate) fn party(seat: u8) -> PartyId {
    identity(seat).party()
}

/// The key's id.
pub(crate) fn key(signer: Signer) -> KeyId {
    static KEYS: OnceLock<BTreeMap<Signer, KeyId>> = OnceLock::new();
    let signers = || (0..8).flat_map(|seat| (0..8).map(move |number| (seat, number)));
    KEYS.get_or_init(|| signers().map(|signer| (signer, binding(signer).public().id())).collect())[&signer]
}

/// What `signer` brings to `space` for the seat of `seat`, with its guardian's grant under `log`.
pub(crate) fn introduction_under(
    log: &IdentityLog,
    space: SpaceId,
    seat: u8,
    signer: Signer,
) -> Introduction {
    let node = Secret::from_seed(&[200 + signer.0; 32]).public();
    Introduction::sign(space, party(seat), log, &[&guardian(signer.0)], &binding(signer), node)
}

/// What `signer` brings to `space` for its own seat.
pub(crate) fn introduction(space: SpaceId, signer: Signer) -> Introduction {
    introduction_under(&identity(signer.0), space, signer.0, signer)
}

/// A synthetic id.
pub(crate) fn entry_id(number: usize) -> EntryId {
    EntryId(hash("test entry", &[&number.to_le_bytes()]))
}

/// A statement with all that its author had seen.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    pub(crate) signer: Signer,
    pub(crate) seq: u64,
    pub(crate) depth: u64,
    pub(crate) operation: Operation,
    pub(crate) content: Option<ContentHash>,
    /// The causal past, itself included.
    pub(crate) past: BTreeSet<EntryId>,
}

/// All entries, in the order in which they were signed.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) entries: Vec<Entry>,
}

/// What the entries come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    pub(crate) records: BTreeMap<ObjectId, Record>,
    pub(crate) refused: BTreeMap<EntryId, Refusal>,
}

/// An operation about to be signed, by a party that had not seen some entries.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) signer: Signer,
    pub(crate) operation: Operation,
    pub(crate) unseen: Vec<EntryId>,
}

/// A draft by a party's first key that had seen everything.
pub(crate) fn draft(seat: u8, operation: impl Into<Operation>) -> Draft {
    Draft { signer: (seat, 0), operation: operation.into(), unseen: Vec::new() }
}

impl Draft {
    /// The same without knowledge of some entries.
    pub(crate) fn blind_to(mut self, unseen: &[EntryId]) -> Self {
        self.unseen.extend(unseen);
        self
    }

    /// The same by another key of the party.
    pub(crate) fn by_key(mut self, number: u8) -> Self {
        self.signer.1 = number;
        self
    }
}

impl World {
    /// A space with its founder alone.
    pub(crate) fn founded() -> Self {
        let mut world = Self::default();
        let founder = introduction(SpaceId::ZERO, (DEBTOR, 0));
        world.sign(draft(DEBTOR, Genesis { nonce: 1, rules: Rules::default(), founder }));
        world
    }

    /// A space of founder and creditor.
    pub(crate) fn of_two() -> Self {
        let mut world = Self::founded();
        let introduction = introduction(world.space(), (CREDITOR, 0));
        world.sign(draft(DEBTOR, Admit { introduction }));
        world
    }

    /// A space of four: debtor, creditor, other, newcomer.
    pub(crate) fn of_four() -> Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        let build = || {
            let mut world = Self::of_two();
            world.let_in(OTHER, &[DEBTOR, CREDITOR]);
            world.let_in(NEWCOMER, &[DEBTOR, CREDITOR, OTHER]);
            world
        };
        WORLD.get_or_init(build).clone()
    }

    /// Lets `seat` in by a ballot in which all `voters` vote for it.
    pub(crate) fn let_in(&mut self, seat: u8, voters: &[u8]) -> ObjectId {
        let introduction = introduction(self.space(), (seat, 0));
        let terms = SpaceTerms::Admit { voters: parties(voters), introduction };
        self.ballot(terms, voters)
    }

    /// A ballot about the space, offered by the first of `in_favour` and accepted by the rest.
    pub(crate) fn ballot(&mut self, terms: SpaceTerms, in_favour: &[u8]) -> ObjectId {
        let terms = Terms::Space(terms);
        let hash = terms.hash(None);
        let ballot = self.sign(draft(in_favour[0], Offer { object: None, slot: 0, terms })).into();
        for seat in &in_favour[1..] {
            self.sign(draft(*seat, accept_ballot(ballot, hash)));
        }
        ballot
    }

    /// The space's id.
    pub(crate) fn space(&self) -> SpaceId {
        self.entries[0].id.into()
    }

    /// A new key of a party, signed by itself.
    pub(crate) fn enrol(&self, signer: Signer) -> Draft {
        let introduction = introduction(self.space(), signer);
        let operation = Enrol { introduction }.into();
        Draft { signer, operation, unseen: Vec::new() }
    }

    /// A new key whose enrolment another party has named, so that it counts.
    pub(crate) fn enrol_noticed(&mut self, signer: Signer) -> [EntryId; 2] {
        let enrol = self.sign(self.enrol(signer));
        let other = if signer.0 == DEBTOR { CREDITOR } else { DEBTOR };
        [enrol, self.sign(draft(other, Ack { digest: None, level: 0 }))]
    }

    /// `signer` takes back `key` of its own party behind `cut`.
    pub(crate) fn revoke(&self, signer: Signer, taken: Signer, cut: Option<u64>) -> Draft {
        let (space, key) = (self.space(), key(taken));
        let log = identity(taken.0);
        let signatures = Grant::Revoke { space, key, cut }.sign(&log, &[&guardian(taken.0)]);
        let revoke = Revoke { seat: party(taken.0), identity: log, key, cut, signatures };
        draft(signer.0, revoke).by_key(signer.1)
    }

    /// An offer about the space.
    pub(crate) fn open(&self, seat: u8, terms: SpaceTerms) -> Draft {
        draft(seat, Offer { object: None, slot: 0, terms: Terms::Space(terms) })
    }

    /// The terms of the newest ballot, and its object.
    pub(crate) fn newest_ballot(&self) -> (ObjectId, TermsHash) {
        let ballot = self.entries.iter().rev().find_map(|entry| {
            let Operation::Offer(offer) = &entry.operation else { return None };
            matches!(offer.terms, Terms::Space(_)).then(|| (entry.id.into(), offer.terms.hash(None)))
        });
        ballot.expect("a ballot was opened")
    }

    /// A vote for the newest ballot.
    pub(crate) fn vote(&self, seat: u8) -> Draft {
        let (ballot, terms) = self.newest_ballot();
        draft(seat, accept_ballot(ballot, terms))
    }

    /// A vote against the newest ballot.
    pub(crate) fn vote_against(&self, seat: u8) -> Draft {
        let object = self.newest_ballot().0;
        draft(seat, Decline { subject: Subject::Space, object, slot: 0 })
    }

    /// Signs: the author has seen all that there is, but for the entries it is blind to and what came of them.
    pub(crate) fn sign(&mut self, draft: Draft) -> EntryId {
        let id = entry_id(self.entries.len());
        self.sign_as(id, draft)
    }

    /// Signs under a given id.
    pub(crate) fn sign_as(&mut self, id: EntryId, draft: Draft) -> EntryId {
        let Draft { signer, operation, unseen } = draft;
        let seen = self.entries.iter().filter(|entry| unseen.iter().all(|blind| !entry.past.contains(blind)));
        let depth = 1 + seen.clone().map(|entry| entry.depth).max().unwrap_or(0);
        let seq = seen.clone().filter(|entry| entry.signer == signer).count() as u64;
        let past = seen.map(|entry| entry.id).chain([id]).collect();
        // A note is its content.
        let note = matches!(operation, Operation::Attach(_) | Operation::Comment(_));
        let content = note.then(|| ContentHash::of(b"words"));
        self.entries.push(Entry { id, signer, seq, depth, operation, content, past });
        id
    }

    /// The fold in the one order: depth, then id.
    pub(crate) fn fold(&self) -> Folded {
        let mut order: Vec<_> = self.entries.iter().collect();
        order.sort_by_key(|entry| (entry.depth, entry.id));
        self.fold_in(&order)
    }

    /// The fold in a given order, which extends causality: first the space, then what stands in it.
    pub(crate) fn fold_in(&self, order: &[&Entry]) -> Folded {
        let mut folded = Folded::default();
        for entry in order.iter().filter(|entry| self.object(entry) == Some(self.space().into())) {
            let standing = self.standing(entry, folded.space(self));
            folded.step(self, entry, standing);
        }
        assert!(folded.space(self).is_some(), "the genesis stands: {:?}", folded.refused);
        for entry in order {
            let standing = self.standing(entry, folded.space(self));
            folded.see_lapses(self, entry, standing);
            if self.object(entry).is_some_and(|object| object != self.space().into()) {
                folded.step(self, entry, standing);
            }
        }
        folded
    }

    fn object(&self, entry: &Entry) -> Option<ObjectId> {
        entry.operation.object(self.space(), entry.id)
    }

    /// How much an entry counts by what a space knows.
    pub(crate) fn standing(&self, entry: &Entry, space: Option<&Space>) -> Standing {
        let Some(space) = space else { return Standing::Void("the space was never founded") };
        let others = || self.entries.iter().filter(|other| other.signer.0 != entry.signer.0);
        let revocations = self.entries.iter().filter_map(|other| {
            let Operation::Revoke(revoke) = &other.operation else { return None };
            (revoke.key == key(entry.signer)).then_some((other.id, revoke.cut))
        });
        let introduced = space.keys.get(&key(entry.signer)).map(|key| key.introduced);
        let noticed = others().any(|other| {
            entry.past.contains(&other.id) && introduced.is_some_and(|id| other.past.contains(&id))
        });
        let warned = |other: &Entry| revocations.clone().any(|(id, _)| other.past.contains(&id));
        space.standing(&Authorship {
            entry: entry.id,
            key: key(entry.signer),
            seat: party(entry.signer.0),
            seq: entry.seq,
            admitted: false,
            noticed,
            cut: revocations.clone().any(|(_, cut)| cut.is_none_or(|last| entry.seq > last)),
            forked: false,
            relied: others().any(|other| other.past.contains(&entry.id) && !warned(other)),
            sees: &|id| entry.past.contains(&id),
        })
    }
}

impl Folded {
    fn space(&self, world: &World) -> Option<&Space> {
        match self.records.get(&world.space().into()) {
            Some(Record::Space(space)) => Some(space),
            _ => None,
        }
    }

    /// The space.
    pub(crate) fn the_space(&self) -> &Space {
        let spaces = self.records.values().find_map(|record| match record {
            Record::Space(space) => Some(space),
            Record::Commitment(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_)
            | Record::Meeting(_) => None,
        });
        spaces.expect("there is a space")
    }

    /// The commitment.
    pub(crate) fn commitment(&self, object: ObjectId) -> &Commitment {
        match self.records.get(&object) {
            Some(Record::Commitment(commitment)) => commitment,
            other => panic!("no commitment but {other:?}"),
        }
    }

    /// The agreement.
    pub(crate) fn agreement(&self, object: ObjectId) -> &Agreement {
        match self.records.get(&object) {
            Some(Record::Agreement(agreement)) => agreement,
            other => panic!("no agreement but {other:?}"),
        }
    }

    /// The meeting.
    pub(crate) fn meeting(&self, object: ObjectId) -> &Meeting {
        match self.records.get(&object) {
            Some(Record::Meeting(meeting)) => meeting,
            other => panic!("no meeting but {other:?}"),
        }
    }

    fn see_lapses(&mut self, world: &World, entry: &Entry, standing: Standing) {
        let seen = world.entries.iter().filter(|other| entry.past.contains(&other.id));
        for lapse in seen {
            let Operation::Lapse(fields) = &lapse.operation else { continue };
            let Some(record) = self.records.get(&fields.object) else { continue };
            let changes = entry.by(standing, |by| sight(Some(record), lapse.id, by));
            for change in changes {
                let record = self.records.remove(&fields.object);
                self.records.insert(fields.object, Record::absorb(record, change));
            }
        }
    }

    fn step(&mut self, world: &World, entry: &Entry, standing: Standing) {
        let Some(object) = world.object(entry) else { return };
        match entry.by(standing, |by| decide(self.records.get(&object), &entry.operation, by)) {
            Err(why) => {
                self.refused.insert(entry.id, why);
            }
            Ok(changes) => {
                for change in changes {
                    let record = self.records.remove(&object);
                    self.records.insert(object, Record::absorb(record, change));
                }
            }
        }
    }
}

impl Entry {
    /// Calls `look` as the author of this entry.
    pub(crate) fn by<T>(&self, standing: Standing, look: impl FnOnce(&By<'_>) -> T) -> T {
        let sees = |id| self.past.contains(&id);
        look(&By {
            entry: self.id,
            party: party(self.signer.0),
            key: key(self.signer),
            standing,
            content: self.content,
            sees: &sees,
        })
    }
}

/// A vote for a ballot about the space.
pub(crate) fn accept_ballot(ballot: ObjectId, terms: TermsHash) -> Accept {
    Accept { subject: Subject::Space, object: ballot, slot: 0, terms }
}

/// The parties of some seats.
pub(crate) fn parties(seats: &[u8]) -> BTreeSet<PartyId> {
    seats.iter().map(|seat| party(*seat)).collect()
}

/// The members of a space of four without some.
pub(crate) fn all_but(seat: u8) -> Vec<u8> {
    [DEBTOR, CREDITOR, OTHER, NEWCOMER].into_iter().filter(|member| *member != seat).collect()
}

/// Terms that expel a member of a space of four.
pub(crate) fn expel(seat: u8) -> SpaceTerms {
    SpaceTerms::Expel { voters: parties(&all_but(seat)), seat: party(seat) }
}

/// A departure.
pub(crate) fn leave(seat: u8) -> Draft {
    draft(seat, Leave)
}

/// The encoded records. Offers and reports stand in fold order, which says nothing: here they stand by entry.
pub(crate) fn normal(folded: &Folded) -> Vec<Vec<u8>> {
    let encode = |record: &Record| {
        let mut record = record.clone();
        match &mut record {
            Record::Commitment(commitment) => {
                commitment.reports.sort_by_key(|report| report.entry);
                sort_offers(&mut commitment.ballot);
            }
            Record::Agreement(agreement) => sort_offers(&mut agreement.ballot),
            Record::Meeting(meeting) => sort_offers(&mut meeting.ballot),
            Record::Space(_) | Record::Transcript(_) | Record::Note(_) => {}
        }
        to_bytes(&record)
    };
    folded.records.values().map(encode).collect()
}

fn sort_offers<T>(ballot: &mut Ballot<T>) {
    ballot.slots.iter_mut().for_each(|slot| slot.offers.sort_by_key(|offered| offered.entry));
}

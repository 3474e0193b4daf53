//! A space: who is in it, which keys speak for whom, by which rules it lives, and what it ballots about itself.

use std::collections::{BTreeMap, BTreeSet};

use oplog::{
    BadBytes, EntryId, Grant, IdentityLog, KeyId, ObjectId, PartyId, PublicKey, Reader, Secret, Signature,
    SpaceId, TermsHash, Wire, Writer, wire_struct,
};

use crate::quorum::Quorum;
use crate::refusal::Refusal;
use crate::standing::{Authorship, By, Standing};
use crate::terms::SpaceTerms;

/// The most parties of one space.
pub const PARTIES_MAX: usize = 200;
/// The most keys of one space, of all times.
pub const KEYS_MAX: usize = 4_096;
/// The most ballots about one space.
pub const BALLOTS_MAX: usize = 4_096;

/// A party's identity and the key it brings, with its guardians' grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The whole identity log.
    pub identity: IdentityLog,
    /// The seat that the key is for: the party's own, or that of a party which it succeeds.
    pub seat: PartyId,
    /// The binding key.
    pub key: PublicKey,
    /// The key of the node, which signs requests and nothing else.
    pub node: PublicKey,
    /// Signatures over the grant: guardians', and the binding key's own, so that nobody brings another's key.
    pub signatures: Vec<(PublicKey, Signature)>,
}

wire_struct!(Introduction { identity, seat, key, node, signatures });

impl Introduction {
    /// What a party brings to `space` (zeros in a genesis): signed by `guardians` of `identity` and by the key itself.
    #[must_use]
    pub fn sign(
        space: SpaceId,
        seat: PartyId,
        identity: &IdentityLog,
        guardians: &[&Secret],
        binding: &Secret,
        node: PublicKey,
    ) -> Self {
        let key = binding.public();
        let secrets: Vec<_> = guardians.iter().copied().chain([binding]).collect();
        let signatures = Grant::Bind { space, seat, key, node }.sign(identity, &secrets);
        Self { identity: identity.clone(), seat, key, node, signatures }
    }

    /// Checks the grant for `space` (zeros in a genesis).
    ///
    /// # Errors
    /// Too few guardians of the newest revision signed it, or the key itself did not.
    pub fn check(&self, space: SpaceId) -> Result<(), Refusal> {
        let grant = Grant::Bind { space, seat: self.seat, key: self.key, node: self.node };
        if !grant.signed_by(&self.identity, self.key, &self.signatures) {
            return Err(Refusal::Identity("the binding key's own signature on its grant"));
        }
        self.identity
            .granted(&grant, &self.signatures)
            .map_err(|_| Refusal::Identity("the guardians' grant of the binding key"))
    }

    /// Checks that it is for the party's own seat, so that nobody who asked to be let in is made another's successor.
    ///
    /// # Errors
    /// It is for the seat of another.
    pub(crate) fn check_own_seat(&self) -> Result<(), Refusal> {
        if self.seat == self.identity.party() {
            Ok(())
        } else {
            Err(Refusal::Space("whoever is let in takes a seat of its own"))
        }
    }
}

/// What a genesis fixes. A party that leaves or is expelled stays bound by what it promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The share of members that lets a party in; it also decides on succession.
    pub admit: Quorum,
    /// The share of the other members that expels one.
    pub expel: Quorum,
}

wire_struct!(Rules { admit, expel });

impl Default for Rules {
    fn default() -> Self {
        Self { admit: Quorum::ALL, expel: Quorum::TWO_THIRDS }
    }
}

/// How a membership ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// By the party's own entry.
    Left(EntryId),
    /// By a ballot.
    Ballot(ObjectId),
}

impl Wire for Ending {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Left(entry) => to.array(2).uint(1).put(entry),
            Self::Ballot(ballot) => to.array(2).uint(2).put(ballot),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(2)?;
        match from.uint()? {
            1 => from.get().map(Self::Left),
            2 => from.get().map(Self::Ballot),
            _ => Err(BadBytes::Malformed("ending")),
        }
    }
}

/// A party's place in the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The hashes of the revisions of its identity log.
    pub identity: Vec<EntryId>,
    /// The node's key.
    pub node: PublicKey,
    /// The entry or ballot that let it in.
    pub since: EntryId,
    /// How it went, if it did; more than one way when they were signed without knowledge of each other.
    pub ended: BTreeSet<Ending>,
}

wire_struct!(Seat { identity, node, since, ended });

/// A binding key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The public half.
    pub public: PublicKey,
    /// The seat for which it signs.
    pub seat: PartyId,
    /// The entry that brought it: genesis, admit or enrol, or the offer of the ballot that decides.
    pub introduced: EntryId,
    /// Whether `introduced` is a ballot that must be won first.
    pub by_ballot: bool,
    /// Whether another seat must have named its enrolment before it counts.
    pub needs_notice: bool,
    /// Later enrolments of the seat that had seen this key: it is silent for whoever sees one.
    pub retired_by: BTreeSet<EntryId>,
    /// Revocations; the smallest cut counts (`None` inside: nothing of the key counts).
    pub revoked: BTreeMap<EntryId, Option<u64>>,
    /// How its seat went.
    pub ended: BTreeSet<Ending>,
    /// The first place at which it signed two entries.
    pub forked_at: Option<u64>,
}

wire_struct!(Key {
    public,
    seat,
    introduced,
    by_ballot,
    needs_notice,
    retired_by,
    revoked,
    ended,
    forked_at
});

impl Key {
    /// Whether a revocation cuts off the entry at `seq`.
    #[must_use]
    pub fn is_cut(&self, seq: u64) -> bool {
        self.revoked.values().any(|cut| cut.is_none_or(|last| seq > last))
    }
}

/// A ballot about the space: one offer, a share of its voters decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceBallot {
    /// The terms.
    pub terms: SpaceTerms,
    /// Their hash.
    pub hash: TermsHash,
    /// How many votes it needs.
    pub needed: u64,
    /// Votes by party, by entry: for or against.
    pub votes: BTreeMap<PartyId, BTreeMap<EntryId, bool>>,
}

wire_struct!(SpaceBallot { terms, hash, needed, votes });

impl SpaceBallot {
    /// Whether the votes that `sees` admits are enough.
    fn won(&self, sees: &dyn Fn(EntryId) -> bool) -> bool {
        let in_favour = self
            .votes
            .values()
            .filter(|votes| votes.iter().any(|(entry, in_favour)| *in_favour && sees(*entry)))
            .take(usize::try_from(self.needed).unwrap_or(usize::MAX))
            .count();
        in_favour as u64 >= self.needed
    }

    /// The voters that have not voted.
    #[must_use]
    pub fn awaited(&self) -> BTreeSet<PartyId> {
        self.terms.voters().iter().copied().filter(|party| !self.votes.contains_key(party)).collect()
    }
}

/// The state of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its id.
    pub id: SpaceId,
    /// Who founded it.
    pub founder: PartyId,
    /// What the genesis fixed.
    pub rules: Rules,
    /// The rules level.
    pub level: u64,
    /// Every party that was ever a member.
    pub seats: BTreeMap<PartyId, Seat>,
    /// Every key that was ever brought.
    pub keys: BTreeMap<KeyId, Key>,
    /// Ballots by their offer.
    pub ballots: BTreeMap<ObjectId, SpaceBallot>,
    /// Every `admit` that stands, with those before it in fold order that its author had not seen: more than one is a
    /// founder that let parties in unseen by each other.
    pub admits: BTreeMap<EntryId, BTreeSet<EntryId>>,
}

wire_struct!(Space { id, founder, rules, level, seats, keys, ballots, admits });

fn everything(_: EntryId) -> bool {
    true
}

impl Space {
    /// Whether a ballot is won by all votes there are.
    #[must_use]
    pub fn is_won(&self, ballot: ObjectId) -> bool {
        self.won(ballot, &everything)
    }

    fn won(&self, ballot: ObjectId, sees: &dyn Fn(EntryId) -> bool) -> bool {
        self.ballots.get(&ballot).is_some_and(|ballot| ballot.won(sees))
    }

    fn has_ended(&self, endings: &BTreeSet<Ending>, sees: &dyn Fn(EntryId) -> bool) -> bool {
        endings.iter().any(|ending| match ending {
            Ending::Left(entry) => sees(*entry),
            Ending::Ballot(ballot) => self.won(*ballot, sees),
        })
    }

    fn has_begun(&self, since: EntryId, sees: &dyn Fn(EntryId) -> bool) -> bool {
        sees(since) && self.ballots.get(&since.into()).is_none_or(|ballot| ballot.won(sees))
    }

    /// The members, as far as `sees` goes.
    #[must_use]
    pub fn members_seen(&self, sees: &dyn Fn(EntryId) -> bool) -> BTreeSet<PartyId> {
        self.seats
            .iter()
            .filter(|(_, seat)| self.has_begun(seat.since, sees) && !self.has_ended(&seat.ended, sees))
            .map(|(party, _)| *party)
            .collect()
    }

    /// The members by all that is known.
    #[must_use]
    pub fn members(&self) -> BTreeSet<PartyId> {
        self.members_seen(&everything)
    }

    /// The number of the epoch: how often membership has changed since the genesis.
    #[must_use]
    pub fn epoch(&self) -> usize {
        let ended = self.seats.values().filter(|seat| self.has_ended(&seat.ended, &everything)).count();
        (self.seats.len() + ended).saturating_sub(1)
    }

    /// Whether the founder let in two parties unseen by each other, as far as `sees` goes: one of them may be a name of
    /// its own making, and nobody can tell which.
    fn has_rivals(&self, sees: &dyn Fn(EntryId) -> bool) -> bool {
        self.admits.iter().any(|(admit, rivals)| sees(*admit) && rivals.iter().any(|rival| sees(*rival)))
    }

    /// How many votes a ballot with these terms needs.
    #[must_use]
    pub fn needed(&self, terms: &SpaceTerms) -> usize {
        let quorum = match terms {
            SpaceTerms::Admit { .. } | SpaceTerms::Succeed { .. } => self.rules.admit,
            SpaceTerms::Expel { .. } => self.rules.expel,
            SpaceTerms::Level { .. } => Quorum::ALL,
        };
        quorum.of(terms.voters().len())
    }

    /// Whether a chain of `key` with this seat is a member's voice in what `sees` admits. Notice and reliance take a
    /// member's word alone, so that nobody vouches for itself under a name of its own making.
    #[must_use]
    pub fn speaks(&self, key: KeyId, seat: PartyId, sees: &dyn Fn(EntryId) -> bool) -> bool {
        self.keys.get(&key).is_some_and(|key| {
            let admitted = !key.by_ballot || self.won(key.introduced.into(), sees);
            key.seat == seat && sees(key.introduced) && admitted
        })
    }

    /// How much an entry counts. Depends on its causal past, and beyond that only on revocations, forks and
    /// reliance: what arrives later can never let a key in.
    #[must_use]
    pub fn standing(&self, author: &Authorship<'_>) -> Standing {
        let Some(key) = self.keys.get(&author.key) else {
            return Standing::Void("the key was never introduced");
        };
        if !author.admitted && !(author.sees)(key.introduced) {
            return Standing::Void("the author had not seen its own introduction");
        }
        if key.by_ballot && !author.admitted && !self.won(key.introduced.into(), author.sees) {
            return Standing::Void("the party was not admitted in what the author had seen");
        }
        if key.needs_notice && !author.noticed {
            return Standing::Void("the new key awaits notice by another party");
        }
        if key.retired_by.iter().any(|entry| (author.sees)(*entry)) {
            return Standing::Void("a newer key of the party had taken over");
        }
        // Whoever leaves still speaks in the entry by which it leaves.
        let before = |entry: EntryId| entry != author.entry && (author.sees)(entry);
        if self.has_ended(&key.ended, &before) {
            return Standing::Void("the party was no longer a member");
        }
        match (author.cut, author.forked, author.relied) {
            (false, false, _) => Standing::Full,
            (_, _, true) => Standing::Relied,
            (true, _, false) => Standing::Void("the key was taken back before this entry"),
            (false, true, false) => Standing::Void("the key signed two entries for one place"),
        }
    }

    /// Checks that an identity log belongs to a seat and is no older or rival one.
    pub(crate) fn check_identity(&self, party: PartyId, log: &IdentityLog) -> Result<(), Refusal> {
        let seat = self.seats.get(&party).ok_or(Refusal::Identity("a party of this space"))?;
        if log.hashes().starts_with(&seat.identity) {
            Ok(())
        } else {
            Err(Refusal::Identity("an identity log that continues the known one"))
        }
    }

    /// Checks the terms of a ballot against what its offer had seen.
    pub(crate) fn check_terms(&self, terms: &SpaceTerms, by: &By<'_>) -> Result<(), Refusal> {
        let members = self.members_seen(by.sees);
        let mut voters = members.clone();
        if let Some(subject) = terms.subject() {
            if !voters.remove(&subject) {
                return Err(Refusal::Space("the ballot is about no member"));
            }
            let founder_goes = subject == self.founder && matches!(terms, SpaceTerms::Expel { .. });
            if self.has_rivals(by.sees) && !founder_goes {
                return Err(Refusal::Space(
                    "the founder let two parties in unseen by each other, so no seat but its own is voted on",
                ));
            }
            // One party alone would decide over the other, and could go on to speak in its name.
            if voters.len() < 2 && matches!(terms, SpaceTerms::Expel { .. }) {
                return Err(Refusal::Space("in a space of two nobody expels"));
            }
            if voters.len() < 2 && matches!(terms, SpaceTerms::Succeed { .. }) {
                return Err(Refusal::Space("in a space of two nobody hands the other's seat on"));
            }
        }
        if *terms.voters() != voters {
            return Err(Refusal::Space(
                "the voters are the members that the offer had seen, without its subject",
            ));
        }
        match terms {
            SpaceTerms::Admit { introduction, .. } | SpaceTerms::Succeed { introduction, .. } => {
                introduction.check(self.id)?;
                if matches!(terms, SpaceTerms::Admit { .. }) {
                    introduction.check_own_seat()?;
                    if members.contains(&introduction.seat) {
                        return Err(Refusal::Space("the party is a member already"));
                    }
                }
                self.check_room(introduction)
            }
            SpaceTerms::Expel { .. } => Ok(()),
            SpaceTerms::Level { level, .. } if *level > self.level => Ok(()),
            SpaceTerms::Level { .. } => Err(Refusal::Space("a rules level is only ever raised")),
        }
    }

    /// Checks that there is room for one more party, that the key is new, and that a party which was here before
    /// comes back with the identity log it had.
    pub(crate) fn check_room(&self, introduction: &Introduction) -> Result<(), Refusal> {
        let party = introduction.identity.party();
        if self.seats.contains_key(&party) {
            self.check_identity(party, &introduction.identity)?;
        }
        if self.keys.contains_key(&introduction.key.id()) {
            return Err(Refusal::Space("the key is in use here"));
        }
        if self.seats.len() >= PARTIES_MAX || self.keys.len() >= KEYS_MAX {
            return Err(Refusal::Limit("the number of parties or keys of the space"));
        }
        Ok(())
    }
}

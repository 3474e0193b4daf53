"""Sections 8 and 10: standing, and the record of a space."""

from dataclasses import dataclass, field

import cbor
from entries import (ACCEPT, ADMIT, COUNTER, DECLINE, ENROL, GENESIS, KINDS, LAPSE, LEAVE, OFFER, PASS, RELEASE, REVOKE,
                     SATISFY, CANCEL, CONFIRM, SUBJECT_SPACE, TERMS_ADMIT, TERMS_EXPEL, TERMS_LEVEL, TERMS_SUCCEED,
                     SpaceTerms)
from graph import Graph, Stored
from identity import IdentityLog, Introduction, revoke_grant_holds
from keys import ZERO, key_id

MAX_SEATS, MAX_KEYS, MAX_BALLOTS = 200, 4_096, 4_096
MAX_FOLDS = 8

FULL, RELIED, VOID = "full", "relied", "void"

# Section 8, the end.
JUDGED_WHATEVER_STANDING = {GENESIS, ENROL, REVOKE}
COUNTS_WHEN_RELIED = {GENESIS, ADMIT, OFFER, ACCEPT, DECLINE, COUNTER, LAPSE, PASS, SATISFY, CONFIRM, RELEASE}


class Refused(Exception):
    """A rule refuses the operation; it changes nothing."""


def require(condition, reason: str) -> None:
    if not condition:
        raise Refused(reason)


# An ending is a pair: (1, entry) or (2, ballot).
ENDED_BY_ENTRY, ENDED_BY_BALLOT = 1, 2


@dataclass
class Seat:
    identity: list[bytes]
    node: bytes
    since: bytes
    ended: set = field(default_factory=set)

    def encoded(self) -> list:
        return [self.identity, self.node, self.since, cbor.set_of(self.ended)]


@dataclass
class Key:
    public: bytes
    seat: bytes
    introduced: bytes
    by_ballot: bool
    needs_notice: bool
    retired_by: set = field(default_factory=set)
    revoked: dict = field(default_factory=dict)
    ended: set = field(default_factory=set)
    forked_at: int | None = None

    def encoded(self) -> list:
        return [self.public, self.seat, self.introduced, self.by_ballot, self.needs_notice,
                cbor.set_of(self.retired_by), cbor.map_of(self.revoked), cbor.set_of(self.ended), self.forked_at]


@dataclass
class Ballot:
    terms: SpaceTerms
    terms_hash: bytes
    needed: int
    votes: dict = field(default_factory=dict)    # party: {entry: in favour}

    def in_favour(self) -> int:
        return sum(1 for votes in self.votes.values() if any(votes.values()))

    def encoded(self) -> list:
        return [self.terms.raw, self.terms_hash, self.needed, cbor.map_of(self.votes, cbor.map_of)]


class SpaceRecord:
    """The record of a space while it is folded, and when it is finished."""

    def __init__(self, graph: Graph, revocations: dict, finished=None):
        self.graph = graph
        self.revocations = revocations           # what standing goes by: {key id: {entry: cut}} (9)
        self.finished: SpaceRecord | None = finished
        self.id: bytes | None = None             # None: there is no record yet
        self.founder = ZERO
        self.rules = ((1, 1), (1, 1))
        self.level = 0
        self.seats: dict[bytes, Seat] = {}
        self.keys: dict[bytes, Key] = {}
        self.ballots: dict[bytes, Ballot] = {}

    def encoded(self) -> list:
        return [1, [self.id, self.founder, [list(quorum) for quorum in self.rules], self.level,
                    cbor.map_of(self.seats, Seat.encoded), cbor.map_of(self.keys, Key.encoded),
                    cbor.map_of(self.ballots, Ballot.encoded)]]

    def finish(self) -> None:
        """From here on the record judges by what it says itself."""
        self.finished = self
        self.revocations = {name: dict(key.revoked) for name, key in self.keys.items()}
        for name, key in self.keys.items():
            key.forked_at = self.graph.fork_point(name)

    # ------------------------------------------------------------ 8

    def won_as_seen(self, ballot_id: bytes, by: Stored) -> bool:
        ballot = self.ballots.get(ballot_id)
        if ballot is None:
            return False
        seen = sum(
            1 for votes in ballot.votes.values()
            if any(favour and self.graph.sees(by, entry) for entry, favour in votes.items())
        )
        return seen >= ballot.needed

    def has_ended(self, endings: set, by: Stored) -> bool:
        """Whether an entry sees one of the endings."""
        return any(
            self.graph.sees(by, what) if kind == ENDED_BY_ENTRY else self.won_as_seen(what, by)
            for kind, what in endings
        )

    def why_a_stranger(self, stored: Stored) -> str | None:
        """Lines 1 to 3: why an entry's key is not one of the space as the entry sees it; None if it is."""
        key = self.keys.get(stored.entry.key)
        if key is None or key.seat != stored.seat:
            return "its key is not in the record with the seat of its chain"            # 1
        if not self.graph.sees(stored, key.introduced):
            return "it does not see the entry that introduced its key"                  # 2
        if key.by_ballot and not self.won_as_seen(key.introduced, stored):
            return "the ballot about its key is not won as it sees it"                  # 3
        return None

    def relied(self, stored: Stored, revocations) -> bool:
        """Relied(E)."""
        return any(
            other.seat != stored.seat
            and other.past >> stored.index & 1
            and self.finished is not None and self.finished.why_a_stranger(other) is None
            and not self.graph.learned(other, stored.entry.key, revocations)
            for other in self.graph.entries
        )

    def standing(self, stored: Stored) -> tuple[str, str]:
        """How much an entry counts, and why it counts no more than that."""
        graph, seq = self.graph, stored.entry.seq
        stranger = self.why_a_stranger(stored)
        if stranger is not None:
            return VOID, stranger
        key = self.keys[stored.entry.key]
        if key.needs_notice and not graph.noticed(stored, lambda other: self.why_a_stranger(other) is None):
            return VOID, "nobody else had noticed its key"                                    # 4
        if any(graph.sees(stored, entry) for entry in key.retired_by):
            return VOID, "it sees that its key was retired"                                   # 5
        if self.has_ended(key.ended, stored):
            return VOID, "it sees that its key or seat has ended"                             # 6
        revocations = self.revocations.get(stored.entry.key, {})
        point = graph.fork_point(stored.entry.key)
        cut = any(cut is None or cut < seq for cut in revocations.values())
        forked = point is not None and point <= seq
        if not cut and not forked:
            return FULL, ""                                                                   # 7
        if self.relied(stored, revocations):
            return RELIED, ""                                                                 # 8
        return VOID, "its key was revoked" if cut else "its key is forked"

    def require_standing(self, stored: Stored) -> None:
        """What a void or relied entry may still do."""
        kind = stored.entry.kind
        if kind in JUDGED_WHATEVER_STANDING:
            return
        standing, reason = self.standing(stored)
        require(standing != VOID, f"void: {reason}")
        require(standing == FULL or kind in COUNTS_WHEN_RELIED, f"a relied entry cannot {KINDS[kind][0]}")

    # ------------------------------------------------------------ 10

    def members_as_seen(self, by: Stored) -> set[bytes]:
        members = set()
        for party, seat in self.seats.items():
            begun = self.graph.sees(by, seat.since)
            if begun and seat.since in self.ballots:
                begun = self.won_as_seen(seat.since, by)
            if begun and not self.has_ended(seat.ended, by):
                members.add(party)
        return members

    def require_room(self, introduction: Introduction) -> None:
        """*There is room*."""
        require(key_id(introduction.key) not in self.keys, "the key is in the record already")
        require(len(self.seats) < MAX_SEATS, "too many seats")
        require(len(self.keys) < MAX_KEYS, "too many keys")
        seat = self.seats.get(introduction.log.party)
        require(seat is None or introduction.log.continues(seat.identity), "the log does not continue the seat's")

    def take_seat(self, party: bytes, log: IdentityLog, node: bytes, since: bytes) -> None:
        self.seats[party] = Seat(list(log.hashes), node, since)

    def bring_key(self, public: bytes, seat: bytes, introduced: bytes, by_ballot=False, needs_notice=False) -> None:
        key = Key(public, seat, introduced, by_ballot, needs_notice)
        if not by_ballot:
            key.ended = set(self.seats[seat].ended)
        self.keys[key_id(public)] = key

    def end_seat(self, party: bytes, ending: tuple) -> None:
        self.seats[party].ended.add(ending)
        for key in self.keys.values():
            if key.seat == party:
                key.ended.add(ending)

    # ------------------------------------------------------------ 10, the operations

    def apply(self, stored: Stored) -> None:
        """Folds one entry whose object is the space, or raises Refused and leaves the record as it was."""
        self.require_standing(stored)
        kind = stored.entry.kind
        require(self.id is not None or kind == GENESIS, "there is no record of the space")
        if kind == GENESIS:
            self.genesis(stored)
        elif kind == ADMIT:
            self.admit(stored)
        elif kind == ENROL:
            self.enrol(stored)
        elif kind == REVOKE:
            self.revoke(stored)
        elif kind == LEAVE:
            self.end_seat(stored.seat, (ENDED_BY_ENTRY, stored.id))
        elif kind == OFFER and isinstance(stored.operation.terms, SpaceTerms):
            self.offer(stored)
        elif kind in (ACCEPT, DECLINE) and stored.operation.subject == SUBJECT_SPACE:
            self.vote_on_ballot(stored)
        else:
            raise Refused("the operation is not about a space")

    def genesis(self, stored: Stored) -> None:
        operation = stored.operation
        introduction = operation.introduction
        require(self.id is None, "there is a record already")
        require(key_id(introduction.key) == stored.entry.key, "the signing key is not the introduced one")
        require(introduction.holds(ZERO), "the introduction does not hold")
        for numerator, denominator in operation.rules:
            require(denominator <= 1000 and numerator <= denominator and 2 * numerator > denominator,
                    "a quorum is out of bounds")
        self.id = stored.id
        self.founder = introduction.log.party
        self.rules = operation.rules
        self.take_seat(self.founder, introduction.log, introduction.node, stored.id)
        self.bring_key(introduction.key, self.founder, stored.id)

    def admit(self, stored: Stored) -> None:
        introduction = stored.operation.introduction
        newcomer = introduction.log.party
        require(stored.seat == self.founder, "the author is not the founder")
        require(len(self.members_as_seen(stored)) == 1, "the founder is not alone")
        require(newcomer != self.founder, "the newcomer is the founder")
        require(introduction.holds(self.graph.space), "the introduction does not hold")
        self.require_room(introduction)
        self.take_seat(newcomer, introduction.log, introduction.node, stored.id)
        self.bring_key(introduction.key, newcomer, stored.id)

    def enrol(self, stored: Stored) -> None:
        introduction, party = stored.operation.introduction, stored.operation.seat
        require(key_id(introduction.key) == stored.entry.key, "the signing key is not the introduced one")
        require(party in self.seats, "there is no such seat")
        seat = self.seats[party]
        require(introduction.log.continues(seat.identity), "the log does not continue the seat's")
        require(introduction.holds(self.graph.space), "the introduction does not hold")
        require(key_id(introduction.key) not in self.keys, "the key is in the record already")
        require(len(self.keys) < MAX_KEYS, "too many keys")
        others = self.members_as_seen(stored) - {party}
        self.bring_key(introduction.key, party, stored.id, needs_notice=bool(others))
        seat.identity, seat.node = list(introduction.log.hashes), introduction.node
        for name, key in self.keys.items():
            if key.seat == party and name != stored.entry.key and self.graph.sees(stored, key.introduced):
                key.retired_by.add(stored.id)

    def revoke(self, stored: Stored) -> None:
        operation = stored.operation
        require(operation.seat in self.seats, "there is no such seat")
        require(operation.log.continues(self.seats[operation.seat].identity), "the log does not continue the seat's")
        require(revoke_grant_holds(operation.log, self.graph.space, operation.target, operation.cut,
                                   operation.signatures), "the grant does not hold")
        require(stored.seat == operation.seat, "the author has another seat")
        key = self.keys.get(operation.target)
        require(key is not None and key.seat == operation.seat, "the key is not one of the seat")
        key.revoked[stored.id] = operation.cut

    def offer(self, stored: Stored) -> None:
        operation, terms = stored.operation, stored.operation.terms
        members = self.members_as_seen(stored)
        require(operation.slot == 0 and operation.object is None, "an offer about the space has slot 0 and no object")
        voters = set(members)
        if terms.what in (TERMS_EXPEL, TERMS_SUCCEED):
            require(terms.seat in members, "it is about a seat that is no member")
            voters.discard(terms.seat)
        require(set(terms.voters) == voters, "the voters are not the members as the author sees them")
        require(terms.what != TERMS_EXPEL or len(voters) >= 2, "expelling needs two voters")
        require(terms.what != TERMS_LEVEL or terms.level > self.level, "the level is not greater")
        if terms.introduction is not None:
            require(terms.introduction.holds(self.graph.space), "the introduction does not hold")
            self.require_room(terms.introduction)
        if terms.what == TERMS_ADMIT:
            require(terms.introduction.log.party not in members, "the party is a member already")
        require(stored.seat in voters, "the author is no voter")
        require(len(self.ballots) < MAX_BALLOTS, "too many ballots")

        numerator, denominator = {
            TERMS_ADMIT: self.rules[0], TERMS_SUCCEED: self.rules[0], TERMS_EXPEL: self.rules[1], TERMS_LEVEL: (1, 1),
        }[terms.what]
        needed = max(1, -(-len(voters) * numerator // denominator))
        self.ballots[stored.id] = Ballot(terms, terms.hash(stored.entry.content_hash), needed)
        if terms.introduction is not None:
            seat = terms.seat if terms.what == TERMS_SUCCEED else terms.introduction.log.party
            self.bring_key(terms.introduction.key, seat, stored.id, by_ballot=True)
        self.add_vote(stored.id, stored, True)

    def vote_on_ballot(self, stored: Stored) -> None:
        operation = stored.operation
        ballot = self.ballots.get(operation.object)
        require(operation.slot == 0, "a vote about the space has slot 0")
        require(ballot is not None, "there is no such ballot")
        require(self.graph.sees(stored, operation.object), "the author does not see the offer")
        require(stored.seat in ballot.terms.voters, "the author is no voter")
        require(not any(self.graph.sees(stored, entry) for entry in ballot.votes.get(stored.seat, {})),
                "the author has voted")
        if operation.kind == ACCEPT:
            require(operation.terms_hash == ballot.terms_hash, "it accepts other terms")
        self.add_vote(operation.object, stored, operation.kind == ACCEPT)

    def add_vote(self, ballot_id: bytes, stored: Stored, favour: bool) -> None:
        ballot = self.ballots[ballot_id]
        before = ballot.in_favour()
        ballot.votes.setdefault(stored.seat, {})[stored.id] = favour
        if before < ballot.needed <= ballot.in_favour():
            self.ballot_won(ballot_id, ballot.terms)

    def ballot_won(self, ballot_id: bytes, terms: SpaceTerms) -> None:
        introduction = terms.introduction
        ending = (ENDED_BY_BALLOT, ballot_id)
        if terms.what == TERMS_ADMIT:
            self.take_seat(introduction.log.party, introduction.log, introduction.node, ballot_id)
        elif terms.what == TERMS_EXPEL:
            self.end_seat(terms.seat, ending)
        elif terms.what == TERMS_LEVEL:
            self.level = max(self.level, terms.level)
        else:
            seat = self.seats[terms.seat]
            seat.identity, seat.node, seat.ended = list(introduction.log.hashes), introduction.node, set()
            for name, key in self.keys.items():
                if key.seat == terms.seat and name != key_id(introduction.key):
                    key.ended.add(ending)


# ---------------------------------------------------------------- 9, the fold of the space

def fold_space(graph: Graph, steps: list[Stored]) -> tuple[SpaceRecord, dict[bytes, str]]:
    """The finished record, and the reason for each entry that was refused.

    Standing goes by the revocations of the finished record, which are not known before: fold with none, take those
    found, and fold again with these until they stay the same.
    """
    revocations: dict = {}
    before: SpaceRecord | None = None
    for _ in range(MAX_FOLDS):
        record = SpaceRecord(graph, revocations, before)
        refused: dict[bytes, str] = {}
        for stored in steps:
            try:
                record.apply(stored)
            except Refused as reason:
                refused[stored.id] = str(reason)
        found = {name: dict(key.revoked) for name, key in record.keys.items() if key.revoked}
        at_rest = before is not None and found == revocations and before.encoded() == record.encoded()
        revocations, before = found, record
        if at_rest:
            break
    record.finish()
    return record, refused

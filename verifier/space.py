"""Sections 8 and 10: the record of a space, standing, and who is a member."""

from dataclasses import dataclass, field

import cbor
from entries import (ACCEPT, ADMIT, CONFIRM, CONVENE, COUNTER, DECLINE, ENROL, GENESIS, KINDS, LAPSE, OFFER, PASS,
                     RELEASE, REVOKE, SATISFY, SpaceTerms)
from graph import Graph, Stored
from identity import IdentityLog, Introduction
from keys import ZERO, key_id

MAX_SEATS, MAX_KEYS = 200, 4_096

FULL, RELIED, VOID = "full", "relied", "void"

# Section 8, the end.
JUDGED_WHATEVER_STANDING = {GENESIS, ENROL, REVOKE}
COUNTS_WHEN_RELIED = {GENESIS, ADMIT, OFFER, ACCEPT, DECLINE, COUNTER, LAPSE, PASS, SATISFY, CONFIRM, RELEASE,
                      CONVENE}


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


@dataclass(frozen=True)
class Known:
    """What a fold of the space takes from the finished record (9)."""
    revocations: dict       # {key id: {entry: cut}}
    relied_on: frozenset    # entries
    doubted: bool = True    # False in the first fold, to which no key was ever revoked or forked


class SpaceRecord:
    """The record of a space while it is folded, and when it is finished."""

    def __init__(self, graph: Graph, known: Known):
        self.graph = graph
        self.known = known
        self.id: bytes | None = None             # None: there is no record yet
        self.founder = ZERO
        self.rules = ((1, 1), (1, 1))
        self.level = 0
        self.seats: dict[bytes, Seat] = {}
        self.keys: dict[bytes, Key] = {}
        self.ballots: dict[bytes, Ballot] = {}
        self.admits: dict[bytes, set[bytes]] = {}    # each that stands, with those before that it does not see

    def encoded(self) -> list:
        return [1, [self.id, self.founder, [list(quorum) for quorum in self.rules], self.level,
                    cbor.map_of(self.seats, Seat.encoded), cbor.map_of(self.keys, Key.encoded),
                    cbor.map_of(self.ballots, Ballot.encoded), cbor.map_of(self.admits, sorted)]]

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

    def why_no_voice(self, stored: Stored, by: Stored) -> str | None:
        """Why an entry is no voice as seen by another (6), which for itself are the lines 1 to 3; None if it is one."""
        key = self.keys.get(stored.entry.key)
        if key is None or key.seat != stored.seat:
            return "its key is not in the record with the seat of its chain"            # 1
        if not self.graph.sees(by, key.introduced):
            return "it does not see the entry that introduced its key"                  # 2
        if key.by_ballot and not self.won_as_seen(key.introduced, by):
            return "the ballot about its key is not won as it sees it"                  # 3
        return None

    def noticed(self, stored: Stored) -> bool:
        """Noticed(E)."""
        firsts = self.graph.firsts(stored.entry.key)
        return any(
            stored.past >> other.index & 1
            and other.seat != stored.seat
            and other.past & firsts
            and self.why_no_voice(other, stored) is None
            for other in self.graph.entries
        )

    def standing(self, stored: Stored) -> tuple[str, str]:
        """How much an entry counts, and why it counts no more than that."""
        graph, seq = self.graph, stored.entry.seq
        stranger = self.why_no_voice(stored, stored)
        if stranger is not None:
            return VOID, stranger
        key = self.keys[stored.entry.key]
        if key.needs_notice and not self.noticed(stored):
            return VOID, "nobody else had noticed its key"                                    # 4
        if any(graph.sees(stored, entry) for entry in key.retired_by):
            return VOID, "it sees that its key was retired"                                   # 5
        if self.has_ended(key.ended - {(ENDED_BY_ENTRY, stored.id)}, stored):
            return VOID, "it sees that its key or seat has ended"                             # 6
        point = graph.fork_point(stored.entry.key)
        cut = any(cut is None or cut < seq for cut in self.known.revocations.get(stored.entry.key, {}).values())
        forked = self.known.doubted and point is not None and point <= seq
        if not cut and not forked:
            return FULL, ""                                                                   # 7
        if stored.id in self.known.relied_on:
            return RELIED, ""                                                                 # 8
        return VOID, "its key was revoked" if cut else "its key is forked"

    def found(self) -> "Known":
        """What this record says of revocations and of reliance, for the next fold to go by."""
        revocations = {name: dict(key.revoked) for name, key in self.keys.items() if key.revoked}
        voices = [one for one in self.graph.entries if self.why_no_voice(one, one) is None]
        relied_on = set()
        for name, chain in self.graph.by_key.items():
            if name not in revocations and self.graph.fork_point(name) is None:
                continue    # whether others rely on it decides nothing
            unaware = [one for one in voices if not self.graph.learned(one, name, revocations.get(name, ()))]
            for seat in {stored.seat for stored in chain}:
                seen = 0
                for one in unaware:
                    if one.seat != seat:
                        seen |= one.past
                relied_on |= {stored.id for stored in chain if stored.seat == seat and seen >> stored.index & 1}
        return Known(revocations, frozenset(relied_on))

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

    def has_rivals(self, by: Stored) -> bool:
        """Whether an entry sees two admits that stand and of which neither sees the other."""
        return any(self.graph.sees(by, admit) and any(self.graph.sees(by, other) for other in unseen)
                   for admit, unseen in self.admits.items())

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

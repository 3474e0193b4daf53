"""Sections 9 and 10: the rules by which an operation changes the record of a space, and its fold."""

from entries import (ACCEPT, ADMIT, DECLINE, ENROL, GENESIS, LEAVE, OFFER, REVOKE, SUBJECT_SPACE, TERMS_ADMIT,
                     TERMS_EXPEL, TERMS_LEVEL, TERMS_SUCCEED, SpaceTerms)
from graph import Graph, Stored
from identity import revoke_grant_holds
from keys import ZERO, key_id
from space import ENDED_BY_BALLOT, ENDED_BY_ENTRY, MAX_KEYS, Ballot, Known, Refused, SpaceRecord, require

MAX_BALLOTS = 4_096
MAX_QUORUM = 1_000
MAX_FOLDS = 8


# ---------------------------------------------------------------- 10, the operations

def apply(record: SpaceRecord, stored: Stored) -> None:
    """Folds one entry whose object is the space, or raises Refused and leaves the record as it was."""
    record.require_standing(stored)
    kind = stored.entry.kind
    require(record.id is not None or kind == GENESIS, "there is no record of the space")
    if kind == GENESIS:
        genesis(record, stored)
    elif kind == ADMIT:
        admit(record, stored)
    elif kind == ENROL:
        enrol(record, stored)
    elif kind == REVOKE:
        revoke(record, stored)
    elif kind == LEAVE:
        record.end_seat(stored.seat, (ENDED_BY_ENTRY, stored.id))
    elif kind == OFFER and isinstance(stored.operation.terms, SpaceTerms):
        offer(record, stored)
    elif kind in (ACCEPT, DECLINE) and stored.operation.subject == SUBJECT_SPACE:
        vote_on_ballot(record, stored)
    else:
        raise Refused("the operation is not about a space")


def genesis(record: SpaceRecord, stored: Stored) -> None:
    operation = stored.operation
    introduction = operation.introduction
    require(record.id is None, "there is a record already")
    require(key_id(introduction.key) == stored.entry.key, "the signing key is not the introduced one")
    require(introduction.for_own_seat and introduction.holds(ZERO), "the introduction does not hold")
    for numerator, denominator in operation.rules:
        require(denominator <= MAX_QUORUM and numerator <= denominator and 2 * numerator > denominator,
                "a quorum is out of bounds")
    record.id = stored.id
    record.founder = introduction.log.party
    record.rules = operation.rules
    record.take_seat(record.founder, introduction.log, introduction.node, stored.id)
    record.bring_key(introduction.key, record.founder, stored.id)


def admit(record: SpaceRecord, stored: Stored) -> None:
    introduction = stored.operation.introduction
    newcomer = introduction.log.party
    require(stored.seat == record.founder, "the author is not the founder")
    key = record.keys.get(stored.entry.key)
    require(key is not None and key.introduced == record.graph.space, "the key is not the one that founded the space")
    require(len(record.members_as_seen(stored)) == 1, "the founder is not alone")
    require(newcomer != record.founder, "the newcomer is the founder")
    require(introduction.for_own_seat, "the introduction is for another's seat")
    require(introduction.holds(record.graph.space), "the introduction does not hold")
    record.require_room(introduction)
    record.admits[stored.id] = {other for other in record.admits if not record.graph.sees(stored, other)}
    record.take_seat(newcomer, introduction.log, introduction.node, stored.id)
    record.bring_key(introduction.key, newcomer, stored.id)


def enrol(record: SpaceRecord, stored: Stored) -> None:
    introduction = stored.operation.introduction
    party = introduction.seat
    require(key_id(introduction.key) == stored.entry.key, "the signing key is not the introduced one")
    require(party in record.seats, "there is no such seat")
    seat = record.seats[party]
    require(introduction.log.continues(seat.identity), "the log does not continue the seat's")
    require(introduction.holds(record.graph.space), "the introduction does not hold")
    require(key_id(introduction.key) not in record.keys, "the key is in the record already")
    require(len(record.keys) < MAX_KEYS, "too many keys")
    others = record.members_as_seen(stored) - {party}
    record.bring_key(introduction.key, party, stored.id, needs_notice=bool(others))
    seat.identity, seat.node = list(introduction.log.hashes), introduction.node
    for name, key in record.keys.items():
        if key.seat == party and name != stored.entry.key and record.graph.sees(stored, key.introduced):
            key.retired_by.add(stored.id)


def revoke(record: SpaceRecord, stored: Stored) -> None:
    operation = stored.operation
    require(operation.seat in record.seats, "there is no such seat")
    require(operation.log.continues(record.seats[operation.seat].identity), "the log does not continue the seat's")
    require(revoke_grant_holds(operation.log, record.graph.space, operation.target, operation.cut,
                               operation.signatures), "the grant does not hold")
    require(stored.seat == operation.seat, "the author has another seat")
    key = record.keys.get(operation.target)
    require(key is not None and key.seat == operation.seat, "the key is not one of the seat")
    key.revoked[stored.id] = operation.cut


def offer(record: SpaceRecord, stored: Stored) -> None:
    operation, terms = stored.operation, stored.operation.terms
    members = record.members_as_seen(stored)
    require(operation.slot == 0 and operation.object is None, "an offer about the space has slot 0 and no object")
    voters = set(members)
    if terms.what in (TERMS_EXPEL, TERMS_SUCCEED):
        require(terms.seat in members, "it is about a seat that is no member")
        require(not record.has_rivals(stored) or (terms.what == TERMS_EXPEL and terms.seat == record.founder),
                "it is about a seat in a space with rival admits, and not the founder's expulsion")
        voters.discard(terms.seat)
    require(set(terms.voters) == voters, "the voters are not the members as the author sees them")
    require(terms.what != TERMS_EXPEL or len(voters) >= 2, "expelling needs two voters")
    require(terms.what != TERMS_LEVEL or terms.level > record.level, "the level is not greater")
    if terms.introduction is not None:
        require(terms.introduction.holds(record.graph.space), "the introduction does not hold")
        record.require_room(terms.introduction)
    if terms.what == TERMS_ADMIT:
        require(terms.introduction.for_own_seat, "the introduction is for another's seat")
        require(terms.introduction.log.party not in members, "the party is a member already")
    require(stored.seat in voters, "the author is no voter")
    require(len(record.ballots) < MAX_BALLOTS, "too many ballots")

    numerator, denominator = {
        TERMS_ADMIT: record.rules[0], TERMS_SUCCEED: record.rules[0], TERMS_EXPEL: record.rules[1], TERMS_LEVEL: (1, 1),
    }[terms.what]
    needed = max(1, -(-len(voters) * numerator // denominator))
    record.ballots[stored.id] = Ballot(terms, terms.hash(stored.entry.content_hash), needed)
    if terms.introduction is not None:
        record.bring_key(terms.introduction.key, terms.introduction.seat, stored.id, by_ballot=True)
    add_vote(record, stored.id, stored, True)


def vote_on_ballot(record: SpaceRecord, stored: Stored) -> None:
    operation = stored.operation
    ballot = record.ballots.get(operation.object)
    require(operation.slot == 0, "a vote about the space has slot 0")
    require(ballot is not None, "there is no such ballot")
    require(record.graph.sees(stored, operation.object), "the author does not see the offer")
    require(stored.seat in ballot.terms.voters, "the author is no voter")
    require(not any(record.graph.sees(stored, entry) for entry in ballot.votes.get(stored.seat, {})),
            "the author has voted")
    if operation.kind == ACCEPT:
        require(operation.terms_hash == ballot.terms_hash, "it accepts other terms")
    add_vote(record, operation.object, stored, operation.kind == ACCEPT)


def add_vote(record: SpaceRecord, ballot_id: bytes, stored: Stored, favour: bool) -> None:
    ballot = record.ballots[ballot_id]
    before = ballot.in_favour()
    ballot.votes.setdefault(stored.seat, {})[stored.id] = favour
    if before < ballot.needed <= ballot.in_favour():
        ballot_won(record, ballot_id, ballot.terms)


def ballot_won(record: SpaceRecord, ballot_id: bytes, terms: SpaceTerms) -> None:
    introduction = terms.introduction
    ending = (ENDED_BY_BALLOT, ballot_id)
    if terms.what == TERMS_ADMIT:
        record.take_seat(introduction.log.party, introduction.log, introduction.node, ballot_id)
    elif terms.what == TERMS_EXPEL:
        record.end_seat(terms.seat, ending)
    elif terms.what == TERMS_LEVEL:
        record.level = max(record.level, terms.level)
    else:
        seat = record.seats[terms.seat]
        seat.identity, seat.node, seat.ended = list(introduction.log.hashes), introduction.node, set()
        for name, key in record.keys.items():
            if key.seat == terms.seat and name != key_id(introduction.key):
                key.ended.add(ending)


# ---------------------------------------------------------------- 9, the fold of the space

def fold_space(graph: Graph, steps: list[Stored]) -> tuple[SpaceRecord, dict[bytes, str]]:
    """The finished record, and the reason for each entry that was refused."""
    known = Known({}, frozenset(), doubted=False)
    for _ in range(MAX_FOLDS):
        record = SpaceRecord(graph, known)
        refused: dict[bytes, str] = {}
        for stored in steps:
            try:
                apply(record, stored)
            except Refused as reason:
                refused[stored.id] = str(reason)
        found = record.found()
        if found == known:
            break
        known = found
    record.known = known
    for name, key in record.keys.items():
        key.forked_at = graph.fork_point(name)
    return record, refused

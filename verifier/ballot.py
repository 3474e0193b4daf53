"""Section 11: the slots by which terms come into force, whatever they are about."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cbor

# A vote is an array, kept as a tuple: for terms with a hash, a decline, or "saw the lapse".
VOTE_FOR, VOTE_DECLINE, VOTE_LAPSE = 1, (2,), (3,)
WON, OPEN, FAILED = "won", "open", "failed"


@dataclass(frozen=True)
class Act:
    """An entry as the rules of an object look at it."""
    id: bytes
    seat: bytes
    content_hash: bytes | None
    sees: Callable[[bytes], bool]


@dataclass
class Offered:
    entry: bytes
    party: bytes
    terms_hash: bytes
    terms: object       # has parties, tag, raw and hash(content hash)


@dataclass
class Slot:
    base: set[bytes]
    offers: list[Offered] = field(default_factory=list)
    votes: dict = field(default_factory=dict)       # party: {entry: vote}
    lapses: dict = field(default_factory=dict)      # entry: party
    passes: dict = field(default_factory=dict)      # entry: party

    def roster(self, terms) -> set[bytes]:
        return self.base | terms.parties

    def votes_of(self, party: bytes) -> set:
        return set(self.votes.get(party, {}).values())

    def votes_for(self, party: bytes, terms_hash: bytes) -> bool:
        return vote_for(terms_hash) in self.votes_of(party)

    def encoded(self) -> list:
        return [cbor.set_of(self.base),
                [[offer.entry, offer.party, offer.terms_hash, offer.terms.raw] for offer in self.offers],
                cbor.map_of(self.votes, cbor.map_of), cbor.map_of(self.lapses), cbor.map_of(self.passes)]


@dataclass
class Balloted:
    """What every record with a ballot has."""
    slots: list[Slot] = field(default_factory=list)
    passes_ahead: dict = field(default_factory=dict)   # slot: {entry: party}

    def encoded_ballot(self) -> list:
        return [[slot.encoded() for slot in self.slots], cbor.map_of(self.passes_ahead, cbor.map_of)]

    def add_vote(self, number: int, party: bytes, entry: bytes, vote) -> None:
        self.slots[number].votes.setdefault(party, {})[entry] = vote
        rebase(self)


def vote_for(terms_hash: bytes) -> tuple:
    return VOTE_FOR, terms_hash


def outcome(slot: Slot) -> tuple[str, Offered | None]:
    """How a slot ended, and the offer that won it."""
    for offer in slot.offers:
        roster = slot.roster(offer.terms)
        agreed = all(slot.votes_for(party, offer.terms_hash) for party in roster)
        if agreed and any(slot.votes_of(party) == {vote_for(offer.terms_hash)} for party in slot.base):
            return WON, offer
    if not slot.offers:
        return OPEN, None
    for offer in slot.offers:
        votes = [slot.votes_of(party) for party in slot.roster(offer.terms)]
        if all(not vote or vote_for(offer.terms_hash) in vote for vote in votes) and any(not vote for vote in votes):
            return OPEN, None
    return FAILED, None


def rebase(record: Balloted) -> None:
    """Gives every slot its base: who is bound by what the slots before it came to."""
    if not record.slots or not record.slots[0].offers:
        return
    base = record.slots[0].offers[0].terms.parties
    for slot in record.slots:
        slot.base = set(base)
        result, offer = outcome(slot)
        if result == WON:
            base = offer.terms.parties


def won_slots(record: Balloted) -> list[tuple[int, Offered]]:
    won = []
    for number, slot in enumerate(record.slots):
        result, offer = outcome(slot)
        if result == WON:
            won.append((number, offer))
    return won


def in_force(record: Balloted) -> tuple[int, Offered] | None:
    """The last won slot: its number and the offer that won it."""
    return next(reversed(won_slots(record)), None)


def last_is_open(record: Balloted) -> bool:
    return bool(record.slots) and outcome(record.slots[-1])[0] == OPEN


def base_of(record: Balloted) -> set[bytes]:
    """The base of the object: who is bound by it now."""
    force = in_force(record)
    if force is not None:
        return force[1].terms.parties
    if record.slots and record.slots[0].offers:
        return record.slots[0].offers[0].terms.parties
    return set()


def see_ballot(record: Balloted, seen: Balloted, sees: Callable[[bytes], bool]) -> None:
    """Puts into `seen` what an author sees of the ballot of `record`."""
    def seen_keys(entries: dict) -> dict:
        return {entry: value for entry, value in entries.items() if sees(entry)}

    for slot in record.slots:
        votes = {party: seen_keys(cast) for party, cast in slot.votes.items()}
        seen.slots.append(Slot(
            base=set(slot.base),
            offers=[offer for offer in slot.offers if sees(offer.entry)],
            votes={party: cast for party, cast in votes.items() if cast},
            lapses=seen_keys(slot.lapses),
            passes=seen_keys(slot.passes),
        ))
    while seen.slots and not seen.slots[-1].offers:
        seen.slots.pop()
    seen.passes_ahead = {number: seen_keys(passes) for number, passes in record.passes_ahead.items()}
    rebase(seen)

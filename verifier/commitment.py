"""Section 11: the record of a commitment, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cbor
from entries import CLOSURE_ALL, CLOSURE_ANY, MUTUAL_END, CommitmentTerms

# A vote is an array, kept as a tuple: for terms with a hash, a decline, or "saw the lapse".
VOTE_FOR, VOTE_DECLINE, VOTE_LAPSE = 1, (2,), (3,)
CONFIRMED, DISPUTED = 1, 2

CLOSED_PHASES = {"confirmed", "ended", "released", "cancelled"}


@dataclass
class Offered:
    entry: bytes
    party: bytes
    terms_hash: bytes
    terms: CommitmentTerms


@dataclass
class Slot:
    base: set[bytes]
    offers: list[Offered] = field(default_factory=list)
    votes: dict = field(default_factory=dict)       # party: {entry: vote}
    lapses: dict = field(default_factory=dict)      # entry: party
    passes: dict = field(default_factory=dict)      # entry: party

    def roster(self, terms: CommitmentTerms) -> set[bytes]:
        return self.base | terms.parties

    def votes_of(self, party: bytes) -> set:
        return set(self.votes.get(party, {}).values())

    def add_vote(self, party: bytes, entry: bytes, vote) -> None:
        self.votes.setdefault(party, {})[entry] = vote

    def votes_for(self, party: bytes, terms_hash: bytes) -> bool:
        return vote_for(terms_hash) in self.votes_of(party)

    def encoded(self) -> list:
        return [cbor.set_of(self.base),
                [[offer.entry, offer.party, offer.terms_hash, offer.terms.raw] for offer in self.offers],
                cbor.map_of(self.votes, cbor.map_of), cbor.map_of(self.lapses), cbor.map_of(self.passes)]


def vote_for(terms_hash: bytes) -> tuple:
    return VOTE_FOR, terms_hash


@dataclass
class Report:
    entry: bytes
    party: bytes
    terms_hash: bytes
    answers: dict = field(default_factory=dict)     # party: (entry, CONFIRMED or DISPUTED)

    def encoded(self) -> list:
        return [self.entry, self.party, self.terms_hash, cbor.map_of(self.answers)]


@dataclass
class Commitment:
    slots: list[Slot] = field(default_factory=list)
    passes_ahead: dict = field(default_factory=dict)   # slot: {entry: party}
    satisfied: dict = field(default_factory=dict)      # number: {entry}
    reports: list[Report] = field(default_factory=list)
    released: dict = field(default_factory=dict)       # party: (entry, slot)
    cancelled: set = field(default_factory=set)
    erased: set = field(default_factory=set)

    def encoded(self) -> list:
        return [2, [[slot.encoded() for slot in self.slots], cbor.map_of(self.passes_ahead, cbor.map_of),
                    cbor.map_of(self.satisfied, cbor.set_of), [report.encoded() for report in self.reports],
                    cbor.map_of(self.released), cbor.set_of(self.cancelled), cbor.set_of(self.erased)]]


@dataclass(frozen=True)
class Act:
    """An entry as the rules of an object look at it."""
    id: bytes
    seat: bytes
    content_hash: bytes | None
    sees: Callable[[bytes], bool]


# ---------------------------------------------------------------- what a record comes to

WON, OPEN, FAILED = "won", "open", "failed"


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


def won_slots(record: Commitment) -> list[tuple[int, Offered]]:
    won = []
    for number, slot in enumerate(record.slots):
        result, offer = outcome(slot)
        if result == WON:
            won.append((number, offer))
    return won


def in_force(record: Commitment) -> tuple[int, Offered] | None:
    """The last won slot: its number and the offer that won it."""
    return next(reversed(won_slots(record)), None)


def base_of(record: Commitment) -> set[bytes]:
    """The base of the commitment: who is bound by it now."""
    force = in_force(record)
    if force is not None:
        return force[1].terms.parties
    if record.slots and record.slots[0].offers:
        return record.slots[0].offers[0].terms.parties
    return set()


def creditors_left(record: Commitment, terms: CommitmentTerms) -> list[bytes]:
    return [party for party in terms.creditors if party not in record.released]


def closes(record: Commitment, report: Report) -> bool:
    """Whether a report closes the commitment, under the terms that it names."""
    under = [(number, offer) for number, offer in won_slots(record) if offer.terms_hash == report.terms_hash]
    if not under:
        return False
    number, offer = under[-1]
    creditors = [party for party in offer.terms.creditors
                 if party not in record.released or record.released[party][1] > number]
    confirmed = [report.answers.get(party, (None, None))[1] == CONFIRMED for party in creditors]
    if offer.terms.closure == CLOSURE_ALL:
        return bool(creditors) and all(confirmed)
    if offer.terms.closure == CLOSURE_ANY:
        return any(confirmed)
    return bool(creditors) and confirmed[0]


def phase(record: Commitment) -> str:
    force = in_force(record)
    if force is None:
        last_open = bool(record.slots) and outcome(record.slots[-1])[0] == OPEN
        return "offered" if last_open and not record.cancelled else "not agreed"
    terms = force[1].terms
    if any(closes(record, report) for report in record.reports):
        return "confirmed"
    if terms.tag == MUTUAL_END:
        return "ended"
    if not creditors_left(record, terms):
        return "released"
    if record.cancelled:
        return "cancelled"
    if terms.condition is not None and terms.condition[0] == 2 and not record.satisfied.get(terms.condition[1]):
        return "conditional"
    reports = [report for report in record.reports if report.terms_hash == force[1].terms_hash]
    if not reports:
        return "detached"
    disputed = any(answer == DISPUTED for _, answer in reports[-1].answers.values())
    return "disputed" if disputed else "reported"


def as_seen(record: Commitment, sees: Callable[[bytes], bool]) -> Commitment:
    """The record without what an author does not see."""
    def seen_keys(entries: dict) -> dict:
        return {entry: value for entry, value in entries.items() if sees(entry)}

    seen = Commitment(erased=set(record.erased))
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
    for number, entries in record.satisfied.items():
        if any(sees(entry) for entry in entries):
            seen.satisfied[number] = {entry for entry in entries if sees(entry)}
    for report in record.reports:
        if sees(report.entry):
            answers = {party: answer for party, answer in report.answers.items() if sees(answer[0])}
            seen.reports.append(Report(report.entry, report.party, report.terms_hash, answers))
    seen.released = {party: release for party, release in record.released.items() if sees(release[0])}
    seen.cancelled = {entry for entry in record.cancelled if sees(entry)}
    return seen

"""Section 11: the record of a commitment, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cbor
from ballot import Balloted, in_force, last_is_open, see_ballot, won_slots
from entries import CLOSURE_ALL, CLOSURE_ANY, MUTUAL_END, CommitmentTerms

CONFIRMED, DISPUTED = 1, 2

CLOSED_PHASES = {"confirmed", "ended", "released", "cancelled"}


@dataclass
class Report:
    entry: bytes
    party: bytes
    terms_hash: bytes
    answers: dict = field(default_factory=dict)     # party: (entry, CONFIRMED or DISPUTED)

    def encoded(self) -> list:
        return [self.entry, self.party, self.terms_hash, cbor.map_of(self.answers)]


@dataclass
class Commitment(Balloted):
    satisfied: dict = field(default_factory=dict)      # number: {entry}
    reports: list[Report] = field(default_factory=list)
    released: dict = field(default_factory=dict)       # party: (entry, slot)
    cancelled: set = field(default_factory=set)
    erased: set = field(default_factory=set)

    def encoded(self) -> list:
        return [2, [*self.encoded_ballot(),
                    cbor.map_of(self.satisfied, cbor.set_of), [report.encoded() for report in self.reports],
                    cbor.map_of(self.released), cbor.set_of(self.cancelled), cbor.set_of(self.erased)]]


# ---------------------------------------------------------------- what a record comes to

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
        return "offered" if last_is_open(record) and not record.cancelled else "not agreed"
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
    seen = Commitment(erased=set(record.erased))
    see_ballot(record, seen, sees)
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

"""Section 11: the record of an agreement, and its rules."""

from collections.abc import Callable
from dataclasses import dataclass, field

import ballot_rules
import cbor
from ballot import Act, Balloted, in_force, last_is_open, see_ballot
from ballot_rules import (BALLOT_KINDS, Sort, failed_offers, require_erasable, require_force, require_no_open_own_vote)
from entries import (AMEND, ERASE, NEVER, NEW, NOTICE, SUBJECT_AGREEMENT, TERMINATE, WITHDRAW, AgreementTerms, Operation)
from space import Refused, require

MAX_CLAUSES, MAX_CLAUSE_NUMBER, MAX_NOTICE = 256, 9_999, 3_650
MAX_PARTIES = 200


@dataclass
class Agreement(Balloted):
    withdrawn: dict = field(default_factory=dict)      # party: {entry: slot}
    erased: set = field(default_factory=set)

    def encoded(self) -> list:
        return [5, [*self.encoded_ballot(), cbor.map_of(self.withdrawn, cbor.map_of), cbor.set_of(self.erased)]]


def leaving(record: Agreement) -> set[bytes]:
    """The parties of the terms in force that have withdrawn from them."""
    force = in_force(record)
    if force is None:
        return set()
    number, offer = force
    return {party for party in offer.terms.parties
            if any(slot >= number for slot in record.withdrawn.get(party, {}).values())}


def phase(record: Agreement) -> str:
    force = in_force(record)
    if force is None:
        return "offered" if last_is_open(record) else "not agreed"
    terms = force[1].terms
    if terms.tag == TERMINATE:
        return "terminated"
    return "withdrawn" if len(terms.parties) - len(leaving(record)) < 2 else "in force"


def is_closed(record: Agreement) -> bool:
    return phase(record) in ("terminated", "withdrawn")


def as_seen(record: Agreement, sees: Callable[[bytes], bool]) -> Agreement:
    """The record without what an author does not see."""
    seen = Agreement(erased=set(record.erased))
    see_ballot(record, seen, sees)
    for party, entries in record.withdrawn.items():
        kept = {entry: slot for entry, slot in entries.items() if sees(entry)}
        if kept:
            seen.withdrawn[party] = kept
    return seen


def require_sound(terms: AgreementTerms) -> None:
    require(2 <= len(terms.members) <= MAX_PARTIES, "there are too few parties, or too many")
    require(1 <= len(terms.clauses) <= MAX_CLAUSES, "there are no clauses, or too many")
    require(all(1 <= number <= MAX_CLAUSE_NUMBER for number in terms.clauses), "a clause's number is out of bounds")
    if terms.withdrawal[0] == NOTICE:
        require(1 <= terms.withdrawal[1] <= MAX_NOTICE, "the notice is out of bounds")


def require_true_change(terms: AgreementTerms, before: list[AgreementTerms]) -> None:
    if not before:
        require(terms.tag == NEW, "nothing is in force, so the tag must be new")
        return
    old = before[-1]
    if terms.tag == TERMINATE:
        require((terms.members, terms.clauses, terms.withdrawal) == (old.members, old.clauses, old.withdrawal),
                "the terms differ in other fields than the tag says")
        return
    require(terms.tag == AMEND, "terms are in force, so the tag cannot be new")
    if old.withdrawal[0] == NEVER:
        require(old.parties <= terms.parties, "nobody may withdraw, and a party is left out")
    used = {number for one in before for number in one.clauses}
    require(not (set(terms.clauses) - set(old.clauses)) & used, "a dropped clause's number is used again")


SORT = Sort(AgreementTerms, SUBJECT_AGREEMENT, as_seen, is_closed, require_sound, require_true_change)


def found(operation: Operation, act: Act) -> Agreement:
    """offer, object null."""
    record = Agreement()
    ballot_rules.found(SORT, record, operation, act)
    return record


def apply(record: Agreement, operation: Operation, act: Act) -> Agreement:
    """The record after one operation. Raises Refused; then the record given is as it was."""
    if operation.kind in BALLOT_KINDS:
        return ballot_rules.apply(SORT, record, operation, act)
    seen = as_seen(record, act.sees)
    if operation.kind == WITHDRAW:
        withdraw(record, seen, act)
    elif operation.kind == ERASE:
        require_erasable(record, failed_offers(seen, act.seat), operation.target)
        record.erased.add(operation.target)
    else:
        raise Refused("the operation is not about an agreement")
    return record


def withdraw(record: Agreement, seen: Agreement, act: Act) -> None:
    number, force = require_force(seen)
    require(act.seat in force.terms.parties, "the author is not named")
    require(act.seat not in leaving(seen), "the author has withdrawn")
    require(not is_closed(seen), "it is closed")
    require(force.terms.withdrawal[0] == NOTICE, "no party leaves by its own act")
    require_no_open_own_vote(seen, act, lambda other: True)
    record.withdrawn.setdefault(act.seat, {})[act.id] = number

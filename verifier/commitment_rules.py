"""Section 11: the rules by which an operation changes the record of a commitment."""

import datetime

import ballot_rules
from ballot import Act
from ballot_rules import (BALLOT_KINDS, Sort, failed_offers, require_erasable, require_force, require_no_open_own_vote)
from commitment import CLOSED_PHASES, CONFIRMED, DISPUTED, Commitment, Report, as_seen, creditors_left, phase
from entries import (AMEND, ASSIGN, CANCEL, CONFIRM, DELEGATE, DISPUTE, ERASE, MUTUAL_END, NEW, RELEASE, REPORT, RESCHEDULE,
                     SATISFY, SUBJECT_COMMITMENT, CommitmentTerms, Operation)
from space import Refused, require

MAX_REPORTS = 256
MAX_CREDITORS, MAX_ZONE = 200, 64

EPOCH = datetime.date(1970, 1, 1)
FIRST_DAY = (datetime.date(1600, 1, 1) - EPOCH).days
LAST_DAY = (datetime.date(2400, 12, 31) - EPOCH).days


# ---------------------------------------------------------------- judging terms

def require_sound(terms: CommitmentTerms) -> None:
    require(1 <= len(terms.creditors) <= MAX_CREDITORS, "there are no creditors, or too many")
    require(len({terms.debtor, *terms.creditors}) == 1 + len(terms.creditors), "a party is named twice")
    require_day([terms.due_day, terms.due_zone])


def require_day(due: list) -> None:
    day, zone = due
    require(FIRST_DAY <= day <= LAST_DAY, "the day is out of bounds")
    require(1 <= len(zone) <= MAX_ZONE and all("!" <= letter <= "~" for letter in zone),
            "the zone is not 1 to 64 visible ASCII characters")


def require_true_tag(terms: CommitmentTerms, force: CommitmentTerms | None) -> None:
    if force is None:
        require(terms.tag == NEW, "nothing is in force, so the tag must be new")
        return
    require(terms.tag != NEW, "terms are in force, so the tag cannot be new")
    names = ("debtor", "creditors", "closure", "due", "condition", "clause")

    def fields(of: CommitmentTerms) -> tuple:
        return of.debtor, of.creditors, of.closure, (of.due_day, of.due_zone), of.condition, of.clause

    differing = {name for name, one, two in zip(names, fields(terms), fields(force)) if one != two}
    # An amendment may be any change, also of the words alone.
    if terms.tag != AMEND:
        expected = {RESCHEDULE: {"due"}, DELEGATE: {"debtor"}, ASSIGN: {"creditors"}, MUTUAL_END: set()}[terms.tag]
        require(differing == expected, "the terms differ in other fields than the tag says")


SORT = Sort(CommitmentTerms, SUBJECT_COMMITMENT, as_seen, lambda record: phase(record) in CLOSED_PHASES, require_sound,
            lambda terms, before: require_true_tag(terms, before[-1] if before else None))


# ---------------------------------------------------------------- the operations

def found(operation: Operation, act: Act) -> Commitment:
    """offer, object null."""
    record = Commitment()
    ballot_rules.found(SORT, record, operation, act)
    return record


def apply(record: Commitment, operation: Operation, act: Act) -> Commitment:
    """The record after one operation. Raises Refused; then the record given is as it was."""
    kind = operation.kind
    if kind in BALLOT_KINDS:
        return ballot_rules.apply(SORT, record, operation, act)
    seen = as_seen(record, act.sees)
    if kind not in (RELEASE, ERASE):     # these look at it themselves
        require(phase(seen) not in CLOSED_PHASES, "the commitment is closed")
    if kind == SATISFY:
        satisfy(record, seen, operation.number, act)
    elif kind == REPORT:
        report(record, seen, operation.terms_hash, act)
    elif kind in (CONFIRM, DISPUTE):
        answer(record, seen, operation, act)
    elif kind == RELEASE:
        release(record, seen, act)
    elif kind == CANCEL:
        cancel(record, seen, act)
    elif kind == ERASE:
        own_reports = {one.entry for one in seen.reports if one.party == act.seat}
        require_erasable(record, own_reports | failed_offers(seen, act.seat), operation.target)
        record.erased.add(operation.target)
    else:
        raise Refused("the operation is not about a commitment")
    return record


def satisfy(record: Commitment, seen: Commitment, number: int, act: Act) -> None:
    terms = require_force(seen)[1].terms
    require(act.seat == terms.debtor, "the author is not the debtor")
    require(terms.condition == (2, number), "that is not the condition")
    require(not seen.satisfied.get(number), "the condition is satisfied")
    require_no_open_own_vote(seen, act, lambda other: other.debtor != terms.debtor)
    record.satisfied.setdefault(number, set()).add(act.id)


def report(record: Commitment, seen: Commitment, terms_hash: bytes, act: Act) -> None:
    force = require_force(seen)[1]
    require(act.seat == force.terms.debtor, "the author is not the debtor")
    require(terms_hash == force.terms_hash, "it names other terms than those in force")
    require(phase(seen) != "conditional", "the condition is not satisfied")
    require(len(record.reports) < MAX_REPORTS, "too many reports")
    record.reports.append(Report(act.id, act.seat, terms_hash))


def answer(record: Commitment, seen: Commitment, operation: Operation, act: Act) -> None:
    """confirm and dispute."""
    force = require_force(seen)[1]
    terms = force.terms
    require(act.seat in creditors_left(seen, terms), "the author is not among the creditors left")
    reports = [one for one in seen.reports if one.entry == operation.target and one.terms_hash == force.terms_hash]
    require(reports, "there is no such report under the terms in force")
    before = reports[0].answers.get(act.seat)
    if operation.kind == CONFIRM:
        require(before is None or before[1] != CONFIRMED, "the author has confirmed")
        require_no_open_own_vote(
            seen, act, lambda other: other.creditors != terms.creditors or other.closure != terms.closure)
        given = CONFIRMED
    else:
        require(before is None, "the author has answered")
        given = DISPUTED
    for one in record.reports:
        if one.entry == operation.target:
            one.answers[act.seat] = (act.id, given)


def release(record: Commitment, seen: Commitment, act: Act) -> None:
    require(phase(seen) not in CLOSED_PHASES - {"cancelled"}, "the commitment is closed")
    number, force = require_force(seen)
    require(act.seat in creditors_left(seen, force.terms), "the author is not among the creditors left")
    require_no_open_own_vote(seen, act, lambda other: other.creditors != force.terms.creditors)
    record.released[act.seat] = (act.id, number)


def cancel(record: Commitment, seen: Commitment, act: Act) -> None:
    terms = require_force(seen)[1].terms
    require(act.seat == terms.debtor, "the author is not the debtor")
    require_no_open_own_vote(seen, act, lambda other: other.debtor != terms.debtor)
    record.cancelled.add(act.id)

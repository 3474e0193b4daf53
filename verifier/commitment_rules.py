"""Section 11: the rules by which an operation changes the record of a commitment."""

import copy
import datetime
from collections.abc import Callable

from commitment import (CLOSED_PHASES, CONFIRMED, DISPUTED, FAILED, OPEN, VOTE_DECLINE, VOTE_LAPSE, Act, Commitment,
                        Offered, Report, Slot, as_seen, base_of, creditors_left, in_force, outcome, phase, vote_for)
from entries import (ACCEPT, AMEND, ASSIGN, CANCEL, CONFIRM, COUNTER, DECLINE, DELEGATE, DISPUTE, ERASE, LAPSE,
                     MUTUAL_END, NEW, OFFER, PASS, RELEASE, REPORT, RESCHEDULE, SATISFY, SUBJECT_COMMITMENT,
                     CommitmentTerms, Operation)
from space import Refused, require

MAX_SLOTS, MAX_OFFERS, MAX_REPORTS = 256, 256, 256
MAX_CREDITORS, MAX_ZONE = 200, 64

EPOCH = datetime.date(1970, 1, 1)
FIRST_DAY = (datetime.date(1600, 1, 1) - EPOCH).days
LAST_DAY = (datetime.date(2400, 12, 31) - EPOCH).days


# ---------------------------------------------------------------- judging terms

def require_sound(terms: CommitmentTerms) -> None:
    require(1 <= len(terms.creditors) <= MAX_CREDITORS, "there are no creditors, or too many")
    require(len({terms.debtor, *terms.creditors}) == 1 + len(terms.creditors), "a party is named twice")
    require(FIRST_DAY <= terms.due_day <= LAST_DAY, "the due day is out of bounds")
    require(1 <= len(terms.due_zone) <= MAX_ZONE and all("!" <= letter <= "~" for letter in terms.due_zone),
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


def may_vote(slot: Slot, act: Act) -> bool:
    return not any(act.sees(entry) for entry in slot.votes.get(act.seat, {}))


def require_no_open_own_vote(seen: Commitment, act: Act, differs: Callable[[CommitmentTerms], bool]) -> None:
    """*Open own vote*: who has voted to hand something on does not use it up meanwhile."""
    if not seen.slots or outcome(seen.slots[-1])[0] != OPEN:
        return
    last = seen.slots[-1]
    mine = last.votes_of(act.seat)
    require(not any(vote_for(offer.terms_hash) in mine and differs(offer.terms) for offer in last.offers),
            "the author has an open vote for terms that would hand this on")


def require_slot(seen: Commitment, number: int) -> Slot:
    require(number < len(seen.slots), "the slot is not there as the author sees it")
    return seen.slots[number]


def require_force(seen: Commitment) -> tuple[int, Offered]:
    force = in_force(seen)
    require(force is not None, "nothing is in force")
    return force


# ---------------------------------------------------------------- the operations

def found(operation: Operation, act: Act) -> Commitment:
    """offer, object null."""
    terms = operation.terms
    require(operation.slot == 0, "the first offer has slot 0")
    require_sound(terms)
    require_true_tag(terms, None)
    require(act.seat in terms.parties, "the author is not named")
    slot = Slot(base=set(terms.parties))
    slot.offers.append(Offered(act.id, act.seat, terms.hash(act.content_hash), terms))
    slot.add_vote(act.seat, act.id, vote_for(terms.hash(act.content_hash)))
    return Commitment(slots=[slot])


def apply(record: Commitment, operation: Operation, act: Act) -> Commitment:
    """The record after one operation. Raises Refused; then the record given is as it was."""
    kind = operation.kind
    # A counter is two steps, of which the first may stand and the second not; the others change nothing before they
    # know that they may.
    new = copy.deepcopy(record) if kind == COUNTER else record
    seen = as_seen(new, act.sees)
    if kind not in (LAPSE, RELEASE, ERASE):     # these three look at it themselves
        require(phase(seen) not in CLOSED_PHASES, "the commitment is closed")
    if kind == OFFER and isinstance(operation.terms, CommitmentTerms):
        offer(new, operation.slot, operation.terms, act)
    elif kind == ACCEPT and operation.subject == SUBJECT_COMMITMENT:
        accept(new, seen, operation, act)
    elif kind == DECLINE and operation.subject == SUBJECT_COMMITMENT:
        decline(new, seen, operation.slot, act)
    elif kind == COUNTER:
        decline(new, seen, operation.slot, act)
        offer(new, operation.slot + 1, operation.terms, act)
    elif kind == LAPSE:
        lapse(new, seen, operation.slot, act)
    elif kind == PASS:
        pass_turn(new, seen, operation.slot, act)
    elif kind == SATISFY:
        satisfy(new, seen, operation.number, act)
    elif kind == REPORT:
        report(new, seen, operation.terms_hash, act)
    elif kind in (CONFIRM, DISPUTE):
        answer(new, seen, operation, act)
    elif kind == RELEASE:
        release(new, seen, act)
    elif kind == CANCEL:
        cancel(new, seen, act)
    elif kind == ERASE:
        erase(new, seen, operation.target, act)
    else:
        raise Refused("the operation is not about a commitment")
    return new


def offer(record: Commitment, number: int, terms: CommitmentTerms, act: Act) -> None:
    """An offer in a slot of a commitment that is there."""
    seen = as_seen(record, act.sees)
    require(phase(seen) not in CLOSED_PHASES, "the commitment is closed")
    require(seen.slots, "the author does not see the commitment")
    require(number == len(seen.slots), "not the next slot as the author sees it")
    require(number < MAX_SLOTS, "too many slots")
    last = seen.slots[-1]
    require(outcome(last)[0] != OPEN, "the last slot is open")
    require_turn(record, last, number, act)
    require_sound(terms)
    force = in_force(seen)
    require_true_tag(terms, None if force is None else force[1].terms)
    base = base_of(seen)
    require(act.seat in base, "the author is not in the base")
    if number == len(record.slots):
        record.slots.append(Slot(base=set(base), passes=record.passes_ahead.pop(number, {})))
    slot = record.slots[number]
    require(len(slot.offers) < MAX_OFFERS, "too many offers in the slot")
    slot.offers.append(Offered(act.id, act.seat, terms.hash(act.content_hash), terms))
    slot.add_vote(act.seat, act.id, vote_for(terms.hash(act.content_hash)))


def require_turn(record: Commitment, last_as_seen: Slot, number: int, act: Act) -> None:
    """After offers crossed, the next slot belongs to one party until it offers or passes."""
    if len({offer.terms_hash for offer in last_as_seen.offers}) < 2:
        return
    owner = sorted(last_as_seen.base)[number % len(last_as_seen.base)]
    # The passes for that slot are in the slot if others have opened it unseen, else they were signed ahead.
    passes = record.slots[number].passes if number < len(record.slots) else record.passes_ahead.get(number, {})
    passed = any(party == owner and act.sees(entry) for entry, party in passes.items())
    require(act.seat == owner or passed, "it is another party's turn")


def accept(record: Commitment, seen: Commitment, operation: Operation, act: Act) -> None:
    slot = require_slot(seen, operation.slot)
    offers = [offer for offer in slot.offers if offer.terms_hash == operation.terms_hash]
    require(offers, "no such terms are on the table")
    require(any(act.seat in slot.roster(offer.terms) for offer in offers), "the author is not in the roster")
    require(may_vote(slot, act), "the author has voted")
    record.slots[operation.slot].add_vote(act.seat, act.id, vote_for(operation.terms_hash))


def decline(record: Commitment, seen: Commitment, number: int, act: Act) -> None:
    slot = require_slot(seen, number)
    require(any(act.seat in slot.roster(offer.terms) for offer in slot.offers), "the author is not in the roster")
    require(may_vote(slot, act), "the author has voted")
    record.slots[number].add_vote(act.seat, act.id, VOTE_DECLINE)


def lapse(record: Commitment, seen: Commitment, number: int, act: Act) -> None:
    slot = require_slot(seen, number)
    require(any(offer.party == act.seat for offer in slot.offers), "no offer of the author is in the slot")
    require(act.seat not in slot.lapses.values(), "the author's offer has lapsed")
    record.slots[number].lapses[act.id] = act.seat


def sighting(record: Commitment, lapse_entry: bytes, act: Act) -> None:
    """The entry `act` is the first of its chain that sees a lapse. The standing is the caller's to check."""
    for slot in record.slots:
        if lapse_entry not in slot.lapses:
            continue
        invited = any(act.sees(offer.entry) and act.seat in slot.roster(offer.terms) for offer in slot.offers)
        if invited and may_vote(slot, act):
            slot.add_vote(act.seat, act.id, VOTE_LAPSE)


def pass_turn(record: Commitment, seen: Commitment, number: int, act: Act) -> None:
    require(act.seat in base_of(seen), "the author is not in the base")
    require(number < MAX_SLOTS, "too many slots")
    if number < len(record.slots):
        record.slots[number].passes[act.id] = act.seat
    else:
        record.passes_ahead.setdefault(number, {})[act.id] = act.seat


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


def erase(record: Commitment, seen: Commitment, target: bytes, act: Act) -> None:
    """Section 12: a report, or an offer in a failed slot, by the same party."""
    require(target not in record.erased, "it is erased already")
    own_report = any(one.entry == target and one.party == act.seat for one in seen.reports)
    own_failed_offer = any(
        offer.entry == target and offer.party == act.seat and outcome(slot)[0] == FAILED
        for slot in seen.slots for offer in slot.offers
    )
    require(own_report or own_failed_offer, "it is neither a report nor a failed offer of the author")
    record.erased.add(target)

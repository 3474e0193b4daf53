"""Section 11: the rules of offer, accept, decline, counter, lapse and pass, whatever the terms are about."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from ballot import (FAILED, OPEN, VOTE_DECLINE, VOTE_LAPSE, Act, Balloted, Offered, Slot, base_of, in_force, last_is_open,
                    outcome, vote_for, won_slots)
from entries import ACCEPT, COUNTER, DECLINE, LAPSE, OFFER, PASS, Operation
from space import Refused, require

MAX_SLOTS, MAX_OFFERS = 256, 256

# What these operations do to a record; the others have rules of their own.
BALLOT_KINDS = (OFFER, ACCEPT, DECLINE, COUNTER, LAPSE, PASS)


@dataclass(frozen=True)
class Sort:
    """What is particular to one sort of terms."""
    terms: type
    subject: int
    as_seen: Callable                   # (record, sees): the record without what an author does not see
    is_closed: Callable                 # (record): whether no more can come of it
    require_sound: Callable             # (terms)
    require_true_change: Callable       # (terms, all terms that came into force before, oldest first)
    base_of: Callable = base_of         # (record): who votes on whatever comes next
    opens: bool = False                 # whether an offer opens the first slot of a record that has none
    require_fitting: Callable = lambda record, terms, act: None     # what else the record asks of terms


def found(sort: Sort, record: Balloted, operation: Operation, act: Act) -> None:
    """offer, object null: the first slot of a new record."""
    terms = operation.terms
    require(operation.slot == 0, "the first offer has slot 0")
    sort.require_sound(terms)
    sort.require_true_change(terms, [])
    require(act.seat in terms.parties, "the author is not named")
    record.slots.append(Slot(base=set(terms.parties)))
    put(record, 0, terms, act)


def apply(sort: Sort, record: Balloted, operation: Operation, act: Act) -> Balloted:
    """The record after one operation of the ballot. Raises Refused; then the record given is as it was."""
    kind = operation.kind
    if kind in (OFFER, COUNTER):
        require(isinstance(operation.terms, sort.terms), "the terms are about another sort of object")
    else:
        require(operation.subject == sort.subject, "the subject is another sort of object")
    # A counter is two steps, of which the first may stand and the second not; the others change nothing before they
    # know that they may.
    new = copy.deepcopy(record) if kind == COUNTER else record
    seen = sort.as_seen(new, act.sees)
    if kind != LAPSE:
        require(not sort.is_closed(seen), "it is closed")
    if kind == OFFER:
        offer(sort, new, operation.slot, operation.terms, act)
    elif kind == ACCEPT:
        accept(new, seen, operation, act)
    elif kind == DECLINE:
        decline(new, seen, operation.slot, act)
    elif kind == COUNTER:
        decline(new, seen, operation.slot, act)
        offer(sort, new, operation.slot + 1, operation.terms, act)
    elif kind == LAPSE:
        lapse(new, seen, operation.slot, act)
    else:
        pass_turn(sort, new, seen, operation.slot, act)
    return new


def put(record: Balloted, number: int, terms, act: Act) -> None:
    terms_hash = terms.hash(act.content_hash)
    record.slots[number].offers.append(Offered(act.id, act.seat, terms_hash, terms))
    record.add_vote(number, act.seat, act.id, vote_for(terms_hash))


def may_vote(slot: Slot, act: Act) -> bool:
    return not any(act.sees(entry) for entry in slot.votes.get(act.seat, {}))


def require_no_open_own_vote(seen: Balloted, act: Act, differs: Callable[[object], bool]) -> None:
    """*Open own vote*: who has voted to hand something on does not use it up meanwhile."""
    if not last_is_open(seen):
        return
    last = seen.slots[-1]
    mine = last.votes_of(act.seat)
    require(not any(vote_for(offer.terms_hash) in mine and differs(offer.terms) for offer in last.offers),
            "the author has an open vote for other terms")


def require_slot(seen: Balloted, number: int) -> Slot:
    require(number < len(seen.slots), "the slot is not there as the author sees it")
    return seen.slots[number]


def require_force(seen: Balloted) -> tuple[int, Offered]:
    force = in_force(seen)
    require(force is not None, "nothing is in force")
    return force


def offer(sort: Sort, record: Balloted, number: int, terms, act: Act) -> None:
    """An offer in a slot of an object that is there."""
    seen = sort.as_seen(record, act.sees)
    require(not sort.is_closed(seen), "it is closed")
    require(seen.slots or sort.opens, "the author does not see the object")
    require(number == len(seen.slots), "not the next slot as the author sees it")
    require(number < MAX_SLOTS, "too many slots")
    if seen.slots:
        last = seen.slots[-1]
        require(outcome(last)[0] != OPEN, "the last slot is open")
        require_turn(record, last, number, act)
    sort.require_fitting(record, terms, act)
    sort.require_sound(terms)
    sort.require_true_change(terms, [offer.terms for _, offer in won_slots(seen)])
    base = sort.base_of(seen)
    require(act.seat in base, "the author is not in the base")
    if number < len(record.slots):
        require(len(record.slots[number].offers) < MAX_OFFERS, "too many offers in the slot")
    else:
        record.slots.append(Slot(base=set(base), passes=record.passes_ahead.pop(number, {})))
    put(record, number, terms, act)


def require_turn(record: Balloted, last_as_seen: Slot, number: int, act: Act) -> None:
    """After offers crossed, the next slot belongs to one party until it offers or passes."""
    if len({offer.terms_hash for offer in last_as_seen.offers}) < 2:
        return
    owner = sorted(last_as_seen.base)[number % len(last_as_seen.base)]
    # The passes for that slot are in the slot if others have opened it unseen, else they were signed ahead.
    passes = record.slots[number].passes if number < len(record.slots) else record.passes_ahead.get(number, {})
    passed = any(party == owner and act.sees(entry) for entry, party in passes.items())
    require(act.seat == owner or passed, "it is another party's turn")


def accept(record: Balloted, seen: Balloted, operation: Operation, act: Act) -> None:
    slot = require_slot(seen, operation.slot)
    offers = [offer for offer in slot.offers if offer.terms_hash == operation.terms_hash]
    require(offers, "no such terms are on the table")
    require(any(act.seat in slot.roster(offer.terms) for offer in offers), "the author is not in the roster")
    require(may_vote(slot, act), "the author has voted")
    record.add_vote(operation.slot, act.seat, act.id, vote_for(operation.terms_hash))


def decline(record: Balloted, seen: Balloted, number: int, act: Act) -> None:
    slot = require_slot(seen, number)
    require(any(act.seat in slot.roster(offer.terms) for offer in slot.offers), "the author is not in the roster")
    require(may_vote(slot, act), "the author has voted")
    record.add_vote(number, act.seat, act.id, VOTE_DECLINE)


def lapse(record: Balloted, seen: Balloted, number: int, act: Act) -> None:
    slot = require_slot(seen, number)
    require(any(offer.party == act.seat for offer in slot.offers), "no offer of the author is in the slot")
    require(act.seat not in slot.lapses.values(), "the author's offer has lapsed")
    record.slots[number].lapses[act.id] = act.seat


def sighting(record: Balloted, lapse_entry: bytes, act: Act) -> None:
    """The entry `act` is the first of its chain that sees a lapse. The standing is the caller's to check."""
    for number, slot in enumerate(record.slots):
        if lapse_entry not in slot.lapses:
            continue
        invited = any(act.sees(offer.entry) and act.seat in slot.roster(offer.terms) for offer in slot.offers)
        if invited and may_vote(slot, act):
            record.add_vote(number, act.seat, act.id, VOTE_LAPSE)


def pass_turn(sort: Sort, record: Balloted, seen: Balloted, number: int, act: Act) -> None:
    require(act.seat in sort.base_of(seen), "the author is not in the base")
    require(number < MAX_SLOTS, "too many slots")
    if number < len(record.slots):
        record.slots[number].passes[act.id] = act.seat
    else:
        record.passes_ahead.setdefault(number, {})[act.id] = act.seat


def require_erasable(record, erasable: set[bytes], target: bytes) -> None:
    """Section 12: the entry named is one of those that its author may erase, and was not erased before."""
    if target in record.erased:
        raise Refused("it is erased already")
    require(target in erasable, "it is nothing of the author's that can be erased")


def failed_offers(seen: Balloted, party: bytes) -> set[bytes]:
    return {offer.entry for slot in seen.slots if outcome(slot)[0] == FAILED
            for offer in slot.offers if offer.party == party}

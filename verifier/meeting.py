"""Section 11: the record of a meeting, and its rules."""

from collections.abc import Callable
from dataclasses import dataclass, field

import ballot_rules
import cbor
from ballot import Act, Balloted, in_force, last_is_open, see_ballot
from ballot_rules import BALLOT_KINDS, Sort, failed_offers, require_erasable
from commitment_rules import require_day
from entries import CONVENE, ERASE, SUBJECT_MEETING, MinutesTerms, Operation
from space import Refused, require

MAX_PARTIES, MAX_OUTCOMES, MAX_ITEM, MAX_CONVENED = 200, 256, 9_999, 1_024


@dataclass
class Meeting(Balloted):
    convener: bytes = b""
    invited: tuple[bytes, ...] = ()
    convened: list = field(default_factory=list)       # (entry, day or None as decoded)
    erased: set = field(default_factory=set)

    def encoded(self) -> list:
        return [6, [self.convener, list(self.invited), [[entry, day] for entry, day in self.convened],
                    *self.encoded_ballot(), cbor.set_of(self.erased)]]


def phase(record: Meeting) -> str:
    if in_force(record) is not None:
        return "adopted"
    if not record.slots:
        return "called off" if record.convened[-1][1] is None else "convened"
    return "offered" if last_is_open(record) else "not adopted"


def as_seen(record: Meeting, sees: Callable[[bytes], bool]) -> Meeting:
    """The record without the part of its ballot that an author does not see."""
    seen = Meeting(convener=record.convener, invited=record.invited, convened=record.convened,
                   erased=set(record.erased))
    see_ballot(record, seen, sees)
    return seen


def require_sound(terms: MinutesTerms) -> None:
    require(set(terms.present) <= terms.parties, "somebody present was not invited")
    require(len(terms.outcomes) <= MAX_OUTCOMES, "too many outcomes")
    require(all(item <= MAX_ITEM for item, _ in terms.outcomes), "an item's number is out of bounds")


def require_fitting(record: Meeting, terms: MinutesTerms, act: Act) -> None:
    require(act.sees(record.convened[0][0]), "the author does not see the meeting")
    require(terms.members == record.invited, "the parties are not those that were invited")
    require(all(act.sees(name) for _, name in terms.outcomes), "the author does not see an outcome")


SORT = Sort(MinutesTerms, SUBJECT_MEETING, as_seen, lambda record: False, require_sound, lambda terms, before: None,
            base_of=lambda record: set(record.invited), opens=True, require_fitting=require_fitting)


def found(operation: Operation, act: Act) -> Meeting:
    """convene, object null."""
    require(1 <= len(operation.invited) <= MAX_PARTIES, "nobody is invited, or too many are")
    require(act.seat in operation.invited, "the author is not invited")
    require(operation.day is not None, "there is no day")
    require_day(operation.day)
    return Meeting(convener=act.seat, invited=operation.invited, convened=[(act.id, operation.day)])


def apply(record: Meeting, operation: Operation, act: Act) -> Meeting:
    """The record after one operation. Raises Refused; then the record given is as it was."""
    if operation.kind in BALLOT_KINDS:
        return ballot_rules.apply(SORT, record, operation, act)
    if operation.kind == CONVENE:
        if operation.day is not None:
            require_day(operation.day)
        require(record.convener == act.seat, "the author is not the convener")
        require(record.invited == operation.invited, "other parties are invited")
        require(len(record.convened) < MAX_CONVENED, "too many corrections")
        record.convened.append((act.id, operation.day))
    elif operation.kind == ERASE:
        require_erasable(record, failed_offers(as_seen(record, act.sees), act.seat), operation.target)
        record.erased.add(operation.target)
    else:
        raise Refused("the operation is not about a meeting")
    return record

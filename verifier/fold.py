"""Sections 9, 12 and 13: folding every object of a space, transcripts and notes, and the digest."""

from collections import defaultdict
from dataclasses import dataclass, field

import agreement
import ballot_rules
import cbor
import commitment_rules
import meeting
from agreement import Agreement
from ballot import Act, Balloted
from commitment import Commitment, phase
from entries import (ACCEPT, ACK, ADMIT, ATTACH, COMMENT, CONVENE, DECLINE, ENROL, ERASE, GENESIS, LAPSE, LEAVE, OFFER, PASS,
                     REVOKE, SUBJECT_SPACE, TRANSCRIBE, AgreementTerms, MinutesTerms, Operation,
                     SpaceTerms)
from graph import Graph, Stored
from keys import H
from meeting import Meeting
from space import VOID, Refused, SpaceRecord, require
from space_rules import fold_space

MAX_VERSIONS = 1_024


# ---------------------------------------------------------------- 7: the object of an operation

def object_of(stored: Stored, space: bytes) -> bytes | None:
    """The object into whose record the entry is folded; None for an ack and for what does not decode."""
    operation = stored.operation
    if operation is None or operation.kind == ACK:
        return None
    kind = operation.kind
    if kind in (GENESIS, ADMIT, ENROL, REVOKE, LEAVE):
        return space
    if kind == OFFER and isinstance(operation.terms, SpaceTerms):
        return space
    if kind in (ACCEPT, DECLINE, LAPSE, PASS) and operation.subject == SUBJECT_SPACE:
        return space
    if kind in (ATTACH, COMMENT):
        return stored.id
    if kind in (OFFER, TRANSCRIBE, CONVENE) and operation.object is None:
        return stored.id
    return operation.object


# ---------------------------------------------------------------- 12: transcripts and notes

@dataclass
class Transcript:
    author: bytes
    versions: list[bytes]
    erased: set[bytes] = field(default_factory=set)

    def encoded(self) -> list:
        return [3, [self.author, self.versions, cbor.set_of(self.erased)]]


@dataclass
class Note:
    id: bytes
    about: bytes
    author: bytes
    evidence: bool
    erased: bool = False

    def encoded(self) -> list:
        return [4, [self.about, self.author, self.evidence, self.erased]]


def apply_to_transcript(record: Transcript, operation: Operation, act: Act) -> None:
    require(record.author == act.seat, "the author is another party")
    if operation.kind == TRANSCRIBE:
        require(len(record.versions) < MAX_VERSIONS, "too many versions")
        record.versions.append(act.id)
    elif operation.kind == ERASE:
        require(operation.target in record.versions, "it is no version of the transcript")
        require(operation.target not in record.erased, "it is erased already")
        record.erased.add(operation.target)
    else:
        raise Refused("the operation is not about a transcript")


def apply_to_note(record: Note, operation: Operation, act: Act) -> None:
    require(operation.kind == ERASE, "the operation is not about a note")
    require(record.author == act.seat, "the author is another party")
    require(operation.target == record.id, "it is not the note itself")
    require(not record.erased, "it is erased already")
    record.erased = True


# ---------------------------------------------------------------- 9: folding

Record = SpaceRecord | Commitment | Transcript | Note | Agreement | Meeting


@dataclass
class Folded:
    """What the entries of a space come to."""
    space: SpaceRecord
    records: dict[bytes, Record]        # by object id
    refused: dict[bytes, str]           # entry id: reason
    unreadable: dict[bytes, str]        # entries of unknown kinds or whose effect does not decode: reason

    @property
    def without_effect(self) -> dict[bytes, str]:
        """All entries that are stored and change nothing, acks apart."""
        return self.refused | self.unreadable

    def digest(self) -> bytes:
        leaves = {name: H("peygir/leaf/0", name, cbor.encode(record.encoded()))
                  for name, record in self.records.items()}
        return digest_of(leaves)

    def meeting_phases(self) -> dict[bytes, str]:
        return {name: meeting.phase(record) for name, record in self.records.items()
                if isinstance(record, Meeting)}

    def agreement_phases(self) -> dict[bytes, str]:
        return {name: agreement.phase(record) for name, record in self.records.items()
                if isinstance(record, Agreement)}

    def phases(self) -> dict[bytes, str]:
        return {name: phase(record) for name, record in self.records.items()
                if isinstance(record, Commitment)}


def fold(graph: Graph) -> Folded:
    entries_of: dict[bytes, list[Stored]] = defaultdict(list)
    in_order = graph.in_fold_order()
    for stored in in_order:
        name = object_of(stored, graph.space)
        if name is not None:
            entries_of[name].append(stored)
    space, refused = fold_space(graph, entries_of.pop(graph.space, []))
    records: dict[bytes, Record] = {}
    if space.id is not None:
        records[graph.space] = space
    seen_first = sightings(graph, in_order)
    for name, entries in entries_of.items():
        record = fold_object(graph, space, entries, seen_first, refused)
        if record is not None:
            records[name] = record
    unreadable = {stored.id: stored.undecoded for stored in in_order if stored.operation is None}
    return Folded(space, records, refused, unreadable)


def sightings(graph: Graph, in_order: list[Stored]) -> dict[bytes, list[Stored]]:
    """For each lapse, the first entry of every chain that sees it."""
    found = {}
    for lapse in in_order:
        if lapse.operation is None or lapse.operation.kind != LAPSE:
            continue
        bit = 1 << lapse.index
        found[lapse.id] = [
            one for one in in_order
            if one is not lapse and one.past & bit
            and (one.entry.prev is None or not graph.by_id[one.entry.prev].past & bit)
        ]
    return found


def fold_object(graph: Graph, space: SpaceRecord, entries: list[Stored], seen_first: dict, refused: dict):
    """The record of one object other than the space, or None if it has none."""
    # A sighting stands at the place of the entry that sees, before that entry's own operation.
    steps = [(stored.order, 1, stored, None) for stored in entries]
    for lapse in entries:
        for stored in seen_first.get(lapse.id, []):
            steps.append((stored.order, 0, stored, lapse))
    steps.sort(key=lambda step: step[:2])

    record: Record | None = None
    for _, _, stored, lapse in steps:
        act = act_of(graph, stored)
        if lapse is not None:
            if isinstance(record, Balloted) and space.standing(stored)[0] != VOID:
                ballot_rules.sighting(record, lapse.id, act)
            continue
        try:
            space.require_standing(stored)
            record = apply(graph, record, stored, act)
        except Refused as reason:
            refused[stored.id] = str(reason)
    return record


def act_of(graph: Graph, stored: Stored) -> Act:
    return Act(stored.id, stored.seat, stored.entry.content_hash, lambda name: graph.sees(stored, name))


def apply(graph: Graph, record: Record | None, stored: Stored, act: Act) -> Record:
    """The record after one operation. Raises Refused."""
    operation = stored.operation
    if record is None:
        return found(graph, stored, act)
    if isinstance(record, Commitment):
        return commitment_rules.apply(record, operation, act)
    if isinstance(record, Agreement):
        return agreement.apply(record, operation, act)
    if isinstance(record, Meeting):
        return meeting.apply(record, operation, act)
    if isinstance(record, Transcript):
        apply_to_transcript(record, operation, act)
    else:
        apply_to_note(record, operation, act)
    return record


def found(graph: Graph, stored: Stored, act: Act) -> Record:
    """An operation that founds its object."""
    operation = stored.operation
    require(object_of(stored, graph.space) == stored.id, "there is no such object")
    if operation.kind == OFFER:
        require(not isinstance(operation.terms, MinutesTerms), "minutes are of a meeting that is there")
        if isinstance(operation.terms, AgreementTerms):
            return agreement.found(operation, act)
        return commitment_rules.found(operation, act)
    if operation.kind == CONVENE:
        return meeting.found(operation, act)
    if operation.kind == TRANSCRIBE:
        return Transcript(act.seat, [act.id])
    # attach and comment
    require(stored.entry.content is not None, "it has no content")
    require(graph.sees(stored, operation.target), "the author does not see what it is about")
    return Note(act.id, operation.target, act.seat, operation.kind == ATTACH)


# ---------------------------------------------------------------- 13: the digest

def digest_of(leaves: dict[bytes, bytes], level: int = 0) -> bytes:
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return next(iter(leaves.values()))
    parts: list[dict[bytes, bytes]] = [{} for _ in range(16)]
    for name, leaf in leaves.items():
        parts[int(name.hex()[level], 16)][name] = leaf
    return H("peygir/tree/0", *[digest_of(part, level + 1) for part in parts])

"""Sections 4.1, 5 and 7: the bytes of an entry, of its effect and of a content."""

from dataclasses import dataclass, field

import cbor
from cbor import DecodeError
from identity import IdentityLog, Introduction, read_introduction, read_log, read_signatures
from keys import H, ZERO, key_id, signature_holds, terms_hash

MAX_ENTRY = 67_584
MAX_EFFECT = 65_536
MAX_CONTENT = 268_435_456
MAX_FIELDS, MAX_FIELDS_BYTES = 4_096, 1_048_576
SALT = 16
# The salt, and the fields with one byte more, which shows that they are too long.
MAX_CONTENT_HEAD = SALT + MAX_FIELDS_BYTES + 1
MAX_DEPS = 16

ENTRY_PREFIX = bytes.fromhex("d28443a10127a0")

GENESIS, ADMIT, ENROL, REVOKE, LEAVE, ACK = 1, 2, 3, 4, 5, 6
OFFER, ACCEPT, DECLINE, COUNTER, LAPSE, PASS = 16, 17, 18, 19, 20, 21
SATISFY, REPORT, CONFIRM, DISPUTE, RELEASE, CANCEL = 32, 33, 34, 35, 36, 37
ATTACH, ERASE, TRANSCRIBE, COMMENT = 48, 49, 50, 51
WITHDRAW, CONVENE = 64, 65

# kind: (word, limit of the effect)
KINDS = {
    GENESIS: ("genesis", 16_384), ADMIT: ("admit", 16_384), ENROL: ("enrol", 16_384), REVOKE: ("revoke", 16_384),
    LEAVE: ("leave", 64), ACK: ("ack", 256),
    OFFER: ("offer", 32_768), ACCEPT: ("accept", 256), DECLINE: ("decline", 256), COUNTER: ("counter", 32_768),
    LAPSE: ("lapse", 256), PASS: ("pass", 256),
    SATISFY: ("satisfy", 256), REPORT: ("report", 256), CONFIRM: ("confirm", 256), DISPUTE: ("dispute", 256),
    RELEASE: ("release", 256), CANCEL: ("cancel", 256),
    ATTACH: ("attach", 256), ERASE: ("erase", 256), TRANSCRIBE: ("transcribe", 256), COMMENT: ("comment", 256),
    WITHDRAW: ("withdraw", 256), CONVENE: ("convene", 16_384),
}

SUBJECT_COMMITMENT, SUBJECT_SPACE, SUBJECT_AGREEMENT, SUBJECT_MEETING = 1, 2, 3, 4
SUBJECTS = (SUBJECT_COMMITMENT, SUBJECT_SPACE, SUBJECT_AGREEMENT, SUBJECT_MEETING)
NEW, AMEND, RESCHEDULE, DELEGATE, ASSIGN, MUTUAL_END = range(6)
CLOSURE_ALL, CLOSURE_ANY, CLOSURE_LEAD = range(3)


# ---------------------------------------------------------------- terms (7)

@dataclass(frozen=True)
class CommitmentTerms:
    tag: int
    debtor: bytes
    creditors: tuple[bytes, ...]
    closure: int
    due_day: int
    due_zone: str
    condition: tuple | None      # (1, commitment) or (2, number)
    clause: tuple | None         # (hash, number)
    reply_by: int | None
    raw: list = field(compare=False, repr=False)

    @property
    def parties(self) -> set[bytes]:
        return {self.debtor, *self.creditors}

    def hash(self, content_hash: bytes | None) -> bytes:
        return terms_hash(cbor.encode([1, self.raw]), content_hash)


# The tags of an agreement: new and amend are those of a commitment.
TERMINATE = 2
NEVER, NOTICE, CONSENT = range(3)


@dataclass(frozen=True)
class AgreementTerms:
    tag: int
    members: tuple[bytes, ...]
    clauses: tuple[int, ...]
    withdrawal: tuple            # (NEVER,), (NOTICE, days) or (CONSENT,)
    reply_by: int | None
    raw: list = field(compare=False, repr=False)

    @property
    def parties(self) -> set[bytes]:
        return set(self.members)

    def hash(self, content_hash: bytes | None) -> bytes:
        return terms_hash(cbor.encode([3, self.raw]), content_hash)


@dataclass(frozen=True)
class MinutesTerms:
    members: tuple[bytes, ...]
    present: tuple[bytes, ...]
    outcomes: tuple[tuple[int, bytes], ...]     # (agenda item, object)
    reply_by: int | None
    raw: list = field(compare=False, repr=False)

    @property
    def parties(self) -> set[bytes]:
        return set(self.members)

    def hash(self, content_hash: bytes | None) -> bytes:
        return terms_hash(cbor.encode([4, self.raw]), content_hash)


TERMS_ADMIT, TERMS_EXPEL, TERMS_SUCCEED, TERMS_LEVEL = 1, 2, 3, 4


@dataclass(frozen=True)
class SpaceTerms:
    what: int
    voters: tuple[bytes, ...]
    seat: bytes | None                 # expel; succeed: that of the introduction
    introduction: Introduction | None  # admit, succeed
    level: int | None
    raw: list = field(compare=False, repr=False)

    def hash(self, content_hash: bytes | None) -> bytes:
        return terms_hash(cbor.encode([2, self.raw]), content_hash)


def read_commitment_terms(value) -> CommitmentTerms:
    tag, debtor, creditors, closure, due, condition, clause, reply_by = cbor.array(value, 8, "CommitmentTerms")
    day, zone = cbor.array(due, 2, "Due")
    return CommitmentTerms(
        tag=cbor.choice(tag, range(6), "tag"),
        debtor=cbor.hash32(debtor, "debtor"),
        creditors=tuple(cbor.hash_list(creditors, "creditors")),
        closure=cbor.choice(closure, range(3), "closure"),
        due_day=cbor.int_within(day, 32, "day"),
        due_zone=cbor.text(zone, "zone"),
        condition=cbor.optional(condition, read_condition),
        clause=cbor.optional(clause, read_clause),
        reply_by=cbor.optional(reply_by, cbor.int_within, 32, "reply_by"),
        raw=value,
    )


def read_condition(value) -> tuple:
    kind, what = cbor.array(value, 2, "Condition")
    cbor.choice(kind, (1, 2), "Condition")
    return kind, cbor.hash32(what) if kind == 1 else cbor.uint(what)


def read_clause(value) -> tuple:
    source, number = cbor.array(value, 2, "clause")
    return cbor.hash32(source), cbor.uint(number)


def read_space_terms(value) -> SpaceTerms:
    items = cbor.array(value, None, "SpaceTerms")
    if not items:
        raise DecodeError("SpaceTerms: empty")
    what = cbor.choice(items[0], (1, 2, 3, 4), "SpaceTerms")
    cbor.array(items, {TERMS_ADMIT: 3, TERMS_EXPEL: 3, TERMS_SUCCEED: 3, TERMS_LEVEL: 3}[what], "SpaceTerms")
    voters = tuple(cbor.hash_set(items[1], "voters"))
    seat = introduction = level = None
    if what == TERMS_EXPEL:
        seat = cbor.hash32(items[2], "seat")
    if what in (TERMS_ADMIT, TERMS_SUCCEED):
        introduction = read_introduction(items[2])
    if what == TERMS_SUCCEED:
        seat = introduction.seat
    if what == TERMS_LEVEL:
        level = cbor.uint(items[2], "level")
    return SpaceTerms(what, voters, seat, introduction, level, value)


def read_agreement_terms(value) -> AgreementTerms:
    tag, parties, clauses, withdrawal, reply_by = cbor.array(value, 5, "AgreementTerms")
    return AgreementTerms(
        tag=cbor.choice(tag, range(3), "tag"),
        members=tuple(cbor.hash_set(parties, "parties")),
        clauses=tuple(cbor.uint_set(clauses, "clauses")),
        withdrawal=read_withdrawal(withdrawal),
        reply_by=cbor.optional(reply_by, cbor.int_within, 32, "reply_by"),
        raw=value,
    )


def read_withdrawal(value) -> tuple:
    items = cbor.array(value, None, "Withdrawal")
    if not items:
        raise DecodeError("Withdrawal: empty")
    how = cbor.choice(items[0], range(3), "Withdrawal")
    cbor.array(items, 2 if how == NOTICE else 1, "Withdrawal")
    return (how, cbor.uint(items[1], "days")) if how == NOTICE else (how,)


def read_minutes_terms(value) -> MinutesTerms:
    parties, present, outcomes, reply_by = cbor.array(value, 4, "MinutesTerms")
    read = [cbor.array(outcome, 2, "outcome") for outcome in cbor.array(outcomes, None, "outcomes")]
    read = [(cbor.uint(item, "item"), cbor.hash32(name, "object")) for item, name in read]
    return MinutesTerms(
        members=tuple(cbor.hash_set(parties, "parties")),
        present=tuple(cbor.hash_set(present, "present")),
        outcomes=tuple(cbor.ascending(read, "outcomes")),
        reply_by=cbor.optional(reply_by, cbor.int_within, 32, "reply_by"),
        raw=value,
    )


def read_day(value) -> list:
    """A Due, as decoded."""
    day, zone = cbor.array(value, 2, "Due")
    return [cbor.int_within(day, 32, "day"), cbor.text(zone, "zone")]


def read_terms(value) -> CommitmentTerms | SpaceTerms | AgreementTerms | MinutesTerms:
    kind, terms = cbor.array(value, 2, "Terms")
    readers = {1: read_commitment_terms, 2: read_space_terms, 3: read_agreement_terms, 4: read_minutes_terms}
    return readers[cbor.choice(kind, tuple(readers), "Terms")](terms)


# ---------------------------------------------------------------- effects (7)

@dataclass(frozen=True)
class Operation:
    """A decoded effect. Which fields are set depends on the kind; the table in `read_effect` says which."""
    kind: int
    object: bytes | None = None
    subject: int | None = None
    slot: int | None = None
    terms: CommitmentTerms | SpaceTerms | AgreementTerms | MinutesTerms | None = None
    terms_hash: bytes | None = None
    target: bytes | None = None            # report entry, erased entry, entry spoken about, revoked key id
    number: int | None = None              # condition, level of an ack
    cut: int | None = None
    seat: bytes | None = None
    rules: tuple | None = None             # ((num, den), (num, den)): admit, expel
    introduction: Introduction | None = None
    log: IdentityLog | None = None
    signatures: tuple = ()
    invited: tuple[bytes, ...] = ()
    day: list | None = None                # of a meeting

    @property
    def word(self) -> str:
        return KINDS[self.kind][0]

    @property
    def carried_introduction(self) -> Introduction | None:
        """4.2, 2: the introduction in genesis, admit, enrol, and in offers of Admit and Succeed."""
        if self.introduction is not None:
            return self.introduction
        if self.kind == OFFER and isinstance(self.terms, SpaceTerms):
            return self.terms.introduction
        return None


def read_quorum(value) -> tuple[int, int]:
    numerator, denominator = cbor.array(value, 2, "Quorum")
    return cbor.uint(numerator), cbor.uint(denominator)


def read_effect(kind: int, effect: bytes) -> Operation:
    """The operation of a known kind. Raises if the kind is unknown or the effect does not decode."""
    if kind not in KINDS:
        raise DecodeError("an unknown kind")
    word, limit = KINDS[kind]
    if len(effect) > limit:
        raise DecodeError(f"{word}: the effect is longer than {limit}")
    value = cbor.decode(effect)

    def items(size: int) -> list:
        return cbor.array(value, size, word)

    if kind == GENESIS:
        nonce, rules, founder = items(3)
        cbor.uint(nonce, "nonce")
        admit, expel = cbor.array(rules, 2, "Rules")
        return Operation(kind, rules=(read_quorum(admit), read_quorum(expel)), introduction=read_introduction(founder))
    if kind in (ADMIT, ENROL):
        return Operation(kind, introduction=read_introduction(items(1)[0]))
    if kind == REVOKE:
        seat, log, key, cut, signatures = items(5)
        return Operation(kind, seat=cbor.hash32(seat), log=read_log(log), target=cbor.hash32(key),
                         cut=cbor.optional(cut, cbor.uint), signatures=read_signatures(signatures))
    if kind == LEAVE:
        items(0)
        return Operation(kind)
    if kind == ACK:
        digest, level = items(2)
        return Operation(kind, target=cbor.optional(digest, cbor.hash32), number=cbor.uint(level))
    if kind == OFFER:
        object_id, slot, terms = items(3)
        return Operation(kind, object=cbor.optional(object_id, cbor.hash32), slot=cbor.uint(slot),
                         terms=read_terms(terms))
    if kind == ACCEPT:
        subject, object_id, slot, accepted = items(4)
        return Operation(kind, subject=cbor.choice(subject, SUBJECTS, "subject"), object=cbor.hash32(object_id),
                         slot=cbor.uint(slot), terms_hash=cbor.hash32(accepted))
    if kind == DECLINE:
        subject, object_id, slot = items(3)
        return Operation(kind, subject=cbor.choice(subject, SUBJECTS, "subject"), object=cbor.hash32(object_id),
                         slot=cbor.uint(slot))
    if kind == COUNTER:
        object_id, slot, terms = items(3)
        return Operation(kind, object=cbor.hash32(object_id), slot=cbor.uint(slot), terms=read_terms(terms))
    if kind in (LAPSE, PASS):
        subject, object_id, slot = items(3)
        return Operation(kind, subject=cbor.choice(subject, SUBJECTS, "subject"), object=cbor.hash32(object_id),
                         slot=cbor.uint(slot))
    if kind == SATISFY:
        object_id, number = items(2)
        return Operation(kind, object=cbor.hash32(object_id), number=cbor.uint(number))
    if kind == REPORT:
        object_id, reported = items(2)
        return Operation(kind, object=cbor.hash32(object_id), terms_hash=cbor.hash32(reported))
    if kind in (CONFIRM, DISPUTE, ERASE):
        object_id, target = items(2)
        return Operation(kind, object=cbor.hash32(object_id), target=cbor.hash32(target))
    if kind in (RELEASE, CANCEL, WITHDRAW):
        return Operation(kind, object=cbor.hash32(items(1)[0]))
    if kind == CONVENE:
        object_id, invited, day = items(3)
        return Operation(kind, object=cbor.optional(object_id, cbor.hash32),
                         invited=tuple(cbor.hash_set(invited, "invited")), day=cbor.optional(day, read_day))
    if kind == TRANSCRIBE:
        return Operation(kind, object=cbor.optional(items(1)[0], cbor.hash32))
    # attach, comment
    return Operation(kind, target=cbor.hash32(items(1)[0]))


# ---------------------------------------------------------------- entries (4.1)

@dataclass(frozen=True)
class Entry:
    raw: bytes
    header_bytes: bytes
    signature: bytes
    id: bytes
    space: bytes
    key: bytes
    seq: int
    prev: bytes | None
    deps: tuple[bytes, ...]
    time_ms: int
    kind: int
    effect: bytes
    content: tuple[bytes, int] | None   # (hash, length)

    @property
    def content_hash(self) -> bytes | None:
        return None if self.content is None else self.content[0]

    @property
    def space_id(self) -> bytes:
        """The space the entry belongs to: a genesis founds its own."""
        return self.id if self.space == ZERO else self.space

    def signed_by(self, pubkey: bytes) -> bool:
        message = cbor.encode(["Signature1", bytes.fromhex("a10127"), b"peygir/entry/0", self.header_bytes])
        return key_id(pubkey) == self.key and signature_holds(pubkey, message, self.signature)


def read_entry(raw: bytes) -> Entry:
    if len(raw) > MAX_ENTRY:
        raise DecodeError(f"entry: longer than {MAX_ENTRY}")
    if raw[:len(ENTRY_PREFIX)] != ENTRY_PREFIX:
        raise DecodeError("entry: does not begin as a COSE_Sign1 of the one shape")
    header_bytes, at = cbor.decode_first(raw, len(ENTRY_PREFIX))
    signature, at = cbor.decode_first(raw, at)
    cbor.byte_string(header_bytes, None, "header")
    cbor.signature(signature, "signature")
    if at != len(raw):
        raise DecodeError("entry: bytes remain")

    version, space, key, seq, prev, deps, time_ms, kind, effect, content = cbor.array(
        cbor.decode(header_bytes), 10, "Header")
    if cbor.uint(version, "version") != 0:
        raise DecodeError("Header: not version 0")
    entry = Entry(
        raw=raw, header_bytes=header_bytes, signature=signature, id=H("peygir/id/0", header_bytes),
        space=cbor.hash32(space, "space"), key=cbor.hash32(key, "key"), seq=cbor.uint(seq, "seq"),
        prev=cbor.optional(prev, cbor.hash32), deps=tuple(cbor.hash_set(deps, "deps")),
        time_ms=cbor.uint(time_ms, "time_ms"), kind=cbor.uint(kind, "kind"),
        effect=cbor.byte_string(effect, None, "effect"), content=cbor.optional(content, read_content_ref),
    )
    if (entry.prev is None) != (entry.seq == 0):
        raise DecodeError("Header: prev is null exactly when seq is 0")
    if len(entry.deps) > MAX_DEPS or entry.prev in entry.deps:
        raise DecodeError("Header: too many deps, or prev among them")
    if len(entry.effect) > MAX_EFFECT:
        raise DecodeError("Header: the effect is too long")
    return entry


def read_content_ref(value) -> tuple[bytes, int]:
    content, length = cbor.array(value, 2, "ContentRef")
    if cbor.uint(length, "len") > MAX_CONTENT:
        raise DecodeError("ContentRef: the content is too long")
    return cbor.hash32(content), length


# ---------------------------------------------------------------- contents (5)

def read_content_fields(beginning: bytes) -> list[tuple[int, str, str]]:
    """The fields of a content, of which `beginning` is the first MAX_CONTENT_HEAD bytes or all.

    No rule reads them; a content that is shaped otherwise is only worth a remark.
    """
    if len(beginning) < SALT:
        raise DecodeError("content: no salt")
    value, end = cbor.decode_first(beginning, SALT)
    items = cbor.array(value, None, "fields")
    if len(items) > MAX_FIELDS or end - SALT > MAX_FIELDS_BYTES:
        raise DecodeError("content: too many fields")
    fields = []
    for item in items:
        tag, language, words = cbor.array(item, 3, "field")
        fields.append((cbor.uint(tag), cbor.text(language), cbor.text(words)))
    return fields

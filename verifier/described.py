"""Section 7 with names: effects and frames as the vectors write them, from the decoded CBOR alone."""

import cbor
from entries import (ACCEPT, ACK, ADMIT, ATTACH, CANCEL, COMMENT, CONFIRM, CONVENE, COUNTER, DECLINE, DISPUTE, ENROL, ERASE,
                     GENESIS, LAPSE, LEAVE, OFFER, PASS, RELEASE, REPORT, REVOKE, SATISFY, TRANSCRIBE, WITHDRAW)

TAGS = ("new", "amend", "reschedule", "delegate", "assign", "mutual end")
CLOSURES = ("all", "any", "lead")
BALLOTS = {1: "admit", 2: "expel", 3: "succeed", 4: "level"}
SUBJECTS = {1: "commitment", 2: "space", 3: "agreement", 4: "meeting"}
AGREEMENT_TAGS = ("new", "amend", "terminate")
WITHDRAWALS = ("never", "notice", "consent")

# The names of what an effect holds, in its order. Those with a reader of their own are below.
NAMES = {
    GENESIS: ("nonce", "rules", "founder"), ADMIT: ("introduction",), ENROL: ("introduction",),
    REVOKE: ("seat", "identity", "key", "cut", "signatures"), LEAVE: (), ACK: ("digest", "level"),
    OFFER: ("object", "slot", "terms"), ACCEPT: ("subject", "object", "slot", "terms"),
    DECLINE: ("subject", "object", "slot"), COUNTER: ("object", "slot", "terms"), LAPSE: ("subject", "object", "slot"),
    PASS: ("subject", "object", "slot"), SATISFY: ("object", "condition"), REPORT: ("object", "terms"),
    CONFIRM: ("object", "report"), DISPUTE: ("object", "report"), RELEASE: ("object",), CANCEL: ("object",),
    ATTACH: ("about",), ERASE: ("object", "entry"), TRANSCRIBE: ("object",), COMMENT: ("about",),
    WITHDRAW: ("object",), CONVENE: ("object", "invited", "day"),
}


def plain(value):
    """Bytes as hex, in whatever they stand."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def effect(kind: int, data: bytes) -> dict:
    """The effect of an entry whose operation has been read without complaint."""
    fields = dict(zip(NAMES[kind], cbor.decode(data), strict=True))
    if "rules" in fields:
        for name, (numerator, denominator) in zip(("admit", "expel"), fields.pop("rules")):
            fields[name] = {"numerator": numerator, "denominator": denominator}
    for name in ("founder", "introduction"):
        if name in fields:
            fields[name] = introduction(fields[name])
    if "identity" in fields:
        fields["identity"] = revisions(fields["identity"])
    if "signatures" in fields:
        fields["signatures"] = signatures(fields["signatures"])
    if "subject" in fields:
        fields["subject"] = SUBJECTS[fields["subject"]]
    if kind == CONVENE and fields["day"] is not None:
        fields["day"] = {"day": fields["day"][0], "zone": fields["day"][1]}
    if kind in (OFFER, COUNTER):
        which, inner = fields["terms"]
        fields["terms"] = {1: commitment_terms, 2: space_terms, 3: agreement_terms, 4: minutes_terms}[which](inner)
    return plain(fields)


def commitment_terms(value: list) -> dict:
    tag, debtor, creditors, closure, (day, zone), condition, clause, reply_by = value
    if condition is not None:
        condition = {("commitment", "number")[condition[0] - 1]: condition[1]}
    if clause is not None:
        clause = {"of": clause[0], "number": clause[1]}
    return {"tag": TAGS[tag], "debtor": debtor, "creditors": creditors, "closure": CLOSURES[closure],
            "due": {"day": day, "zone": zone}, "condition": condition, "clause": clause, "reply_by": reply_by}


def agreement_terms(value: list) -> dict:
    tag, parties, clauses, (how, *days), reply_by = value
    return {"tag": AGREEMENT_TAGS[tag], "parties": parties, "clauses": clauses,
            "withdrawal": {"how": WITHDRAWALS[how], "days": days[0] if days else None}, "reply_by": reply_by}


def minutes_terms(value: list) -> dict:
    parties, present, outcomes, reply_by = value
    return {"parties": parties, "present": present,
            "outcomes": [{"item": item, "object": name} for item, name in outcomes], "reply_by": reply_by}


def space_terms(value: list) -> dict:
    what, voters, *rest = value
    fields = {"ballot": BALLOTS[what], "voters": voters}
    if what == 2:
        fields["seat"] = rest[0]
    if what in (1, 3):
        fields["introduction"] = introduction(rest[0])
    if what == 4:
        fields["level"] = rest[0]
    return fields


def introduction(value: list) -> dict:
    log, seat, key, node, signed = value
    return {"identity": revisions(log), "seat": seat, "key": key, "node": node, "signatures": signatures(signed)}


def revisions(log: list) -> list[dict]:
    return [{"number": number, "prev": prev, "guardians": key_set(guardians), "next": following,
             "recovery": None if recovery is None else key_set(recovery), "signatures": signatures(signed)}
            for (number, prev, guardians, following), recovery, signed in log]


def key_set(value: list) -> dict:
    return {"keys": value[0], "threshold": value[1]}


def signatures(value: list) -> list[dict]:
    return [{"key": key, "sig": sig} for key, sig in value]

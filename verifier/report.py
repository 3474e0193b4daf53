"""What a bundle comes to, as plain values and as lines for people."""

from bundle import Bundle
from agreement import Agreement
from ballot import Balloted, Offered, Slot, in_force, outcome, vote_for
from commitment import Commitment
from meeting import Meeting
from fold import fold


def report_of(bundle: Bundle) -> dict:
    """Everything that is printed, as plain values."""
    result: dict = {
        "verifies": not bundle.problems,
        "problems": bundle.problems,
        "remarks": bundle.remarks,
        "entries_in_file": bundle.read,
    }
    if bundle.graph is None or not bundle.graph.entries:
        return result
    graph, folded = bundle.graph, fold(bundle.graph)
    in_order = graph.in_fold_order()
    named = {stored.entry.content_hash for stored in in_order if stored.entry.content is not None}
    return result | {
        "space": graph.space.hex(),
        "level": folded.space.level,
        "entries": len(graph.entries),
        "contents_named": len(named),
        "contents": len(bundle.contents),
        "proofs": [{
            "key": proof.one.key.hex(), "seq": proof.one.seq, "entries": [proof.one.id.hex(), proof.two.id.hex()],
        } for proof in bundle.proofs],
        "parties": [{
            "party": party.hex(),
            "founder": party == folded.space.founder,
            "revisions": len(seat.identity),
            "endings": len(seat.ended),
        } for party, seat in sorted(folded.space.seats.items())],
        "keys": [{
            "key": name.hex(),
            "seat": key.seat.hex(),
            "retired": bool(key.retired_by),
            "revoked": bool(key.revoked),
            "ended": bool(key.ended),
            "forked_at": key.forked_at,
        } for name, key in sorted(folded.space.keys.items())],
        "refused": [{
            "entry": stored.id.hex(), "operation": stored.operation.word, "reason": folded.refused[stored.id],
        } for stored in in_order if stored.id in folded.refused],
        "unreadable": [{
            "entry": stored.id.hex(), "kind": stored.entry.kind, "reason": stored.undecoded,
        } for stored in in_order if stored.operation is None],
        "forks": [{
            "key": key.hex(), "seq": group[0].entry.seq, "entries": sorted(stored.id.hex() for stored in group),
        } for key, groups in sorted(graph.forks().items()) for group in groups],
        "agreements": [ballot_report("agreement", name, record, folded.agreement_phases()[name])
                       for name, record in sorted(folded.records.items()) if isinstance(record, Agreement)],
        "meetings": [ballot_report("meeting", name, record, folded.meeting_phases()[name])
                     for name, record in sorted(folded.records.items()) if isinstance(record, Meeting)],
        "commitments": [ballot_report("commitment", name, record, folded.phases()[name])
                        for name, record in sorted(folded.records.items()) if isinstance(record, Commitment)],
        "objects": len(folded.records),
        "digest": folded.digest().hex(),
    }


def ballot_report(what: str, name: bytes, record: Balloted, phase: str) -> dict:
    """An object with all terms that were on its table, the last in force among them if there are any."""
    force = in_force(record)
    return {
        what: name.hex(),
        "phase": phase,
        "in_force": None if force is None else {"slot": force[0], "terms": force[1].terms_hash.hex()},
        "terms": [{"slot": number, "outcome": outcome(slot)[0]} | terms_report(slot, offer)
                  for number, slot in enumerate(record.slots) for offer in slot.offers],
    }


def terms_report(slot: Slot, offer: Offered) -> dict:
    """Who of the roster signed these terms, by which entries, and who did not."""
    wanted = vote_for(offer.terms_hash)
    signed = {party: sorted(entry.hex() for entry, vote in slot.votes.get(party, {}).items() if vote == wanted)
              for party in sorted(slot.roster(offer.terms))}
    return {
        "terms": offer.terms_hash.hex(),
        "offer": offer.entry.hex(),
        "signed": {party.hex(): entries for party, entries in signed.items() if entries},
        "unsigned": [party.hex() for party, entries in signed.items() if not entries],
    }


# ---------------------------------------------------------------- for people

WIDTH = 18


def lines_of(result: dict) -> list[str]:
    lines: list[str] = []

    def line(word: str, *rest) -> None:
        lines.append(f"{word:{WIDTH}}" + " ".join(str(one) for one in rest if one != ""))

    for problem in result["problems"]:
        line("DOES NOT VERIFY", problem)
    for remark in result["remarks"]:
        line("remark", remark)
    if "digest" not in result:
        return lines
    line("space", result["space"], f"level {result['level']}")
    line("entries", f"{result['entries']} stored of {result['entries_in_file']} in the file")
    line("contents", f"{result['contents']} here of {result['contents_named']} that entries name")
    for party in result["parties"]:
        line("party", party["party"], "founder" * party["founder"], "has left or was expelled" * bool(party["endings"]))
    for key in result["keys"]:
        notes = [word for word in ("retired", "revoked", "ended") if key[word]]
        if key["forked_at"] is not None:
            notes.append(f"forked at {key['forked_at']}")
        line("key", key["key"], "of", key["seat"][:16], ", ".join(notes))
    for fork in result["forks"]:
        line("fork", fork["key"], f"at seq {fork['seq']}:", *fork["entries"])
    for proof in result["proofs"]:
        line("fork proof", proof["key"], f"at seq {proof['seq']}:", *proof["entries"])
    for refused in result["refused"]:
        line("refused", refused["entry"], f"{refused['operation']}: {refused['reason']}")
    for entry in result["unreadable"]:
        line("unreadable", entry["entry"], f"kind {entry['kind']}: {entry['reason']}")
    for what, one in [(what, one) for what in ("agreement", "meeting", "commitment") for one in result[what + "s"]]:
        line(what, one[what], one["phase"])
        for terms in one["terms"]:
            force = one["in_force"] == {"slot": terms["slot"], "terms": terms["terms"]}
            signed, missing = len(terms["signed"]), len(terms["unsigned"])
            line("  terms", terms["terms"], f"slot {terms['slot']} {terms['outcome']},",
                 f"{signed} of {signed + missing} signed" if missing else f"all {signed} signed" + ", in force" * force)
    line("objects", result["objects"])
    line("digest", result["digest"])
    return lines

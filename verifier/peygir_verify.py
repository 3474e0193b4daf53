#!/usr/bin/env python3
"""An independent verifier for the Peygir protocol, written from docs/protocol.md alone.

    peygir_verify.py bundle FILE [--json]
    peygir_verify.py vectors DIR
    peygir_verify.py fork-proof FILE

Exit code 0: everything verifies. 1: something does not. 2: wrong usage, or the file cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path

from bundle import Bundle, read_bundle, read_fork_proof
from cbor import DecodeError
from commitment import Commitment, in_force
from fold import Folded, fold
from keys import key_id


# ---------------------------------------------------------------- what a bundle comes to

def report_of(bundle: Bundle) -> dict:
    """Everything that is printed, as plain values."""
    result = {
        "verifies": not bundle.problems,
        "problems": bundle.problems,
        "remarks": bundle.remarks,
        "entries_in_file": bundle.read,
    }
    if bundle.graph is None or not bundle.graph.entries:
        return result
    graph, folded = bundle.graph, fold(bundle.graph)
    result |= {
        "space": graph.space.hex(),
        "entries": len(graph.entries),
        "entries_with_a_content": sum(1 for stored in graph.entries if stored.entry.content is not None),
        "contents": len(bundle.contents),
        "proofs": len(bundle.proofs),
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
            "entry": stored.id.hex(),
            "operation": stored.operation.word,
            "reason": folded.refused[stored.id],
        } for stored in graph.in_fold_order() if stored.id in folded.refused],
        "without_effect": [{
            "entry": stored.id.hex(),
            "kind": stored.entry.kind,
            "reason": stored.undecoded,
        } for stored in graph.in_fold_order() if stored.operation is None],
        "forks": [{
            "key": key.hex(),
            "seq": group[0].entry.seq,
            "entries": sorted(stored.id.hex() for stored in group),
        } for key, groups in sorted(graph.forks().items()) for group in groups],
        "commitments": [commitment_report(name, record, folded) for name, record in sorted(folded.records.items())
                        if isinstance(record, Commitment)],
        "objects": len(folded.records),
        "digest": folded.digest().hex(),
    }
    return result


def commitment_report(name: bytes, record: Commitment, folded: Folded) -> dict:
    force = in_force(record)
    return {
        "commitment": name.hex(),
        "phase": folded.phases()[name],
        "slots": len(record.slots),
        "terms_in_force": None if force is None else force[1].terms_hash.hex(),
    }


def print_report(result: dict) -> None:
    for problem in result["problems"]:
        print(f"DOES NOT VERIFY  {problem}")
    for remark in result["remarks"]:
        print(f"remark           {remark}")
    if "digest" not in result:
        return
    print(f"space            {result['space']}")
    print(f"entries          {result['entries']} stored of {result['entries_in_file']} in the file")
    print(f"contents         {result['contents']} present; {result['entries_with_a_content']} entries name one")
    print(f"fork proofs      {result['proofs']}")
    print(f"objects          {result['objects']}")
    for party in result["parties"]:
        notes = ["founder"] * party["founder"] + ["has endings"] * bool(party["endings"])
        print(f"party            {party['party']} {', '.join(notes)}".rstrip())
    for key in result["keys"]:
        notes = [word for word in ("retired", "revoked", "ended") if key[word]]
        if key["forked_at"] is not None:
            notes.append(f"forked at {key['forked_at']}")
        print(f"key              {key['key']} of {key['seat'][:8]} {', '.join(notes)}".rstrip())
    for refused in result["refused"]:
        print(f"refused          {refused['entry']} {refused['operation']}: {refused['reason']}")
    for entry in result["without_effect"]:
        print(f"without effect   {entry['entry']} kind {entry['kind']}: {entry['reason']}")
    for fork in result["forks"]:
        print(f"fork             {fork['key']} at seq {fork['seq']}: {' '.join(fork['entries'])}")
    for one in result["commitments"]:
        print(f"commitment       {one['commitment']} {one['phase']}")
    print(f"digest           {result['digest']}")


# ---------------------------------------------------------------- the commands

def command_bundle(path: Path, as_json: bool) -> int:
    result = report_of(read_bundle(path.read_bytes()))
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        print_report(result)
    return 0 if result["verifies"] else 1


def command_fork_proof(path: Path) -> int:
    try:
        proof = read_fork_proof(raw_or_hex(path.read_bytes()))
    except DecodeError as error:
        print(f"DOES NOT VERIFY  {error}")
        return 1
    print(f"key              {key_id(proof.pubkey).hex()}")
    print(f"space            {proof.one.space_id.hex()}")
    print(f"seq              {proof.one.seq}")
    print(f"entries          {proof.one.id.hex()} {proof.two.id.hex()}")
    return 0


def raw_or_hex(data: bytes) -> bytes:
    """A proof is an array of three and begins with the byte 83, which no hexadecimal text does."""
    if data[:1] == b"\x83":
        return data
    try:
        return bytes.fromhex(data.decode("ascii"))
    except ValueError:
        return data


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="peygir_verify.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    of_bundle = commands.add_parser("bundle", help="check a bundle and fold it")
    of_bundle.add_argument("file", type=Path)
    of_bundle.add_argument("--json", action="store_true")
    of_vectors = commands.add_parser("vectors", help="check golden vectors")
    of_vectors.add_argument("directory", type=Path)
    of_proof = commands.add_parser("fork-proof", help="check a fork proof, raw or in hex")
    of_proof.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command == "bundle":
            return command_bundle(options.file, options.json)
        if options.command == "fork-proof":
            return command_fork_proof(options.file)
        from vectors import command_vectors
        return command_vectors(options.directory)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

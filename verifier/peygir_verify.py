#!/usr/bin/env python3
"""An independent verifier for the Peygir protocol, written from docs/protocol.md alone.

    peygir_verify.py bundle FILE [--json]
    peygir_verify.py vectors DIR
    peygir_verify.py fork-proof FILE

Exit code 0: everything verifies. 1: something does not. 2: wrong usage, or a file that cannot be read or is too large.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from bundle import TooLarge, read_bundle
from cbor import DecodeError
from fork_proof import MAX_FORK_PROOF, read_fork_proof
from keys import key_id
from report import lines_of, report_of
from vectors import command_vectors

VERIFIES, DOES_NOT_VERIFY, CANNOT = 0, 1, 2


def command_bundle(path: Path, as_json: bool) -> int:
    with path.open("rb") as stream:
        result = report_of(read_bundle(stream))
    print(json.dumps(result, indent=2) if as_json else "\n".join(lines_of(result)))
    return VERIFIES if result["verifies"] else DOES_NOT_VERIFY


def command_fork_proof(path: Path) -> int:
    with path.open("rb") as stream:
        data = stream.read(2 * MAX_FORK_PROOF + 2)   # in hex it is twice as long
    try:
        proof = read_fork_proof(raw_or_hex(data))
    except DecodeError as error:
        print(f"DOES NOT VERIFY  {error}")
        return DOES_NOT_VERIFY
    print(f"key      {key_id(proof.pubkey).hex()}")
    print(f"space    {proof.one.space_id.hex()}")
    print(f"seq      {proof.one.seq}")
    print(f"entries  {proof.one.id.hex()} {proof.two.id.hex()}")
    return VERIFIES


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
    of_bundle.add_argument("--json", action="store_true", help="print JSON")
    of_vectors = commands.add_parser("vectors", help="check the golden vectors")
    of_vectors.add_argument("directory", type=Path)
    of_proof = commands.add_parser("fork-proof", help="check a fork proof, raw or in hex")
    of_proof.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command == "bundle":
            return command_bundle(options.file, options.json)
        if options.command == "fork-proof":
            return command_fork_proof(options.file)
        return command_vectors(options.directory)
    except BrokenPipeError:
        # Whoever reads the output has had enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT
    except OSError as error:
        print(f"{error.filename or options.command}: {error.strerror or error}", file=sys.stderr)
    except TooLarge as error:
        print(f"{options.file}: {error}", file=sys.stderr)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError) as error:
        print(f"the vectors are not what their README says: {error!r}", file=sys.stderr)
    return CANNOT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The golden vectors: what every implementation must say about the same bytes."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import cbor
import described
from bundle import read_bundle
from cbor import DecodeError
from entries import KINDS, Entry, read_effect, read_entry
from fold import fold
from fork_proof import read_fork_proof
from frames import read_message
from graph import Graph, NotStorable, Waits
from identity import grant_holds, grant_message, read_introduction, read_log, read_set, read_signatures
from keys import H, key_id, sha256, signature_holds

# What a check says of one vector: its name, and what is wrong with it or nothing.
Checked = Iterator[tuple[str, str | None]]


class Wrong(Exception):
    """A vector says something else than this implementation."""


def same(what: str, found, expected) -> None:
    if found != expected:
        raise Wrong(f"{what}: found {found}, the vector says {expected}")


def raises(errors, function: Callable, *arguments) -> bool:
    try:
        function(*arguments)
    except errors:
        return True
    return False


def unhex(value: str) -> bytes:
    return bytes.fromhex(value)


# ---------------------------------------------------------------- entries.json

def check_entry(vector: dict) -> None:
    entry = read_entry(unhex(vector["entry"]))
    same("header", entry.header_bytes.hex(), vector["header"])
    same("id", entry.id.hex(), vector["id"])
    same("public", public_of(vector["seed"]), vector["public"])
    if not entry.signed_by(unhex(vector["public"])):
        raise Wrong("the signature does not verify")
    content = None if entry.content is None else {"hash": entry.content[0], "len": entry.content[1]}
    fields = {name: getattr(entry, name) for name in ("space", "key", "seq", "prev", "deps", "time_ms", "kind", "effect")}
    same("fields", described.plain(fields | {"content": content}), vector["fields"])
    operation = read_effect(entry.kind, entry.effect)
    same("word", operation.word, vector["word"])
    same("effect", described.effect(entry.kind, entry.effect), vector["effect"])
    if vector["content"] is not None:
        same("content hash", sha256(unhex(vector["content"])).hex(), vector["content_hash"])
        same("content reference", entry.content, (unhex(vector["content_hash"]), len(unhex(vector["content"]))))
    if operation.terms is not None:
        same("terms hash", operation.terms.hash(entry.content_hash).hex(), vector["terms_hash"])


def public_of(seed: str) -> str:
    return "01" + Ed25519PrivateKey.from_private_bytes(unhex(seed)).public_key().public_bytes_raw().hex()


def check_odd(vector: dict) -> None:
    entry = read_entry(unhex(vector["entry"]))
    same("id", entry.id.hex(), vector["id"])
    if not entry.signed_by(unhex(vector["public"])):
        raise Wrong("does not verify, and should")


def check_unreadable(vector: dict) -> None:
    if not raises(DecodeError, read_effect, vector["kind"], unhex(vector["effect"])):
        raise Wrong("reads, and should not")


def check_fold_of_entries(vectors: dict) -> None:
    graph = Graph(unhex(vectors["space"]))
    for vector in vectors["entries"]:
        graph.store(read_entry(unhex(vector["entry"])))
    folded = fold(graph)
    same("digest", folded.digest().hex(), vectors["digest"])
    same("without effect", sorted(name.hex() for name in folded.without_effect),
         sorted(item["entry"] for item in vectors["without_effect"]))


def check_key(vector: dict) -> None:
    same("public", public_of(vector["seed"]), vector["public"])
    same("id", key_id(unhex(vector["public"])).hex(), vector["id"])


def entries_json(vectors: dict) -> Checked:
    for party in vectors["parties"]:
        for number, key in enumerate([party["guardian"], party["node"], *party["binding"]]):
            yield f"party {party['name']}, key {number}", outcome_of(check_key, key)
    for vector in vectors["entries"]:
        yield vector["name"], outcome_of(check_entry, vector)
    for vector in vectors["odd_but_valid"]:
        yield vector["name"], outcome_of(check_odd, vector)
    for vector in vectors["unreadable_effects"]:
        yield vector["name"], outcome_of(check_unreadable, vector)
    yield "all entries folded", outcome_of(check_fold_of_entries, vectors)


# ---------------------------------------------------------------- refused-entries.json

def check_refused(vector: dict) -> None:
    raw = unhex(vector["entry"])
    if vector["stage"] == "decode":
        if not raises(DecodeError, read_entry, raw):
            raise Wrong("decodes, and should not")
    elif read_entry(raw).signed_by(unhex(vector["public"])):
        raise Wrong("verifies, and should not")


def check_not_stored(vectors: dict, vector: dict) -> None:
    graph = Graph(unhex(vectors["space"]))
    for raw in vectors["given"]:
        graph.store(read_entry(unhex(raw)))
    expected = {"store": NotStorable, "wait": Waits}[vector["stage"]]
    if not raises(expected, graph.store, read_entry(unhex(vector["entry"]))):
        raise Wrong("is stored, and should not be")


def refused_entries_json(vectors: dict) -> Checked:
    good = vectors["good"]
    entry: Entry = read_entry(unhex(good["entry"]))
    yield good["name"], None if entry.signed_by(unhex(good["public"])) else "does not verify"
    for vector in vectors["refused"]:
        yield vector["name"], outcome_of(check_refused, vector)
    for vector in vectors["not_stored"]["entries"]:
        yield vector["name"], outcome_of(check_not_stored, vectors["not_stored"], vector)


# ---------------------------------------------------------------- identities.json

def check_recovery_set(vector: dict) -> None:
    value = cbor.decode(unhex(vector["set"]))
    read_set(value)
    same("hash", H("peygir/recovery/0", cbor.encode(value)).hex(), vector["hash"])
    same("fields", described.plain(described.key_set(value)), vector["fields"])


def decoded_log(data: str):
    return read_log(cbor.decode(unhex(data)))


def check_log(vector: dict) -> None:
    if not vector["holds"]:
        if not raises(DecodeError, decoded_log, vector["log"]):
            raise Wrong("holds, and should not")
        return
    log = decoded_log(vector["log"])
    same("party", log.party.hex(), vector["party"])
    same("hashes", [one.hex() for one in log.hashes], vector["hashes"])
    same("revisions", described.plain(described.revisions(cbor.decode(unhex(vector["log"])))), vector["revisions"])


def check_rivals(vector: dict) -> None:
    """Two logs that part: whoever signed both of the first different revisions."""
    logs = [cbor.decode(unhex(vector[name])) for name in ("one", "two")]
    for log in logs:
        read_log(log)
    number = next(number for number, (one, two) in enumerate(zip(*logs)) if one[0] != two[0])
    signed = []
    for log in logs:
        revision, _, signatures = log[number]
        message = b"peygir/revision/0" + cbor.encode(revision)
        signed.append({key for key, sig in read_signatures(signatures) if signature_holds(key, message, sig)})
    same("signed both", sorted(key.hex() for key in signed[0] & signed[1]), vector["signed_both"])


def check_grant(vector: dict) -> None:
    log, fields = decoded_log(vector["log"]), vector["fields"]
    if fields["grant"] == "bind":
        rest = [[unhex(fields["space"]), unhex(fields["seat"])], [unhex(fields["key"]), unhex(fields["node"])]]
        message = grant_message(1, log, rest)
    else:
        message = grant_message(2, log, [unhex(fields["space"]), [unhex(fields["key"]), fields["cut"]]])
    signatures = [(unhex(item["key"]), unhex(item["sig"])) for item in vector["signatures"]]
    same("holds", grant_holds(log, message, signatures), vector["holds"])


def check_introduction(vector: dict) -> None:
    introduction = read_introduction(cbor.decode(unhex(vector["introduction"])))
    same("holds", introduction.holds(unhex(vector["space"])), vector["holds"])


def identities_json(vectors: dict) -> Checked:
    for number, vector in enumerate(vectors["keys"]):
        yield f"key {number}", outcome_of(check_key, vector)
    for number, vector in enumerate(vectors["recovery_sets"]):
        yield f"recovery set {number}", outcome_of(check_recovery_set, vector)
    for part, check in (("logs", check_log), ("rivals", check_rivals), ("grants", check_grant),
                        ("introductions", check_introduction)):
        for vector in vectors[part]:
            yield vector["name"], outcome_of(check, vector)


# ---------------------------------------------------------------- fork-proofs.json, frames.json

def check_fork_proof(vector: dict) -> None:
    data = unhex(vector["proof"])
    if not vector["holds"]:
        if not raises(DecodeError, read_fork_proof, data):
            raise Wrong("holds, and should not")
        return
    proof = read_fork_proof(data)
    same("key", proof.pubkey.hex(), vector["key"])
    same("entries", [proof.one.id.hex(), proof.two.id.hex()], vector["entries"])


def fork_proofs_json(vectors: list) -> Checked:
    for vector in vectors:
        yield vector["name"], outcome_of(check_fork_proof, vector)


def check_message(vector: dict) -> None:
    found = [{"frame": word} | described.plain(fields)
             for word, fields in read_message(io.BytesIO(unhex(vector["message"])))]
    same("frames", found, [{name: value for name, value in one.items() if name != "type"} for one in vector["frames"]])


def check_refused_message(vector: dict) -> None:
    if not raises(DecodeError, read_message, io.BytesIO(unhex(vector["message"]))):
        raise Wrong("reads, and should not")


def frames_json(vectors: dict) -> Checked:
    for number, vector in enumerate(vectors["messages"]):
        yield f"message {number}", outcome_of(check_message, vector)
    for vector in vectors["refused"]:
        yield vector["name"], outcome_of(check_refused_message, vector)


# ---------------------------------------------------------------- spaces.json

def check_space(directory: Path, vector: dict) -> None:
    data = (directory / vector["file"]).read_bytes()
    same("sha256", sha256(data).hex(), vector["sha256"])
    bundle = read_bundle(io.BytesIO(data))
    same("problems", bundle.problems, [])
    folded = fold(bundle.graph)
    same("space", bundle.graph.space.hex(), vector["space"])
    same("entries, contents, proofs", (len(bundle.graph.entries), bundle.carried, len(bundle.proofs)),
         (vector["entries"], vector["contents"], vector["proofs"]))
    kinds = Counter(KINDS[one.entry.kind][0] if one.entry.kind in KINDS else "future" for one in bundle.graph.entries)
    same("kinds", dict(sorted(kinds.items())), vector["kinds"])
    space = folded.space
    same("parties, keys, forked, revoked, ballots",
         (len(space.seats), len(space.keys), sum(1 for key in space.keys.values() if key.forked_at is not None),
          sum(1 for key in space.keys.values() if key.revoked), len(space.ballots)),
         tuple(vector[name] for name in ("parties", "keys", "keys_forked", "keys_revoked", "ballots")))
    same("digest", folded.digest().hex(), vector["digest"])
    same("without effect", sorted(name.hex() for name in folded.without_effect),
         sorted(item["entry"] for item in vector["without_effect"]))
    same("agreements", {name.hex(): phase for name, phase in folded.agreement_phases().items()},
         {item["agreement"]: item["phase"] for item in vector["agreements"]})
    same("meetings", {name.hex(): phase for name, phase in folded.meeting_phases().items()},
         {item["meeting"]: item["phase"] for item in vector["meetings"]})
    same("commitments", {name.hex(): phase for name, phase in folded.phases().items()},
         {item["commitment"]: item["phase"] for item in vector["commitments"]})


# ---------------------------------------------------------------- all of them

FILES: dict[str, Callable] = {
    "entries.json": entries_json, "refused-entries.json": refused_entries_json, "identities.json": identities_json,
    "fork-proofs.json": fork_proofs_json, "frames.json": frames_json,
}
SPACES = "spaces.json"


def outcome_of(check: Callable, *arguments) -> str | None:
    """What is wrong with a vector, or None. What a check trips over is wrong as well."""
    try:
        check(*arguments)
    except Wrong as error:
        return str(error)
    except (DecodeError, NotStorable, Waits, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def check_all(directory: Path) -> Iterator[tuple[str, str, str | None]]:
    """File, name and outcome of every vector. Raises OSError if a file is absent."""
    for file, check in FILES.items():
        for name, wrong in check(json.loads((directory / file).read_text("utf-8"))):
            yield file, name, wrong
    for vector in json.loads((directory / SPACES).read_text("utf-8")):
        yield SPACES, vector["file"], outcome_of(check_space, directory, vector)


def command_vectors(directory: Path) -> int:
    checked, failed = Counter(), 0
    for file, name, wrong in check_all(directory):
        checked[file] += 1
        if wrong is not None:
            failed += 1
            print(f"DIFFERS  {file}: {name}: {wrong}")
    for file, number in checked.items():
        print(f"checked  {number:4} of {file}")
    return 1 if failed else 0

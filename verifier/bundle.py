"""Sections 14 and 15: fork proofs, frames and bundles."""

from dataclasses import dataclass, field

import cbor
from cbor import DecodeError
from entries import Entry, read_content_fields, read_entry
from graph import Graph, MissingParents, NotStorable
from keys import ZERO, sha256

MAGIC = b"PEYGIR0\n"
MAX_PAYLOAD = 8 * 1024 * 1024
MAX_PART = 1024 * 1024
HELLO, ENTRIES, PART, PROOF = 1, 7, 9, 10
PRESENT = 1


# ---------------------------------------------------------------- 14

@dataclass(frozen=True)
class ForkProof:
    pubkey: bytes
    one: Entry
    two: Entry


def read_fork_proof(data: bytes) -> ForkProof:
    """Reads a proof and checks it. Raises DecodeError with what is wrong."""
    pubkey, one, two = cbor.array(cbor.decode(data), 3, "ForkProof")
    pubkey = cbor.pubkey(pubkey)
    one = read_entry(cbor.byte_string(one, None, "one"))
    two = read_entry(cbor.byte_string(two, None, "two"))
    for name, entry in (("first", one), ("second", two)):
        if not entry.signed_by(pubkey):
            raise DecodeError(f"fork proof: the {name} entry does not verify under the key")
    # The space is compared as the header has it; two geneses by one key found two spaces and are no fork.
    if one.space_id != two.space_id or one.seq != two.seq:
        raise DecodeError("fork proof: the entries are of different spaces or have different seqs")
    if not one.id < two.id:
        raise DecodeError("fork proof: the entries are not two in ascending order of their ids")
    return ForkProof(pubkey, one, two)


# ---------------------------------------------------------------- 15

@dataclass
class Bundle:
    """What was read from a bundle, and everything in it that does not verify."""
    node: bytes | None = None
    graph: Graph | None = None
    contents: dict[bytes, bytes] = field(default_factory=dict)
    proofs: list[ForkProof] = field(default_factory=list)
    read: int = 0                                         # entries in the file
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)      # odd, but nothing that has to verify


def read_frames(data: bytes):
    """Type and payload of each frame."""
    at = 0
    while at < len(data):
        if at + 5 > len(data):
            raise DecodeError("a frame is cut off")
        size = int.from_bytes(data[at + 1:at + 5], "big")
        if size > MAX_PAYLOAD:
            raise DecodeError("a frame is longer than 8 MiB")
        if at + 5 + size > len(data):
            raise DecodeError("a frame is cut off")
        yield data[at], data[at + 5:at + 5 + size]
        at += 5 + size


def read_bundle(data: bytes) -> Bundle:
    bundle = Bundle()
    reader = BundleReader(bundle)
    if not data.startswith(MAGIC):
        bundle.problems.append("the file does not begin as a bundle")
        return bundle
    try:
        for number, (kind, payload) in enumerate(read_frames(data[len(MAGIC):])):
            reader.frame(number, kind, payload)
    except DecodeError as error:
        bundle.problems.append(str(error))
    reader.finish()
    return bundle


class BundleReader:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.waiting: list[tuple[int, Entry]] = []
        self.parts: dict[bytes, tuple[int, bytearray]] = {}
        self.space: bytes | None = None
        self.proofs_begun = False

    def problem(self, text: str) -> None:
        self.bundle.problems.append(text)

    def frame(self, number: int, kind: int, payload: bytes) -> None:
        """One frame. A payload that does not decode is a problem of that frame alone."""
        try:
            value = cbor.decode(payload)
            if (number == 0) != (kind == HELLO):
                self.problem(f"frame {number}: a hello belongs at the beginning and nowhere else")
            if self.proofs_begun and kind != PROOF:
                self.problem(f"frame {number}: something follows the proofs")
            if kind == HELLO:
                self.bundle.node = cbor.pubkey(value, "hello")
            elif kind == ENTRIES:
                self.entries(value)
            elif kind == PART:
                self.part(value)
            elif kind == PROOF:
                self.proofs_begun = True
                self.bundle.proofs.append(read_fork_proof(payload))
            else:
                self.problem(f"frame {number}: type {kind} does not belong in a bundle")
        except DecodeError as error:
            self.problem(f"frame {number}: {error}")

    def check_space(self, space) -> None:
        space = cbor.hash32(space, "space")
        if self.space is None:
            self.space = space
            self.bundle.graph = Graph(space)
        elif space != self.space:
            raise DecodeError("a frame of another space")

    # ------------------------------------------------------------ entries

    def entries(self, value) -> None:
        space, items, more = cbor.array(value, 3, "entries")
        cbor.boolean(more, "more")
        self.check_space(space)
        for item in cbor.array(items, None, "entries"):
            raw, content = cbor.array(item, 2, "entries")
            if cbor.optional(content, cbor.byte_string) is not None:
                self.problem("a content stands beside its entry, where a bundle has null")
            number = self.bundle.read
            self.bundle.read += 1
            try:
                entry = read_entry(cbor.byte_string(raw, None, "entry"))
            except DecodeError as error:
                self.problem(f"entry {number}: {error}")
                continue
            self.try_to_store(number, entry)

    def try_to_store(self, number: int, entry: Entry) -> None:
        graph = self.bundle.graph
        known = graph.by_id.get(entry.id)
        if known is not None:
            # The signature is outside the id, so a second copy may have other bytes; those must verify as well.
            if known.entry.raw == entry.raw:
                self.bundle.remarks.append(f"entry {number} ({entry.id.hex()}) is there twice")
            elif entry.signed_by(known.pubkey):
                self.bundle.remarks.append(f"entry {number} ({entry.id.hex()}) is there with two signatures")
            else:
                self.problem(f"entry {number} ({entry.id.hex()}): the signature does not verify")
            return
        try:
            graph.store(entry)
        except MissingParents:
            self.waiting.append((number, entry))
        except NotStorable as reason:
            self.problem(f"entry {number} ({entry.id.hex()}): {reason}")

    def store_waiting(self) -> None:
        """Entries that came before their parents: out of order, but judged all the same."""
        progress = True
        while progress and self.waiting:
            progress, waiting, self.waiting = False, self.waiting, []
            for number, entry in waiting:
                before = len(self.waiting)
                self.try_to_store(number, entry)
                if len(self.waiting) == before:
                    progress = True
                    self.problem(f"entry {number} ({entry.id.hex()}): stands before an entry that it names")
        for number, entry in self.waiting:
            try:
                self.bundle.graph.store(entry)
            except MissingParents as reason:
                self.problem(f"entry {number} ({entry.id.hex()}): {reason}")

    # ------------------------------------------------------------ contents

    def part(self, value) -> None:
        space, name, state, size, offset, data = cbor.array(value, 6, "part")
        self.check_space(space)
        cbor.hash32(name, "content")
        cbor.choice(state, range(4), "state")
        cbor.uint(size, "len")
        cbor.uint(offset, "offset")
        cbor.byte_string(data, None, "part")
        if state != PRESENT:
            raise DecodeError("a part of a content that is not present")
        if len(data) > MAX_PART:
            raise DecodeError("a part is longer than 1 MiB")
        expected, collected = self.parts.setdefault(name, (size, bytearray()))
        if size != expected or offset != len(collected) or offset + len(data) > size:
            raise DecodeError(f"a part of content {name.hex()} does not continue the one before")
        collected += data

    def check_contents(self) -> None:
        named: dict[bytes, set[int]] = {}
        for stored in self.bundle.graph.entries:
            if stored.entry.content is not None:
                named.setdefault(stored.entry.content[0], set()).add(stored.entry.content[1])
        for name, lengths in named.items():
            if len(lengths) > 1:
                self.bundle.remarks.append(f"content {name.hex()} is named with different lengths")
        for name, (size, collected) in self.parts.items():
            data = bytes(collected)
            if len(data) != size:
                self.problem(f"content {name.hex()} is cut off")
            elif sha256(data) != name:
                self.problem(f"content {name.hex()} has another hash")
            elif name not in named:
                self.problem(f"content {name.hex()} is named by no entry")
            elif size not in named[name]:
                self.problem(f"content {name.hex()} has another length than its entry says")
            else:
                self.bundle.contents[name] = data
                try:
                    read_content_fields(data)
                except DecodeError as error:
                    self.bundle.remarks.append(f"content {name.hex()}: {error}")

    # ------------------------------------------------------------ the end

    def finish(self) -> None:
        if self.bundle.node is None:
            self.problem("there is no hello")
        if self.bundle.graph is None:
            self.problem("there are no entries")
            return
        self.store_waiting()
        if self.space not in self.bundle.graph.by_id:
            self.problem("the genesis of the space is not there")
        self.check_contents()
        for proof in self.bundle.proofs:
            if proof.one.space_id != self.space:
                self.problem("a fork proof of another space")

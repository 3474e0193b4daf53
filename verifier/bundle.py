"""Section 15: bundles. Everything in one is checked here, but for what the entries come to."""

import hashlib
from dataclasses import dataclass, field
from typing import BinaryIO

import frames
from cbor import DecodeError
from entries import MAX_CONTENT, MAX_CONTENT_HEAD, Entry, read_content_fields, read_entry
from fork_proof import ForkProof, read_fork_proof
from graph import Graph, NotStorable, Waits

MAGIC = b"PEYGIR0\n"
# Limits of this verifier, not of the protocol: what it keeps of a space grows with the square of its entries.
MAX_ENTRIES = 100_000
MAX_PROBLEMS = 1_000


class TooLarge(Exception):
    """The bundle is larger than this verifier takes."""


@dataclass
class Content:
    """A content while its parts come in. Only its beginning is kept, where the fields are."""
    size: int
    got: int = 0
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    beginning: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> None:
        self.got += len(data)
        self.hash.update(data)
        self.beginning += data[:MAX_CONTENT_HEAD - len(self.beginning)]


@dataclass
class Bundle:
    """What was read from a bundle, and everything in it that does not verify."""
    node: bytes | None = None
    graph: Graph | None = None
    contents: set[bytes] = field(default_factory=set)     # those that are here whole, with the hash they are named by
    carried: int = 0                                      # contents in the file, each as often as it is there
    proofs: list[ForkProof] = field(default_factory=list)
    read: int = 0                                         # entries in the file
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)      # odd, but nothing that has to verify


def read_bundle(stream: BinaryIO) -> Bundle:
    """Reads a bundle to its end. Raises TooLarge; whatever else is wrong is among its problems."""
    bundle = Bundle()
    if stream.read(len(MAGIC)) != MAGIC:
        bundle.problems.append("the file does not begin as a bundle")
        return bundle
    reader = BundleReader(bundle)
    try:
        for number, (kind, payload) in enumerate(frames.read_frames(stream)):
            reader.frame(number, kind, payload)
    except DecodeError as error:
        reader.problem(str(error))
    reader.finish()
    return bundle


class BundleReader:
    """Takes the frames of a bundle in their order."""

    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.waiting: list[tuple[int, Entry]] = []
        self.parts: dict[bytes, Content] = {}
        self.named: dict[bytes, set[int]] = {}           # content: the lengths that entries give it
        self.space: bytes | None = None
        self.proofs_begun = False
        self.ended = False

    def problem(self, text: str) -> None:
        self.bundle.problems.append(text)
        if len(self.bundle.problems) > MAX_PROBLEMS:
            raise TooLarge(f"more than {MAX_PROBLEMS} problems; the first: {self.bundle.problems[0]}")

    def frame(self, number: int, kind: int, payload: bytes) -> None:
        """One frame. A payload that does not decode is a problem of that frame alone."""
        try:
            if (number == 0) != (kind == frames.HELLO):
                raise DecodeError("a hello belongs at the beginning and nowhere else")
            if self.ended:
                raise DecodeError("something follows the end")
            if self.proofs_begun and kind not in (frames.PROOF, frames.END):
                raise DecodeError("something follows the proofs")
            if kind not in (frames.HELLO, frames.ENTRIES, frames.PART, frames.PROOF, frames.END):
                raise DecodeError(f"a frame of type {kind} does not belong in a bundle")
            fields = frames.read_payload(kind, payload)
            if kind == frames.HELLO:
                self.bundle.node = fields["node"]
            elif kind == frames.ENTRIES:
                self.check_space(fields["space"])
                for item in fields["entries"]:
                    self.entry(item["entry"], item["content"])
            elif kind == frames.PART:
                self.check_space(fields["space"])
                self.part(fields)
            elif kind == frames.END:
                self.ended = True
                if fields["entries"] != self.bundle.read:
                    raise DecodeError(f"the end speaks of {fields['entries']} entries, and there are {self.bundle.read}")
            else:
                self.proofs_begun = True
                self.bundle.proofs.append(read_fork_proof(payload))
        except DecodeError as error:
            self.problem(f"frame {number}: {error}")

    def check_space(self, space: bytes) -> None:
        if self.space is None:
            self.space = space
            self.bundle.graph = Graph(space)
        elif space != self.space:
            raise DecodeError("a frame of another space")

    # ------------------------------------------------------------ entries

    def entry(self, raw: bytes, content: bytes | None) -> None:
        number = self.bundle.read
        self.bundle.read += 1
        if self.bundle.read > MAX_ENTRIES:
            raise TooLarge(f"more than {MAX_ENTRIES} entries")
        if content is not None:
            self.problem(f"entry {number}: a content stands beside it, where a bundle has null")
        try:
            entry = read_entry(raw)
        except DecodeError as error:
            self.problem(f"entry {number}: {error}")
            return
        if entry.content is not None:
            self.named.setdefault(entry.content[0], set()).add(entry.content[1])
        self.store(number, entry)

    def store(self, number: int, entry: Entry) -> bool:
        """Stores an entry, now or when its parents have come. False if they have not."""
        graph = self.bundle.graph
        name = f"entry {number} ({entry.id.hex()})"
        known = graph.by_id.get(entry.id)
        if known is not None:
            # The signature is outside the id, so a second copy may have other bytes; those must verify as well.
            if known.entry.raw == entry.raw:
                self.bundle.remarks.append(f"{name} is there twice")
            elif entry.signed_by(known.pubkey):
                self.bundle.remarks.append(f"{name} is there with two signatures")
            else:
                self.problem(f"{name}: the signature does not verify")
            return True
        try:
            graph.store(entry)
        except Waits:
            self.waiting.append((number, entry))
            return False
        except NotStorable as reason:
            self.problem(f"{name}: {reason}")
        return True

    def store_waiting(self) -> None:
        """Entries that came before their parents: out of order, but judged all the same."""
        while self.waiting:
            waiting, self.waiting = self.waiting, []
            for number, entry in waiting:
                if self.store(number, entry):
                    self.problem(f"entry {number} ({entry.id.hex()}): stands before an entry that it names")
            if len(self.waiting) == len(waiting):
                break
        for number, entry in self.waiting:
            try:
                self.bundle.graph.store(entry)
            except Waits as reason:
                self.problem(f"entry {number} ({entry.id.hex()}): {reason}")

    # ------------------------------------------------------------ contents

    def part(self, fields: dict) -> None:
        name, size, offset, data = fields["content"], fields["len"], fields["offset"], fields["bytes"]
        if fields["state"] != frames.PRESENT:
            raise DecodeError("a part of a content that is not present")
        if size > MAX_CONTENT:
            raise DecodeError(f"a content longer than {MAX_CONTENT}")
        # Entries that name one content are each followed by it.
        if offset == 0 and name in self.bundle.contents:
            del self.parts[name]
        content = self.parts.setdefault(name, Content(size))
        if size != content.size or offset != content.got or offset + len(data) > size:
            raise DecodeError(f"a part of content {name.hex()} does not continue the one before")
        content.add(data)
        if content.got == size:
            self.whole(name, content)

    def whole(self, name: bytes, content: Content) -> None:
        if content.hash.digest() != name:
            raise DecodeError(f"content {name.hex()} has another hash")
        if name not in self.named:
            raise DecodeError(f"content {name.hex()} is named by no entry before it")
        if content.size not in self.named[name]:
            raise DecodeError(f"content {name.hex()} has another length than its entry says")
        self.bundle.carried += 1
        if name in self.bundle.contents:
            return
        self.bundle.contents.add(name)
        try:
            read_content_fields(bytes(content.beginning))
        except DecodeError as error:
            self.bundle.remarks.append(f"content {name.hex()}: {error}")

    # ------------------------------------------------------------ the end

    def finish(self) -> None:
        if self.bundle.node is None:
            self.problem("there is no hello")
        if not self.ended:
            self.problem("the file is cut short: there is no end")
        if self.bundle.graph is None:
            self.problem("there are no entries")
            return
        self.store_waiting()
        if self.space not in self.bundle.graph.by_id:
            self.problem("the genesis of the space is not there")
        for name, content in self.parts.items():
            if content.got != content.size:
                self.problem(f"content {name.hex()} is cut off")
        for name, lengths in self.named.items():
            if len(lengths) > 1:
                self.bundle.remarks.append(f"content {name.hex()} is named with different lengths")
        for proof in self.bundle.proofs:
            if proof.one.space_id != self.space:
                self.problem("a fork proof of another space")

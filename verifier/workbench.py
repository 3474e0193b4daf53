"""What the tests sign entries with. No command uses it: a verifier only reads.

Every key comes from a word, so that a test that fails fails again.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import cbor
from entries import ENTRY_PREFIX, Entry, read_entry
from identity import grant_message, read_log
from keys import H, ZERO, key_id, sha256

DUE = [20_000, "Asia/Tehran"]


class Signer:
    """A private key that is made from a word."""

    def __init__(self, word: str):
        self.private = Ed25519PrivateKey.from_private_bytes(sha256(word.encode()))
        self.public = b"\x01" + self.private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass
class Party:
    """A party: its guardians and the identity log that they signed."""
    word: str
    threshold: int = 1
    guardians: list[Signer] = field(default_factory=list)
    log: list = field(default_factory=list)

    def __post_init__(self) -> None:
        self.guardians = [Signer(f"{self.word} guardian {number}") for number in range(2 * self.threshold - 1)]
        self.node = Signer(f"{self.word} node")
        self.log = [self._revision(0, None, self.guardians)]

    def _revision(self, number: int, prev: bytes | None, signers: list[Signer]) -> list:
        keys = [sorted(one.public for one in self.guardians), self.threshold]
        revision = [number, prev, keys, None]
        message = b"peygir/revision/0" + cbor.encode(revision)
        return [revision, None, [[one.public, one.sign(message)] for one in signers]]

    @property
    def id(self) -> bytes:
        return H("peygir/revision/0", cbor.encode(self.log[0][0]))

    def revise(self) -> None:
        """The guardians hand over to new ones."""
        before, number = self.guardians, len(self.log)
        self.guardians = [Signer(f"{self.word} guardian {number} {one}") for one in range(2 * self.threshold - 1)]
        prev = H("peygir/revision/0", cbor.encode(self.log[-1][0]))
        self.log = [*self.log, self._revision(number, prev, before)]

    def _grant(self, kind: int, rest: list) -> tuple[bytes, list]:
        message = grant_message(kind, read_log(self.log), rest)
        return message, [[one.public, one.sign(message)] for one in self.guardians[:self.threshold]]

    def introduction(self, space: bytes, key: Signer, seat: bytes | None = None) -> list:
        seat = seat or self.id
        message, signatures = self._grant(1, [[space, seat], [key.public, self.node.public]])
        return [self.log, seat, key.public, self.node.public, [*signatures, [key.public, key.sign(message)]]]

    def revoke(self, space: bytes, key: bytes, cut: int | None, seat: bytes | None = None) -> list:
        """The effect of a revoke."""
        _, signatures = self._grant(2, [space, [key, cut]])
        return [seat or self.id, self.log, key, cut, signatures]


def sign_entry(signer: Signer, space: bytes, seq: int, prev: bytes | None, deps, kind: int, effect: bytes,
               content: bytes | None = None, time_ms: int = 0) -> Entry:
    """An entry with exactly these fields, whether they make sense or not."""
    reference = None if content is None else [sha256(content), len(content)]
    header = cbor.encode([0, space, signer.id, seq, prev, sorted(deps), time_ms, kind, effect, reference])
    message = cbor.encode(["Signature1", bytes.fromhex("a10127"), b"peygir/entry/0", header])
    return read_entry(ENTRY_PREFIX + cbor.encode(header) + cbor.encode(signer.sign(message)))


class Chain:
    """One key's entries in a space; `head` is the last one."""

    def __init__(self, bench: "Bench", party: Party, signer: Signer):
        self.bench, self.party, self.signer = bench, party, signer
        self.head: Entry | None = None

    def add(self, kind: int, effect, *deps: Entry, content: bytes | None = None) -> Entry:
        """Signs the next entry, which sees the deps and all of its own chain."""
        raw = effect if isinstance(effect, bytes) else cbor.encode(effect)
        seq, prev = (0, None) if self.head is None else (self.head.seq + 1, self.head.id)
        names = {dep.id for dep in deps if dep.key != self.signer.id}
        entry = sign_entry(self.signer, self.bench.space, seq, prev, names, kind, raw, content)
        self.head = self.bench.keep(entry, content)
        return entry

    def branch(self, head: Entry | None) -> "Chain":
        """The same key, going on behind an earlier entry: a fork."""
        other = Chain(self.bench, self.party, self.signer)
        other.head = head
        return other


class Bench:
    """A space whose every party is ours."""

    def __init__(self, word: str, rules=((2, 3), (2, 3))):
        self.word, self.space = word, ZERO
        self.entries: list[Entry] = []
        self.contents: dict[bytes, bytes] = {}
        self.rules = [list(quorum) for quorum in rules]
        self.founder = Party(f"{word} founder")

    def keep(self, entry: Entry, content: bytes | None = None) -> Entry:
        self.entries.append(entry)
        if content is not None:
            self.contents[sha256(content)] = content
        return entry

    def found(self, nonce: int = 0) -> Chain:
        """The genesis, and the founder's chain."""
        chain = Chain(self, self.founder, Signer(f"{self.word} founder key"))
        entry = chain.add(1, [nonce, self.rules, self.founder.introduction(ZERO, chain.signer)])
        self.space = entry.id
        return chain

    def chain(self, party: Party, word: str) -> Chain:
        return Chain(self, party, Signer(f"{self.word} {word}"))

    # ------------------------------------------------------------ the file

    def bundle(self, entries: list[Entry] | None = None, proofs: list | None = None) -> bytes:
        """The bundle of these entries, in the order given."""
        out = bytearray(b"PEYGIR0\n" + frame(1, self.founder.node.public))
        entries = self.entries if entries is None else entries
        for start in range(0, len(entries), 100):
            part = entries[start:start + 100]
            out += frame(7, [self.space, [[entry.raw, None] for entry in part], False])
            for entry in part:
                content = self.contents.get(entry.content_hash or b"")
                if content is not None:
                    out += frame(9, [self.space, sha256(content), 1, len(content), 0, content])
        for proof in proofs or []:
            out += frame(10, proof)
        return bytes(out) + frame(11, len(entries))


def frame(kind: int, payload) -> bytes:
    encoded = cbor.encode(payload)
    return bytes([kind]) + len(encoded).to_bytes(4, "big") + encoded


def commitment_terms(debtor: bytes, *creditors: bytes, tag: int = 0, closure: int = 0, due=None, condition=None,
                     clause=None, reply_by=None) -> list:
    return [tag, debtor, list(creditors), closure, due or DUE, condition, clause, reply_by]


def content_of(words: str, attached: bytes = b"") -> bytes:
    """A content with one title."""
    return bytes(16) + cbor.encode([[1, "en", words]]) + attached

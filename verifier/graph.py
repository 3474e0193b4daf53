"""Sections 4.2 and 6: which entries may be stored, and who sees what."""

from collections import defaultdict
from dataclasses import dataclass

from cbor import DecodeError
from entries import GENESIS, Entry, Operation, read_effect
from keys import ZERO, key_id


class NotStorable(Exception):
    """The entry can never be stored."""


class Waits(Exception):
    """The entry names entries that are not stored, or nothing stored introduces its key."""


@dataclass
class Stored:
    """An entry that is stored, with what its causal past alone says about it.

    `past` is a set of entries as the bits of an integer, bit `index` standing for the entry stored as number `index`.
    """
    entry: Entry
    index: int
    depth: int
    past: int
    seat: bytes                  # the seat of its chain (4.2, 4)
    pubkey: bytes
    operation: Operation | None  # None: unknown kind, or an effect that does not decode
    undecoded: str = ""          # why `operation` is None

    @property
    def id(self) -> bytes:
        return self.entry.id

    @property
    def order(self) -> tuple[int, bytes]:
        """Fold order (6)."""
        return self.depth, self.entry.id


@dataclass(frozen=True)
class Introduced:
    """One introduction that holds."""
    depth: int
    id: bytes
    index: int
    seat: bytes
    pubkey: bytes


class Graph:
    """The stored entries of one space."""

    def __init__(self, space: bytes):
        self.space = space
        self.entries: list[Stored] = []
        self.by_id: dict[bytes, Stored] = {}
        self.by_key: dict[bytes, list[Stored]] = defaultdict(list)
        self.introductions: dict[bytes, list[Introduced]] = defaultdict(list)
        self._seqs: dict[bytes, dict[int, list[Stored]]] = defaultdict(dict)

    # ------------------------------------------------------------ 4.2

    def store(self, entry: Entry) -> Stored:
        """Stores an entry, or raises NotStorable or Waits."""
        if entry.id in self.by_id:
            raise NotStorable("is stored already")
        operation, undecoded = decode_operation(entry)
        self._check_space(entry)                         # condition 1
        parents = self._check_parents(entry)                        # condition 3
        depth = 1 + max((parent.depth for parent in parents), default=0)
        index = len(self.entries)
        past = 1 << index
        for parent in parents:
            past |= parent.past

        own = self._own_introduction(entry, operation, depth, index)
        if entry.seq == 0:                                          # condition 4
            carried = None if operation is None else operation.carried_introduction
            in_vain = own is None and carried is not None and key_id(carried.key) == entry.key
            seat, pubkey = self._seat_of_first(entry, past, own, in_vain)
        else:
            before = self.by_id[entry.prev]
            seat, pubkey = before.seat, before.pubkey
        if not entry.signed_by(pubkey):                             # condition 2
            raise NotStorable("the signature does not verify")
        for dep in entry.deps:
            if self.by_id[dep].entry.key == entry.key:
                raise NotStorable("a dep is of the same key")

        stored = Stored(entry, index, depth, past, seat, pubkey, operation, undecoded)
        self.entries.append(stored)
        self.by_id[entry.id] = stored
        self.by_key[entry.key].append(stored)
        if own is not None:
            self.introductions[key_id(own.pubkey)].append(own)
        self._seqs[entry.key].setdefault(entry.seq, []).append(stored)
        return stored

    def _check_space(self, entry: Entry) -> None:
        if (entry.space == ZERO) != (entry.kind == GENESIS):
            raise NotStorable("a genesis and nothing else names the space of zeros")
        if entry.space_id != self.space:
            raise NotStorable("belongs to another space")

    def _check_parents(self, entry: Entry) -> list[Stored]:
        names = list(entry.deps) if entry.prev is None else [entry.prev, *entry.deps]
        missing = [name for name in names if name not in self.by_id]
        if missing:
            raise Waits(f"names an entry that is not there: {missing[0].hex()}")
        if entry.prev is not None:
            before = self.by_id[entry.prev].entry
            if before.key != entry.key or before.seq != entry.seq - 1:
                raise NotStorable("prev is not the entry before it in its chain")
        return [self.by_id[name] for name in names]

    def _own_introduction(self, entry: Entry, operation: Operation | None, depth: int, index: int):
        """The introduction that the entry carries, if it holds (3.3)."""
        introduction = None if operation is None else operation.carried_introduction
        if introduction is None:
            return None
        if not introduction.holds(ZERO if entry.kind == GENESIS else self.space):
            return None
        return Introduced(depth, entry.id, index, introduction.seat, introduction.key)

    def _seat_of_first(self, entry: Entry, past: int, own: Introduced | None,
                       own_key_in_vain: bool) -> tuple[bytes, bytes]:
        known = list(self.introductions.get(entry.key, []))
        if own is not None and key_id(own.pubkey) == entry.key:
            known.append(own)
        if not known and own_key_in_vain:
            raise NotStorable("the introduction of its own key does not hold")
        if not known:
            raise Waits("nothing introduces its key")
        candidates = [one for one in known if past >> one.index & 1]
        if not candidates:
            raise NotStorable("no introduction of its key that holds is in its past")
        first = min(candidates, key=lambda one: (one.depth, one.id))
        return first.seat, first.pubkey

    # ------------------------------------------------------------ 6

    def sees(self, stored: Stored, entry_id: bytes) -> bool:
        """E sees F if F is in E's past; an entry sees itself."""
        other = self.by_id.get(entry_id)
        return other is not None and bool(stored.past >> other.index & 1)

    def in_fold_order(self) -> list[Stored]:
        return sorted(self.entries, key=lambda stored: stored.order)

    def twins(self, key: bytes) -> list[list[Stored]]:
        """The groups of two or more entries of a key that have one seq, in order of seq."""
        seqs = self._seqs.get(key, {})
        return [seqs[seq] for seq in sorted(seqs) if len(seqs[seq]) > 1]

    def forks(self) -> dict[bytes, list[list[Stored]]]:
        """The twins of each forked key."""
        return {key: twins for key in self.by_key if (twins := self.twins(key))}

    def fork_point(self, key: bytes) -> int | None:
        return next((group[0].entry.seq for group in self.twins(key)), None)

    def firsts(self, key: bytes) -> int:
        """The entries of a key with seq 0, in the form of `past`."""
        return sum(1 << one.index for one in self._seqs.get(key, {}).get(0, []))

    def learned(self, stored: Stored, key: bytes, revocations) -> bool:
        """Learned(X, K). `revocations` are the entries that revoke K and count."""
        if any(self.sees(stored, revocation) for revocation in revocations):
            return True
        return any(sum(1 for one in group if stored.past >> one.index & 1) >= 2 for group in self.twins(key))


def decode_operation(entry: Entry) -> tuple[Operation | None, str]:
    """An effect that does not decode does not keep an entry from being stored."""
    try:
        return read_effect(entry.kind, entry.effect), ""
    except DecodeError as error:
        return None, str(error)

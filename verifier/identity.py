"""Section 3: identity logs, grants and introductions."""

from dataclasses import dataclass

import cbor
from cbor import DecodeError
from keys import H, signature_holds


@dataclass(frozen=True)
class KeySet:
    """`Set`: keys and how many of them must sign."""
    keys: tuple[bytes, ...]
    threshold: int


@dataclass(frozen=True)
class IdentityLog:
    """A log that holds: `hashes` of its revisions from 0, and the guardians of the newest one."""
    hashes: tuple[bytes, ...]
    guardians: KeySet

    @property
    def party(self) -> bytes:
        return self.hashes[0]

    def continues(self, identity: list[bytes]) -> bool:
        """Whether `identity` is a prefix of this log."""
        return list(self.hashes[:len(identity)]) == list(identity)


@dataclass(frozen=True)
class Introduction:
    log: IdentityLog
    seat: bytes
    key: bytes
    node: bytes
    signatures: tuple[tuple[bytes, bytes], ...]

    @property
    def for_own_seat(self) -> bool:
        return self.seat == self.log.party

    def holds(self, space: bytes) -> bool:
        """3.3: signed by the key itself and by enough guardians."""
        message = grant_message(1, self.log, [[space, self.seat], [self.key, self.node]])
        by_itself = any(key == self.key and signature_holds(key, message, sig) for key, sig in self.signatures)
        return by_itself and grant_holds(self.log, message, self.signatures)


# ---------------------------------------------------------------- 3.1

def read_set(value) -> KeySet:
    keys, threshold = cbor.array(value, 2, "Set")
    keys = cbor.ascending([cbor.pubkey(key) for key in cbor.array(keys)], "Set")
    threshold = cbor.uint(threshold, "threshold")
    if not 1 <= len(keys) <= 16 or not len(keys) < 2 * threshold or threshold > len(keys):
        raise DecodeError("Set: the number of keys or the threshold is out of bounds")
    return KeySet(tuple(keys), threshold)


def read_signatures(value) -> tuple[tuple[bytes, bytes], ...]:
    pairs = []
    for item in cbor.array(value, None, "signatures"):
        key, sig = cbor.array(item, 2, "signature")
        pairs.append((cbor.pubkey(key), cbor.signature(sig)))
    return tuple(pairs)


def signers(allowed: KeySet, message: bytes, signatures) -> int:
    """How many different keys of the set signed. Signatures that fail and those by other keys are ignored."""
    return len({key for key, sig in signatures if key in allowed.keys and signature_holds(key, message, sig)})


def read_log(value) -> IdentityLog:
    """Reads a log; one that does not hold does not decode."""
    items = cbor.array(value, None, "IdentityLog")
    if not 1 <= len(items) <= 32:
        raise DecodeError("IdentityLog: not 1 to 32 revisions")
    hashes: list[bytes] = []
    guardians: KeySet | None = None
    recovery_hash: bytes | None = None
    for item in items:
        revision, recovery, signatures = cbor.array(item, 3, "SignedRevision")
        number, prev, new_guardians, next_hash = cbor.array(revision, 4, "Revision")
        cbor.uint(number, "revision number")
        cbor.optional(prev, cbor.hash32)
        new_guardians = read_set(new_guardians)
        cbor.optional(next_hash, cbor.hash32)
        recovery_set = cbor.optional(recovery, read_set)
        signatures = read_signatures(signatures)

        if number != len(hashes) or prev != (hashes[-1] if hashes else None):
            raise DecodeError("IdentityLog: a revision does not follow the one before")
        if recovery_set is None:
            allowed = guardians if guardians is not None else new_guardians
        else:
            if recovery_hash is None or H("peygir/recovery/0", cbor.encode(recovery)) != recovery_hash:
                raise DecodeError("IdentityLog: a recovery set that was not announced")
            allowed = recovery_set
        encoded = cbor.encode(revision)
        if signers(allowed, b"peygir/revision/0" + encoded, signatures) < allowed.threshold:
            raise DecodeError("IdentityLog: a revision lacks signatures")
        hashes.append(H("peygir/revision/0", encoded))
        guardians, recovery_hash = new_guardians, next_hash
    return IdentityLog(tuple(hashes), guardians)


# ---------------------------------------------------------------- 3.2

def grant_message(kind: int, log: IdentityLog, rest: list) -> bytes:
    """What guardians sign; `kind` is 1 for bind and 2 for revoke."""
    return b"peygir/grant/0" + cbor.encode([[kind, log.hashes[-1]], rest])


def grant_holds(log: IdentityLog, message: bytes, signatures) -> bool:
    return signers(log.guardians, message, signatures) >= log.guardians.threshold


def revoke_grant_holds(log: IdentityLog, space: bytes, key: bytes, cut: int | None, signatures) -> bool:
    return grant_holds(log, grant_message(2, log, [space, [key, cut]]), signatures)


# ---------------------------------------------------------------- 3.3

def read_introduction(value) -> Introduction:
    log, seat, key, node, signatures = cbor.array(value, 5, "Introduction")
    return Introduction(read_log(log), cbor.hash32(seat, "seat"), cbor.pubkey(key), cbor.pubkey(node), read_signatures(signatures))

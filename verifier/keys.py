"""Section 2: hashes, ids and strict Ed25519."""

import functools
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ZERO = bytes(32)

# The field prime, the order of the base point and the constants of the curve of RFC 8032.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)


def H(domain: str, *parts: bytes) -> bytes:
    """SHA-256 of the ASCII domain followed by the parts."""
    state = hashlib.sha256(domain.encode("ascii"))
    for part in parts:
        state.update(part)
    return state.digest()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def key_id(pubkey: bytes) -> bytes:
    """`pubkey` is the 33 wire bytes."""
    return H("peygir/key/0", pubkey)


def terms_hash(encoded_terms: bytes, content_hash: bytes | None) -> bytes:
    return H("peygir/terms/0", encoded_terms, content_hash or ZERO)


# ---------------------------------------------------------------- strict Ed25519

def decompress(data: bytes) -> tuple[int, int] | None:
    """The point that 32 bytes name, or None if they name none *in the one canonical way*.

    OpenSSL takes a y of p or more modulo p, and so has several encodings for a few points; here they are refused.
    """
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    # x^2 = (y^2 - 1) / (d y^2 + 1), RFC 8032, 5.1.3
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * SQRT_MINUS_ONE % P
    if v * x * x % P != u:
        return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y


def is_small_order(point: tuple[int, int]) -> bool:
    """Whether eight times the point is the identity: three doublings in projective coordinates."""
    (x, y), z = point, 1
    for _ in range(3):
        xx, yy = x * x % P, y * y % P
        f = yy - xx
        j = f - 2 * z * z
        x, y, z = ((x + y) * (x + y) - xx - yy) * j % P, -f * (xx + yy) % P, f * j % P
    return x == 0 and y == z


@functools.lru_cache(maxsize=4096)
def is_strict_point(data: bytes) -> bool:
    point = decompress(data)
    return point is not None and not is_small_order(point)


@functools.lru_cache(maxsize=65536)
def signature_holds(pubkey: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature verifies strictly.

    What OpenSSL would let pass is refused first: a key or an R of small order or in a non-canonical encoding, and an S
    that is not reduced. What remains is the cofactorless equation, and that OpenSSL checks as RFC 8032 does, by
    comparing the bytes of R.
    """
    if len(pubkey) != 33 or pubkey[0] != 1 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    if not is_strict_point(pubkey[1:]) or not is_strict_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(pubkey[1:]).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

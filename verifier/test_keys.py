"""Section 2: where OpenSSL is not strict enough."""

import unittest

from keys import D, L, P, SQRT_MINUS_ONE, decompress, is_small_order, is_strict_point, signature_holds
from workbench import Signer

# RFC 8032, 7.1, test 2.
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
             "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")


def encoded(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def order_eight() -> int:
    """The y of a point whose double has y = 0: d y^4 + 2 y^2 - 1 = 0."""
    root = next(r for r in (square_root(1 + D), square_root(-(1 + D))) if r is not None)
    for candidate in ((root - 1) * pow(D, P - 2, P) % P, (-root - 1) * pow(D, P - 2, P) % P):
        y = square_root(candidate)
        if y is not None:
            return y
    raise AssertionError("the curve has points of order eight")


def square_root(value: int) -> int | None:
    root = pow(value % P, (P + 3) // 8, P)
    for one in (root, root * SQRT_MINUS_ONE % P):
        if one * one % P == value % P:
            return one
    return None


SMALL = [encoded(1), encoded(P - 1), encoded(0), encoded(0, 1),
         *(encoded(y, sign) for y in (order_eight(), P - order_eight()) for sign in (0, 1))]
NOT_CANONICAL = [encoded(P), encoded(P, 1), encoded(P + 1), encoded(P + 1, 1), encoded(1, 1), encoded(P - 1, 1)]


class Strictness(unittest.TestCase):
    def setUp(self):
        self.key = b"\x01" + bytes.fromhex(PUBLIC)
        self.signature = bytes.fromhex(SIGNATURE)

    def test_the_example_of_rfc_8032_holds(self):
        self.assertTrue(signature_holds(self.key, b"\x72", self.signature))
        self.assertFalse(signature_holds(self.key, b"\x73", self.signature))

    def test_the_eight_points_of_small_order_are_refused(self):
        self.assertEqual(len(set(SMALL)), 8)
        for data in SMALL:
            with self.subTest(data.hex()):
                self.assertTrue(is_small_order(decompress(data)))
                self.assertFalse(is_strict_point(data))

    def test_other_encodings_of_a_point_are_refused(self):
        for data in NOT_CANONICAL:
            with self.subTest(data.hex()):
                self.assertIsNone(decompress(data))

    def test_a_key_of_small_order_signs_nothing(self):
        # With A the identity and S = 0, R = the identity fits every message in the equation.
        identity = encoded(1)
        self.assertFalse(signature_holds(b"\x01" + identity, b"anything", identity + bytes(32)))

    def test_s_is_below_the_order(self):
        s = int.from_bytes(self.signature[32:], "little")
        self.assertFalse(signature_holds(self.key, b"\x72", self.signature[:32] + (s + L).to_bytes(32, "little")))

    def test_every_bit_of_key_and_signature_counts(self):
        signer = Signer("bits")
        signature = signer.sign(b"message")
        for bit in range(512):
            data = bytearray(signature)
            data[bit // 8] ^= 1 << bit % 8
            self.assertFalse(signature_holds(signer.public, b"message", bytes(data)), bit)
        for bit in range(264):
            data = bytearray(signer.public)
            data[bit // 8] ^= 1 << bit % 8
            self.assertFalse(signature_holds(bytes(data), b"message", signature), bit)

    def test_keys_and_signatures_of_other_lengths(self):
        self.assertFalse(signature_holds(self.key[:-1], b"\x72", self.signature))
        self.assertFalse(signature_holds(self.key, b"\x72", self.signature[:-1]))
        self.assertFalse(signature_holds(b"\x02" + self.key[1:], b"\x72", self.signature))


if __name__ == "__main__":
    unittest.main()

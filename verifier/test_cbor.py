"""Section 1."""

import unittest

import cbor
from cbor import DecodeError

VALUES = [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1, -1, -24, -25, -(2**63), b"", b"x" * 24,
          "", "فارسی", [], [[], [None, True, False]], [1, [b"a", "b"]], None, True, False]

REFUSED = {
    "nothing": "", "a byte remains": "0000", "0 in two bytes": "1800", "23 in two bytes": "1817",
    "255 in three bytes": "1900ff", "65535 in five bytes": "1a0000ffff", "2^32-1 in nine bytes": "1b00000000ffffffff",
    "a length in two bytes": "580161", "an array's length in two bytes": "980100", "cut off": "19ff",
    "a string cut off": "4361", "an array cut off": "8200", "a map": "a0", "a tag": "c000", "a float": "f90000",
    "undefined": "f7", "a simple value": "f0", "an indefinite string": "5f4161ff", "an indefinite array": "9f00ff",
    "a break": "ff", "reserved": "1c", "no UTF-8": "61ff", "a surrogate": "63eda080",
    "a string that claims 2^63 bytes": "5b8000000000000000", "an array that claims 2^63 items": "9b8000000000000000",
    "a thousand arrays": "81" * 1000 + "00",
}


class Cbor(unittest.TestCase):
    def test_what_is_written_reads_as_the_same(self):
        for value in VALUES:
            with self.subTest(value=value):
                self.assertEqual(cbor.decode(cbor.encode(value)), value)

    def test_examples_of_rfc_8949(self):
        for value, encoded in ((1000, "1903e8"), (-500, "3901f3"), ("ü", "62c3bc"), ([1, [2, 3]], "8201820203")):
            self.assertEqual(cbor.encode(value).hex(), encoded)

    def test_everything_else_is_refused(self):
        for name, encoded in REFUSED.items():
            with self.subTest(name), self.assertRaises(DecodeError):
                cbor.decode(bytes.fromhex(encoded))

    def test_one_byte_and_two_bytes_read_only_as_what_writes_them(self):
        for number in range(65_536):
            data = number.to_bytes(2, "big") if number > 255 else bytes([number])
            try:
                value = cbor.decode(data)
            except DecodeError:
                continue
            self.assertEqual(cbor.encode(value), data)

    def test_integers_too_large_are_not_written(self):
        with self.assertRaises(ValueError):
            cbor.encode(2**64)

    def test_shapes(self):
        for read, good, bad in ((cbor.uint, 0, (-1, True, None)), (cbor.boolean, True, (0, None)),
                                (cbor.hash32, bytes(32), (bytes(31), "x" * 32)),
                                (cbor.pubkey, b"\x01" + bytes(32), (bytes(33), b"\x01" + bytes(31))),
                                (cbor.hash_set, [bytes(32), b"\x01" * 32], ([bytes(32)] * 2, [b"\x01" * 32, bytes(32)]))):
            read(good)
            for value in bad:
                with self.subTest(read=read.__name__, value=value), self.assertRaises(DecodeError):
                    read(value)

    def test_signed_integers_fit_their_bits(self):
        for value in (-(2**31), 2**31 - 1):
            self.assertEqual(cbor.int_within(value, 32), value)
        for value in (-(2**31) - 1, 2**31):
            with self.assertRaises(DecodeError):
                cbor.int_within(value, 32)


if __name__ == "__main__":
    unittest.main()

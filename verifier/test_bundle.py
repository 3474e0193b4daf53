"""Section 15: bundles, whole, cut off, changed in one byte, or never bundles at all."""

import io
import random
import unittest

import bundle as bundle_module
from bundle import MAGIC, TooLarge, read_bundle
from keys import sha256
from report import lines_of, report_of
from workbench import Bench, Party, commitment_terms, content_of, frame


def small_bench() -> Bench:
    """Two parties, an offer with a content, its acceptance, a fork and its proof."""
    bench = Bench("small")
    founder = bench.found()
    other = Party("small other")
    chain = bench.chain(other, "other key")
    founder.add(2, [other.introduction(bench.space, chain.signer)])
    offer = founder.add(16, [None, 0, [1, commitment_terms(founder.party.id, other.id)]], content=content_of("wheat"))
    chain.add(18, [1, offer.id, 0], offer)
    founder.branch(offer).add(6, [None, 0])
    founder.add(6, [None, 0], chain.head)
    return bench


def proof_of(bench: Bench) -> list:
    one, two = sorted(bench.entries[-2:], key=lambda entry: entry.id)
    return [bench.chain(bench.founder, "founder key").signer.public, one.raw, two.raw]


def problems_of(data: bytes) -> list[str]:
    return read_bundle(io.BytesIO(data)).problems


def report(data: bytes) -> dict:
    return report_of(read_bundle(io.BytesIO(data)))


class Bundles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = small_bench()
        cls.data = cls.bench.bundle(proofs=[proof_of(cls.bench)])

    def test_a_good_one(self):
        result = report(self.data)
        self.assertEqual(result["problems"], [])
        self.assertEqual((result["entries"], result["contents"], result["contents_named"]), (6, 1, 1))
        self.assertEqual(len(result["proofs"]), 1)
        self.assertEqual([fork["seq"] for fork in result["forks"]], [3])
        self.assertEqual(result["commitments"][0]["phase"], "not agreed")
        self.assertTrue(any(line.startswith("digest") for line in lines_of(result)))

    def test_every_byte_counts_or_says_nothing(self):
        """A byte that may change unnoticed is one of the carrier's key or of `more`, and then nothing else changes."""
        whole = report(self.data)
        hello_key = range(len(MAGIC) + 5 + 3, len(MAGIC) + 5 + 3 + 32)
        more = len(MAGIC) + 5 + 35 + 5 + int.from_bytes(self.data[len(MAGIC) + 41:len(MAGIC) + 45], "big") - 1
        for at in range(len(self.data)):
            changed = bytearray(self.data)
            changed[at] ^= 1 << at % 8
            result = report(bytes(changed))
            if not result["problems"]:
                self.assertIn(at, [*hello_key, more])
                self.assertEqual(result, whole, at)
        self.assertIn(self.data[more], (0xF4, 0xF5))

    def test_a_bundle_cut_off_anywhere_is_noticed(self):
        for end in range(len(self.data)):
            self.assertTrue(problems_of(self.data[:end]), end)

    def test_an_end_says_how_many_entries_there_are(self):
        open_end = self.data[:-len(frame(11, 6))]
        self.assertEqual(problems_of(open_end + frame(11, 6)), [])
        self.assertTrue(problems_of(open_end + frame(11, 7)))
        self.assertTrue(problems_of(self.data + frame(11, 6)))

    def test_noise_is_never_more_than_a_problem(self):
        source = random.Random(1)
        for _ in range(500):
            noise = source.randbytes(source.randrange(200))
            self.assertTrue(problems_of(noise))
            self.assertTrue(problems_of(MAGIC + noise))
            self.assertTrue(problems_of(self.data + noise + b"\x00"))

    def test_noise_in_a_frame(self):
        source = random.Random(2)
        for kind in range(12):
            for _ in range(30):
                noise = source.randbytes(source.randrange(80))
                self.assertTrue(problems_of(self.data + bytes([kind]) + len(noise).to_bytes(4, "big") + noise))

    def test_what_does_not_belong(self):
        hello = frame(1, self.bench.founder.node.public)
        entries = self.data[len(MAGIC) + len(hello):]
        space = self.bench.space
        for name, data in {
            "no hello": MAGIC + entries,
            "two hellos": MAGIC + hello + hello + entries,
            "nothing but a hello": MAGIC + hello,
            "another magic": b"PEYGIR1\n" + hello + entries,
            "a frame of another space": self.data[:-1] + frame(7, [bytes(32), [], False]),
            "a frame of heads": MAGIC + hello + frame(5, [space, [], None]) + entries,
            "a content beside its entry": MAGIC + hello + frame(7, [space, [[self.bench.entries[0].raw, b"x"]], False]),
            "a content that is missing": MAGIC + hello + frame(9, [space, bytes(32), 0, 0, 0, b""]) + entries,
            "entries behind a proof": self.data + frame(7, [space, [], False]),
            "a payload of 8 MiB and one byte": self.data + b"\x07\x00\x80\x00\x01",
        }.items():
            with self.subTest(name):
                self.assertTrue(problems_of(data))

    def test_entries_before_their_parents_are_noticed_and_judged(self):
        turned = self.bench.bundle(list(reversed(self.bench.entries)))
        self.assertTrue(problems_of(turned))
        self.assertEqual(report(turned)["digest"], report(self.data)["digest"])

    def test_an_entry_left_out_in_the_middle_is_noticed(self):
        for missing in range(4):
            entries = [entry for number, entry in enumerate(self.bench.entries) if number != missing]
            self.assertTrue(problems_of(self.bench.bundle(entries)), missing)

    def test_an_entry_twice_is_a_remark(self):
        result = report(self.bench.bundle([*self.bench.entries, self.bench.entries[2]]))
        self.assertEqual(result["problems"], [])
        self.assertEqual(len(result["remarks"]), 1)

    def test_contents(self):
        name, content = next(iter(self.bench.contents.items()))
        start = MAGIC + frame(1, self.bench.founder.node.public) + frame(
            7, [self.bench.space, [[entry.raw, None] for entry in self.bench.entries], False])

        def part(offset: int, data: bytes, size: int = len(content)) -> bytes:
            return frame(9, [self.bench.space, name, 1, size, offset, data])

        good = {"whole": part(0, content), "in two parts": part(0, content[:7]) + part(7, content[7:]),
                "not there": b"", "again": part(0, content) * 2}
        bad = {"cut off": part(0, content[:7]), "another": part(0, bytes(len(content))),
               "parts changed round": part(7, content[7:]) + part(0, content[:7]), "a part twice": part(0, content[:7]) * 2,
               "longer than it says": part(0, content + b"x"), "of another length": part(0, content, len(content) + 1),
               "256 MiB and one byte": part(0, b"", 2**28 + 1), "of nothing": frame(
                   9, [self.bench.space, sha256(b"stray"), 1, 5, 0, b"stray"])}
        for frames, expected in ((good, 1), (bad, 0)):
            for what, data in frames.items():
                with self.subTest(what):
                    end = frame(11, len(self.bench.entries))
                    self.assertEqual(not problems_of(start + data + end), bool(expected))

    def test_more_than_this_verifier_takes(self):
        limit, bundle_module.MAX_ENTRIES = bundle_module.MAX_ENTRIES, 3
        try:
            with self.assertRaises(TooLarge):
                problems_of(self.data)
        finally:
            bundle_module.MAX_ENTRIES = limit
        with self.assertRaises(TooLarge):
            problems_of(self.data + frame(5, []) * (bundle_module.MAX_PROBLEMS + 1))


if __name__ == "__main__":
    unittest.main()

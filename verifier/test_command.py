"""The command as an auditor runs it: exit codes, and no traceback whatever the file is."""

import contextlib
import io
import json
import random
import tempfile
import unittest
from pathlib import Path

from cbor import encode
from peygir_verify import CANNOT, DOES_NOT_VERIFY, VERIFIES, main
from test_bundle import proof_of, small_bench
from test_vectors import DIRECTORY

# Of each whole space so many places are changed; test_bundle tries every place of a small one.
PLACES = 5


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(arguments))
        except SystemExit as stop:   # argparse on wrong usage
            code = stop.code
    return code, out.getvalue(), err.getvalue()


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, data: bytes) -> str:
        path = self.folder / "file"
        path.write_bytes(data)
        return str(path)

    def test_a_bundle(self):
        path = self.file(small_bench().bundle())
        code, out, _ = run("bundle", path)
        self.assertEqual(code, VERIFIES)
        self.assertIn("\ndigest", out)
        code, out, _ = run("bundle", path, "--json")
        self.assertEqual((code, json.loads(out)["verifies"]), (VERIFIES, True))

    def test_terms_show_who_signed_them(self):
        _, out, _ = run("bundle", self.file(small_bench().bundle()), "--json")
        terms, = json.loads(out)["commitments"][0]["terms"]
        self.assertEqual((terms["outcome"], len(terms["signed"]), len(terms["unsigned"])), ("failed", 1, 1))

    def test_what_does_not_verify(self):
        data = small_bench().bundle()
        for bad in (data[:-1], data[:100], b"", b"PEYGIR0\n", b"\x00" * 1000, data[:200] + b"\x00" + data[201:]):
            for more in ((), ("--json",)):
                code, out, err = run("bundle", self.file(bad), *more)
                self.assertEqual((code, err), (DOES_NOT_VERIFY, ""))
                self.assertTrue("DOES NOT VERIFY" in out or not json.loads(out)["verifies"])

    def test_what_cannot_be_read(self):
        nowhere = str(self.folder / "nowhere")
        for arguments in (("bundle", nowhere), ("bundle", str(self.folder)), ("fork-proof", nowhere), ("vectors", nowhere),
                          (), ("bundle",), ("nonsense",)):
            code, out, err = run(*arguments)
            self.assertEqual((code, out), (CANNOT, ""), arguments)
            self.assertTrue(err)

    def test_vectors_that_are_none(self):
        for file in DIRECTORY.glob("*.json"):
            (self.folder / file.name).write_text("{}", "utf-8")
        self.assertEqual(run("vectors", str(self.folder))[0], CANNOT)

    def test_a_fork_proof(self):
        proof = encode(proof_of(small_bench()))
        for data in (proof, proof.hex().encode(), proof.hex().encode() + b"\n"):
            code, out, _ = run("fork-proof", self.file(data))
            self.assertEqual(code, VERIFIES, out)
        source = random.Random(3)
        for _ in range(100):
            changed = bytearray(proof)
            changed[source.randrange(len(proof))] ^= 1 << source.randrange(8)
            code, out, _ = run("fork-proof", self.file(bytes(changed)))
            self.assertEqual(code, DOES_NOT_VERIFY)
            self.assertIn("DOES NOT VERIFY", out)
        for data in (b"", b"\x83", b"no proof", bytes(10**6)):
            self.assertEqual(run("fork-proof", self.file(data))[0], DOES_NOT_VERIFY)

    def test_one_changed_byte_in_a_whole_space(self):
        """It is noticed, or it is one that says nothing and what the space comes to is the same."""
        source = random.Random(4)
        bundles = sorted((DIRECTORY / "spaces").iterdir())
        self.assertTrue(bundles)
        for path in bundles:
            data = path.read_bytes()
            whole = run("bundle", str(path), "--json")
            for at in (source.randrange(len(data)) for _ in range(PLACES)):
                changed = bytearray(data)
                changed[at] ^= 1 << source.randrange(8)
                code, out, err = run("bundle", self.file(bytes(changed)), "--json")
                with self.subTest(path=path.name, at=at):
                    self.assertEqual(err, "")
                    self.assertTrue(code == DOES_NOT_VERIFY or (code, out, err) == whole)


if __name__ == "__main__":
    unittest.main()

"""Every golden vector, and the state of every whole space. They stand in docs/vectors; without them this fails."""

import json
import unittest
from collections import Counter
from pathlib import Path

from vectors import FILES, SPACES, check_all

DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "vectors"


class Vectors(unittest.TestCase):
    def test_all(self):
        self.assertTrue(DIRECTORY.is_dir(), f"the vectors are not at {DIRECTORY}")
        checked = Counter()
        for file, name, wrong in check_all(DIRECTORY):
            checked[file] += 1
            with self.subTest(file=file, name=name):
                self.assertIsNone(wrong)
        self.assertEqual(set(checked), {*FILES, SPACES})
        for file in ("entries.json", "refused-entries.json", "identities.json"):
            self.assertGreater(checked[file], 50, file)

    def test_every_bundle_is_named(self):
        named = {vector["file"] for vector in json.loads((DIRECTORY / SPACES).read_text("utf-8"))}
        self.assertEqual({f"spaces/{path.name}" for path in (DIRECTORY / "spaces").iterdir()}, named)


if __name__ == "__main__":
    unittest.main()

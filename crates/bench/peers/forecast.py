"""The forecast beside its peers, one run, the same programmes: run from the root of the repository.

Installs NumPy and rustworkx into a folder that goes away. Times are of CPU. The peers draw independent triangular
lengths and reckon finishes; ours also draws what is in common, chances of being on time and criticality.
"""

import importlib.metadata
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

PEERS = ["numpy", "rustworkx"]
BENCH = ["cargo", "run", "--quiet", "--release", "-p", "bench", "--"]
SIZES = [1_000, 10_000, 100_000]


def programme(kind, commitments):
    """Low, likely, high of each commitment, and what it waits for."""
    text = subprocess.run(BENCH + [kind, str(commitments)], check=True, capture_output=True, text=True).stdout
    rows = [[int(word) for word in line.split()] for line in text.splitlines() if line]
    return [tuple(row[:3]) for row in rows], [row[3:] for row in rows]


def numpy_ms(lengths, before, samples):
    """CPU milliseconds per 1,000 samples, vectorised over samples, and the mean end."""
    import numpy

    chance = numpy.random.default_rng(1)
    start = time.process_time()
    finishes = []
    end = numpy.zeros(samples, dtype=numpy.float32)
    for (low, likely, high), waits in zip(lengths, before):
        finish = chance.triangular(low, likely, high, samples).astype(numpy.float32)
        if waits:
            latest = finishes[waits[0]]
            for other in waits[1:]:
                latest = numpy.maximum(latest, finishes[other])
            finish += latest
        finishes.append(finish)
        numpy.maximum(end, finish, out=end)
    return (time.process_time() - start) * 1e6 / samples, float(end.mean())


def rustworkx_ms(lengths, before, repeats):
    """CPU milliseconds of a longest path, and its length."""
    import rustworkx

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(lengths) + 1))
    # The last node ends everything, so that lengths can lie on edges.
    for at, waits in enumerate(before):
        graph.add_edges_from([(other, at, float(lengths[other][1])) for other in waits])
        graph.add_edge(at, len(lengths), float(lengths[at][1]))
    start = time.process_time()
    for _ in range(repeats):
        length = rustworkx.dag_weighted_longest_path_length(graph, lambda _from, _to, weight: weight)
    return (time.process_time() - start) * 1e3 / repeats, length


def measure():
    sizes = [size for size in SIZES if size <= int(sys.argv[2])]
    versions = ", ".join(f"{peer} {importlib.metadata.version(peer)}" for peer in PEERS)
    print(f"peers: Python {sys.version.split()[0]}, {versions}")
    for size in sizes:
        for kind in ["windowed", "uniform"]:
            lengths, before = programme(kind, size)
            samples = min(1_000, 20_000_000 // size)
            drawn, end = numpy_ms(lengths, before, samples)
            path, length = rustworkx_ms(lengths, before, max(1, 20_000 // size))
            print(
                f"{size} {kind}: NumPy {drawn:.1f} ms per 1,000 samples, mean end {end:.1f} days; "
                f"rustworkx longest path {path:.3f} ms, {length:.0f} days",
                flush=True,
            )


def main():
    most = sys.argv[1] if len(sys.argv) > 1 else "10000"
    subprocess.run(BENCH + ["forecast", most], check=True)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        subprocess.run([python, __file__, "--measure", most], check=True)


if __name__ == "__main__":
    measure() if sys.argv[1:2] == ["--measure"] else main()

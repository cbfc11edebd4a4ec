"""How long free text takes to be understood, and what loading that weighs; run on a quiet machine."""

import statistics
import time

import psutil

from training.phrases import read_all


def main() -> None:
    """Measure and print."""
    phrases = read_all()
    process = psutil.Process()
    before = process.memory_info().rss
    began = time.perf_counter()
    from locales.understanding import understand, weights  # noqa: PLC0415  # what it costs to load is measured

    weights()
    understand("bghit nwa9e3")
    loaded = time.perf_counter() - began
    print(f"loading: {loaded * 1000:.0f} ms, {(process.memory_info().rss - before) / 1e6:.1f} MB")
    for name, clock in (("wall", time.perf_counter), ("processor", time.process_time)):
        took = list[float]()
        for phrase in phrases:
            started = clock()
            understand(phrase.text)
            took.append((clock() - started) * 1000)
        cut = statistics.quantiles(took, n=20)[-1]
        print(f"a message ({name}): median {statistics.median(took):.2f} ms, 95 % under {cut:.2f} ms, of {len(took)}")


if __name__ == "__main__":
    main()

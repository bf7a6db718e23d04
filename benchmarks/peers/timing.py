"""Best and median of several runs after a warm-up."""
import json
import statistics
import time


def measure(run, repetitions=5):
    run()
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return {"best": min(seconds), "median": statistics.median(seconds)}


def report(results, as_json):
    if as_json:
        print(json.dumps(results))
        return
    for name, row in results.items():
        print(f"{name:42s} best {row['best'] * 1e3:10.2f} ms   median {row['median'] * 1e3:10.2f} ms")

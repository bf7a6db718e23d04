"""A peer's side of benchmarks/compare: line by line, `prepare key=value ...` answers the numbers that all must agree on, `run N` does
the work N times and answers the seconds. What a peer cannot do it answers by a line that begins with "error"."""
import os
import sys
import time

import numpy


class Problem:
    """A workload's settings, and its data in the folder that the project has written."""

    def __init__(self, words):
        settings = dict(word.split("=", 1) for word in words)
        self.folder = settings.pop("folder")
        self.work, self.form = settings.pop("work"), settings.pop("form")
        self.precision = settings.pop("precision", "f64")
        self.method, self.optimizer = settings.pop("method", None), settings.pop("optimizer", None)
        self.activation, self.rate = settings.pop("activation", None), float(settings.pop("rate", 0))
        for name, value in settings.items():
            setattr(self, name, int(value))

    def array(self, name):
        dtype = {"f32": numpy.float32, "f64": numpy.float64}[self.precision]
        return numpy.load(os.path.join(self.folder, name + ".npy")).astype(dtype)

    def layers(self):
        """Weights of shape B x n_l x n_{l-1} and biases of shape B x n_l."""
        depths = range(1, self.L + 1)
        return [self.array(f"W{l}") for l in depths], [self.array(f"b{l}") for l in depths]


def some(numbers):
    """Up to some thousands of them, at the same places everywhere."""
    flat = numpy.asarray(numbers, dtype=numpy.float64).reshape(-1)
    return flat[:: max(1, flat.size // 2000)]


def serve(prepare):
    """prepare(problem) gives two functions: check(), which returns numbers, and run(times)."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    run = None
    for line in sys.stdin:
        words = line.split()
        try:
            if words[0] == "run":
                start = time.perf_counter()
                run(int(words[1]))
                print(time.perf_counter() - start, file=answers)
            else:
                run = None
                check, run = prepare(Problem(words[1:]))
                print(*(repr(float(number)) for number in check()), file=answers)
        except Exception as e:
            print("error", type(e).__name__, str(e).replace("\n", " "), file=answers)

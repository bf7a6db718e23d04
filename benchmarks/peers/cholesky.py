"""The Cholesky factorisation of a random diagonally dominant matrix in f64: n^3 / 3 floating-point operations.

SciPy (LAPACK's dpotrf of its OpenBLAS, in place) and PyTorch. Seconds are those of the processor if there is one thread, else of
the clock; set OPENBLAS_NUM_THREADS and OMP_NUM_THREADS to the number of threads.
"""
import argparse
import json
import statistics
import time

import numpy
import scipy.linalg
import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--order", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    clock = time.process_time if a.threads == 1 else time.perf_counter
    matrix = numpy.random.default_rng(1).random((a.order, a.order)) - 0.5
    matrix += matrix.T
    numpy.fill_diagonal(matrix, 4 * a.order**0.5)
    results = {"scipy": [], "torch": []}
    for _ in range(a.repetitions + 1):
        copy = numpy.asfortranarray(matrix.copy())
        start = clock()
        factor = scipy.linalg.cholesky(copy, lower=True, overwrite_a=True, check_finite=False)
        results["scipy"].append(clock() - start)
        tensor = torch.from_numpy(matrix.copy())
        start = clock()
        other = torch.linalg.cholesky(tensor)
        results["torch"].append(clock() - start)
    assert numpy.allclose(numpy.tril(factor), other.numpy(), rtol=1e-10, atol=1e-12)
    rates = {name: a.order**3 / 3 / statistics.median(seconds[1:]) / 1e9 for name, seconds in results.items()}
    print(json.dumps(rates) if a.json else "\n".join(f"{name:8s} {rate:6.1f} GFLOP/s" for name, rate in rates.items()))


if __name__ == "__main__":
    main()

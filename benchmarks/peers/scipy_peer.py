"""SciPy: LAPACK of its OpenBLAS."""
import scipy.linalg
from threadpoolctl import threadpool_limits
from worker import serve, some


def prepare(problem):
    threadpool_limits(problem.threads)
    a, b = problem.array("a"), problem.array("b")
    solve = lambda: scipy.linalg.cho_solve(scipy.linalg.cho_factor(a, lower=True, check_finite=False), b, check_finite=False)

    def run(times):
        for _ in range(times):
            solve()

    return lambda: some(solve()), run


if __name__ == "__main__":
    serve(prepare)

"""Processes that do the work of benchmarks/compare and benchmarks/growth: a line of orders, a line of numbers."""
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Worker:
    """A process that answers a line with a line."""

    def __init__(self, command, threads, log):
        environment = dict(os.environ, OMP_WAIT_POLICY="PASSIVE", OMP_NUM_THREADS=str(threads))
        if "java" not in command[0]:
            # what helps this project's tests on some machine is no setting of a peer
            for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
                environment.pop(name, None)
            environment["OPENBLAS_NUM_THREADS"] = str(threads)
            if threads == 1:
                environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=HERE
        )
        if threads == 1:
            # JAX has no setting that keeps it from using more
            os.sched_setaffinity(self.process.pid, {sorted(os.sched_getaffinity(0))[0]})

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer or answer.startswith("error"):
            raise RuntimeError(answer.strip() or "the process ended; see log.txt")
        return [float(word) for word in answer.split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ours(threads, log):
    """This project's process; builds the benchmarks if they are not there."""
    jar = HERE.parent / "target" / "benchmarks.jar"
    if not jar.exists():
        print("Building the benchmarks", file=sys.stderr)
        subprocess.run(["mvn", "-B", "-q", "-f", "reactor.xml", "-DskipTests", "package"], cwd=HERE.parent, check=True)
    return Worker(["java", "-Xmx4g", "-cp", str(jar), "io.github.finitentk.benchmarks.ComparisonWorker"], threads, log)


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()

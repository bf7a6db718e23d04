"""Runs what the pages show, as a reader would: every command of ntk, every block of shell, and all Python, page by page in a folder of its
own. What a block of Python prints must be what the page shows under it."""

import ast
import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

# What is not run here, by page and the line's beginning, and why.
NOT_RUN = [
    ("reproduction.md", "", "figures take minutes to hours; their runs are recorded, and tests draw each at a small size"),
    ("mnist.md", "", "takes the 60,000 images of MNIST, or minutes"),
    ("your-own-network.md", "", "run by YourOwnNetworkTest"),
    ("spark.md", "", "takes Spark; run by the tests of spark/"),
    ("releasing.md", "", "makes a release"),
    ("cluster.md", "sbatch", "takes Slurm"),
    ("performance.md", "", "benchmarks; their results are recorded"),
    ("README.md", "ntk figure 1", "run by ExamplesTest"),
]
# What is run smaller than it is shown.
SMALLER = [
    ("--width 256 --depth 5 --sigma-w2 6", "--width 32 --depth 5 --sigma-w2 6"),
    ("--samples 1024 --targets one-hot", "--samples 128 --targets one-hot"),
    ("--kernel-samples 128", "--kernel-samples 32"),
    ("--width 300 --depth 5", "--width 32 --depth 5"),
    ("--max-steps 500 --precision", "--max-steps 20 --precision"),
]
SPEC = "quantity: variance\nactivation: [relu, tanh]\nsigma_w2: {from: 1, to: 3, step: 1}\nsigma_b2: 1\ndepth: [2, 4, 6]\nwidth: [10, 20, 30]\n"


def blocks(text):
    """(kind, text) of what a page shows: 'sh' and 'python' fences, the 'text' under one, and indented commands of ntk."""
    for match in re.finditer(r"^```(\w*)\n(.*?)^```|^ {4}(?:\$ )?((?:\./)?ntk .*(?:\\\n.*)*)$", text, re.M | re.S):
        kind, fenced, line = match.groups()
        if line:
            line = re.sub(r"\\\n *", "", line)
            # After a command in text stands what it does, or an optional part.
            line = re.split(r"\s#|\s{3,}|\[", line)[0]
            yield "sh", line.strip()
        elif kind in ("sh", "python", "text"):
            yield kind, fenced


def prepare(folder):
    """The files that commands in the pages speak of."""
    networks = pathlib.Path("examples/your-own-network").resolve()
    run = folder / "run"
    run.mkdir()
    for file in (networks / "keras").glob("step-*.npz"):
        shutil.copy(file, run)
    for name in ("init.npz", "start.npz", "net0.npz"):
        shutil.copy(networks / "keras/step-0000.npz", folder / name)
    for name in ("net.npz", "final.npz"):
        shutil.copy(networks / "keras/step-1000.npz", folder / name)
    shutil.copy(networks / "torch/step-1000.safetensors", folder / "model.safetensors")
    for suffix in ("", "_test"):
        shutil.copy(networks / f"x{suffix}.npy", folder)
        shutil.copy(networks / f"labels{suffix}.npy", folder)
        shutil.copy(networks / f"labels{suffix}.npy", folder / f"y{suffix}.npy")
    (folder / "DIR").mkdir()


def before(page, shell):
    """What a page that begins in the middle takes for granted."""
    (pathlib.Path("spec.yaml")).write_text(SPEC)
    if page == "sweeps.md":
        shell("ntk sweep spec.yaml --out a.db; ntk sweep spec.yaml --out b.db --seed 1")
    if page == "cluster.md":
        shell("for k in $(seq 20); do ntk sweep spec.yaml --out run.db --shard $k/20 --quiet; done; rm run.shard-3-of-20.db")
        shell("ntk sweep spec.yaml --out small.db; ntk sweep spec.yaml --out other.db --seed 1")


class Reader:
    """Someone who follows a page."""

    def __init__(self, page, ntk, folder):
        self.page, self.folder, self.names, self.printed = page, folder, {}, None
        bin_ = folder / ".bin"
        bin_.mkdir()
        (bin_ / "ntk").write_text(f'#!/bin/sh\nexec "{ntk}" "$@"\n')
        (bin_ / "ntk").chmod(0o755)
        (folder / "ntk").symlink_to(bin_ / "ntk")
        jars = sorted(pathlib.Path("target").resolve().glob("finite-ntk-*-cli.jar"))
        if jars:
            (folder / "finite-ntk-cli.jar").symlink_to(jars[-1])
        self.environment = os.environ | {"PATH": f"{bin_}:{os.environ['PATH']}", "HOME": str(folder)}

    def shell(self, text):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], capture_output=True, text=True, env=self.environment,
                              timeout=600, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"

    def read(self, kind, text):
        if kind == "sh":
            for old, new in SMALLER:
                text = text.replace(old, new)
            self.shell(text)
        elif kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                tree = ast.parse(text)
                # As in a notebook, the value of a last expression is shown.
                last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, self.page, "exec"), self.names)
                if last is not None:
                    value = eval(compile(ast.Expression(last.value), self.page, "eval"), self.names)
                    if value is not None:
                        print(value)
            self.printed = out.getvalue()
            return
        elif self.printed is not None:
            shown, printed = text.rstrip(), self.printed.rstrip()
            assert shown == printed, f"it prints\n{printed}\nand not\n{shown}"
        self.printed = None


def main():
    ntk = pathlib.Path(shutil.which(sys.argv[1]) or sys.argv[1]).resolve()
    chosen = sys.argv[2:]
    root = pathlib.Path.cwd()
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    failures = commands = skipped = 0
    for page in pages:
        if chosen and page.name not in chosen:
            continue
        shown = list(blocks(page.read_text()))
        if not shown:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            os.chdir(root)
            folder = pathlib.Path(name)
            prepare(folder)
            reader = Reader(page.name, ntk, folder)
            os.chdir(folder)
            ready = False
            for kind, text in shown:
                plain = text.removeprefix("./")
                if any(page.name == p and plain.startswith(start) for p, start, _ in NOT_RUN):
                    skipped += 1
                    continue
                try:
                    if not ready and kind == "sh":
                        before(page.name, reader.shell)
                        ready = True
                    reader.read(kind, text)
                    commands += kind != "text"
                except (AssertionError, subprocess.TimeoutExpired) as e:
                    failures += 1
                    print(f"{page.name}: {text.strip()}\n  {e}", file=sys.stderr)
                except Exception:
                    failures += 1
                    print(f"{page.name}: {text.strip()}\n{traceback.format_exc(limit=-2)}", file=sys.stderr)
            os.chdir(root)
        print(f"{page.name}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{commands} commands and blocks of Python were run, {skipped} are run elsewhere or not, {failures} failed.")
    sys.exit(1 if failures or not commands else 0)


main()

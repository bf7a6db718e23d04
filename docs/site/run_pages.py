"""Runs every block of shell and of Python that the pages show, as a reader would, page by page in a folder of its own. What a block of Python
prints must be what the page shows under it."""

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

PATH = os.environ["PATH"]


def blocks(text):
    """(kind, text) of the blocks of shell and Python, and of the text that stands under one."""
    return re.findall(r"^```(sh|python|text)\n(.*?)^```", text, re.M | re.S)


def prepare(folder):
    """The files that commands in the pages speak of."""
    networks = pathlib.Path("examples/your-own-network").resolve()
    shutil.copy(networks / "keras/step-1000.npz", folder / "net.npz")
    shutil.copy(networks / "x.npy", folder)


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
        # For the pages' Python, too, which runs in this process.
        os.environ["PATH"] = f"{bin_}:{PATH}"
        self.environment = os.environ | {"HOME": str(folder)}

    def shell(self, text):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], capture_output=True, text=True, env=self.environment,
                              timeout=600, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"

    def read(self, kind, text):
        if kind == "sh":
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
    failures = commands = 0
    for page in pages:
        if chosen and page.name not in chosen:
            continue
        shown = blocks(page.read_text())
        if not shown:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            os.chdir(root)
            folder = pathlib.Path(name)
            prepare(folder)
            reader = Reader(page.name, ntk, folder)
            os.chdir(folder)
            for kind, text in shown:
                try:
                    reader.read(kind, text)
                    commands += kind != "text"
                except (AssertionError, subprocess.TimeoutExpired) as e:
                    failures += 1
                    print(f"{page.name}: {text.strip()}\n  {e}", file=sys.stderr, flush=True)
                except Exception:
                    failures += 1
                    print(f"{page.name}: {text.strip()}\n{traceback.format_exc(limit=-2)}", file=sys.stderr)
            os.chdir(root)
        print(f"{page.name}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{commands} blocks were run, {failures} failed.")
    sys.exit(1 if failures or not commands else 0)


main()

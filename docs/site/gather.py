"""Gathers the pages of the site: docs/, what the repository has beside it, and the page of columns. Links to other files of the
repository become links to its web page, after a look whether the file is there."""

import pathlib
import re
import shutil
import sys

REPOSITORY = re.search(r"^repository-code: (\S+)$", pathlib.Path("CITATION.cff").read_text(), re.M).group(1)
LINK = re.compile(r"(?<!\!)(\[[^\]]*\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
BESIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md",
          "benchmarks/README.md": "benchmarks.md", "benchmarks/peers/README.md": "peers.md"}


def relinked(text, source):
    """The text of a page, in which every link leads to a page of the site or to a file's web page."""

    def replace(match):
        before, target, after = match.groups()
        if re.match(r"[a-z]+:", target):
            return match.group(0)
        file = (source.parent / target).resolve().relative_to(pathlib.Path.cwd())
        if str(file).startswith("docs/reference/") or str(file) == "docs/columns.md":
            return match.group(0)
        if not file.exists():
            sys.exit(f"{source} links to {target}, which does not exist.")
        if str(file) in BESIDE:
            return before + BESIDE[str(file)] + after
        if file.parts[0] == "docs" and file.suffix == ".md":
            return before + str(file.relative_to("docs")) + after
        if str(file) == "README.md":
            return before + "index.md)"
        return f"{before}{REPOSITORY}/{'tree' if file.is_dir() else 'blob'}/main/{file}{after}"

    parts = re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.M | re.S)
    return "".join(part if i % 2 else LINK.sub(replace, part) for i, part in enumerate(parts))


def columns():
    """Every column of every quantity, from the tables that ColumnsGuideTest writes into docs/sweeps.md."""
    guide = pathlib.Path("docs/sweeps.md").read_text()
    tables = re.findall(r"<!-- columns of (.*?) -->\n(.*?)<!-- end -->", guide, re.S)
    assert len(tables) >= 8, "docs/sweeps.md has lost its tables of columns"
    page = ["# Columns of all quantities\n", "What each column of a run file, an export and a report's table is, as the quantities declare",
            "it. What the quantities compute and which settings they take: [sweeps](sweeps.md).\n"]
    for name, table in tables:
        title = {"every run": "Of every run", "pairs": "`variance` of pairs (`correlation`)"}.get(name, f"`{name}`")
        page += [f"## {title}\n", table]
    return "\n".join(page)


def main():
    to = pathlib.Path(sys.argv[1])
    pages = {page.name: page for page in pathlib.Path("docs").glob("*.md")}
    pages |= {name: pathlib.Path(file) for file, name in BESIDE.items()}
    for name, page in pages.items():
        (to / name).write_text(relinked(page.read_text(), page))
    (to / "columns.md").write_text(columns())
    shutil.copytree("docs/images", to / "images")
    # A page that no table of contents names stands at the end of the guides, rather than nowhere.
    index = (to / "index.md").read_text()
    named = set(re.findall(r"^(?:.*<)?([a-z0-9-]+)>?$", index, re.M)) | {"index"}
    more = sorted(name.removesuffix(".md") for name in [*pages, "columns.md"] if name.removesuffix(".md") not in named)
    (to / "index.md").write_text(index.replace("%more%\n", "".join(f"{name}\n" for name in more)))


main()

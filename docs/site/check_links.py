"""Checks the built site, and the Markdown files of the repository: every link leads to a file and an anchor that exist, and no
page loads anything from elsewhere."""

import html.parser
import pathlib
import re
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """A page's anchors, its links, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in ("script", "img", "iframe") and "src" in attributes:
            self.loads.append(attributes["src"])
        if tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(attributes["href"])


def site(root, problems):
    pages = {path.resolve(): Page(path.read_text()) for path in root.rglob("*.html")}
    for path, page in pages.items():
        for target in page.links + page.loads:
            url = urllib.parse.urlsplit(target)
            if url.scheme or url.netloc:
                if target in page.loads and url.scheme != "data":
                    problems.append(f"{path} loads {target}")
                continue
            file = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path.resolve()
            if not file.exists():
                problems.append(f"{path}: {target} does not exist")
            elif url.fragment and file.suffix == ".html":
                anchors = pages[path.parent.joinpath(urllib.parse.unquote(url.path)).resolve()].anchors if url.path else page.anchors
                if urllib.parse.unquote(url.fragment) not in anchors:
                    problems.append(f"{path}: {target} has no such anchor")
    for style in root.rglob("*.css"):
        for target in re.findall(r"url\(['\"]?(https?:[^)'\"]*)|@import ['\"]?(https?:[^'\"]*)", style.read_text()):
            problems.append(f"{style} loads {''.join(target)}")
    return len(pages)


def slug(heading):
    """An anchor as GitHub makes it."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def markdown(problems):
    files = [pathlib.Path(name) for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
    files += [*pathlib.Path("docs").glob("*.md"), *pathlib.Path("benchmarks").rglob("*.md")]
    for file in files:
        text = re.sub(r"^```.*?^```|`[^`\n]+`", "", file.read_text(), flags=re.M | re.S)
        for target, anchor in re.findall(r"\]\(([^)\s#]*)(#[^)\s]*)?\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            to = file.parent / target if target else file
            generated = to.parts[:2] == ("docs", "reference") or str(to) == "docs/columns.md"
            if not generated and not to.exists():
                problems.append(f"{file}: {target} does not exist")
            elif anchor and to.suffix == ".md" and not generated:
                headings = re.findall(r"^#+ (.*)$", to.read_text(), re.M)
                if anchor[1:] not in {slug(heading) for heading in headings}:
                    problems.append(f"{file}: {target}{anchor} has no such heading")
    return len(files)


def main():
    problems = []
    pages = site(pathlib.Path(sys.argv[1]), problems)
    files = markdown(problems)
    print("\n".join(problems) or f"All links of {pages} pages and {files} files lead somewhere.")
    sys.exit(1 if problems else 0)


main()

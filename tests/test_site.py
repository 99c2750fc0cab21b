"""The site made of the pages: no link leads nowhere, and it asks nothing of any other host. Needs the extra `docs`."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("material", reason="mkdocs-material, of the extra `docs`, is missing")
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("link", "href"),
    ("form", "action"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


class Page(HTMLParser):
    """What a page fetches, where it leads, and which places it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if (tag, name) in FETCHED and value:
                self.fetched.add(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.add(value)
            elif name == "id" and value:
                self.places.add(value)


def test_every_page_is_there_and_every_link_leads_somewhere(site: Path) -> None:
    pages = {path: Page(path) for path in site.glob("*.html") if path.name != "404.html"}
    beside = {"index.html", "contents.html", "contributing.html", "changes.html", "security.html", "conduct.html"}
    expected = {path.with_suffix(".html").name for path in (ROOT / "docs").glob("*.md")} | beside
    assert {path.name for path in pages} == expected
    for path, page in pages.items():
        for link in (*page.links, *page.fetched):
            target, _, place = link.partition("#")
            goal = path.parent / target if target else path
            if "://" not in target:
                assert goal.is_file(), (path.name, link)
                assert not place or goal.suffix != ".html" or place in {*pages[goal].places, "__skip"}, (
                    path.name,
                    link,
                )


def test_nothing_is_fetched_from_another_host(site: Path) -> None:
    for path in site.glob("*.html"):
        assert [link for link in Page(path).fetched if "//" in link] == [], path.name
    for sheet in site.rglob("*.css"):
        assert re.findall(r"url\(['\"]?(?:https?:)?//[^)]*", sheet.read_text(encoding="utf-8")) == [], sheet.name

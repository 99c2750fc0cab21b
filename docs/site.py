"""Put the pages that lie beside this folder into the site, and let all links lead where they lie there: `make site`."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
MOVED = {
    "README.md": "index.md",
    "docs/index.md": "contents.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "CODE_OF_CONDUCT.md": "conduct.md",
    "SECURITY.md": "security.md",
}
"""Pages by their place in the repository, and what they are called on the site; all others are called as in docs/."""
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
_NESTED = re.compile(r"^(?P<code>```.*?^```$)|^(?P<indent> +)(?=- )", re.M | re.S)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of `MOVED`."""
    files.remove(files.get_file_from_path("index.md"))
    for place, name in MOVED.items():
        files.append(File.generated(config, name, content=(ROOT / place).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links lead to pages of the site, and have lists inside of lists as far in as Python's Markdown wants them.

    A link to a file that is no page, such as LICENSE, becomes the words it has.
    """
    home = next((place for place, name in MOVED.items() if name == page.file.src_uri), f"docs/{page.file.src_uri}")

    def led(link: re.Match[str]) -> str:
        words, target, anchor = link[1], link[2], link[3] or ""
        if not target or "://" in target:
            return link[0]
        place = posixpath.normpath(posixpath.join(posixpath.dirname(home), target))
        name = MOVED.get(place, place.removeprefix("docs/"))
        return f"[{words}]({name}{anchor})" if files.get_file_from_path(name) else words

    def set_in(found: re.Match[str]) -> str:
        return found[0] if found["code"] else 2 * found["indent"]

    return _LINK.sub(led, _NESTED.sub(set_in, markdown))

"""The documentation is true: its commands, scripts and programs run, its links lead somewhere, its tables are complete.

A comment above a code block says what becomes of it: `<!-- file: NAME -->` writes it into the page's own folder (with
`, wrong` for a script with mistakes), `<!-- runs -->` runs it there and compares what it prints. A line `...` stands for
any lines, and `/home/you` for the folder. A picture on a page is one that the page's own commands have drawn.
"""

from __future__ import annotations

import importlib
import inspect
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.cli.manual import man_page
from tests.script.messages import codes_page
from tests.speech import test_engines as contract
from voiceguide.author.schema import keys_page
from voiceguide.cli.app import app
from voiceguide.codes import CODES
from voiceguide.loading import examine
from voiceguide.script.grammar import KINDS
from voiceguide.speech.engine import Engine

ROOT = Path(__file__).parent.parent
PRINTED = {"keys.md": keys_page, "codes.md": codes_page, "voiceguide.1": man_page}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
HOME = "/home/you"
LANGUAGES = {"bat", "console", "json", "python", "sh", "text", "toml", "yaml"}
WORKPLACE = r"/tmp/|/root\b|\bTODO\b|\bFIXME\b|\bXXX\b"

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*) -->\n)?^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.M | re.S
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A code block of a page, and what the comment above it says."""

    language: str
    text: str
    mark: str

    @property
    def file(self) -> str:
        """The name of the file that it is, or an empty text."""
        found = re.fullmatch(r"file: (\S+?)(, wrong)?", self.mark)
        return found[1] if found else ""


def blocks(page: Path) -> list[Block]:
    return [
        Block(found["language"], found["text"], found["mark"] or "")
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def prose(page: Path) -> str:
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def pictures(page: Path) -> list[Path]:
    return [page.parent / link for link in _PICTURE.findall(prose(page))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=name)


# What runs


@dataclass(frozen=True)
class Desk:
    """A folder in which a page is tried out, block after block."""

    folder: Path

    def run(self, command: str) -> str:
        """Return what *command* prints, both streams together."""
        arguments = [sys.executable, "-m", *shlex.split(command)]
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            arguments, cwd=self.folder, env=environment, text=True, timeout=60, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        return done.stdout

    def keep(self, block: Block) -> None:
        """Write the file that *block* is; a script must say no more than it should."""
        path = self.folder / block.file
        path.write_text(block.text, encoding="utf-8")
        if block.language == "yaml":
            assert bool(examine(path)[1]) is block.mark.endswith(", wrong"), str(examine(path)[1])

    def install(self, block: Block) -> None:
        """Do what pip would do with the entry points of a `pyproject.toml`."""
        groups = tomllib.loads(block.text)["project"]["entry-points"]
        lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in made.items()) for group, made in groups.items()]
        package = "-".join(key for made in groups.values() for key in made)
        home = self.folder / f"{package}-1.dist-info"
        home.mkdir()
        (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n", encoding="utf-8")
        (home / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")

    def try_commands(self, block: Block) -> None:
        """Run every command of *block* and compare what it prints."""
        for command, shown in commands_shown(block.text):
            same(shown, self.run(command).replace(str(self.folder), HOME), command)


def commands_shown(text: str) -> Iterator[tuple[str, str]]:
    """Yield every command line of a console block and what is shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def same(shown: str, printed: str, what: str) -> None:
    """Check that *printed* is what the page shows, spaces at line ends and blank lines around it aside."""
    expected = "\n".join(
        re.escape(line.rstrip()) if line != "..." else r"(?:.*\n)*?.*" for line in shown.strip().split("\n")
    )
    actual = "\n".join(line.rstrip() for line in printed.strip().split("\n"))
    assert re.fullmatch(expected, actual), f"{what}\n\nshown:\n{shown}\nprinted:\n{printed}"


def try_program(block: Block) -> str:
    """Return what the program in *block* prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(block.text, "an example", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return Desk(Path(os.path.realpath(tmp_path)))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if any(b.mark for b in blocks(page))], ids=name)
def test_what_a_page_shows_is_what_happens(page: Path, desk: Desk) -> None:
    printed: str | None = None
    for block in blocks(page):
        if printed is not None and block.language == "text":
            same(block.text, printed, "a program")
        printed = None
        if block.file:
            desk.keep(block)
        elif block.language == "toml":
            desk.install(block)
        elif block.mark == "runs" and block.language == "console":
            desk.try_commands(block)
        elif block.mark == "runs":
            printed = try_program(block)
        else:
            assert not block.mark, f"what is {block.mark!r}?"
    for picture in pictures(page):
        drawn = (desk.folder / picture.name).read_text(encoding="utf-8")
        assert picture.read_text(encoding="utf-8") == drawn, f"{name(picture)}: run `make docs`"


@every_page
def test_code_blocks_have_a_language_that_is_known(page: Path) -> None:
    assert {block.language for block in blocks(page)} <= LANGUAGES
    assert "```" not in prose(page)


def command_lines() -> Iterator[tuple[str, str]]:
    """Yield every command line of voiceguide on every page with the page's name, wrong ones aside that show it."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "console":
                shown = dict(commands_shown(block.text))
                yield from ((name(page), line) for line in shown if "\nError: " not in shown[line])
            elif block.language in ("bat", "sh"):
                found = re.findall(r"^(?:uv run --no-sync )?(voiceguide .*)$", block.text, re.M)
                yield from ((name(page), line) for line in found)
        yield from ((name(page), line) for line in re.findall(r"`(voiceguide (?:-|[a-z]+\b)[^`]*)`", prose(page)))


LINES = list(dict.fromkeys(command_lines()))


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line}" for page, line in LINES])
def test_every_command_line_is_understood(page: str, line: str) -> None:
    group: Any = typer.main.get_command(app)
    root = group.make_context("voiceguide", [], resilient_parsing=True)
    arguments = shlex.split(line)[1:]
    if arguments[0].startswith("-"):
        assert arguments[0] in {option for known in group.params for option in known.opts}
        return
    called, command, rest = group.resolve_command(root, arguments)
    required = [word for word in ("ROUTINE", "FILE", "CODE") if len(rest) == 0 and called in NEED[word]]
    command.make_context(called, [*rest, *required, *(["-o", "x.wav"] if called == "export" and not rest else [])])


NEED = {
    "ROUTINE": {"show", "plan", "play", "export", "fit", "transcript"},
    "FILE": {"check", "format", "new", "watch"},
    "CODE": {"explain"},
}
"""A command named alone in running text, as in `voiceguide plan`, is given what it cannot do without."""


def test_there_are_command_lines_to_be_tested() -> None:
    assert len(LINES) > 40


def test_the_readme_names_every_command() -> None:
    group: Any = typer.main.get_command(app)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in group.commands if f"| `voiceguide {command}" not in text] == []


# Plug-ins


def page_files(page: Path, desk: Desk) -> None:
    """Write the files and install the entry points of *page*."""
    for block in blocks(page):
        if block.file:
            desk.keep(block)
        elif block.language == "toml":
            desk.install(block)


CONTRACT = [
    test
    for title, test in vars(contract).items()
    if title.startswith("test_") and "engine" in inspect.signature(test).parameters
]


@pytest.mark.slow
@pytest.mark.parametrize("test", CONTRACT, ids=lambda test: str(test.__name__))
def test_the_engine_of_the_page_keeps_the_contract(
    test: Any, desk: Desk, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page_files(ROOT / "docs" / "engines.md", desk)
    monkeypatch.delitem(sys.modules, "morse", raising=False)
    engine: Engine = importlib.import_module("morse").MorseEngine()
    test(**{"engine": engine, "capfd": capfd} if "capfd" in inspect.signature(test).parameters else {"engine": engine})


@pytest.mark.slow
def test_the_output_of_the_page_plays(desk: Desk) -> None:
    page_files(ROOT / "docs" / "engines.md", desk)
    script = "routine: Short\nlength: 1s..1s..1m\nsteps: [{name: a, say: One., for: 1s}]\n"
    (desk.folder / "short.yaml").write_text(script, encoding="utf-8")
    assert "played 0:01 of 0:01, no gaps" in desk.run("voiceguide play short.yaml --engine tone --output nobody")


# What is complete


@pytest.mark.parametrize("printed", PRINTED)
def test_printed_pages_are_up_to_date(printed: str) -> None:
    assert (ROOT / "docs" / printed).read_text(encoding="utf-8") == PRINTED[printed](), "run `make docs`"


@pytest.mark.parametrize("reader", ["mandoc -T lint -W all", "groff -man -T utf8 -ww"])
def test_the_manual_page_is_read_without_a_warning(reader: str) -> None:
    if shutil.which(reader.split()[0]) is None:
        pytest.skip(f"{reader.split()[0]} is missing")
    page = str(ROOT / "docs" / "voiceguide.1")
    done = subprocess.run([*reader.split(), page], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert reader.startswith("groff") or done.stdout == ""


def test_every_code_is_explained_and_every_key_is_listed() -> None:
    codes, keys = ((ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("codes.md", "keys.md"))
    assert [code for code in CODES if f"\n### {code}\n" not in codes] == []
    assert [key.name for kind in KINDS.values() for key in kind.keys if f"\n| `{key.name}` |" not in keys] == []


def test_the_workshop_page_leads_to_every_warning() -> None:
    text = (ROOT / "docs" / "workshop.md").read_text(encoding="utf-8")
    warnings = [code for code in CODES if CODES[code].severity == "warning"]
    assert [code for code in warnings if f"(codes.md#{code})" not in text] == []


def test_the_language_page_speaks_of_every_key() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    missing = {key.name for kind in KINDS.values() for key in kind.keys if not re.search(rf"\b{key.name}\b", text)}
    assert missing == set()


def test_the_library_page_speaks_of_every_public_name() -> None:
    import voiceguide

    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    assert [public for public in voiceguide.__all__ if not re.search(rf"\| `{public}\b", text)] == []


def test_the_house_has_a_floor_for_every_room() -> None:
    text = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    inside = (ROOT / "voiceguide").iterdir()
    rooms = {
        f"{p.name}/" if p.is_dir() else p.name for p in inside if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert sorted(room for room in rooms if f"`{room}`" not in text) == []


def test_the_glossary_is_in_order_and_has_each_word_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)[1:]
    assert rows == sorted(dict.fromkeys(rows), key=lambda row: row.replace("(", ""))


# What leads somewhere


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of *page*, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@every_page
def test_links_inside_the_documentation_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page)):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = page.parent / target if target else page
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


def test_every_picture_is_on_a_page() -> None:
    assert {picture for page in PAGES for picture in pictures(page)} == set((ROOT / "docs" / "pictures").iterdir())


@every_page
def test_files_that_are_named_are_there(page: Path) -> None:
    for path in re.findall(r"`((?:voiceguide|tests|scripts|sounds|docs)/[\w./-]*)`", prose(page)):
        assert (ROOT / path).exists() or path in ("scripts/", "sounds/"), path


def test_the_index_names_every_page() -> None:
    links = _LINK.findall((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"} <= set(links)


@every_page
def test_no_page_speaks_of_where_it_was_written(page: Path) -> None:
    assert re.findall(WORKPLACE, page.read_text(encoding="utf-8")) == []

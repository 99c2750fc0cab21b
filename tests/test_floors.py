"""The rules of the house, read from the imports: floors, purity, and what importing costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "voiceguide"
FLOORS = (
    ("nouns",),
    ("units", "source", "columns", "limits", "address", "clips", "envelope"),
    ("codes", "anchor", "spoken"),
    ("diagnostics", "timeline"),
    ("script",),
    ("plan", "audio"),
    ("entries",),
    ("author", "files", "plugins", "terminal"),
    ("speech", "library", "places"),
    ("loading", "clip_store"),
    ("session",),
    ("export", "play"),
    ("web", "hear"),
    ("cli", "__init__"),
    ("__main__",),
)
"""The rooms, floor by floor: a room knows only rooms on lower floors, and itself."""
PURE = (
    "nouns",
    "units",
    "source",
    "columns",
    "limits",
    "address",
    "clips",
    "envelope",
    "codes",
    "anchor",
    "spoken",
    "diagnostics",
    "timeline",
    "script",
    "plan",
    "audio",
    "author",
)
IMPURE = {"os", "sys", "time", "random", "logging", "threading", "subprocess", "pathlib", "io", "datetime", "shutil"}
IMPURE |= {
    "tempfile",
    "socket",
    "asyncio",
    "multiprocessing",
    "concurrent",
    "miniaudio",
    "soundfile",
    "secrets",
    "uuid",
}
LARGEST = 400


def floor_of(room: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(text: str) -> list[str]:
    """Return every module that *text* imports when it runs, inside functions too, but not for type checkers only."""
    found: list[str] = []

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(ast.parse(text))
    return found


def offences(room: str, text: str) -> list[str]:
    """Return what *text*, a module of *room*, imports against the rules."""
    found = []
    for module in imports(text):
        parts = module.split(".")
        if parts[0] == "voiceguide":
            other = parts[1] if len(parts) > 1 else "__init__"
            if other != room and floor_of(other) >= floor_of(room):
                found.append(f"{room} knows {other}")
        elif room in PURE and parts[0] in IMPURE:
            found.append(f"{room} imports {parts[0]}")
    return found


FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if not {"scripts", "sounds"} & set(path.relative_to(PACKAGE).parts)
)


def test_modules_know_only_lower_floors_and_pure_floors_stay_pure() -> None:
    assert len(FILES) > 100
    found = {str(path): offences(room_of(path), path.read_text(encoding="utf-8")) for path in FILES}
    assert {path: found[path] for path in found if found[path]} == {}


def test_no_file_is_over_400_lines() -> None:
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: lengths[path] for path in lengths if lengths[path] > LARGEST} == {}


def prints(text: str) -> list[str]:
    """Return how *text* writes to the terminal otherwise than through its one door."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "print",
            "typer.echo",
            "typer.secho",
            "click.echo",
        ):
            found.append(ast.unparse(node.func))
        elif isinstance(node, ast.Attribute) and node.attr in ("write", "writelines", "buffer"):
            found += [ast.unparse(node)] * ast.unparse(node).startswith(("sys.stdout", "sys.stderr"))
    return found


def test_all_that_is_printed_goes_through_one_door() -> None:
    found = {str(path): prints(path.read_text(encoding="utf-8")) for path in FILES if path.name != "terminal.py"}
    assert {path: found[path] for path in found if found[path]} == {}
    for planted in ("print(1)", "typer.echo(1)", "sys.stdout.write('')", "sys.stderr.buffer"):
        assert prints(planted) == [planted.partition("(")[0]]
    assert prints("file.write('')") == []


def test_planted_offences_are_found() -> None:
    assert offences("script", "from voiceguide.plan.fit import fit") == ["script knows plan"]
    assert offences("plan", "def f():\n    import voiceguide.audio.mix") == ["plan knows audio"]
    assert offences("audio", "import os.path") == ["audio imports os"]
    assert offences("speech", "from voiceguide.audio.clip import Clip\nimport os") == []
    assert offences("plan", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os") == []


def test_importing_voiceguide_loads_nothing_heavy() -> None:
    code = "import sys, voiceguide; print(sorted({'numpy', 'yaml', 'typer', 'rich', 'miniaudio'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_loads_neither_numpy_nor_yaml_nor_rich() -> None:
    code = "import sys, voiceguide.cli.app as a; print(sorted({'numpy', 'yaml', 'miniaudio', 'onnxruntime'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_public_name_is_there_and_documented() -> None:
    import voiceguide

    for name in voiceguide.__all__:
        assert getattr(voiceguide, name).__doc__, name
    assert len(voiceguide.__all__) <= 16
    assert all(name in (voiceguide.__doc__ or "") for name in voiceguide.__all__ if name != "routines")

"""Entry points are found as `importlib.metadata` finds them, which is slower."""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import (
    Distribution,
    EntryPoint,
    PackageNotFoundError,
    PathDistribution,
    distributions,
    entry_points,
)
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.entries import Entry, _listed, entries_of, version

GROUP = "voiceguide.engines"


def package(place: Path, name: str, text: str | bytes, ending: str = ".dist-info") -> Path:
    info = place / f"{name}{ending}"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.partition('-')[0]}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def pythons(group: str) -> list[tuple[str, str]]:
    return sorted((entry.name, entry.value) for entry in entry_points(group=group))


def ours(group: str) -> list[tuple[str, str]]:
    return sorted((entry.name, entry.value) for entry in entries_of(group))


@pytest.mark.parametrize("group", [GROUP, "voiceguide.outputs", "console_scripts", "pytest11", "not.there"])
def test_what_is_installed_here_is_found(group: str) -> None:
    assert ours(group) == pythons(group)


def test_packages_in_folders_are_found_the_first_of_a_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    package(
        first, "strange-1.0", f"[other]\nx = y\n\n [{GROUP}] \r\n# no\n a = b.c : D.e [extra]\nb=c\n[last]\nz = z\n"
    )
    package(second, "Strange-2.0", f"[{GROUP}]\nold = old:Old\n")
    package(second, "older-2.0", f"[{GROUP}]\nolder = older:Old\n", ".egg-info")
    package(second, "nothing-1.0", "")
    (second / "single-1.0.egg-info").write_text("Name: single\n")
    for place in (second, first):
        monkeypatch.syspath_prepend(place)
    monkeypatch.syspath_prepend(tmp_path / "not there")
    assert ours(GROUP) == pythons(GROUP)
    assert {("a", "b.c : D.e [extra]"), ("b", "c"), ("older", "older:Old")} < set(ours(GROUP))
    assert "old" not in dict(ours(GROUP))


def test_packages_in_the_folder_one_is_in_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "here-1.0", f"[{GROUP}]\nhere = here:Here\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert ("here", "here:Here") in ours(GROUP)
    assert ours(GROUP) == pythons(GROUP)


@pytest.mark.parametrize("archive", ["packed.zip", "packed.egg"])
def test_packages_in_archives_are_found(archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / archive, "w") as packed:
        packed.writestr("packed-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: packed\nVersion: 1.0\n")
        packed.writestr("packed-1.0.dist-info/entry_points.txt", f"[{GROUP}]\npacked = packed:P\n")
    monkeypatch.syspath_prepend(tmp_path / archive)
    assert ("packed", "packed:P") in ours(GROUP)
    assert ours(GROUP) == pythons(GROUP)


def test_an_egg_that_is_a_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = package(tmp_path / "laid-1.0-py3.egg", "EGG-INFO", f"[{GROUP}]\nlaid = laid:L\n", "") / "EGG-INFO"
    (info / "METADATA").rename(info / "PKG-INFO")
    monkeypatch.syspath_prepend(info.parent)
    assert ("laid", "laid:L") in ours(GROUP)


def test_a_finder_of_another_kind_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Finder:
        @staticmethod
        def find_spec(*_: object) -> None: ...

        @staticmethod
        def find_distributions(*_: object) -> list[PathDistribution]:
            return [PathDistribution(package(tmp_path, "found-1.0", f"[{GROUP}]\nf = f:F\n") / "found-1.0.dist-info")]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert ("f", "f:F") in ours(GROUP)


def test_what_cannot_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ours(GROUP)
    package(tmp_path, "damaged-1.0", b"[voiceguide.engines]\n\xff\xfe = x\n")
    (tmp_path / "folder-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    assert ours(GROUP) == before


pieces = st.sampled_from(
    ["[g]", "[other]", "[", "]", "a = b", "a=b:c", "# a = b\n", " ", "\n", "\n", "\t", "\r\n", "=", "x = y"]
)


class Written(Distribution):
    """A package whose `entry_points.txt` says *text*."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read_text(self, filename: str) -> str | None:
        return self.text if filename == "entry_points.txt" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


@given(st.lists(pieces, max_size=12).map("".join))
def test_the_file_is_read_as_python_reads_it(text: str) -> None:
    try:
        entries = Written(text).entry_points.select(group="g")
    except TypeError:  # a line without `=`: Python passes over the whole package, and here it is a name that fails
        return
    assert [(e.name, e.value) for e in _listed(text, "g")] == [(e.name, e.value) for e in entries]


@pytest.mark.parametrize(
    "value", ["voiceguide.units", "voiceguide.units:parse_duration", "voiceguide.nouns : dataclass.__name__ [x]"]
)
def test_an_entry_is_loaded_as_python_loads_it(value: str) -> None:
    assert Entry("x", value).load() is EntryPoint("x", value, "g").load()


def test_versions_are_those_that_python_tells() -> None:
    first = {each.name: each.version for each in reversed(list(distributions()))}
    assert {name: version(name) for name in first} == first
    assert version("Piper.TTS") == first["piper-tts"]
    with pytest.raises(PackageNotFoundError):
        version("not-there")

"""Pictures of a session, as a user asks for them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from tests.cli.test_commands import run
from tests.need import program
from voiceguide.cli.plan import font_files, to_png
from voiceguide.diagnostics import VoiceguideError

SHORT = "routine: Short\nlength: 1s..10s..1m\nsteps: [{name: a, title: Rest, say: One two., for: 10s}]\n"


@pytest.fixture
def short(tmp_path: Path) -> str:
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    return str(tmp_path / "short.yaml")


def test_svg_is_written_and_named(short: str, tmp_path: Path) -> None:
    target = tmp_path / "short.svg"
    done = run("plan", short, "--engine", "tone", "--svg", str(target))
    assert (done.returncode, done.stdout) == (0, f"{target.resolve()}\n"), done.stderr
    root = Tree.fromstring(target.read_bytes())
    assert "0:10, 10 % speech, 90 % quiet, spoken by tone" in [element.text for element in root.iter()]


def test_png_is_a_picture_of_twice_the_size(short: str, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    target, drawn = tmp_path / "short.PNG", tmp_path / "short.svg"
    done = run("plan", short, "--engine", "tone", "--png", str(target), "--svg", str(drawn))
    assert done.returncode == 0, done.stderr
    fields = ["-show_entries", "stream=codec_name,width,height", "-of", "json"]
    probed = subprocess.run([program("ffprobe"), "-v", "error", *fields, str(target)], capture_output=True, check=True)
    (stream,) = json.loads(probed.stdout)["streams"]
    root = Tree.fromstring(drawn.read_bytes())
    sizes = [abs(stream[name] - 2 * float(root.get(name, "0"))) < 1 for name in ("width", "height")]
    assert (stream["codec_name"], sizes) == ("png", [True, True])


def test_the_words_of_a_png_need_a_font_and_the_extra_brings_one() -> None:
    pytest.importorskip("resvg_py")
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    with pytest.raises(VoiceguideError, match="there is no font"):
        to_png(text, (), system=False)
    assert to_png(text, font_files(), system=False).startswith(b"\x89PNG")


def test_without_the_library_png_is_refused_before_anything_is_spoken(short: str, tmp_path: Path) -> None:
    code = "import sys; sys.modules['resvg_py'] = None; from voiceguide.cli import main; main()"
    command = [sys.executable, "-c", code, "plan", short, "--png", str(tmp_path / "short.png")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")
    hint = 'pip install "voiceguide[picture]", or draw an SVG, which browsers open'
    assert done.stderr == f"voiceguide: drawing PNG needs resvg_py\n  {hint}\n"


def test_the_picture_stands_in_place_of_the_table(short: str) -> None:
    done = run("plan", short, "--engine", "tone", "--picture")
    lines = done.stdout.splitlines()
    assert lines[0] == "Short, 0:10.0, tone"
    assert lines[2:7] == [
        "",
        "         0:00          0:02          0:04          0:06          0:08      0:10",
        " chapter │Rest",
        "    step │Rest",
        "   voice ███████" + "·" * 63,
    ]
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.stdout


def test_a_stream_without_blocks_gets_plain_characters(short: str) -> None:
    done = run("plan", short, "--engine", "tone", "--picture", PYTHONIOENCODING="ascii")
    assert (done.returncode, "   voice #######....." in done.stdout) == (0, True), done.stderr


def test_files_beside_json_leave_it_whole(short: str, tmp_path: Path) -> None:
    done = run("plan", short, "--engine", "tone", "--json", "--svg", str(tmp_path / "a.svg"))
    assert json.loads(done.stdout)["frames"] == 480_000
    assert (tmp_path / "a.svg").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--svg", "a.png"], "cannot tell the format of a.png\n  end the name in one of: .svg\n"),
        (["--png", "none/a.png"], "there is no folder none\n  make it first, or choose another place\n"),
        (["--svg", "a.svg", "--png", "a"], "cannot tell the format of a\n  end the name in one of: .png\n"),
        (["--json", "--picture"], "choose one of --json and --picture"),
    ],
)
def test_what_cannot_be_drawn_is_said_first(arguments: list[str], message: str) -> None:
    done = run("plan", "whole-foot", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in re.sub(r"\n +\n", "\n", done.stderr)

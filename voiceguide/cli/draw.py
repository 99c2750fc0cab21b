"""The pictures of `plan`: in files, and on the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.printing import can_print
from voiceguide.diagnostics import VoiceguideError
from voiceguide.files import target_file, whole_file

if TYPE_CHECKING:
    from voiceguide.author.pictures.scene import Scene
    from voiceguide.session import Session

ZOOM = 2.0
"""Pixels of a PNG for one of the SVG, so that small words are sharp on a fine screen and in print."""
PIPED = 80
"""How wide a picture in characters is where no terminal says so."""
INSTALL = 'pip install "voiceguide[picture]"'
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


def check_drawing(path: Path, ending: str) -> Path:
    """Return *path* if a picture with *ending* can be drawn into it, before anything is spoken.

    Raises UsageError if the name or its folder will not do, VoiceguideError if what draws PNG is missing.
    """
    target = target_file(path, (ending,))
    if ending == ".png":
        try:
            import resvg_py  # noqa: F401
        except ImportError as error:
            hint = f"{INSTALL}, or draw an SVG, which browsers open"
            raise VoiceguideError("drawing PNG needs resvg_py", hint=hint) from error
    return target


def write_drawing(session: Session, path: Path) -> None:
    """Draw *session* into *path*, as SVG or PNG by its ending, whole or not at all."""
    from voiceguide.author.pictures.session_svg import session_svg

    text = session_svg(_scene(session))
    data = to_png(text, font_files()) if path.suffix.lower() == ".png" else text.encode()
    with whole_file(path) as file:
        file.write(data)


def drawn(session: Session) -> str:
    """Return *session* drawn in characters, as wide as the terminal, in colours where there is one."""
    from voiceguide.author.pictures.session_terminal import session_terminal

    live = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if live else PIPED
    colour = live and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return "\n".join(session_terminal(_scene(session), width, colour=colour, plain=not can_print("█▁·│")))


def _scene(session: Session) -> Scene:
    from voiceguide.author.pictures.scene import scene

    return scene(session.timeline, session.plan.routine.title, f"spoken by {session.spoken_by}")


def to_png(text: str, fonts: Sequence[str], *, system: bool = True) -> bytes:
    """Return the SVG *text* as a PNG file, its words set in the *fonts* given as files and those of the *system*.

    Raises VoiceguideError if there is no font at all: the words would be left out, and nothing would say so.
    """
    import resvg_py

    from voiceguide.author.pictures.svg_kit import FONTS

    def paint(svg: str, zoom: float) -> bytes:
        made = resvg_py.svg_to_bytes(
            svg_string=svg, zoom=zoom, font_files=list(fonts), skip_system_fonts=not system, background="#ffffff"
        )
        return bytes(made)

    words = f'<text x="2" y="16" font-family="{FONTS}">Ag</text>'
    if paint(_PROBE.format(words), 1) == paint(_PROBE.format(""), 1):
        raise VoiceguideError("there is no font to set the words of a PNG in", hint=INSTALL)
    return paint(text, ZOOM)


def font_files() -> list[str]:
    """Return the files of Roboto, which comes with the extra; the system's fonts help out where it has no letter."""
    try:
        from font_roboto import font_files as found
    except ImportError:
        return []
    return sorted(found.values())

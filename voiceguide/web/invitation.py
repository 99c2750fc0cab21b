"""Invitation: what the terminal shows so that a phone finds the page and may come in."""

from __future__ import annotations

import io
import sys

from voiceguide.terminal import draw, draws, put

QUIET = 2
"""Signs of white around the code."""


def invite(url: str, what: str) -> None:
    """Show *url*, which lets in whoever has it, as a code to scan; and as text, for what cannot draw, or see."""
    put(sys.stdout, f"{what}\n")
    if draws(sys.stdout):
        draw(sys.stdout, code(url))
    put(sys.stdout, f"{url}\n")


def code(url: str) -> str:
    """Return a QR code of *url* in lines for a terminal: white on black, whatever its colours are."""
    import segno

    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, compact=True, border=QUIET)
    return "".join(f"\x1b[97;40m{row}\x1b[0m\n" for row in out.getvalue().splitlines())

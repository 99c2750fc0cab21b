"""Shell completion, in a real bash: commands, options, routines, engines, steps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.need import program

WORDS = {
    "pla": ["play", "plan"],
    "play wh": ["whole-foot"],
    "play whole-foot --engine esp": ["espeak"],
    "say quick-reset war": ["warm"],
    "plan whole-foot --verb": ["--verbose"],
}


def test_what_is_begun_is_completed() -> None:
    voiceguide = Path(sys.executable).with_name("voiceguide")
    if not voiceguide.exists():
        pytest.skip("voiceguide is not installed as a command")
    lines = ['eval "$(voiceguide --show-completion)"']
    for words in WORDS:
        lines.append(f"COMP_WORDS=(voiceguide {words}); COMP_CWORD={len(words.split())}")
        lines.append('_voiceguide_completion voiceguide; echo "${COMPREPLY[@]}"')
    # shellingham, which looks for the shell that runs it, finds one that goes on
    path = {**os.environ, "PATH": f"{voiceguide.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [program("bash"), "-c", "\n".join([*lines, ":"])], capture_output=True, text=True, env=path, check=False
    )
    assert [sorted(line.split()) for line in done.stdout.splitlines()] == [sorted(w) for w in WORDS.values()], done

"""Where the measuring is done: a folder, a cache and a home of its own, never the user's."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.bench.figure import MissingError
from tests.bench.run import Run, run

ROUTINE, LENGTH = "whole-foot", "20:00"


@dataclass(frozen=True)
class Place:
    """A temporary *folder*, how often to measure, and what else there is to say under the table."""

    folder: Path
    runs: int
    verbose: bool = False
    notes: list[str] = field(default_factory=list)

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every process is given. It keeps its modules compiled, as at any listener's, even where we do not."""
        others = ("VOICEGUIDE_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        return {**kept, "VOICEGUIDE_CACHE": str(self.folder / "cache"), "VOICEGUIDE_HOME": str(self.folder / "home")}

    def python(self, *words: str) -> Run:
        """Run this Python on *words*."""
        return run([sys.executable, *words], self.environment)

    def voiceguide(self, *words: str) -> Run:
        """Run the program."""
        return self.python("-m", "voiceguide", *words)

    @cached_property
    def exported(self) -> Path:
        """The session as a file. Asking for it fills the cache with all of its clips."""
        target = self.folder / "session.wav"
        said = self.voiceguide("export", ROUTINE, "--length", LENGTH, "-o", str(target)).said
        self.notes.append(f"session: {said.strip().rpartition('session.wav: ')[2]}")
        return target

    def program(self, name: str) -> str:
        """Return the path of the outside program *name*; raises MissingError."""
        found = shutil.which(name)
        if found is None:
            raise MissingError(f"{name} is missing")
        return found

    def outside(self, command: Sequence[str]) -> Run:
        """Run a program that is not ours."""
        return run(command, self.environment)

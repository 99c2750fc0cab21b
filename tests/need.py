"""Tests that need something from outside say so here: a skip with its reason, or a failure where all must run."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRE_ALL = bool(os.environ.get("VOICEGUIDE_REQUIRE_ALL"))


def missing(what: str) -> None:
    """Skip the test because *what* is missing; fail it where `VOICEGUIDE_REQUIRE_ALL` is set."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is missing, and VOICEGUIDE_REQUIRE_ALL is set")
    pytest.skip(f"{what} is missing")


def program(name: str) -> str:
    """Return the path of the outside program *name*, or skip."""
    path = shutil.which(name)
    if path is None:
        missing(name)
    return path or ""

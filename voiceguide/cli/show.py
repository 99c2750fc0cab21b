"""show: what a routine is for, and its steps."""

from __future__ import annotations

from voiceguide.cli.options import RoutineName
from voiceguide.terminal import echo


def show(routine: RoutineName) -> None:
    """Show a routine: what it is for, what you need, and its steps with their words."""
    from voiceguide.author.describe import describe
    from voiceguide.loading import open_routine

    echo(describe(open_routine(routine)))

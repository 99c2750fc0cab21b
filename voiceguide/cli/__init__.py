"""The command line: one file per group of commands, put together here."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from voiceguide.cli.app import run

    run()

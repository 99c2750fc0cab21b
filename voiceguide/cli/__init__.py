"""The command line: one file per group of commands, put together here."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import os

    # numpy's linear algebra, which nothing here uses, would start a thread for every core: 30 ms of start-up
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from voiceguide.cli.app import run

    run()

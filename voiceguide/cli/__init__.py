"""The command line: one file per command, named after it, and a few for what commands share."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import gc
    import os

    # a script becomes millions of small objects, and none of them are garbage: looking for it takes a third of the time
    gc.set_threshold(1_000_000, 50, 50)
    # numpy's linear algebra, which nothing here uses, would start a thread for every core: 30 ms of start-up
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from voiceguide.terminal import stand_in

    stand_in()
    from voiceguide.cli.app import run

    run()

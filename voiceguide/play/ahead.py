"""Ahead: a thread that makes the clips of what plays before they are due, what comes soonest first.

So a session begins before its words are spoken. Where speech is slower than play, the player holds until it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Condition, Thread
from typing import TYPE_CHECKING

from voiceguide.clips import ClipId

if TYPE_CHECKING:
    from voiceguide.clip_store import ClipStore
    from voiceguide.timeline import Timeline


class Ahead:
    """Makes clips of *store*: those of the timeline that was asked for last, and then *spare* ones.

    *made* is called after each, *failed* with what went wrong, both from its thread. If that tells that it may go on,
    it does so with the next timeline.
    """

    def __init__(
        self,
        store: ClipStore,
        made: Callable[[], None],
        failed: Callable[[Exception], bool],
        spare: Callable[[], Iterable[ClipId]],
    ) -> None:
        self._store = store
        self._made, self._failed, self._spare = made, failed, spare
        self._aim: tuple[Timeline, int] | None = None
        self._whole: Timeline | None = None
        self._changed = Condition()
        self._closed = self._spares = False
        self.thread = Thread(target=self._work, name="voiceguide ahead")  # at the end of Python it must not be speaking

    def start(self) -> None:
        """Begin with the clips of the first timeline that is asked for."""
        self.thread.start()

    def close(self) -> None:
        """Make no more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def spare(self) -> None:
        """Make spare clips too from now on: the first sound is heard, and nothing takes the processor from it."""
        if not self._spares:
            with self._changed:
                self._spares = True
                self._changed.notify()

    def aim(self, timeline: Timeline, at: int) -> None:
        """Make the clips of *timeline* from now on, those that sound from frame *at* on first."""
        with self._changed:
            new = self._aim is None or self._aim[0] is not timeline
            self._aim = timeline, at
            if new:
                self._changed.notify()

    def ready(self, timeline: Timeline, start: int, stop: int) -> bool:
        """Tell whether all that sounds in frames *start* to *stop* (exclusive) of *timeline* is at hand.

        From now on the clips of *timeline* are made, those that sound from *start* on first.
        """
        if timeline is self._whole:
            return True
        self.aim(timeline, start)
        sounding = (cue.clip for cue in timeline.cues if cue.start < stop and cue.end > start)
        return all(map(self._store.at_hand, sounding))

    def _work(self) -> None:
        spare: Iterator[ClipId] | None = None
        while (aim := self._wait(lambda aim: aim is not None)) is not None:
            timeline, at = aim
            try:
                clip = next((clip for clip in _soonest(timeline, at) if not self._store.at_hand(clip)), None)
                if clip is None:
                    self._whole = timeline
                    self._made()
                    if self._spares:
                        spare = iter(self._spare()) if spare is None else spare
                        clip = next((clip for clip in spare if not self._store.at_hand(clip)), None)
                if clip is None:
                    told = self._spares
                    self._wait(lambda aim: aim is not None and (aim[0] is not self._whole or self._spares != told))  # noqa: B023 - waited for here
                    continue
                self._store.hold(clip)
            except Exception as error:  # whatever it is, it belongs to the one who waits for the end
                if not self._failed(error):
                    return
                self._wait(lambda aim: aim is not None and aim[0] is not timeline)  # noqa: B023 - waited for here
            self._made()

    def _wait(self, ready: Callable[[tuple[Timeline, int] | None], bool]) -> tuple[Timeline, int] | None:
        """Wait until *ready* says so of what is asked for, and return that; None once it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or ready(self._aim))
            return None if self._closed else self._aim


def _soonest(timeline: Timeline, at: int) -> Iterator[ClipId]:
    """Yield the clips of *timeline* in the order of hearing, from frame *at* on; then those before."""
    cues = sorted(timeline.cues, key=lambda cue: (cue.end <= at, cue.start))
    return (cue.clip for cue in cues)

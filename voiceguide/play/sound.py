"""Sound: stretches of a session as 16 bit samples, exactly those that an exported file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from voiceguide.play.transport import Stretch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.audio.mix import Block
    from voiceguide.session import Session

FRAME_BYTES = 4
"""Bytes a frame: two channels of 16 bits."""


class Sound:
    """The sound of *session*. Nothing is balanced, mixed or loaded before it is asked for."""

    def __init__(self, session: Session, ramp: int) -> None:
        self._session = session
        self._ramp = ramp

    @cached_property
    def _block(self) -> Callable[[int, int], Block]:
        from voiceguide.session import renderer

        session = self._session.balanced()
        return renderer(session.plan, session.clips())

    def render(self, stretches: Iterable[Stretch]) -> bytes:
        """Return *stretches* as interleaved 16 bit stereo, little endian."""
        return b"".join(
            bytes(stretch.frames * FRAME_BYTES) if stretch.fade == "silence" else self._samples(stretch).tobytes()
            for stretch in stretches
        )

    def _samples(self, stretch: Stretch) -> NDArray[np.int16]:
        import numpy as np

        from voiceguide.audio.mix import to_pcm16

        block = self._block(stretch.start, stretch.stop)
        if stretch.fade != "none":
            # half a frame in from both ends, so that going out and coming in add up to one at every frame
            along = (np.arange(stretch.done, stretch.done + stretch.frames, dtype=np.float32) + 0.5) / self._ramp
            block *= (along if stretch.fade == "in" else 1 - along)[:, None].astype(np.float32)
        return to_pcm16(block, stretch.start).astype("<i2", copy=False)

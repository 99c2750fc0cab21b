"""Export a session of hours: `python -m tests.bench.long_session ROUTINE LENGTH HOURS [FILE]`.

No routine may be so long: a planned one is repeated, cue by cue, over one bed. Without FILE the sound is computed and
dropped.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from voiceguide import Session, SessionRequest, compile_session, export_session, open_routine
from voiceguide.envelope import Envelope
from voiceguide.timeline import Cue, Timeline
from voiceguide.units import parse_duration


def repeated(timeline: Timeline, hours: float) -> Timeline:
    """Return *timeline* over and over, *hours* long or a little longer."""
    times = -(-round(hours * 3600 * timeline.rate) // timeline.frames)
    frames = times * timeline.frames
    shifts = range(0, frames, timeline.frames)

    def moved(cue: Cue, shift: int) -> Cue:
        return replace(cue, start=cue.start + shift, envelope=cue.envelope.moved(shift))

    def over_and_over(envelope: Envelope) -> Envelope:
        return Envelope(tuple((frame + shift, gain) for shift in shifts for frame, gain in envelope.points))

    beds = [cue for cue in timeline.cues if cue.track == "bed"]
    others = [cue for cue in timeline.cues if cue.track != "bed"]
    return replace(
        timeline,
        frames=frames,
        cues=(
            *(replace(cue, frames=frames, envelope=over_and_over(cue.envelope)) for cue in beds),
            *(moved(cue, shift) for shift in shifts for cue in others),
        ),
        steps=tuple(replace(step, start=step.start + shift) for shift in shifts for step in timeline.steps),
        chapters=tuple(replace(each, start=each.start + shift) for shift in shifts for each in timeline.chapters),
        beats=tuple(replace(beat, start=beat.start + shift) for shift in shifts for beat in timeline.beats),
        waits=tuple(frame + shift for shift in shifts for frame in timeline.waits),
    )


def main(routine: str, length: str, hours: str, target: str = "") -> None:
    """Export it, or only compute it."""
    short = compile_session(open_routine(routine), SessionRequest(length_ms=parse_duration(length)))
    plan = replace(short.plan, timeline=repeated(short.timeline, float(hours)))
    session = Session(plan, short.store)
    if target:
        export_session(session, target)
        assert Path(target).stat().st_size > session.timeline.frames * 4
        return
    from voiceguide.audio.mix import to_pcm16
    from voiceguide.export import BLOCK_FRAMES

    at = 0
    for block in session.blocks(BLOCK_FRAMES):
        at += len(to_pcm16(block, at))


if __name__ == "__main__":
    main(*sys.argv[1:])

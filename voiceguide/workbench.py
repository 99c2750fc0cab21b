"""The workbench: every clip that a session needs, from the cache or made now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.diagnostics import UsageError, VoiceguideError
from voiceguide.folders import cache_folder
from voiceguide.library.sounds import Sound, all_sounds, decode, find_recording
from voiceguide.plan.outline import Chime, Material, Outline, Utterance
from voiceguide.script.model import Routine
from voiceguide.speech.cache import ClipCache, Head, digest
from voiceguide.speech.engine import pick_engine
from voiceguide.speech.studio import Progress, Recordings, Studio, no_progress
from voiceguide.timeline import Timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.audio.clip import Clip, Facts

RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000)
"""Sample rates that a session can have, in Hz."""
OPEN_CLIPS = 12
"""Clips kept in memory at once, so that a long session needs no more of it than a short one."""


@dataclass(frozen=True)
class VoiceOptions:
    """How a session is spoken and where its clips are kept."""

    engine: str = "auto"
    voice: str = ""
    rate: int = 48_000
    cache: ClipCache = field(default_factory=lambda: ClipCache(cache_folder()))


def spoken_by(engine: str, voice: str) -> str:
    """Return who speaks, for people: the engine and its voice, or one of them if they are called alike."""
    return " ".join(dict.fromkeys((engine, voice))).rstrip()


class Workbench:
    """One routine's clips, spoken by one engine and voice at one rate.

    Raises VoiceguideError if the rate, the engine or the voice is not to be had.
    """

    def __init__(self, routine: Routine, options: VoiceOptions, progress: Progress | None = None) -> None:
        if options.rate not in RATES:
            rates = ", ".join(str(rate) for rate in RATES)
            raise UsageError(f"{options.rate} Hz is not a sample rate for sessions", hint=f"choose one of {rates}")
        self.routine = routine
        self.rate = options.rate
        self.cache = options.cache
        self.engine = pick_engine(options.engine)
        self._wanted_voice = options.voice
        self._progress = progress or no_progress
        self._utterances: dict[str, Utterance] = {}

    @cached_property
    def voice(self) -> str:
        """The id of the voice that speaks."""
        return self.engine.pick_voice(self._wanted_voice, self.routine.language)

    @cached_property
    def studio(self) -> Studio:
        """Where speech is made."""
        speakers = {name: self._voice_for(speaker.voice) for name, speaker in self.routine.voices.items()}
        recordings = Recordings(lambda name: self._recording(name).fingerprint(), self._recorded)
        return Studio(self.engine, self.voice, self.rate, self.cache, speakers=speakers, recordings=recordings)

    def _recording(self, name: str) -> Sound:
        return find_recording(Path(self.routine.span.source.label), name)

    def _recorded(self, name: str) -> tuple[NDArray[np.float32], int]:
        samples, hz = decode(self._recording(name).path)
        return samples.mean(axis=1, dtype=samples.dtype), hz

    def _voice_for(self, wanted: str) -> str:
        """Return the voice of that name, or if this engine has none, another than the main one."""
        if any(voice.id == wanted for voice in self.engine.voices()):
            return wanted
        return self.engine.other_voice(self.voice, self.routine.language)

    def answer(self, outline: Outline) -> Material:
        """Return the lengths that planning *outline* asks for, having spoken what is missing."""
        utterances = outline.utterances()
        self._utterances |= {utterance.key: utterance for utterance in utterances}
        lengths = self.studio.lengths(utterances, self._progress)
        return Material(self.rate, lengths, {name: self._chime(name) for name in sorted(outline.chimes())})

    def sound(self, name: str, kind: str) -> Sound:
        """Return the sound *name*; raises UsageError if there is none of that *kind* (`chime` or `bed`)."""
        found = all_sounds().get(name)
        if found is None or kind not in found.kinds:
            names = ", ".join(sorted(sound.name for sound in all_sounds().values() if kind in sound.kinds))
            raise UsageError(f"there is no {kind} {name!r}", hint=f"there are: {names}")
        return found

    def facts(self, timeline: Timeline) -> dict[str, Facts]:
        """Return what is known of every clip of *timeline*, by clip key, having made what is missing."""
        keys = dict.fromkeys(cue.clip for cue in timeline.cues)
        self.studio.heads((self._utterances[key] for key in keys if key.startswith("say:")), self._progress)
        for key in keys:
            if not key.startswith("say:"):
                self._head(key)
        return {key: self.cache.facts(self._address(key)) for key in keys}

    def clips(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the samples of every clip by clip key, loaded when they are needed."""
        return _Clips(self._samples)

    def _samples(self, key: str) -> NDArray[np.float32]:
        try:
            self._head(key)
            return self.cache.samples(self._address(key))
        except (OSError, KeyError) as error:
            raise VoiceguideError(f"a clip has gone from the cache {self.cache.folder}", hint="run it again") from error

    def _chime(self, name: str) -> Chime:
        sound, head = self.sound(name, "chime"), self._head(f"sound:{name}")
        return Chime(head.frames, head.tail, sound.strikes, sound.every_ms)

    def _address(self, key: str) -> str:
        kind, _, name = key.partition(":")
        if kind == "say":
            return self.studio.address(self._utterances[key])
        shaper = self._fingerprints(name) if kind == "sound" else name
        return digest(kind, shaper, self.rate)

    @cached_property
    def _fingerprints(self) -> Callable[[str], str]:
        return lru_cache(maxsize=None)(lambda name: all_sounds()[name].fingerprint())

    def _head(self, key: str) -> Head:
        """Return the numbers of the clip *key*, having made it if it is missing."""
        address = self._address(key)
        kind, _, name = key.partition(":")
        head = self.cache.head(address)
        if head is None and kind == "say":
            return self.studio.speak(self._utterances[key])
        return head or self.cache.put(address, self._make(kind, name), text=key)

    def _make(self, kind: str, name: str) -> Clip:
        from voiceguide.audio.glide import glide
        from voiceguide.audio.level import sound_clip

        if kind == "sound":
            self._progress(f"preparing {name}", 0, 1)
            return sound_clip(*decode(all_sounds()[name].path), self.rate)
        phase, frames = name.split(":")
        return sound_clip(glide(phase, int(frames), self.rate), self.rate, self.rate)


class _Clips(dict[str, "NDArray[np.float32]"]):
    """Samples by clip key, loaded on use; only the latest few stay in memory."""

    def __init__(self, load: Callable[[str], NDArray[np.float32]]) -> None:
        super().__init__()
        self._load = lru_cache(maxsize=OPEN_CLIPS)(load)

    def __missing__(self, key: str) -> NDArray[np.float32]:
        return self._load(key)

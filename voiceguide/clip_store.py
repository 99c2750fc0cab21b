"""The clip store: every clip that a session needs, from the cache or made now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from voiceguide.clips import BedSound, BreathTone, ChimeSound, ClipId, Recording, Speech, Utterance
from voiceguide.diagnostics import Progress, UsageError, VoiceguideError, no_progress
from voiceguide.files import allow_many_files, cache_folder
from voiceguide.library.sounds import SoundFile, all_sounds, find_recording, find_sound
from voiceguide.nouns import dataclass
from voiceguide.plan.outline import ChimeLength, Durations, Outline
from voiceguide.plugins import NoneReadyError, PluginError
from voiceguide.script.model import Routine, Speaker
from voiceguide.speech.cache import ClipCache, Head, Kept, digest
from voiceguide.speech.engine import Engine, foreign, pick_engine
from voiceguide.speech.synthesizer import Recordings, Synthesizer
from voiceguide.timeline import Timeline
from voiceguide.units import ms_to_frames

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.audio.clip import Clip, Facts
    from voiceguide.audio.mix import Samples

RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000)
"""Sample rates that a session can have, in Hz."""
log = logging.getLogger(__name__)
T = TypeVar("T")
OPEN_CLIPS = 12
"""Clips kept in memory at once, so that a long session needs no more of it than a short one."""


@dataclass(frozen=True)
class VoiceOptions:
    """How a session is spoken and where its clips are kept."""

    engine: str = "auto"
    voice: str = ""
    rate: int = 48_000
    cache: ClipCache = field(default_factory=lambda: ClipCache(cache_folder()))


class NotKnownYetError(Exception):
    """A length is asked for that is not known yet; *outline* is what asks."""

    def __init__(self, outline: Outline) -> None:
        super().__init__("lengths are being found out")
        self.outline = outline


def spoken_by(engine: str, voice: str) -> str:
    """Return who speaks, for people: the engine and its voice, or one of them if they are called alike."""
    return " ".join(dict.fromkeys((engine, voice))).rstrip()


class _Who:
    """Who speaks in *store*: *engine*, with the voice and the synthesizer that it has there. Found when asked for."""

    def __init__(self, engine: Engine, store: ClipStore) -> None:
        self.engine = engine
        self._store = store

    @cached_property
    def voice(self) -> str:
        """The id of the voice that speaks."""
        wanted, language = self._store.options.voice, self._store.routine.language
        voice = self.engine.pick_voice(wanted, language)
        why = "as asked for" if wanted else f"its first for {language}"
        log.debug("voice %s of %s: %s", voice or "(its only one)", self.engine.name, why)
        return voice

    @cached_property
    def synthesizer(self) -> Synthesizer:
        """Where speech is made."""
        store, speakers = self._store, dict[str, str]()
        for name, speaker in store.routine.voices.items():
            speakers[name] = self._voice_for(speaker.voice, (self.voice, *speakers.values()))
        return Synthesizer(
            self.engine, self.voice, store.rate, store.cache, speakers=speakers, recordings=store.recordings
        )

    def _voice_for(self, wanted: str, taken: tuple[str, ...]) -> str:
        """Return the voice of that name, or if this engine has none, another than those that are *taken*."""
        language = self._store.routine.language
        if wanted != Speaker().voice:
            with suppress(VoiceguideError):
                return self.engine.pick_voice(wanted, language)
        return self.engine.other_voice(taken, language)


class ClipStore:
    """All clips of one routine, spoken by one engine and voice at one rate: their lengths, their facts, their samples.

    What is not in the cache yet is made when it is asked for, and *progress* is told.

    Raises VoiceguideError if the rate, the engine or the voice is not to be had.
    """

    def __init__(self, routine: Routine, options: VoiceOptions, progress: Progress | None = None) -> None:
        if options.rate not in RATES:
            rates = ", ".join(str(rate) for rate in RATES)
            raise UsageError(f"{options.rate} Hz is not a sample rate for sessions", hint=f"choose one of {rates}")
        allow_many_files()
        self.routine = routine
        self.rate = options.rate
        self.cache = options.cache
        self.options = options
        self.recordings = Recordings(lambda name: self._recording(name).fingerprint(), self._recorded)
        self._who = _Who(pick_engine(options.engine, routine.language, options.voice), self)
        self._passed: list[str] = []
        self._said: list[str] = []
        self._answered = False
        self._progress = progress or no_progress
        self._held: dict[ClipId, Kept] = {}
        self._fingerprints = lru_cache(maxsize=None)(lambda name: all_sounds()[name].fingerprint())

    @property
    def engine(self) -> Engine:
        """The engine that speaks."""
        return self._who.engine

    @engine.setter
    def engine(self, engine: Engine) -> None:
        self._who = _Who(engine, self)

    @property
    def voice(self) -> str:
        """The id of the voice that speaks."""
        return self._who.voice

    @property
    def synthesizer(self) -> Synthesizer:
        """Where speech is made."""
        return self._who.synthesizer

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the listener should know about who speaks, once it has spoken: a sentence each."""
        who, language = self._who, self.routine.language
        engine = who.engine
        said = [*self._said]
        if ends := foreign(engine, who.voice, language):
            said.append(f"{spoken_by(engine.name, who.voice)} {ends}")
        whose = {who.voice: "all others"}
        for name, speaker in self.routine.voices.items():
            voice = who.synthesizer.speakers[name]
            if voice in whose:
                why = "" if speaker.voice == voice else f": {engine.name} has no other voice for {language}"
                said.append(
                    f"line {speaker.span.line}: the {name} is heard in the voice of {whose[voice]}, {voice}{why}"
                )
            whose.setdefault(voice, f"the {name}")
        return tuple(said)

    def durations(self, outline: Outline) -> Durations:
        """Return the lengths that planning *outline* asks for; what has none that is known without is spoken.

        With `auto`, an engine that fails before it has said anything is passed over, and the next one speaks.
        """
        speech = self._asked(lambda: self.synthesizer.lengths(outline.clips(), self._progress))
        self._answered = True
        return self._durations(outline, speech)

    def known_durations(self, outline: Outline) -> Durations:
        """Return the lengths that planning *outline* asks for, at once.

        Raises NotKnownYetError if one of them must be found out first.
        """
        known = self._known(outline)
        speech = {each: frames for each, frames in known.items() if frames is not None}
        if len(speech) < len(known):
            raise NotKnownYetError(outline)
        return self._durations(outline, speech)

    def guess(self, outline: Outline) -> Durations:
        """Return the lengths that planning *outline* asks for; where one is not known, what it will be about."""
        known = self._known(outline)
        speech = {each: self._about(each) if frames is None else frames for each, frames in known.items()}
        return self._durations(outline, speech)

    def _known(self, outline: Outline) -> dict[Speech, int | None]:
        return self._asked(lambda: {speech: self.synthesizer.known_length(speech) for speech in outline.clips()})

    def _durations(self, outline: Outline, speech: Mapping[Speech, int]) -> Durations:
        return Durations(self.rate, speech, {name: self._chime(name) for name in sorted(outline.chimes())})

    def _asked(self, work: Callable[[], T]) -> T:
        """Return what *work* gives, which asks the engine; with `auto`, the next one is asked where that fails."""
        while True:
            try:
                return work()
            except PluginError as error:
                if self.options.engine != "auto" or self._answered:
                    raise
                self._pass_over(error)

    def _about(self, speech: Speech) -> int:
        if isinstance(speech, Recording):
            return self.rate
        spoken_ms = len(speech.text.split()) * 60_000 // speech.pace_wpm
        return ms_to_frames(spoken_ms + self.engine.gap_ms * (len(speech.sentences) - 1), self.rate)

    def facts(self, clips: Iterable[ClipId]) -> dict[ClipId, Facts]:
        """Return what is known of *clips*. From now on they are held."""
        return {clip: self.hold(clip).facts() for clip in self._made(clips)}

    def samples(self, clip: ClipId) -> Samples:
        """Return the samples of *clip*, shape (frames, channels), float32; of a bed with layers, those of each."""
        return self.hold(clip).samples()

    def at_hand(self, clip: ClipId) -> bool:
        """Tell whether *clip* is made, at once; it is held from now on if it is."""
        if clip in self._held:
            return True
        kept = self.cache.take(self._address(clip))
        if kept is not None:
            self._held[clip] = kept
        return kept is not None

    def let_go(self, clips: Iterable[ClipId]) -> None:
        """Hold *clips* no longer. Whoever needs one of them once more takes it from the cache, or has it made."""
        for clip in clips:
            self._held.pop(clip, None)

    def stop(self) -> None:
        """Have all work on it in other threads end soon. It may be used again."""
        self.synthesizer.stop()

    def tell(self, progress: Progress) -> None:
        """Have *progress* told of what is made from now on."""
        self._progress = progress

    def clips(self, timeline: Timeline) -> Clips:
        """Return the samples of every clip of *timeline*: all are made now, and loaded when they are needed."""
        return Clips(self.samples, self._made(cue.clip for cue in timeline.cues))

    def _made(self, clips: Iterable[ClipId]) -> dict[ClipId, None]:
        """Return *clips*, each once. They are made, and held: they stay, whatever becomes of the cache."""
        wanted = dict.fromkeys(clips)
        spoken = (clip for clip in wanted if isinstance(clip, Utterance | Recording) and clip not in self._held)
        self.synthesizer.heads(spoken, self._progress)
        for clip in wanted:
            self.hold(clip)
        return wanted

    def _recording(self, name: str) -> SoundFile:
        return find_recording(Path(self.routine.span.source.label), name)

    def _recorded(self, name: str) -> tuple[NDArray[np.float32], int]:
        samples, hz = self._recording(name).samples("recording")
        return samples[:, 0], hz

    def _pass_over(self, error: PluginError) -> None:
        """Have the next engine speak that can pick its voices. Raises what went wrong last if there is none."""
        engine = self._who.engine
        while True:
            self._passed.append(engine.name)
            try:
                engine = pick_engine("auto", self.routine.language, self.options.voice, self._passed)
            except NoneReadyError:
                raise error from None
            self._said.append(f"{error.message}; {engine.name} speaks instead")
            who = _Who(engine, self)
            try:
                who.synthesizer  # noqa: B018 - other threads ask for it at any moment: it must not fail there
            except PluginError as another:
                error = another
            else:
                self._who = who
                return

    def _chime(self, name: str) -> ChimeLength:
        sound, head = find_sound(name, "chime"), self._head(ChimeSound(name))
        return ChimeLength(head.frames, head.tail, sound.strikes, sound.every_ms, head.peak)

    def _address(self, clip: ClipId) -> str:
        match clip:
            case Utterance() | Recording():
                return self.synthesizer.address(clip)
            case ChimeSound() | BedSound():
                return digest(type(clip).__name__, self._fingerprints(clip.name), self.rate)
            case BreathTone():
                return digest("tone", clip.phase, clip.frames, self.rate)

    def hold(self, clip: ClipId) -> Kept:
        """Return *clip* in hand, having made it if it is missing."""
        if not self.at_hand(clip):
            made = self._put(clip)
            # what lies in a file needs no memory, if it is there
            self._held[clip] = self.cache.take(self._address(clip)) or made
        return self._held[clip]

    def _head(self, clip: ClipId) -> Head:
        """Return the numbers of *clip*, having made it if it is missing."""
        return self.cache.head(self._address(clip)) or self._put(clip).head

    def _put(self, clip: ClipId) -> Kept:
        if isinstance(clip, Utterance | Recording):
            return self.synthesizer.speak(clip)
        address = self._address(clip)
        return self.cache.made(address, lambda: self.cache.put(address, self._make(clip), text=str(clip)))

    def _make(self, clip: ClipId) -> Clip:
        from voiceguide.audio.breath_tone import breath_tone
        from voiceguide.audio.level import bed_clip, chime_clip, layered_clip, tone_clip

        if isinstance(clip, BreathTone):
            return tone_clip(breath_tone(clip.phase, clip.frames, self.rate), self.rate)
        name = clip.name if isinstance(clip, ChimeSound | BedSound) else ""
        kind = "bed" if isinstance(clip, BedSound) else "chime"
        self._progress(f"preparing {name}", 0, 1)
        first, *others = find_sound(name, kind).layered(kind)
        if others:
            return layered_clip((first, *others), self.rate)
        return (bed_clip if kind == "bed" else chime_clip)(*first, self.rate)


class AtHand(Mapping[ClipId, "Samples"]):
    """The samples of the clips of *store* that are at hand, by clip; of all others, silence."""

    def __init__(self, store: ClipStore) -> None:
        self._store = store
        self._load = lru_cache(maxsize=OPEN_CLIPS)(store.samples)

    def __getitem__(self, clip: ClipId) -> Samples:
        return self._load(clip) if self._store.at_hand(clip) else _silence()

    def __iter__(self) -> Iterator[ClipId]:
        raise TypeError("any clip can be asked for")

    def __len__(self) -> int:
        raise TypeError("any clip can be asked for")


@lru_cache(maxsize=1)
def _silence() -> NDArray[np.float32]:
    import numpy as np

    return np.zeros((1 << 16, 1), np.float32)


class Clips(Mapping[ClipId, "Samples"]):
    """Samples by clip, loaded on use; only the latest few stay in memory."""

    def __init__(self, load: Callable[[ClipId], Samples], known: Mapping[ClipId, None]) -> None:
        self._load = lru_cache(maxsize=OPEN_CLIPS)(load)
        self._known = known

    def __getitem__(self, clip: ClipId) -> Samples:
        if clip not in self._known:
            raise KeyError(clip)
        return self._load(clip)

    def __iter__(self) -> Iterator[ClipId]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

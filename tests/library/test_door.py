"""The door for sound files: each is judged by what is in it, and whoever comes in is heard."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.library.sound_files import (
    ALIKE,
    BAD,
    BAD_HERE,
    RATE,
    TONE,
    Bad,
    encoded,
    floats,
    make,
    of_16_bit,
    stereo,
    tone,
    wav,
)
from tests.need import program
from voiceguide.diagnostics import Fault, VoiceguideError
from voiceguide.library.door import judge, samples
from voiceguide.library.sounds import SoundFile

ALL_BAD = (*BAD, *(BAD_HERE if os.name == "posix" else ()))


@pytest.mark.parametrize("bad", ALL_BAD, ids=lambda bad: bad.name)
def test_a_bad_sound_is_told_why_and_what_to_do(bad: Bad, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = make(bad, tmp_path)
    assert judge(path, bad.kind) == Fault(bad.why, bad.hint)
    with pytest.raises(VoiceguideError) as raised:
        SoundFile("it", path).samples(bad.kind)
    assert (raised.value.message, raised.value.hint) == (f"the sound {path} {bad.why}", bad.hint)
    assert capfd.readouterr() == ("", "")  # the decoders talk, from C


def test_there_are_many_of_them_each_called_differently() -> None:
    assert len({bad.name for bad in ALL_BAD}) == len(ALL_BAD) > 70


GOOD = {
    "8-bit.wav": encoded(subtype="PCM_U8"),
    "24-bit.wav": encoded(subtype="PCM_24"),
    "32-bit.wav": encoded(subtype="PCM_32"),
    "float.wav": encoded(subtype="FLOAT"),
    "double.wav": encoded(subtype="DOUBLE"),
    "a-law.wav": encoded(subtype="ALAW"),
    "extensible.wav": encoded(format="WAVEX", subtype="PCM_24"),
    "rf64.wav": encoded(format="RF64"),
    "plain.aiff": encoded(format="AIFF"),
    "24-bit.flac": encoded(format="FLAC", subtype="PCM_24"),
    "vorbis.ogg": encoded(format="OGG", subtype="VORBIS"),
    "opus.opus": encoded(format="OGG", subtype="OPUS"),
    "plain.mp3": encoded(format="MP3", subtype="MPEG_LAYER_III"),
    "telephone.wav": encoded(tone(rate=8000), 8000),
    "studio.wav": encoded(tone(rate=192_000), 192_000),
    "more-than-studio.wav": encoded(tone(rate=384_000), 384_000),
    # by what they are, not by what they are called
    "flac-named.mp3": encoded(format="FLAC"),
    "mp3-named.wav": encoded(format="MP3", subtype="MPEG_LAYER_III"),
    "wav-named.ogg": encoded(),
    "opus-named.flac": encoded(format="OGG", subtype="OPUS"),
    "ogg-named": encoded(format="OGG", subtype="VORBIS"),
    # sizes that are not what they seem
    "piped-by-ffmpeg.wav": wav(of_16_bit(TONE), told=2**32 - 1),
    "piped-by-sox.wav": wav(of_16_bit(TONE), told=0x7FFFF000),
    "remarks-behind.wav": wav(of_16_bit(TONE))[:40]
    + (32_000).to_bytes(4, "little")
    + of_16_bit(TONE)
    + b"LIST\x04\0\0\0INFO",
    "a-byte-short.wav": encoded()[:-1],
    "over-full-scale.wav": floats((8000, 8.0)),
    "quiet.wav": encoded(TONE * 0.01, subtype="FLOAT"),
    "almost-against-each-other.wav": stereo(TONE, -0.5 * TONE),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_sound_is_heard_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(GOOD[name])
    ms = judge(path, "recording")
    assert ms == pytest.approx(1000, abs=60)
    made, rate = samples(path, "recording")
    assert made.shape == (pytest.approx(rate, rel=0.06), 1)
    assert made.dtype == np.float32
    assert rate <= 48_000
    loudest = np.argmax(np.abs(np.fft.rfft(made[:, 0] * np.hanning(len(made))))) * rate / len(made)
    assert loudest == pytest.approx(440, abs=3)
    assert np.isfinite(made).all()


MADE_BY = {
    "ffmpeg": {
        "alaw.wav -c:a pcm_alaw": "read",
        "adpcm.wav -c:a adpcm_ms": "read",
        "u8.wav -c:a pcm_u8": "read",
        "s24.wav -c:a pcm_s24le": "read",
        "f64.wav -c:a pcm_f64le": "read",
        "rf64.wav -rf64 always": "read",
        "big.aiff -c:a pcm_s24be": "read",
        "24.flac -sample_fmt s32": "read",
        "8k.wav -ar 8000": "read",
        "192k.flac -ar 192000": "read",
        "stereo.wav -ac 2": "read",
        "vorbis.ogg -c:a libvorbis": "read",
        "opus.ogg -c:a libopus": "read",
        "opus.opus -c:a libopus": "read",
        "vbr.mp3 -c:a libmp3lame -q:a 4 -metadata title=Welcome": "read",
        "no-xing.mp3 -c:a libmp3lame -write_xing 0": "read",
        "named.wav -c:a libmp3lame -f mp3": "read",
        "five-one.flac -ac 6": "has 6 channels",
        "flac.ogg -c:a flac": "is FLAC inside Ogg, a format that is not read",
        "aac.m4a -c:a aac": "is MPEG-4 (AAC or ALAC), a format that is not read",
        "alac.m4a -c:a alac": "is MPEG-4 (AAC or ALAC), a format that is not read",
        "adts.aac -c:a aac": "is AAC, a format that is not read",
        "wma.wma -c:a wmav2": "is Windows Media (WMA), a format that is not read",
        "webm.webm -c:a libopus": "is Matroska or WebM, a format that is not read",
        "caf.caf": "is Core Audio (CAF), a format that is not read",
        "wv.wv": "is WavPack, a format that is not read",
        "ac3.ac3": "is Dolby AC-3, a format that is not read",
    },
    "sox": {
        "sox.wav": "read",
        "sox-24.wav -b 24": "read",
        "sox-float.wav -e floating-point -b 32": "read",
        "sox.aifc": "read",
        "sox.flac": "read",
        "sox.voc": "is Creative Voice (VOC), a format that is not read",
        "sox.8svx": "is Amiga (8SVX), a format that is not read",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("maker", MADE_BY)
def test_files_of_other_programs_are_read_or_refused_with_the_conversion(maker: str, tmp_path: Path) -> None:
    import subprocess

    command, source = program(maker), tmp_path / "source.wav"
    source.write_bytes(encoded(tone(rate=44_100), 44_100))
    given = [command, "-nostdin", "-v", "error", "-i", str(source)] if maker == "ffmpeg" else [command, str(source)]
    told = {}
    for line in MADE_BY[maker]:
        name, *options = line.split(" ", 1)
        made = tmp_path / name
        subprocess.run([*given, *" ".join(options).split(), str(made)], check=True)
        found = judge(made, "recording")
        told[line] = found.why if isinstance(found, Fault) else "read"
        if isinstance(found, Fault):
            converted = tmp_path / "converted.wav"
            subprocess.run(
                [program("ffmpeg"), "-nostdin", "-v", "error", "-y", "-i", str(made), "-ac", "2", str(converted)],
                check=True,
            )
            assert judge(converted, "recording") == pytest.approx(1000, abs=60), line
        else:
            assert found == pytest.approx(1000, abs=60), line
    assert told == MADE_BY[maker]


def test_a_link_beside_a_script_stays_in_its_folder_and_one_in_the_sounds_folder_may_lead_anywhere(
    tmp_path: Path,
) -> None:
    for folder in ("scripts", "elsewhere"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tone.wav").write_bytes(encoded())
    home = tmp_path / "scripts"
    (home / "out.wav").symlink_to("../elsewhere/tone.wav")
    (home / "in.wav").symlink_to("tone.wav")
    leads_out = Fault(
        "is a link that leads out of its folder", "put the file itself there, or the link into your sounds folder"
    )
    assert judge(home / "out.wav", "recording", home) == leads_out
    assert judge(home / "out.wav", "recording") == 1000
    assert judge(home / "in.wav", "recording", home) == 1000


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "closed.wav"
    path.write_bytes(encoded())
    path.chmod(0)
    assert judge(path, "chime") == Fault("cannot be opened: Permission denied", "see whether you may read it")


def test_a_sound_is_judged_once_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    path.write_bytes(encoded())
    assert judge(path, "chime") == 1000
    path.write_bytes(encoded(ALIKE[: RATE // 2]))
    assert judge(path, "chime") == 500
    path.unlink()
    assert judge(path, "chime") == Fault("is not there", "put the file there")


def test_names_with_spaces_are_quoted_in_what_is_to_be_typed(tmp_path: Path) -> None:
    path = tmp_path / "my memo.m4a"
    path.write_bytes(b"\0\0\0\x20ftypM4A ")
    fault = judge(path, "recording")
    assert isinstance(fault, Fault)
    assert fault.hint == "convert it: ffmpeg -i 'my memo.m4a' 'my memo.wav'"


def test_a_large_file_is_refused_by_its_header_and_never_held(tmp_path: Path) -> None:
    path = tmp_path / "large.wav"
    with path.open("wb") as file:
        file.write(wav(b"", 48_000, channels=2, told=4_000_000_000))
        file.truncate(4_000_000_044)
    assert judge(path, "bed") == Fault(
        "is longer than a bed can be, which is 10m", "cut it: ffmpeg -i large.wav -t 600 large-new.wav"
    )


def test_soundfile_reads_the_bundled_sounds_as_they_were_written() -> None:
    from voiceguide.files import bundled

    for path in sorted(bundled("sounds").glob("*.flac")):
        made, rate = samples(path, "bed")
        assert (len(made) * 1000 // rate, rate) == (judge(path, "bed"), 48_000)
        assert soundfile.info(path).frames == len(made)

"""Sound files as people have them, made here: each named, with what is wrong with it and what to do."""

from __future__ import annotations

import io
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 16_000
Samples = NDArray[Any]


def tone(hz: float = 440, rate: int = RATE, seconds: float = 1) -> Samples:
    """Return a tone that comes and goes."""
    time = np.arange(int(seconds * rate)) / rate
    coming = np.minimum(1, 20 * np.minimum(time, seconds - time))
    made: Samples = (0.3 * np.sin(2 * np.pi * hz * time) * coming).astype(np.float32)
    return made


TONE = tone()


def encoded(samples: Samples = TONE, rate: int = RATE, *, format: str = "WAV", subtype: str = "PCM_16") -> bytes:
    """Return *samples* as a file."""
    made = io.BytesIO()
    soundfile.write(made, samples, rate, format=format, subtype=subtype)
    return made.getvalue()


def wav(data: bytes, rate: int = RATE, *, tag: int = 1, bits: int = 16, channels: int = 1, told: int = -1) -> bytes:
    """Return *data* behind a header of WAV that says what it is told."""
    size = len(data) if told < 0 else told
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8 % 2**32, channels * bits // 8, bits)
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", min(2**32 - 1, len(head) + size)) + head + data


def floats(*changed: tuple[int, float]) -> bytes:
    """Return the tone as a WAV file of floats in which some are *changed*."""
    made = TONE.copy()
    for place, value in changed:
        made[place] = value
    return wav(made.tobytes(), tag=3, bits=32)


def of_16_bit(samples: Samples) -> bytes:
    return (samples * 32767).astype("<i2").tobytes()


def stereo(left: Samples, right: Samples) -> bytes:
    return encoded(np.stack([left, right], axis=1))


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def untold_flac() -> bytes:
    whole = encoded(format="FLAC")
    return whole[:21] + bytes([whole[21] & 0xF0]) + bytes(4) + whole[26:]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def plug(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


Made = bytes | Callable[[Path], Any]
AGAIN = "make or copy the file again"
ANOTHER = "name a WAV, FLAC, AIFF, MP3, Ogg Vorbis or Opus file"
EXPORT = "export it again, as 16 or 24 bit"
NONE_THERE = "has a header and no sound behind it"


@dataclass(frozen=True)
class Bad:
    """A sound file that cannot be used as a *kind*."""

    name: str
    made: Made
    why: str
    hint: str
    kind: str = "recording"


def foreign(name: str, head: bytes, what: str) -> Bad:
    stem = name.rsplit(".", 1)[0]
    wav = f"{stem}-new.wav" if name.endswith(".wav") else f"{stem}.wav"
    return Bad(
        name, head.ljust(400, b"\0"), f"is {what}, a format that is not read", f"convert it: ffmpeg -i {name} {wav}"
    )


def broken(name: str, made: bytes, percent: int) -> Bad:
    stem, ending = name.rsplit(".", 1)
    wav = f"{stem}-new.wav" if ending == "wav" else f"{stem}.wav"
    keep = f"copy or make it again; or keep what is there: ffmpeg -i {name} {wav}"
    return Bad(name, made, f"breaks off: {percent} % of it is missing", keep)


def damaged(name: str, made: bytes) -> Bad:
    stem, ending = name.rsplit(".", 1)
    wav = f"{stem}-new.wav" if ending == "wav" else f"{stem}.wav"
    try_it = f"make it again, or try: ffmpeg -i {name} {wav}"
    return Bad(name, made, "is damaged, or of a coding that is not read", try_it)


def rated(hz: int) -> Bad:
    why = f"has a sample rate of {hz} Hz, where sounds have from 8000 Hz to 384000 Hz"
    return Bad(f"rate-{hz}.wav", wav(of_16_bit(TONE), hz), why, AGAIN)


def silent(name: str, made: bytes, kind: str = "recording") -> Bad:
    return Bad(name, made, "is silent", "record it again, louder", kind)


_HOUR = np.zeros(8000 * 3600, np.int16)
ALIKE = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
OGG_HEAD = b"OggS" + bytes(22) + b"\x01\x50"

BAD = (
    # nothing there
    Bad("empty.wav", b"", "is empty", AGAIN),
    Bad("empty.flac", b"", "is empty", AGAIN),
    Bad("header.wav", wav(b""), NONE_THERE, AGAIN),
    Bad("header-that-promises.wav", wav(b"", told=32_000), NONE_THERE, AGAIN),
    Bad("header.aiff", encoded(np.zeros(0, np.float32), format="AIFF"), NONE_THERE, AGAIN),
    Bad("header-of-floats.wav", wav(b"", tag=3, bits=32), NONE_THERE, AGAIN),
    # less there than promised
    broken("half.wav", cut(encoded(), 0.5), 50),
    broken("tenth.wav", cut(encoded(), 0.1), 90),
    broken("most.wav", cut(encoded(), 0.98), 2),
    broken("half-24-bit.wav", cut(encoded(subtype="PCM_24"), 0.5), 50),
    broken("half-float.wav", cut(encoded(subtype="FLOAT"), 0.5), 50),
    broken("half-adpcm.wav", cut(encoded(subtype="IMA_ADPCM"), 0.5), 50),
    broken("half-extensible.wav", cut(encoded(format="WAVEX"), 0.5), 50),
    broken("half-rf64.wav", cut(encoded(format="RF64"), 0.5), 50),
    broken("half.aiff", cut(encoded(format="AIFF"), 0.5), 50),
    broken("told-too-long.wav", wav(of_16_bit(TONE), told=320_000), 90),
    broken("told-too-long-24-bit.aiff", cut(encoded(format="AIFF", subtype="PCM_24"), 0.25), 75),
    Bad(
        "half.flac",
        cut(encoded(np.tile(ALIKE, 4), format="FLAC"), 0.7),
        "breaks off or is damaged, after 0:02 of 0:04",
        "copy or make it again; or keep what is there: ffmpeg -i half.flac half.wav",
    ),
    Bad(
        "never-finished.wav",
        wav(of_16_bit(TONE), told=0),
        "was never finished: its header says that there is nothing in it",
        "finish it: ffmpeg -i never-finished.wav never-finished-new.wav",
    ),
    broken("half.mp3", cut(encoded(format="MP3", subtype="MPEG_LAYER_III"), 0.5), 50),
    damaged("half.ogg", cut(encoded(format="OGG", subtype="VORBIS"), 0.5)),
    damaged("half.opus", cut(encoded(format="OGG", subtype="OPUS"), 0.5)),
    damaged("nothing-but-a-mark.flac", b"fLaC"),
    damaged("nothing-but-a-mark.wav", b"RIFF\0\0\0\0WAVE"),
    damaged("no-data.wav", wav(of_16_bit(TONE))[:36]),
    damaged("coding.wav", wav(of_16_bit(TONE), tag=0xFF)),
    damaged("no-channels.wav", wav(of_16_bit(TONE), channels=0)),
    Bad(
        "piped.flac",
        untold_flac(),
        "does not say how long it is, as if written into a pipe",
        "convert it: ffmpeg -i piped.flac piped.wav",
    ),
    # what is no number, or no sound
    Bad("nan.wav", floats((8000, np.nan)), "holds a value that is no number (NaN), first at 0:00.5", EXPORT),
    Bad("nan-first.wav", floats((0, np.nan)), "holds a value that is no number (NaN), first at 0:00", EXPORT),
    Bad("infinite.wav", floats((8000, np.inf)), "holds an infinite value, first at 0:00.5", EXPORT),
    Bad("minus-infinite.wav", floats((15_999, -np.inf)), "holds an infinite value, first at 0:00.999", EXPORT),
    Bad(
        "huge.wav",
        floats((8000, 3e38)),
        f"holds a value of {np.float32(3e38):.0f}, where 1 is the loudest, first at 0:00.5",
        EXPORT,
    ),
    Bad(
        "scale-of-16-bit.wav",
        wav((TONE * 32767).tobytes(), tag=3, bits=32),
        "holds a value of 111, where 1 is the loudest, first at 0:00",
        EXPORT,
    ),
    Bad(
        "double.wav",
        wav((TONE.astype(np.float64) * 1e300).tobytes(), tag=3, bits=64),
        "holds an infinite value, first at 0:00",
        EXPORT,
    ),
    # silent where it should be heard
    silent("zeros.wav", wav(bytes(32_000))),
    silent("zeros.flac", encoded(np.zeros(RATE, np.float32), format="FLAC")),
    silent("last-bit.wav", wav(np.tile(np.array([0, 1], "<i2"), 8000).tobytes())),
    silent("constant.wav", wav(of_16_bit(np.full(2 * RATE, 0.5))), "chime"),
    silent("too-low.wav", encoded(0.1 * tone(0.5, seconds=4)), "bed"),
    silent("too-high.wav", encoded(tone(60_000, 192_000), 192_000)),
    silent("denormal.wav", wav(np.full(RATE, 1e-40, np.float32).tobytes(), tag=3, bits=32)),
    Bad(
        "against-each-other.wav",
        stereo(TONE, -TONE),
        "is silent in mono, because its two channels cancel each other out",
        'convert it with one of them: ffmpeg -i against-each-other.wav -af "pan=mono|c0=c0" against-each-other-new.wav',
    ),
    # too short, too long
    Bad("one.wav", encoded(TONE[100:101]), "is too short for a recording: 1 sample, where 0.1s are the least", AGAIN),
    Bad(
        "click.wav", encoded(TONE[:480]), "is too short for a chime: 0:00.03, where 0.05s are the least", AGAIN, "chime"
    ),
    Bad("buzz.wav", encoded(TONE[:800]), "is too short for a bed: 0:00.05, where 1s are the least", AGAIN, "bed"),
    Bad(
        "hour.wav",
        wav(_HOUR.tobytes(), 8000),
        "is longer than a recording can be, which is 10m",
        "cut it: ffmpeg -i hour.wav -t 600 hour-new.wav",
    ),
    Bad(
        "hour.flac",
        encoded(_HOUR, 8000, format="FLAC"),
        "is longer than a chime can be, which is 2m",
        "cut it: ffmpeg -i hour.flac -t 120 hour.wav",
        "chime",
    ),
    Bad(
        "eleven-minutes.flac",
        encoded(_HOUR[: 8000 * 660], 8000, format="FLAC"),
        "is longer than a bed can be, which is 10m",
        "cut it: ffmpeg -i eleven-minutes.flac -t 600 eleven-minutes.wav",
        "bed",
    ),
    # silly rates, many channels
    *(rated(hz) for hz in (1, 1000, 7999, 384_001, 4_000_000)),
    Bad(
        "six.wav",
        encoded(np.tile(TONE[:, None], 6)),
        "has 6 channels",
        "convert it: ffmpeg -i six.wav -ac 2 six-new.wav",
    ),
    # sound that is not read
    foreign("memo.m4a", b"\0\0\0\x20ftypM4A ", "MPEG-4 (AAC or ALAC)"),
    foreign("memo.wav", b"\0\0\0\x20ftypmp42", "MPEG-4 (AAC or ALAC)"),
    foreign("talk.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
    foreign("talk.aac", b"\xff\xf1\x50\x80", "AAC"),
    foreign("talk.webm", b"\x1aE\xdf\xa3", "Matroska or WebM"),
    foreign("talk.caf", b"caff\0\x01\0\0", "Core Audio (CAF)"),
    foreign("talk.amr", b"#!AMR\n", "AMR"),
    foreign("talk.wv", b"wvpk", "WavPack"),
    foreign("talk.ape", b"MAC ", "Monkey's Audio"),
    foreign("talk.spx", OGG_HEAD + b"Speex   1.2", "Speex"),
    Bad(
        "talk.au",
        encoded(format="AU"),
        "is Sun audio (AU), a format that is not read",
        "convert it: ffmpeg -i talk.au talk.wav",
    ),
    Bad(
        "talk.w64",
        encoded(format="W64"),
        "is Wave64, a format that is not read",
        "convert it: ffmpeg -i talk.w64 talk.wav",
    ),
    # what is no sound at all
    Bad(
        "notes.mid",
        b"MThd\0\0\0\x06\0\0\0\x01\0\x60",
        "is MIDI, which holds notes and no sound",
        "play it with a synthesizer into a WAV file",
    ),
    Bad(
        "pointer.wav",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "is a Git LFS pointer, without the sound itself",
        "fetch it: git lfs pull",
    ),
    Bad("page.mp3", b"<!DOCTYPE html><html>", "is a web page or XML, no sound", "download the sound itself"),
    Bad("cover.flac", b"\x89PNG\r\n\x1a\n", "is a picture, no sound", ANOTHER),
    Bad("pack.wav", b"PK\x03\x04" + bytes(40), "is a ZIP archive, no sound", "unpack it first"),
    Bad("words.wav", b"Close your eyes, and breathe.\n", "is a text, no sound", ANOTHER),
    Bad("samples-alone.wav", of_16_bit(TONE)[2:], "is no sound", ANOTHER),
    # no file
    Bad("folder.wav", lambda path: path.mkdir(), "is a folder", "name a sound file"),
    Bad("nowhere.wav", lambda path: path.symlink_to("gone.wav"), "is a link to nothing", "put the file there"),
)
"""Files that Windows can have too."""
BAD_HERE = (
    Bad("pipe.wav", pipe, "is a pipe", "name a sound file"),
    Bad("socket.wav", plug, "is a socket", "name a sound file"),
    Bad("device.wav", lambda path: path.symlink_to("/dev/zero"), "is a device", "name a sound file"),
    Bad(
        "circle.wav",
        lambda path: path.symlink_to("circle.wav"),
        "cannot be opened: Too many levels of symbolic links",
        "see whether you may read it",
    ),
)
"""Files that only a POSIX system can have."""


def make(bad: Bad, folder: Path) -> Path:
    """Make the file of *bad* in *folder*."""
    path = folder / bad.name
    if callable(bad.made):
        bad.made(path)
    else:
        path.write_bytes(bad.made)
    return path

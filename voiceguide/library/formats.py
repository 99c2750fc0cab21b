"""What a file is, by its first bytes, and how much of itself its header promises. Nothing is decoded here."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

READ = frozenset({"WAV", "WAVEX", "RF64", "AIFF", "FLAC", "OGG", "MP3"})
"""Formats that are read, as libsndfile calls them. Of these, what is missing at the end is known."""
_OTHER_SOUND = (
    (4, b"ftyp", "MPEG-4 (AAC or ALAC)"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
    (0, b"\x1aE\xdf\xa3", "Matroska or WebM"),
    (0, b"caff", "Core Audio (CAF)"),
    (0, b"riff", "Wave64"),
    (0, b".snd", "Sun audio (AU)"),
    (0, b"\xff\xf1", "AAC"),
    (0, b"\xff\xf9", "AAC"),
    (0, b"ADIF", "AAC"),
    (0, b"wvpk", "WavPack"),
    (0, b"#!AMR", "AMR"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"TTA", "True Audio"),
    (0, b"\x0bw", "Dolby AC-3"),
    (0, b"DSD ", "DSD"),
    (0, b"FRM8", "DSD"),
    (0, b"Creative Voice", "Creative Voice (VOC)"),
    (8, b"8SVX", "Amiga (8SVX)"),
    (28, b"Speex", "Speex"),
    (29, b"FLAC", "FLAC inside Ogg"),
    (0, b"FLV", "Flash video"),
    (8, b"AVI ", "a video (AVI)"),
)
"""Sound that is not read: where its mark stands, the mark, its name."""
_NO_SOUND = (
    (b"version https://git-lfs", "is a Git LFS pointer, without the sound itself", "fetch it: git lfs pull"),
    (b"MThd", "is MIDI, which holds notes and no sound", "play it with a synthesizer into a WAV file"),
    (b"<", "is a web page or XML, no sound", "download the sound itself"),
    (b"\x89PNG", "is a picture, no sound", ""),
    (b"\xff\xd8\xff", "is a picture, no sound", ""),
    (b"%PDF", "is a PDF, no sound", ""),
    (b"PK\x03\x04", "is a ZIP archive, no sound", "unpack it first"),
    (b"\x1f\x8b", "is packed (gzip)", "unpack it first"),
)
_OPEN_END = 0x7FFF0000
"""Programs that write into a pipe do not know how long it will be, and say this much or more."""


def other_sound(head: bytes) -> str:
    """Return the name of the format of sound that begins with *head*, if it is one that is not read."""
    return next((name for at, mark, name in _OTHER_SOUND if head.startswith(mark, at)), "")


def no_sound(head: bytes) -> tuple[str, str] | None:
    """Return what begins with *head* instead of a sound, and what to do; None if that is not known."""
    found = next(((why, hint) for mark, why, hint in _NO_SOUND if head.lstrip().startswith(mark)), None)
    if found is None and head and not any(byte < 9 or byte in (11, 12) or 13 < byte < 32 for byte in head):
        return "is a text, no sound", ""
    return found


def missing(path: Path) -> float:
    """Return the share of its sound that the header of the file at *path* promises and that is not there, 0 to 1.

    WAV and AIFF (and RF64, EBU Tech 3306) say the size of the chunk that holds the samples; MP3 often says its bytes
    in a first frame of information (Xing, LAME). Other formats notice while they are decoded.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] in (b"RIFF", b"RF64", b"BW64"):
            start, told = _chunk(file, "<", b"data")
        elif head[:4] == b"FORM":
            start, told = _chunk(file, ">", b"SSND")
        else:
            start, told = _frames_of_mp3(file, head)
    return max(0.0, 1 - (size - start) / told) if told else 0.0


def _chunk(file: BinaryIO, order: str, wanted: bytes) -> tuple[int, int]:
    """Return where the chunk *wanted* begins and how long it says it is; 0 if there is none or it does not say."""
    large = 0
    while len(head := file.read(8)) == 8:
        name, told = head[:4], int(struct.unpack(f"{order}I", head[4:])[0])
        if name == wanted:
            told = large if large and told == 0xFFFFFFFF else told
            return file.tell(), 0 if told >= _OPEN_END and not large else told
        if name == b"ds64":
            content = file.read(told)
            large = struct.unpack("<Q", content[8:16])[0] if len(content) >= 16 else 0
            file.seek(told % 2, 1)
        else:
            file.seek(told + told % 2, 1)
    return 0, 0


def _frames_of_mp3(file: BinaryIO, head: bytes) -> tuple[int, int]:
    start = 0
    if head[:3] == b"ID3":
        start = 10 + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(start)
    first = file.read(256)
    at = max(first.find(b"Xing"), first.find(b"Info"))
    if at < 0 or first[:1] != b"\xff" or len(first) < at + 16:
        return 0, 0
    flags, _, told = struct.unpack(">III", first[at + 4 : at + 16])
    return start, told if flags & 3 == 3 else 0

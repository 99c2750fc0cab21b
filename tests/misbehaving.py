"""Packages of engines and outputs that do everything they must not, as they would be installed."""

from __future__ import annotations

from pathlib import Path

BASE = """
import sys, time
from itertools import count
import numpy as np
from voiceguide.plugins import Status
from voiceguide.speech.engine import Engine, Voice

class Well(Engine):
    title, rank, deterministic, patience_s = "Well", 99, True, 1.0
    def status(self): return Status("ready")
    def voices(self): return (Voice("v", "V", "en"),)
    def fingerprint(self, voice): return type(self).__name__
    def _speak(self, sentence, voice, pace_wpm):
        return 0.3 * np.sin(np.arange(8000, dtype=np.float32) * 0.2), 16000

class Mute(Exception):
    def __str__(self): raise RuntimeError("no words")

def deep(n): return deep(n + 1)
def stop(what=SystemExit, *words): raise what(*words)
"""
LOADED = {
    "import-missing": "import a_library_that_is_not_there",
    "import-syntax": "def (:",
    "import-raises": "1 / 0",
    "import-exits": "raise SystemExit(0)",
    "import-interrupts": "raise KeyboardInterrupt",
    "import-hangs": "import time; time.sleep(3600)",
    "import-without-the-class": "x = 1",
    "not-an-engine": "class E: name = 'x'",
    "a-function": "def E(): return None",
    "half-an-engine": "class E(Engine):\n    title, rank, deterministic = 'Half', 99, True",
    "init-raises": "class E(Well):\n    def __init__(self): stop(ValueError, 'no \\x1b[31mcolour\\x07')",
    "init-exits": "class E(Well):\n    def __init__(self): stop()",
    "init-hangs": "class E(Well):\n    def __init__(self): time.sleep(3600)",
    "title-missing": "class E(Well):\n    title = property(lambda self: stop(AttributeError, 'title'))",
    "rank-of-words": "class E(Well): rank = 'best'",
    "rank-not-a-number": "class E(Well): rank = float('nan')",
    "rank-exits": "class E(Well): rank = property(lambda self: stop())",
    "class-lies": "class E:\n    __class__ = property(lambda self: stop())",
}
"""What goes wrong before anything is asked, by name: the text of a module whose engine is `E`."""
ASKED = {
    "status-raises": "def status(self): 1 / 0",
    "status-exits": "def status(self): sys.exit(3)",
    "status-interrupts": "def status(self): stop(KeyboardInterrupt)",
    "status-none": "def status(self): pass",
    "status-of-words": "def status(self): return 'ready'",
    "status-unheard-of": "def status(self): return Status('splendid')",
    "status-hangs": "def status(self): time.sleep(3600)",
    "status-recurses": "def status(self): deep(0)",
    "status-mute": "def status(self): stop(Mute)",
    "voices-none": "def voices(self): pass",
    "voices-raises": "def voices(self): 1 / 0",
    "voices-exits": "def voices(self): stop()",
    "voices-of-words": "def voices(self): return ['anna']",
    "voices-hangs": "def voices(self): time.sleep(3600)",
    "voices-that-act": "def voices(self): return (Voice('\\x1b]0;x\\x07' * 9999, 'V', 'en'),)",
    "voices-of-numbers": "def voices(self): return (Voice(1, 2, 3),)",
    "voices-end-in-exit": "def voices(self):\n        yield Voice('v', 'V', 'en')\n        stop()",
}
"""What goes wrong before anything is spoken, so that `voices` shows it too: the text of a method."""
SPOKEN = {
    "voices-none-at-all": "def voices(self): return ()",
    "pick-none": "def pick_voice(self, wanted, language): pass",
    "pick-interrupts": "def pick_voice(self, wanted, language): stop(KeyboardInterrupt)",
    "fingerprint-none": "def fingerprint(self, voice): pass",
    "fingerprint-raises": "def fingerprint(self, voice): 1 / 0",
    "length-of-words": "def _length(self, *_): return 'long', 'slow'",
    "workers-raise": "def workers(self, cores): stop(OSError, 'no cores')",
    "workers-none": "def workers(self, cores): pass",
    "speak-raises": "def _speak(self, *_): stop(ZeroDivisionError, 'by zero')",
    "speak-exits": "def _speak(self, *_): sys.exit('good bye')",
    "speak-interrupts": "def _speak(self, *_): stop(KeyboardInterrupt)",
    "speak-none": "def _speak(self, *_): pass",
    "speak-one-thing": "def _speak(self, *_): return np.zeros(5)",
    "speak-nothing": "def _speak(self, *_): return np.zeros(0, np.float32), 16000",
    "speak-silence": "def _speak(self, *_): return np.zeros(9000, np.float32), 16000",
    "speak-nan": "def _speak(self, *_): return np.full(9000, np.nan, np.float32), 16000",
    "speak-recurses": "def _speak(self, *_): deep(0)",
    "speak-mute": "def _speak(self, *_): stop(Mute)",
}
"""What goes wrong when it should speak."""
WELL = {
    "my engine": "rank = -9",
    "prints": "rank = -9\n    def status(self):\n        print('{', end=''); return Status('ready')\n    def _speak(self, *a):\n        print('loading'); return super()._speak(*a)",
    "endless-voices": "rank = -9\n    def voices(self): return (Voice(f'v{n}', 'V', 'en') for n in count())",
    "close-raises": "rank = -9\n    def close(self): stop()",
    "hint-that-acts": "rank = -9\n    def status(self): return Status('ready', '\\x1b[2J' * 9999)",
}
"""Odd ones that work all the same."""
OUTPUTS = {
    "start-raises": "def _start(self, source): 1 / 0",
    "start-exits": "def _start(self, source): raise SystemExit(0)",
    "start-interrupts": "def _start(self, source): raise KeyboardInterrupt",
    "start-no-device": "def _start(self, source): raise OSError('no device')",
    "status-raises": "def status(self): 1 / 0",
    "status-none": "def status(self): pass",
    "status-exits": "def status(self): raise SystemExit(0)",
    "status-hangs": "def status(self): time.sleep(3600)",
    "latency-of-words": "latency_ms = 'short'",
    "start-and-stop-raise": "def _start(self, source): 1 / 0\n    def _stop(self): raise SystemExit(1)",
    "start-and-stop-hangs": "def _start(self, source): 1 / 0\n    def _stop(self): time.sleep(3600)",
}
OUTPUT = """
import threading, time
from voiceguide.play.output import LiveOutput
from voiceguide.plugins import Status

class Quick(LiveOutput):
    title, rank = "Quick", 50
    def status(self): return Status("ready")
    def _start(self, source):
        self.over = threading.Event()
        threading.Thread(target=self.ask, args=(source,), daemon=True).start()
    def ask(self, source):
        while not self.over.wait(0.002):
            source.pull(source.rate // 10)
    def _stop(self):
        if hasattr(self, "over"): self.over.set()
"""


def module(name: str) -> str:
    return "odd_" + "".join(sign if sign.isalnum() else "_" for sign in name)


def install(place: Path) -> Path:
    """Put the packages into *place*, a folder for `PYTHONPATH`, and return it."""
    info = place / "odd-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (place / "odd_base.py").write_text(BASE)
    engines = {name: f"{module(name)}:E" for name in (*LOADED, *ASKED, *SPOKEN, *WELL)}
    for name, text in LOADED.items():
        head = "" if name.startswith(("import", "not", "a-")) else "from odd_base import *\n"
        (place / f"{module(name)}.py").write_text(f"{head}{text}\n")
    for name, text in {**ASKED, **SPOKEN, **WELL}.items():
        (place / f"{module(name)}.py").write_text(f"from odd_base import *\nclass E(Well):\n    {text}\n")
    engines |= {"module-missing": "odd_module_that_is_not_there:E", "tone": "odd_base:Well", "auto": "odd_base:Well"}
    lines = ["[voiceguide.engines]", *(f"{name} = {value}" for name, value in engines.items())]
    (place / "odd_quick.py").write_text(OUTPUT)
    lines += ["[voiceguide.outputs]", "quick = odd_quick:Quick"]
    for name, text in OUTPUTS.items():
        (place / f"{module('out ' + name)}.py").write_text(
            f"import time\nfrom odd_quick import Quick, Status\nclass O(Quick):\n    rank = 99\n    {text}\n"
        )
        lines.append(f"out-{name} = {module('out ' + name)}:O")
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return place

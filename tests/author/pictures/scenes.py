"""A tiny script that has one of everything, and the scene of it."""

from __future__ import annotations

from tests.make import planned
from voiceguide.author.pictures.scene import Scene, scene

TINY = """
length: 20s..40s..60s
bed: rain
steps:
  - {chime: begin, name: bell, title: Bell}
  - {name: sit, title: Sit, say: One two three four., for: 10s}
  - {name: air, title: Air, for: 10s, breathe: 4-1-5-0}
  - section: Feet
    each: foot
    steps: [{do: rub, title: Rub, say: Go on., for: 1s..7s..10s}]
"""
SILENT = """
length: 30s..50s..2m
steps:
  - {name: a, title: A, pause: 10s..10s..60s}
  - section: One
    for: 20s..30s..100s
    steps: [{repeat: until 10s left, steps: [{do: rub, title: Rub, say: Hello there., for: 8s}]}]
  - {name: c, title: C, pause: 10s}
"""
"""After two rounds there is no room for a third, so the section ends with a silence."""


def tiny(title: str = "Tiny") -> Scene:
    return scene(planned(TINY, 40).timeline, title)


def drawn(text: str, length_s: float) -> Scene:
    return scene(planned(text, length_s).timeline, "Test")

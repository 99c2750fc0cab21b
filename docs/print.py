"""Print the reference pages of this folder from the program's own tables: `make docs`."""

from pathlib import Path

from voiceguide.script.reference import PAGES

for name, page in PAGES.items():
    (Path(__file__).parent / name).write_text(page(), encoding="utf-8")

"""Print the reference pages of this folder from the program's own tables, and draw its pictures: `make docs`.

A picture is drawn by the command that its page shows, `voiceguide ... --svg NAME`, from the scripts on that page.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # where the tests are
os.environ["VOICEGUIDE_HOME"] = str(HERE / "nobody")  # whose settings would be in what is printed

from tests.cli.manual import man_page  # noqa: E402
from tests.script.messages import codes_page  # noqa: E402
from voiceguide.author.schema import keys_page  # noqa: E402

PAGES = {"keys.md": keys_page, "codes.md": codes_page, "voiceguide.1": man_page}
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)
DRAWING = re.compile(r"^\$ voiceguide (.* --svg (\S+))$", re.M)


def draw(text: str, folder: Path) -> None:
    """Draw in *folder* what the page *text* draws, and keep the pictures that it shows."""
    for name, script in FILE.findall(text):
        (folder / name).write_text(script, encoding="utf-8")
    for command, name in DRAWING.findall(text):
        if f"pictures/{name})" in text:
            line = [sys.executable, "-m", "voiceguide", *shlex.split(command)]
            subprocess.run(line, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            (HERE / "pictures" / name).write_bytes((folder / name).read_bytes())


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
    for path in (HERE.parent / "README.md", *sorted(HERE.glob("*.md"))):
        with tempfile.TemporaryDirectory() as folder:
            draw(path.read_text(encoding="utf-8"), Path(folder))

"""The page moves in a session as the program does: the same commands at the same places come to the same."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.stage import session
from voiceguide.play.commands import read_command
from voiceguide.play.director import direct, knows_all
from voiceguide.play.now import Now
from voiceguide.play.stand import Edition, Stand
from voiceguide.play.transport import Transport
from voiceguide.speech.cache import ClipCache
from voiceguide.timeline import Timeline
from voiceguide.web.address import Place
from voiceguide.web.record import session_record
from voiceguide.web.served import Served
from voiceguide.web.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

COMMANDS = (
    *("hold", "go-on", "toggle", "next", "previous", "again", "next-section", "previous-section", "stop", "quit"),
    *("back", "forward", "back 3", "forward 25", "seek 0", "seek 480000", "seek 99999999", "seek -5"),
)
OBEY = """async ([session, cases]) => {
    const { obey } = await import("/page/transport.js");
    return cases.map(([stand, text, held]) => {
        const { at, state, waiting, leaving, insisted } = obey(session, stand, text, held);
        return [at, state, waiting, leaving, insisted];
    });
}"""
NOW = """async ([session, stands]) => {
    const { nowAt } = await import("/page/transport.js");
    return stands.map((stand) => nowAt(session, stand));
}"""
SEAL = """async (pairs) => {
    const { seal } = await import("/page/seal.js");
    return pairs.map(([secret, text]) => seal(secret, text));
}"""


@pytest.fixture
def timeline(tmp_path: Path, cache: ClipCache, page: Page) -> Any:
    """The timeline of a session; the page is at a site that serves it."""
    short = session(tmp_path, cache)
    site = Site(Served(short, {}), Place("127.0.0.1"))
    site.start()
    page.goto(site.url.partition("#")[0])
    yield short.timeline
    site.stop()


def moments(timeline: Timeline) -> list[int]:
    edges = {0, timeline.frames - 1, *timeline.waits}
    for step in timeline.steps:
        edges |= {step.start, step.start + 1, step.start + 47_000, step.start + 144_000, step.start + 144_001}
        edges |= {step.start + 200_000, step.end - 1}
    return sorted(frame for frame in edges if 0 <= frame < timeline.frames)


def test_every_command_comes_to_what_it_comes_to_in_the_program(page: Page, timeline: Timeline) -> None:
    edition = Edition(timeline)
    kept = next(step.address for step in timeline.steps if step.kept)
    cases, expected = [], []
    for at in moments(timeline):
        for state in ("playing", "holding", "waiting"):
            if state == "waiting" and at not in timeline.waits:
                continue
            for text in COMMANDS:
                for held, leaving, insisted in ((0, False, None), (4, False, None), (70, True, kept)):
                    stand, plain = standing(edition, at, state, held, leaving, insisted)
                    after = direct(stand, read_command(text), knows_all).stand
                    cases.append([plain, text, held])
                    expected.append(
                        [
                            after.transport.here,
                            after.transport.state,
                            after.transport.waiting,
                            after.leaving,
                            None if after.insisted is None else str(after.insisted),
                        ]
                    )
    assert len(cases) > 2_000
    record = session_record(timeline, "A short one", "short")
    found = page.evaluate(OBEY, [record, cases])
    wrong = [(case, e, f) for case, e, f in zip(cases, expected, found, strict=True) if e != f]
    assert wrong[:3] == []


def standing(
    edition: Edition, at: int, state: str, held: int, leaving: bool, insisted: Any
) -> tuple[Stand, dict[str, Any]]:
    """Return a stand for the program and the same one for the page."""
    timeline = edition.timeline
    open_ = Transport.of(timeline.frames, edition.starts, timeline.rate, timeline.waits)
    playing = state == "playing"
    kind = "playing" if playing else "holding"
    transport = Transport(
        open_.frames,
        open_.starts,
        open_.ramp,
        open_.back,
        open_.ramp if playing else 0,
        kind,  # type: ignore[arg-type]
        at,
        waits=open_.waits,
        waiting=state == "waiting",
    )
    leaving = leaving and not playing
    out = held * timeline.rate
    stand = Stand(transport, edition, out, held_at=None if playing else 0, leaving=leaving, insisted=insisted)
    plain = {"at": at, "state": kind, "waiting": state == "waiting", "leaving": leaving}
    return stand, {**plain, "insisted": None if insisted is None else str(insisted), "note": ""}


def test_the_page_tells_of_a_place_what_the_program_tells(page: Page, timeline: Timeline) -> None:
    keys = ("section", "step", "next", "at_ms", "length_ms", "left_ms", "state", "waiting", "title", "routine")
    record = session_record(timeline, "A short one", "short")
    places = [(at, waiting) for at in moments(timeline) for waiting in {False, at in timeline.waits}]
    state = {True: "holding", False: "playing"}
    stands = [{"at": at, "state": state[waiting], "waiting": waiting} for at, waiting in places]
    found = page.evaluate(NOW, [record, stands])
    for (at, waiting), told in zip(places, found, strict=True):
        now = Now(timeline, at, state[waiting], waiting, title="A short one", routine="short")  # type: ignore[arg-type]
        assert {key: told[key] for key in keys} == {key: now.record()[key] for key in keys}
        words = [text for start, end, text in told["words"] if start <= at < end]
        assert (words or [""])[0] == now.record()["words"]


def test_the_page_signs_as_the_program_does(page: Page, timeline: Timeline) -> None:
    texts = ["", "a", "do\n1\n2\nnext", "ä€😀", *("x" * size for size in (54, 55, 56, 63, 64, 65, 119, 120, 1_000))]
    pairs = [(secret, text) for secret in ("k", "K" * 22, "k" * 64, "k" * 65) for text in texts]
    expected = [hmac.new(secret.encode(), text.encode(), "sha256").hexdigest() for secret, text in pairs]
    assert page.evaluate(SEAL, [list(pair) for pair in pairs]) == expected

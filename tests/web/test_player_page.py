"""The page plays a session by itself in a real browser: by taps, media keys and seeking, and over a lost network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.play.sinks import until
from tests.web.stage import await_in, media_key, session
from voiceguide import Session
from voiceguide.speech.cache import ClipCache
from voiceguide.web.address import Place
from voiceguide.web.served import Served
from voiceguide.web.site import Site
from voiceguide.web.sound import Wave

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATE = 48_000
STAND = "() => voiceguide.desk.stand"
TIME = "() => document.getElementById('sound').currentTime"
KEYS = """() => {
    window.keys = {};
    const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
    navigator.mediaSession.setActionHandler = (name, handle) => { keys[name] = handle; set(name, handle); };
}"""


@pytest.fixture
def long(tmp_path: Path, cache: ClipCache) -> Session:
    return session(tmp_path, cache, length_s=1200)


@pytest.fixture
def site(long: Session) -> Iterator[Site]:
    running = Site(Served(long, {"wav": Wave(long)}), Place("127.0.0.1"))
    running.start()
    yield running
    running.stop()


def opened(page: Page, site: Site) -> None:
    page.add_init_script(f"({KEYS})()")
    page.goto(site.url)
    await_in(page, "document.body.dataset.state === 'holding'")


def stand(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(STAND)
    return found


def tap(page: Page, command: str) -> None:
    page.tap(f"[data-command={command}]")


def playing(page: Page, beyond_s: float) -> None:
    """Wait until sound comes, from *beyond_s* on and not much later."""
    await_in(page, f"(({TIME})()) > {beyond_s} && !document.getElementById('sound').paused")
    assert page.evaluate(TIME) < beyond_s + 8


def test_taps_and_seeking_move_the_sound_and_what_is_shown(page: Page, site: Site, long: Session) -> None:
    opened(page, site)
    assert "#" not in page.url, "the secret has left the address bar"
    assert page.inner_text("[data-command=toggle]") == "begin"
    tap(page, "toggle")
    playing(page, 0.2)
    assert page.inner_text("#captions") == "One two three four."
    assert page.inner_text("#step") == "Welcome"
    steps = long.timeline.steps
    tap(page, "next")
    assert page.inner_text("#understood") == "Welcome: to be heard. Once more to skip it."
    assert page.inner_text("#step") == "Welcome"
    for index in (1, 2):
        tap(page, "next")
        playing(page, steps[index].start / RATE)
        assert page.inner_text("#step") == steps[index].title
    assert page.get_attribute(".zone.lit", "data-zone") == "heel"
    tap(page, "previous")
    playing(page, steps[1].start / RATE)
    tap(page, "toggle")
    assert stand(page)["state"] == "holding"
    assert page.evaluate("document.getElementById('sound').paused")
    assert page.inner_text("[data-command=toggle]") == "go on"
    page.locator("#seek").evaluate("(range) => { range.value = 500; range.dispatchEvent(new Event('change')); }")
    assert stand(page)["at"] == long.timeline.frames // 2
    tap(page, "stop")
    assert page.inner_text("[data-command=stop]") == "end"
    tap(page, "stop")
    assert page.inner_text("#step") == "The session is over"


def test_media_keys_do_what_they_say_and_play_alone_toggles(
    page: Page, site: Site, long: Session, address: str
) -> None:
    opened(page, site)
    tap(page, "toggle")
    playing(page, 0.1)
    (player,) = media_key(address, "-l").splitlines()

    def press(*words: str) -> str:
        return media_key(address, "-p", player, *words)

    press("next")
    await_in(page, f"({STAND})().insisted")
    press("next")
    playing(page, long.timeline.steps[1].start / RATE)
    assert press("metadata", "xesam:title") == "Knead the arch"
    assert press("metadata", "xesam:artist") == "A short one"
    assert press("metadata", "xesam:album") == "The foot"
    assert press("metadata", "mpris:length") == "1200000000"
    press("position", "700")
    playing(page, 700)
    press("position", "10+")  # the browser tells only the direction: the page has ten seconds for it
    playing(page, 710)
    page.evaluate("keys.seekforward({seekOffset: 30})")
    playing(page, 740)
    press("position", "10-")
    playing(page, 730)
    press("pause")
    await_in(page, f"({STAND})().state === 'holding'")
    until(lambda: press("status") == "Paused", "the hold on the bus")
    press("play")
    await_in(page, f"({STAND})().state === 'playing'")
    press("previous")
    playing(page, max(step.start for step in long.timeline.steps if step.start < 727 * RATE) / RATE)
    page.evaluate("keys.play()")  # a headset that only ever sends Play; playerctl does not while it plays
    assert stand(page)["state"] == "holding"
    page.evaluate("keys.play()")
    assert stand(page)["state"] == "playing"
    press("stop")
    await_in(page, f"({STAND})().leaving")


def test_captions_and_chapters_are_tracks_of_the_sound(page: Page, site: Site, long: Session) -> None:
    opened(page, site)
    await_in(page, "[...document.getElementById('sound').textTracks].every((t) => t.cues?.length)")
    found = page.evaluate(
        "[...document.getElementById('sound').textTracks].map((t) => [t.kind, [...t.cues].map((c) => c.text)])"
    )
    words = [cue.text for cue in long.timeline.cues if cue.text and cue.track in ("voice", "breath")]
    assert found == [["captions", words], ["chapters", [chapter.title for chapter in long.timeline.chapters]]]


def test_it_waits_where_the_session_waits(page: Page, site: Site, long: Session) -> None:
    opened(page, site)
    (wait,) = long.timeline.waits
    tap(page, "toggle")
    page.evaluate(f"voiceguide.desk.do('seek {wait - RATE}')")
    await_in(page, f"({STAND})().waiting")
    assert stand(page) | {"note": ""} == stand(page) | {"at": wait, "state": "holding", "waiting": True, "note": ""}
    assert page.inner_text("#note") == "It waits for you."
    assert abs(page.evaluate(TIME) - wait / RATE) < 0.5
    tap(page, "toggle")
    playing(page, wait / RATE)
    assert stand(page)["waiting"] is False


def test_a_lost_server_is_waited_for_and_it_goes_on_at_the_same_place(page: Page, site: Site) -> None:
    opened(page, site)
    tap(page, "toggle")
    playing(page, 0.2)
    site.stop()
    page.evaluate("voiceguide.desk.do('seek 48000000')")  # far beyond what the browser has loaded
    await_in(page, "document.getElementById('link').textContent === 'connecting again …'")
    site.start()
    playing(page, 1000)
    assert page.inner_text("#link") == ""
    assert stand(page)["state"] == "playing"


def test_a_lost_network_is_waited_for_and_a_page_that_was_put_away_comes_back_there(page: Page, site: Site) -> None:
    opened(page, site)
    tap(page, "toggle")
    playing(page, 0.2)
    page.context.set_offline(True)
    page.evaluate("voiceguide.desk.do('seek 38400000')")
    await_in(page, "document.body.hasAttribute('data-lost')")
    page.context.set_offline(False)
    playing(page, 800)
    page.reload()
    await_in(page, "document.body.dataset.state === 'holding'")
    assert abs(stand(page)["at"] - 38_400_000) < 10 * RATE
    tap(page, "toggle")
    playing(page, 800)


def test_without_the_secret_the_page_shows_nothing(page: Page, site: Site) -> None:
    for url in (site.url.partition("#")[0], site.url[:-1]):
        page.goto("about:blank")
        page.goto(url)
        await_in(page, "document.body.dataset.state === 'closed'")
        assert page.inner_text("#step") == "Scan the code that the terminal shows."

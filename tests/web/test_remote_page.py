"""A page in a real browser is the remote of a session that plays here: taps, what is shown, a lost network and server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.play.sinks import until
from tests.web.stage import Clocked, await_in, session
from voiceguide import Session
from voiceguide.play.commands import End, Seek
from voiceguide.play.player import Player
from voiceguide.speech.cache import ClipCache
from voiceguide.web.address import Place
from voiceguide.web.remote import WebRemote

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def long(tmp_path: Path, cache: ClipCache) -> Session:
    return session(tmp_path, cache, length_s=1200)


@contextmanager
def playing(session: Session) -> Iterator[tuple[Player, WebRemote]]:
    remote = WebRemote(Place("127.0.0.1"))
    remote.open()
    with Player(session, Clocked()) as player:
        player.prepare()
        remote.start(player)
        yield player, remote
        player.do(End())
    remote.stop()


def url(remote: WebRemote) -> str:
    assert remote.site is not None
    return remote.site.url


def test_taps_command_the_session_and_the_page_shows_where_it_is(page: Page, long: Session) -> None:
    steps = long.timeline.steps
    with playing(long) as (player, remote):
        page.goto(url(remote))
        await_in(page, "document.body.dataset.state === 'playing'")
        assert remote.paired == 1
        assert "#" not in page.url
        assert page.evaluate("document.cookie") == "", "no script can read the cookie"
        assert page.inner_text("#title") == "A short one"
        await_in(page, "document.getElementById('captions').textContent === 'One two three four.'")
        page.tap("[data-command=toggle]")
        until(lambda: player.now.state == "holding", "the hold")
        await_in(page, "document.body.dataset.state === 'holding'")
        assert page.inner_text("[data-command=toggle]") == "go on"
        page.tap("[data-command=toggle]")
        until(lambda: player.now.state == "playing", "going on")
        player.do(Seek(steps[1].start + 96_000))
        await_in(page, "document.querySelector('.zone.lit')?.dataset.zone === 'arch'")
        assert page.inner_text("#step") == "Knead the arch"
        assert page.inner_text("#next") == "next: Press the heel"
        page.tap("[data-command=next]")
        until(lambda: player.now.index == 2, "the next step")
        page.tap("[data-command=louder]")
        until(lambda: player.now.volume_db == 3, "louder")
        page.locator("#seek").evaluate("(range) => { range.value = 500; range.dispatchEvent(new Event('change')); }")
        until(lambda: abs(player.now.at - player.now.timeline.frames / 2) < 96_000, "the place that was sought")
        beat = player.now.timeline.beats[0]
        player.do(Seek(beat.start + 4_800))
        await_in(page, "document.getElementById('phase').textContent === 'breathe in'")
        narrow = page.evaluate("Number(document.getElementById('pacer').getAttribute('r'))")
        await_in(page, f"Number(document.getElementById('pacer').getAttribute('r')) > {narrow + 30}")
        page.tap("[data-command=stop]")
        until(lambda: player.now.leaving, "the stop")
        await_in(page, "document.querySelector('[data-command=stop]').textContent === 'end'")
        page.tap("[data-command=stop]")
        until(lambda: player.wait(0), "the end")
    await_in(page, "document.body.dataset.state === 'ended'")
    assert page.inner_text("#step") == "The session is over"
    assert page.inner_text("#link") == ""


def test_a_lost_network_and_a_server_that_comes_back_are_met_again(page: Page, long: Session) -> None:
    with playing(long) as (player, remote):
        page.goto(url(remote))
        await_in(page, "document.body.dataset.state === 'playing'")
        page.context.set_offline(True)
        page.tap("[data-command=next]")
        await_in(page, "document.body.hasAttribute('data-lost')")
        page.context.set_offline(False)
        page.tap("[data-command=toggle]")
        until(lambda: player.now.state == "holding", "a hold after the network came back")
        assert player.now.index == 0, "what could not be sent is not sent later"
        assert remote.site is not None
        remote.site.stop()
        await_in(page, "document.body.hasAttribute('data-lost')")
        remote.site.start(remote.board.begin)
        await_in(page, "!document.body.hasAttribute('data-lost')")
        page.tap("[data-command=toggle]")
        until(lambda: player.now.state == "playing", "going on")
        page.reload()
        await_in(page, "document.body.dataset.state === 'playing'")
        page.tap("[data-command=toggle]")
        until(lambda: player.now.state == "holding", "a hold after a reload")
        assert remote.paired == 1


def test_before_the_session_begins_the_page_says_so_and_fits_the_smallest_screen(page: Page, long: Session) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    remote = WebRemote(Place("127.0.0.1"))
    page.goto(remote.open())
    await_in(page, "document.body.dataset.state === 'beginning'")
    assert page.inner_text("#step") == "The session is about to begin"
    with Player(long, Clocked()) as player:
        player.prepare()
        remote.start(player)
        await_in(page, "document.body.dataset.state === 'playing'")
        await_in(page, "!document.querySelector('button').disabled")
        for width, height in ((320, 568), (390, 844), (844, 390), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            boxes = [button.bounding_box() for button in page.locator("#buttons button:visible").all()]
            assert len(boxes) == 12
            for box in boxes:
                assert box is not None
                assert box["x"] >= 0
                assert box["y"] >= 0
                assert box["x"] + box["width"] <= width
                assert box["y"] + box["height"] <= height
                assert min(box["width"], box["height"]) >= 40, "large enough for a knuckle"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        player.do(End())
    remote.stop()

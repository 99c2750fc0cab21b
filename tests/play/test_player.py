"""The player on outputs that are real but have no device: what is played is what is exported."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random

import pytest

from tests.play.sinks import FRAME, Collector, WholeCollector, session, until, waiting
from tests.play.sounds import exported, faded, find_hold, is_faint, is_silent, sounding
from voiceguide import Session, VoiceOptions
from voiceguide.clip_store import ClipStore
from voiceguide.play.commands import End, GoOn, Hold, Move, Next, Previous, Seek, Toggle
from voiceguide.play.feeder import POSTROLL_MS, PREROLL_MS
from voiceguide.play.now import Now
from voiceguide.play.player import Player
from voiceguide.play.sound import near_silence
from voiceguide.play.whole_player import WholePlayer, open_player
from voiceguide.speech.cache import ClipCache

PREROLL = PREROLL_MS * 48


def test_played_in_odd_sizes_it_is_the_exported_file_after_its_lead_in(short: Session, tmp_path: Path) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        assert sink.open
        sink.take_all(player)
        assert player.heard.transport.at == short.timeline.frames
        assert player.underruns.count == 0
    reference = exported(short, tmp_path)
    assert is_faint(sink.data[: PREROLL * FRAME])
    assert sink.data[PREROLL * FRAME :][: len(reference)] == reference
    assert is_silent(sink.data[PREROLL * FRAME + len(reference) :])
    assert len(sink.data) // FRAME >= PREROLL + short.timeline.frames + POSTROLL_MS * 48
    assert not sink.open


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_it_is_so_at_other_rates(rate: int, tmp_path: Path, cache: ClipCache) -> None:
    short = session(tmp_path, cache, rate=rate)
    sink = Collector()
    with Player(short, sink) as player:
        sink.take_all(player)
    lead = PREROLL_MS * rate // 1000 * FRAME
    reference = exported(short, tmp_path)
    assert sink.data[lead:][: len(reference)] == reference


def test_a_hold_is_silent_and_loses_nothing(short: Session, tmp_path: Path) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 40_001)
        player.do(Hold())
        while player.heard.transport.state != "holding":
            sink.take(player, 200)
        sink.take(player, 30_000)
        player.do(GoOn())
        sink.take_all(player)
    at, silence = find_hold(bytes(sink.data[PREROLL * FRAME :]), exported(short, tmp_path), short)
    assert at >= 40_001
    assert silence >= 29_000


def take_until_waiting(sink: Collector, player: Player, wait: int) -> None:
    while not player.heard.transport.waiting or player.heard.here < wait:
        sink.take(player, 200)


def test_it_waits_by_itself_at_the_frame_and_goes_on_exactly_there(short: Session, tmp_path: Path) -> None:
    first, second = (step.end for step in short.timeline.steps[:2])
    sink = Collector()
    with Player(waiting(short, first, second), sink) as player:
        for wait in (first, second):
            take_until_waiting(sink, player, wait)
            sink.take(player, 30_000)
            assert (player.heard.transport.state, player.heard.transport.at) == ("holding", wait)
            player.do(GoOn())
        sink.take_all(player)
        assert player.underruns.count == 0
    reference = exported(short, tmp_path)
    heard, begun = bytes(sink.data[PREROLL * FRAME :]), 0
    for wait, end in ((first, second), (second, short.timeline.frames)):
        out = reference[begun * FRAME : wait * FRAME] + faded(short, wait, "out")
        assert heard.startswith(out)
        heard, begun = heard[len(out) :], wait + 480
        come = heard.index(faded(short, wait, "in") + reference[begun * FRAME : end * FRAME])
        assert come >= 29_000 * FRAME
        assert is_silent(heard[:come])
        heard = heard[come + 480 * FRAME :]
    assert heard.startswith(reference[begun * FRAME :])


def test_next_while_it_waits_goes_on_with_the_step_that_begins_there(short: Session, tmp_path: Path) -> None:
    second = short.timeline.steps[1].start
    sink = Collector()
    with Player(waiting(short, second), sink) as player:
        take_until_waiting(sink, player, second)
        player.do(Next())
        sink.take_all(player)
    assert bytes(sink.data).find(exported(short, tmp_path)[(second + 480) * FRAME :]) > 0


def test_quitting_while_it_waits_ends_it(short: Session) -> None:
    sink = Collector()
    with Player(waiting(short, 48_000), sink) as player:
        take_until_waiting(sink, player, 48_000)
        player.do(End())
        sink.take_all(player)
        assert player.heard.over
        assert not player.heard.transport.waiting


def test_where_nobody_can_go_on_it_plays_through(short: Session, tmp_path: Path) -> None:
    sink = Collector()
    with Player(waiting(short, 48_000), sink, waits=False) as player:
        sink.take_all(player)
    assert bytes(sink.data[PREROLL * FRAME :]).startswith(exported(short, tmp_path))


def test_next_is_heard_at_the_beginning_of_the_next_step(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 10_000)
        player.do(Next())
        sink.take_all(player)
        edition = player.heard.edition.timeline
    # the rest is planned anew from where the step was left, and crossed into at that frame
    assert bytes(sink.data[PREROLL * FRAME :]).startswith(sounding(short, edition))
    assert edition.steps[1].start < short.timeline.steps[1].start
    assert edition.frames == edition.steps[1].start + short.timeline.frames - short.timeline.steps[1].start


def test_commands_may_come_from_many_threads_at_once(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 1_000)

        def press(number: int) -> None:
            for _ in range(50):
                player.do(Seek(number * 1_000))

        threads = [threading.Thread(target=press, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        sink.take(player, 40_000)
        for thread in threads:
            thread.join()
        player.do(End())
        sink.take_all(player)
        assert player.heard.over


def test_quitting_ends_within_a_ramp(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 50_000)
        player.do(End())
        sink.take_all(player)
        assert player.heard.over
        assert 50_000 < player.heard.transport.at < 50_000 + 2 * 48_000


def test_quitting_while_held_ends_too(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        player.do(Hold())
        sink.take(player, PREROLL + 24_000)
        assert player.heard.transport.state == "holding"
        player.do(End())
        sink.take_all(player)  # once nothing was left to be taken, and so nothing ever said that it was the last
        assert player.underruns.count == 0


def test_what_fails_while_the_sound_is_made_is_raised_where_the_end_is_awaited(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path / "gone")
    made = session(tmp_path, cache)
    cache.folder.rename(tmp_path / "moved")
    made = replace(made, store=ClipStore(made.plan.routine, VoiceOptions("tone", cache=cache)))
    (tmp_path / "gone").write_text("a file where a folder was")
    with Player(made, Collector()) as player, pytest.raises(Exception, match=r"gone|cannot write|exists"):
        until(lambda: player.wait(0.01), "the end")


def test_a_long_hold_without_a_bed_is_near_silence_so_that_no_speaker_falls_asleep(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 40_000)
        player.do(Hold())
        while player.heard.transport.state != "holding":
            sink.take(player, 480)
        sink.take(player, 480)
        before = len(sink.data)
        sink.take(player, 8 * 48_000)
        assert is_silent(sink.data[before:])
        sink.take(player, 3 * 48_000)
        before = len(sink.data)
        sink.take(player, 48_000)
        assert is_faint(sink.data[before:])
        player.do(End())
        sink.take_all(player)


def test_a_device_that_asks_too_early_is_given_silence_and_the_gap_is_counted(short: Session, tmp_path: Path) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        sink.take(player, PREROLL + 1_000)
        greedy = sink.source.pull(48_000)  # a second at once, of which at most 0.2 are ready
        assert player.underruns.count == 1
        sink.take_all(player)
        missing = player.underruns.frames
    reference = exported(short, tmp_path)
    ready = 48_000 - missing
    assert greedy[: ready * FRAME] == reference[1_000 * FRAME : (1_000 + ready) * FRAME]
    assert is_silent(greedy[ready * FRAME :])
    assert bytes(sink.data[(PREROLL + 1_000) * FRAME :]).startswith(reference[(1_000 + ready) * FRAME :])


def test_an_output_that_is_not_live_gets_everything_and_can_only_be_stopped(short: Session, tmp_path: Path) -> None:
    sink = WholeCollector()
    with WholePlayer(short, sink) as player:
        assert sink.data == near_silence(PREROLL) + exported(short, tmp_path)
        sink.frames = PREROLL + 12_345
        player.do(Hold())
        assert (player.now.state, player.now.at) == ("playing", 12_345)
        assert not player.wait(0)
        player.do(End())
        assert player.wait(0)
        assert sink.stopped
        assert player.now.at == 12_345


def test_an_output_that_is_not_live_does_not_wait(short: Session, tmp_path: Path) -> None:
    sink = WholeCollector()
    with open_player(waiting(short, 12_000), sink) as player:
        assert sink.data == near_silence(PREROLL) + exported(short, tmp_path)
        sink.frames = PREROLL + 12_345
        assert (player.now.state, player.now.at) == ("playing", 12_345)


def test_an_output_that_is_not_live_ends_by_itself(short: Session) -> None:
    sink = WholeCollector()
    with WholePlayer(short, sink) as player:
        sink.frames = None
        assert player.wait(0)
        assert player.now.at == short.timeline.frames


def watched(player: Player) -> tuple[list[Now], threading.Thread]:
    """Return what a watcher in a thread of its own is told, as it is told, and the thread."""
    told: list[Now] = []

    def listen() -> None:
        for now in player.watch():
            told.append(now)

    thread = threading.Thread(target=listen)
    thread.start()
    return told, thread


def test_a_watcher_is_told_of_every_change_in_order(short: Session) -> None:
    first, second = (step.end for step in short.timeline.steps[:2])
    sink = Collector()
    seen: list[tuple[int, str, bool]] = []

    def take(frames: int) -> None:
        for _ in range(0, frames, 50):
            sink.take(player, 50)
            if not seen or player.now.standing != seen[-1]:
                seen.append(player.now.standing)

    with Player(waiting(short, first), sink) as player:
        told, thread = watched(player)
        take(PREROLL + 10_000)
        script: list[tuple[Move, int]] = [
            (Hold(), 12_000),
            (GoOn(), first),
            (GoOn(), 12_000),
            (Seek(second - 4_000), 20_000),
        ]
        for command, frames in script:
            player.do(command)
            take(frames)
        sink.take_all(player)
        thread.join(20)
    standings = [standing for standing, _ in groupby(now.standing for now in told)]
    assert standings == [*seen, (2, "ended", False)]
    assert standings == [
        (0, "playing", False),
        (0, "holding", False),
        (0, "playing", False),
        (0, "holding", True),
        (1, "playing", False),
        (2, "playing", False),
        (2, "ended", False),
    ]


def test_whatever_is_commanded_how_quickly_a_watcher_ends_up_where_the_listener_is(short: Session) -> None:
    sink, pick = Collector(), Random(1)
    ends = [step.end for step in short.timeline.steps[:2]]
    ways: list[Move] = [Toggle(), Previous(), *(Seek(end - off) for end in ends for off in (2_000, 500, 0))]
    with Player(waiting(short, *ends), sink) as player:
        told, thread = watched(player)
        for _ in range(100):
            for _ in range(pick.randrange(4)):
                player.do(pick.choice(ways))
            sink.take(player, pick.randrange(1, 1_000))
            until(lambda: bool(told) and told[-1].standing == player.now.standing, "the news")
        player.do(End())
        sink.take_all(player)
        thread.join(20)
    assert told[-1].state == "ended"


def test_it_is_the_output_that_decides_who_plays(short: Session) -> None:
    assert isinstance(open_player(short, Collector()), Player)
    assert isinstance(open_player(short, WholeCollector()), WholePlayer)


def test_a_finished_buffer_is_watched_to_its_end(short: Session) -> None:
    sink = WholeCollector()
    with WholePlayer(short, sink) as player:
        news = player.watch()
        assert next(news).at == 0
        sink.frames = PREROLL + 12_345
        assert next(news).at == 12_345
        sink.frames = None
        assert list(news) == []


def test_what_one_command_has_changed_is_told_even_if_the_next_one_comes_before_the_device(short: Session) -> None:
    sink = Collector()

    def obeyed(player: Player, command: Move) -> None:
        until(lambda: player._feed.untouched() is not None, "a store")
        before = player._feed.untouched()
        player.do(command)
        until(lambda: player._feed.untouched() is not before, "the command")

    with Player(short, sink) as player:
        told, thread = watched(player)
        sink.take(player, PREROLL + 1_000)
        obeyed(player, Next())
        second = player._feeder._performance.bookmark.edition.timeline.steps[1].start
        obeyed(player, Seek(second + 5_000))
        sink.take(player, 2_000)
        assert player.now.index == 1
        # where the first command led: the clock, which may come meanwhile, never shows that frame
        until(lambda: any(now.at == second for now in told), "the news")
        player.do(End())
        sink.take_all(player)
        thread.join(20)


def test_a_command_that_changes_nothing_is_not_heard(short: Session, tmp_path: Path) -> None:
    sink = Collector()
    with Player(short, sink) as player:
        while not player.heard.over:
            sink.take(player, 5_000)
            player.do(GoOn())
        sink.take_all(player)
    assert bytes(sink.data[PREROLL * FRAME :]).startswith(exported(short, tmp_path))

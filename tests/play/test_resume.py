"""Going on with a session that was not heard to its end: where, after what, and whatever ended it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.test_commands import run
from tests.play.sinks import SCRIPT, Collector, WholeCollector, until
from tests.play.sounds import exported
from tests.random_scripts import plans
from tests.tries import tries
from voiceguide import Session
from voiceguide.address import Address
from voiceguide.cli.resume import come_back
from voiceguide.cli.say import frame_of
from voiceguide.diagnostics import UsageError, no_progress
from voiceguide.places import Keep, Place, forget, heard_file, load_plan, places, prune, sessions_folder
from voiceguide.plan.plan import Plan
from voiceguide.play.commands import Command, End, GoOn, Hold, Longer, Seek
from voiceguide.play.feeder import PREROLL_MS
from voiceguide.play.keeper import begun, keeping
from voiceguide.play.phrases import instructions
from voiceguide.play.player import Player
from voiceguide.play.resuming import Goal, goes_on_at, moved_to, step_at
from voiceguide.play.stand import Begin, Edition, Stand
from voiceguide.play.whole_player import WholePlayer
from voiceguide.timeline import Chapter, StepSpan, Timeline

RATE = 48_000
PREROLL = PREROLL_MS * 48


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


# Where it goes on


def test_a_moment_later_it_goes_on_where_it_was(short: Session) -> None:
    for at in (0, 30_000, 144_001, 431_999):
        assert goes_on_at(short.timeline, at, 2_999) == at


def test_later_it_goes_on_with_the_instruction_that_was_being_said(short: Session) -> None:
    for spoken in instructions(short.timeline):
        for at in (spoken.start, spoken.start + 20_000, spoken.end - 1):
            assert goes_on_at(short.timeline, at, 3_000) == spoken.start


def test_in_a_silence_it_goes_back_three_seconds_but_neither_into_words_nor_out_of_the_step() -> None:
    steps = (StepSpan(None, "A", 0, 480_000), StepSpan(None, "B", 480_000, 480_000))
    quiet = Timeline(RATE, 960_000, (), steps)
    assert goes_on_at(quiet, 400_000, 10_000) == 400_000 - 144_000
    assert goes_on_at(quiet, 500_000, 10_000) == 480_000


@pytest.mark.parametrize("away_ms", [0, 2_999, 3_000, 59_000, 10**9])
def test_it_never_goes_on_later_nor_before_the_step_nor_in_the_middle_of_words(short: Session, away_ms: int) -> None:
    pick, timeline = Random(7), short.timeline
    spoken = instructions(timeline)
    for at in (pick.randrange(-5, timeline.frames + 5) for _ in range(2_000)):
        goal, here = goes_on_at(timeline, at, away_ms), max(0, min(at, timeline.frames))
        step = step_at(timeline, here)
        assert step is not None
        assert step.start <= goal <= here
        if away_ms >= 3_000:
            assert not any(each.start < goal < each.end for each in spoken)


# A script that has changed


def steps(*names: str, frames: int = 1_000) -> Timeline:
    made = [StepSpan(Address.parse(name), name, n * frames, frames) for n, name in enumerate(names)]
    chapters = [
        step for n, step in enumerate(made) if step.address and (not n or step.address.path != path(made[n - 1]))
    ]
    named = tuple(Chapter("/".join(path(step)), step.start) for step in chapters)
    return Timeline(1000, len(names) * frames, (), tuple(made), named)


def path(step: StepSpan) -> tuple[str, ...]:
    return step.address.path if step.address else ()


def test_the_same_step_is_found_wherever_it_lies_now() -> None:
    old = steps("a/one:left", "a/two:left", "a/one:right", "a/two:right")
    new = steps("a/new:left", "a/one:left", "a/two:left", "a/new:right", "a/one:right", "a/two:right", frames=600)
    for at in range(0, 4_000, 50):
        goal = moved_to(old, at, new)
        before, after = step_at(old, at), step_at(new, goal.frame)
        assert before is not None
        assert after is not None
        assert (before.address, goal.remark) == (after.address, "")
        assert goal.frame - after.start == min(at - before.start, 599)


def test_a_step_that_is_gone_is_followed_by_the_next_that_is_there() -> None:
    goal = moved_to(steps("a/one", "a/two", "a/three", "b/four"), 1_500, steps("a/one", "a/three", "b/four"))
    assert (goal.frame, goal.remark) == (1_000, "a/two is no longer in it: it goes on with a/three")


def test_with_nothing_left_of_what_came_after_it_is_the_section_and_then_the_beginning() -> None:
    old = steps("a/one", "b/two", "b/three")
    goal = moved_to(old, 2_500, steps("a/one", "b/two", "b/other"))
    assert (goal.frame, goal.remark) == (
        1_000,
        "b/three is no longer in it, nor what came after it: it goes on with the beginning of b",
    )
    assert moved_to(old, 2_500, steps("x/y")).frame == 0


def test_of_rounds_of_which_there_are_fewer_it_is_the_last() -> None:
    goal = moved_to(steps("a/one:1", "a/one:2", "a/one:3"), 2_100, steps("a/one:1", "a/one:2"))
    assert (goal.frame, goal.remark) == (1_100, "")


# What is kept


def play_to(short: Session, frames: int, place: Place | None = None, begin: Begin | None = None) -> Place:
    """Play so far and end; return the place."""
    sink, base = Collector(), place or begun(short)
    with Player(short, sink, begin=begin or Begin()) as player, keeping(player, short, base):
        sink.take(player, PREROLL + frames)
        player.do(End())
        sink.take_all(player)
    return next(place for place in places() if place.session == base.session)


def test_what_is_ended_early_leaves_its_place_and_what_was_heard(short: Session) -> None:
    place = play_to(short, 200_000)
    at = place.at
    assert 200_000 <= at < 200_000 + 20_000
    assert (place.address, place.step, place.state, place.length) == ("knead", "Knead", "ended", 432_000)
    assert place.into == at - short.timeline.steps[1].start
    assert place.heard == {"warm": 144_000, "knead": at - 144_000}
    assert load_plan(place) == short.plan


def test_what_is_heard_to_its_end_leaves_none_but_is_credited(short: Session) -> None:
    sink = Collector()
    with Player(short, sink) as player, keeping(player, short, begun(short)):
        sink.take_all(player)
    assert places() == []
    assert list(sessions_folder().iterdir()) == []
    line = json.loads(heard_file().read_text(encoding="utf-8"))
    assert (line["finished"], line["heard_ms"]) == (True, 9_000)
    assert line["steps"] == {"warm": 3_000, "knead": 3_000, "rest": 3_000}


def test_a_session_that_goes_on_sounds_the_same_from_there(short: Session, tmp_path: Path) -> None:
    place = play_to(short, 200_000)
    plan = load_plan(place)
    assert plan is not None
    one, other = Collector(), Collector()
    for sink, made in ((one, short), (other, replace(short, plan=plan))):
        with Player(made, sink, begin=Begin(place.at)) as player:
            sink.take_all(player)
    assert one.data == other.data
    assert any(one.data)


def test_what_is_gone_on_with_adds_to_what_was_heard_and_ends_its_place(short: Session) -> None:
    place = play_to(short, 200_000)
    sink = Collector()
    with Player(short, sink, begin=Begin(place.at)) as player, keeping(player, short, place):
        sink.take_all(player)
    assert places() == []
    line = json.loads(heard_file().read_text(encoding="utf-8"))
    assert line["heard_ms"] == 9_000


def test_no_more_is_credited_than_was_heard_whatever_is_commanded(short: Session) -> None:
    sink, base, pick = Collector(), begun(short), Random(3)
    ways: list[Command] = [Seek(0), Seek(100_000), Seek(300_000), Hold(), GoOn(), GoOn(), Longer(1)]
    with Player(short, sink) as player, keeping(player, short, base):
        for _ in range(60):
            sink.take(player, pick.randrange(1, 20_000))
            if not player.wait(0):
                player.do(pick.choice(ways))
        player.do(End())
        sink.take_all(player)
        out = player.heard.out
    (place,) = places()
    assert 0 < sum(place.heard.values()) <= out
    assert set(place.heard) <= {"warm", "knead", "rest"}


def test_the_place_lies_in_the_plan_that_was_playing(short: Session) -> None:
    sink, base = Collector(), begun(short)
    with Player(short, sink) as player, keeping(player, short, base):
        sink.take(player, PREROLL + 50_000)
        player.do(Longer(5))
        sink.take(player, 40_000)
        player.do(End())
        sink.take_all(player)
        edition = player.heard.edition
    (place,) = places()
    assert place.length == edition.timeline.frames > short.timeline.frames
    plan = load_plan(place)
    assert plan is not None
    assert plan.timeline == edition.timeline
    assert len(list((sessions_folder() / place.session).glob("*.plan"))) == 1


def test_a_hold_is_kept_at_once_and_stopped_when_it_began(short: Session) -> None:
    sink, base = Collector(), begun(short)
    with Player(short, sink) as player, keeping(player, short, base):
        sink.take(player, PREROLL + 50_000)
        player.do(Hold())
        while player.heard.transport.state != "holding":
            sink.take(player, 200)
        path = sessions_folder() / base.session / "place.json"
        until(lambda: path.exists() and json.loads(path.read_bytes())["state"] == "holding", "the place of the hold")
        first = path.read_bytes()
        sink.take(player, 96_000)
        assert path.read_bytes() == first
        player.do(Seek(0))
        while player.heard.here:
            sink.take(player, 200)
        until(lambda: json.loads(path.read_bytes())["at"] == 0, "the place of the jump")


def test_it_begins_as_a_hold_that_has_lasted_so_long(short: Session) -> None:
    edition = Edition.of(short.plan)
    stand = Stand.of(edition, begin=Begin(1_000, 70 * RATE, -6, ((500, -9),)))
    assert (stand.here, stand.held, stand.transport.state) == (1_000, 70 * RATE, "holding")
    assert (stand.volume_db, stand.bed_db) == (-6, -9)


def test_after_more_than_a_minute_it_first_says_where_it_is(short: Session, tmp_path: Path) -> None:
    second, sink = short.timeline.steps[1], Collector()
    with Player(short, sink, begin=Begin(second.start, 61 * RATE)) as player:
        while not player.now.answer:
            sink.take(player, 200)
        while player.heard.transport.state == "holding":
            assert player.now.at == second.start
            sink.take(player, 200)
        assert player.now.answer == "Knead. Six seconds left in all."
        spoken = len(sink.data)
        sink.take_all(player)
        assert player.now.at == short.timeline.frames
    words = player.now.answer.count(" ") + 1
    assert spoken // 4 > PREROLL + words * RATE // 2, "all of it, half a second a word, was heard before it went on"
    comes_in = 480
    rest = exported(short, tmp_path)[(second.start + comes_in) * 4 :]
    assert bytes(sink.data).find(rest) > 0


def test_after_less_it_goes_on_at_once(short: Session) -> None:
    sink = Collector()
    with Player(short, sink, begin=Begin(144_000, 2 * RATE)) as player:
        sink.take(player, PREROLL + 9_600)
        assert player.now.answer == ""
        assert player.heard.here == 144_000 + 9_600


def test_an_output_that_is_not_live_goes_on_too(short: Session) -> None:
    whole, rest = WholeCollector(), WholeCollector()
    with WholePlayer(short, whole):
        pass
    with WholePlayer(short, rest, begin=Begin(200_000)) as player:
        rest.frames = PREROLL + 1_000
        assert (player.now.at, player.heard.here, player.heard.out) == (201_000, 201_000, 1_000)
    comes_in = 480
    assert rest.data[(PREROLL + comes_in) * 4 :] == whole.data[(PREROLL + 200_000 + comes_in) * 4 :]


# Several at once, old ones, broken ones


def put(short: Session, **changed: object) -> Place:
    """Store a place of *short* as if it had been left."""
    place = replace(begun(short), **changed)  # type: ignore[arg-type]
    keep = Keep(place.session)
    place = replace(place, plan=keep.plan(short.plan))
    keep.place(place)
    keep.close()
    return place


def test_a_session_that_is_being_played_is_nobody_elses(short: Session) -> None:
    place = put(short)
    code = f"import sys; from voiceguide.places import Keep; held = Keep({place.session!r}); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"1\n"
        assert places() == []
        with pytest.raises(Exception, match="being played already"):
            Keep(place.session)
        forget(place)
        other.kill()
    assert places() == [place]


def test_the_latest_twelve_stay_for_a_month(short: Session) -> None:
    now = datetime.now(UTC)
    kept = [put(short, when=(now - timedelta(days=days)).isoformat()) for days in range(40)]
    prune()
    assert places() == kept[:12]
    for place in kept[:11]:
        forget(place)
    put(short, when=(now - timedelta(days=31)).isoformat())
    prune()
    assert places() == [kept[11]]


def test_what_cannot_be_read_is_passed_over_and_nothing_else_with_it(short: Session) -> None:
    good, bad, gone = put(short), put(short), put(short)
    file = sessions_folder() / bad.session / "place.json"
    whole = file.read_bytes()
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:cut])
        assert {place.session for place in places()} == {good.session, gone.session}
    (sessions_folder() / gone.session / f"{gone.plan}.plan").write_bytes(b"{}")
    assert load_plan(gone) is None
    assert load_plan(good) == short.plan


def test_what_a_killed_process_left_is_cleared_away(short: Session) -> None:
    place = put(short)
    folder = sessions_folder() / place.session
    (folder / ".place.json.1-2.part").write_text("{")
    left = sessions_folder() / "left"
    left.mkdir()
    (left / "lock").touch()
    prune()
    assert not left.exists()
    Keep(place.session).close()
    assert sorted(path.name for path in folder.iterdir()) == sorted(["lock", "place.json", f"{place.plan}.plan"])


@tries(40)
@given(plans(), st.floats(0, 1), st.sampled_from([0, 2_999, 3_000, 10**7]))
def test_on_whole_random_sessions_too(plan: Plan, share: float, away_ms: int) -> None:
    timeline = plan.timeline
    at = int(share * (timeline.frames - 1))
    goal, step = goes_on_at(timeline, at, away_ms), step_at(timeline, at)
    if not timeline.steps:  # all are left out for this listener: there is a bed, or silence
        assert step is None
        assert 0 <= goal <= at
        return
    assert step is not None
    assert step.start <= goal <= at
    if away_ms < 3_000:
        assert goal == at
    else:
        assert not any(each.start < goal < each.end for each in instructions(timeline))
    assert moved_to(timeline, at, timeline) == Goal(at), "a script that has not changed is the same place"


# The session comes back


def left_at(short: Session, at: int) -> Place:
    step = step_at(short.timeline, at)
    assert step is not None
    return put(short, at=at, address=str(step.address), step=step.title, length=short.timeline.frames)


def test_it_comes_back_as_it_was_even_if_its_script_is_gone(short: Session, tmp_path: Path) -> None:
    place = left_at(short, 200_000)
    back = come_back(place, no_progress)
    assert (back.session.plan, back.at, back.remark) == (short.plan, 200_000, "")
    (tmp_path / "short.yaml").unlink()
    back = come_back(place, no_progress)
    assert (back.session.plan, back.at) == (short.plan, 200_000)
    assert back.remark == (
        f"the script has changed, but it goes on with the one before: there is no file {tmp_path / 'short.yaml'}"
    )


def test_in_a_script_that_has_changed_it_goes_on_in_the_same_step(short: Session, tmp_path: Path) -> None:
    place = left_at(short, 200_000)
    rewritten = SCRIPT.replace("  - {do: warm", "  - {do: new, say: One two., for: 2s, quiet: 0s}\n  - {do: warm")
    (tmp_path / "short.yaml").write_text(rewritten.replace("2s..9s..1m", "2s..11s..1m"), encoding="utf-8")
    back = come_back(place, no_progress)
    step = step_at(back.session.timeline, back.at)
    assert step is not None
    assert (step.title, back.remark) == ("Knead", "the script has changed: it goes on in the same step")
    assert back.at - step.start == 200_000 - short.timeline.steps[1].start


def test_in_a_script_that_has_mistakes_now_it_goes_on_with_the_one_before(short: Session, tmp_path: Path) -> None:
    place = left_at(short, 200_000)
    (tmp_path / "short.yaml").write_text(SCRIPT.replace("for: 2s", "for: 2"), encoding="utf-8")
    back = come_back(place, no_progress)
    assert (back.session.plan, back.at) == (short.plan, 200_000)
    assert back.remark == "the script has changed, but it goes on with the one before: it has 3 errors"


def test_who_spoke_may_be_gone(short: Session) -> None:
    place = replace(left_at(short, 200_000), engine="nobody")
    back = come_back(place, no_progress)
    step = step_at(back.session.timeline, back.at)
    assert step is not None
    assert step.title == "Knead"
    assert back.remark.startswith("there is no engine 'nobody': ")
    assert back.remark.endswith(" speaks")


# The commands


def test_what_can_be_gone_on_with_is_listed_and_forgotten(short: Session) -> None:
    assert run("resume", "--list").stdout.startswith("nothing to go on with: ")
    refused = run("resume")
    assert (refused.returncode, refused.stderr.splitlines()[0]) == (2, "voiceguide: there is nothing to go on with")
    left_at(short, 200_000)
    head, row = run("resume", "--list").stdout.splitlines()
    assert head.split() == ["routine", "title", "at", "step", "stopped"]
    assert row.startswith("short    A short one  0:04 of 0:09  Knead  ")
    (record,) = json.loads(run("resume", "--json").stdout)
    assert (record["routine"], record["at_ms"], record["length_ms"], record["step"]) == ("short", 4_167, 9_000, "Knead")
    assert run("resume", "other", "--list").stdout.startswith("nothing to go on with: ")
    assert run("resume", "short", "--forget").stdout.startswith("forgotten: A short one, Knead, 0:04 of 0:09, ")
    assert places() == []


@pytest.mark.parametrize(
    ("text", "frame"),
    [("knead", 144_000), ("Warm strokes", 0), ("0:04", 192_000), ("2.5s", 120_000), ("rest", 288_000)],
)
def test_where_to_begin_is_a_step_or_a_time(short: Session, text: str, frame: int) -> None:
    assert frame_of(short, text) == frame


@pytest.mark.parametrize(
    ("text", "message"), [("nead", "short has no step 'nead'"), ("0:09", "0:09 is not in this session")]
)
def test_what_is_no_such_place_is_refused(short: Session, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        frame_of(short, text)
    assert refused.value.message == message


def test_processes_may_write_down_what_was_heard_at_once(tmp_path: Path) -> None:
    code = """if True:
        import sys; from pathlib import Path; from voiceguide.files import append_line
        for n in range(300): append_line(Path(sys.argv[1]) / "heard.jsonl", b'{"n": "%s"}' % (b"x" * n))
    """
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    lengths = [len(json.loads(line)["n"]) for line in (tmp_path / "heard.jsonl").read_bytes().splitlines()]
    assert sorted(lengths) == sorted([*range(300)] * 3)


def test_a_process_that_is_killed_at_any_moment_is_gone_on_with() -> None:
    command = [sys.executable, "-m", "tests.bench.kills", "--kills", "2", "--writer", "10"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert "2 kills, no store half-written" in done.stdout, done.stderr
    assert "went on as promised: 2 of 2" in done.stdout  # how soon the place was written is a matter of the bench
    assert "10 kills of the writer alone" in done.stdout

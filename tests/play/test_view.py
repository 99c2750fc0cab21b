"""What is shown of a session as it plays, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.make import planned
from voiceguide.columns import cells, fit
from voiceguide.play.commands import KINDS, Quit
from voiceguide.play.digits import HALVES, SIGNS, big
from voiceguide.play.keys_page import keys_page
from voiceguide.play.now import Now
from voiceguide.play.pacer import breath_at
from voiceguide.play.styles import Look, bare
from voiceguide.play.view import view

SCRIPT = """
routine: A short one
steps:
  - section: Feet
    each: foot
    steps:
      - {do: warm, title: Warm strokes, say: Stroke the foot., for: 30s}
  - {do: breathe, title: Even breaths, say: Breathe., breathe: 4-1-6-0, for: 40s}
  - {name: rest, say: Rest., for: 1m}
"""
RATE = 48_000
TIMELINE = planned(SCRIPT, 160).timeline
SMALL = Look(80, 24)


def at(second: float, **more: object) -> Now:
    return replace(Now(TIMELINE, round(second * RATE), "playing", title="A short one"), **more)  # type: ignore[arg-type]


def held(second: float, **more: object) -> Now:
    return replace(at(second), state="holding", **more)  # type: ignore[arg-type]


def shown(now: Now, look: Look = SMALL, **more: object) -> list[str]:
    return [bare(row).rstrip() for row in view(now, look, **more)]  # type: ignore[arg-type]


def test_it_says_what_is_now_what_is_next_and_how_long() -> None:
    assert shown(at(12.4)) == [
        "  A short one                                                       Feet: left",
        "  █   █ ▄▀▄ █▀▄ █▄ ▄█    ▄▀▀ ▀█▀ █▀▄ ▄▀▀▄ █ █ █▀▀ ▄▀▀",
        "  █▄▀▄█ █▀█ █▀▄ █ ▀ █     ▀▄  █  █▀▄ █  █ █▀▄ █▀   ▀▄",
        "  ▀   ▀ ▀ ▀ ▀ ▀ ▀   ▀    ▀▀   ▀  ▀ ▀  ▀▀  ▀ ▀ ▀▀▀ ▀▀",
        "  Warm strokes · LEFT                                           0:18 left here",
        "",
        "  ██      ██████  ██████  ██████                    ██████        ██    ██████",
        "  ██      ██      ██        ██                      ██  ██  ██  ████    ██  ██",
        "  ██      ████    ████      ██                      ██  ██        ██    ██████",
        "  ██      ██      ██        ██                      ██  ██  ██    ██    ██  ██",
        "  ██████  ██████  ██        ██                      ██████      ██████  ██████",
        "",
        "",
        "",
        "",
        "  Stroke the foot.",
        "",
        "",
        "",
        "  0:12 of 2:40  ━━━────────────────────────────────────────────────  2:28 left",
        "  next: Warm strokes · RIGHT, in 0:18                              volume 0 dB",
        "",
        "  space hold · → next · ← back · a again · w where · l longer · s shorter",
        "  ↑ louder · ↓ quieter · x stop · q quit · , 10 s back · ? all keys",
    ]


def test_a_change_of_sides_moves_the_side_to_where_it_is() -> None:
    assert shown(at(29.9))[6] == "  ██      ██████  ██████  ██████                    ██████      ██████    ██"
    assert shown(at(30.0))[6] == "  ██████      ██████  ██████              ████    ██    ██████  ██  ██  ██████"
    assert shown(at(30.0))[4] == "  Warm strokes · RIGHT                                          0:30 left here"


def test_a_breath_grows_and_shrinks_with_the_sound_that_is_heard_by_now() -> None:
    first = TIMELINE.beats[0].start / RATE
    for second, behind, phase, row in (
        (first, 0, "breathe in, 4", "░" * 76),
        (first + 2, 0, "breathe in, 2", "█" * 38 + "░" * 38),
        (first + 2.1, 4800, "breathe in, 2", "█" * 38 + "░" * 38),  # the device still has a tenth of a second
        (first + 4.5, 0, "hold your breath, 1", "█" * 76),
        (first + 5 + 4.5, 0, "breathe out, 2", "█" * 19 + "░" * 57),
    ):
        page = shown(at(second), behind=behind)
        assert (page[5], page[12], page[13]) == (f"  {phase}", f"  {row}", f"  {row}")
    assert shown(at(first + 2))[1:4] == ["  █ █▄ █", "  █ █ ▀█", "  ▀ ▀  ▀"]


def test_a_breath_with_a_top_up_fills_in_two_goes() -> None:
    script = "length: 1m\nsteps: [{name: a, say: Go., breathe: 3-1+1.5-0-7.5-0, for: 1m}]"
    timeline = planned(script, 60).timeline
    start = timeline.beats[0].start
    full = [breath_at(timeline, start + round(second * RATE)) for second in (0, 3.5, 4.75, 5.5, 9.25)]
    assert [(breath.beat.phase, breath.full) for breath in full if breath] == [
        ("in", 0.0),
        ("hold", 0.75),
        ("more", 0.875),
        ("out", 1.0),
        ("out", 0.5),
    ]
    assert breath_at(timeline, start - 1) is None


def test_a_breath_that_is_held_up_is_not_drawn() -> None:
    second = TIMELINE.beats[0].start / RATE + 2
    assert shown(held(second))[12] == ""


@pytest.mark.parametrize(
    ("now", "big_word", "line"),
    [
        (held(12), "held", "held: press space to go on"),
        (held(30, waiting=True), "your turn", "waiting for you: press space to go on"),
        (held(12, leaving=True, understood="quit"), "quit?", "held: press q again to end, space to go on"),
        (held(12, leaving=True, understood="stop"), "stopped", "held: press q again to end, space to go on"),
        (held(12, away="unplugged"), "no sound", "no sound device: unplugged. It is looked for"),
        (held(12, away="unplugged", returns=True), "no sound", "no sound device: unplugged. It goes on when back"),
        (at(0, making="the first words"), "one moment", "one moment: the first words"),
        (replace(at(160), state="ended"), "the end", "the end"),
        (replace(at(12), state="ended"), "ended early", "ended early"),
    ],
    ids=["held", "waiting", "leaving", "stopped", "away", "returns", "making", "ended", "early"],
)
def test_a_state_is_told_in_big_letters_and_with_what_to_do(now: Now, big_word: str, line: str) -> None:
    page = shown(now)
    assert page[1:4] == [f"  {row}".rstrip() for row in big(big_word, 0) or ()]
    assert page[5] == f"   {line}"


def test_a_hold_and_a_wait_say_which_key_goes_on() -> None:
    assert shown(held(12))[22].startswith("  space go on · ")
    assert shown(held(30, waiting=True))[20].startswith("  next: Warm strokes · RIGHT   ")  # and not when


def test_what_was_understood_and_answered_is_told() -> None:
    assert "understood" not in "".join(shown(held(12), fresh=("toggle", "")))  # which is plain to see
    page = shown(at(12), fresh=("next-section", "Left heel. Forty seconds left."))
    assert page[5].endswith("  understood: next section")
    assert page[15] == "  Left heel. Forty seconds left."


def test_of_a_title_too_long_for_big_letters_the_first_words_are_big() -> None:
    script = SCRIPT.replace("title: Warm strokes", "title: 'Strokes, slow ones, along the sole'")
    page = shown(replace(at(12), timeline=planned(script, 160).timeline))
    assert page[1:4] == [f"  {row}".rstrip() for row in big("Strokes, slow…", HALVES) or ()]
    assert page[4].startswith("  Strokes, slow ones, along the sole · LEFT  ")
    longest = SCRIPT.replace("Warm strokes", "Donaudampfschifffahrtsgesellschaft")
    page = shown(replace(at(12), timeline=planned(longest, 160).timeline))
    assert page[1:4] == ["", "  Donaudampfschifffahrtsgesellschaft", ""]


def test_words_that_need_more_rows_than_there_are_take_the_whole_width() -> None:
    rule = "Stop at sharp pain, numbness, tingling, dizziness or any skin reaction; lighter is always right. "
    text = f"{rule}The hands and the foot tell how much it is to be, and that is never much."
    page = shown(replace(at(6), timeline=planned(SCRIPT.replace("Stroke the foot.", f"'{text}'"), 160).timeline))
    assert page[15:18] == [
        "  Stop at sharp pain, numbness, tingling, dizziness or any skin reaction;",
        "  lighter is always right. The hands and the foot tell how much it is to be,",
        "  and that is never much.",
    ]


def test_what_the_listener_turned_is_told() -> None:
    turned = at(12, volume_db=-6, bed_db=3, talk="brief", keeps_end=True)
    assert shown(turned)[20].endswith("  volume -6 dB · brief talk · the end stays")  # and there is no bed


def test_a_note_and_whom_it_speaks_to_are_seen() -> None:
    script = "length: 30s\nsteps: [{name: a, to: giver, note: Oil at hand?, say: Go., for: 30s}]"
    page = shown(Now(planned(script, 30).timeline, 0, "playing"))
    assert page[5:7] == [
        "  A · to giver                                                  0:30 left here",
        "  Oil at hand?",
    ]


def test_words_stay_until_the_next_ones_in_lines_that_an_eye_takes_in() -> None:
    say = "Sit well supported, where you can reach one foot with both hands. If anything hurts sharply, stop at once."
    script = f"length: 2m\nsteps: [{{name: a, say: '{say}', for: 1m}}, {{name: b, say: Rest., for: 1m}}]"
    timeline = planned(script, 120).timeline
    for second in (1, 59):
        assert shown(Now(timeline, second * RATE, "playing"))[14:17] == [
            "  Sit well supported, where you can reach",
            "  one foot with both hands. If anything",
            "  hurts sharply, stop at once.",
        ]
    cut = shown(Now(timeline, RATE, "playing"), Look(40, 12))[6:8]
    assert cut == [" Sit well supported, where you can", " reach one foot with both hands. If an…"]
    assert shown(Now(timeline, 60 * RATE, "playing"))[14:17] == ["  Rest.", "", ""]


def test_a_small_terminal_has_the_same_in_less_room() -> None:
    assert shown(at(12.4), Look(40, 12)) == [
        " A short one                 Feet: left",
        " Warm strokes · LEFT     0:18 left here",
        "",
        " █   █▀▀ █▀▀ ▀█▀          █▀█ ▄ ▄█  █▀█",
        " █   █▀  █▀   █           █ █ ▄  █  █▀█",
        " ▀▀▀ ▀▀▀ ▀    ▀           ▀▀▀   ▀▀▀ ▀▀▀",
        "",
        " Stroke the foot.",
        "",
        " 0:12  ━────────────────────  2:28 left",
        " next: Warm strokes · RIGHT, in 0:18",
        " space hold · q quit · ? all keys",
    ]


def test_a_big_terminal_has_it_twice_as_big() -> None:
    page = shown(at(12.4), Look(200, 60))
    assert len(page) == 60
    assert " " * 20 + "████            ████████████    ████████████    ████████████" in page[20]
    assert next(row for row in page if "Warm strokes · LEFT" in row).endswith("0:18 left here")
    assert page[-1].endswith("] next section · [ section back · ? all keys")


@pytest.mark.parametrize("width", [8, 20, 33, 34, 42, 60, 80, 110, 200, 500])
@pytest.mark.parametrize("height", [1, 3, 7, 12, 24, 60, 100])
def test_nothing_is_wider_or_higher_than_the_terminal(width: int, height: int) -> None:
    long = "足のマッサージ " * 30
    look = Look(width, height)
    for now in (at(40), held(30, waiting=True), at(75), held(70, away=long), replace(at(160), state="ended")):
        for page in (view(replace(now, title=long), look, fresh=("again", long)), keys_page(now, look, KINDS)):
            assert len(page) <= height
            assert all(cells(bare(row)) <= width for row in page)


def test_nothing_jumps_while_the_words_and_the_breath_change() -> None:
    places = {
        (len(page), [bare(row).startswith("  next: ") or "last step" in row for row in page].index(True))
        for page in (view(at(second), SMALL) for second in range(160))
    }
    assert places == {(24, 20)}


def test_the_time_left_is_never_nothing_before_the_end() -> None:
    assert shown(at(159.9))[19].endswith("  0:01 left")
    assert shown(at(160))[19].endswith("  0:00 left")
    assert shown(at(140))[20].startswith("  the last step")


def test_an_output_that_cannot_hold_offers_only_to_quit() -> None:
    page = shown(at(1), offered=(Quit,))
    assert page[22] == "  q quit"
    assert "volume" not in page[20]


def test_without_colour_there_is_none_and_without_blocks_there_are_other_signs() -> None:
    styles = "".join(view(at(40), SMALL)), "".join(view(at(40), replace(SMALL, coloured=False)))
    assert ["\x1b[3" in style for style in styles] == [True, False]
    page = shown(at(12.4), Look(80, 24, blocks=False))
    assert page[1] == "  Warm strokes · LEFT                                           0:18 left here"
    assert "  ##      ######  ######  ######                    ######        ##    ######" in page
    assert not set("".join(page)) & set("█▀▄░▏")


def test_the_page_of_keys_has_them_all_where_there_is_room_and_says_how_to_go_back() -> None:
    page = [bare(row) for row in keys_page(at(12.4), SMALL, KINDS)]
    assert page[0] == "  Keys · ? goes back                                                 2:28 left"
    assert page[2:4] == [
        "  space       hold                       3           less talk",
        "  right arrow next                       w           where",
    ]
    assert page[-1] == "  4           more talk"
    wide = [bare(row) for row in keys_page(held(12), Look(200, 60), KINDS)]
    assert wide[0].endswith("held: press space to go on")
    assert "      q                 quit: press it twice" in wide


def test_every_sign_has_five_rows_of_one_width() -> None:
    assert all(len(rows) == 5 and len({len(row) for row in rows}) == 1 for rows in SIGNS.values())
    assert big("12:34", 1) == (
        "  ██    ██████      ██████  ██  ██",
        "████        ██  ██      ██  ██  ██",
        "  ██    ██████        ████  ██████",
        "  ██    ██      ██      ██      ██",
        "██████  ██████      ██████      ██",
    )
    assert big("é", 0) == big("E", 0)
    assert big("足", 0) is None


def test_wide_characters_count_twice_and_accents_nothing() -> None:
    assert (cells("足"), cells("é"), cells("e\u0301")) == (2, 1, 1)
    assert fit("足足足足", 6) == "足足…"


def test_a_title_cannot_move_the_cursor() -> None:
    assert fit("up\x1b[2Jdown\n", 40) == "up␛[2Jdown␊"
    page = view(at(1, title="up\x1b[2Jdown\n"), SMALL)
    assert page[0].startswith("  \x1b[2mup␛[2Jdown␊\x1b[0m")

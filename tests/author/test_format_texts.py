"""Texts and brackets in the house style: folded, quoted, filled and kept, by examples."""

from __future__ import annotations

from tests.author.house_style import becomes, stays


def test_long_texts_are_folded_and_short_ones_are_not() -> None:
    words = "Stroke the {side} foot. [2s] " * 4
    becomes(
        f"steps:\n  - say: {words}\n  - say: >\n      Well,\n      well.\n  - say:\n      Well, well,\n      well.\n",
        """\
steps:
  - say: >-
      Stroke the {side} foot. [2s] Stroke the {side} foot. [2s] Stroke the {side} foot. [2s] Stroke the
      {side} foot. [2s]
  - say: Well, well.
  - say: Well, well, well.
""",
    )


def test_a_line_is_folded_when_it_has_107_characters() -> None:
    stays("posture: " + "a" * 48 + " " + "b" * 48 + "\nsteps:\n  - pause: 1m\n")
    becomes(
        "posture: " + "a" * 48 + " " + "b" * 49 + "\nsteps:\n  - pause: 1m\n",
        "posture: >-\n  " + "a" * 48 + " " + "b" * 49 + "\nsteps:\n  - pause: 1m\n",
    )


def test_quotes_stay_only_where_they_are_needed() -> None:
    becomes(
        """\
posture: 'Warm'
materials: ["oil, or cream", "towel", 'no', 'as [is]']
steps:
  - title: 'One: two'
    say: 'It\'\'s warm.'
  - title: "Two #s, and a # sign"
    say: '[1s] Well.'
  - {title: 'Which?', say: "Stroke the {side} foot."}
  - title: 'say "ah"'
    say: "- a dash"
    zone: "back\\\\slash"
""",
        """\
posture: Warm
materials: ["oil, or cream", towel, no, "as [is]"]
steps:
  - title: "One: two"
    say: It's warm.
  - title: "Two #s, and a # sign"
    say: "[1s] Well."
  - {title: "Which?", say: "Stroke the {side} foot."}
  - title: say "ah"
    say: "- a dash"
    zone: back\\slash
""",
    )


def test_both_kinds_of_quotes_in_a_text() -> None:
    becomes(
        'steps:\n  - say: "\'It: \\"ah\\""\n    title: \'"ah"\'\n',
        "steps:\n  - title: '\"ah\"'\n    say: '''It: \"ah\"'\n",
    )


def test_a_folded_text_that_would_need_quotes_stays_folded() -> None:
    stays("steps:\n  - say: >-\n      Now: breathe.\n")


def test_a_long_text_in_quotes_is_folded() -> None:
    becomes(
        f'steps:\n  - say: "{"Now: breathe. " * 9}"\n',
        "steps:\n  - say: >-\n      "
        + ("Now: breathe. " * 7).strip()
        + "\n      "
        + ("Now: breathe. " * 2).strip()
        + "\n",
    )


def test_the_lines_of_a_text_with_a_bar_stay() -> None:
    becomes(
        """\
posture: |-
   Sit.

     Or lie.
steps:
  - say: |
        One line. [1s]
          Another  line: # this is said
    zone: |
        sole
""",
        """\
posture: |-
  Sit.

    Or lie.
steps:
  - say: |
      One line. [1s]
      Another line: # this is said
    zone: |
      sole
""",
    )


def test_paragraphs_of_a_folded_text_stay() -> None:
    becomes(
        "posture: >\n   Sit.\n   Or lie.\n\n\n   Or stand.\n\n\nsteps:\n  - pause: 1m\n",
        "posture: >\n  Sit. Or lie.\n\n\n  Or stand.\n\nsteps:\n  - pause: 1m\n",
    )


def test_texts_that_need_escapes_keep_them() -> None:
    becomes(
        'posture: "a\\tb \\u263a\\n  c"\nsteps:\n  - pause: 1m\n',
        'posture: "a\\tb ☺\\n  c"\nsteps:\n  - pause: 1m\n',
    )


def test_values_stay_as_they_are_spelt() -> None:
    stays("steps:\n  - {say: a, for: 90s..120s..2m30s}\n")
    stays("bed: {sound: rain, under: 24dB}\nsteps:\n  - pause: 1:30\n")


# --- brackets


def test_short_lists_and_mappings_in_brackets_stay_so() -> None:
    becomes("tags: [ firm,points, ]\nsteps:\n- { pause: 1m , }\n", "tags: [firm, points]\nsteps:\n  - {pause: 1m}\n")
    stays("tags:\n  - firm\n  - points\nsteps:\n  - pause: 1m\n")
    becomes("tags: [firm,\n  points]\nsteps:\n- pause: 1m\n", "tags: [firm, points]\nsteps:\n  - pause: 1m\n")


def test_a_long_list_in_brackets_is_filled_up() -> None:
    facts = ", ".join(f"S1-{number}" for number in range(100, 120))
    becomes(
        f"sources: [{facts}]\nsteps:\n  - pause: 1m\n",
        """\
sources: [S1-100, S1-101, S1-102, S1-103, S1-104, S1-105, S1-106, S1-107, S1-108, S1-109, S1-110, S1-111,
          S1-112, S1-113, S1-114, S1-115, S1-116, S1-117, S1-118, S1-119]
steps:
  - pause: 1m
""",
    )


def test_a_long_mapping_in_brackets_becomes_lines() -> None:
    becomes(
        'steps:\n  - {do: toes, say: "Rub each toe gently between thumb and finger, from root to tip, {side} first.", for: 20s}  # so\n',
        """\
steps:
  # so
  - do: toes
    say: Rub each toe gently between thumb and finger, from root to tip, {side} first.
    for: 20s
""",
    )

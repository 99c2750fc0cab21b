"""The house style by examples: a script as its author wrote it, and as `format` writes it."""

from __future__ import annotations

import pytest

from tests.author.house_style import HEAD, becomes, formatted, stays, tree
from tests.script.reading import EXAMPLE
from tests.script.test_read_fuzz import SCRIPTS
from voiceguide.author.format import FIRST, LAST, confirm, format_script, order
from voiceguide.author.layout import lay_out
from voiceguide.diagnostics import Report
from voiceguide.script.grammar import KINDS
from voiceguide.script.read import read
from voiceguide.source import Source

# --- the scripts that there are


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda text: text.split("\n")[0][2:30])
def test_the_shipped_scripts_are_in_the_house_style(script: str) -> None:
    assert formatted(script) == script


def test_the_example_of_the_language_is_nearly_in_the_house_style() -> None:
    before, after = EXAMPLE.split("\n"), formatted(EXAMPLE).split("\n")
    assert [line for line in before if line not in after] == [
        "bed:   {sound: rain, under: 24 dB}        # level below *measured* speech; ducking and fades included",
        "  heel:  keep 2                           # never fewer than two of these",
    ]
    assert sorted(map(str.split, before)) == sorted(map(str.split, after))


# --- scripts with errors


@pytest.mark.parametrize(
    "before",
    [
        "steps:\n  -\u00a0say: Stop.\n",
        "steps:\n  - say\uff1a Stop.\n",
        "```yaml\nsteps: [{say: Halt.}]\n```\n",
        "steps:\n\t- say: Halt.\n",
    ],
)
def test_a_broken_script_is_told_what_check_tells(before: str) -> None:
    source = Source("test.yaml", HEAD + before)
    report = read(source)[1]
    assert "lookalike" in [problem.code for problem in report]
    assert format_script(source) == report


# --- order


def test_the_order_of_keys_has_every_key_of_the_table_once() -> None:
    for kind in KINDS.values():
        assert sorted(order(kind)) == sorted(key.name for key in kind.keys)
    assert {*FIRST, *LAST} <= set(KINDS)


def test_keys_are_put_in_order_and_their_comments_go_with_them() -> None:
    becomes(
        """\
steps:
  # about this step
  - for: 10s..20s..30s   # how long
    # what is said
    say: Rub each toe.  # slowly
    # the name
    do: toes
    zone: toes
""",
        """\
steps:
  # about this step
  # the name
  - do: toes
    # what is said
    say: Rub each toe.  # slowly
    zone: toes
    for: 10s..20s..30s   # how long
""",
    )


def test_the_top_comes_in_order_with_blank_lines_and_what_stands_below() -> None:
    before = """\
steps:
  - pause: 1m
  # no more steps

# how it sounds
bed: rain

length: 1m
# the title
routine: Test
# the end
"""
    after = """\
# the title
routine: Test

length: 1m

# how it sounds
bed: rain
steps:
  - pause: 1m
  # no more steps
# the end
"""
    assert formatted(before) == after == formatted(after)


def test_in_brackets_keys_are_in_order_too() -> None:
    becomes(
        "steps:\n- {for: 15s..20s..30s, say: Change., chime: change}\n- {breathe: {cue: tone, pattern: box}}\n",
        "steps:\n  - {chime: change, say: Change., for: 15s..20s..30s}\n  - {breathe: {pattern: box, cue: tone}}\n",
    )


def test_free_keys_stay_in_the_order_of_the_author() -> None:
    stays("pronounce: {b: bee, a: ay}\ngroups:\n  z: together\n  a: keep 1\nsteps:\n  - pause: 1m\n")


def test_a_section_says_when_before_its_steps() -> None:
    becomes(
        """\
listener: {sore: {ask: Sore?, yes or no: no}}
steps:
- steps:
  - pause: 1m
  between:
  - chime: change
  each: foot
  unless: sore
  section: Feet
- steps: [pause: 1m]
  repeat: 2
""",
        """\
listener: {sore: {yes or no: no, ask: Sore?}}
steps:
  - section: Feet
    each: foot
    unless: sore
    between:
      - chime: change
    steps:
      - pause: 1m
  - repeat: 2
    steps:
      - {pause: 1m}
""",
    )


# --- comments


def test_comments_stay_wherever_they_stand() -> None:
    text = """\
# About the script.

#also about it, without a space
routine: Test  # beside
length: 1s..1m..25m

# above a key
tags: [firm]
# - points        a line taken out

groups:  # beside a key that holds more
  # above the first
  zones: together

  # above the second
  heel: keep 1  # beside a deep value
  # below the last
steps:
  # above the first step
  - do: warm           # in a column
    say: Warm strokes. # in the same column
    # above the last key
    for: 10s
    # below the last key
    # zone: sole

  # - do: knead
  #   for: 10s

  - say: >-  # beside the head of a long text
      Stroke the whole foot with both hands, first the sole, then the inner side, then the outer side, and
      stop.
    # below a long text
  # below the steps

# below everything

# and below that
"""
    assert formatted(text) == text


def test_comments_get_the_column_of_what_they_belong_to() -> None:
    becomes(
        """\
steps:
 # the first step
 - say: One.
# the second step
 - say: Two.
       # nobody's column
   for: 5s..5s..5s
      # below for
  # below the step
 # below the steps
""",
        """\
steps:
  # the first step
  - say: One.
  # the second step
  - say: Two.
    # nobody's column
    for: 5s..5s..5s
    # below for
  # below the step
  # below the steps
""",
    )


def test_a_comment_behind_a_line_that_grows_moves_on() -> None:
    becomes("steps:\n  - {say: 'a', for: 1m} # note\n", "steps:\n  - {say: a, for: 1m}   # note\n")
    becomes("steps:\n  - {say: 'a' ,for: 1m} # note\n", "steps:\n  - {say: a, for: 1m}   # note\n")
    becomes("steps:\n- {say: a,for: 1m} # note\n", "steps:\n  - {say: a, for: 1m}  # note\n")


def test_comments_in_a_column_stay_in_a_column() -> None:
    becomes(
        """\
steps:
- do: heel       # a
  say: 'Rub it.' # b
  for: 1m        # c
""",
        """\
steps:
  - do: heel       # a
    say: Rub it.   # b
    for: 1m        # c
""",
    )


def test_a_comment_at_the_top_is_about_the_script_unless_another_one_is() -> None:
    before = "# about the script\nlength: 1m\nroutine: Test\nsteps:\n  - pause: 1m\n"
    assert formatted(before) == "# about the script\nroutine: Test\nlength: 1m\nsteps:\n  - pause: 1m\n"
    before = "# about the script\n\n# how long\nlength: 1m\nroutine: Test\nsteps:\n  - pause: 1m\n"
    assert formatted(before) == ("# about the script\n\nroutine: Test\n# how long\nlength: 1m\nsteps:\n  - pause: 1m\n")


def test_comments_inside_brackets_make_a_list_of_lines() -> None:
    becomes(
        """\
materials: [oil,   # plain
            # of any colour
            towel]  # both
bed: {  # quiet
  under: 24 dB,  # below the voice
  sound: rain}
steps: [
  {pause: 1m,
   # its name
   name: rest},  # done
  # no more
]
""",
        """\
materials:  # both
  - oil   # plain
  # of any colour
  - towel
bed:    # quiet
  sound: rain
  under: 24 dB  # below the voice
steps:
  # done
  # its name
  - name: rest
    pause: 1m
  # no more
""",
    )


def test_comments_in_places_where_none_fit_stand_above() -> None:
    becomes(
        """\
tags:  # which
  # said once
  [firm]  # only one
steps:
  -  # the first
    pause: 1m
  - # the second
    # and still
    say: # loud
      Well.
""",
        """\
# said once
# which
tags: [firm]  # only one
steps:
  # the first
  - pause: 1m
  # the second
  # and still
  - say: Well.  # loud
""",
    )


# --- blank lines and indentation


def test_one_blank_line_at_most_stays_between_things() -> None:
    becomes(
        "\n\n\nsteps:\n\n\n  - pause: 1m\n\n\n\n  - pause: 1m\n  - pause: 1m\n\n\n",
        "\nsteps:\n  - pause: 1m\n\n  - pause: 1m\n  - pause: 1m\n",
    )


def test_lists_and_mappings_are_indented_by_two_spaces() -> None:
    becomes(
        """\
groups:
      heel:     together
announce:
- half:   Half-way.
steps:
-    section: Feet
     steps:
     -   do: a
         for: 1m
         at:
         -    half: Now.
""",
        """\
groups:
  heel: together
announce:
  - half: Half-way.
steps:
  - section: Feet
    steps:
      - do: a
        for: 1m
        at:
          - half: Now.
""",
    )


def test_marks_of_a_document_and_other_line_ends_go() -> None:
    text = (
        "\ufeff%YAML 1.1\r\n---  # the only one\r\nroutine: Test\r\nlength: 1m\r\nsteps:\r\n- pause: 1m\r\n...\r\n# end"
    )
    after = "# the only one\nroutine: Test\nlength: 1m\nsteps:\n  - pause: 1m\n# end\n"
    assert formatted(text) == after


def test_a_script_in_one_pair_of_brackets_becomes_lines() -> None:
    text = '{"routine": "Test", "length": "1s..1m..25m", "steps": [{"pause": "1m"}]}'
    assert formatted(text) == HEAD + "steps:\n  - {pause: 1m}\n"


# --- what is refused


def test_a_script_with_errors_is_not_formatted() -> None:
    source = Source("test.yaml", "routine: Test\nlenght: 1m\nsteps: [pause: 5]\n")
    result = format_script(source)
    assert isinstance(result, Report)
    assert result == read(source)[1]
    assert [problem.code for problem in result.errors] == ["unknown-key", "missing-unit"]


def test_a_script_with_warnings_only_is_formatted() -> None:
    text = HEAD + "steps:\n  - {freed: share, say: a}\n"
    assert read(Source("test.yaml", text))[1]
    assert formatted(text) == text


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("steps:\n  - pause: 61s  # rest\n", "change what test.yaml means"),
        ("steps:\n  - pause: 1m\n  - pause: 1m  # rest\n", "change what test.yaml means"),
        ("steps:\n  - pause: 1\n", "change what test.yaml means"),
        ("steps:\n  - pause: 1m\n", "lose a comment of test.yaml"),
        ("steps:\n  - pause: 1m  # test\n", "lose a comment of test.yaml"),
    ],
)
def test_a_text_that_means_something_else_or_lost_a_comment_is_never_given_out(other: str, reason: str) -> None:
    text = HEAD + "steps:\n  - pause: 60s  # rest\n"
    routine, _ = read(Source("test.yaml", text))
    assert routine is not None
    confirm(routine, lay_out(tree(text)), Source("test.yaml", HEAD + "steps:\n  # rest\n  - pause: 1m\n"))
    with pytest.raises(RuntimeError, match=f"formatting would {reason}"):
        confirm(routine, lay_out(tree(text)), Source("test.yaml", HEAD + other))


def test_a_comment_without_a_space_does_not_come_behind_a_text_which_it_would_belong_to() -> None:
    becomes(
        "steps:\n  - title: ! #3\n      Point three\n    pause: 1m\n",
        "steps:\n  #3\n  - title: Point three\n    pause: 1m\n",
    )
